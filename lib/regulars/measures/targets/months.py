"""Months: what the shop's own books say of each month, counted in the engine.

A part of each month can be counted too, so that a month that is not over is compared with others
as far as they were then.
"""

import math
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.calendar_units import month_range
from regulars.measures.engine import as_date, fetch
from regulars.measures.purchases import known_lines, with_order_key
from regulars.measures.suppression import LEAST, hidden

__all__ = ["complaint_months", "month_part", "purchase_months", "response_months"]

PURCHASES = ["revenue", "margin", "orders", "value_per_order", "repurchase_rate"]
PEOPLE = ["customers", "new_customers"]
COLUMNS = ["metric", "month", "value", "n", "hidden"]


def month_part(as_of: str | date) -> float:
    """Return which part of its month has passed at the end of a day; 1 when the month is over.

    Examples
    --------
    >>> month_part("1997-06-15"), month_part("1997-06-30")
    (0.5, 1.0)
    """
    day = as_date(as_of)
    return day.day / pd.Timestamp(day).days_in_month


def purchase_months(purchases: ir.Table, *, as_of: str | date, part: float = 1.0) -> pd.DataFrame:
    """Count what each month's purchases brought.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, cost, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    part : float
        Count each month only so far (up to 1), in whole days, rounded up.

    Returns
    -------
    pandas.DataFrame
        One row per month and KPI, silent months too: metric, month, value (missing where there is
        nothing to divide by, or a cost is not known), n (the month's customers), hidden. A month's
        money and orders are hidden where its customers are few, or follow from the total; the
        number of customers also where few of them are new, or few are not; new customers in all
        months if they are few in any, as cohorts are told apart by month elsewhere. Hidden values
        are missing.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> many = [(f"c{n}", "1997-01-05", 10) for n in range(12)]
    >>> found = purchase_months(purchases_of(many), as_of="1997-01-31").set_index("metric")
    >>> found.value[["revenue", "orders", "new_customers"]].tolist()
    [120.0, 12.0, 12.0]
    """
    sums = _month_sums(purchases, as_of=as_of, part=part)
    if not len(sums):
        return pd.DataFrame(columns=COLUMNS)
    orders, people = sums.orders.where(sums.orders > 0), sums.customers.where(sums.customers > 0)
    values = sums.assign(value_per_order=sums.revenue / orders, repurchase_rate=sums.again / people)
    away = _hidden(sums)
    n = sums.customers.mask(away["customers"])
    names = [*PURCHASES, *PEOPLE]
    return pd.concat([_rows(values, name, n, away[name]) for name in names], ignore_index=True)


def complaint_months(
    interactions: ir.Table, *, as_of: str | date, part: float = 1.0
) -> pd.DataFrame:
    """Count the complaints of each month, from the first contact of any kind on.

    Parameters
    ----------
    interactions : ibis.expr.types.Table
        Cleaned interactions: customer_id, opened_at, kind.
    as_of : str or datetime.date
        Last day known, inclusive.
    part : float
        Count each month only so far (up to 1), in whole days, rounded up.

    Returns
    -------
    pandas.DataFrame
        As from `purchase_months`, of the metric complaints; n is who complained.
    """
    told = interactions.mutate(day=interactions.opened_at.date())
    told = _so_far(known_lines(told, as_of=as_of), part)
    complaint = told.kind == "complaint"
    found = told.group_by("month").agg(
        complaints=complaint.sum(), n=told.customer_id.nunique(where=complaint)
    )
    months = _all_months(fetch(found), as_of)
    return _rows(months, "complaints", months.n, months.n.between(1, LEAST - 1))


