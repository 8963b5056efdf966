"""Estimates: a number, the interval around it, and the n behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

__all__ = [
    "Estimate",
    "mover",
    "newcombe",
    "newcombe_bounds",
    "normal_quantile",
    "wilson",
    "wilson_bounds",
]


@dataclass(frozen=True)
class Estimate:
    """A number with its interval and the number of cases it rests on.

    Parameters
    ----------
    value : float
        The estimate itself.
    low, high : float or None
        Ends of the interval; None where no interval exists.
    n : int
        How many cases stand behind it.

    Examples
    --------
    >>> Estimate(.4832, .4631, .5034, 2357).value
    0.4832
    """

    value: float
    low: float | None
    high: float | None
    n: int


def normal_quantile(level: float) -> float:
    """Return how many standard errors an interval of this level reaches to either side.

    Examples
    --------
    >>> round(normal_quantile(.95), 3)
    1.96
    """
    if not 0 < level < 1:
        raise ValueError(f"Expected a level between 0 and 1, found {level}. Use .95 for 95 %.")
    return float(stats.norm.ppf((1 + level) / 2))


def wilson_bounds(
    successes: np.ndarray, n: np.ndarray, *, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends of Wilson's interval, element by element.

    Parameters
    ----------
    successes, n : array of int
        Cases with the property, and all cases; every n has to be at least 1.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Low and high, shares between 0 and 1.

    Notes
    -----
    Wilson (1927), JASA 22, 209-212; the score interval, method 3 of Newcombe (1998), Statistics
    in Medicine 17, 857-872. Computed by statsmodels.

    Examples
    --------
    >>> low, high = wilson_bounds([0, 10], [20, 20])
    >>> [round(float(end), 3) for end in high]
    [0.161, 0.701]
    """
    successes, n = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    low, high = proportion_confint(successes, n, alpha=1 - level, method="wilson")
    return np.clip(low, 0, successes / n), np.clip(high, successes / n, 1)


def wilson(successes: int, n: int, *, level: float = 0.95) -> Estimate:
    """Estimate a share with Wilson's interval.

    Parameters
    ----------
    successes, n : int
        Cases with the property, and all cases.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        If there are no cases, or the counts cannot be a share.

    Notes
    -----
    Wilson (1927); see `wilson_bounds`.

    Examples
    --------
    >>> share = wilson(81, 263)
    >>> round(share.low, 4), round(share.high, 4)
    (0.2553, 0.3662)
    """
    if n == 0:
        raise ValueError("A share of no cases has no value: withhold it and say that n is 0.")
    if not 0 <= successes <= n:
        raise ValueError(f"Expected 0 to {n} successes of {n}, found {successes}.")
    low, high = wilson_bounds(np.array([successes]), np.array([n]), level=level)
    return Estimate(successes / n, float(low[0]), float(high[0]), int(n))


def newcombe_bounds(
    one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray], *, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the interval of a difference of two shares, element by element.

    Parameters
    ----------
    one, other : pair of arrays of int
        Cases with the property, and all cases (at least 1), of two groups that share nobody.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Low and high of the first share less the second, between -1 and 1.

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10 (hybrid score): `mover` of two
    Wilson intervals, without correction for continuity.

    Examples
    --------
    >>> low, high = newcombe_bounds((56, 70), (48, 80))
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    parts = []
    for successes, n in (one, other):
        low, high = wilson_bounds(successes, n, level=level)
        parts.append((np.asarray(successes, dtype=float) / np.asarray(n, dtype=float), low, high))
    return mover(*parts)


def newcombe(one: tuple[int, int], other: tuple[int, int], *, level: float = 0.95) -> Estimate:
    """Estimate a difference of two shares; see `newcombe_bounds`.

    Parameters
    ----------
    one, other : pair of int
        Cases with the property, and all cases.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate
        The first share less the second; n is the cases of both.

    Raises
    ------
    ValueError
        If there are no cases on a side, or the counts cannot be a share.

    Examples
    --------
    >>> round(newcombe((9, 10), (3, 10)).low, 4)
    0.1705
    """
    shares = [wilson(*pair).value for pair in (one, other)]
    low, high = newcombe_bounds(one, other, level=level)
    return Estimate(shares[0] - shares[1], float(low), float(high), int(one[1] + other[1]))


def mover(one: Sequence, other: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of a difference of two independent estimates, from the interval of each.

    Parameters
    ----------
    one, other : three arrays or numbers
        Value, low and high. An end that is missing has none in the difference either.

    Returns
    -------
    tuple of numpy.ndarray
        Low and high of the first less the second.

    Notes
    -----
    The method of variance estimates recovery: Zou & Donner (2008), Statistics in Medicine 27,
    1693-1702.

    Examples
    --------
    >>> low, high = mover((5, 3, 8), (1, -3, 5))
    >>> round(float(low), 3), float(high)
    (-0.472, 9.0)
    """
    (value_1, low_1, high_1), (value_2, low_2, high_2) = (
        [np.asarray(number, dtype=float) for number in part] for part in (one, other)
    )
    difference = value_1 - value_2
    down = np.hypot(value_1 - low_1, high_2 - value_2)
    return difference - down, difference + np.hypot(high_1 - value_1, value_2 - low_2)
