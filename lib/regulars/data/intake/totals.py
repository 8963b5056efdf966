"""Totals: a line that adds up those above it, as exports and spreadsheets end with.

It says so in a word, and has no date and no customer. Its money is that of other lines over again,
so it is rejected under a reason of its own; the ledger shows how much that is.
"""

import functools
import operator

import ibis
import ibis.expr.types as ir

from regulars.data.contract import Table

__all__ = ["is_total", "may_have_totals"]

WORD = (
    r"(?i)^((grand |sub|sub-|sub )?totals?|sum|(gesamt|zwischen|end)?summe|gesamt(betrag|umsatz)?"
    r"|total g[eé]n[eé]ral|sous-total|totale|合计|合計|总计|總計|总额|總額|小计|小計|总和|總和)"
    r"( [(]?[a-z]{3}[)]?)? ?[:：]?$"
)


def may_have_totals(table: Table) -> bool:
    """Tell whether a table has what is added up, and a time that a sum does not have."""
    return bool(table.money and table.time)


def is_total(rows: ir.Table, table: Table, who: ir.StringValue | None) -> ir.BooleanValue:
    """Tell which rows are lines of totals.

    Parameters
    ----------
    rows : Table
        Typed, with ``whole``, a struct of the file's own cells as text.
    table : Table
        The contract's.
    who : string expression, optional
        The text of the customer's cell, where the file has one; the word may stand there.
    """
    nobody = rows[table.time].isnull()
    if who is not None:
        nobody = nobody & (who.isnull() | who.re_search(WORD))
    cells = [rows.whole[name].strip().re_search(WORD).fill_null(False) for name in rows.whole.names]
    # The engine looks at the cells of such rows only; reading all of them would take too long.
    return ibis.ifelse(nobody, functools.reduce(operator.or_, cells), False)
