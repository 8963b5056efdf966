"""Cancellations: each is matched to the one sale it takes back.

Two passes. In the first, the order says which sale is meant. In the second, a cancellation takes
back the nearest sale before it of the same customer, product, amount and number of pieces. Only
cancellations and the sales that share their keys are sorted, never all lines.
"""

import ibis
import ibis.expr.types as ir

from regulars.data.cleaning.lines import ORIGIN
from regulars.data.cleaning.on_the_way import Keep

__all__ = ["match_cancellations"]

TOGETHER = ["customer", "product", "money"]
NO_PIECES, NUMBER = -1, "decimal(18, 4)"


def match_cancellations(lines: ir.Table, keep: Keep) -> ir.Table:
    """Return the lines that take each other back.

    A missing product is a product of its own here, and so is a missing quantity. A cancellation
    without a customer is matched by its order alone.

    Parameters
    ----------
    lines : ibis.expr.types.Table
        As `purchase_lines` returns them.
    keep : function
        Keeps what is read more than once; see `on_the_way`.

    Returns
    -------
    ibis.expr.types.Table
        ``source_file``, ``source_line``, ``taken_back`` (string): ``cancelled_sale`` or
        ``cancellation``; as many of the one as of the other. A cancellation that is not there
        found no sale.
    """
    candidates = keep("candidates", _candidates(lines, keep))
    by_order = keep("same_order", _same_order(candidates))
    rest = candidates.anti_join(by_order, ORIGIN).filter(lambda t: t.customer != "")
    return keep("taken_back", ibis.union(by_order, _nearest_before(rest)))


def _candidates(lines: ir.Table, keep: Keep) -> ir.Table:
    """Return cancellations, and the sales that one of them could mean.

    The cancellations are kept first, so that the engine knows how few they are and holds those in
    memory, not the sales.
    """
    cancellations = keep("cancellations", _keyed(lines.filter(lines.is_cancellation)))
    sales = _keyed(lines.filter((lines.kind == "sale") & ~lines.is_cancellation))
    return ibis.union(cancellations, sales.semi_join(cancellations, TOGETHER))


def _keyed(lines: ir.Table) -> ir.Table:
    return lines.select(
        *ORIGIN,
        "ordered_at",
        "is_cancellation",
        "order_meant",
        customer=lines.customer_id.fill_null(""),
        product=lines.product_id.fill_null(""),
        money=lines.amount.abs().cast(NUMBER),
        pieces=lines.quantity.abs().fill_null(NO_PIECES).cast(NUMBER),
    )


def _same_order(candidates: ir.Table) -> ir.Table:
    """Pair the k-th cancellation with the k-th sale of the same order, counted from the latest."""
    named = candidates.filter(candidates.order_meant.notnull())
    key = ["order_meant", *TOGETHER]
    ranked = named.mutate(
        rank=ibis.row_number().over(
            group_by=[*key, "is_cancellation"],
            order_by=[value.desc() for value in (named.ordered_at, *_origin(named))],
        )
    )
    paired = ranked.mutate(sides=ranked.count().over(group_by=[*key, "rank"]))
    return _named(paired.filter(paired.sides == 2))


def _nearest_before(rest: ir.Table) -> ir.Table:
    """Pair each cancellation with the nearest sale before it that no other one took.

    This is how brackets are matched with a stack: a sale opens, a cancellation closes the one
    opened last. `balance` counts what is open; where it falls below its lowest so far, nothing was
    open, and that cancellation has no sale. `depth` is the place in the stack: within one depth,
    sales and cancellations take turns, so a sale is taken back if a cancellation comes next.
    """
    key = ["customer", "product", "money", "pieces"]
    order = [rest.ordered_at, rest.is_cancellation, *_origin(rest)]
    so_far = ibis.cumulative_window(group_by=key, order_by=order)
    stack = rest.mutate(step=ibis.ifelse(rest.is_cancellation, -1, 1))
    stack = stack.mutate(balance=stack.step.sum().over(so_far))
    stack = stack.mutate(lowest=ibis.least(stack.balance.min().over(so_far), 0))
    before = stack.lowest.lag().over(group_by=key, order_by=order).fill_null(0)
    stack = stack.mutate(
        depth=stack.balance - stack.lowest + stack.is_cancellation.cast("int64"), before=before
    )
    stack = stack.filter(~stack.is_cancellation | (stack.lowest == stack.before))
    after = stack.is_cancellation.lead().over(group_by=[*key, "depth"], order_by=order)
    stack = stack.mutate(taken=after.fill_null(False))
    return _named(stack.filter(stack.is_cancellation | stack.taken))


def _named(pairs: ir.Table) -> ir.Table:
    side = ibis.ifelse(pairs.is_cancellation, "cancellation", "cancelled_sale")
    return pairs.select(*ORIGIN, taken_back=side)


def _origin(table: ir.Table) -> list[ir.Value]:
    return [table[name] for name in ORIGIN]
