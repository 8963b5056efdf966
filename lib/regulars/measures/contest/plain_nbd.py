"""The plain NBD: customers buy at random, each at a rate of their own, and nobody ever leaves."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, xlogy

__all__ = ["PlainNbd", "fit_nbd"]

# In logarithms, of the shape and of the scale by the mean age: beyond these nothing changes.
BOUNDS = ((-9.0, 9.0), (-12.0, 12.0))


@dataclass(frozen=True, eq=False)
class PlainNbd:
    """Rates that differ between customers like a gamma distribution.

    Parameters
    ----------
    shape : float or array of float
        Of the gamma distribution.
    rate : float or array of float
        Of the gamma distribution, in days.
    """

    shape: float | np.ndarray
    rate: float | np.ndarray

    def given(self, repeat_days: np.ndarray, age: np.ndarray) -> "PlainNbd":
        """Return the rates of customers of whom so many repeat days in so many days are known."""
        return PlainNbd(self.shape + repeat_days, self.rate + age)

    def mean(self, time: float) -> float | np.ndarray:
        """Return the purchase days to expect in so many days."""
        return self.shape / self.rate * time

    def log_probability(self, count: np.ndarray, *, time: float) -> np.ndarray:
        """Return the log probability of so many purchase days in so many days."""
        ways = -np.log(self.shape + count) - betaln(self.shape, count + 1)
        none = self.shape * np.log(self.rate / (self.rate + time))
        return ways + none + xlogy(count, time / (self.rate + time))


def fit_nbd(cells: pd.DataFrame) -> PlainNbd | None:
    """Fit the NBD by maximum likelihood, each cell weighing as many as are in it.

    Parameters
    ----------
    cells : pandas.DataFrame
        repeat_days, age (days), customers.

    Returns
    -------
    PlainNbd or None
        None if nobody had bought again: a rate of zero has no distribution.

    Notes
    -----
    Ehrenberg (1959), Applied Statistics 8, 26-41; with an exposure for each customer, as in
    Schmittlein, Morrison & Colombo (1987), Management Science 33, 1-24, without their dropout.

    Examples
    --------
    >>> fit_nbd(pd.DataFrame({"repeat_days": [0], "age": [40], "customers": [3]})) is None
    True
    """
    counted = cells.groupby(["repeat_days", "age"], as_index=False).customers.sum()
    repeats, age, weights = counted.to_numpy(float).T
    if not (weights * repeats).sum() > 0:
        return None
    middle = float(np.average(age, weights=weights))

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        shape, scale = np.exp(logs) * (1, middle)
        value, slopes = _log_likelihood(shape, scale, repeats, age)
        return -(weights @ value) / weights.sum(), -(slopes @ weights) / weights.sum()

    found = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=BOUNDS)
    shape, scale = np.exp(found.x) * (1, middle)
    return PlainNbd(float(shape), float(scale))


def _log_likelihood(
    shape: float, scale: float, repeats: np.ndarray, age: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's log-likelihood and its slopes by the logarithms of shape and scale."""
    remaining = np.log(scale / (scale + age))
    value = gammaln(shape + repeats) - gammaln(shape) + shape * remaining
    value = value + xlogy(repeats, 1 / (scale + age))
    by_shape = shape * (digamma(shape + repeats) - digamma(shape) + remaining)
    return value, np.array([by_shape, shape - (shape + repeats) * scale / (scale + age)])
