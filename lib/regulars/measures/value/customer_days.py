"""Customer days: of each customer, what the days and the lines add up to, for all that value asks.

Value asks the purchases many things: what counts of a line, what paid days are worth, how unsure
either is. All of it is made of sums of a customer, so that the lines are gone through once.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date
from regulars.measures.money import MONEY
from regulars.measures.purchases import known_lines

__all__ = ["customer_days"]

LINES = ("sales", "known_sales", "known_spend", "known_cost")


def customer_days(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Sum up the purchase days and the lines of each customer; runs in the engine.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind; cost, or all costs are unknown.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer of `purchases.customer_summary`: customer_id, repeat_days, recency_age,
        age (days); of purchase days days, paid_days (with money above zero), day_money, paid_money
        (on paid days), first_money (on the first day), squares (of the money of paid days); of all
        lines spend, sales (of amounts above zero), known_sales (of these, with a known cost),
        known_spend, known_cost (of lines with a known cost; of what came back, below zero).

    Examples
    --------
    >>> from regulars.measures.engine import fetch
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 9), ("ann", "1997-02-01", 11),
    ...                           ("ann", "1997-03-01", -4, "return")])
    >>> found = fetch(customer_days(purchases, as_of="1997-12-31"))
    >>> found[["repeat_days", "day_money", "first_money", "spend"]].astype(float)
       repeat_days  day_money  first_money  spend
    0          1.0       20.0          9.0   16.0
    """
    days = _by_day(known_lines(purchases, as_of=as_of))
    paid = days.is_day & (days.spend > 0)
    sums = days.group_by("customer_id").agg(
        first_day=days.day.min(where=days.is_day),
        last_day=days.day.max(where=days.is_day),
        days=days.is_day.sum(),
        paid_days=paid.sum(),
        day_money=_money(days.spend, days.is_day),
        paid_money=_money(days.spend, paid),
        first_money=days.spend.argmin(days.day, where=days.is_day),
        squares=(days.spend.cast("float64") ** 2).sum(where=paid),
        **{name: days[name].sum() for name in ("spend", *LINES)},
    )
    sums = sums.filter(sums["days"] > 0)
    today = ibis.literal(as_date(as_of))
    return sums.mutate(
        repeat_days=sums["days"] - 1,
        recency_age=sums.last_day.delta(sums.first_day, unit="day"),
        age=today.delta(sums.first_day, unit="day"),
    ).drop("first_day", "last_day")


def _by_day(lines: ir.Table) -> ir.Table:
    """Sum up the lines of each day; a day with nothing but returns is no purchase day."""
    cost = lines.cost.abs() if "cost" in lines.columns else ibis.null(MONEY)
    known, sold = cost >= 0, lines.amount > 0
    sums = lines.group_by(["customer_id", "day"]).agg(
        bought=(lines.kind == "sale").sum(),
        spend=lines.amount.sum().cast(MONEY),
        sales=_money(lines.amount, sold),
        known_sales=_money(lines.amount, sold & known),
        known_spend=_money(lines.amount, known),
        known_cost=_money(ibis.ifelse(lines.amount < 0, -cost, cost), known),
    )
    return sums.mutate(is_day=sums.bought > 0).drop("bought")


def _money(values: ir.DecimalValue, where: ir.BooleanValue) -> ir.DecimalValue:
    return ibis.coalesce(values.sum(where=where), 0).cast(MONEY)
