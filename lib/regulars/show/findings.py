"""Findings: numbers as words, and sentences on the page.

House rules: a no-break space stands between a number and its unit, so that a line never breaks
there; USD, EUR and GBP have their sign, every other currency its ISO code; minus is a minus sign;
months are English; what is missing is an en dash.
"""

import datetime
import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Protocol

from regulars.show.formats import decimal, format_values, money_decimals, with_currency
from regulars.show.names import reader_name
from regulars.show.output import publish
from regulars.show.text import MISSING, NBSP, as_sentence, is_missing, one_line

__all__ = [
    "count",
    "day",
    "days",
    "doubts",
    "interval",
    "missing",
    "money",
    "month",
    "name",
    "number",
    "plural",
    "say",
    "share",
]


class HasInterval(Protocol):
    """Anything with the ends of an interval, such as ``measures.intervals.Estimate``."""

    low: float | None
    high: float | None


def share(x: float | None) -> str:
    """Write a share (0 to 1) in %, with two digits, and never 0 or 100 for what is not.

    Examples
    --------
    >>> [share(x).replace(NBSP, " ") for x in (.4832, .0812, .004, .0004, .9961, .9999, 1, None)]
    ['48 %', '8.1 %', '0.4 %', '<0.1 %', '99.6 %', '>99.9 %', '100 %', '–']
    """
    if _unknown(x):
        return MISSING
    return _percent(100 * float(x)) + NBSP + "%"


def count(n: float | None) -> str:
    """Write a whole number with thousands separators.

    Examples
    --------
    >>> count(2357)
    '2,357'
    """
    return MISSING if _unknown(n) else decimal(float(n), 0)


def number(x: float | None, decimals: int = 2) -> str:
    """Write a number with so many decimals.

    Examples
    --------
    >>> number(.78554, 3)
    '0.786'
    """
    return MISSING if _unknown(x) else decimal(float(x), decimals)


def money(x: float | None, currency: str) -> str:
    r"""Write an amount: no cents from a thousand on, where it is whole, or has none.

    Examples
    --------
    >>> money(244091.94, "USD"), money(35.22, "EUR"), money(1200, "CNY") == "CNY\u00a01,200"
    ('$244,092', '€35.22', True)
    """
    if _unknown(x):
        return MISSING
    return with_currency(decimal(float(x), money_decimals([x], currency)), currency)


def days(x: float | None) -> str:
    """Write a length of time; below ten days with a decimal where it has one.

    Examples
    --------
    >>> [days(x).replace(NBSP, " ") for x in (54.3, 4.5, 1)]
    ['54 days', '4.5 days', '1 day']
    """
    if _unknown(x):
        return MISSING
    text = decimal(float(x), 0 if abs(float(x)) >= 10 or float(x).is_integer() else 1)
    return text + NBSP + ("day" if text == "1" else "days")


def month(d: str | datetime.date | None) -> str:
    """Write the month of a day.

    Examples
    --------
    >>> month("1998-06-30")
    'June 1998'
    """
    return format_values([d], "month")[0]


def day(d: str | datetime.date | None) -> str:
    """Write a day.

    Examples
    --------
    >>> day(datetime.date(1998, 6, 30))
    '30 June 1998'
    """
    return format_values([d], "date")[0]


def name(machine_name: str) -> str:
    """Write the name of a model, rule or segment as readers know it.

    Examples
    --------
    >>> name("mbg_nbd"), name("at_risk")
    ('MBG/NBD', 'At risk')
    """
    return reader_name(machine_name)


def plural(n: int, one: str, many: str = "") -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> plural(1, "customer"), plural(2357, "customer"), plural(0, "enquiry", "enquiries")
    ('1 customer', '2,357 customers', '0 enquiries')
    """
    noun = one if n == 1 else many or one + "s"
    return f"{count(n)} {noun}"


def interval(estimate: HasInterval, *, as_: str | Callable[[float], str] = "share") -> str:
    """Write the ends of an interval.

    Parameters
    ----------
    estimate : Estimate
        Its `low` and `high` are written; where either is missing, an en dash.
    as_ : str or function
        ``share``, ``count``, ``days``, ``number``, ``number:3``, ``money:USD``, or one's own
        function of a number.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> interval(SimpleNamespace(low=.463, high=.5035)).replace(NBSP, " ")
    '46 % to 50 %'
    """
    if _unknown(estimate.low) or _unknown(estimate.high):
        return MISSING
    write = as_ if callable(as_) else _writer(as_)
    return f"{write(estimate.low)} to {write(estimate.high)}"


def missing(table: str, columns: Sequence[str], would_show: str) -> str:
    """Return the one sentence a notebook says when its table is not there.

    Examples
    --------
    >>> missing("surveys", ["score"], "how customers judge us").partition(": ")[2]
    'with its column score, this page would show how customers judge us.'
    """
    *others, last = [one_line(column) for column in columns]
    listed = f"columns {', '.join(others)} and {last}" if others else f"column {last}"
    return as_sentence(
        f"This workbook has no table {one_line(table)}: with its {listed}, "
        f"this page would show {one_line(would_show)}"
    )


def say(*sentences: str) -> None:
    """Display sentences, each a paragraph of its own.

    Examples
    --------
    >>> say("Half of the customers come back.", "Most within two months.")
    Half of the customers come back.
    Most within two months.
    """
    _paragraphs(sentences, "finding")


def doubts(sentences: Sequence[str]) -> None:
    """Display what to be careful about; nothing at all if there is nothing.

    Examples
    --------
    >>> doubts(["Two cut points are equal."])
    Two cut points are equal.
    >>> doubts([])
    """
    _paragraphs(sentences, "doubt")


def _paragraphs(sentences: Sequence[str], kind: str) -> None:
    lines = [one_line(sentence, width=1000) for sentence in sentences if sentence]
    if lines:
        html = "".join(f'<p class="{kind}">{escape(line)}</p>' for line in lines)
        publish({"text/plain": "\n".join(lines), "text/html": html})


def _percent(percent: float) -> str:
    size = abs(percent)
    sign, less, more = ("−", ">", "<") if percent < 0 else ("", "<", ">")
    if 0 < size < 0.05:
        return f"{less}{sign}0.1"
    if 99.95 <= size < 100:
        return f"{more}{sign}99.9"
    one_decimal = 0 < round(size, 1) < 10 or 99 < size < 100
    return sign + decimal(size, 1 if one_decimal else 0)


def _unknown(x: float | None) -> bool:
    return is_missing(x) or not math.isfinite(float(x))


def _writer(name: str) -> Callable[[float], str]:
    kind, _, argument = name.partition(":")
    writers = {
        "count": count,
        "days": days,
        "money": lambda x: money(x, argument),
        "number": lambda x: number(x, int(argument or 2)),
        "share": share,
    }
    if kind not in writers:
        raise ValueError(f"Expected one of {', '.join(writers)}; found {name!r}.")
    return writers[kind]
