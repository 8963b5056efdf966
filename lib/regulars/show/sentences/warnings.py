"""Sentences on early warning: whom we look at, whom we warn of, and what is at stake."""

from typing import NamedTuple, Protocol

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, days, money, plural, share
from regulars.show.sentences.pieces import brackets, of_customers
from regulars.small_groups import LEAST, WITHHELD, few

__all__ = [
    "KINDS",
    "frequent_only",
    "kinds_table",
    "looked_at",
    "stake",
    "stricter",
    "trial",
    "withheld",
]

KINDS = {
    "overdue": "Overdue by their own rhythm",
    "falling": "Orders are falling",
    "both": "Both",
    "none": "No warning",
}


class Levels(Protocol):
    """At which p-value each test warns, and how it did, as ``warning.levels.Levels``."""

    overdue: float
    falling: float
    went_on: int
    found_overdue: float
    found_falling: float


def looked_at(
    customers: int,
    warned: int | None,
    new: int | None,
    *,
    least_days: int,
    reach_days: int,
) -> list[str]:
    """Say how many customers are looked at, and of how many a warning is given."""
    rule = f"at least {least_days} purchase days, the last of them within {days(reach_days)}"
    if customers < LEAST:
        few = "Nobody has" if not customers else f"Fewer than {LEAST} customers have"
        return [f"{few} {rule}: there is no rhythm to warn by."]
    said = [f"We look at {of_customers(customers)} with {rule}."]
    if warned is None:
        return [*said, f"How many of them are warned of is not shown. {WITHHELD}"]
    of_all = f" ({share(warned / customers)} of those looked at)" if warned else ""
    who = f"{plural(warned, 'customer')}{of_all}" if warned else "none of them"
    fresh = "" if new is None or not warned else f"; {_of_them(new)} new since the last period"
    return [*said, f"A warning is given of {who}{fresh}."]


def trial(levels: Levels, *, rate: float) -> list[str]:
    """Say how the tests did in the last period, and what was made of it.

    Parameters
    ----------
    levels : Levels
        As from ``warning.levels.levels``.
    rate : float
        The false-alarm rate chosen.
    """
    if not levels.went_on:
        return [
            "Too few customers bought again in the last period to try the tests on them: that the "
            "false-alarm rate holds is taken on trust here."
        ]
    made_stricter = stricter(levels, rate=rate)
    if made_stricter:
        return made_stricter
    who = f"the {of_customers(levels.went_on)} who bought again in the last period"
    found = (levels.found_overdue, levels.found_falling)
    if any(few(_Part(one, levels.went_on)) for one in found):
        return [
            f"Tried on {who}, neither test would have warned of clearly more than "
            f"{share(rate)}, so both stay as they are."
        ]
    silence, falling = map(share, found)
    return [
        f"Of {who}, the test for silence would have warned of {silence} and that for falling "
        f"orders of {falling}: not clearly more than {share(rate)}, so both stay as they are."
    ]


def stricter(levels: Levels, *, rate: float) -> list[str]:
    """Say which tests have been made stricter; nothing if none has."""
    tests = (
        ("silence", levels.overdue, levels.found_overdue),
        ("falling orders", levels.falling, levels.found_falling),
    )
    return [_stricter(name, levels.went_on, found, rate) for name, at, found in tests if at < rate]


def frequent_only(least: int | None, *, known_days: int, period_days: int) -> str:
    """Say how often somebody must have bought before the test for falling orders can warn.

    Parameters
    ----------
    least : int or None
        From ``warning.rhythm.least_for_falling``, of the other two.
    known_days : int
        How long somebody is known.
    period_days : int
        How long the last period is.
    """
    who = f"somebody known for {days(known_days)}"
    if least is None:
        return f"The test for falling orders cannot warn of {who}, however often they bought."
    return (
        f"The test for falling orders is one for frequent buyers: {who} must have bought on at "
        f"least {plural(least, 'day')} before it can warn, even if none of them lies in the last "
        f"{days(period_days)}."
    )


def kinds_table(kinds: pd.DataFrame) -> pd.DataFrame:
    """Name the warnings for readers."""
    return kinds.assign(warning=kinds["warning"].map(KINDS))


def stake(total: Estimate | None, currency: str, *, by_model: bool, horizon_days: int) -> str:
    """Say what is at stake with those warned of."""
    if total is None:
        return f"What is at stake is not shown. {WITHHELD}"
    if not total.n:
        return "Nobody is warned of, so nothing is at stake."
    if not by_model:
        return (
            f"The {of_customers(total.n)} warned of spent {money(total.value, currency)} in the "
            f"last {days(horizon_days)}. No model speaks here, so nothing is said of days to come."
        )
    ends = brackets(total, as_=f"money:{currency}", what="95 % interval of the expectation")
    return (
        f"If the {of_customers(total.n)} warned of went on, they would be expected to spend "
        f"{money(total.value, currency)} in {days(horizon_days)}{ends}. That is the most there "
        "is to save: some will go on in any case, and some have left already."
    )


def withheld(estimate: Estimate | None, *, customers: int) -> str | None:
    """Say why a number of the warnings is not given; None where it is."""
    if estimate is not None:
        return None
    if not customers:
        return "Nobody had a rhythm of their own to be warned by."
    return WITHHELD


def _of_them(new: int) -> str:
    return "none of these is" if not new else f"{count(new)} of these {'is' if new == 1 else 'are'}"


class _Part(NamedTuple):
    value: float
    n: int


def _stricter(name: str, went_on: int, found: float, rate: float) -> str:
    part = "more" if few(_Part(found, went_on)) else share(found)
    return (
        f"In the last period the test for {name} would have warned of {part} of the "
        f"{of_customers(went_on)} who then bought again, and not of {share(rate)} as chosen; it "
        "has been made stricter."
    )
