"""Estimates: shares of drivers with their intervals, and how far two of them lie apart."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from regulars.measures.bootstrap import bootstrap
from regulars.measures.drivers.products import covariances
from regulars.measures.drivers.shares import coefficients, lmg

__all__ = ["estimates"]

PLACES = 9  # sums of many floats have last digits that depend on the order of rows


def estimates(
    groups: pd.DataFrame,
    columns: Sequence[str],
    *,
    seed: int = 1,
    replicates: int = 1000,
    level: float = 0.95,
) -> tuple[pd.DataFrame, pd.Series]:
    """Estimate everything about drivers that has an interval.

    Parameters
    ----------
    groups : pandas.DataFrame
        The sums that `products.products` names, a row per random group of customers.
    columns : sequence of str
        The drivers and, last, the outcome.
    seed : int
        Of the bootstrap.
    replicates : int
        How many draws.
    level : float
        Of the intervals.

    Returns
    -------
    numbers : pandas.DataFrame
        value, low, high of ``r2``; by the number of the driver ``share 0``, …, ``slope 0``, …
        (standardised coefficient), and ``0 over 1``, … (difference of two shares).
    errors : pandas.Series
        Their standard errors by the jackknife.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.random(80)
    >>> y = x / 2 + rng.random(80) / 2
    >>> sums = {"n": 1.0, "x0": x, "y": y, "x0*x0": x * x, "x0*y": x * y, "y*y": y * y}
    >>> numbers, errors = estimates(pd.DataFrame(sums), ["x0", "y"], replicates=100)
    >>> numbers.index.tolist(), bool(numbers.low["r2"] < 0.5 < numbers.high["r2"])
    (['r2', 'share 0', 'slope 0'], True)
    """

    def statistic(sums: pd.DataFrame) -> pd.DataFrame:
        return _numbers(covariances(sums, columns))

    numbers = bootstrap(groups, statistic, seed=seed, replicates=replicates, level=level)
    without = statistic(groups.sum() - groups)
    apart = (without - without.mean()) ** 2
    return numbers.round(PLACES), np.sqrt((len(groups) - 1) * apart.mean()).round(PLACES)


def _numbers(of_draws: np.ndarray) -> pd.DataFrame:
    shares, slopes = lmg(of_draws), coefficients(of_draws)
    places = range(shares.shape[1])
    found = {"r2": shares.sum(axis=1)}
    found |= {f"share {one}": shares[:, one] for one in places}
    found |= {f"slope {one}": slopes[:, one] for one in places}
    found |= {
        f"{one} over {other}": shares[:, one] - shares[:, other]
        for one, other in combinations(places, 2)
    }
    return pd.DataFrame(found)
