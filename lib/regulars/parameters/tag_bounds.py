"""Conditions of tag rules, and whether several of them can hold together.

What is refused here is refused for certain: values are compared as numbers only where the column
is known to be one, and else as text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

__all__ = ["AGGREGATES", "COUNTS", "SPANS", "Condition", "as_ordered", "contradiction"]

COUNTS = ("lines", "orders", "purchase_days")
"""Whole numbers counted over the chosen lines."""

SPANS = ("days_since_first", "days_since_last")
"""Days from the first or last chosen line to the day of the report."""

AGGREGATES = (*COUNTS, *SPANS, "discount", "margin", "quantity", "spend")
"""All that can be asked of the chosen lines together."""

NUMBER = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SHOWN = {"in": "=", "not in": "!=", "is there": "is not missing"}


@dataclass(frozen=True)
class Condition:
    """One condition: ``=`` is kept as ``in`` of one value, ``!=`` as ``not in``.

    `scope` is ``line``, ``customer``, ``class`` or, where the rule does not say it, empty.
    """

    scope: str
    name: str
    op: str
    values: tuple[str, ...]

    @property
    def is_aggregate(self) -> bool:
        """Whether it is about the chosen lines together."""
        return not self.scope and self.name in AGGREGATES

    @property
    def column(self) -> str:
        """The column as the rule wrote it."""
        return f"{self.scope}.{self.name}" if self.scope else self.name

    @property
    def least(self) -> int | None:
        """The lowest whole number that meets it, where it is met from a number on, or by one."""
        if self.op in (">", ">="):
            return int(_whole_low(Decimal(self.values[0]), self.op == ">")[0])
        return int(Decimal(self.values[0])) if self.op == "in" and len(self.values) == 1 else None

    def wrong_kind(self) -> str:
        """Say what is wrong with the kind of a value, as far as it shows without the data."""
        for value in self.values:
            ordered = as_ordered(value)
            if self.is_aggregate and not isinstance(ordered, Decimal):
                return f"{self.name} is compared with a number of at most 4 decimals, found {value}"
            if self.op in ("<", "<=", ">", ">=") and ordered is None:
                return (
                    f"{self.column} {self.op} compares numbers and days (2025-12-31), found the "
                    f"text {value}; text goes with = != in and not in"
                )
        return ""


def as_ordered(text: str) -> Decimal | date | None:
    """Return the number or day that a text is, or nothing.

    Examples
    --------
    >>> as_ordered("2.50"), as_ordered("2025-12-31"), as_ordered("wine")
    (Decimal('2.50'), datetime.date(2025, 12, 31), None)
    """
    if NUMBER.fullmatch(text):
        return Decimal(text)
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def contradiction(conditions: Sequence[Condition], days: int | None) -> str:
    """Say why conditions cannot hold together, or nothing if they might.

    Examples
    --------
    >>> contradiction([Condition("", "orders", ">=", ("5",)), Condition("", "orders", "<", ("3",))],
    ...               None)
    'orders >= 5 and orders < 3'
    >>> contradiction([Condition("", "orders", ">=", ("5",))], None)
    ''
    """
    columns = dict.fromkeys(one.column for one in conditions)
    for column in columns:
        same = [one for one in conditions if one.column == column]
        if _clash(same, days):
            return _why(same, days)
    return ""


def _clash(same: Sequence[Condition], days: int | None) -> bool:
    ops = {one.op for one in same}
    if "is missing" in ops:
        return len(ops) > 1
    bounds = [*same, *_natural(same[0], days)]
    allowed = _allowed(same)
    if allowed is not None:
        return not any(all(_meets(value, one) for one in bounds) for value in allowed)
    return _mixed(bounds) or _empty(bounds, whole=same[0].is_aggregate and _is_whole(same[0]))


def _natural(condition: Condition, days: int | None) -> list[Condition]:
    """Return the bounds that a count or a number of days has by itself."""
    name = condition.name
    if not condition.is_aggregate or not _is_whole(condition):
        return []
    top = [Condition("", name, "<", (str(days),))] if name in SPANS and days else []
    return [Condition("", name, ">=", ("0",)), *top]


def _is_whole(condition: Condition) -> bool:
    return condition.name in (*COUNTS, *SPANS)


def _allowed(same: Iterable[Condition]) -> list[str] | None:
    """Return the values that every list of the column has; None where there is no list."""
    lists = [one.values for one in same if one.op == "in"]
    if not lists:
        return None
    return [value for value in lists[0] if all(_among(value, other) for other in lists)]


def _among(value: str, values: Sequence[str]) -> bool:
    """Tell whether a value is in a list; 1 is 1.0, since the column may hold numbers."""
    ordered = as_ordered(value)
    return value in values or (
        ordered is not None and ordered in [as_ordered(one) for one in values]
    )


def _meets(value: str, condition: Condition) -> bool:
    if condition.op in ("in", "is there"):
        return True
    if condition.op == "not in":
        # As text 007 is not 7, so only numbers for certain are compared as such.
        out = _among(value, condition.values) if condition.is_aggregate else None
        return not (value in condition.values if out is None else out)
    found, bound = as_ordered(value), as_ordered(condition.values[0])
    if type(found) is not type(bound):
        return False
    whole = not condition.is_aggregate or not _is_whole(condition) or found == int(found)
    return (
        whole
        and {
            "<": found < bound,
            "<=": found <= bound,
            ">": found > bound,
            ">=": found >= bound,
        }[condition.op]
    )


def _mixed(bounds: Iterable[Condition]) -> bool:
    """Tell whether a column is held against numbers and against days."""
    kinds = {type(as_ordered(one.values[0])) for one in bounds if one.op in ("<", "<=", ">", ">=")}
    return len(kinds) > 1


def _empty(bounds: Iterable[Condition], *, whole: bool) -> bool:
    """Tell whether nothing lies between the highest lower and the lowest upper bound."""
    ends = [(one.op, as_ordered(one.values[0])) for one in bounds if one.op[0] in "<>"]
    lows = [(value, op == ">") for op, value in ends if op[0] == ">"]
    highs = [(value, op == "<") for op, value in ends if op[0] == "<"]
    if whole:
        lows, highs = [_whole_low(*one) for one in lows], [_whole_high(*one) for one in highs]
    if not lows or not highs:
        return False
    low, high = max(lows), min(highs, key=lambda one: (one[0], not one[1]))
    return low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))


def _whole_low(value: Decimal, strict: bool) -> tuple[Decimal, bool]:
    """Return the lowest whole number that a lower bound lets pass."""
    if strict:
        return value.to_integral_value(ROUND_FLOOR) + 1, False
    return value.to_integral_value(ROUND_CEILING), False


def _whole_high(value: Decimal, strict: bool) -> tuple[Decimal, bool]:
    """Return the highest whole number that an upper bound lets pass."""
    low, _ = _whole_low(-value, strict)
    return -low, False


def _why(same: Sequence[Condition], days: int | None) -> str:
    shown = " and ".join(_shown(one) for one in same)
    if same[0].name in SPANS and same[0].is_aggregate and days:
        return f"{shown} since {days} days (within them it is 0 to {days - 1})"
    if len(same) == 1:
        return f"{shown} ({same[0].name} is a whole number from 0 on)"
    both = sum(one.op == "in" for one in same) > 1
    hint = f" (a line or customer has one {same[0].name}; for either use in […])" if both else ""
    return shown + hint


def _shown(condition: Condition) -> str:
    several = len(condition.values) > 1
    value = f"[{', '.join(condition.values)}]" if several else "".join(condition.values)
    op = condition.op if several else SHOWN.get(condition.op, condition.op)
    return f"{condition.column} {op} {value}".strip()
