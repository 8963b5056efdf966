"""Needs: what each customer prefers to buy, where, at what price, and when."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import beside, fetch
from regulars.measures.segments.baskets import is_known, sales_between

__all__ = ["CHOICES", "MEANS", "needs", "preferred", "what_is_known"]

CHOICES = ("category", "channel", "price_level", "daypart")
"""Needs of which each customer has one of several values."""

MEANS = ("discount_share", "weekend_share")
"""Needs that are a share for each customer."""

DAYPARTS = ("night", "morning", "afternoon", "evening")  # six hours each, from midnight
PLACES = 6  # a mean of logarithms has last digits that depend on the order of rows


def needs(purchases: ir.Table, *, as_of: str | date, since: str | date | None = None) -> ir.Table:
    """Say what each customer prefers; missing where the columns do not tell.

    Counted are orders, not lines, so that one large order is one voice. The price level compares
    the unit price of each sale line with the mean of its category: the mean of the logarithm of
    that ratio, over a customer's lines, puts the customer into the low, middle or high third of the
    customers; equal customers fall into the same third.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, ordered_at, day, amount, kind, order_id, category, channel,
        quantity, unit_price, discount.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        Only lines of days after this one; unless given, all.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer with a sale line: customer_id, orders; category and channel (those of
        most orders; of equals the one with more spend, then by name), category_share and
        channel_share (of the orders where it is known); price_ratio (mean log ratio to the mean
        price of the category), price_level (low, middle, high); discount_share (discount by
        discount and spend together); daypart (night, morning, afternoon, evening, from midnight in
        steps of six hours; missing where no line of the period has a time), weekend_share (of
        orders, on a Saturday or Sunday).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-03", 20)])
    >>> fetch(needs(purchases, as_of="1997-12-31"))[["orders", "weekend_share"]]
       orders  weekend_share
    0       2            0.5
    """
    sales = sales_between(purchases, as_of=as_of, since=since)
    found = _sums(sales)
    for name in ("category", "channel"):
        found = beside(found, preferred(sales, name))
    found = beside(found, _price_levels(sales))
    found = beside(found, preferred(_with_daypart(sales), "daypart"))
    daypart = found.daypart.cast("int64").cases(*enumerate(DAYPARTS), else_=None)
    return found.drop("daypart_share").mutate(daypart=daypart)


def what_is_known(purchases: ir.Table) -> pd.DataFrame:
    """Say which needs the columns of the purchases tell of, and for how many sale lines.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.

    Returns
    -------
    pandas.DataFrame
        One row per need: need, lines (sale lines that tell), share (of all sale lines; missing
        without any), known (bool: at least one line tells).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> what_is_known(purchases_of([("ann", "1997-01-05", 10)])).known.tolist()
    [False, False, False, False, False, True]
    """
    sales = purchases.filter(purchases.kind == "sale")
    tells = {
        "category": is_known(sales.category),
        "channel": is_known(sales.channel),
        "price_level": is_known(_unit_price(sales)),
        "discount_share": is_known(sales.discount),
        "daypart": _has_time(sales),
        "weekend_share": is_known(sales.day),
    }
    sums = {name: ibis.coalesce(told.sum(), 0).cast("int64") for name, told in tells.items()}
    row = fetch(sales.agg(all=sales.count(), **sums)).iloc[0]
    lines = row[list(tells)].astype("int64")
    share = lines / row["all"] if row["all"] else float("nan")
    table = pd.DataFrame({"lines": lines, "share": share, "known": lines > 0})
    return table.rename_axis("need").reset_index()


def preferred(sales: ir.Table, name: str) -> ir.Table:
    """Return the value of most orders of each customer, and its share of them.

    Parameters
    ----------
    sales : ibis.expr.types.Table
        From `baskets.sales_between`.
    name : str
        A column, such as channel. Of equals the one with most money counts, then the first by name.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer of whom it is known: customer_id, the column, and its share.
    """
    known = sales.filter(is_known(sales[name]))
    counts = known.group_by(["customer_id", name]).agg(
        times=known.order_key.nunique(), spend=known.amount.sum()
    )
    all_orders = known.group_by("customer_id").agg(known=known.order_key.nunique())
    order = [ibis.desc("times"), ibis.desc("spend"), name]
    place = ibis.row_number().over(group_by="customer_id", order_by=order)
    first = counts.mutate(place=place).filter(ibis._.place == 0).join(all_orders, "customer_id")
    return first.select("customer_id", name, **{f"{name}_share": first.times / first.known})


def _sums(sales: ir.Table) -> ir.Table:
    weekend = sales.day.day_of_week.index() >= 5
    discount = sales.discount.abs().sum()
    spend = sales.amount.sum(where=is_known(sales.discount))
    sums = sales.group_by("customer_id").agg(
        orders=sales.order_key.nunique(),
        weekend=sales.order_key.nunique(where=weekend),
        discount=discount.cast("float64"),
        full=(discount + spend).cast("float64"),
    )
    return sums.select(
        "customer_id",
        "orders",
        discount_share=sums.discount / ibis.ifelse(sums.full > 0, sums.full, None),
        weekend_share=sums.weekend / sums.orders,
    )


def _price_levels(sales: ir.Table) -> ir.Table:
    priced = sales.mutate(price=_unit_price(sales)).filter(is_known(ibis._.price))
    usual = priced.price.mean().over(group_by="category")
    priced = priced.mutate(ratio=priced.price.ln() - usual.ln())
    levels = priced.group_by("customer_id").agg(price_ratio=priced.ratio.mean().round(PLACES))
    # Whoever has less than a third of the customers below stands in the low third, ties included.
    below = ibis.rank().over(order_by="price_ratio") * 3
    levels = levels.mutate(below=below, n=levels.count().over())
    level = ibis.cases(
        (levels.below < levels.n, "low"), (levels.below < 2 * levels.n, "middle"), else_="high"
    )
    return levels.select("customer_id", "price_ratio", price_level=level)


def _unit_price(sales: ir.Table) -> ir.FloatingValue:
    pieces = ibis.ifelse(sales.quantity > 0, sales.quantity, None).cast("float64")
    price = ibis.coalesce(sales.unit_price.cast("float64"), sales.amount.cast("float64") / pieces)
    return ibis.ifelse(price > 0, price, None)


def _has_time(sales: ir.Table) -> ir.BooleanValue:
    at = sales.ordered_at
    return (at.hour() + at.minute() + at.second()) > 0


def _with_daypart(sales: ir.Table) -> ir.Table:
    """Add the quarter of the day, missing for all where every line is at midnight."""
    timed = _has_time(sales).max().over()
    return sales.mutate(daypart=ibis.ifelse(timed, (sales.ordered_at.hour() // 6), None))
