"""Pieces that the sentences of several notebooks are put together from."""

import math
from collections.abc import Callable
from typing import Protocol

from regulars.show.findings import interval, plural
from regulars.show.text import MISSING

__all__ = ["HasInterval", "brackets", "is_given", "of_customers", "short_name"]


class HasInterval(Protocol):
    """A value with its interval and its n, such as ``measures.intervals.Estimate``."""

    value: float
    low: float | None
    high: float | None
    n: int


def is_given(estimate: HasInterval | None) -> bool:
    """Tell whether there is an estimate, and a number in it.

    Examples
    --------
    >>> from types import SimpleNamespace as Estimate
    >>> is_given(Estimate(value=.48)), is_given(Estimate(value=math.nan)), is_given(None)
    (True, False, False)
    """
    return estimate is not None and estimate.value is not None and math.isfinite(estimate.value)


def brackets(
    estimate: HasInterval,
    *,
    as_: str | Callable[[float], str] = "share",
    what: str = "95 % interval",
    n: str = "",
) -> str:
    """Write the interval, and what else is known, in brackets after a blank; nothing if neither is.

    Examples
    --------
    >>> from types import SimpleNamespace as Estimate
    >>> brackets(Estimate(low=1, high=3), as_="count", n="9 customers")
    ' (95 % interval 1 to 3, 9 customers)'
    >>> brackets(Estimate(low=None, high=None), n="9 customers")
    ' (9 customers)'
    >>> brackets(Estimate(low=None, high=None))
    ''
    """
    ends = interval(estimate, as_=as_)
    parts = [] if ends == MISSING else [f"{what} {ends}"]
    parts += [n] if n else []
    return f" ({', '.join(parts)})" if parts else ""


def of_customers(n: int) -> str:
    """Write whom a number is about.

    Examples
    --------
    >>> of_customers(2357), of_customers(1)
    ('2,357 customers', '1 customer')
    """
    return plural(n, "customer")


def short_name(name: str, words: int) -> str:
    """Cut a name of many words, so that a title that holds it stays short.

    Examples
    --------
    >>> short_name("At risk", 3), short_name("Bought once before the summer", 3)
    ('At risk', 'Bought once before…')
    """
    parts = name.split()
    return name if len(parts) <= words else " ".join(parts[:words]) + "…"
