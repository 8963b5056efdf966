"""Tiles: one metric in the words of the page, with its unit, interval, n and change."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.errors import RunError
from regulars.model_names import MODEL_NAMES

__all__ = [
    "Tile",
    "all_tiles",
    "by_definition",
    "first_screen",
    "make_tile",
    "quantity",
    "spoken_day",
]

_CURRENCY = re.compile(r"[A-Z]{3}")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_SPACE = "\u00a0"
_POINTS = "difference of shares"  # 0 to 1, written in points of a hundred
_DECIMALS = {"points": 0, "score": 2, "shape": 2, _POINTS: 1}
_NAME = "name"  # the value is a text
_NO_WORD = ("score", "shape")  # the label says what it is
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
    facts: Mapping, *, previous: Mapping[str, float | str | None] | None = None
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


def all_tiles(
    facts: Mapping, *, previous: Mapping[str, float | str | None] | None = None
) -> list[Tile]:
    """Return every metric of a page, in the order the notebook wrote them."""
    return [make_tile(metric, previous=previous) for metric in facts.get("metrics", ())]


def by_definition(tiles: Sequence[Tile]) -> list[tuple[str, list[Tile]]]:
    """Return tiles with one definition together, in the order in which definitions come first.

    Examples
    --------
    >>> tiles = [Tile("A", "One."), Tile("B", "Two."), Tile("C", "One.")]
    >>> [(meaning, [tile.label for tile in alike]) for meaning, alike in by_definition(tiles)]
    [('One.', ['A', 'C']), ('Two.', ['B'])]
    """
    found: dict[str, list[Tile]] = {}
    for tile in tiles:
        found.setdefault(tile.definition, []).append(tile)
    return list(found.items())


def make_tile(metric: Mapping, *, previous: Mapping[str, float | str | None] | None = None) -> Tile:
    r"""Put one metric into words.

    Parameters
    ----------
    metric : mapping
        A metric as in a facts file: id, label, value, unit, definition, low, high, n, withheld.
    previous : mapping of str to float or str, optional
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


def quantity(value: float | str, *, unit: str, like: float | None = None) -> tuple[str, str]:
    """Return a number as a reader expects it, and the unit to put behind it.

    Money has its currency before it and no cents from a thousand on. A share is never written as
    0 or 100 % when it is not. A model's name is that which readers know.

    Parameters
    ----------
    value : float or str
        The number; a text where the unit is ``name``.
    unit : str
        As in the catalogue of metrics.
    like : float, optional
        Another number of the unit: as many decimals are written as of that one.

    Examples
    --------
    >>> quantity(.4832, unit="share"), quantity(244091.94, unit="USD"), quantity(-3, unit="days")
    (('48.3', '%'), ('$244,092', ''), ('−3', 'days'))
    >>> quantity(.1138, unit="difference of shares"), quantity(7.8, unit="points")
    (('11.4', 'points'), ('8', 'points'))
    >>> quantity("mbg_nbd", unit="name")
    ('MBG/NBD', '')
    """
    if unit == _NAME:
        return MODEL_NAMES.get(value, str(value)), ""
    sign, size = "−" if value < 0 else "", abs(value)
    decimals = _decimals(size if like is None else abs(like), unit)
    if unit == "share":
        return _percent(size, sign, decimals), "%"
    if unit == _POINTS:
        return _minus(sign, _written(100 * size, decimals)), "points"
    if _CURRENCY.fullmatch(unit):
        return _minus(sign, _SIGNS.get(unit, unit + " ") + _written(size, decimals)), ""
    return _minus(sign, _written(size, decimals)), "" if unit in _NO_WORD else unit


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


def _decimals(size: float, unit: str) -> int | None:
    """Return how many decimals a number has; None where it is too small for any."""
    if unit in _DECIMALS:
        return _DECIMALS[unit]
    if unit == "share":
        return 2 if 0 < 100 * size < 1 else 1
    if _CURRENCY.fullmatch(unit):
        return 0 if size >= 1_000 else 2
    if float(size).is_integer() or size >= (10 if unit == "days" else 1_000):
        return 0
    if unit == "days":
        return 1
    return None if size < 0.001 else 1 if size >= 100 else 2 if size >= 1 else 4


def _percent(share: float, sign: str, decimals: int) -> str:
    percent = 100 * share
    if 0 < percent < 0.5 * 10**-decimals:
        return f"<{sign}{10**-decimals:.{decimals}f}"
    if 99.95 <= percent < 100:
        return f">{sign}99.9"
    return _minus(sign, _written(percent, decimals))


def _written(size: float, decimals: int | None) -> str:
    return f"{size:.2g}" if decimals is None else f"{size:,.{decimals}f}"


def _minus(sign: str, text: str) -> str:
    """Put the sign before a number, unless it is written as zero."""
    return sign + text if any(digit in text for digit in "123456789") else text


def _interval(metric: Mapping) -> str:
    if metric.get("low") is None or metric.get("high") is None:
        return ""
    ends = metric["low"], metric["high"]
    # A whole end has no decimals of its own, and would take those of the other.
    like = max(ends, key=lambda end: (not float(end).is_integer(), abs(end)))
    (low, unit), (high, _) = (quantity(end, unit=metric["unit"], like=like) for end in ends)
    named = unit == "%" or metric["unit"] == _POINTS
    return f"95{_SPACE}% interval {low} to {high}" + (_SPACE + unit if named else "")


def _change(metric: Mapping, before: float | str | None) -> str:
    """Say how far the number has moved: shares and scores in points, all else also in per cent."""
    if before is None or isinstance(before, str) != (metric["unit"] == _NAME):
        return ""
    if metric["unit"] == _NAME:
        was, _ = quantity(before, unit=_NAME)
        return "unchanged" if before == metric["value"] else f"was {was}"
    difference = metric["value"] - before
    size, unit = quantity(abs(difference), unit=metric["unit"])
    if quantity(metric["value"], unit=metric["unit"]) == quantity(before, unit=metric["unit"]):
        return "unchanged"
    sign = "+" if difference > 0 else "−"
    if unit == "points":
        # A score may round to the next point and have moved by less than half of one.
        moved = abs(difference) * (100 if metric["unit"] == _POINTS else 1)
        return f"{sign}{moved:,.1f}{_SPACE}points"
    if unit == "%":
        return f"{sign}{size}{_SPACE}points"
    relative = f" ({sign}{abs(100 * difference / before):,.1f}{_SPACE}%)" if before else ""
    return f"{sign}{size}{relative}"