def response_months(asked: ir.Table, *, as_of: str | date, response_days: int) -> pd.DataFrame:
    """Count which share of each month's invitations was answered in time.

    Parameters
    ----------
    asked : ibis.expr.types.Table
        From `surveys.invitations.invitations`, of all time.
    as_of : str or datetime.date
        Last day known, inclusive.
    response_days : int
        A month is told of only when its last invitation had so many days.

    Returns
    -------
    pandas.DataFrame
        As from `purchase_months`, of the metric response_rate; n is the customers invited. Hidden
        where fewer than ten customers, but some, answered or left unanswered.
    """
    at_once = asked.mutate(month=asked.day.truncate("M").cast("timestamp"))
    each = at_once.group_by(["month", "customer_id", "invited_at"]).agg(
        answered=at_once.answered.any().cast("int64")
    )
    found = fetch(
        each.group_by("month").agg(
            cases=each.count(),
            having=each.answered.sum(),
            n=each.customer_id.nunique(),
            answering=each.customer_id.nunique(where=each.answered == 1),
            silent=each.customer_id.nunique(where=each.answered == 0),
        )
    )
    months = _all_months(found, as_of)
    ends = months.month + pd.offsets.MonthEnd(0) + pd.Timedelta(days=response_days)
    months = months[ends <= pd.Timestamp(as_date(as_of))].reset_index(drop=True)
    months["response_rate"] = months.having / months.cases.where(months.cases > 0)
    few = [months[name].between(1, LEAST - 1) for name in ("n", "answering", "silent")]
    return _rows(months, "response_rate", months.n, np.logical_or.reduce(few))


def _month_sums(purchases: ir.Table, *, as_of: str | date, part: float) -> pd.DataFrame:
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    first = lines.day.min(where=lines.is_sale).over(ibis.window(group_by="customer_id"))
    lines = _so_far(lines.mutate(first_day=first), part)
    cost = ibis.ifelse(lines.amount < 0, -lines.cost.abs(), lines.cost.abs())
    lines = lines.mutate(margin=(lines.amount - cost).cast("float64"))
    money = lines.group_by("month").agg(
        revenue=lines.amount.sum().cast("float64"),
        margin=ibis.ifelse(
            lines.margin.count() < lines.count(), ibis.null("float64"), lines.margin.sum()
        ),
    )
    sales = lines.filter(lines.is_sale)
    each = sales.group_by(["month", "customer_id"]).agg(
        orders=sales.order_key.nunique(),
        days=sales.day.nunique(),
        is_new=(sales.first_day.truncate("M").cast("timestamp") == sales.month).any(),
    )
    people = each.group_by("month").agg(
        customers=each.count(),
        new_customers=each.is_new.sum(),
        orders=each.orders.sum(),
        again=(each.days > 1).sum(),
    )
    return _all_months(fetch(money.left_join(people, "month").drop("month_right")), as_of)


def _so_far(lines: ir.Table, part: float) -> ir.Table:
    """Add the month of each day, and keep the days of its first part."""
    lines = lines.mutate(month=lines.day.truncate("M").cast("timestamp"))
    if part >= 1:
        return lines
    longest = {days: math.ceil(round(part * days, 6)) for days in (28, 29, 30, 31)}
    length = (lines.month + ibis.interval(months=1)).date().delta(lines.month.date(), unit="day")
    return lines.filter(lines.day.day() <= length.cases(*longest.items(), else_=31))


def _all_months(found: pd.DataFrame, as_of: str | date) -> pd.DataFrame:
    """Put in the months in which nothing was, with 0, from the first on."""
    found = found.set_index("month").sort_index()
    months = month_range(found.index.min(), as_of) if len(found) else found.index
    silent = ~months.isin(found.index)
    whole = found.reindex(months).astype(float)
    whole.loc[silent] = 0.0
    counts = [name for name in whole if name not in ("margin", "revenue")]
    whole[counts] = whole[counts].fillna(0)
    return whole.reset_index()


def _hidden(sums: pd.DataFrame) -> dict[str, np.ndarray]:
    people, new = sums.customers, sums.new_customers
    money = hidden(people).to_numpy()
    pair = money | new.between(1, LEAST - 1) | (people - new).between(1, LEAST - 1)
    again = money | sums.again.between(1, LEAST - 1)
    again |= (people - sums.again).between(1, LEAST - 1)
    any_new = np.full(len(sums), new.between(1, LEAST - 1).any())
    named = dict.fromkeys(PURCHASES, money)
    return named | {"repurchase_rate": again, "customers": pair, "new_customers": any_new}


def _rows(
    months: pd.DataFrame, name: str, n: pd.Series, away: np.ndarray | pd.Series
) -> pd.DataFrame:
    away = np.asarray(away, dtype=bool)
    values = months[name].astype(float).mask(away)
    parts = {"metric": name, "month": months.month, "value": values, "n": n.mask(away)}
    return pd.DataFrame(parts).assign(hidden=away)[COLUMNS]
