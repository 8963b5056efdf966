"""Numerals: which mark stands before the fraction, and which parts groups of three digits.

``1.234,56`` proves both, ``1,5`` proves the first, whole numbers prove nothing, and ``1,234``
everywhere is either.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from regulars.data.looking.finding import Finding, counted

__all__ = ["Marks", "is_number", "marks_in", "number_share", "read_marks"]

SIGNS = r"US\$|NT\$|HK\$|R\$|[$€£¥￥₹₩₽元]|kr\.?|Fr\.?|EUR|USD|GBP|CHF|CNY|RMB|JPY|TWD|HKD|SEK|PLN"
SIGN = re.compile(rf"^(?:{SIGNS})|(?:{SIGNS})$")
WIDE = str.maketrans("０１２３４５６７８９．，－＋−\u00a0\u2009\u202f’", "0123456789.,-+-   '")
PLAIN = re.compile(r"\d+[.,]?")
ONE = re.compile(r"(\d*)([.,])(\d+)")
GROUPS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})+|\d{1,3}([ '])\d{3}(?:\2\d{3})*")
BOTH = re.compile(r"\d{1,3}([., '])\d{3}(?:\1\d{3})*([.,])\d+")


@dataclass
class Marks:
    """What the numbers of a file show: how often each mark is proved in each part."""

    decimal: Counter = field(default_factory=Counter)
    thousands: Counter = field(default_factory=Counter)
    either: Counter = field(default_factory=Counter)
    signs: Counter = field(default_factory=Counter)
    long: int = 0
    """Numbers of four digits and more without a mark."""

    numbers: int = 0
    others: Counter = field(default_factory=Counter)
    """Texts that are no numbers."""


def is_number(text: str) -> bool:
    """Say whether text is a number in some way of writing it.

    Examples
    --------
    >>> [is_number(text) for text in ("1.234,56", "€ -12", "(5.00)", "1,12,50", "12%", "A7")]
    [True, True, True, False, False, False]
    """
    return _bare(text)[0] is not None


def number_share(counts: Mapping[str, int]) -> float:
    """Return the share of filled cells that are numbers; 0 where there are none."""
    total = sum(counts.values())
    return sum(n for text, n in counts.items() if is_number(text)) / total if total else 0.0


def marks_in(columns: Iterable[Mapping[str, int]]) -> Marks:
    """Count what the cells of some columns prove about how numbers are written.

    Examples
    --------
    >>> marks_in([{"1.234,56": 2, "7,5": 1}]).decimal
    Counter({',': 3})
    """
    marks = Marks()
    for counts in columns:
        for text, times in counts.items():
            _count(text, times, marks)
    return marks


def read_marks(marks: Marks) -> list[Finding]:
    """Decide the decimal mark, the mark between thousands and the currency sign."""
    decimal = _decimal(marks)
    return [decimal, *_thousands(marks, decimal), *_sign(marks)]


def _bare(text: str) -> tuple[str | None, str]:
    """Return the digits and marks of a number, and its currency sign; None if it is no number."""
    text = text.translate(WIDE).strip()
    # Most cells are plain, and the way to the rest of the forms costs more.
    if PLAIN.fullmatch(text) or ONE.fullmatch(text):
        return text, ""
    text = text.strip("+-() ") if text.count("-") + text.count("(") + text.count("+") <= 1 else text
    sign = SIGN.search(text)
    if sign:
        text = text.replace(sign.group(), "", 1).strip("+- ")
    forms = (PLAIN, ONE, GROUPS, BOTH)
    good = any(form.fullmatch(text) for form in forms) and not _same_marks(text)
    return (text if good else None), (sign.group() if sign else "")


def _same_marks(text: str) -> bool:
    both = BOTH.fullmatch(text)
    return bool(both) and both[1] == both[2] and not GROUPS.fullmatch(text)


def _count(text: str, times: int, marks: Marks) -> None:
    bare, sign = _bare(text)
    if bare is None:
        marks.others[text] += times
        return
    marks.numbers += times
    if sign:
        marks.signs[sign] += times
    if groups := GROUPS.fullmatch(bare):
        marks.thousands[groups[1] or groups[2]] += times
    elif one := ONE.fullmatch(bare):
        either = len(one[3]) == 3 and 1 <= len(one[1]) <= 3 and one[1][0] != "0"
        (marks.either if either else marks.decimal)[one[2]] += times
    elif both := BOTH.fullmatch(bare):
        marks.thousands[both[1]] += times
        marks.decimal[both[2]] += times
    elif len(bare) > 3:
        marks.long += times


def _decimal(marks: Marks) -> Finding:
    proved = Counter(marks.decimal)
    for mark in ".,":  # a mark that parts thousands leaves the other one
        if marks.thousands[mark] and not marks.decimal:
            proved["," if mark == "." else "."] += marks.thousands[mark]
    if proved:
        return _proved(marks, proved)
    if marks.either:
        return _either(marks)
    return Finding("decimal", ".", "no number has a mark, so nothing is to be decided")


def _proved(marks: Marks, proved: Counter) -> Finding:
    (mark, times), *rest = proved.most_common()
    because = f"{counted(times, 'number')} of {marks.numbers:,} can only be read so"
    against = sum(n for _, n in rest) + marks.thousands[mark]
    if against:
        because += f", though {against:,} only with the other mark"
    return Finding("decimal", mark, because, not against)


def _either(marks: Marks) -> Finding:
    """Choose where every mark has one to three digits before it and three behind it."""
    (mark, times), *rest = marks.either.most_common()
    other = "," if mark == "." else "."
    seen = f"{counted(times, 'number')} with a mark, all with three digits behind it, prove nothing"
    if rest:
        return Finding("decimal", ".", f"{seen}, and there are both marks", sure=False)
    if marks.long:
        because = f"{seen}, but {marks.long:,} longer ones have no mark between thousands"
        return Finding("decimal", mark, because, sure=False)
    return Finding("decimal", other, f"{seen}, and no longer number is without", sure=False)


def _thousands(marks: Marks, decimal: Finding) -> list[Finding]:
    point = decimal.decided
    proved = Counter({mark: n for mark, n in marks.thousands.items() if mark != point})
    possible = {mark: n for mark, n in marks.either.items() if mark != point}
    if proved:
        (mark, times), *rest = proved.most_common()
        because = f"{counted(times, 'number')} can only be read so"
        return [Finding("thousands", mark, because, decimal.sure and not rest)]
    if possible:
        mark = max(possible, key=possible.__getitem__)
        because = f"{counted(possible[mark], 'number')} with three digits behind it"
        return [Finding("thousands", mark, f"the other mark is for the fraction; {because}", False)]
    return []


def _sign(marks: Marks) -> list[Finding]:
    if not marks.signs:
        return []
    (sign, times), *rest = marks.signs.most_common()
    because = f"it stands at {counted(times, 'number')} of {marks.numbers:,}"
    if rest:
        because += f", others at {sum(n for _, n in rest):,}"
    return [Finding("currency_sign", sign, because, not rest)]
