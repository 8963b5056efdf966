"""Baskets: which things were bought in the same order, and how many kinds of them."""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.errors import ParameterError
from regulars.measures.engine import as_date
from regulars.measures.purchases import known_lines, with_order_key

__all__ = ["ITEMS", "LARGEST", "against_base", "basket_items", "is_known", "sales_between"]

ITEMS = ("category", "product_id")
LARGEST = 16
"""Orders of more categories than this count as one size."""
CELL = ["size", "quarter"]


def sales_between(
    purchases: ir.Table, *, as_of: str | date, since: str | date | None = None
) -> ir.Table:
    """Keep the sale lines of a period, with the key of their order.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: day, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        Only lines of days after this one; unless given, all.

    Returns
    -------
    ibis.expr.types.Table
        The same columns with order_key (order id, or the day where there is none), fewer rows.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20)])
    >>> kept = sales_between(purchases, as_of="1997-12-31", since="1997-01-05")
    >>> kept.count().to_pyarrow().as_py()
    1
    """
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    if since is not None:
        lines = lines.filter(lines.day > ibis.literal(as_date(since)))
    return lines.filter(lines.is_sale).drop("is_sale")


def basket_items(sales: ir.Table, *, item: str = "category") -> ir.Table:
    """List what each order held, each kind of thing once, however many lines or pieces.

    Parameters
    ----------
    sales : ibis.expr.types.Table
        From `sales_between`: customer_id, order_key, and the column `item`.
    item : str
        ``category`` or ``product_id``. Lines where it is missing are left out.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, order_key, item (text).

    Raises
    ------
    ParameterError
        If `item` is neither.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> import pandas as pd
    >>> sales = table_of(pd.DataFrame({"customer_id": ["ann"] * 3, "order_key": list("112"),
    ...                                "category": ["tea", "tea", "tea"]}))
    >>> basket_items(sales).count().to_pyarrow().as_py()
    2
    """
    if item not in ITEMS:
        raise ParameterError(f"Expected item to be {' or '.join(ITEMS)}, found {item!r}.")
    named = sales.select("customer_id", "order_key", item=sales[item])
    return named.filter(is_known(named.item)).distinct()


def against_base(sales: ir.Table) -> ir.Table:
    """Hold every customer's orders against orders of the same size and quarter of all customers.

    By quarter, since what is in season is no liking of those who came then.

    Parameters
    ----------
    sales : ibis.expr.types.Table
        From `sales_between`: customer_id, order_key, category, day.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and category, bought or not: customer_id, category, n (orders with any
        category), k (those with this one), expected (those with this one, if it were in the
        customer's orders as often as in all orders of the same quarter that hold as many
        categories; more than sixteen count as one size).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> import pandas as pd
    >>> frame = {"customer_id": ["ann", "ann", "bob"], "category": ["tea", "jam", "tea"]}
    >>> frame |= {"order_key": list("123"), "day": [pd.Timestamp("1997-01-05").date()] * 3}
    >>> sales = table_of(pd.DataFrame(frame))
    >>> row = against_base(sales).filter(ibis._.customer_id == "bob").order_by("category")
    >>> row.to_pyarrow().to_pandas()[["category", "n", "k", "expected"]].round(2)
      category  n  k  expected
    0      jam  1  0      0.33
    1      tea  1  1      0.67
    """
    known = sales.filter(is_known(sales.category)).rename(item="category")
    items = known.group_by(["customer_id", "order_key", "item"]).agg(day=known.day.min())
    orders = items.group_by(["customer_id", "order_key"]).agg(
        size=ibis.least(items.count(), LARGEST), quarter=items.day.min().truncate("Q")
    )
    own = orders.group_by(["customer_id", *CELL]).agg(orders=orders.count())
    joined = own.join(_base(items, orders), CELL)
    base = joined.group_by(["customer_id", "item"]).agg(
        n=joined.orders.sum().cast("int64"),
        # Rounded, so that the order of summing leaves no trace.
        expected=(joined.orders * joined["share"]).sum().round(9),
    )
    taken = items.group_by(["customer_id", "item"]).agg(k=items.count())
    pairs = base.left_join(taken, ["customer_id", "item"])
    k = ibis.coalesce(pairs.k, 0)
    return pairs.select("customer_id", "n", "expected", category=pairs.item, k=k)


def is_known(value: ir.Value) -> ir.BooleanValue:
    """Tell whether there is a value.

    Examples
    --------
    >>> is_known(ibis.literal("tea")).to_pyarrow().as_py()
    True
    """
    return value.notnull()


def _base(items: ir.Table, orders: ir.Table) -> ir.Table:
    """Return for each category the share of the orders of each size and quarter that hold it."""
    cells = orders.group_by(CELL).agg(of=orders.count())
    sized = items.drop("day").join(orders, ["customer_id", "order_key"])
    held = sized.group_by([*CELL, "item"]).agg(held=sized.count())
    every = cells.cross_join(items.select("item").distinct()).left_join(held, [*CELL, "item"])
    return every.select(*CELL, "item", share=ibis.coalesce(every.held, 0) / every["of"])
