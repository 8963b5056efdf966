"""Segments, tiers, grades, tags and lists: what a run may be told about groups of customers."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from regulars.parameters.source import Strict

__all__ = [
    "STRATEGIES",
    "Costs",
    "CutPoints",
    "Importance",
    "Lists",
    "Segment",
    "Strategy",
    "Tiers",
    "cards",
]

NAME = r"^[a-z][a-z0-9_]{0,40}$"
SCORES = r"^[1-5](-[1-5])?$"

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1000)]
Money = Annotated[float, Field(ge=0, le=1e12)]
Cuts = Annotated[list[float], Field(min_length=4, max_length=4)]


class Segment(Strict):
    """A rectangle of the R × F grid with a name, and what to do for the customers in it."""

    name: Annotated[str, Field(pattern=NAME)]
    r: Annotated[str, Field(pattern=SCORES)]
    f: Annotated[str, Field(pattern=SCORES)]
    action: str


class CutPoints(Strict):
    """Four rising cut points of a measure, in place of the fifths of the base; none: the fifths."""

    days_since_last: Cuts | None = None
    """Days; a customer at a cut point keeps the better score."""

    orders: Cuts | None = None
    """Orders; a customer at a cut point keeps the lower score."""

    spend: Cuts | None = None
    """Money; likewise."""

    @model_validator(mode="after")
    def _they_rise(self) -> "CutPoints":
        for name in type(self).model_fields:
            cuts = getattr(self, name) or []
            if any(later <= earlier for earlier, later in pairwise(cuts)):
                raise ValueError(f"the cut points of {name} have to rise from one to the next")
        return self


class Tiers(Strict):
    """Where value tiers end."""

    a_until: Share = 0.80
    """Class A: who bring this share of all value (margin where costs are known, else spend)."""

    b_until: Share = 0.95
    """Class B: who bring the value from there to this share; class C: the rest."""

    pyramid: Annotated[list[Share], Field(min_length=3, max_length=3)] = [0.01, 0.04, 0.15]
    """Shares of customers in the top, second and third tier of the pyramid; the rest is fourth."""

    @model_validator(mode="after")
    def _they_fit(self) -> "Tiers":
        if not 0 < self.a_until < self.b_until < 1 or sum(self.pyramid) >= 1:
            raise ValueError(
                "expected 0 < a_until < b_until < 1 and shares of the pyramid below 1 together"
            )
        return self


class Weights(Strict):
    """How much each criterion counts; only their proportions matter."""

    volume: Weight = 1.0
    loyalty: Weight = 1.0
    contribution: Weight = 1.0
    fit: Weight = 1.0

    @model_validator(mode="after")
    def _one_counts(self) -> "Weights":
        if not sum(getattr(self, name) for name in type(self).model_fields) > 0:
            raise ValueError("at least one weight has to be above 0")
        return self


class Importance(Strict):
    """How customers become VIP, potential, ordinary or dormant."""

    weights: Weights = Weights()
    """Weights of the four criteria."""

    vip_share: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Share of the active customers, by weighted score, that are VIP."""

    potential_share: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Share of the active customers, by predicted value, among whom those not VIP are potential."""


class Costs(Strict):
    """What serving a customer costs, where no table says it, and where profit grades begin."""

    margin_rate: Share | None = None
    """Margin as a share of spend, where purchases have no cost; empty: margins are not known."""

    contact: Money | None = None
    """Cost of a contact whose row has none; empty: such contacts count nothing, and we say so."""

    return_line: Money | None = None
    """Cost of handling a line that came back; empty: not known."""

    good_from: Share = 0.1
    """Profit as a share of spend from which a customer is good; below zero profit: bad."""


class Strategy(Strict):
    """What we do for a group: the card in its portrait."""

    group: Literal["vip", "potential", "ordinary", "dormant"]
    goal: str
    treatment: str
    channel: str
    cost_cap: str
    measure: str


class Lists(Strict):
    """What lists of customers are made for, and how long they may be kept."""

    purpose: Annotated[str, Field(max_length=200)] = "Not stated"
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 30


STRATEGIES = [
    Strategy(
        group="vip",
        goal="Keep them, and know the moment one falls silent",
        treatment="A named contact, first choice of what is new, thanks without an offer",
        channel="By person: telephone, visit, letter",
        cost_cap="10 % of a year's margin of the customer",
        measure="Share who buy again in the next period, against a random tenth left alone",
    ),
    Strategy(
        group="potential",
        goal="Bring them to the next category or the next order",
        treatment="Show what customers like them buy next; a reward that grows with the orders",
        channel="The channel they order by",
        cost_cap="10 % of the predicted value of the period",
        measure="Value per customer in the next period, against a random control group",
    ),
    Strategy(
        group="ordinary",
        goal="Serve well at low cost",
        treatment="Standard offers, self-service",
        channel="E-mail or app",
        cost_cap="The cost of a mailing",
        measure="Margin less cost to serve",
    ),
    Strategy(
        group="dormant",
        goal="Find out who can be won back, and stop paying for the others",
        treatment="One offer with a reason, then silence",
        channel="E-mail or post, once",
        cost_cap="The expected margin of one order times the chance of a return",
        measure="Orders within 60 days, against a random control group",
    ),
]
"""The cards where the parameters give none: high, middle and low value, and who has left."""


def cards(told: Sequence[Strategy | Mapping[str, str]]) -> list[dict[str, str]]:
    """Return a card for each group: that of the parameters, or else the one to begin with.

    Examples
    --------
    >>> own = {**STRATEGIES[0].model_dump(), "goal": "Keep them"}
    >>> [card["goal"] for card in cards([own])][:2]
    ['Keep them', 'Bring them to the next category or the next order']
    """
    own = {card.group: card for card in map(Strategy.model_validate, told)}
    return [own.get(card.group, card).model_dump() for card in STRATEGIES]
