"""Baskets: which things were bought in the same order, and how many kinds of them."""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.errors import ParameterError
from regulars.measures.engine import as_date
from regulars.measures.purchases import known_lines, with_order_key

__all__ = ["ITEMS", "LARGEST", "against_base", "basket_items", "is_known", "sales_between"]

ITEMS = ("category", "product_id")
LARGEST = 8
"""Orders of more categories than this count as one size."""


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
    """Hold every customer's orders against orders of the same sizes of all, for each category.

    Parameters
    ----------
    sales : ibis.expr.types.Table
        From `sales_between`: customer_id, order_key, category.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and category, bought or not: customer_id, category, n (orders with any
        category), k (those with this one), expected (those with this one, if it were in the
        customer's orders as often as in all orders that hold as many categories; more than eight
        count as one size).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> import pandas as pd
    >>> frame = {"customer_id": ["ann", "ann", "bob"], "category": ["tea", "jam", "tea"]}
    >>> sales = table_of(pd.DataFrame({**frame, "order_key": list("123")}))
    >>> row = against_base(sales).filter(ibis._.customer_id == "bob").order_by("category")
    >>> row.to_pyarrow().to_pandas()[["category", "n", "k", "expected"]].round(2)
      category  n  k  expected
    0      jam  1  0      0.33
    1      tea  1  1      0.67
    """
    items = basket_items(sales)
    sizes = items.group_by(["customer_id", "order_key"]).agg(size=items.count())
    sizes = sizes.mutate(size=ibis.least(sizes["size"], LARGEST))
    sized = items.join(sizes, ["customer_id", "order_key"])
    base = _base(sized, sizes).cross_join(_by_size(sizes, "customer_id"))
    expected = sum(base[f"n{size}"] * base[f"share{size}"] for size in range(1, LARGEST + 1))
    base = base.select("customer_id", "n", category=base.item, expected=expected)
    taken = sized.group_by("customer_id", category=sized.item).agg(k=sized.count())
    pairs = base.left_join(taken, ["customer_id", "category"])
    return pairs.select(*("customer_id", "category", "n", "expected"), k=ibis.coalesce(pairs.k, 0))


def is_known(value: ir.Value) -> ir.BooleanValue:
    """Tell whether there is a value.

    Examples
    --------
    >>> is_known(ibis.literal("tea")).to_pyarrow().as_py()
    True
    """
    return value.notnull()


def _base(sized: ir.Table, sizes: ir.Table) -> ir.Table:
    """Return for each category the share of the orders of each size that hold it."""
    orders = sizes.agg(**_counts(sizes, "of"))
    held = sized.group_by("item").agg(**_counts(sized, "held")).cross_join(orders)
    shares = {
        f"share{size}": ibis.coalesce(held[f"held{size}"] / held[f"of{size}"].nullif(0), 0.0)
        for size in range(1, LARGEST + 1)
    }
    return held.select("item", **shares)


def _by_size(sizes: ir.Table, key: str) -> ir.Table:
    return sizes.group_by(key).agg(n=sizes.count(), **_counts(sizes, "n"))


def _counts(table: ir.Table, prefix: str) -> dict[str, ir.IntegerScalar]:
    return {
        f"{prefix}{size}": table.count(where=table["size"] == size)
        for size in range(1, LARGEST + 1)
    }
