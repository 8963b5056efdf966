"""Sentences on one period and on what changed since the one before (03_customer_base).

Each is built from what was measured and claims no more than its numbers.
"""

from datetime import date
from typing import Protocol

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, day, interval, money, number, plural, share
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.show.text import MISSING, is_missing

__all__ = [
    "change",
    "change_in_words",
    "drivers",
    "effects_in_words",
    "estimate",
    "growth",
    "history_needed",
    "margin_in_words",
    "of_n",
    "old_share",
    "period_in_words",
    "sizes",
    "spread",
    "statuses_in_words",
    "too_small",
]

_STATUSES = ("stayed", "came_back", "new", "left")
# How each effect is called where it lowers spend, and where it raises it.
_CAUSES = {
    "customers": ("fewer customers", "more customers"),
    "orders": ("fewer orders each", "more orders each"),
    "value": ("smaller orders", "larger orders"),
    "only_returns": ("late returns", "fewer late returns"),
}


class Periods(Protocol):
    """The last period, as from ``measures.base.periods.periods_of``."""

    days: int
    last: date
    begins: date | None
    full: int
    known_days: int


def estimate(numbers: pd.DataFrame | None, name: str) -> Estimate | None:
    """Return a bootstrapped number as an estimate; one that no draw moves has no interval.

    Examples
    --------
    >>> numbers = pd.DataFrame({"value": [1.0], "low": [1.0], "high": [1.0], "n": [9]}, ["share"])
    >>> estimate(numbers, "share")
    Estimate(value=1.0, low=None, high=None, n=9)
    """
    if numbers is None or is_missing(numbers.loc[name, "value"]):
        return None
    value, low, high, n = numbers.loc[name, ["value", "low", "high", "n"]]
    if is_missing(low) or is_missing(high) or low == high:
        low = high = None
    ends = (None if end is None else float(end) for end in (low, high))
    return Estimate(float(value), *ends, None if is_missing(n) else int(n))


def history_needed(periods: Periods) -> list[str]:
    """Say what a short history keeps us from; nothing where two whole periods are known."""
    if periods.begins is None or periods.full >= 2:
        return []
    begins = f"The data begin on {day(periods.begins)}, {plural(periods.known_days, 'day')} ago"
    if not periods.full:
        begins += f", and do not fill a period of {plural(periods.days, 'day')}"
    return [
        f"{begins}: there is no whole period of {plural(periods.days, 'day')} before the last, so "
        "what changed, and what old customers bring, is withheld."
    ]


def spread(row: pd.DataFrame, currency: str) -> str:
    """Give the middle and the mean of spend, for a chart (at most ten words)."""
    one = row.iloc[0]
    if not one["customers"]:
        return "Nobody bought in the period"
    middle, mean = (money(one[name], currency) for name in ("median_spend", "spend_per_customer"))
    return f"Half spent {middle} or less; mean: {mean}"


def period_in_words(means: pd.DataFrame, periods: Periods, currency: str) -> str:
    """Say what a customer of the period is worth, and what that is made of."""
    when = f"the {plural(periods.days, 'day')} up to {day(periods.last)}"
    when += "" if periods.full else f" (the data reach back {plural(periods.known_days, 'day')})"
    each = estimate(means, "spend_per_customer")
    if not is_given(each):
        return f"In {when} nobody bought anything."
    orders, value = (estimate(means, name) for name in ("orders_per_customer", "value_per_order"))
    written = f"money:{currency}"
    return (
        f"In {when}, {of_customers(each.n)} bought and spent {money(each.value, currency)} each"
        f"{brackets(each, as_=written)}: {number(orders.value, 1)} orders"
        f"{brackets(orders, as_='number:1')} of {money(value.value, currency)}"
        f"{brackets(value, as_=written)}."
    )


def margin_in_words(means: pd.DataFrame) -> str:
    """Say which part of spend is margin, and of how many that is known."""
    margin, each = estimate(means, "margin_share"), estimate(means, "spend_per_customer")
    if is_missing(means.loc["margin_share", "n"]):
        return "What is earned from this spend is hidden: too few customers stand behind it."
    if not is_given(margin):
        return (
            "What is earned from this spend cannot be known: the purchases have no costs, and no "
            "margin_rate was given under costs."
        )
    part = "" if margin.n == each.n else f" of the {count(each.n)}, those whose costs are known"
    return (
        f"Of spend, {share(margin.value)} is margin"
        f"{brackets(margin, n=f'{of_customers(margin.n)}{part}')}."
    )


def drivers(tenths: pd.DataFrame) -> str:
    """Compare the top tenth with all customers of the period, for a chart (at most ten words)."""
    top, sums = tenths.iloc[0], tenths[["customers", "orders", "spend"]].sum()
    orders = top["orders_per_customer"] / (sums["orders"] / sums["customers"])
    value = top["value_per_order"] / (sums["spend"] / sums["orders"])
    return f"Top tenth: {number(orders, 1)} times the orders, {number(value, 1)} times the value"


