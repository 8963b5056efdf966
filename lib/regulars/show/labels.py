"""Labels: words that are short enough for their place in a chart, and drawable."""

from regulars.show.fonts import PLACEHOLDER, drawable
from regulars.show.formats import decimal
from regulars.show.names import reader_name
from regulars.show.text import MISSING, MONTHS, as_date, columns, is_missing

__all__ = ["axis_name", "in_short", "short_month", "wrap", "wrap_name"]


def axis_name(words: str, unit: str | None = None) -> str:
    """Return an axis label with its unit in brackets.

    Examples
    --------
    >>> axis_name("Spend", "USD")
    'Spend [USD]'
    """
    return drawable(f"{words} [{unit}]" if unit else words, width=70)


def short_month(value: object) -> str:
    """Return a month in short.

    Examples
    --------
    >>> short_month("1997-03-01")
    'Mar 1997'
    """
    day = as_date(value)
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def in_short(amount: float) -> str:
    """Return an amount in few letters, for places where many stand side by side.

    Examples
    --------
    >>> [in_short(amount) for amount in (207.4, 48_250, 1_250_000, None)]
    ['207', '48k', '1.2m', '–']
    """
    if is_missing(amount):
        return MISSING
    for size, sign in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(amount) >= 10_000 and abs(amount) >= size:
            return decimal(amount / size, 0 if abs(amount) >= 10 * size else 1) + sign
    return decimal(float(amount), 0)


def wrap_name(name: object, *, width: int = 24, lines: int = 2) -> str:
    r"""Return a name for readers on at most so many lines; what does not fit becomes an ellipsis.

    Examples
    --------
    >>> wrap_name("potential_loyalists", width=12)
    'Potential\nloyalists'
    """
    return wrap(drawable(reader_name(str(name))), width=width, lines=lines)


def wrap(text: str, *, width: int, lines: int = 2) -> str:
    r"""Break words into lines of a width, in letters; what does not fit becomes an ellipsis.

    Examples
    --------
    >>> wrap("Purchase lines per month", width=14)
    'Purchase lines\nper month'
    >>> wrap("Purchase lines per month", width=14, lines=1)
    'Purchase line…'
    """
    rows = [""]
    for word in text.split(" "):
        longer = f"{rows[-1]} {word}".strip(" ")
        if _wide(longer) <= width:
            rows[-1] = longer
        else:
            rows += _pieces(word, width)
    rows = [row for row in rows if row] or [""]
    if len(rows) <= lines:
        return "\n".join(rows)
    cut = _pieces(rows[lines - 1], width - 1)[0]
    return "\n".join([*rows[: lines - 1], cut + "…"])


def _pieces(word: str, width: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if _wide(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _wide(text: str) -> int:
    """Return the width in letters; an empty box is as wide as a Chinese sign."""
    return columns(text) + text.count(PLACEHOLDER)
