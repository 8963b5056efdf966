"""Measured: the names of what is compared between groups, and how its values are written."""

from collections.abc import Callable

from regulars.show.findings import days, money, number, share
from regulars.show.names import reader_name
from regulars.show.text import is_missing, one_line

__all__ = ["is_spread_out", "measure_name", "measure_writer"]

_NAMES = {
    "age": "Days since the first purchase",
    "birth_year": "Year of birth",
    "complained": "Complained in the period",
    "days_since_last": "Days since the last purchase",
    "discount_share": "Discounts",
    "margin_rate": "Margin of spend",
    "orders": "Orders",
    "price_ratio": "Price level",
    "repurchased": "Bought again in the period",
    "return_share": "Returns",
    "spend": "Spend",
    "value_per_order": "Value per order",
    "weekend_share": "Orders at weekends",
}
_SHARES = {"complained", "discount_share", "margin_rate", "repurchased", "return_share"}
_SHARES |= {"weekend_share"}
_MONEY = {"spend", "value_per_order"}
_DAYS = {"age", "days_since_last"}
_AS_THEY_ARE = _SHARES | {"birth_year", "price_ratio"}


def is_spread_out(measure: str, level: object = "") -> bool:
    """Tell whether a measure is compared by logarithms, so that its mean is a typical value.

    Examples
    --------
    >>> is_spread_out("spend"), is_spread_out("complained"), is_spread_out("region", "north")
    (True, False, False)
    """
    return level == "" and measure not in _AS_THEY_ARE


def measure_name(measure: str, level: object = "") -> str:
    """Return the name of a measure for readers; of a text, with the value it has.

    Examples
    --------
    >>> measure_name("age"), measure_name("region", "north"), measure_name("kids_count", "2")
    ('Days since the first purchase', 'Region: north', 'Kids count: 2')
    """
    words = _NAMES.get(measure, reader_name(measure))
    value = "" if is_missing(level) else one_line(level, width=60) if level != "" else ""
    return f"{words}: {value}" if value else words


def measure_writer(measure: str, level: object = "", *, currency: str) -> Callable[[float], str]:
    """Return the function that writes a value of a measure with its unit.

    Examples
    --------
    >>> measure_writer("spend", currency="EUR")(104.5), measure_writer("orders", currency="EUR")(3)
    ('€104.50', '3.0')
    """
    if level != "" or measure in _SHARES:
        return share
    if measure in _MONEY:
        return lambda value: money(value, currency)
    if measure in _DAYS:
        return days
    return lambda value: number(value, 0 if measure == "birth_year" else 1)
