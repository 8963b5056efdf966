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
from regulars.show.churn_charts import calibration, contest_bars, p_alive_histogram, tracking
from regulars.show.cohort_charts import cohort_heatmap, retention_mean
from regulars.show.figure import show
from regulars.show.ledger_charts import ledger_waterfall
from regulars.show.repurchase_charts import gap_histogram, repurchase_curve
from regulars.show.segment_charts import rfm_heatmap, segment_bars

__all__ = [
    "amounts_histogram",
    "calibration",
    "cohort_heatmap",
    "contest_bars",
    "decile_bars",
    "gap_histogram",
    "ledger_waterfall",
    "lorenz",
    "monthly_bars",
    "new_and_returning",
    "p_alive_histogram",
    "repurchase_curve",
    "retention_mean",
    "rfm_heatmap",
    "segment_bars",
    "show",
    "tracking",
]
