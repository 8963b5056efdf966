"""Churn: the measures of 06_churn and 11_warnings under one name, as the notebooks call them.

They live in `purchase_models`, `contest`, `forecasts`, `supervised`, `warning` and `win_back`, a
file a noun.
"""

from regulars.measures.contest.checks import alive_check, error_difference
from regulars.measures.contest.holdout import (
    calibration_by_past_purchases,
    contest,
    holdout_cells,
    predictions,
)
from regulars.measures.contest.speaking import forecast
from regulars.measures.contest.tracking import tracking
from regulars.measures.contest.verdict import verdict
from regulars.measures.purchase_models.cells import (
    count_cells,
    hidden_histories,
    typical_histories,
)
from regulars.measures.purchase_models.fitting import fit, fit_models
from regulars.measures.purchase_models.scores import (
    expected_total,
    join_scores,
    p_alive_distribution,
    p_alive_mean,
    score,
)
from regulars.measures.purchases import customer_summary

__all__ = [
    "alive_check",
    "calibration_by_past_purchases",
    "contest",
    "count_cells",
    "customer_summary",
    "error_difference",
    "expected_total",
    "fit",
    "fit_models",
    "forecast",
    "hidden_histories",
    "holdout_cells",
    "join_scores",
    "p_alive_distribution",
    "p_alive_mean",
    "predictions",
    "score",
    "tracking",
    "typical_histories",
    "verdict",
]
