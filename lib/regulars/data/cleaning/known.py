"""Known: what of a table was known on a day before that of its intake."""

import datetime as dt
import functools
import operator

import ibis
import ibis.expr.types as ir

from regulars.data.contract import TABLES, Field, Table

__all__ = ["known_on"]


def known_on(rows: ir.Table, name: str, day: dt.date) -> ir.Table:
    """Return the rows of a table as an intake with this day would have accepted them.

    Rows that happened later are left out, and what became known later is missing, such as the end
    of a contract that has not ended yet, or the answer to an invitation. Plans stay.

    Parameters
    ----------
    rows : Table
        Accepted, columns of the contract.
    name : str
        The table.
    day : date
        The last day we know about.

    Examples
    --------
    >>> started = [dt.date(2024, 1, 5), dt.date(2024, 2, 20)]
    >>> ended = [dt.date(2024, 2, 10), dt.date(2024, 3, 20)]
    >>> contracts = ibis.memtable({"started_at": started, "ended_at": ended})
    >>> known_on(contracts, "subscriptions", dt.date(2024, 1, 31)).to_pyarrow().to_pylist()
    [{'started_at': datetime.date(2024, 1, 5), 'ended_at': None}]
    """
    fields = [field for field in TABLES[name].fields.values() if field.name in rows.columns]
    happened = [_happened(rows, f, TABLES[name], day) for f in fields if f.later == "reject"]
    known = {f.name: _known(rows, f, day) for f in fields if _told_on(f) in rows.columns}
    if happened:
        rows = rows.filter(functools.reduce(operator.and_, happened))
    return rows.mutate(**known)


def _happened(rows: ir.Table, field: Field, table: Table, day: dt.date) -> ir.BooleanValue:
    there = ~_is_later(rows, field.name, day)
    since = table.waits.since if table.waits and field.name == table.time else ""
    return there | rows[since].notnull() if since in rows.columns else there


def _known(rows: ir.Table, field: Field, day: dt.date) -> ir.Value:
    value = rows[field.name]
    nothing = ibis.null().cast(value.type())
    return ibis.ifelse(_is_later(rows, _told_on(field), day), nothing, value)


def _told_on(field: Field) -> str:
    """Return the column that says when a field became known; none where it always was."""
    return field.known_with or (field.name if field.later == "unknown" else "")


def _is_later(rows: ir.Table, name: str, day: dt.date) -> ir.BooleanValue:
    return (rows[name].cast("date") > day).fill_null(False)
