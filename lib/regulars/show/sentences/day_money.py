"""Sentences on what a purchase day is worth: what is counted, by which method, and if it held (07).

Each says what is counted: margin, or spend where the margin is not known.
"""

from typing import Protocol

import pandas as pd

from regulars.show.findings import count, days, money, number, share
from regulars.show.sentences.pieces import HasInterval, brackets

__all__ = ["conditions", "counted", "counted_words", "held_back", "method"]

_METHODS = {
    "gamma_gamma": "The Gamma-Gamma model tells what a purchase day of each customer is worth.",
    "credibility": "Credibility (Bühlmann and Straub) tells what a purchase day of each customer "
    "is worth: the own mean counts the more, the more days it rests on.",
    "base_mean": "A purchase day of each customer is taken to be worth the mean of all: their own "
    "days do not show that they differ.",
}
_PUBLISHED = 0.11


class HasWorth(Protocol):
    """What ``measures.value.worth.total_worth`` returns."""

    expected: HasInterval
    outcome: HasInterval


class HasCounted(Protocol):
    """What ``measures.value.counted.counted`` returns."""

    what: str
    margin_rate: float | None
    known_share: float


class HasMoney(Protocol):
    """What ``measures.value.day_money.day_money`` returns."""

    method: str
    needed: float
    gamma: object
    related: dict
    alone: float | None
    reasons: list[str]


class HasHeldBack(Protocol):
    """What ``measures.value.held_back.money_held_back`` returns."""

    said: HasWorth
    came: float
    error: float | None
    within: bool | None


def counted_words(what: str) -> str:
    """Write what is counted, so that spend is never taken for margin.

    Examples
    --------
    >>> counted_words("spend"), counted_words("margin")
    ('spend (not margin)', 'margin')
    """
    return "spend (not margin)" if what == "spend" else "margin"


def counted(sums: HasCounted) -> str:
    """Say what is counted as value, and why."""
    if sums.what == "spend":
        costs = f"the cost is known for {share(sums.known_share)} of sales only"
        if sums.known_share == 0:
            costs = "no line says what the goods cost"
        return (
            f"Value is counted as spend, not margin: {costs}, and costs.margin_rate does not say "
            "what part of spend is margin."
        )
    how = f"the cost is known for {share(sums.known_share)} of sales"
    if sums.known_share == 0:
        how = "no line has a cost, so costs.margin_rate is taken"
    return f"Value is counted as margin, {share(sums.margin_rate)} of spend: {how}."


def method(money_: HasMoney) -> list[str]:
    """Say how the worth of a purchase day is told, and why not otherwise."""
    return [_METHODS[money_.method], *money_.reasons]


def conditions(money_: HasMoney) -> pd.DataFrame:
    """List what Gamma-Gamma takes for granted, and what was found, as a table of texts."""
    alone = "" if money_.alone is None else f"if nothing is related {number(money_.alone)}"
    ranks = "within 0.3 of 0" if not alone else f"within 0.3 of {number(money_.alone)}"
    pearson, spearman = (money_.related.get(key) for key in ("pearson", "spearman"))
    published = f"CDNOW: {number(_PUBLISHED)}"
    rows = [
        ("Days and money (Pearson)", _correlation(pearson, published), "within 0.3 of 0"),
        ("The same by ranks (Spearman)", _correlation(spearman, alone), ranks),
    ]
    gamma = money_.gamma
    if gamma is not None:
        q = gamma.estimates["q"]
        found = f"{number(q.value)}{brackets(q, as_='number')}"
        rows.append(("The mean exists (q)", found, "above 1"))
        rows.append(("Customers with a paid repeat day", count(gamma.customers), "30 or more"))
    return pd.DataFrame(rows, columns=["condition", "found", "needed"])


def held_back(told: HasHeldBack | None, *, currency: str, holdout_days: int) -> str:
    """Say what was foretold of the money of the days held back, and what came."""
    if told is None:
        return "Before the days held back, money could not be told, so it is not checked."
    one, as_ = told.said.outcome, f"money:{currency}"
    said = (
        f"For the {days(holdout_days)} held back, {money(one.value, currency)} of spend was "
        f"foretold{brackets(one, as_=as_, what='95 % of outcomes')}, and "
        f"{money(told.came, currency)} came"
    )
    if told.error is None:
        return f"{said}."
    how = "too much" if told.error > 0 else "too little"
    off = f"{said}: {share(abs(told.error))} {how}"
    if told.within is None:
        return f"{off}."
    return f"{off}, {'within' if told.within else 'outside'} what chance explains."


def _correlation(one: HasInterval | None, beside: str) -> str:
    if one is None:
        return "not known"
    return f"{number(one.value)}{brackets(one, as_='number', n=beside)}"
