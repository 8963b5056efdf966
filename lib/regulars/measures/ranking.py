"""Ranking: whether those of whom more is expected are those who do it."""

import numpy as np
from scipy.special import expit, logit

from regulars.measures.intervals import Estimate, normal_quantile

__all__ = ["auc", "reached"]


def auc(values: np.ndarray, did: np.ndarray, *, weights: np.ndarray | None = None) -> Estimate:
    """Estimate the chance that of two customers the one who did it was ranked first.

    Parameters
    ----------
    values : array of float
        What was expected; equal values count one half.
    did : array of bool
        Whether the customers of the row did it, such as buying in the period held back.
    weights : array of float, optional
        Customers a row; one by default.

    Returns
    -------
    Estimate
        The area under the ROC curve; interval on the logit scale; without a value if nobody or
        everybody did it, and without an interval where it is 0 or 1, or for fewer than two
        customers of a kind.

    Notes
    -----
    Variance of DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845, by ranks as in Sun &
    Xu (2014), IEEE Signal Processing Letters 21, 1389-1393.

    Examples
    --------
    >>> auc(np.array([.9, .6, .4, .1]), np.array([True, False, True, False])).value
    0.75
    """
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    yes, no = weights * did, weights * ~did
    positives, negatives, n = yes.sum(), no.sum(), int(weights.sum())
    if not positives or not negatives:
        return Estimate(np.nan, None, None, n)
    above = _below(values, no) / negatives  # of one who did it: the others it is ranked above
    under = 1 - _below(values, yes) / positives
    value = float(yes @ above / positives)
    if not 0 < value < 1 or min(positives, negatives) < 2:
        return Estimate(value, None, None, n)
    spread = yes @ (above - value) ** 2 / (positives - 1) / positives
    spread += no @ (under - value) ** 2 / (negatives - 1) / negatives
    reach = normal_quantile(0.95) * np.sqrt(spread) / (value * (1 - value))
    return Estimate(value, *(float(expit(logit(value) + end)) for end in (-reach, reach)), n)


def reached(
    values: np.ndarray, came: np.ndarray, *, weights: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """Return the part of what came from each first share of the customers, the most expected first.

    Parameters
    ----------
    values : array of float
        What was expected; those of equal values come evenly.
    came : array of float
        What came from each row, of all its customers; not all 0.
    weights : array of float
        Customers a row.
    shares : array of float
        Shares of the customers, from 0 to 1.

    Returns
    -------
    array of float
        0 to 1, one for each share.

    Examples
    --------
    >>> shares = np.array([0, .25, .5, 1])
    >>> rows = {"weights": np.array([1, 3]), "shares": shares}
    >>> reached(np.array([9, 1]), np.array([3, 1]), **rows).round(3)
    array([0.   , 0.75 , 0.833, 1.   ])
    """
    ranks, places = np.unique(-np.asarray(values), return_inverse=True)
    people, sums = (np.bincount(places, part, len(ranks)) for part in (weights, came))
    edges, totals = (np.concatenate([[0], part.cumsum()]) / part.sum() for part in (people, sums))
    return np.interp(shares, edges, totals)


def _below(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weigh who has a lower value than each row, and half of who has the same."""
    ranks, places = np.unique(values, return_inverse=True)
    at = np.bincount(places, weights, len(ranks))
    return (at.cumsum() - at / 2)[places]
