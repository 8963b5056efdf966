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
from regulars.show.churn_charts import calibration, contest_bars, p_alive_histogram, tracking
from regulars.show.cohort_charts import cohort_heatmap, retention_mean
from regulars.show.cohort_curves import cohort_money, retention_by_group
from regulars.show.cohort_lens_charts import cohort_panels, cohort_spend_heatmap
from regulars.show.deed_charts import comeback_curves, comeback_dots, foresight_dots
from regulars.show.driver_charts import importance_performance
from regulars.show.figure import show
from regulars.show.layer_charts import spend_layers
from regulars.show.ledger_charts import ledger_waterfall
from regulars.show.lens_charts import change_bars, driver_bars, spend_histogram
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
from regulars.show.survey_charts import score_dots, score_trend
from regulars.show.target_charts import control_panels, target_panels
from regulars.show.value_charts import (
    importance_bars,
    tier_bars,
    vip_stability,
    whale_curve,
)
from regulars.show.waiting_charts import waiting_curves

__all__ = [
    "affinity_heatmap",
    "amounts_histogram",
    "answering_dots",
    "apart_dots",
    "calibration",
    "change_bars",
    "cluster_panels",
    "cohort_heatmap",
    "cohort_money",
    "cohort_panels",
    "cohort_spend_heatmap",
    "comeback_curves",
    "comeback_dots",
    "contest_bars",
    "control_panels",
    "cross_sell_dots",
    "decile_bars",
    "difference_dots",
    "driver_bars",
    "foresight_dots",
    "gap_histogram",
    "importance_bars",
    "importance_performance",
    "ledger_waterfall",
    "lorenz",
    "migration_heatmap",
    "monthly_bars",
    "net_change_bars",
    "new_and_returning",
    "p_alive_histogram",
    "profit_bridge",
    "repeat_rates",
    "repurchase_curve",
    "retention_by_group",
    "retention_mean",
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
    "vip_stability",
    "waiting_curves",
    "whale_curve",
    "window_rates",
]
