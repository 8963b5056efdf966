"""Parquet: columns with types of their own, written as text in the engine."""

import duckdb
import ibis
import ibis.expr.types as ir

from regulars.data.readers.cells import id_columns
from regulars.data.readers.model import Job, Origin, Read, asked_of, distinct
from regulars.errors import DataError
from regulars.parameters import Source

__all__ = ["header_of_parquet", "read_parquet"]

KIND = "parquet"
WHOLE, SMALL = "decimal(38, 0)", "decimal(38, 18)"


def read_parquet(job: Job) -> Read:
    """Read a Parquet file; the line of a row is its number, from 1.

    Numbers are written without an exponent, times in ISO form, those with a zone in UTC with its
    offset, and nested values as JSON.

    Raises
    ------
    DataError
        If it is no Parquet file, or an id is a floating-point number.
    """
    try:
        rows = job.engine.read_parquet(str(job.origin.path))
    except duckdb.Error:
        raise _no_parquet(job.origin) from None
    _check_ids(job, rows)
    names = distinct(rows.columns, asked_of(job.source))
    texts = {name: _text(rows[own]) for name, own in zip(names, rows.columns, strict=True)}
    try:
        written, held = job.write(rows.select(**texts)), int(rows.count().execute())
    except (duckdb.InvalidInputException, duckdb.IOException):
        raise DataError(f"{job.label}: the file is damaged. Ask for it again.") from None
    if written != held:
        raise DataError(
            f"{job.label}: it holds {held:,} rows, but {written:,} were written. It may have "
            "changed while it was read; run it again."
        )
    return Read(job.label, KIND, written, first_line=1, malformed=None, lines=held)


def header_of_parquet(origin: Origin, source: Source) -> list[str]:
    """Return the columns of a Parquet file."""
    try:
        return list(ibis.duckdb.connect().read_parquet(str(origin.path)).columns)
    except duckdb.Error:
        raise _no_parquet(origin) from None


def _no_parquet(origin: Origin) -> DataError:
    return DataError(f"{origin.label}: expected a Parquet file, found something else.")


def _check_ids(job: Job, rows: ir.Table) -> None:
    for name in id_columns(job.source):
        if rows[name].type().is_floating():
            raise DataError(
                f"{job.label}: the ids in the column {name!r} are floating-point numbers, which "
                "spoils them (42 becomes 42.0). Expected text or whole numbers; write it anew."
            )


def _text(column: ir.Value) -> ir.StringValue:
    kind = column.type()
    if kind.is_floating():
        return _plain(column)
    if kind.is_timestamp() and kind.timezone:
        # In UTC, whatever the engine's own zone is.
        local = ibis.literal("1970-01-01").cast("timestamp") + _microseconds(column)
        return local.cast("string") + "+00:00"
    if kind.is_nested():
        return column.cast("json").cast("string")
    return column.cast("string")


def _microseconds(column: ir.TimestampValue) -> ir.IntervalValue:
    return epoch_us(column).as_interval("us")


@ibis.udf.scalar.builtin
def epoch_us(moment) -> int:
    """DuckDB's microseconds since 1970."""


def _plain(column: ir.FloatingValue) -> ir.StringValue:
    """Write a floating-point number without an exponent, and one that is none as missing."""
    text = column.cast("string").re_replace(r"\.0$", "")
    small = column.try_cast(SMALL).cast("string").re_replace(r"\.?0+$", "")
    wide = ibis.ifelse(column.abs() < 1, small, column.try_cast(WHOLE).cast("string"))
    text = ibis.ifelse(text.contains("e"), ibis.coalesce(wide, text), text)
    return ibis.ifelse(column.isnan(), ibis.null(), text)
