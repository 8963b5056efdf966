"""Masking: telephone numbers, mail addresses and card numbers in free text do not go further."""

from collections.abc import Collection

import ibis.expr.types as ir

from regulars.data.contract import Table
from regulars.data.people.identifiers import count_identifiers, masked

__all__ = ["masked_texts", "without_identifiers"]


def without_identifiers(
    rows: ir.Table, table: Table, given: Collection[str]
) -> tuple[ir.Table, dict[str, dict[str, int]]]:
    """Return rows whose texts hold no direct identifier, and what was masked in which column.

    Ids are left alone: an order number may look like a telephone number.

    Parameters
    ----------
    rows : Table
        Typed rows of a table; every text column is looked at, further attributes too.
    table : Table
        The contract's.
    given : collection of str
        The fields a source gives; the others are empty.
    """
    found = {name: count_identifiers(rows[name]) for name in _texts(rows, table, given)}
    found = {name: kinds for name, kinds in found.items() if kinds}
    return rows.mutate(**{name: masked(rows[name]) for name in found}), found


def masked_texts(rows: ir.Table, table: Table, given: Collection[str]) -> ir.Table:
    """Return rows as `without_identifiers` does, where nobody asks what was masked."""
    return rows.mutate(**{name: masked(rows[name]) for name in _texts(rows, table, given)})


def _texts(rows: ir.Table, table: Table, given: Collection[str]) -> list[str]:
    own = {name for name, field in table.fields.items() if field.type in ("id", "choice")}
    own |= {"source_file", "reasons", *(set(table.fields) - set(given))}
    return [name for name, kind in rows.schema().items() if kind.is_string() and name not in own]
