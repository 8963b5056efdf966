"""Returns: whether what is brought back was bought before, as far as we know."""

import ibis
import ibis.expr.types as ir

from regulars.data.cleaning.lines import ORIGIN
from regulars.data.cleaning.on_the_way import Keep

__all__ = ["returns_of_sales"]


def returns_of_sales(lines: ir.Table, taken_back: ir.Table, *, keep: Keep) -> ir.Table:
    """Say of each return whether a sale of that customer and product came before it.

    A return that names no product is held against all sales of the customer. A sale that was
    cancelled is none. The history may begin after the sale, so a return without one is no proof of
    an error.

    Parameters
    ----------
    lines : ibis.expr.types.Table
        As `purchase_lines` returns them.
    taken_back : ibis.expr.types.Table
        The matched cancellations and sales, as `match_cancellations` returns them.
    keep : function
        Keeps what is read more than once; see `on_the_way`.

    Returns
    -------
    ibis.expr.types.Table
        ``source_file``, ``source_line``, ``returns_a_sale`` (bool); one row for each return of a
        known customer that is no matched cancellation.
    """
    told = lines.filter(lines.customer_id.notnull())
    returns = told.filter(told.kind == "return").anti_join(taken_back, ORIGIN)
    returns = keep("returns", returns.select(*ORIGIN, "ordered_at", "customer_id", "product_id"))
    sales = told.filter(told.kind == "sale")
    named = returns.filter(returns.product_id.notnull())
    nameless = returns.filter(returns.product_id.isnull())
    by_product = _held_against(named, sales, taken_back, ["customer_id", "product_id"])
    by_customer = _held_against(nameless, sales, taken_back, ["customer_id"])
    return ibis.union(by_product, by_customer)


def _held_against(
    returns: ir.Table, sales: ir.Table, taken_back: ir.Table, key: list[str]
) -> ir.Table:
    """Compare with the first sale of the key, among sales that share a return's key."""
    shared = sales.semi_join(returns, key).anti_join(taken_back, ORIGIN)
    first = shared.group_by(key).aggregate(first_sale=shared.ordered_at.min())
    joined = returns.left_join(first, key)
    known = (joined.first_sale <= joined.ordered_at).fill_null(False)
    return joined.select(*ORIGIN, returns_a_sale=known)
