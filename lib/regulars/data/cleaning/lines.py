"""Lines: what an accepted purchase line is, a sale or a return, and whether it cancels a sale."""

import ibis
import ibis.expr.types as ir

__all__ = ["ORIGIN", "prefix_speaks", "purchase_lines"]

ORIGIN = ("source_file", "source_line")
"""Where a line stood; no two lines share it."""

GIVES_BACK = ("return", "cancellation")


def prefix_speaks(accepted: ir.Table, prefix: str) -> bool:
    """Tell whether an order id that begins with `prefix` means a cancellation in this shop.

    It does where at least half of the lines with such an id give money back, if there are any. A
    shop whose order ids all begin with C says nothing by it.

    Parameters
    ----------
    accepted : ibis.expr.types.Table
        ``order_id`` (string), ``amount`` (decimal, currency).
    prefix : str
        What the ids of cancellations begin with; empty: none do.

    Examples
    --------
    >>> lines = ibis.memtable({"order_id": ["C1", "C2", "C3"], "amount": [5, -5, 9]})
    >>> prefix_speaks(lines, "C"), prefix_speaks(lines, "")
    (False, False)
    """
    if not prefix:
        return False
    marked = accepted.filter(accepted.order_id.startswith(prefix))
    below = marked.aggregate(all=marked.count(), below=(marked.amount < 0).sum().fill_null(0))
    counted = below.execute().iloc[0]
    return bool(2 * counted["below"] >= counted["all"])


def purchase_lines(accepted: ir.Table, prefix: str) -> ir.Table:
    """Say of each line what it is.

    A line gives something back if its kind says so or its amount is below zero; also if nothing
    was paid for fewer than no pieces.

    Parameters
    ----------
    accepted : ibis.expr.types.Table
        The accepted purchases, columns of the contract.
    prefix : str
        What the order id of a cancellation begins with; empty where only ``kind`` says it.

    Returns
    -------
    ibis.expr.types.Table
        The same lines with ``kind`` (sale or return), and three columns more: ``day`` (date),
        ``is_cancellation`` (bool), ``order_meant`` (string): the order id without the prefix.
    """
    given = accepted.kind.isin(GIVES_BACK).fill_null(False)
    no_pieces = (accepted.quantity < 0).fill_null(False) & (accepted.amount == 0)
    back = given | (accepted.amount < 0) | (accepted.kind.isnull() & no_pieces)
    marked = _marked(accepted, prefix) & back
    declared = (accepted.kind == "cancellation").fill_null(False)
    return accepted.mutate(
        day=accepted.ordered_at.date(),
        kind=ibis.ifelse(back, "return", "sale"),
        is_cancellation=marked | declared,
        order_meant=ibis.ifelse(
            marked, accepted.order_id.substr(len(prefix)), accepted.order_id
        ).nullif(""),
    )


def _marked(accepted: ir.Table, prefix: str) -> ir.BooleanValue:
    if not prefix:
        return ibis.literal(False)
    return accepted.order_id.startswith(prefix).fill_null(False)
