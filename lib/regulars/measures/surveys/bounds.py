"""Bounds: the intervals of a mean score and of NPS, from what was counted."""

import numpy as np
from scipy import stats

from regulars.measures.intervals import Estimate, normal_quantile

__all__ = ["POINTS", "adjusted_nps", "mean_bounds", "mean_variance", "nps", "nps_bounds"]

POINTS = 100  # NPS is counted from -100 to 100
ADDED = 0.75  # answers that Rocks adds to promoters and to detractors; twice as many to passives


def nps(promoters: int, passives: int, detractors: int, *, level: float = 0.95) -> Estimate:
    """Estimate NPS with its adjusted Wald interval, in points.

    Parameters
    ----------
    promoters, passives, detractors : int
        Answers of 9 and 10, of 7 and 8, and of 0 to 6.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate
        100 times the share of promoters less that of detractors, between -100 and 100.

    Raises
    ------
    ValueError
        If there are no answers, or a count is below 0.

    Notes
    -----
    Reichheld (2003), Harvard Business Review 81, 46-54; interval of Rocks (2016), see
    `adjusted_nps`.

    Examples
    --------
    >>> score = nps(162, 108, 54)
    >>> round(score.value, 2), round(score.low, 2), round(score.high, 2), score.n
    (33.33, 24.95, 41.11, 324)
    """
    n = promoters + passives + detractors
    if min(promoters, passives, detractors) < 0:
        raise ValueError("Expected counts of answers of 0 or more, found one below 0.")
    if not n:
        raise ValueError("An NPS of no answers has no value: withhold it and say that n is 0.")
    low, high = nps_bounds(promoters, passives, detractors, level=level)
    return Estimate(POINTS * (promoters - detractors) / n, float(low), float(high), int(n))


def mean_bounds(
    total: np.ndarray, squares: np.ndarray, n: np.ndarray, *, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of Student's t interval of means, element by element.

    Parameters
    ----------
    total, squares : array of float
        Sum of the values, and of their squares.
    n : array of int
        How many values there are.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Low and high; missing where there are fewer than two values or all are equal: what does not
        vary does not tell how far from it others may be.

    Notes
    -----
    Student (1908), Biometrika 6, 1-25.

    Examples
    --------
    >>> low, high = mean_bounds([30, 30], [230, 180], [5, 5])
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([1.61, nan], [10.39, nan])
    """
    total, squares, n = (np.asarray(number, dtype=float) for number in (total, squares, n))
    error = np.sqrt(mean_variance(total, squares, n))
    reach = stats.t.ppf((1 + level) / 2, np.where(n > 1, n - 1, np.nan)) * error
    mean = total / np.where(n > 0, n, np.nan)
    return mean - reach, mean + reach


def mean_variance(total: np.ndarray, squares: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the variance of each mean; missing where values do not vary, or there is but one.

    Examples
    --------
    >>> mean_variance([30], [230], [5]).tolist()
    [2.5]
    """
    total, squares, n = (np.asarray(number, dtype=float) for number in (total, squares, n))
    spread = n * squares - total**2
    known = (n > 1) & (spread > 1e-12 * np.maximum(n * squares, 1))
    return np.where(known, spread, np.nan) / np.where(known, n * n * (n - 1), 1)


def adjusted_nps(
    promoters: np.ndarray, passives: np.ndarray, detractors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the adjusted NPS and its standard error, both in points, element by element.

    Notes
    -----
    Rocks (2016), The American Statistician 70, 365-372: three quarters of an answer are added to
    promoters and to detractors, one and a half to passives.

    Examples
    --------
    >>> centre, error = adjusted_nps(600, 200, 200)
    >>> round(float(centre), 2), round(float(error), 2)
    (39.88, 2.53)
    """
    up, middle, down = (np.asarray(one, dtype=float) for one in (promoters, passives, detractors))
    up, down = up + ADDED, down + ADDED
    n = up + middle + 2 * ADDED + down
    score = (up - down) / n
    return POINTS * score, POINTS * np.sqrt(((up + down) / n - score**2) / n)


def nps_bounds(
    promoters: np.ndarray, passives: np.ndarray, detractors: np.ndarray, *, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the adjusted Wald interval of NPS, element by element.

    Parameters
    ----------
    promoters, passives, detractors : array of int
        Answers of 9 and 10, of 7 and 8, and of 0 to 6.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Low and high in points, between -100 and 100.

    Notes
    -----
    See `adjusted_nps`. The interval lies around the adjusted score, not around the score itself.

    Examples
    --------
    >>> low, high = nps_bounds([162, 10], [108, 0], [54, 0])
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([24.95, 47.5], [41.11, 100.0])
    """
    centre, error = adjusted_nps(promoters, passives, detractors)
    reach = normal_quantile(level) * error
    up, middle, down = (np.asarray(one, dtype=float) for one in (promoters, passives, detractors))
    # Of one answer the interval around the adjusted score can miss the score itself.
    score = POINTS * (up - down) / np.maximum(up + middle + down, 1)
    low, high = np.minimum(centre - reach, score), np.maximum(centre + reach, score)
    return np.maximum(low, -POINTS), np.minimum(high, POINTS)
