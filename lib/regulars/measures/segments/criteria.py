"""Criteria: what makes a customer important, measured over a period."""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from regulars.measures.calendar_units import period_of
from regulars.measures.engine import as_date
from regulars.measures.money import customer_money
from regulars.measures.purchases import customer_summary, known_lines

__all__ = ["CRITERIA", "active_customers", "measure_criteria", "shop_categories"]

CRITERIA = ("volume", "loyalty", "contribution", "fit")
MORE_MONTHS = 3


def active_customers(
    purchases: ir.Table, *, as_of: str | date, since: date, margin_rate: float | None = None
) -> ir.Table:
    """Gather money and habits of the customers with a purchase day in a period.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases, with category.
    as_of : str or datetime.date
        Last day of the period, inclusive.
    since : datetime.date
        The day before its first.
    margin_rate : float, optional
        Margin as a share of spend, for lines without a cost.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, orders, purchase_days, spend, margin, returned (see `money.customer_money`),
        categories (bought from), passed (calendar months of the period, only those after the month
        of the first purchase where that lies in the period), months (those of them with a sale).
    """
    money = customer_money(purchases, as_of=as_of, since=since, margin_rate=margin_rate)
    money = money.filter(money.purchase_days > 0).drop("discount", "return_lines", "sale_lines")
    sales = _sales(purchases, as_of=as_of, since=since)
    habits = sales.group_by("customer_id").agg(
        months=period_of(sales.day).nunique(), categories=sales.category.nunique()
    )
    first = customer_summary(purchases, as_of=as_of).select("customer_id", "first_day")
    joined = money.join(habits, "customer_id").join(first, "customer_id")
    began = ibis.greatest(joined.first_day, ibis.literal(since + timedelta(days=1)))
    passed = period_of(ibis.literal(as_date(as_of))) - period_of(began) + 1
    # The month of the first purchase has one by definition, and so tells nothing.
    new = (joined.first_day > ibis.literal(since)).cast("int64")
    return joined.mutate(passed=passed - new, months=joined.months - new).drop("first_day")


def shop_categories(purchases: ir.Table, *, as_of: str | date, since: date) -> int:
    """Count the categories that sales of a period name."""
    sales = _sales(purchases, as_of=as_of, since=since)
    return int(sales.category.nunique().to_pyarrow().as_py())


def measure_criteria(active: ir.Table, *, by: str, categories: int) -> ir.Table:
    """Measure each active customer by the four criteria.

    **Volume** is the orders. **Loyalty** is the share of calendar months with a purchase, of those
    after the month of the first purchase, at most the period's; as if each had been watched for
    three months more, with the share of all customers together, so that whoever came lately is
    neither loyal nor disloyal yet. **Contribution** is the margin or the spend. **Fit**
    of needs is the share of the shop's categories bought from, times the share of the money that
    did not come back.

    Parameters
    ----------
    active : ibis.expr.types.Table
        From `active_customers`.
    by : {"margin", "spend"}
        What contribution is.
    categories : int
        Categories of the shop; with 0, fit is missing.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, spend, margin, volume, loyalty, contribution, fit.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import fetch, table_of
    >>> active = table_of(pd.DataFrame({"customer_id": ["ann"], "spend": [90], "margin": [30],
    ...     "returned": [10], "orders": [4], "months": [1], "passed": [2], "categories": [2]}))
    >>> fetch(measure_criteria(active, by="margin", categories=8)).round(3)
      customer_id  spend  margin  volume  loyalty  contribution    fit
    0         ann     90      30       4      0.5            30  0.225
    """
    bought = active.spend + active.returned
    came_back = active.returned.cast("float64") / bought.nullif(0).cast("float64")
    kept = 1 - came_back.fill_null(0.0).clip(0, 1)
    all_passed = active.passed.sum().over(ibis.window())
    usual = (active.months.sum().over(ibis.window()) / all_passed.nullif(0)).fill_null(0.0)
    loyalty = (active.months + MORE_MONTHS * usual) / (active.passed + MORE_MONTHS)
    fit = active.categories / categories * kept if categories else ibis.null("float64")
    return active.select(
        "customer_id",
        "spend",
        "margin",
        volume=active.orders,
        loyalty=loyalty,
        contribution=active[by],
        fit=fit,
    )


def _sales(purchases: ir.Table, *, as_of: str | date, since: date) -> ir.Table:
    lines = known_lines(purchases, as_of=as_of)
    return lines.filter(lines.kind == "sale", lines.day > ibis.literal(since))
