"""Usual: what a month would be, going by all the other months, and which months do not fit.

A month that strays must not draw its own limits, nor those of the same month a year later. So each
month is foretold from the others, and those that stray are taken out before the rest are judged.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

__all__ = ["ALARMS", "SEASON_FROM", "Usual", "usual_months"]

ALARMS = 0.03
"""Of series in which nothing happens, so many may show a month outside."""

SEASON_FROM = 24
"""With fewer months a season cannot be told from news."""

CLEARLY = 2  # so many times further from the months beside it than any season
LEAST_SPARE = 3  # so many months more than are needed for the shape; fewer judge nothing
ONLY = 1e-8  # a month that alone sets a part of the shape cannot be judged by it
ROUNDING = 1e-9  # of the largest value: equal months differ by no more
YEAR = 12


@dataclass(frozen=True)
class Usual:
    """What is usual for each month.

    Parameters
    ----------
    centre : array
        Foretold from the other months; missing where there is no telling.
    reach : array
        How far from it a month may lie.
    outside : array of bool
        The month lies further.
    either : array of bool
        This month or its twin of the other year strays; two years do not say which.
    """

    centre: np.ndarray
    reach: np.ndarray
    outside: np.ndarray
    either: np.ndarray


def usual_months(values: np.ndarray, place: np.ndarray) -> Usual:
    """Foretell each month from the others.

    Parameters
    ----------
    values : array
        By month, on the scale on which months differ by about as much everywhere.
    place : array of int
        Months since any January, ascending; months may be missing.

    Notes
    -----
    The shape is a straight line; from 24 months on a parabola and a level for each month of the
    year. The distance from what the others foretell, in its standard errors, has Student's
    distribution if nothing happens (Cook & Weisberg 1982, Residuals and Influence in Regression,
    section 2.2); levels are divided by the number of months (Bonferroni). Several that stray hide
    each other, so they are taken out one by one and counted from the last that lies too far
    (Rosner 1983, Technometrics 25:165). Where only two years know a month, both fit equally ill:
    one is named if it lies twice as far from the months beside it as the other does, and as any
    month of the year usually does; else both are.

    Examples
    --------
    >>> values = np.array([5, 6, 5, 6, 5, 6, 9, 6, 5, 6, 5, 6.])
    >>> np.flatnonzero(usual_months(values, np.arange(12)).outside).tolist()
    [6]
    """
    shape = _shape(place)
    straying = _straying(shape, values)
    either = np.zeros(len(values), dtype=bool)
    for at in list(straying):
        twins = _twins(place, at, straying) if len(place) >= SEASON_FROM else []
        if len(twins) == 1:
            kept, doubtful = _odd_one(values, place, (at, *twins))
            straying[straying.index(at)] = kept
            either[doubtful] = True
    return _judged(shape, values, straying, either)


def _judged(
    shape: np.ndarray, values: np.ndarray, straying: list[int], either: np.ndarray
) -> Usual:
    out = np.isin(np.arange(len(values)), straying)
    centre, reach = _foretold(shape, values, ~out)
    for at in np.flatnonzero(either & ~out):
        partner = either & out & (np.abs(shape - shape[at])[:, 2:].sum(axis=1) == 0)
        swapped = _foretold(shape, values, ~((out & ~partner) | (np.arange(len(out)) == at)))
        centre[at], reach[at] = swapped[0][at], swapped[1][at]
    outside = np.abs(values - centre) > reach
    return Usual(centre, reach, outside & ~either, either & outside)


def _shape(place: np.ndarray) -> np.ndarray:
    """Return the columns of the shape: time first, then its square, then months of the year."""
    time = (place - place.mean()) / max(np.ptp(place), 1)
    if len(place) < SEASON_FROM:
        return np.column_stack([time, np.ones(len(place))])
    of_year = (place % YEAR)[:, None] == np.unique(place % YEAR)
    return np.column_stack([time, time**2, of_year.astype(float)])


def _foretold(
    shape: np.ndarray, values: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the kept months, each without itself, foretell, and how far a month may lie."""
    turned = np.linalg.pinv(shape[kept])
    weight = np.einsum("ij,ij->i", shape @ turned, shape @ turned)
    left = _rounded(values - shape @ turned @ values[kept], values)
    known = np.abs(shape @ turned @ shape[kept] - shape).max(axis=1) < ONLY
    known &= ~kept | (weight < 1 - ONLY)
    spare = kept.sum() - np.linalg.matrix_rank(shape[kept]) - 1
    if spare < LEAST_SPARE:
        return np.full(len(values), np.nan), np.full(len(values), np.nan)
    own = np.where(known, np.where(kept, 1 - weight, 1), np.nan)
    miss = left / own
    squares = (left[kept] ** 2).sum() - np.where(kept, left * miss, 0)
    freedom = np.where(kept, spare, spare + 1)
    error = np.sqrt(np.maximum(squares, 0) / freedom * np.where(kept, 1 / own, 1 + weight))
    many = stats.t.ppf(1 - ALARMS / 2 / len(values), freedom)
    return np.where(known, values - miss, np.nan), np.where(known, many * error, np.nan)


def _straying(shape: np.ndarray, values: np.ndarray) -> list[int]:
    """Take out what strays most, again and again; return all up to the last that lies too far."""
    kept, found, last = np.ones(len(values), dtype=bool), [], 0
    for _ in range(len(values) // YEAR if len(values) >= SEASON_FROM else 1):
        centre, reach = _foretold(shape, values, kept)
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(kept, np.abs(values - centre) / reach, np.nan)
        if np.isnan(far).all():
            break
        found.append(int(np.nanargmax(far)))
        kept[found[-1]] = False
        last = len(found) if far[found[-1]] > 1 else last
    return found[:last]


def _twins(place: np.ndarray, at: int, straying: list[int]) -> list[int]:
    alike = np.flatnonzero(place % YEAR == place[at] % YEAR)
    return [int(one) for one in alike if one != at and one not in straying]


def _odd_one(values: np.ndarray, place: np.ndarray, pair: tuple[int, int]) -> tuple[int, list[int]]:
    """Return which of two months strays, and both if the months beside them do not say."""
    own = [abs(_from_beside(values, place, at)) for at in pair]
    season = max(min(own), _largest_season(values, place, place[pair[0]] % YEAR))
    odd = pair[int(np.argmax(own))]
    return odd, [] if max(own) >= CLEARLY * season else list(pair)


def _largest_season(values: np.ndarray, place: np.ndarray, but: int) -> float:
    """Return how far any other month of the year usually lies from the months beside it."""
    far = np.array([_from_beside(values, place, at) for at in range(1, len(place) - 1)])
    of_year = place[1:-1] % YEAR
    return max(abs(far[of_year == month].mean()) for month in np.unique(of_year) if month != but)


def _from_beside(values: np.ndarray, place: np.ndarray, at: int) -> float:
    beside = values[np.abs(place - place[at]) == 1]
    return float(values[at] - beside.mean()) if len(beside) else 0.0


def _rounded(left: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(np.abs(left) > ROUNDING * np.abs(values).max(), left, 0)
