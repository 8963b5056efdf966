"""Forecasts, value, warnings, win-back and contracts: what a run may be told about what comes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regulars.parameters.segments import Money, Share
from regulars.parameters.source import Strict

__all__ = ["Contracts", "EarlyWarning", "Forecasts", "LifetimeValue", "WinBack"]

Days = Annotated[int, Field(ge=1, le=3650)]
Model = Literal["bg_nbd", "mbg_nbd", "pareto_nbd"]
Rate = Annotated[float, Field(ge=0, le=1)]


class Forecasts(Strict):
    """Which models compete, how far they look ahead, and the least they need."""

    models: Annotated[list[Model], Field(min_length=1)] = ["bg_nbd", "mbg_nbd", "pareto_nbd"]
    """The purchase models of the contest."""

    horizons: Annotated[list[Days], Field(min_length=1, max_length=4)] = [30, 90, 365]
    """How far ahead the chance to buy is told (days)."""

    least_customers: Annotated[int, Field(ge=20)] = 100
    """Fewer customers at the end of the calibration: the forecast is withheld."""

    least_repeaters: Annotated[int, Field(ge=20)] = 30
    """Fewer customers who had bought again by then: likewise."""


class LifetimeValue(Strict):
    """Over what time value is counted, and what money is worth that comes later."""

    horizon_days: Days = 1095
    """How far ahead value is counted (days)."""

    discount_rate: Rate = 0.10
    """What money loses in worth in a year, as a share; .10 makes 110 next year worth 100."""

    payback_days: Days = 365
    """Within so many days a new customer has to bring back what winning one costs."""


class EarlyWarning(Strict):
    """When a customer is put on the list of those about to leave."""

    false_alarm_rate: Annotated[float, Field(gt=0, le=0.2)] = 0.05
    """Of customers who go on as before, so large a share may be warned of, by each test."""

    least_days: Annotated[int, Field(ge=3, le=50)] = 4
    """So many purchase days make a rhythm of one's own."""

    silent_days: Days = 90
    """The plain rule beside it: silent for so many days."""

    period_days: Days = 90
    """A list is held to what happened in so many days after it."""


class WinBack(Strict):
    """Who counts as having left, and what it costs to win one back."""

    left_below: Share = 0.5
    """A customer with a lower P(alive) has left."""

    contact_cost: Money = 1.0
    """Cost of writing to one customer (money)."""

    offer_cost: Money = 0.0
    """What the offer costs if the customer returns (money)."""

    return_days: Days = 90
    """Who buys within so many days has come back."""

    value_days: Days = 365
    """A returned customer's margin is counted for so long (days)."""

    goal: Annotated[str, Field(min_length=1, max_length=60)] = "reactivate"
    """Campaigns with this goal were win-back actions."""

    control_share: Share | None = None
    """The share they left alone by lot, if it was said: what came of it is tested against it."""


class Contracts(Strict):
    """In what periods contracts are renewed, and how far ahead they are told."""

    every: Literal["month", "quarter", "year"] = "month"
    """How often a contract is renewed."""

    horizon_periods: Annotated[int, Field(ge=1, le=600)] = 24
    """How many renewals ahead survival and value are told."""

    least_contracts: Annotated[int, Field(ge=20)] = 50
    """Fewer contracts: no model is fitted."""

    @model_validator(mode="after")
    def _not_beyond_fifty_years(self) -> "Contracts":
        length = {"month": 1, "quarter": 3, "year": 12}[self.every]
        if self.horizon_periods * length > 600:
            raise ValueError("the horizon has to end within fifty years")
        return self
