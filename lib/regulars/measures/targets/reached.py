"""Reached: the value of every KPI in every month, exact, estimated or projected.

What the shop's own books say of a month that is over is exact. What customers say is a sample of
what they think. A month that is not over is projected from how far other months were by that day.
"""

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.calendar_units import months_over
from regulars.measures.surveys.answers import answers
from regulars.measures.surveys.invitations import invitations, names_unanswered
from regulars.measures.targets.months import (
    complaint_months,
    month_part,
    purchase_months,
    response_months,
)
from regulars.measures.targets.voices import voice_months

__all__ = ["COLUMNS", "kpi_months", "projections"]

COLUMNS = ["metric", "month", "value", "low", "high", "n", "basis", "over", "hidden"]

LAST_MONTHS = 12  # how many months say how far a month usually is
LEAST_MONTHS = 6  # with fewer of them, how far is not known
LEVEL = 0.95
NEVER_FALL = ("orders", "customers", "new_customers", "complaints")


def kpi_months(
    tables: Mapping[str, ir.Table],
    *,
    as_of: str | date,
    top_boxes: Mapping[str, int] | None = None,
    response_days: int = 14,
) -> pd.DataFrame:
    """Measure every KPI in every month up to a day, as far as the tables are there.

    Parameters
    ----------
    tables : mapping
        Clean tables by name: purchases, surveys, interactions; each may be absent.
    as_of : str or datetime.date
        Last day known, inclusive.
    top_boxes : mapping, optional
        As for `surveys.answers.answers`.
    response_days : int
        An invitation counts as answered within so many days.

    Returns
    -------
    pandas.DataFrame
        One row per metric and month: metric, month (first day), value, low, high (of what is
        counted the value itself; else ends of a 95 % interval, of a projection those of the
        prediction), n (customers or answers), basis (counted; month or quarter: answers of it;
        elsewhere: too few of its own, see `voices`; projected), over (bool: the month is), hidden.
        Of a month that is not over, the value is the projected one, and missing where there is no
        telling.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> bought = purchases_of([(f"c{n}", "1997-01-05", 10) for n in range(12)])
    >>> found = kpi_months({"purchases": bought}, as_of="1997-01-31").set_index("metric")
    >>> found.loc["revenue", ["value", "low", "high"]].astype(int).tolist()
    [120, 120, 120]
    """
    counted, so_far = (
        pd.concat(_counted(tables, as_of, part), ignore_index=True) for part in (1.0, None)
    )
    found = [_of_books(counted, so_far, as_of=as_of)]
    if "surveys" in tables:
        surveys = tables["surveys"]
        said = answers(surveys, as_of=as_of, top_boxes=top_boxes)
        found.append(voice_months(said, as_of=as_of).rename(columns={"span": "basis"}))
        until = {"as_of": as_of, "response_days": response_days}
        if names_unanswered(surveys, **until):
            months = response_months(invitations(surveys, **until), **until)
            found.append(_exact(months))
    frame = pd.concat([part for part in found if len(part)] or found, ignore_index=True)
    month = pd.to_datetime(frame.month)
    return frame.assign(month=month, over=months_over(month, as_of))[COLUMNS].sort_values(
        ["metric", "month"], ignore_index=True
    )


def projections(so_far: pd.DataFrame, whole: pd.DataFrame, *, month: pd.Timestamp) -> pd.DataFrame:
    """Project where a month that is not over will end.

    Parameters
    ----------
    so_far, whole : pandas.DataFrame
        metric, month, value: of each month its first part, and all of it; the part is as long as
        that of `month` that is known.
    month : Timestamp
        The month that is not over.

    Returns
    -------
    pandas.DataFrame
        One row per metric: metric, value, low, high; missing with fewer than 6 of the last 12
        months to go by, or with a value of 0 or less.

    Notes
    -----
    The logarithm of whole over part is taken as normal over the months; low and high are the ends
    of the prediction interval for one more (Hahn & Meeker 1991, Statistical Intervals, eq. 4.4).

    Examples
    --------
    >>> months = pd.date_range("1997-01-01", periods=9, freq="MS")
    >>> whole = pd.DataFrame({"metric": "orders", "month": months, "value": 100.0})
    >>> found = projections(whole.assign(value=[50, 52, 48, 50, 52, 48, 50, 50, 60]), whole,
    ...                     month=months[-1])
    >>> found[["value", "low", "high"]].round().values.tolist()
    [[120.0, 111.0, 130.0]]
    """
    since = month - pd.DateOffset(months=LAST_MONTHS)
    both = so_far.merge(whole, on=["metric", "month"], suffixes=("", "_whole"))
    earlier = both[(both.month >= since) & (both.month < month)]
    now = so_far[so_far.month == month].set_index("metric").value
    rows = [
        (name, *_projected(value, earlier[earlier.metric == name], never_falls=name in NEVER_FALL))
        for name, value in now.items()
    ]
    return pd.DataFrame(rows, columns=["metric", "value", "low", "high"])


def _projected(
    value: float, earlier: pd.DataFrame, *, never_falls: bool
) -> tuple[float, float, float]:
    known = earlier[(earlier.value > 0) & (earlier.value_whole > 0)]
    n = len(known)
    if not value > 0 or n < LEAST_MONTHS:
        return (np.nan,) * 3
    logs = np.log(known.value_whole / known.value)
    reach = stats.t.ppf((1 + LEVEL) / 2, n - 1) * logs.std() * np.sqrt(1 + 1 / n)
    ends = value * np.exp(logs.mean() + np.array([0, -reach, reach]))
    return tuple(np.maximum(ends, value) if never_falls else ends)


def _counted(
    tables: Mapping[str, ir.Table], as_of: str | date, part: float | None
) -> list[pd.DataFrame]:
    """Count what the books say of months; without a part, of as much as the last month has had."""
    part = month_part(as_of) if part is None else part
    measures = {"purchases": purchase_months, "interactions": complaint_months}
    found = [
        measure(tables[name], as_of=as_of, part=part)
        for name, measure in measures.items()
        if name in tables
    ]
    columns = ["metric", "month", "value", "n", "hidden"]
    return [one for one in found if len(one)] or [pd.DataFrame(columns=columns)]


def _of_books(whole: pd.DataFrame, so_far: pd.DataFrame, *, as_of: str | date) -> pd.DataFrame:
    if month_part(as_of) >= 1 or not len(whole):
        return _exact(whole)
    last = whole.month.max()
    now = whole[whole.month == last].drop(columns="value")
    now = now.merge(projections(so_far, whole[whole.month < last], month=last), on="metric")
    return pd.concat([_exact(whole[whole.month < last]), now.assign(basis="projected")])


def _exact(months: pd.DataFrame) -> pd.DataFrame:
    return months.assign(low=months.value, high=months.value, basis="counted")
