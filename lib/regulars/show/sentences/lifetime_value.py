"""Sentences on lifetime value: the base, its groups, new customers and what was assumed (07).

Each says what is counted: margin, or spend where the margin is not known.
"""

from typing import Protocol

import pandas as pd

from regulars.show.findings import count, days, money, name, share
from regulars.show.sentences.day_money import counted_words
from regulars.show.sentences.pieces import (
    HasInterval,
    brackets,
    is_given,
    of_customers,
    short_name,
)
from regulars.show.text import is_missing

__all__ = [
    "NO_END",
    "base",
    "counted_words",
    "found",
    "groups_title",
    "models_disagree",
    "moves_title",
    "newcomer",
    "newcomer_title",
    "one_margin",
    "residual",
    "tenths_title",
]


NO_END = "Without a discount, or with a small one, what is still to come never becomes small."


class HasWorth(Protocol):
    """What ``measures.value.worth.total_worth`` returns."""

    expected: HasInterval
    outcome: HasInterval


class HasNewCustomer(Protocol):
    """What ``measures.value.newcomers.new_customer`` returns."""

    first: HasInterval
    later: HasInterval
    value: HasInterval
    payback: HasInterval


def base(worth: HasWorth, *, what: str, currency: str, horizon_days: int, rate: float) -> list[str]:
    """Say what the base is worth, what may come true, and what that is a customer."""
    one, comes, as_ = worth.expected, worth.outcome, f"money:{currency}"
    said = [
        f"The base of {of_customers(one.n)} is expected to bring {money(one.value, currency)} of "
        f"{counted_words(what)} in {days(horizon_days)}, at a discount of {share(rate)} a year"
        f"{brackets(one, as_=as_)}."
    ]
    if comes.low is not None:
        ends = brackets(comes, as_=as_, what="95 % of outcomes").strip(" ()")
        said.append(f"With what chance may do as well: {ends}, if the models are right.")
    if one.n:
        said.append(f"That is {money(one.value / one.n, currency)} a customer.")
    return said


def residual(
    worth: HasWorth | None, lasting: float | None, *, what: str, currency: str, rate: float
) -> str:
    """Say what customers bring for as long as they may stay."""
    if worth is None or lasting is None:
        return (
            "The value for as long as customers may stay is withheld at a discount of "
            f"{share(rate)} a year. {NO_END}"
        )
    one = worth.expected
    return (
        f"For as long as they may stay, they are expected to bring {money(one.value, currency)} of "
        f"{counted_words(what)}{brackets(one, as_=f'money:{currency}')}; after "
        f"{count(lasting / 365)} years less than a thousandth is still to come. It rests on the "
        "model far beyond anything seen."
    )


def far_ahead(horizon_days: int, *, holdout_days: int, known_days: int) -> list[str]:
    """Say how far the horizon lies beyond what was checked or seen; nothing if it does not.

    Parameters
    ----------
    horizon_days : int
        How far the total reaches.
    holdout_days : int
        How long the forecast was held against what came.
    known_days : int
        How long the customer known longest has been one.
    """
    if horizon_days <= min(holdout_days, known_days):
        return []
    said = (
        f"The total reaches {days(horizon_days)} ahead; the forecast was held against what came "
        f"for {days(holdout_days)}"
    )
    if horizon_days <= known_days:
        return [f"{said}. What comes later rests on the model, unchecked."]
    return [
        f"{said}, and nobody has been a customer for more than {days(known_days)}. What comes "
        "later rests on the model, beyond anything seen."
    ]


def one_margin(what: str) -> list[str]:
    """Say that groups are valued at the margin of the base; nothing where spend is counted."""
    if what != "margin":
        return []
    return [
        "Each group is valued at the margin of the whole base: one that buys goods of a higher "
        "margin than others is worth more than is told here, and the other way round."
    ]


def groups_title(groups: pd.DataFrame, *, by: str) -> str:
    """Say which group holds most of the value, for a chart (at most ten words)."""
    rows = groups.dropna(subset=["value_share"])
    if rows.empty:
        return "Which groups hold the value to come?"
    top = rows.sort_values("value_share", ascending=False).iloc[0]
    return f"{short_name(name(str(top[by])), 3)}: {share(top['value_share'])} of value to come"


def tenths_title(tenths: pd.DataFrame) -> str:
    """Say what the most valuable tenth holds, for a chart (at most ten words)."""
    first = tenths.loc[tenths["decile"] == 1, "value_share"]
    if first.empty or is_missing(first.iloc[0]):
        return "Who holds the value to come?"
    return f"A tenth of customers hold {share(first.iloc[0])} of value"


def moves_title(moves: pd.DataFrame) -> str:
    """Say which assumption moves the value most, for a chart (at most ten words)."""
    rows = moves[moves["assumption"] != "margin"].dropna(subset=["share"])
    if rows.empty:
        return "What does the value hang on?"
    most = rows.loc[(rows["share"] - 1).abs().idxmax()]
    what = "model" if most["assumption"] == "model" else "discount"
    return f"Another {what} moves the value by up to {share(abs(most['share'] - 1))}"


def models_disagree(moves: pd.DataFrame, worth: HasWorth, *, currency: str) -> list[str]:
    """Say which models value the base outside the interval; nothing if none does."""
    one = worth.expected
    if one.low is None or one.high is None:
        return []
    others = moves[moves["assumption"] == "model"]
    away = others[(others["value"] < one.low) | (others["value"] > one.high)]
    if away.empty:
        return []
    told = " and ".join(
        f"{money(row['value'], currency)} by {name(str(row['changed_to']))}"
        for _, row in away.iterrows()
    )
    return [
        f"The base would be worth {told}, outside the interval: which model is right is the larger "
        "doubt here."
    ]


def newcomer_title(new: HasNewCustomer, *, currency: str, payback_days: int) -> str:
    """Say what a new customer brings by the day of payback, for a chart (at most ten words)."""
    return f"A newcomer brings {money(new.payback.value, currency)} in {days(payback_days)}"


def newcomer(
    new: HasNewCustomer, *, what: str, currency: str, horizon_days: int, payback_days: int
) -> list[str]:
    """Say what a new customer brings, and what may be paid to win one."""
    as_ = f"money:{currency}"
    limit = " of margin" if what == "margin" else ""
    said = [
        f"A new customer is expected to bring {money(new.value.value, currency)} of "
        f"{counted_words(what)} in {days(horizon_days)}{brackets(new.value, as_=as_)}, "
        f"{money(new.first.value, currency)} of it with the first purchase.",
        f"Winning one pays back within {days(payback_days)} if it costs at most "
        f"{money(new.payback.value, currency)}{limit}{brackets(new.payback, as_=as_)}.",
    ]
    if what == "spend":
        said.append("These limits are spend: what the goods cost has to be taken off them first.")
    return said


def found(
    worth: HasWorth | None,
    new: HasNewCustomer | None,
    tenths: pd.DataFrame | None,
    *,
    what: str,
    currency: str,
    rules: object,
) -> list[str]:
    """Say in a few sentences what the page found."""
    if worth is None or new is None or not is_given(worth.expected):
        return []
    ends = {"what": what, "currency": currency, "horizon_days": rules.horizon_days}
    said = base(worth, **ends, rate=rules.discount_rate)
    if tenths is not None:
        said.append(f"{tenths_title(tenths)} to come.")
    return [*said, *newcomer(new, **ends, payback_days=rules.payback_days)]
