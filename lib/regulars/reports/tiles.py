"""Tiles: one metric in the words of the page, with its unit, interval, n and change."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from regulars.errors import RunError

__all__ = ["Tile", "all_tiles", "first_screen", "make_tile", "quantity", "spoken_day"]

_CURRENCY = re.compile(r"[A-Z]{3}")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_SPACE = "\u00a0"
# Written out, because strftime speaks the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Tile:
    """What a page says of one metric; every field is text, and empty where there is nothing to say.

    Where the number is withheld, `value` is empty and `withheld` holds the reason.
    """

    label: str
    definition: str
    value: str = ""
    unit: str = ""
    interval: str = ""
    n: str = ""
    change: str = ""
    withheld: str = ""


def first_screen(
    facts: Mapping, *, previous: Mapping[str, float | None] | None = None
) -> list[Tile]:
    """Return the tiles of the page's first screen, in the order the notebook chose.

    Raises
    ------
    RunError
        If the notebook chose a metric that it did not write.
    """
    metrics = {metric["id"]: metric for metric in facts.get("metrics", ())}
    unknown = [chosen for chosen in facts.get("tiles", ()) if chosen not in metrics]
    if unknown:
        raise RunError(
            f"Expected a metric for every tile of {facts.get('notebook')}, found none for "
            f"{', '.join(unknown)}. Add it with facts.metric(...)."
        )
    return [make_tile(metrics[chosen], previous=previous) for chosen in facts.get("tiles", ())]


def all_tiles(facts: Mapping, *, previous: Mapping[str, float | None] | None = None) -> list[Tile]:
    """Return every metric of a page, in the order the notebook wrote them."""
    return [make_tile(metric, previous=previous) for metric in facts.get("metrics", ())]


def make_tile(metric: Mapping, *, previous: Mapping[str, float | None] | None = None) -> Tile:
    r"""Put one metric into words.

    Parameters
    ----------
    metric : mapping
        A metric as in a facts file: id, label, value, unit, definition, low, high, n, withheld.
    previous : mapping of str to float, optional
        The values of the report before this one, by metric id.

    Examples
    --------
    >>> tile = make_tile({"id": "loyalty.repurchase_rate", "label": "Repurchase rate",
    ...                   "value": .4832, "low": .4631, "high": .5034, "n": 2357,
    ...                   "unit": "share", "definition": "Two or more purchase days, of all."},
    ...                  previous={"loyalty.repurchase_rate": .471})
    >>> tile.value, tile.unit, tile.n, tile.change
    ('48.3', '%', 'n\xa0=\xa02,357', '+1.2\xa0points')
    """
    words = {"label": metric["label"], "definition": metric["definition"]}
    if metric.get("value") is None:
        return Tile(**words, withheld=metric.get("withheld") or "No reason was given.")
    value, unit = quantity(metric["value"], unit=metric["unit"])
    return Tile(
        **words,
        value=value,
        unit=unit,
        interval=_interval(metric),
        n="" if metric.get("n") is None else f"n{_SPACE}={_SPACE}{metric['n']:,}",
        change=_change(metric, (previous or {}).get(metric["id"])),
    )


def quantity(value: float, *, unit: str) -> tuple[str, str]:
    """Return a number as a reader expects it, and the unit to put behind it.

    Money has its currency before it and no cents from a thousand on. A share is never written as
    0 or 100 % when it is not.

    Examples
    --------
    >>> quantity(.4832, unit="share"), quantity(244091.94, unit="USD"), quantity(-3, unit="days")
    (('48.3', '%'), ('$244,092', ''), ('−3', 'days'))
    """
    sign = "−" if value < 0 else ""
    if unit == "share":
        return _percent(abs(value), sign), "%"
    if _CURRENCY.fullmatch(unit):
        amount = f"{abs(value):,.{0 if abs(value) >= 1_000 else 2}f}"
        return _minus(sign, _SIGNS.get(unit, unit + " ") + amount), ""
    write = _days if unit == "days" else _number
    return _minus(sign, write(abs(value))), unit


def spoken_day(day: str) -> str:
    """Return an ISO date as one says it, and anything else as it is.

    Examples
    --------
    >>> spoken_day("1998-06-30"), spoken_day("unknown")
    ('30 June 1998', 'unknown')
    """
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        return day
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def _percent(share: float, sign: str) -> str:
    percent = 100 * share
    if 0 < percent < 0.005:
        return f"<{sign}0.01"
    if 99.95 <= percent < 100:
        return f">{sign}99.9"
    return _minus(sign, f"{percent:,.{2 if 0 < percent < 1 else 1}f}")


def _days(size: float) -> str:
    return f"{size:,.{0 if size >= 10 or float(size).is_integer() else 1}f}"


def _number(size: float) -> str:
    if float(size).is_integer() or size >= 1_000:
        return f"{size:,.0f}"
    if size < 0.001:
        return f"{size:.2g}"
    return f"{size:.{1 if size >= 100 else 2 if size >= 1 else 4}f}"


def _minus(sign: str, text: str) -> str:
    """Put the sign before a number, unless it is written as zero."""
    return sign + text if any(digit in text for digit in "123456789") else text


def _interval(metric: Mapping) -> str:
    if metric.get("low") is None or metric.get("high") is None:
        return ""
    low, unit = quantity(metric["low"], unit=metric["unit"])
    high, _ = quantity(metric["high"], unit=metric["unit"])
    return f"95{_SPACE}% interval {low} to {high}" + (_SPACE + unit if unit == "%" else "")


def _change(metric: Mapping, before: float | None) -> str:
    """Say how far the number has moved: shares in points, all else also in per cent."""
    if before is None:
        return ""
    difference = metric["value"] - before
    size, unit = quantity(abs(difference), unit=metric["unit"])
    if quantity(metric["value"], unit=metric["unit"]) == quantity(before, unit=metric["unit"]):
        return "unchanged"
    sign = "+" if difference > 0 else "−"
    if unit == "%":
        return f"{sign}{size}{_SPACE}points"
    relative = f" ({sign}{abs(100 * difference / before):,.1f}{_SPACE}%)" if before else ""
    return f"{sign}{size}{relative}"
