"""Two samples: how much a score differs between two groups of answers, and whether chance would do.

The groups are taken as independent. Where the same customers answer in both, their answers agree
more often than not; then the true error is smaller than assumed here, and alarms are rarer.
"""

import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.intervals import newcombe_bounds, normal_quantile
from regulars.measures.surveys.bounds import POINTS, adjusted_nps, mean_variance

__all__ = ["DIFFERENCES", "mean_difference", "nps_difference", "share_difference", "welch_freedom"]

STEPS = 60  # halvings: the p-value is then exact to the digits a float has
FARTHEST = 40.0  # standard errors; beyond, p is 0 in a float


def nps_difference(one: pd.DataFrame, other: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Compare NPS, row by row.

    Parameters
    ----------
    one, other : pandas.DataFrame
        n, top (promoters), bottom (detractors), at least one answer each; same index.
    level : float
        Coverage asked for.

    Returns
    -------
    pandas.DataFrame
        change (the first score less the second, points), low, high, p (two-sided).

    Notes
    -----
    Rocks (2016), The American Statistician 70, 365-372: z = (a - b) / √(SE²a + SE²b), where scores
    and errors are adjusted. The interval is around the adjusted difference.

    Examples
    --------
    >>> one = pd.DataFrame({"n": [324], "top": [162], "bottom": [54]})
    >>> other = pd.DataFrame({"n": [324], "top": [130], "bottom": [80]})
    >>> nps_difference(one, other).round(4)
        change     low     high       p
    0  17.9012  5.9659  29.5081  0.0031
    """
    centres, errors, values = [], [], []
    for side in (one, other):
        centre, error = adjusted_nps(side.top, side.n - side.top - side.bottom, side.bottom)
        centres.append(centre)
        errors.append(error)
        values.append((POINTS * (side.top - side.bottom) / side.n).to_numpy(float))
    between, error = centres[0] - centres[1], np.hypot(*errors)
    reach = normal_quantile(level) * error
    return pd.DataFrame(
        {
            "change": values[0] - values[1],
            "low": np.maximum(between - reach, -2 * POINTS),
            "high": np.minimum(between + reach, 2 * POINTS),
            "p": 2 * stats.norm.sf(np.abs(between) / error),
        },
        index=one.index,
    )


def share_difference(
    one: pd.DataFrame, other: pd.DataFrame, *, level: float = 0.95
) -> pd.DataFrame:
    """Compare shares, row by row.

    Parameters
    ----------
    one, other : pandas.DataFrame
        n, top (cases with the property), at least one case each; same index.
    level : float
        Coverage asked for.

    Returns
    -------
    pandas.DataFrame
        change (the first share less the second), low, high, p (two-sided).

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10. The test goes with the interval:
    p is 1 less the level of the interval that just reaches 0.

    Examples
    --------
    >>> one, other = (pd.DataFrame({"n": [n], "top": [top]}) for top, n in [(56, 70), (48, 80)])
    >>> share_difference(one, other).round(4)
       change     low    high       p
    0     0.2  0.0524  0.3339  0.0081
    """
    pairs = [(side.top.to_numpy(float), side.n.to_numpy(float)) for side in (one, other)]
    low, high = newcombe_bounds(*pairs, level=level)
    change = pairs[0][0] / pairs[0][1] - pairs[1][0] / pairs[1][1]
    p = 2 * stats.norm.sf(_reaching_zero(*pairs))
    return pd.DataFrame({"change": change, "low": low, "high": high, "p": p}, index=one.index)


def mean_difference(one: pd.DataFrame, other: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Compare means, row by row.

    Parameters
    ----------
    one, other : pandas.DataFrame
        n, total, squares (sums of the values and of their squares); same index.
    level : float
        Coverage asked for.

    Returns
    -------
    pandas.DataFrame
        change (the first mean less the second), low, high, p (two-sided); all but change missing
        where on one side there are fewer than two values, or all are equal.

    Notes
    -----
    Welch (1947), Biometrika 34, 28-35.

    Examples
    --------
    >>> one = pd.DataFrame({"n": [5], "total": [30.0], "squares": [190.0]})
    >>> other = pd.DataFrame({"n": [4], "total": [16.0], "squares": [70.0]})
    >>> mean_difference(one, other).round(3)
       change    low   high      p
    0     2.0 -0.375  4.375  0.086
    """
    variances = [mean_variance(side.total, side.squares, side.n) for side in (one, other)]
    change = (one.total / one.n - other.total / other.n).to_numpy(float)
    error, freedom = np.sqrt(sum(variances)), welch_freedom(one, other)
    reach = stats.t.ppf((1 + level) / 2, freedom) * error
    p = 2 * stats.t.sf(np.abs(change) / error, freedom)
    ends = {"low": change - reach, "high": change + reach}
    return pd.DataFrame({"change": change, **ends, "p": p}, index=one.index)


def welch_freedom(one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    """Return the degrees of freedom of a difference of means; see `mean_difference`.

    Examples
    --------
    >>> same = pd.DataFrame({"n": [5], "total": [30.0], "squares": [190.0]})
    >>> welch_freedom(same, same).round(6).tolist()
    [8.0]
    """
    variances = [mean_variance(side.total, side.squares, side.n) for side in (one, other)]
    parts = [
        variance**2 / np.maximum(side.n.to_numpy(float) - 1, 1)
        for variance, side in zip(variances, (one, other), strict=True)
    ]
    return sum(variances) ** 2 / sum(parts)


def _reaching_zero(one: tuple, other: tuple) -> np.ndarray:
    """Return at how many standard errors Newcombe's interval just reaches 0."""
    shares = np.array([one[0] / one[1], other[0] / other[1]])
    first = shares[0] >= shares[1]
    upper, lower = np.where(first, shares, shares[::-1])
    n_upper, n_lower = np.where(first, [one[1], other[1]], [other[1], one[1]])
    near, far = np.zeros_like(upper), np.full_like(upper, FARTHEST)
    for _ in range(STEPS):
        z = (near + far) / 2
        down, up = _wilson_end(upper, n_upper, -z), _wilson_end(lower, n_lower, z)
        within = np.hypot(upper - down, up - lower) < upper - lower
        near, far = np.where(within, z, near), np.where(within, far, z)
    return near


def _wilson_end(share: np.ndarray, n: np.ndarray, z: np.ndarray) -> np.ndarray:
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (share + z**2 / (2 * n) + half) / (1 + z**2 / n)


DIFFERENCES = {"nps": nps_difference, "top_box": share_difference, "mean": mean_difference}
"""The comparison of each measure of `scores`."""
