"""Cells: values of a program's own types, written as the text a person would have typed."""

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal

from regulars.parameters import Source

__all__ = ["id_columns", "plain", "spoiled_or_plain", "text_of", "texts"]

EXACT = 1e15
"""From here on a floating-point number has lost digits that an id has."""


def text_of(value: object, *, is_id: bool = False) -> str | None:
    """Write a value as text; nothing for a missing one.

    Numbers are written without an exponent and without a trailing ``.0``, dates in ISO form, and
    nested values as JSON. A floating-point number too large to be exact is written with its
    exponent where it should be an id, so that the contract sees it is spoiled.

    Examples
    --------
    >>> [text_of(value) for value in (42.0, 1e-7, True, dt.date(2024, 1, 5), None)]
    ['42', '0.0000001', 'true', '2024-01-05', None]
    >>> text_of(1.23e15, is_id=True)
    '1.23E+15'
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return spoiled_or_plain(value) if is_id else plain(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return _moment(value).isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=text_of)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def plain(number: float) -> str | None:
    """Write a number without an exponent; what is no number is missing."""
    if number != number:
        return None
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0")


def spoiled_or_plain(number: float) -> str | None:
    """Write a number that should be an id: with its exponent where digits are lost."""
    if abs(number) < EXACT or number != number:
        return plain(number)
    digits, _, exponent = f"{number:.14E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{exponent}"


def id_columns(source: Source) -> set[str]:
    """Return the file's names of the columns that are ids."""
    return {theirs for ours, theirs in source.columns.items() if ours.endswith("_id")}


def texts(row: Iterable[object], *, ids: Iterable[bool]) -> list[str | None]:
    """Write a row's values as text, knowing which of them are ids."""
    return [text_of(value, is_id=is_id) for value, is_id in zip(row, ids, strict=True)]


def _moment(value: dt.datetime) -> dt.datetime:
    """Round to milliseconds, where spreadsheets keep 13:14:15 as 13:14:14.999999."""
    if value.microsecond % 1000 in (1, 999):
        value += dt.timedelta(microseconds=1 if value.microsecond % 1000 == 999 else -1)
    return value
