"""Charts: every chart of the workbook under one name, and how it is shown.

A chart function takes a frame that a measure made and returns a figure; `show` puts the finding,
the subtitle and the source around it and displays it.
"""

from regulars.show.base_charts import (
    amounts_histogram,
    decile_bars,
    lorenz,
    monthly_bars,
    new_and_returning,
)
from regulars.show.bridge_charts import profit_bridge
from regulars.show.churn_charts import calibration, p_alive_histogram
from regulars.show.cohort_charts import cohort_heatmap, retention_mean
from regulars.show.cohort_curves import cohort_money, retention_by_group
from regulars.show.cohort_lens_charts import cohort_panels, cohort_spend_heatmap
from regulars.show.contest_charts import gains_curves, log_score_dots, tracking, tracking_weeks
from regulars.show.contract_charts import (
    contract_curves,
    hazard_ratios,
    renewal_points,
    renewals_ahead,
)
from regulars.show.deed_charts import comeback_curves, comeback_dots, foresight_dots
from regulars.show.driver_charts import importance_performance
from regulars.show.figure import show
from regulars.show.forecast_charts import chances_by_tenth, next_windows, p_alive_curve
from regulars.show.layer_charts import spend_layers
from regulars.show.ledger_charts import ledger_waterfall
from regulars.show.lens_charts import change_bars, driver_bars, spend_histogram
from regulars.show.lifetime_charts import newcomer_curve, value_dots, value_moves, value_tenths
from regulars.show.loyalty_index_charts import apart_dots
from regulars.show.migration_charts import migration_heatmap, net_change_bars
from regulars.show.needs_charts import (
    affinity_heatmap,
    cluster_panels,
    cross_sell_dots,
    silhouette_dots,
)
from regulars.show.portrait_charts import difference_dots
from regulars.show.repeat_charts import repeat_rates, window_rates
from regulars.show.repurchase_charts import gap_histogram, repurchase_curve
from regulars.show.response_charts import answering_dots, topic_bars
from regulars.show.segment_charts import rfm_heatmap, segment_bars
from regulars.show.supervised_charts import feature_dots
from regulars.show.survey_charts import score_dots, score_trend
from regulars.show.target_charts import control_panels, target_panels
from regulars.show.value_charts import (
    importance_bars,
    tier_bars,
    vip_stability,
    whale_curve,
)
from regulars.show.waiting_charts import waiting_curves
from regulars.show.warning_charts import list_dots, reason_dots
from regulars.show.win_back_charts import arm_dots, break_even_dots, return_dots

__all__ = [
    "affinity_heatmap",
    "amounts_histogram",
    "answering_dots",
    "apart_dots",
    "arm_dots",
    "break_even_dots",
    "calibration",
    "chances_by_tenth",
    "change_bars",
    "cluster_panels",
    "cohort_heatmap",
    "cohort_money",
    "cohort_panels",
    "cohort_spend_heatmap",
    "comeback_curves",
    "comeback_dots",
    "contract_curves",
    "control_panels",
    "cross_sell_dots",
    "decile_bars",
    "difference_dots",
    "driver_bars",
    "feature_dots",
    "foresight_dots",
    "gains_curves",
    "gap_histogram",
    "hazard_ratios",
    "importance_bars",
    "importance_performance",
    "ledger_waterfall",
    "list_dots",
    "log_score_dots",
    "lorenz",
    "migration_heatmap",
    "monthly_bars",
    "net_change_bars",
    "new_and_returning",
    "newcomer_curve",
    "next_windows",
    "p_alive_curve",
    "p_alive_histogram",
    "profit_bridge",
    "reason_dots",
    "renewal_points",
    "renewals_ahead",
    "repeat_rates",
    "repurchase_curve",
    "retention_by_group",
    "retention_mean",
    "return_dots",
    "rfm_heatmap",
    "score_dots",
    "score_trend",
    "segment_bars",
    "show",
    "silhouette_dots",
    "spend_histogram",
    "spend_layers",
    "target_panels",
    "tier_bars",
    "topic_bars",
    "tracking",
    "tracking_weeks",
    "value_dots",
    "value_moves",
    "value_tenths",
    "vip_stability",
    "waiting_curves",
    "whale_curve",
    "window_rates",
]
