"""Typed: text becomes the contract's types, in the engine; what does not parse is missing."""

import ibis
import ibis.expr.datatypes as types
import ibis.expr.types as ir

from regulars.data.contract import Field, Table
from regulars.parameters import Source

__all__ = ["MONEY", "typed"]

MONEY = "decimal(18, 4)"
WIDE = "decimal(38, 4)"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$"
ISO_DATE = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9:.]+)?$"  # no zone, no "infinity"


@ibis.udf.scalar.builtin
def try_strptime(text: str, date_format: str) -> types.timestamp:
    """DuckDB's strptime that gives NULL where Ibis's own as_timestamp raises."""


def typed(lines: ir.Table, table: Table, source: Source) -> ir.Table:
    """Return text columns as the contract's types; what does not parse becomes missing.

    Columns of the contract that the source does not have are there, and missing.
    """
    columns = {
        name: _typed_column(lines, field, source)
        if name in lines.columns
        else ibis.null().cast(_engine_type(field))
        for name, field in table.fields.items()
    }
    for name, (first, second) in table.either.items():
        if name not in lines.columns:
            # Wide factors: DuckDB raises where the product leaves its own type.
            product = columns[first].cast(WIDE) * columns[second].cast(WIDE)
            columns[name] = product.try_cast(MONEY)
    return lines.select(**columns, raw=lines.raw, source_line=lines.source_line)


def _typed_column(lines: ir.Table, field: Field, source: Source) -> ir.Value:
    text = lines[field.name].strip().nullif("")
    if field.type in ("money", "number"):
        return ibis.ifelse(text.re_search(NUMBER), text, None).try_cast(MONEY)
    if field.type != "time":
        return text
    if source.date_format == "ISO":
        return ibis.ifelse(text.re_search(ISO_DATE), text, None).try_cast("timestamp")
    parsed = try_strptime(text, source.date_format)
    # DuckDB reads 1997011 as 1997-01-1: what does not read back as it was written is not a date.
    same = _unpadded(parsed.strftime(source.date_format)) == _unpadded(text)
    return ibis.ifelse(same, parsed, None)


def _unpadded(text: ir.StringValue) -> ir.StringValue:
    return text.lower().re_replace(r"(^|[^0-9])0+([0-9])", r"\1\2")


def _engine_type(field: Field) -> str:
    return {"money": MONEY, "number": MONEY, "time": "timestamp"}.get(field.type, "string")
