"""Sentences on whether customers come back (05_loyalty).

Each is built from what was measured and claims no more than its numbers.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, day, interval, month, plural, share

__all__ = [
    "gap_title",
    "loyalty",
    "mean_retention_title",
    "median_wait",
    "middle_gap",
    "repurchase_rate",
    "retention_title",
    "within",
    "within_title",
]


def repurchase_rate(rate: Estimate, start: str, as_of: str) -> str:
    """Give the repurchase rate of a window, with its interval and n."""
    return (
        f"Of {count(rate.n)} customers who bought from {day(start)} to {day(as_of)}, "
        f"{share(rate.value)} bought on a second day (95 % interval {interval(rate)})."
    )


def within_title(within: Estimate, days: int) -> str:
    """Give the share who bought again within so many days, for a chart."""
    return f"{share(within.value)} buy again within {days} days"


def within(within: Estimate, days: int) -> str:
    """Give the share who bought again within so many days, with its interval."""
    return (
        f"Within {days} days of their first purchase, {share(within.value)} buy again "
        f"(95 % interval {interval(within)}), customers who came late counted fairly."
    )


def median_wait(days: int | None) -> str:
    """Say how long it takes until half have come back, or that they have not."""
    if days is None:
        return "Fewer than half have come back so far, so there is no median waiting time yet."
    return f"Half have come back after {plural(days, 'day')}."


def middle_gap(gaps: pd.DataFrame) -> int | None:
    """Read off the counts the gap that half of the gaps do not exceed."""
    if gaps.empty:
        return None
    below = gaps["gaps"].cumsum() / gaps["gaps"].sum()
    return int(gaps.loc[below >= 0.5, "days"].iloc[0])


def gap_title(gaps: pd.DataFrame) -> str:
    """Give the gap in the middle, for a chart (at most ten words)."""
    middle = middle_gap(gaps)
    if middle is None:
        return "Nobody has bought on two days yet"
    return f"Half of all gaps are {plural(middle, 'day')} or less"


def retention_title(retention: pd.DataFrame) -> str:
    """Say what the first cohort does in the last month seen, for a chart."""
    seen = retention[retention["complete"] & (retention["age"] > 0)]
    if seen.empty:
        return "No cohort has a full month behind it"
    first = seen[seen["cohort"] == seen["cohort"].min()].iloc[-1]
    return f"{share(first['rate'])} of {month(first['cohort'])} still buy in month {first['age']}"


def mean_retention_title(mean: pd.DataFrame) -> str:
    """Give retention in the first month and the last shared one, for a chart."""
    seen = mean[mean["age"] > 0]
    if seen.empty:
        return "No cohort has a full month behind it"
    first, last = seen.iloc[0], _last_shared(seen)
    return f"From {share(first['rate'])} in month {first['age']:.0f} to {share(last['rate'])} in month {last['age']:.0f}"


def loyalty(rate: Estimate, within: Estimate, days: int, mean: pd.DataFrame) -> list[str]:
    """Say how many come back, how soon, and how many are still there."""
    found = [
        f"{share(rate.value)} of {count(rate.n)} customers bought on a second day "
        f"(95 % interval {interval(rate)}).",
        f"{share(within.value)} buy again within {days} days of their first purchase "
        f"(95 % interval {interval(within)}).",
    ]
    seen = mean[mean["age"] > 0]
    if len(seen):
        last = _last_shared(seen)
        found.append(
            f"In month {last['age']:.0f} after their first purchase, {share(last['rate'])} of "
            f"{count(last['customers'])} customers bought (95 % interval "
            f"{share(last['low'])} to {share(last['high'])})."
        )
    return found


def _last_shared(mean: pd.DataFrame) -> pd.Series:
    """Return the last month that rests on as many cohorts as the first: like with like."""
    return mean[mean["cohorts"] == mean["cohorts"].iloc[0]].iloc[-1]
