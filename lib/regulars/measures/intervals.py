"""Estimates: a number, the interval around it, and the n behind it."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

__all__ = ["Estimate", "normal_quantile", "wilson", "wilson_bounds"]


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
