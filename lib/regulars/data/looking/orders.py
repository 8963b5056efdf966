"""Orders: what comes first in a date, day, month or year, and how surely."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from regulars.data.looking.finding import counted

__all__ = ["Around", "Order", "Span", "day_in", "decide_order", "orders_of"]

EARLIEST, LATEST = 1900, 2100
NAMED = ("%d{0}%b{0}%Y", "%d{0}%B{0}%Y", "%b %d, %Y", "%B %d, %Y")
FEW = 0.005
"""Up to this share of dates may be out of a proved order: they are mistakes, and rejected."""

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Around:
    """What is known beside a column.

    `within` are the days between which the other files lie, `columns` the orders that other columns
    of the file prove, `files` those of the table's other files.
    """

    within: Span | None = None
    columns: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass
class Order:
    """The order of dates of one shape: format, days found, evidence, and the other order if any."""

    format: str = ""
    days: Counter = field(default_factory=Counter)
    because: str = ""
    sure: bool = True
    rival: str = ""


def decide_order(texts: Mapping[str, int], rows: Iterable[str], around: Around) -> Order:
    """Choose the order of dates of one shape.

    Parameters
    ----------
    texts : mapping
        How often each date stands in the column, without its time.
    rows : iterable of str
        Some dates as they follow in the file.
    around : Around
        What is known beside the column.

    Examples
    --------
    >>> decide_order({"04/13/2024": 2, "05/06/2024": 1}, [], Around()).because
    '3 of 3 dates read as month, day, year (%m/%d/%Y), 1 as day, month, year (%d/%m/%Y)'
    """
    days = {one: _days(texts, one) for one in orders_of(next(iter(texts)))}
    read = {one: days[one].total() for one in days}
    likeliest = [one for one in read if read[one] == max(read.values()) > 0]
    if not likeliest:
        return Order()
    if len(likeliest) > 1 and not _is_usual(likeliest[0]):
        return _unproved(likeliest, days, list(rows), around)
    return _proved(likeliest[0], days, sum(texts.values()))


def _days(texts: Mapping[str, int], order: str) -> Counter:
    days: Counter = Counter()
    for text, times in texts.items():
        if day := day_in(text, order):
            days[day] += times
    return days


def _is_usual(order: str) -> bool:
    """Say whether an order needs no proof: nobody writes 2024-31-12, and May is May."""
    return (order[:2] == "%Y" and not order.startswith("%Y%m%d")) or "%b" in order


@lru_cache(maxsize=10_000)
def orders_of(text: str) -> tuple[str, ...]:
    """Return the formats a date's text may have, by its shape alone."""
    if text.isdigit():
        return ("%Y%m%d", "%d%m%Y", "%m%d%Y")
    if "年" in text:
        return ("%Y年%m月%d日",)
    if any(sign.isalpha() for sign in text):
        mark = "-" if "-" in text else " "
        return tuple(dict.fromkeys(one.format(mark) for one in NAMED))
    mark, first, last = re.search(r"\D", text)[0], *re.split(r"\D", text)[::2]
    if len(first) == 4:
        return (mark.join(("%Y", "%m", "%d")), mark.join(("%Y", "%d", "%m")))
    year = {4: "%Y", 2: "%y"}.get(len(last))
    if year is None or len(first) > 2:
        return ()
    two = (mark.join(("%y", "%m", "%d")),) if year == "%y" and len(first) == 2 else ()
    return (mark.join(("%d", "%m", year)), mark.join(("%m", "%d", year)), *two)


@lru_cache(maxsize=200_000)
def day_in(text: str, order: str) -> dt.date | None:
    """Return the day a text is in a format, if written again it gives the text."""
    try:
        day = dt.datetime.strptime(text, order).date()
    except ValueError:
        return None
    same = _unpadded(day.strftime(order)) == _unpadded(text)
    return day if same and EARLIEST <= day.year <= LATEST else None


def _unpadded(text: str) -> str:
    return re.sub(r"(^|[^0-9])0+([0-9])", r"\1\2", text.lower())


def _proved(order: str, days: dict[str, Counter], total: int) -> Order:
    read = days[order].total()
    others = {one: days[one].total() for one in days if one != order}
    said = f"{read:,} of {counted(total, 'date')} read as {_in_words(order)}"
    if others and not _is_usual(order):
        next_best = max(others, key=others.__getitem__)
        said += f", {others[next_best]:,} as {_in_words(next_best)}"
    proof, against = read - max(others.values(), default=0), total - read
    sure = _is_usual(order) or proof > 2 * against
    return Order(order, days[order], said, sure and against <= FEW * total)


def _unproved(
    orders: list[str], days: dict[str, Counter], rows: list[str], around: Around
) -> Order:
    """Choose between orders that all the dates allow."""
    span = around.within
    tests: dict[str, Callable[[str], float]] = {
        "other columns of the file prove it": lambda one: one in around.columns,
        "only so they lie where the other files do": lambda one: _share_within(days[one], span),
        "only so they follow in order": lambda one: _share_rising(rows, one),
        "so they lie in fewer months": lambda one: -len({(d.year, d.month) for d in days[one]}),
        "other files of the table are written so": lambda one: one in around.files,
    }
    ranked, said = orders, f"{_in_words(orders[0])} is more common"
    for because, score in tests.items():
        by_score = sorted(orders, key=score, reverse=True)
        if score(by_score[0]) - score(by_score[1]) > 0.1:
            ranked, said = by_score, because
            break
    seen = f"no part of {counted(days[orders[0]].total(), 'date')} proves the order"
    because = f"{seen} {_in_words(ranked[0])}, and {said}"
    return Order(ranked[0], days[ranked[0]], because, sure=False, rival=ranked[1])


def _share_within(days: Counter, within: Span | None) -> float:
    if within is None or not days:
        return 0.0
    return sum(n for day, n in days.items() if within[0] <= day <= within[1]) / days.total()


def _share_rising(rows: list[str], order: str) -> float:
    days = [day for text in rows if (day := day_in(text, order))]
    pairs = list(pairwise(days))
    return sum(a <= b for a, b in pairs) / len(pairs) if len(pairs) > 4 else 0.0


def _in_words(order: str) -> str:
    plain = {"%d": "day", "%m": "month", "%b": "month", "%B": "month", "%Y": "year", "%y": "year"}
    return ", ".join(plain[one] for one in re.findall("%[a-zA-Z]", order)) + f" ({order})"
