"""Masking: what tells who somebody is does not go further, in a free text or in an id.

In a text its kind takes its place, such as ``[phone]``. An id joins tables, so it becomes a
pseudonym as a whole, as a customer's id does, and is the same wherever it stands. Only what is
certain counts there: a mail address, or a telephone number with a plus; a mere number may be an
order's.
"""

from collections.abc import Collection

import ibis
import ibis.expr.types as ir

from regulars.data.contract import Table
from regulars.data.people.identifiers import count_identifiers, masked
from regulars.data.people.pseudonyms import pseudonym

__all__ = ["masked_texts", "without_identifiers"]

CERTAIN = {
    "e-mail": ("@＠", r"[^@＠\s][@＠][^@＠\s]+[.][^@＠\s]*[A-Za-z]"),
    "phone": ("+＋", r"^[+＋] ?[1-9]([ ()./-]{0,3}[0-9]){7,14}$"),
}
"""Of each kind the signs without which there is none, and the form."""


def without_identifiers(
    rows: ir.Table, table: Table, given: Collection[str], *, key: bytes | None = None
) -> tuple[ir.Table, dict[str, dict[str, int]]]:
    """Return rows without direct identifiers, and what was masked in which column.

    Parameters
    ----------
    rows : Table
        Typed rows of a table; every text column is looked at, further attributes too.
    table : Table
        The contract's.
    given : collection of str
        The fields a source gives; the others are empty.
    key : bytes, optional
        Of the pseudonyms; without it ids stay as they are, those of customers too.
    """
    texts = {name: count_identifiers(rows[name]) for name in _texts(rows, table, given)}
    texts = {name: kinds for name, kinds in texts.items() if kinds}
    ids = _identifiers_in(rows, _ids(table, given)) if key else {}
    hidden = {name: _hidden(rows[name], key) for name in ids}
    return rows.mutate(**{name: masked(rows[name]) for name in texts}, **hidden), {**ids, **texts}


def masked_texts(
    rows: ir.Table, table: Table, given: Collection[str], *, key: bytes | None = None
) -> ir.Table:
    """Return rows as `without_identifiers` does, where nobody asks what was masked."""
    hidden = {name: _hidden(rows[name], key) for name in _ids(table, given) if key}
    texts = {name: masked(rows[name]) for name in _texts(rows, table, given)}
    return rows.mutate(**texts, **hidden)


def _identifiers_in(rows: ir.Table, names: Collection[str]) -> dict[str, dict[str, int]]:
    """Count the ids that are identifiers, in one pass over the rows."""
    if not names:
        return {}
    counts = {f"{name} {kind}": _is(kind, rows[name]).sum() for name in names for kind in CERTAIN}
    counted = rows.aggregate(**counts).to_pyarrow().to_pylist()[0]
    found = {
        name: {kind: n for kind in CERTAIN if (n := counted[f"{name} {kind}"])} for name in names
    }
    return {name: kinds for name, kinds in found.items() if kinds}


def _is(kind: str, ids: ir.StringValue) -> ir.BooleanValue:
    (sign, wide), form = CERTAIN[kind]
    # Most ids have no such sign, which is told faster than a form.
    return ibis.ifelse(ids.contains(sign) | ids.contains(wide), ids.re_search(form), False)


def _hidden(ids: ir.StringValue, key: bytes) -> ir.StringValue:
    told = _is("e-mail", ids) | _is("phone", ids)
    return ibis.ifelse(told, pseudonym(ids, key), ids)


def _ids(table: Table, given: Collection[str]) -> list[str]:
    fields = table.fields.items()
    return [name for name, f in fields if f.type == "id" and not f.person and name in given]


def _texts(rows: ir.Table, table: Table, given: Collection[str]) -> list[str]:
    own = {name for name, field in table.fields.items() if field.type in ("id", "choice")}
    own |= {"source_file", "reasons", *(set(table.fields) - set(given))}
    return [name for name, kind in rows.schema().items() if kind.is_string() and name not in own]
