"""Money by customer: spend, margin where costs are known, discounts and what came back."""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date
from regulars.measures.purchases import known_lines, with_order_key

__all__ = ["MONEY", "customer_money"]

MONEY = "decimal(18, 4)"


def customer_money(
    purchases: ir.Table,
    *,
    as_of: str | date,
    since: str | date | None = None,
    margin_rate: float | None = None,
) -> ir.Table:
    """Sum up the money of each customer with any line in a period.

    The cost of a line lowers the margin of a sale and raises that of a return, whatever its sign
    in the file. Where a line has no cost, its margin is not known, and neither is the customer's,
    unless `margin_rate` says what part of spend is margin.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, cost, discount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        Only lines of days after this one; unless given, all.
    margin_rate : float, optional
        Margin as a share of spend (0 to 1), for lines without a cost.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer with a line: customer_id, orders (distinct order ids of sales; days
        where there are none), purchase_days, spend (net of returns and discounts), margin (spend
        less cost; missing where the cost of a line is not known), discount (given on sales, less
        that of returns; missing where no line has one), returned (money of returns, above zero),
        return_lines, sale_lines. Money is decimal(18, 4). Who only returned things has 0 purchase
        days.

    Examples
    --------
    >>> from regulars.measures.engine import fetch
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", -5, "return")])
    >>> sums = fetch(customer_money(purchases, as_of="1997-12-31", margin_rate=.4))
    >>> sums[["spend", "margin", "returned"]].astype(float).to_numpy().tolist()
    [[25.0, 10.0, 5.0]]
    """
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    if since is not None:
        lines = lines.filter(lines.day > ibis.literal(as_date(since)))
    lines = lines.mutate(margin=_margin(lines, margin_rate), is_return=lines.kind == "return")
    discount = ibis.ifelse(lines.amount < 0, -lines.discount.abs(), lines.discount.abs())
    return lines.group_by("customer_id").agg(
        orders=lines.order_key.nunique(where=lines.is_sale),
        purchase_days=lines.day.nunique(where=lines.is_sale),
        spend=lines.amount.sum().cast(MONEY),
        margin=_unless_missing(lines.margin).cast(MONEY),
        discount=discount.sum().cast(MONEY),
        returned=ibis.coalesce(-lines.amount.sum(where=lines.is_return), 0).cast(MONEY),
        return_lines=lines.is_return.sum(),
        sale_lines=lines.is_sale.sum(),
    )


def _margin(lines: ir.Table, rate: float | None) -> ir.DecimalValue:
    cost = ibis.ifelse(lines.amount < 0, -lines.cost.abs(), lines.cost.abs())
    known = lines.amount - cost
    if rate is None:
        return known
    return ibis.coalesce(known, (lines.amount * ibis.literal(rate)).round(4).cast(MONEY))


def _unless_missing(margin: ir.DecimalValue) -> ir.DecimalValue:
    return ibis.ifelse(margin.isnull().sum() > 0, ibis.null(MONEY), margin.sum())
