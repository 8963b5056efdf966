"""Paired: the mean of what was found customer by customer, with an interval."""

import numpy as np

from regulars.measures.intervals import Estimate, normal_quantile

__all__ = ["weighted_mean"]


def weighted_mean(values: np.ndarray, weights: np.ndarray, *, level: float = 0.95) -> Estimate:
    """Estimate a mean over customers, of whom each row stands for as many as it weighs.

    Parameters
    ----------
    values : numpy.ndarray
        One value a row; of a difference, both taken of the same customers.
    weights : numpy.ndarray
        Customers a row.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate
        With the normal interval of a mean; without one for fewer than two customers, and without a
        value if there is nobody or a value is missing.

    Examples
    --------
    >>> found = weighted_mean(np.array([0.0, 1.0]), np.array([3, 1]))
    >>> found.value, round(found.low, 2), round(found.high, 2), found.n
    (0.25, -0.24, 0.74, 4)
    """
    n = float(weights.sum())
    if not n or np.isnan(values).any():
        return Estimate(np.nan, None, None, int(n))
    mean = float(np.average(values, weights=weights))
    if n < 2:
        return Estimate(mean, None, None, int(n))
    variance = weights @ (values - mean) ** 2 / (n - 1)
    reach = normal_quantile(level) * float(np.sqrt(variance / n))
    return Estimate(mean, mean - reach, mean + reach, int(n))
