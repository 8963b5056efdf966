"""Judged: targets against what was reached, by the interval and not by the point.

A score of 31 with an interval from 24 to 38 has not reached a target of 30, and has not missed it.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, fetch
from regulars.measures.targets.kpis import KPIS, with_labels

__all__ = ["REASONS", "VERDICTS", "judged_targets", "recent_targets", "verdict_counts"]

VERDICTS = ("on_track", "behind", "not_knowable")
"""What is said of a target."""

REASONS = (
    "ahead",
    "hidden",
    "not_over",
    "told_elsewhere",
    "no_data",
    "no_interval",
    "in_the_interval",
)
"""Why it is not knowable yet, the first that holds."""

MONTHS = 12


def judged_targets(targets: ir.Table, reached: pd.DataFrame, *, as_of: str | date) -> pd.DataFrame:
    """Judge each target by what was reached.

    Where more is better, a target is on track if the lower end of the interval reaches it, and
    behind if the upper end does not; where less is better, the other way round. What is counted
    has its value at both ends, so a month that is over is on track or behind. A score asked in a
    month that is not over is not judged: whoever answers later may think otherwise. Nor is one in
    a month with few answers of its own, which are told in another month: no answer is judged twice.

    Parameters
    ----------
    targets : ibis.expr.types.Table
        Cleaned targets: period (first day of the month), metric, target, owner (may be missing).
    reached : pandas.DataFrame
        From `reached.kpi_months`.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per target whose metric is a KPI (of a share, 0 to 1): month, metric, owner, target,
        value, low, high, n, basis, verdict (on_track, behind, not_knowable), reason (why not
        knowable, else empty), label and unit (of the KPI). Rows by month, metric and owner.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> months = pd.to_datetime(["1997-01-01", "1997-02-01"])
    >>> targets = table_of(pd.DataFrame({"period": months, "metric": "nps", "target": [30, 45],
    ...                                  "owner": "service"}))
    >>> reached = pd.DataFrame({"metric": "nps", "month": months, "value": 31.0, "low": 24.0,
    ...                         "high": 38.0, "n": 300, "basis": "month", "over": True,
    ...                         "hidden": False})
    >>> judged_targets(targets, reached, as_of="1997-03-31").verdict.tolist()
    ['not_knowable', 'behind']
    """
    wanted = _wanted(targets)
    found = wanted.merge(reached, on=["metric", "month"], how="left")
    more = found.metric.map({name: kpi.more_is_better for name, kpi in KPIS.items()}).astype(bool)
    above, below = found.low >= found.target, found.high < found.target
    on_track = above.where(more, found.high <= found.target)
    behind = below.where(more, found.low > found.target)
    reason = _reasons(found, as_of)
    verdict = np.select([reason != "", on_track, behind], ["not_knowable", *VERDICTS[:2]], "")
    reason = np.where(verdict == "", "in_the_interval", reason)
    verdict = np.where(verdict == "", "not_knowable", verdict)
    columns = ["month", "metric", "owner", "target", "value", "low", "high", "n", "basis"]
    return with_labels(found[columns].assign(verdict=verdict, reason=reason))


def recent_targets(judged: pd.DataFrame, *, as_of: str | date) -> pd.DataFrame:
    """Keep the targets of the last 12 months, that of `as_of` included."""
    last = pd.Timestamp(as_date(as_of)).to_period("M").to_timestamp()
    since = last - pd.DateOffset(months=MONTHS - 1)
    return judged[judged.month.between(since, last)].reset_index(drop=True)


def verdict_counts(judged: pd.DataFrame) -> dict[str, int]:
    """Count the targets by verdict.

    Examples
    --------
    >>> verdict_counts(pd.DataFrame({"verdict": ["behind", "behind", "on_track"]}))
    {'on_track': 1, 'behind': 2, 'not_knowable': 0}
    """
    return {verdict: int((judged.verdict == verdict).sum()) for verdict in VERDICTS}


def _wanted(targets: ir.Table) -> pd.DataFrame:
    known = targets.filter(targets.metric.isin(sorted(KPIS)))
    shares = sorted(name for name, kpi in KPIS.items() if kpi.unit == "share")
    known = known.filter(~known.metric.isin(shares) | known.target.between(0, 1))
    rows = known.select(
        "metric",
        "owner",
        month=known.period.cast("timestamp"),
        target=known.target.cast("float64"),
    )
    order = ["month", "metric", ibis.asc("owner", nulls_first=False), "target"]
    return fetch(rows.order_by(order))


def _reasons(found: pd.DataFrame, as_of: str | date) -> np.ndarray:
    ahead = found.month > pd.Timestamp(as_date(as_of))
    known = found.value.notna()
    asked = found.basis.isin(["month", "quarter"])
    hidden = found.hidden.fillna(value=False).astype(bool)
    bounded = found.low.notna() & found.high.notna()
    not_over = found.over.eq(False)
    early = not_over & (asked | ~known)
    elsewhere = found.basis.eq("elsewhere")
    cases = [ahead, hidden, early, elsewhere, ~known, ~bounded]
    names = list(REASONS[: len(cases)])
    return np.select(cases, names, "").astype(object)
