"""Shares: how explained variance is divided among drivers that go together.

Drivers are correlated, so what one of them explains depends on which others were asked first. The
shares are the mean over all orders. Everything here works on many covariances at once, one of each
draw of the bootstrap.
"""

import numpy as np
from scipy.special import comb

__all__ = ["MOST", "coefficients", "explained", "lmg", "vif"]

MOST = 10
"""How many drivers can be looked at: with each more, the orders to be averaged double."""

TINY = 1e-9  # what is left of a driver that others have all but replaced, of its variance
AT_ONCE = 500


def explained(covariances: np.ndarray) -> np.ndarray:
    """Return the share of variance that each subset of the drivers explains.

    Parameters
    ----------
    covariances : numpy.ndarray, draws × (drivers + 1) × (drivers + 1)
        Of the drivers and, last, the outcome.

    Returns
    -------
    numpy.ndarray, draws × 2^drivers
        R² of each subset, in the order of the numbers whose bits say which drivers are in it;
        missing where the outcome does not vary. A driver that does not vary, or that the drivers
        before it determine, explains nothing more.

    Notes
    -----
    One driver after another is swept out of the covariances (Beaton 1964, ETS Research Bulletin
    RB-64-51), so that each subset costs one step and not a regression.

    Examples
    --------
    >>> covariance = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.3], [0.6, 0.3, 1.0]])
    >>> explained(covariance[None]).round(2).tolist()
    [[0.0, 0.36, 0.09, 0.45]]
    """
    variances = np.einsum("dii->di", covariances)
    left = covariances[:, None]
    for driver in range(covariances.shape[1] - 1):
        spread, along, rest = left[..., 0, 0], left[..., 1:, 0], left[..., 1:, 1:]
        adds = spread > TINY * variances[:, [driver]]
        per = np.divide(1, spread, out=np.zeros_like(spread), where=adds)
        swept = rest - (along * per[..., None])[..., None] * along[..., None, :]
        left = np.concatenate([rest, swept], axis=1)
    total = variances[:, [-1]]
    return 1 - _over(left[..., 0, 0], np.broadcast_to(total, left.shape[:2]))


def lmg(covariances: np.ndarray) -> np.ndarray:
    """Divide the explained variance among the drivers: the mean over all orders of asking them.

    Parameters
    ----------
    covariances : numpy.ndarray, draws × (drivers + 1) × (drivers + 1)
        Of the drivers and, last, the outcome.

    Returns
    -------
    numpy.ndarray, draws × drivers
        Shares of the outcome's variance, which add up to R² and are never below zero.

    Notes
    -----
    Lindeman, Merenda & Gold (1980), Introduction to Bivariate and Multivariate Analysis, p. 119;
    Grömping (2007), The American Statistician 61, 139-147, equation 4: it is the Shapley value of
    R². Computed over all subsets, which gives the mean over all orders exactly.

    Examples
    --------
    >>> covariance = np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.6], [0.6, 0.6, 1.0]])
    >>> lmg(covariance[None]).round(2).tolist()
    [[0.24, 0.24]]
    """
    weights = _weights(covariances.shape[1] - 1)
    pieces = range(0, len(covariances), AT_ONCE)
    found = [explained(covariances[at : at + AT_ONCE]) @ weights for at in pieces]
    # What rounding leaves below zero is zero: a driver never explains less than nothing.
    return np.maximum(np.concatenate(found), 0)


def coefficients(covariances: np.ndarray) -> np.ndarray:
    """Return the standardised coefficients of all drivers together.

    Parameters
    ----------
    covariances : numpy.ndarray, draws × (drivers + 1) × (drivers + 1)
        Of the drivers and, last, the outcome.

    Returns
    -------
    numpy.ndarray, draws × drivers
        How many standard deviations higher the outcome is where a driver is one higher and the
        others are equal; drivers that cannot be told apart share theirs.

    Examples
    --------
    >>> covariance = np.array([[1.0, 0.8, 0.2], [0.8, 1.0, 0.5], [0.2, 0.5, 1.0]])
    >>> coefficients(covariance[None]).round(2).tolist()
    [[-0.56, 0.94]]
    """
    correlations = _correlations(covariances)
    inverse = np.linalg.pinv(correlations[:, :-1, :-1], rcond=TINY, hermitian=True)
    return np.einsum("dij,dj->di", inverse, correlations[:, :-1, -1])


def vif(covariance: np.ndarray) -> np.ndarray:
    """Return each driver's variance inflation factor.

    Parameters
    ----------
    covariance : numpy.ndarray, (drivers + 1) × (drivers + 1)
        Of the drivers and, last, the outcome.

    Returns
    -------
    numpy.ndarray
        1 where a driver goes with no other; infinite where others determine it.

    Notes
    -----
    1 / (1 - R²) of a driver regressed on the others: Marquardt (1970), Technometrics 12, 591-612.

    Examples
    --------
    >>> covariance = np.array([[1.0, 0.8, 0.2], [0.8, 1.0, 0.5], [0.2, 0.5, 1.0]])
    >>> vif(covariance).round(2).tolist()
    [2.78, 2.78]
    """
    drivers = covariance[:-1, :-1]
    found = np.ones(len(drivers))
    for one in range(len(drivers)):
        order = [*[other for other in range(len(drivers)) if other != one], one]
        alone = 1 - explained(drivers[np.ix_(order, order)][None])[0, -1]
        found[one] = 1 / alone if alone > TINY else np.inf
    return found


def _weights(drivers: int) -> np.ndarray:
    """Say how much each subset counts for each driver: with it, what it adds; without, less."""
    inside = np.arange(2**drivers)[:, None] >> np.arange(drivers) & 1
    size = inside.sum(axis=1, keepdims=True)
    added = 1 / (drivers * comb(drivers - 1, np.maximum(size - 1, 0)))
    before = 1 / (drivers * comb(drivers - 1, np.minimum(size, drivers - 1)))
    return np.where(inside == 1, added, -before)


def _correlations(covariances: np.ndarray) -> np.ndarray:
    spread = np.sqrt(np.maximum(np.einsum("dii->di", covariances), 0))
    return _over(covariances, spread[:, :, None] * spread[:, None, :], nothing=0.0)


def _over(part: np.ndarray, whole: np.ndarray, *, nothing: float = np.nan) -> np.ndarray:
    """Divide where there is something to divide by."""
    return np.divide(part, whole, out=np.full(part.shape, nothing), where=whole > 0)
