"""Coefficients: every number the model of the simulated shop is made of, with its unit.

The code asks for them by name, and ``truth/parameters.json`` lists the same ones, so that what a
workbook estimates can be held against what was put in. `changed` gives some of them other values,
to simulate a company about which something else is true.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

__all__ = ["COEFFICIENTS", "Coefficient", "changed", "coefficient", "coefficients"]

Value = float | tuple[float, ...] | dict[str, float]


@dataclass(frozen=True)
class Coefficient:
    """One number, or one row of numbers, of the model."""

    name: str
    value: Value
    unit: str
    sentence: str

    def as_dict(self) -> dict[str, object]:
        """Return it as it stands in ``parameters.json``."""
        return asdict(self)


def coefficient(name: str) -> Value:
    """Return a coefficient's value.

    Examples
    --------
    >>> coefficient("lines_discounted")
    0.15
    """
    return _CHANGED.get().get(name, _BY_NAME[name].value)


def coefficients() -> list[Coefficient]:
    """Return all coefficients with the values that hold now."""
    return [replace(one, value=coefficient(one.name)) for one in COEFFICIENTS]


@contextmanager
def changed(**values: Value) -> Iterator[None]:
    """Let some coefficients have other values inside a ``with`` block, and nowhere else.

    Names and order of a coefficient with several values stay as they are, since the words of the
    tables are made of them. Changes inside one another add up.

    Raises
    ------
    ValueError
        If there is no such coefficient, or the value has other names or another length.

    Examples
    --------
    >>> with changed(lines_discounted=0.0):
    ...     coefficient("lines_discounted")
    0.0
    >>> coefficient("lines_discounted")
    0.15
    """
    for name, value in values.items():
        _check(name, value)
    token = _CHANGED.set({**_CHANGED.get(), **values})
    try:
        yield
    finally:
        _CHANGED.reset(token)


def _check(name: str, value: Value) -> None:
    if name not in _BY_NAME:
        raise ValueError(f"There is no coefficient {name!r}.")
    if _form(value) != _form(_BY_NAME[name].value):
        raise ValueError(f"{name}: expected a value of the form {_form(_BY_NAME[name].value)!r}.")


def _form(value: Value) -> object:
    """Return what a change must keep: the names of several values, or how many there are."""
    if isinstance(value, dict):
        return list(value)
    return len(value) if isinstance(value, tuple) else "one number"


COEFFICIENTS = tuple(
    Coefficient(*one)
    for one in [
        # Who there is.
        ("signup_power", 1.2, "", "The sign-up day is days x u^power, u uniform."),
        ("companies", 0.08, "share", "Share of customers that are companies."),
        ("never_buy", 0.04, "share", "Share of customers who sign up and never buy."),
        ("guests", 0.01, "share", "Share of orders placed without a customer id."),
        # Purchase timing.
        ("purchase_rate_shape", 1.0, "", "Shape r of the gamma that purchase rates come from."),
        ("purchase_rate_mean", 4.6, "orders a year", "Its mean, before covariates and season."),
        (
            "channel_effect",
            {"web": 0.0, "app": 0.25, "store": -0.10, "phone": -0.25},
            "log rate",
            "Added to the log purchase rate by preferred channel.",
        ),
        (
            "region_effect",
            {"North": 0.10, "South": 0.0, "East": -0.10, "West": 0.05, "Overseas": -0.20},
            "log rate",
            "Added to the log purchase rate by region.",
        ),
        (
            "season",
            (0.85, 0.80, 0.92, 0.97, 1.00, 0.95, 0.90, 0.88, 1.00, 1.05, 1.28, 1.40),
            "times",
            "Times the purchase rate, by calendar month from January.",
        ),
        # Dropout.
        ("dropout_rate_shape", 1.3, "", "Shape s of the gamma that dropout rates come from."),
        ("dropout_rate_mean", 0.55, "a year", "Its mean, at satisfaction 0."),
        (
            "satisfaction_on_dropout",
            -0.60,
            "log rate",
            "Added to the log dropout rate for each point of satisfaction, month by month.",
        ),
        # Satisfaction.
        ("satisfaction_level_sd", 0.7, "points", "Spread of the customers' own levels, mean 0."),
        ("satisfaction_swing_sd", 0.7, "points", "Spread of the swings around the own level."),
        ("satisfaction_carry", 0.8, "", "Carry-over of the swing from month to month, AR(1)."),
        ("complaints_base", 0.020, "a month", "Chance of a complaint at satisfaction 0."),
        (
            "satisfaction_on_complaints",
            -0.8,
            "log chance",
            "Added to the log chance of a complaint for each point of satisfaction.",
        ),
        ("complaints_resolved", 0.72, "share", "Chance that a complaint is resolved."),
        ("resolved_effect", 0.30, "points", "What a resolved one adds to next month's swing."),
        ("unresolved_effect", -0.90, "points", "What an unresolved one adds to it."),
        # Spend.
        ("spend_p", 4.0, "", "Shape p of the gamma that an order's value comes from."),
        ("spend_q", 3.5, "", "Shape q of the gamma that the customers' nu come from."),
        ("spend_gamma", 62.5, "EUR", "Rate of that gamma: the mean order is p x gamma / (q - 1)."),
        ("spend_company", 2.0, "times", "An order of a company is this many times as large."),
        ("lines_extra", 0.75, "lines", "Mean of the Poisson number of further lines, at most 3."),
        ("quantity_extra", 0.4, "pieces", "Mean of the Poisson number of pieces after the first."),
        ("price_growth", 0.03, "a year", "Growth of the list prices at each new year."),
        ("lines_discounted", 0.15, "share", "Share of lines with a discount of 5 to 20 %."),
        ("lines_returned", 0.05, "share", "Share of lines that come back, in 2 to 21 days."),
        ("lines_cancelled", 0.015, "share", "Share of lines cancelled within a day."),
        # Campaigns.
        ("campaign_lifts", (0.50, 0.30, 0.80, 0.0, 0.60, 0.20, 0.70, 0.40), "times the rate",
         "What a contact adds to the purchase rate in its window, campaign by campaign in turn."),
        ("campaign_window", 30.0, "days", "How long a contact works."),
        ("campaign_reached", 0.4, "share", "Share of the customers that a campaign picks."),
        ("campaign_control", 0.3, "share", "Share of those that are control and not contacted."),
        ("credited_extra", 0.85, "share", "Share of orders made by a campaign that name it."),
        ("credited_others", 0.10, "share", "Share of the other orders in the window that name it."),
        ("clicked_only", 0.06, "share", "Share of the treated who respond without an order."),
        # Surveys.
        ("survey_reached", 0.3, "share", "Share of customers asked in each quarter."),
        ("orders_asked_csat", 0.20, "share", "Share of orders after which csat is asked."),
        ("orders_asked_ces", 0.08, "share", "Share of orders after which ces is asked."),
        ("response_base", -0.7, "log odds", "Log odds of an answer at satisfaction 0."),
        (
            "satisfaction_on_response",
            0.5,
            "log odds",
            "Added to them for each point of satisfaction: the satisfied answer more.",
        ),
        (
            "household_on_response",
            {"single": 0.7, "couple": 0.3, "family": -0.6, "shared": -0.8},
            "log odds",
            "Added to them by the household a customer states; nothing where none is stated.",
        ),
        (
            "household_on_answers",
            {"single": 0.40, "couple": 0.15, "family": -0.40, "shared": -0.50},
            "points",
            "Added to the satisfaction that answers speak of, by stated household; to no other.",
        ),
        ("driver_weights", {"quality": 0.35, "price": 0.15, "service": 0.30, "delivery": 0.20},
         "share", "Weight of each driver in what a customer would recommend."),
        ("driver_own_sd", 0.7, "points", "Spread of a driver around the customer's satisfaction."),
        ("nps_base", 7.3, "points of 0-10", "NPS answer at satisfaction 0, before rounding."),
        ("nps_slope", 1.6, "points of 0-10", "Added for each point of the weighted drivers."),
        ("nps_noise", 1.0, "points of 0-10", "Spread of the NPS answer around that."),
        ("csat_line", (3.6, 0.7, 0.6), "points of 1-5", "Base, slope and spread of csat answers."),
        ("ces_line", (4.8, 0.8, 0.9), "points of 1-7", "Base, slope and spread of ces answers."),
        ("driver_line", (3.5, 0.8, 0.4), "points of 1-5", "Base, slope and spread for drivers."),
        ("comments", 0.3, "share", "Share of NPS answers with a comment."),
        ("comments_with_contact", 0.05, "share", "Share of comments with a phone number or mail."),
        # Contacts other than complaints.
        ("contacts_a_year", {"inquiry": 0.5, "suggestion": 0.06, "care": 0.2}, "a year",
         "Contacts of each kind while a customer is one."),
        ("returns_announced", 0.6, "share", "Share of returns announced in an interaction."),
        # The pipeline of the companies.
        ("opportunities_a_year", 1.5, "a year", "Opportunities of each company."),
        ("stage_passed", {"lead": 0.60, "qualified": 0.70, "proposal": 0.65, "negotiation": 0.60},
         "share", "Chance that an opportunity passes a stage; past the last one it is won."),
        ("stage_days", {"lead": 10.0, "qualified": 18.0, "proposal": 20.0, "negotiation": 14.0},
         "days", "Mean time in a stage, exponential."),
        # The service line.
        ("subscribers", 0.15, "share", "Share of customers who take the service, some time."),
        ("renewal_alpha", 0.8, "", "Alpha of the beta that chances to end come from."),
        ("renewal_beta", 4.2, "", "Beta of it; renewals are monthly."),
    ]
)  # fmt: skip
"""All of them, in the order of the docstring of `regulars.data.simulate.shop`."""

_BY_NAME = {one.name: one for one in COEFFICIENTS}
_CHANGED: ContextVar[Mapping[str, Value]] = ContextVar("changed", default=MappingProxyType({}))
