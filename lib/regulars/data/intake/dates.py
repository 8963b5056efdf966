"""Dates: text becomes a local timestamp, in the formats its source declares, or is missing.

A date counts only if, written again in its format, it gives the text it came from: the engine
reads 1997011 as 1997-01-1 where a careful reader sees a mistake.
"""

import ibis
import ibis.expr.datatypes as types
import ibis.expr.types as ir

__all__ = ["month_of", "time_of"]

DATE = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
CLOCK = "[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
ISO = f"^{DATE}({CLOCK})?$"  # no zone, no "infinity"
OFFSET = f"^{DATE}{CLOCK} ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$"
MINUTES = "^([^:]+:[0-9]{2})([Z+-].*)$"
MONTH = "^[0-9]{4}-[0-9]{1,2}$"
SERIAL = "^[0-9]{1,6}([.][0-9]+)?$"
FIRST_SERIAL = 61  # before it, Excel counts a 29 February 1900 that was none
EPOCHS = {"excel": "1899-12-30", "excel1904": "1904-01-01"}


@ibis.udf.scalar.builtin
def try_strptime(text: str, date_format: str) -> types.timestamp:
    """DuckDB's strptime that gives NULL where Ibis's own as_timestamp raises."""


@ibis.udf.scalar.builtin(name="timezone")
def local(zone: str, moment: types.Timestamp(timezone="UTC")) -> types.timestamp:
    """DuckDB's conversion of a moment to the local time of a zone."""


def time_of(text: ir.StringValue, formats: list[str], *, zone: str = "") -> ir.TimestampValue:
    """Return text as local timestamps; what is no date in any of the formats becomes missing.

    Parameters
    ----------
    text : string expression
        Trimmed; missing stays missing.
    formats : list of str
        ``ISO``, ``excel``, ``excel1904``, or strptime's letters; tried in turn.
    zone : str
        The shop's time zone. With it, ISO times with an offset become local times; without it
        they are missing, since they would move to another day without a word.
    """
    found = [_read(text, one, zone) for one in formats]
    return found[0] if len(found) == 1 else ibis.coalesce(*found)


def month_of(text: ir.StringValue, formats: list[str]) -> ir.DateValue:
    """Return text as the first day of its month; ``2025-03`` is read whatever is declared."""
    whole = ibis.ifelse(text.re_search(MONTH), text + "-01", None).try_cast("timestamp")
    return ibis.coalesce(whole, time_of(text, formats)).truncate("M").date()


def _read(text: ir.StringValue, date_format: str, zone: str) -> ir.TimestampValue:
    if date_format in EPOCHS:
        return _serial(text, ibis.timestamp(EPOCHS[date_format]))
    if date_format == "ISO":
        plain = ibis.ifelse(text.re_search(ISO), text, None).try_cast("timestamp")
        return ibis.coalesce(plain, _with_offset(text, zone)) if zone else plain
    parsed = try_strptime(text, date_format)
    same = _unpadded(parsed.strftime(date_format)) == _unpadded(text)
    return ibis.ifelse(same, parsed, None)


def _with_offset(text: ir.StringValue, zone: str) -> ir.TimestampValue:
    # Where an offset follows, the engine wants the seconds, and no blank.
    whole = text.re_replace(r" ([Z+-][0-9:]*)$", r"\1").re_replace(MINUTES, r"\1:00\2")
    moment = ibis.ifelse(text.re_search(OFFSET), whole, None).try_cast("timestamp('UTC')")
    return local(zone, moment)


def _serial(text: ir.StringValue, epoch: ir.TimestampScalar) -> ir.TimestampValue:
    days = ibis.ifelse(text.re_search(SERIAL), text, None).try_cast("float64")
    days = ibis.ifelse(days >= FIRST_SERIAL, days, None)
    return epoch + (days * 86_400).round().cast("int64").as_interval("s")


def _unpadded(text: ir.StringValue) -> ir.StringValue:
    return text.lower().re_replace(r"(^|[^0-9])0+([0-9])", r"\1\2")
