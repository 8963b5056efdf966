"""Tracking: repeat purchases week by week, as they came and as the models expect them."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, fetch
from regulars.measures.purchase_models.fitting import Fit
from regulars.measures.purchase_models.formulas import expected_since_first
from regulars.measures.purchases import purchase_days

__all__ = ["tracking"]

WEEK = 7


def tracking(
    fits: Sequence[Fit],
    purchases: ir.Table,
    *,
    calibration_end: str | date,
    as_of: str | date,
) -> pd.DataFrame:
    """Add up the repeat purchase days of the customers known at the end of the calibration.

    Weeks run from the first purchase day; a last week that `as_of` cuts is left out. The models
    know of each customer only the first purchase day: what they expect by day d is the sum of
    E[X(d − first day)] over the customers who had come by then.

    Parameters
    ----------
    fits : sequence of Fit
        Fitted on the calibration period; may be empty.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    calibration_end : str or datetime.date
        Last day of the calibration period, inclusive.
    as_of : str or datetime.date
        Last day of the holdout period, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per week: week (1, 2, …), day (its last day), actual (repeat purchase days so far),
        a column per model with what it expects, part (calibration, or holdout if the week ends
        after the calibration).

    Notes
    -----
    Fader, Hardie & Lee (2005), Marketing Science 24, 275-284, fig. 2 and section 4.2.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 10), ("ann", "1997-01-03", 10),
    ...                           ("ann", "1997-01-08", 10), ("bob", "1997-01-09", 10)])
    >>> tracking([], purchases, calibration_end="1997-01-07", as_of="1997-01-14")
       week        day  actual         part
    0     1 1997-01-07     1.0  calibration
    1     2 1997-01-14     2.0      holdout
    """
    firsts, repeats = _daily_counts(purchases, calibration_end=calibration_end, as_of=as_of)
    end = pd.Timestamp(as_date(as_of)) + pd.Timedelta(days=1)
    start = firsts.index.min() if len(firsts) else end
    week = np.arange(1, (end - start).days // WEEK + 1)
    frame = pd.DataFrame({"week": week, "day": start + pd.to_timedelta(week * WEEK - 1, unit="D")})
    frame["actual"] = _sum_up_to(repeats, frame.day)
    for fitted in fits:
        frame[fitted.model] = _expected_up_to(fitted, firsts, frame.day)
    known = frame.day <= pd.Timestamp(as_date(calibration_end))
    return frame.assign(part=np.where(known, "calibration", "holdout"))


def _daily_counts(
    purchases: ir.Table, *, calibration_end: str | date, as_of: str | date
) -> tuple[pd.Series, pd.Series]:
    """Count, by day, the customers who came first and the repeat purchases; runs in the engine."""
    days = purchase_days(purchases, as_of=as_of)
    first = days.day.min().over(ibis.window(group_by="customer_id"))
    dated = days.mutate(first_day=first)
    cohort = dated.filter(dated.first_day <= ibis.literal(as_date(calibration_end)))
    came = cohort.group_by("day").agg(
        firsts=(cohort.day == cohort.first_day).sum(),
        repeats=(cohort.day > cohort.first_day).sum(),
    )
    counts = fetch(came.order_by("day")).set_index("day")
    return counts.firsts[counts.firsts > 0], counts.repeats


def _sum_up_to(counts: pd.Series, days: pd.Series) -> np.ndarray:
    running = np.concatenate([[0.0], counts.cumsum().to_numpy(float)])
    return running[np.searchsorted(counts.index, days, side="right")]


def _expected_up_to(fitted: Fit, firsts: pd.Series, days: pd.Series) -> np.ndarray:
    since = (days.to_numpy()[:, None] - firsts.index.to_numpy()) // np.timedelta64(1, "D")
    # One value per whole number of days serves every pair of days that far apart.
    times = np.arange(since.max(initial=0) + 1) / fitted.unit_days
    expected = expected_since_first(fitted.model, tuple(fitted.params.values()), time=times)
    return (expected[np.maximum(since, 0)] * (since > 0)) @ firsts.to_numpy(float)
