"""Detectable: the smallest difference that so many answers would show four times in five.

A comparison that finds nothing says little if it could not have found much. What is given here is
planned with what is known before the difference is: the spread, the level of the test, and n.
"""

import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.intervals import normal_quantile
from regulars.measures.surveys.bounds import adjusted_nps, mean_variance
from regulars.measures.surveys.two_samples import welch_freedom

__all__ = ["DETECTABLE", "detectable_mean", "detectable_nps", "detectable_share"]

POWER = 0.8
STEPS = 50


def detectable_nps(
    one: pd.DataFrame, other: pd.DataFrame, *, level: float = 0.95, power: float = POWER
) -> np.ndarray:
    """Return the smallest difference of NPS, in points, that is found with such a power.

    Parameters
    ----------
    one, other : pandas.DataFrame
        n, top (promoters), bottom (detractors); same index.
    level : float
        1 less the size of the two-sided test.
    power : float
        How often the difference is to be found.

    Returns
    -------
    numpy.ndarray
        Points, row by row; 200 at most, which is as good as never.

    Notes
    -----
    (z of the level + z of the power) × the adjusted standard error of the difference; Cohen
    (1988), Statistical Power Analysis for the Behavioral Sciences.

    Examples
    --------
    >>> side = pd.DataFrame({"n": [324], "top": [162], "bottom": [54]})
    >>> detectable_nps(side, side).round(1).tolist()
    [16.3]
    """
    errors = [
        adjusted_nps(side.top, side.n - side.top - side.bottom, side.bottom)[1]
        for side in (one, other)
    ]
    reach = normal_quantile(level) + stats.norm.ppf(power)
    return np.minimum(reach * np.hypot(*errors), 200.0)


def detectable_mean(
    one: pd.DataFrame, other: pd.DataFrame, *, level: float = 0.95, power: float = POWER
) -> np.ndarray:
    """Return the smallest difference of means that is found with such a power.

    Parameters
    ----------
    one, other : pandas.DataFrame
        n, total, squares; same index.
    level, power : float
        As in `detectable_nps`.

    Returns
    -------
    numpy.ndarray
        In units of the score; missing where a side has fewer than two values or all are equal.

    Notes
    -----
    As in `detectable_nps`, with Student's t and Welch's degrees of freedom.

    Examples
    --------
    >>> side = pd.DataFrame({"n": [100], "total": [500.0], "squares": [2599.0]})
    >>> detectable_mean(side, side).round(2).tolist()
    [0.4]
    """
    error = np.sqrt(
        mean_variance(one.total, one.squares, one.n)
        + mean_variance(other.total, other.squares, other.n)
    )
    freedom = welch_freedom(one, other)
    return (stats.t.ppf((1 + level) / 2, freedom) + stats.t.ppf(power, freedom)) * error


def detectable_share(
    one: pd.DataFrame, other: pd.DataFrame, *, level: float = 0.95, power: float = POWER
) -> np.ndarray:
    """Return the smallest difference of shares that is found with such a power.

    Parameters
    ----------
    one, other : pandas.DataFrame
        n, top; same index. The second is what the first is compared with.
    level, power : float
        As in `detectable_nps`.

    Returns
    -------
    numpy.ndarray
        Of upwards and downwards the larger, as the difference may lie on either side; where one of
        them would leave 0 to 1, the other; where both would, missing.

    Notes
    -----
    Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, chapter 4, without
    correction for continuity, for unequal n. The share of the second is taken at the middle
    of Wilson's interval, so that 0 and 1 have a spread too.

    Examples
    --------
    >>> side = pd.DataFrame({"n": [200], "top": [100]})
    >>> detectable_share(side, side).round(3).tolist()
    [0.138]
    """
    reach = normal_quantile(level), stats.norm.ppf(power)
    z = reach[0] ** 2
    base = ((other.top + z / 2) / (other.n + z)).to_numpy(float)
    sizes = one.n.to_numpy(float), other.n.to_numpy(float)
    both = np.array([_smallest(base, sizes, reach, sign=sign) for sign in (-1, 1)])
    # As fmax passes over what is missing, it takes the one that there is.
    return np.fmax(*both)


def _smallest(base: np.ndarray, sizes: tuple, reach: tuple, *, sign: int) -> np.ndarray:
    room = base if sign < 0 else 1 - base
    near, far = np.zeros_like(base), room.copy()
    for _ in range(STEPS):
        middle = (near + far) / 2
        enough = middle >= _needed(base, base + sign * middle, sizes, reach)
        near, far = np.where(enough, near, middle), np.where(enough, middle, far)
    return np.where(room >= _needed(base, base + sign * room, sizes, reach), far, np.nan)


def _needed(base: np.ndarray, moved: np.ndarray, sizes: tuple, reach: tuple) -> np.ndarray:
    """Return the difference that would be found if the two shares were these."""
    n, n_base = sizes
    pooled = (n * moved + n_base * base) / (n + n_base)
    if_none = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n + 1 / n_base))
    if_moved = np.sqrt(np.maximum(moved * (1 - moved), 0) / n + base * (1 - base) / n_base)
    return reach[0] * if_none + reach[1] * if_moved


DETECTABLE = {"nps": detectable_nps, "top_box": detectable_share, "mean": detectable_mean}
"""The smallest difference of each measure of `scores`."""
