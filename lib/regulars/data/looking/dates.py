"""Dates: in which format a column's dates are written, and whether day or month comes first.

A part over 12 proves the order. Where no part is, other evidence only makes one order more likely,
and the decision is not sure. A format counts only if, written again in it, the date gives the text.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from regulars.data.looking.finding import counted
from regulars.data.looking.orders import Around, Order, day_in, decide_order, orders_of

__all__ = ["Dates", "date_share", "dates_in", "reads_as_date"]

SERIALS = range(20_000, 60_000)  # October 1954 to April 2064
EXCEL_EPOCH = dt.date(1899, 12, 30)
PARTS = re.compile(
    r"(?P<date>\d{1,4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,4}|\d{8}|\d{4}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{4}|[A-Za-z]{3,9} \d{1,2}, \d{4})"
    r"(?P<gap>[ T]|, )?(?P<clock>(?<=[ T])\d{1,2}:\d{2}(?::\d{2}(?P<part>\.\d{1,9})?)?)?"
    r"(?P<half> ?[AaPp][Mm])?(?P<zone> ?(?:Z|[+-]\d{2}(?::?\d{2})?))?"
)
MONTHS = {
    "%Y-%m": re.compile(r"(?P<Y>\d{4})-(?P<m>\d{1,2})"),
    "%Y/%m": re.compile(r"(?P<Y>\d{4})/(?P<m>\d{1,2})"),
    "%Y.%m": re.compile(r"(?P<Y>\d{4})\.(?P<m>\d{1,2})"),
    "%Y%m": re.compile(r"(?P<Y>\d{4})(?P<m>\d{2})"),
    "%m/%Y": re.compile(r"(?P<m>\d{1,2})/(?P<Y>\d{4})"),
    "%m.%Y": re.compile(r"(?P<m>\d{1,2})\.(?P<Y>\d{4})"),
    "%m-%Y": re.compile(r"(?P<m>\d{1,2})-(?P<Y>\d{4})"),
    "%Y年%m月": re.compile(r"(?P<Y>\d{4})年(?P<m>\d{1,2})月"),
}


NOTHING_KNOWN = Around()


@dataclass
class Dates:
    """What a column's dates are.

    `days` counts the days found, `unread` the texts that are no date in the formats, `offsets` the
    offsets from UTC that times carry; `rival` is the other order, where nothing proves one.
    """

    formats: list[str] = field(default_factory=list)
    days: Counter = field(default_factory=Counter)
    unread: Counter = field(default_factory=Counter)
    offsets: Counter = field(default_factory=Counter)
    because: list[str] = field(default_factory=list)
    sure: bool = True
    rival: str = ""


def reads_as_date(text: str) -> bool:
    """Say whether text is a date in some format; eight digits are only if they are a day.

    Examples
    --------
    >>> [reads_as_date(text) for text in ("2024-03-05 10:00", "5.3.24", "20240305", "12345678")]
    [True, True, True, False]
    """
    match = PARTS.fullmatch(text)
    return bool(match) and any(day_in(match["date"], order) for order in orders_of(match["date"]))


def date_share(counts: Mapping[str, int], *, month: bool = False) -> float:
    """Return the share of filled cells that are dates; 0 where there are none."""
    total = sum(counts.values())
    reads = _reads_as_month if month else reads_as_date
    return sum(n for text, n in counts.items() if reads(text)) / total if total else 0.0


def dates_in(
    counts: Mapping[str, int],
    *,
    month: bool = False,
    rows: Iterable[str] = (),
    around: Around = NOTHING_KNOWN,
) -> Dates:
    """Decide the formats of a column of dates.

    Parameters
    ----------
    counts : mapping
        How often each text stands in the column.
    month : bool
        Whether months (2025-03) are expected.
    rows : iterable of str
        Some of the texts as they follow in the file: dates are often in order.
    around : Around
        What is known beside the column.

    Examples
    --------
    >>> found = dates_in({"13.04.2024": 1, "03.05.2024": 1})
    >>> found.formats, found.sure
    (['%d.%m.%Y'], True)
    >>> dates_in({"03/04/2024": 1}).sure
    False
    """
    if month and (found := _months(counts)).days:
        return found
    texts, clocks, found = _by_shape(counts)
    for shape in sorted(texts, key=lambda one: -texts[one].total()):
        dates = (match["date"] for text in rows if (match := PARTS.fullmatch(text)))
        same = (date for date in dates if _shape(date) == shape)
        order = decide_order(texts[shape], same, around)
        _add(found, order, texts[shape])
        _add_formats(found, order.format, clocks[shape])
    return found if found.days or not counts else _serials(counts)


def _by_shape(counts: Mapping[str, int]) -> tuple[dict[str, Counter], dict[str, Counter], Dates]:
    """Part dates by their shape, and dates from times."""
    texts, clocks, found = defaultdict(Counter), defaultdict(Counter), Dates()
    for text, times in counts.items():
        match = PARTS.fullmatch(text)
        if not match or not _is_readable(match):
            found.unread[text] += times
            continue
        shape = _shape(match["date"])
        texts[shape][match["date"]] += times
        clocks[shape][_clock(match)] += times
        if match["zone"]:
            found.offsets[match["zone"].strip()] += times
    return texts, clocks, found


def _is_readable(match: re.Match[str]) -> bool:
    """Say whether intake can read the time: offsets and short fractions only behind ISO dates."""
    if match["clock"]:
        hour, minute = (int(part) for part in match["clock"].split(":")[:2])
        if minute > 59 or not (1 <= hour <= 12 if match["half"] else hour <= 23):
            return False
    is_iso = _shape(match["date"]) == "year first --" and not match["half"]
    return is_iso or (not match["zone"] and len(match["part"] or ".123456") == 7)


def _add(found: Dates, order: Order, texts: Counter) -> None:
    found.days.update(order.days)
    found.because += [order.because] if order.because else []
    found.sure = found.sure and order.sure
    found.rival = found.rival or order.rival
    unread = {t: n for t, n in texts.items() if not order.format or not day_in(t, order.format)}
    found.unread.update(unread)


def _months(counts: Mapping[str, int]) -> Dates:
    found = Dates()
    for text, times in counts.items():
        one = next((one for one, form in MONTHS.items() if form.fullmatch(text)), "")
        parts = MONTHS[one].fullmatch(text) if one else None
        if not parts or not 1 <= int(parts["m"]) <= 12:
            found.unread[text] += times
            continue
        found.days[dt.date(int(parts["Y"]), int(parts["m"]), 1)] += times
        one = "ISO" if one == "%Y-%m" else one
        found.formats += [] if one in found.formats else [one]
    found.because = [f"{counted(found.days.total(), 'month')} read so"]
    return found


def _reads_as_month(text: str) -> bool:
    return any(form.fullmatch(text) for form in MONTHS.values()) or reads_as_date(text)


def _serials(counts: Mapping[str, int]) -> Dates:
    """Read day numbers as Excel counts them from 1900; nothing tells them from those of 1904."""
    found = Dates()
    for text, times in counts.items():
        number = re.fullmatch(r"(\d{5})(?:\.\d+)?", text)
        if number and int(number[1]) in SERIALS:
            found.days[EXCEL_EPOCH + dt.timedelta(int(number[1]))] += times
        else:
            found.unread[text] += times
    if found.days:
        found.formats, found.sure = ["excel"], False
        found.because = [
            f"{counted(found.days.total(), 'number')} would be days between {min(found.days)} and "
            f"{max(found.days)} counted from 1900 (from 1904 they would be four years later)"
        ]
    return found


def _clock(match: re.Match[str]) -> str:
    """Return the format of what stands behind the date."""
    clock, gap = match["clock"], match["gap"] or ""
    if not clock:
        return ""
    seconds = ("", ":%S")[clock.count(":") - 1] + (".%f" if match["part"] else "")
    half = match["half"] or ""
    hour = "%I:%M" if half else "%H:%M"
    return f"{gap}{hour}{seconds}{half[:-2]}{'%p' if half else ''}{'%z' if match['zone'] else ''}"


def _shape(text: str) -> str:
    """Return the shape of a date: which parts, parted by what."""
    if text.isdigit():
        return "compact"
    if any(sign.isalpha() and sign.isascii() for sign in text):
        return f"named {re.sub('[A-Za-z]+', 'a', re.sub('[0-9]+', '9', text))} {_is_short(text)}"
    parts = re.split(r"\D+", text)
    kind = "year first" if len(parts[0]) == 4 else f"year of {len(parts[2])}"
    return f"{kind} {re.sub('[0-9]', '', text)}"


def _is_short(text: str) -> bool:
    return len(re.search("[A-Za-z]+", text)[0]) == 3


def _add_formats(found: Dates, order: str, clocks: Counter) -> None:
    for clock in sorted(clocks, key=lambda one: -clocks[one]) if order else ():
        is_iso = order == "%Y-%m-%d" and "%p" not in clock and not clock.startswith(",")
        one = "ISO" if is_iso else order + clock
        found.formats += [] if one in found.formats else [one]