def change(effects: pd.DataFrame, currency: str) -> str:
    """Say how spend changed and what did most of it, for a chart (at most ten words)."""
    rows = effects.set_index("effect")[["change", "low", "high"]].astype(float)
    total, parts = rows.loc["total"], rows["change"].drop("total")
    if not total["change"]:
        return "Spend did not change"
    said = f"Spend {_moved(total['change'])} by {money(abs(total['change']), currency)}"
    if total["low"] <= 0 <= total["high"]:
        return f"{said}, no more than chance would"
    share_of_it = parts / total["change"]
    if share_of_it.max() <= 0.5:
        return f"{said}, for several reasons"
    return f"{said}, mostly through {_CAUSES[share_of_it.idxmax()][int(total['change'] > 0)]}"


def change_in_words(
    numbers: pd.DataFrame, by_status: pd.DataFrame, periods: Periods, currency: str
) -> str:
    """Say how spend changed against the period before, with intervals."""
    before, now = (float(by_status[name].sum()) for name in ("spend_before", "spend_now"))
    moved, rate = estimate(numbers, "change"), estimate(numbers, "growth")
    if not moved.value:
        return f"Spend is what it was in the {plural(periods.days, 'day')} before."
    percent = f" {share(abs(rate.value))}," if is_given(rate) else ""
    written = f"money:{currency}"
    return (
        f"Spend {_moved(moved.value)}{percent} from {money(before, currency)} to "
        f"{money(now, currency)}: a change of {money(moved.value, currency)}"
        f"{brackets(moved, as_=written, n=of_customers(moved.n) if moved.n is not None else '')}."
    )


def effects_in_words(numbers: pd.DataFrame, currency: str) -> str:
    """Name the effects that exceed chance; an effect whose interval holds zero may be none."""
    found = {name: estimate(numbers, name) for name in ("customers", "orders", "value")}
    clear = {name: one for name, one in found.items() if _is_clear(one)}
    if not clear:
        return (
            "No effect of the three exceeds chance: with other customers of the same kind each "
            "could as well have gone the other way."
        )
    said = [
        f"{_CAUSES[name][int(one.value > 0)]} ({money(one.value, currency)}, 95 % interval "
        f"{interval(one, as_=f'money:{currency}')})"
        for name, one in clear.items()
    ]
    rest = " The other effects could as well be none." if len(clear) < len(found) else ""
    return f"What exceeds chance: {_and(said)}.{rest}"


def of_n(numbers: pd.DataFrame) -> str:
    """Say how many customers stand behind a change, for a subtitle; nothing where it is hidden.

    Examples
    --------
    >>> of_n(pd.DataFrame({"n": [1200]}, index=["change"]))
    ', n = 1,200'
    """
    n = numbers.loc["change", "n"]
    return "" if is_missing(n) else f", n = {count(n)}"


def too_small(*hides: bool) -> list[str]:
    """Say that a period is hidden with all its customers did; nothing where none is."""
    said = "How many bought in a period, or did not, is too few to be shown: so is what they did."
    return [said] if any(hides) else []


def sizes(by_status: pd.DataFrame | None) -> dict[str, int | None]:
    """Return how many customers have each status; None where it is hidden or not known.

    Examples
    --------
    >>> sizes(None)
    {'stayed': None, 'came_back': None, 'new': None, 'left': None}
    """
    if by_status is None:
        return dict.fromkeys(_STATUSES)
    found = by_status.set_index("status").customers
    return {name: None if is_missing(found[name]) else int(found[name]) for name in _STATUSES}


def statuses_in_words(by_status: pd.DataFrame) -> str:
    """Say how many stayed, left, came back and came, or that too few did to be shown."""
    stayed, back, new, left = sizes(by_status).values()
    if stayed is None:
        return "How many stayed, came and left is hidden: some of these groups are too small."
    return (
        f"Of {of_customers(stayed + left)} of the period before, {count(stayed)} stayed and "
        f"{count(left)} left; {count(back)} came back from earlier, and {count(new)} "
        f"{'is' if new == 1 else 'are'} new."
    )


def growth(numbers: pd.DataFrame | None, periods: Periods) -> str:
    """Say whether the base grows; growth that chance could make is none (at most ten words)."""
    rate = estimate(numbers, "growth")
    if not is_given(rate):
        return "Whether spend grows cannot be known yet"
    said = f"Spend {_moved(rate.value)} {share(abs(rate.value))}"
    if interval(rate) != MISSING and not _is_clear(rate):
        return f"{said}, which chance alone could do"
    return f"{said} against the {plural(periods.days, 'day')} before"


def old_share(part: Estimate | None) -> str:
    """Say how much of the last period's spend old customers bring (at most ten words)."""
    if not is_given(part):
        return "Which months do the customers come from?"
    return f"Customers from before bring {share(part.value)} of spend"


def _moved(amount: float) -> str:
    return "rose" if amount > 0 else "fell"


def _is_clear(one: Estimate | None) -> bool:
    """Tell whether an interval leaves zero out."""
    if not is_given(one) or interval(one) == MISSING:
        return False
    return one.low > 0 or one.high < 0


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
