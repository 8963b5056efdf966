"""Sentences on what customers do again: windows, waiting, repeats, regularity, wallet (05_loyalty).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import money, month, name, number, plural, share
from regulars.show.sentences.pieces import brackets, of_customers
from regulars.show.sentences.waiting import waiting, waiting_title
from regulars.small_groups import LEAST, few

__all__ = [
    "change_of_rate",
    "regularity",
    "repeat_title",
    "repeats",
    "segment_extremes",
    "waiting",
    "waiting_title",
    "wallet",
    "wallet_missing",
    "window_title",
]

Window = tuple[object, object]

# What the measures call customers who came in the period, and the metric of a wallet.
CAME_SINCE = "came_since"
METRIC = "wallet"


class RateChange(Protocol):
    """Two shares and the difference between them, as `measures.behaviour.rate_change` gives it."""

    before: Estimate
    now: Estimate
    change: float
    low: float
    high: float
    detectable: float

    @property
    def exceeds_chance(self) -> bool:
        """Whether the interval of the change leaves out zero."""


def window_title(windows: pd.DataFrame) -> str:
    """Give the rate of the last whole window, for a chart (at most ten words)."""
    whole = windows[windows["complete"]]
    if whole.empty:
        return "No quarter is wholly known yet"
    last = whole.iloc[-1]
    if pd.isna(last["rate"]):
        return "How many bought again in a quarter"
    return f"{share(last['rate'])} of {_quarter(last['first_day'])}'s customers bought again"


def change_of_rate(change: RateChange | None, before: Window | None, now: Window | None) -> str:
    """Say whether the rate of a window differs from that of an earlier one beyond chance."""
    if change is None or before is None or now is None:
        return "There are no two whole quarters with customers to compare yet."
    first, second = _quarter(before[0]), _quarter(now[0])
    if few(change.before) or few(change.now):
        return f"The repurchase rates of {second} and {first} are not compared: too few customers."
    ends = f"95 % interval {_points(change.low)} to {_points(change.high)}"
    seen = f"so many customers show {_points(change.detectable).lstrip('+')} points or more"
    moved = (
        f"{share(change.now.value)} in {second}, {share(change.before.value)} in {first}: "
        f"{_points(change.change)} points ({ends}; {seen})"
    )
    if change.exceeds_chance:
        return f"The repurchase rate {'rose' if change.change > 0 else 'fell'}: {moved}."
    return f"The repurchase rate did not change beyond chance: {moved}."


def segment_extremes(rates: pd.DataFrame, *, days: int) -> str:
    """Name the segments before the period whose buyers came back soon most and least often."""
    shown = rates[rates["share"].notna() & (rates["segment"] != CAME_SINCE)]
    if len(shown) < 2:
        return "Too few customers of the segments before came back soon, or did not, to compare."
    ordered = shown.sort_values(["share", "segment"])
    least, most = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"Within {plural(days, 'day')} of their first purchase in the period, "
        f"{share(most['share'])} of {name(most['segment'])} bought again{_of(most)}, and "
        f"{share(least['share'])} of {name(least['segment'])}{_of(least)}."
    )


def repeat_title(rates: pd.DataFrame) -> str:
    """Give the share after the first purchase and the last one shown (at most ten words)."""
    known = rates[rates["rate"].notna()]
    if known.empty:
        return "Too few customers to say"
    first, last = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return f"{share(first['rate'])} buy again after purchase {first['purchase']:.0f}"
    return (
        f"{share(first['rate'])} after purchase {first['purchase']:.0f}, "
        f"{share(last['rate'])} after purchase {last['purchase']:.0f}"
    )


def repeats(rates: pd.DataFrame, *, days: int) -> str:
    """Give the share who bought again after the first purchase and the last one shown."""
    known = rates[rates["rate"].notna()]
    if known.empty:
        return f"Too few customers have been watched for {plural(days, 'day')} after a purchase."
    first, last = known.iloc[0], known.iloc[-1]
    start = (
        f"Within {plural(days, 'day')} of purchase {first['purchase']:.0f}, "
        f"{share(first['rate'])} bought again{_of(first)}"
    )
    if len(known) == 1:
        return f"{start}."
    return (
        f"{start}; within as many of purchase {last['purchase']:.0f}, "
        f"{share(last['rate'])}{_of(last)}."
    )


def regularity(
    found: Mapping[str, Estimate] | None, quartiles: list[float] | None = None
) -> list[str]:
    """Say how evenly purchases come, against chance."""
    if found is None:
        return ["How evenly customers buy is withheld: too few have five or more purchase days."]
    shape = found["shape"]
    ends = f"{number(shape.value)}{brackets(shape, as_='number', n=of_customers(shape.n))}"
    said = [
        f"Purchases come {_evenly(found['evenness'])}: shape {ends}; at random in whole days, "
        f"these customers would show {number(found['by_chance'].value)}.",
    ]
    if _differ(found["shape_of_all"], shape):
        said.append(
            f"Over all gaps of a customer the shape is {number(found['shape_of_all'].value)}: many "
            "customers change their pace, so that even buying at one pace looks uneven over years."
        )
    if quartiles:
        low, middle, high = map(number, quartiles)
        said.append(
            f"The standard deviation of a customer's gaps is {middle} times their mean in the "
            f"middle, and from {low} to {high} times for half of the customers."
        )
    return said


def wallet(shares: pd.DataFrame, currency: str) -> list[str]:
    """Give the share of wallet of each group that may be shown; say what it needs if there is none.

    Parameters
    ----------
    shares : pandas.DataFrame
        From `wallet.wallet_share`.
    currency : str
        Three letters.
    """
    if shares.empty:
        return [wallet_missing()]
    return [_wallet(row, currency) for _, row in shares.iterrows()]


def wallet_missing() -> str:
    """Say what the share of wallet needs."""
    return (
        f"No target gives a wallet: with rows of the metric {METRIC} in the table targets (what a "
        "customer spends a month on such goods anywhere), this page would show our share of it."
    )


def _wallet(row: pd.Series, currency: str) -> str:
    who = "the period's customers" if row["segment"] == "all" else name(row["segment"])
    if pd.isna(row["share"]):
        return f"The share of wallet of {who} is hidden: fewer than {LEAST} customers, or nearly."
    return (
        f"{share(row['share'])} of the wallet of {who} is ours{_of(row)}: "
        f"{money(row['spend_a_month'], currency)} of {money(row['wallet'], currency)} a month."
    )


def _evenly(evenness: Estimate) -> str:
    if evenness.low is None or evenness.low <= 1 <= evenness.high:
        return "about as evenly as by chance"
    return "more evenly than by chance" if evenness.value > 1 else "in bunches, more than by chance"


def _differ(one: Estimate, other: Estimate) -> bool:
    """Tell whether two intervals keep apart, the first below."""
    return one.high is not None and other.low is not None and one.high < other.low


def _of(row: pd.Series, low: str = "low", high: str = "high") -> str:
    ends = Estimate(0.0, *(None if pd.isna(row[end]) else row[end] for end in (low, high)), 0)
    return brackets(ends, n=of_customers(int(row["customers"])))


def _quarter(first_day: object) -> str:
    day = pd.Timestamp(first_day)
    return f"Q{(day.month + 2) // 3} {day.year}" if day.month % 3 == 1 else month(day.date())


def _points(change: float) -> str:
    """Write a difference of shares in percentage points, with its sign."""
    return ("+" if change > 0 else "") + number(100 * change, 1)
