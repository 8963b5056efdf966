"""Judged: each row with its typed cells, the reasons that reject it, and what is flagged.

The first reason of a row is the one that counts in the ledger; all of them are kept.
"""

import functools
import operator

import ibis
import ibis.expr.types as ir

from regulars.data.contract import TABLES, Field, Table
from regulars.data.intake.cell_checks import (
    IN_CURRENCY,
    TEXT,
    Check,
    cell_checks,
    cell_flags,
    day_of,
    excused,
)
from regulars.data.intake.numbers import MONEY, WIDE_MONEY
from regulars.data.intake.texts import trimmed
from regulars.data.intake.told import Told
from regulars.data.intake.totals import is_total, may_have_totals
from regulars.data.intake.typed import empty_column, text_of, typed_cell, typed_product
from regulars.data.people.customer_ids import apply_merges
from regulars.data.people.identifiers import name_kind
from regulars.data.people.pseudonyms import pseudonym
from regulars.data.readers.model import LINE
from regulars.parameters import Intake, Source

__all__ = ["HELD", "IDENTIFIERS", "judged"]

HELD = "held_"  # before the name of a kind of direct identifier
IDENTIFIERS = {f.name for f in TABLES["customers"].fields.values() if f.person == "drop"}
RATE = "decimal(38, 10)"


def judged(lines: ir.Table, table: Table, source: Source, *, told: Told, exact: bool) -> ir.Table:
    """Return the rows of a file typed and judged.

    Parameters
    ----------
    lines : Table
        Text columns under the file's own names, as a reader gives them.
    table, source, told
        The contract, how the file is written, and what else was said.
    exact : bool
        See `regulars.data.intake.typed.typed_cell`.

    Returns
    -------
    Table
        The kept fields typed; further attributes; ``reasons`` and ``flags`` (names with a blank
        behind each); ``raw`` (the row as JSON, for rejected rows only); ``extra`` (a hash of the
        columns that are not mapped); ``held_<field>`` (whether a cell that tells who somebody is
        was filled), and the line where the reader gave it.
    """
    rows = _typed(_texts(lines, table, source), table, source, told.rules, exact)
    if f"{TEXT}currency" in rows.columns:
        rows = _converted(rows, told)
    given = set(rows.columns)
    fields = [f for name, f in table.kept_fields().items() if f"{TEXT}{name}" in given]
    checks = _total_line(rows, table)
    passes = excused(rows, table, told)
    checks += [check for field in fields for check in cell_checks(rows, field, told, passes=passes)]
    signs = [sign for field in fields for sign in cell_flags(rows, field, told, passes=passes)]
    for rule in table.rules:
        if not rule.about or f"{TEXT}{rule.about}" in given:
            place = signs if rule.action == "flag" else checks
            place.append((rule.reason, rule.broken(rows, told.as_of)))
    checks += _test_customer(rows, told)
    rows = rows.mutate(reasons=_named(checks), flags=_named(signs))
    return _kept(rows, table, told)


def _texts(lines: ir.Table, table: Table, source: Source) -> ir.Table:
    """Give each field's text a column, beside the whole row and a hash of what is not mapped."""
    own = [name for name in lines.columns if name != LINE]
    plain = LINE not in lines.columns  # the engine read the file by itself
    fields = table.kept_fields().items()
    found = {name: text_of(lines, field, source, plain=plain) for name, field in fields}
    texts = {f"{TEXT}{name}": text for name, text in found.items() if text is not None}
    attributes = {
        ours: trimmed(lines[theirs], plain=plain) for ours, theirs in source.attributes.items()
    }
    return lines.select(
        **texts,
        **attributes,
        **_held(lines, own, table, source),
        **({LINE: lines[LINE]} if LINE in lines.columns else {}),
        whole=ibis.struct({name: lines[name] for name in own}),
        extra=_rest(lines, own, source),
    )


def _typed(rows: ir.Table, table: Table, source: Source, rules: Intake, exact: bool) -> ir.Table:
    """Put the typed value of each field beside its text."""
    columns = {}
    for name, field in table.kept_fields().items():
        there = f"{TEXT}{name}" in rows.columns
        text = rows[f"{TEXT}{name}"] if there else None
        columns[name] = (
            typed_cell(text, field, source, exact=exact, rules=rules)
            if there
            else empty_column(field)
        )
    for name, (first, second) in (table.either or {}).items():
        if f"{TEXT}{name}" not in rows.columns:
            columns[name] = typed_product(columns[first], columns[second])
            columns[f"{TEXT}{name}"] = rows[f"{TEXT}{first}"] + rows[f"{TEXT}{second}"]
    return rows.mutate(**columns)


