"""First purchase: by what channel, category, campaign and region a customer came.

Groups of customers made of it are fixed before anything that happens later, so that later
purchases can be compared between them without looking ahead.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.measures.purchases import known_lines

__all__ = ["ATTRIBUTES", "first_purchase"]

ATTRIBUTES = ("channel", "category", "campaign_id", "region")


def first_purchase(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Say of each customer what the first purchase was.

    Of several lines on the first purchase day, the one with most money counts; if money is equal,
    the first by the names of channel, category, campaign and region. So all four are of one line.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind and, where known, channel, category,
        campaign_id, region.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer with a purchase day: customer_id, first_day, channel, category,
        campaign_id, region (text; missing where that line does not say).

    Examples
    --------
    >>> from regulars.measures.engine import fetch
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20)])
    >>> firsts = fetch(first_purchase(purchases.mutate(channel=ibis.literal("web")),
    ...                               as_of="1997-12-31"))
    >>> [str(firsts.first_day[0].date()), firsts.channel[0], bool(firsts.region.isna()[0])]
    ['1997-01-05', 'web', True]
    """
    known = known_lines(purchases, as_of=as_of)
    sales = _with_all(known.filter(known.kind == "sale"))
    by_name = [ibis.asc(sales[name], nulls_first=False) for name in ATTRIBUTES]
    place = ibis.row_number().over(
        group_by=sales.customer_id, order_by=[sales.day, ibis.desc(sales.amount), *by_name]
    )
    ordered = sales.mutate(place=place)
    firsts = ordered.filter(ordered.place == 0)
    return firsts.select("customer_id", *ATTRIBUTES, first_day=firsts.day).relocate(
        "first_day", after="customer_id"
    )


def _with_all(lines: ir.Table) -> ir.Table:
    """Add, all missing, the attributes that the lines have no column for."""
    absent = [name for name in ATTRIBUTES if name not in lines.columns]
    return lines.mutate(**{name: ibis.null("string") for name in absent})
