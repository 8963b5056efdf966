"""Tracking: repeat purchases week by week, as they came and as the models expect them."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, fetch
from regulars.measures.purchase_models.clock import days_in_season
from regulars.measures.purchase_models.fitted import Fit, in_unit
from regulars.measures.purchase_models.formulas import expected_since_first
from regulars.measures.purchases import purchase_days

__all__ = ["before_the_cut", "by_week", "tracking"]

WEEK = 7
WEEKS_OF_A_YEAR = 52


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
    E[X(d − first day)] over the customers who had come by then, in season days where a model's time
    runs by the season.

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
    firsts, repeats = daily_counts(purchases, calibration_end=calibration_end, as_of=as_of)
    end = pd.Timestamp(as_date(as_of)) + pd.Timedelta(days=1)
    start = firsts.index.min() if len(firsts) else end
    week = np.arange(1, (end - start).days // WEEK + 1)
    frame = pd.DataFrame({"week": week, "day": start + pd.to_timedelta(week * WEEK - 1, unit="D")})
    frame["actual"] = _sum_up_to(repeats, frame.day)
    for fitted in fits:
        frame[fitted.model] = expected_up_to(fitted, firsts, frame.day)
    known = frame.day <= pd.Timestamp(as_date(calibration_end))
    return frame.assign(part=np.where(known, "calibration", "holdout"))


def by_week(tracked: pd.DataFrame) -> pd.DataFrame:
    """Take apart again what `tracking` added up: repeat purchase days in each week.

    Parameters
    ----------
    tracked : pandas.DataFrame
        From `tracking`.

    Returns
    -------
    pandas.DataFrame
        The same columns; `actual` and the models in the week alone.

    Examples
    --------
    >>> tracked = pd.DataFrame({"week": [1, 2], "day": ["1997-01-07", "1997-01-14"],
    ...                         "actual": [3.0, 5.0], "part": ["calibration", "holdout"]})
    >>> by_week(tracked).actual.tolist()
    [3.0, 2.0]
    """
    added = tracked.columns.difference(["week", "day", "part"], sort=False).tolist()
    alone = tracked[added].diff().fillna(tracked[added])
    return tracked.assign(**{name: alone[name] for name in added})


def before_the_cut(tracked: pd.DataFrame, model: str, *, weeks: int = 8) -> float:
    """Compare what came in the last weeks of the calibration with what a model expected of them.

    The models know no season. If they are fitted up to the end of its peak, they take part of it
    for the customers' own rate, and expect too much of the time to come.

    Parameters
    ----------
    tracked : pandas.DataFrame
        From `tracking`.
    model : str
        A column of it.
    weeks : int
        How many.

    Returns
    -------
    float
        Repeat purchase days that came, less those expected, as a share of the latter; missing if
        the calibration is shorter than a year, since a season cannot be told from a trend then.

    Examples
    --------
    >>> weeks = np.arange(1, 61)
    >>> tracked = pd.DataFrame({"week": weeks, "day": weeks, "part": "calibration",
    ...     "actual": np.where(weeks > 52, 10 * weeks + 5 * (weeks - 52), 10 * weeks),
    ...     "bg_nbd": 10 * weeks})
    >>> before_the_cut(tracked, "bg_nbd")
    0.5
    """
    known = tracked[tracked.part == "calibration"]
    if len(known) < WEEKS_OF_A_YEAR + weeks:
        return float("nan")
    came, expected = (
        known[name].iloc[-1] - known[name].iloc[-1 - weeks] for name in ("actual", model)
    )
    return float(came / expected - 1) if expected > 0 else float("nan")


def daily_counts(
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


def expected_up_to(fitted: Fit, firsts: pd.Series, days: pd.Series) -> np.ndarray:
    """Return the repeat purchase days to expect by each day of those who came first on others."""
    begun = pd.DatetimeIndex(firsts.index)
    season = fitted.clock.season if fitted.clock else None
    placed = days_in_season(season, begun.append(pd.DatetimeIndex(days)))
    since = np.rint(placed[len(begun) :, None] - placed[: len(begun)]).astype(int)
    # One value per whole number of days serves every pair of days that far apart.
    times = in_unit(fitted, np.arange(since.max(initial=0) + 1))
    expected = expected_since_first(fitted.model, tuple(fitted.params.values()), time=times)
    return (expected[np.maximum(since, 0)] * (since > 0)) @ firsts.to_numpy(float)
