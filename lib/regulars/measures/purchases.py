"""Purchase days, customers and months: what every other measure starts from."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.calendar_units import month_range, months_over
from regulars.measures.engine import as_date, fetch

__all__ = [
    "customer_summary",
    "known_lines",
    "monthly_activity",
    "purchase_days",
    "with_order_key",
]


def known_lines(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Keep the purchase lines that were known at the end of a day.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases; needs ``day``.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    ibis.expr.types.Table
        The same columns, fewer rows.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20)])
    >>> known_lines(purchases, as_of="1997-01-31").count().to_pyarrow().as_py()
    1
    """
    return purchases.filter(purchases.day <= ibis.literal(as_date(as_of)))


def purchase_days(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """List the purchase days: calendar days on which a customer bought at least one thing.

    A day that nets to zero is a purchase day; a day with nothing but returns is none.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and purchase day: customer_id, day, orders (distinct order ids of
        the day's sales; 1 where there are none), spend (decimal; net money of the day's lines,
        returns made on that day included).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-01-05", 50),
    ...                           ("ann", "1997-02-01", 80), ("ann", "1997-03-01", -5, "return")])
    >>> days = fetch(purchase_days(purchases, as_of="1997-12-31").order_by("day"))
    >>> days.spend.astype(float).tolist()
    [80.0, 80.0]
    """
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    days = lines.group_by(["customer_id", "day"]).agg(
        orders=lines.order_key.nunique(where=lines.is_sale),
        spend=lines.amount.sum().cast("decimal(18, 4)"),
        sales=lines.is_sale.sum(),
    )
    return days.filter(days.sales > 0).drop("sales")


def customer_summary(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Sum up each customer who bought on at least one day.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive; ages are counted up to it.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer: customer_id, first_day, last_day, repeat_days (purchase days after
        the first), recency_age (days from first to last purchase day), age (days from first
        purchase day to `as_of`), days_since_last (days from last purchase day to `as_of`), orders
        (distinct order ids; purchase days where there are none), spend (decimal; net of returns).
        Whoever only returned things is no customer here.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-01-05", 20),
    ...                           ("ann", "1997-01-25", 30)])
    >>> customers = fetch(customer_summary(purchases, as_of="1997-01-31"))
    >>> customers[["repeat_days", "recency_age", "age", "days_since_last", "orders"]]
       repeat_days  recency_age  age  days_since_last  orders
    0            1           20   26                6       2
    """
    today = ibis.literal(as_date(as_of))
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    sums = lines.group_by("customer_id").agg(
        first_day=lines.day.min(where=lines.is_sale),
        last_day=lines.day.max(where=lines.is_sale),
        days=lines.day.nunique(where=lines.is_sale),
        orders=lines.order_key.nunique(where=lines.is_sale),
        spend=lines.amount.sum().cast("decimal(18, 4)"),
    )
    sums = sums.filter(sums.days > 0)
    return sums.select(
        "customer_id",
        "first_day",
        "last_day",
        repeat_days=sums.days - 1,
        recency_age=sums.last_day.delta(sums.first_day, unit="day"),
        age=today.delta(sums.first_day, unit="day"),
        days_since_last=today.delta(sums.last_day, unit="day"),
        orders=sums.orders,
        spend=sums.spend,
    )


def monthly_activity(purchases: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Count customers, orders and money month by month.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per calendar month from the first line to `as_of`, silent months too: month (its
        first day), customers (with a purchase day in it), new (whose first purchase day is in
        it), returning (the others), orders, spend (net money of all the month's lines, returns
        included, so that the column adds up to the ledger), complete (False if `as_of` comes
        before the month's last day).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-03-02", 20),
    ...                           ("ann", "1997-03-09", 30)])
    >>> monthly_activity(purchases, as_of="1997-03-15").drop(columns="orders")
           month  customers  new  returning  spend  complete
    0 1997-01-01          1    1          0   10.0      True
    1 1997-02-01          0    0          0    0.0      True
    2 1997-03-01          2    1          1   50.0     False
    """
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    lines = lines.mutate(month=lines.day.truncate("M"))
    found = fetch(_money_by_month(lines).left_join(_people_by_month(lines), "month"))
    found = found.set_index("month")[["customers", "new", "orders", "spend"]].sort_index()
    months = month_range(found.index.min(), as_of) if len(found) else found.index
    found = found.reindex(months).fillna(0).rename_axis("month").reset_index()
    counts = found.astype({"customers": "int64", "new": "int64", "orders": "int64"})
    counts.insert(3, "returning", counts.customers - counts.new)
    return counts.assign(complete=months_over(counts.month, as_of))


def _money_by_month(lines: ir.Table) -> ir.Table:
    return lines.group_by("month").agg(spend=lines.amount.sum().cast("float64"))


def _people_by_month(lines: ir.Table) -> ir.Table:
    sales = lines.filter(lines.is_sale)
    months = sales.group_by(["customer_id", "month"]).agg(orders=sales.order_key.nunique())
    first = months.month.min().over(ibis.window(group_by=months.customer_id))
    months = months.mutate(is_new=months.month == first)
    return months.group_by("month").agg(
        customers=months.count(), new=months.is_new.sum(), orders=months.orders.sum()
    )


def with_order_key(lines: ir.Table) -> ir.Table:
    """Add to each line order_key, its order id or the day where it has none, and is_sale.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> lines = with_order_key(purchases_of([("ann", "1997-01-05", 10, "sale", "A1")]))
    >>> fetch(lines)[["order_key", "is_sale"]].values.tolist()
    [['id A1', True]]
    """
    by_day = ibis.literal("day ") + lines.day.cast("string")
    by_id = ibis.literal("id ") + lines.order_id
    return lines.mutate(order_key=ibis.coalesce(by_id, by_day), is_sale=lines.kind == "sale")
