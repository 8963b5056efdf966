"""Sentences on whether customers come back (05_loyalty).

Each is built from what was measured and claims no more than its numbers.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import day, plural, share
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.small_groups import LEAST, few

__all__ = [
    "gap_title",
    "loyalty",
    "median_wait",
    "middle_gap",
    "repurchase_rate",
    "within",
    "within_title",
]

TOO_SMALL = "Too few customers to say"
TOO_FEW = f"fewer than {LEAST} did, or fewer than {LEAST} did not"


def repurchase_rate(rate: Estimate | None, start: str, as_of: str) -> str:
    """Give the repurchase rate of a window, with its interval and n."""
    if not is_given(rate) or not rate.n:
        return f"Nobody has bought up to {day(as_of)}, so there is no repurchase rate."
    if few(rate):
        return (
            f"{_how_many(rate)} who bought from {day(start)} to {day(as_of)} bought on a second "
            f"day is hidden: {TOO_FEW}."
        )
    return (
        f"Of {of_customers(rate.n)} who bought from {day(start)} to {day(as_of)}, "
        f"{share(rate.value)} bought on a second day{brackets(rate)}."
    )


def within_title(estimate: Estimate | None, days: int) -> str:
    """Give the share who bought again within so many days, for a chart (at most ten words)."""
    if not is_given(estimate):
        return TOO_SMALL
    if few(estimate):
        return f"How many buy again within {plural(days, 'day')} is hidden"
    return f"{share(estimate.value)} buy again within {plural(days, 'day')}"


def within(estimate: Estimate | None, days: int) -> str:
    """Give the share who bought again within so many days, with its interval and n.

    `estimate` is None where too few customers have been watched for so many days.
    """
    if not is_given(estimate):
        return (
            f"How many buy again within {plural(days, 'day')} is withheld: "
            f"fewer than {LEAST} customers have been watched that long."
        )
    if few(estimate):
        return f"How many buy again within {plural(days, 'day')} is hidden: {TOO_FEW}."
    return (
        f"Within {plural(days, 'day')} of their first purchase, {share(estimate.value)} buy again"
        f"{brackets(estimate, n=of_customers(estimate.n))}; those who came late are counted fairly."
    )


def median_wait(days: int | None, curve: pd.DataFrame | None = None) -> str:
    """Say how long it takes until half have come back, or that they have not.

    A curve without rows is hidden, and says nothing of how long it takes.
    """
    if curve is not None and curve.empty:
        return f"How long it takes until half have come back is hidden: {TOO_FEW}."
    if days is None:
        return "Fewer than half have come back so far, so there is no median waiting time yet."
    return f"Half have come back after {plural(days, 'day')}."


def middle_gap(gaps: pd.DataFrame) -> int | None:
    """Read off the counts the gap that half of the gaps do not exceed."""
    counted = gaps.sort_values("days")
    reached = counted[counted["gaps"].cumsum() >= counted["gaps"].sum() / 2]
    return int(reached["days"].iloc[0]) if counted["gaps"].sum() else None


def gap_title(gaps: pd.DataFrame) -> str:
    """Give the gap in the middle, for a chart (at most ten words)."""
    middle = middle_gap(gaps)
    if middle is None:
        return "Too few have bought on two days"
    return f"Half of all gaps are {plural(middle, 'day')} or less"


def loyalty(rate: Estimate | None, estimate: Estimate | None, days: int) -> list[str]:
    """Say how many come back, and how soon.

    Parameters
    ----------
    rate : Estimate or None
        The repurchase rate; None where nobody has bought.
    estimate : Estimate or None
        The share who bought again within `days`; None where too few were watched that long.
    days : int
        The days asked for.
    """
    if not is_given(rate) or not rate.n:
        return ["Nobody has bought yet, so nobody can have come back."]
    return [
        f"{_how_many(rate)} bought on a second day is hidden: {TOO_FEW}."
        if few(rate)
        else f"{share(rate.value)} of {of_customers(rate.n)} bought on a second day"
        f"{brackets(rate)}.",
        f"{share(estimate.value)} buy again within {plural(days, 'day')} of their first purchase"
        f"{brackets(estimate)}."
        if is_given(estimate) and not few(estimate)
        else within(estimate, days),
    ]


def _how_many(rate: Estimate) -> str:
    return f"How many of {of_customers(rate.n)}"
