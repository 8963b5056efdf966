"""Calendar units: weeks, months and quarters as whole numbers.

Their difference is an age that is exact on every engine and in every time zone.
"""

from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import as_date

__all__ = [
    "Every",
    "first_day_of",
    "month_range",
    "months_over",
    "name_of",
    "number_of",
    "period_of",
]

Every = Literal["week", "month", "quarter"]

MONDAY = date(1900, 1, 1)  # the Monday that weeks are counted from
MONTHS = {"month": 1, "quarter": 3}


def period_of(day: ir.DateValue, every: Every = "month") -> ir.IntegerValue:
    """Return the number of the week, month or quarter in which a day lies.

    Examples
    --------
    >>> day = ibis.date("1997-03-01")
    >>> [ibis.memtable({"one": [1]}).select(n=period_of(day, one)).n.to_pyarrow()[0].as_py()
    ...  for one in ("week", "month", "quarter")]
    [5069, 23966, 7988]
    """
    if every == "week":
        return (day.delta(ibis.literal(MONDAY), unit="day") // 7).cast("int64")
    return ((day.year() * 12 + day.month() - 1) // MONTHS[every]).cast("int64")


def number_of(days: pd.Series, every: Every = "month") -> pd.Series:
    """Return the numbers of the weeks, months or quarters in which days lie.

    Examples
    --------
    >>> number_of(pd.Series(pd.to_datetime(["1997-03-02", "1997-03-03"])), "week").tolist()
    [5069, 5070]
    """
    if every == "week":
        return ((days - pd.Timestamp(MONDAY)).dt.days // 7).astype("int64")
    return ((days.dt.year * 12 + days.dt.month - 1) // MONTHS[every]).astype("int64")


def first_day_of(numbers: pd.Series, every: Every = "month") -> pd.Series:
    """Return the first days of weeks (ISO weeks: a Monday), months or quarters.

    Examples
    --------
    >>> first_day_of(pd.Series([5069]), "week").dt.strftime("%Y-%m-%d %a").tolist()
    ['1997-02-24 Mon']
    """
    if every == "week":
        return pd.Timestamp(MONDAY) + pd.to_timedelta(7 * numbers, unit="D")
    months = numbers * MONTHS[every]
    return pd.to_datetime({"year": months // 12, "month": months % 12 + 1, "day": 1})


def name_of(first_day: pd.Timestamp, every: Every = "month") -> str:
    """Return the name of a week, month or quarter for machines, which sorts as time does.

    Examples
    --------
    >>> day = pd.Timestamp("1997-03-03")
    >>> [name_of(day, every) for every in ("week", "month", "quarter")]
    ['1997-w10', '1997-03', '1997-q1']
    """
    if every == "week":
        year, week, _ = first_day.isocalendar()
        return f"{year}-w{week:02d}"
    if every == "quarter":
        return f"{first_day.year}-q{first_day.quarter}"
    return f"{first_day:%Y-%m}"


def month_range(first: pd.Timestamp, as_of: str | date) -> pd.DatetimeIndex:
    """Return the first days of the months from one up to that of `as_of`.

    Examples
    --------
    >>> month_range(pd.Timestamp("1997-01-01"), "1997-02-15").strftime("%Y-%m").tolist()
    ['1997-01', '1997-02']
    """
    return pd.date_range(first, pd.Timestamp(as_date(as_of)), freq="MS", name="month")


def months_over(first_days: pd.Series, as_of: str | date) -> pd.Series:
    """Tell which months, given by their first days, are over at the end of a day.

    Examples
    --------
    >>> months_over(pd.Series(pd.to_datetime(["1997-01-01", "1997-02-01"])), "1997-01-31").tolist()
    [True, False]
    """
    return first_days + pd.offsets.MonthEnd(0) <= pd.Timestamp(as_date(as_of))
