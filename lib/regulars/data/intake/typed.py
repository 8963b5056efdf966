"""Typed: the text of a file becomes the contract's types, in the engine, or is missing.

Each cell is trimmed, a declared token for "no value" is missing, a declared word is translated,
and then the contract's type decides what the text may become.
"""

import ibis
import ibis.expr.types as ir

from regulars.data.contract import Field
from regulars.data.intake.dates import month_of, time_of
from regulars.data.intake.numbers import MONEY, WIDE_MONEY, number_of
from regulars.data.intake.texts import trimmed
from regulars.data.people.customer_ids import normal_form
from regulars.parameters import Source
from regulars.parameters.rules import Intake

__all__ = ["empty_column", "text_of", "typed_cell", "typed_product"]

TRUE = ("true", "yes", "y", "1", "t", "是", "ja", "wahr", "oui", "✓")
FALSE = ("false", "no", "n", "0", "f", "否", "nein", "falsch", "non", "✗")
ENGINE_TYPES = {
    "money": MONEY,
    "number": MONEY,
    "time": "timestamp(6)",
    "date": "date",
    "month": "date",
    "flag": "boolean",
}


def text_of(lines: ir.Table, field: Field, source: Source, *, plain: bool) -> ir.StringValue | None:
    """Return the trimmed text of a field's cells, or None where the source does not give it."""
    if field.name in source.values:
        return ibis.literal(source.values[field.name])
    if field.name not in source.columns:
        return None
    text = trimmed(lines[source.columns[field.name]], plain=plain)
    if source.missing:
        text = ibis.ifelse(text.isin(source.missing), ibis.null().cast("string"), text)
    if words := source.translate.get(field.name):
        text = text.substitute(words)
    return text


def typed_cell(
    text: ir.StringValue, field: Field, source: Source, *, exact: bool, rules: Intake
) -> ir.Value:
    """Return a cell's text as the type of its field; what does not parse becomes missing.

    Parameters
    ----------
    text : string expression
        As `text_of` gives it.
    field : Field
        Decides the type.
    source : Source
        Says how numbers and dates are written.
    exact : bool
        Whether the reader gave dates as ISO text, as it does for Excel, Parquet and databases.
    rules : Intake
        How ids are compared, and the shop's time zone.
    """
    if field.type in ("money", "number"):
        return number_of(text, source)
    if field.type in ("time", "date", "month"):
        return _date(text, field, source.formats_of(field.name), exact, rules.timezone)
    if field.type == "flag":
        return _flag(text)
    if field.type == "choice":
        return text.lower()
    if field.type == "id":
        how = rules.customer_ids if field.person == "pseudonym" else "exact"
        return normal_form(text, how)
    return text


def typed_product(first: ir.DecimalValue, second: ir.DecimalValue) -> ir.DecimalValue:
    """Return quantity times price; wide factors, since the engine raises beyond its own type."""
    return (first.cast(WIDE_MONEY) * second.cast(WIDE_MONEY)).try_cast(MONEY)


def empty_column(field: Field) -> ir.Value:
    """Return the column of a field that the source does not have: there, and missing."""
    return ibis.null().cast(ENGINE_TYPES.get(field.type, "string"))


def _date(
    text: ir.StringValue, field: Field, formats: list[str], exact: bool, zone: str
) -> ir.Value:
    if exact and "ISO" not in formats:
        formats = [*formats, "ISO"]
    if field.type == "month":
        return month_of(text, formats)
    moment = time_of(text, formats, zone=zone)
    return moment.date() if field.type == "date" else moment


def _flag(text: ir.StringValue) -> ir.BooleanValue:
    word = text.lower()
    return ibis.cases((word.isin(TRUE), True), (word.isin(FALSE), False))
