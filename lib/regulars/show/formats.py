"""Formats: how a column of numbers, days or names is written in a table.

All values of a column are written with the same number of decimals, so that they line up.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from regulars.show.names import reader_name
from regulars.show.text import MISSING, MONTHS, NBSP, as_date, is_missing, one_line

__all__ = [
    "decimal",
    "format_values",
    "guess_format",
    "is_number",
    "money_decimals",
    "with_currency",
]

# Only signs that stand for one currency in everyday use; CA$, A$, yen and yuan would be mixed up.
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_WHOLE = {"CLP", "IDR", "ISK", "JPY", "KRW", "VND"}


def format_values(values: Iterable, spec: str) -> list[str]:
    r"""Write the values of one column.

    Parameters
    ----------
    values : iterable
        The cells of a column. None, NaN and NaT are written as an en dash.
    spec : str
        ``count`` (2,357), ``share`` (0.483 as 48.3 %), ``money:USD`` ($244,092), ``money`` (the
        header says the currency), ``days`` (54 days), ``number`` or ``number:2`` (decimals),
        ``date`` (30 June 1998), ``month`` (June 1998), ``name`` (a name the measures use, as
        readers know it) or ``text``.

    Raises
    ------
    ValueError
        If the format is not one of these.

    Examples
    --------
    >>> format_values([0.4832, None], "share") == ["48.3\u00a0%", "–"]
    True
    >>> format_values([1200, 35.5], "money:USD")
    ['$1,200', '$36']
    """
    kind, _, argument = spec.partition(":")
    if kind not in _WRITERS:
        raise ValueError(
            f"Expected a format out of {', '.join(_WRITERS)}; found {spec!r}. "
            "Decimals and currencies follow a colon, as in number:2 or money:USD."
        )
    values = list(values)
    write = _WRITERS[kind](values, argument)
    return [MISSING if _is_unwritable(value) else write(value) for value in values]


def guess_format(values: pd.Series) -> str:
    """Return the format that suits the type of a column.

    Examples
    --------
    >>> guess_format(pd.Series([1, 2])), guess_format(pd.Series(["a"]))
    ('count', 'text')
    """
    if pd.api.types.is_bool_dtype(values):
        return "text"
    if pd.api.types.is_integer_dtype(values):
        return "count"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(values) else "text"


def is_number(spec: str) -> bool:
    """Tell whether a format writes numbers, which stand to the right.

    Examples
    --------
    >>> is_number("money:USD"), is_number("month")
    (True, False)
    """
    return spec.partition(":")[0] in {"count", "share", "money", "days", "number"}


def with_currency(number: str, currency: str) -> str:
    r"""Put the currency before a written amount: a sign for USD, EUR and GBP, else the ISO code.

    Examples
    --------
    >>> with_currency("1,200", "USD")
    '$1,200'
    >>> with_currency("−1,200", "EUR")
    '−€1,200'
    >>> with_currency("1,200", "CNY") == "CNY\u00a01,200"
    True
    """
    sign, digits = ("−", number[1:]) if number.startswith("−") else ("", number)
    before = _SIGNS.get(currency, one_line(currency, width=12) + NBSP if currency else "")
    return sign + before + digits


def decimal(value: float, decimals: int) -> str:
    """Write a number with thousands separators, a true minus sign and no negative zero.

    Examples
    --------
    >>> decimal(-1234.5, 1), decimal(-0.001, 2)
    ('−1,234.5', '0.00')
    """
    text = f"{abs(value):,.{decimals}f}"
    return "−" + text if value < 0 and text.strip("0.,") else text


def money_decimals(values: Iterable[float], currency: str) -> int:
    """Return 0 where cents do not matter (a thousand or more) or do not exist, else 2.

    Examples
    --------
    >>> money_decimals([35.22, None], "USD"), money_decimals([1200, 35.22], "USD")
    (2, 0)
    """
    amounts = [abs(float(value)) for value in values if not _is_unwritable(value)]
    whole = all(amount.is_integer() for amount in amounts)
    return 0 if whole or currency in _WHOLE or max(amounts, default=0) >= 1000 else 2


def _count(values: list, argument: str) -> Callable[[float], str]:
    return lambda value: decimal(float(value), 0)


def _share(values: list, argument: str) -> Callable[[float], str]:
    decimals = int(argument or 1)
    return lambda value: decimal(100 * float(value), decimals) + NBSP + "%"


def _money(values: list, argument: str) -> Callable[[float], str]:
    decimals = money_decimals(values, argument)
    return lambda value: with_currency(decimal(float(value), decimals), argument)


def _days(values: list, argument: str) -> Callable[[float], str]:
    decimals = int(argument or (0 if _all_whole(values) else 1))

    def write(value: float) -> str:
        text = decimal(float(value), decimals)
        return text + NBSP + ("day" if text == "1" else "days")

    return write


def _number(values: list, argument: str) -> Callable[[float], str]:
    decimals = int(argument) if argument else _enough_decimals(values)
    return lambda value: decimal(float(value), decimals)


def _date(values: list, argument: str) -> Callable[[object], str]:
    def write(value: object) -> str:
        day = as_date(value)
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    return write


def _month(values: list, argument: str) -> Callable[[object], str]:
    def write(value: object) -> str:
        day = as_date(value)
        return f"{MONTHS[day.month - 1]} {day.year}"

    return write


def _name(values: list, argument: str) -> Callable[[object], str]:
    return lambda value: reader_name(str(value))


def _text(values: list, argument: str) -> Callable[[object], str]:
    def write(value: object) -> str:
        if isinstance(value, bool | np.bool_):
            return "yes" if value else "no"
        return one_line(value)

    return write


_WRITERS = {
    "count": _count,
    "share": _share,
    "money": _money,
    "days": _days,
    "number": _number,
    "date": _date,
    "month": _month,
    "name": _name,
    "text": _text,
}


def _is_unwritable(value: object) -> bool:
    return is_missing(value) or (isinstance(value, float) and not math.isfinite(value))


def _all_whole(values: list) -> bool:
    return all(float(value).is_integer() for value in values if not _is_unwritable(value))


def _enough_decimals(values: list) -> int:
    """Return as many decimals as show three digits of the largest value, and at most three."""
    largest = max((abs(float(value)) for value in values if not _is_unwritable(value)), default=0)
    if _all_whole(values) or largest >= 1000:
        return 0
    return 3 if largest < 1 else 2 if largest < 10 else 1
