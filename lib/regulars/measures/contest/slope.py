"""Slope: whether customers of whom more was expected bought as much more."""

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate, normal_quantile

__all__ = ["calibration_slope"]


def calibration_slope(predicted: np.ndarray, cells: pd.DataFrame) -> Estimate:
    """Estimate by how many purchase days more came where one more was predicted.

    Parameters
    ----------
    predicted : array of float
        Purchase days expected, a value for each row of `cells`.
    cells : pandas.DataFrame
        From `holdout.holdout_cells`: later, customers.

    Returns
    -------
    Estimate
        Slope of the least-squares line of what came on what was predicted: 1 is right; below 1 the
        forecast sets customers too far apart, above 1 not far enough. Without a value if all were
        predicted the same.

    Notes
    -----
    Interval by the sandwich estimate of White (1980), Econometrica 48, 817-838 (HC1), since those
    who buy much also differ much.

    Examples
    --------
    >>> cells = pd.DataFrame({"later": [0, 1, 2, 4], "customers": [5, 5, 5, 5]})
    >>> round(calibration_slope(np.array([0.0, 1.0, 2.0, 3.0]), cells).value, 2)
    1.3
    """
    weights, later = cells.customers.to_numpy(float), cells.later.to_numpy(float)
    n = weights.sum()
    if not n or np.isnan(predicted).any() or np.ptp(predicted) == 0:
        return Estimate(np.nan, None, None, int(n))
    away = predicted - np.average(predicted, weights=weights)
    spread = weights @ away**2
    value = float(weights @ (away * later) / spread)
    if n < 3:
        return Estimate(value, None, None, int(n))
    missed = later - np.average(later, weights=weights) - value * away
    error = np.sqrt(weights @ (away * missed) ** 2 * n / (n - 2)) / spread
    reach = normal_quantile(0.95) * float(error)
    return Estimate(value, value - reach, value + reach, int(n))
