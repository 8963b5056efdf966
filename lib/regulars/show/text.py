"""Text: values from the data as words that are safe to draw, print and put on a page."""

import datetime
import unicodedata

import pandas as pd

__all__ = [
    "MISSING",
    "MONTHS",
    "NBSP",
    "as_date",
    "as_sentence",
    "as_source",
    "columns",
    "is_missing",
    "one_line",
]

MISSING = "–"
NBSP = "\u00a0"

# strftime("%B") follows the machine's language; a report has to read the same everywhere.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_CONTROLS = {"Cc", "Zl", "Zp"}
_DIRECTIONS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(value: object, *, width: int = 300) -> str:
    r"""Return a value as one line of visible text, cut to a width.

    Control characters and line breaks become spaces, so that a cell cannot move the terminal's
    cursor; marks that turn the writing direction are dropped, so that it cannot show as something
    else. No-break spaces are kept. Nothing is escaped here: whoever makes markup does that.

    Parameters
    ----------
    value : object
        Anything with a text; missing values become an en dash.
    width : int
        The most characters to keep; a cut is shown by an ellipsis.

    Examples
    --------
    >>> one_line("a\tlong\nname", width=8)
    'a long …'
    >>> one_line(None)
    '–'
    """
    if is_missing(value):
        return MISSING
    # Four times the width leaves room for what is dropped, and spares a cell of many kilobytes.
    seen = "".join(_visible(character) for character in str(value)[: 4 * width + 4])
    words = " ".join(word for word in seen.split(" ") if word)
    return words if len(words) <= width else words[: width - 1] + "…"


def is_missing(value: object) -> bool:
    """Tell whether a value is None, NaN, NaT or pandas' NA.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing("nan")
    (True, False)
    """
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def as_sentence(text: str) -> str:
    """Return the text with a full stop, unless it ends a sentence already.

    Examples
    --------
    >>> as_sentence("Who comes back")
    'Who comes back.'
    >>> as_sentence("Who comes back?")
    'Who comes back?'
    """
    text = text.rstrip(" ")
    return text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else text + "."


def as_source(source: str) -> str:
    """Return the source as the last line of a chart or table.

    Examples
    --------
    >>> as_source("CDNOW, 6,919 lines")
    'Source: CDNOW, 6,919 lines.'
    """
    text = one_line(source)
    return as_sentence(text if text.lower().startswith("source") else f"Source: {text}")


def columns(text: str) -> int:
    """Return how many columns of a terminal a text needs.

    Chinese, Japanese and Korean signs take two, an accent that joins its letter none.

    Examples
    --------
    >>> columns("abc"), columns("北京")
    (3, 4)
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def as_date(value: str | datetime.date | pd.Timestamp) -> datetime.date:
    """Return the calendar day of an ISO text, a date or a timestamp.

    Examples
    --------
    >>> as_date("1998-06-30")
    datetime.date(1998, 6, 30)
    """
    return pd.Timestamp(value).date()


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in _CONTROLS:
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if character in _DIRECTIONS else character
