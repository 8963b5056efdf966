"""Cell checks: what makes a row unusable, or is counted, because of a single cell."""

import datetime as dt
import functools
import operator
from collections.abc import Iterable, Mapping

import ibis.expr.types as ir

from regulars.data.contract import Field, Table
from regulars.data.contract.reasons import TIMES
from regulars.data.intake.told import Told
from regulars.data.people.customer_ids import spoiled

__all__ = ["IN_CURRENCY", "TEXT", "Check", "cell_checks", "cell_flags", "day_of", "excused"]

EARLIEST = dt.date(1900, 1, 1)
TEXT = "__text_"  # before the name of a cell's text, beside its typed value
MORE_PLACES = r"[.,][0-9]{4}[0-9]*[1-9][0-9]*$"
WITH_ZEROS = r"^[0-9]+[.,]0{1,2}$"
IN_CURRENCY = ("amount", "unit_price", "cost", "discount")

Check = tuple[str, ir.BooleanValue]
"""The name of a reason, and whether a row has it."""


def excused(rows: ir.Table, table: Table, told: Told) -> dict[str, ir.BooleanValue]:
    """Return for some cell checks the rows that pass all the same, since they are waiting."""
    waits = table.waits
    if not waits or f"{TEXT}{waits.since}" not in rows.columns:
        return {}
    asked = rows[waits.since].notnull()
    empty = [rows[f"{TEXT}{n}"].isnull() for n in waits.empty if f"{TEXT}{n}" in rows.columns]
    silent = functools.reduce(operator.and_, empty, asked)
    later = (day_of(rows[waits.since]) <= told.as_of) & (day_of(rows[table.time]) > told.as_of)
    return {f"{n}_missing": silent for n in waits.empty} | {f"{table.time}_after_as_of": later}


def cell_checks(
    rows: ir.Table, field: Field, told: Told, *, passes: Mapping[str, ir.BooleanValue]
) -> Iterable[Check]:
    """Yield what makes a row unusable because of one cell."""
    for reason, broken in _unusable(rows, field, told):
        yield reason, broken & ~passes[reason].fill_null(False) if reason in passes else broken


def _unusable(rows: ir.Table, field: Field, told: Told) -> Iterable[Check]:
    text, value, name = rows[f"{TEXT}{field.name}"], rows[field.name], field.name
    if field.required and field.empty == "reject":
        yield f"{name}_missing", text.isnull()
    if field.type == "id":
        lost = spoiled(text)
        if field.person != "pseudonym":  # a product may well be called 2.0
            lost = lost & ~text.re_search(WITH_ZEROS)
        yield f"{name}_spoiled", lost
    elif field.type == "choice":
        yield f"{name}_unknown", value.notin(field.among)
    elif field.type != "text":
        unreadable = text.notnull() & value.isnull()
        if name in IN_CURRENCY and "has_rate" in rows.columns:
            unreadable = unreadable & rows.has_rate
        yield f"{name}_unreadable", unreadable
    if field.type in TIMES:
        yield f"{name}_too_early", day_of(value) < EARLIEST
        if field.later == "reject":
            yield f"{name}_after_as_of", day_of(value) > told.as_of


def cell_flags(
    rows: ir.Table, field: Field, told: Told, *, passes: Mapping[str, ir.BooleanValue]
) -> Iterable[Check]:
    """Yield what is accepted and counted because of one cell."""
    if field.required and field.empty == "flag":
        yield f"{field.name}_missing", rows[f"{TEXT}{field.name}"].isnull()
    if field.type == "money":
        yield f"{field.name}_rounded", rows[f"{TEXT}{field.name}"].re_search(MORE_PLACES)
    if field.later == "unknown":
        yield f"{field.name}_not_yet_known", day_of(rows[field.name]) > told.as_of
    if f"{field.name}_after_as_of" in passes:
        yield f"{field.name}_not_yet_known", passes[f"{field.name}_after_as_of"]


def day_of(moment: ir.Value) -> ir.DateValue:
    """Return the day of a date or a time."""
    return moment if moment.type().is_date() else moment.date()