def _rest(lines: ir.Table, own: list[str], source: Source) -> ir.IntegerValue:
    """Hash the columns that are not mapped: two lines may differ in them alone."""
    used = {*source.columns.values(), *source.attributes.values()}
    rest = {f"c{n}": lines[name] for n, name in enumerate(own) if name not in used}
    # The cast is needed: of a literal the engine makes an int32, which no other file's hash is.
    return ibis.struct(rest).hash() if rest else ibis.literal(0).cast("int64")


def _held(lines: ir.Table, own: list[str], table: Table, source: Source) -> dict:
    """Say for each kind of direct identifier whether the row holds one; none goes further."""
    mapped = {theirs: ours for ours, theirs in source.columns.items()}
    kinds: dict[str, ir.BooleanValue] = {}
    for theirs in own:
        kind = mapped.get(theirs) or name_kind(theirs)
        if kind not in IDENTIFIERS or (kind == "name" and table.name != "customers"):
            continue
        filled = trimmed(lines[theirs], plain=False).notnull()
        kinds[f"{HELD}{kind}"] = kinds.get(f"{HELD}{kind}", ibis.literal(False)) | filled
    return kinds


def _converted(rows: ir.Table, told: Told) -> ir.Table:
    code = rows.currency.upper().fill_null(told.currency)
    rates = {**told.rules.rates, told.currency: 1}
    # As text: Ibis would write a decimal with three places.
    known = [(code == name, ibis.literal(f"{worth:f}").cast(RATE)) for name, worth in rates.items()]
    rate = ibis.cases(*known)
    money = {
        name: (rows[name].cast(WIDE_MONEY) * rate).round(4).try_cast(MONEY)
        for name in IN_CURRENCY
        if told.rules.rates
    }
    return rows.mutate(**money, currency=code, has_rate=rate.notnull())


def _total_line(rows: ir.Table, table: Table) -> list[Check]:
    if not may_have_totals(table):
        return []
    who = f"{TEXT}customer_id"
    return [("total_line", is_total(rows, table, rows[who] if who in rows.columns else None))]


def _test_customer(rows: ir.Table, told: Told) -> list[Check]:
    if not told.rules.test_customers or f"{TEXT}customer_id" not in rows.columns:
        return []
    whole = f"(?i)^({told.rules.test_customers})$"
    return [("test_customer", rows.customer_id.re_search(whole))]


def _named(checks: list[Check]) -> ir.StringValue:
    """Return the names of the checks that hold, a blank behind each; most rows have none."""
    if not checks:
        return ibis.literal("")
    held = [(name, broken.fill_null(False)) for name, broken in checks]
    any_held = functools.reduce(operator.or_, [broken for _, broken in held])
    names = [ibis.ifelse(broken, f"{name} ", "") for name, broken in held]
    return ibis.ifelse(any_held, functools.reduce(operator.add, names), "")


def _kept(rows: ir.Table, table: Table, told: Told) -> ir.Table:
    """Keep what later steps need; what as_of cannot know yet becomes missing."""
    columns = {name: _known(rows, field, told) for name, field in table.kept_fields().items()}
    if "customer_id" in columns:
        columns["customer_id"] = _who(rows.customer_id, told)
    raw = rows.whole.cast("json").cast("string")
    if told.rules.conflicts != "reject":  # else any row may still be rejected
        raw = ibis.ifelse(rows.reasons == "", ibis.null(), raw)
    rest = [
        name
        for name in rows.columns
        if name not in columns and name not in ("whole", "has_rate") and not name.startswith(TEXT)
    ]
    return rows.select(**columns, **{name: rows[name] for name in rest}, raw=raw)


def _who(ids: ir.StringValue, told: Told) -> ir.StringValue:
    if told.merges is not None:
        ids = apply_merges(ids, told.merges)
    return ids if told.key is None else pseudonym(ids, told.key)


def _known(rows: ir.Table, field: Field, told: Told) -> ir.Value:
    when = field.known_with or (field.name if field.later == "unknown" else "")
    if not when or f"{TEXT}{when}" not in rows.columns:
        return rows[field.name]
    return ibis.ifelse(
        (day_of(rows[when]) > told.as_of).fill_null(False) & (rows.reasons == ""),
        ibis.null(),
        rows[field.name],
    )
