"""The likelihood of Pareto/NBD with its gradient, the integral taken at the same few places."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import digamma, gammaln

from regulars.measures.purchase_models.pareto_nbd import lost_places

__all__ = ["pareto_nbd_likelihood"]

AT_ONCE = 4096  # cells, so that what is in work stays near the processor

Likelihood = Callable[[np.ndarray], tuple[float, np.ndarray]]


def pareto_nbd_likelihood(cells: pd.DataFrame) -> Likelihood:
    """Return the log-likelihood of cells as a function of ln r, ln α, ln s, ln β.

    See `pareto_nbd` for what it says. The gradient is that of the integrand, at the same places.

    Parameters
    ----------
    cells : pandas.DataFrame
        repeat_days, recency_age and age (in any unit of time), customers.

    Returns
    -------
    callable
        Gives the log-likelihood and its four slopes.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> value, slopes = pareto_nbd_likelihood(few_cells())(np.zeros(4))
    >>> round(value, 3), slopes.round(3).tolist()
    (-1057.886, [-162.934, 58.976, -147.001, 19.457])
    """
    pieces = [_arrays(cells[at : at + AT_ONCE]) for at in range(0, len(cells), AT_ONCE)]
    purchases = cells.groupby("repeat_days").customers.sum()
    x, customers = purchases.index.to_numpy(float), purchases.to_numpy(float)

    def likelihood(logs: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, s, beta = params = np.exp(logs)
        n = customers.sum()
        value = customers @ (gammaln(r + x) - gammaln(r)) + n * (r * logs[1] + s * logs[3])
        of_r = customers @ (digamma(r + x) - digamma(r)) + n * logs[1]
        slopes = np.array([of_r, n * r / alpha, n * logs[3], n * s / beta])
        for piece in pieces:
            more, more_slopes = _histories(params, *piece)
            value, slopes = value + more, slopes + more_slopes
        return float(value), slopes * params

    return likelihood


def _arrays(cells: pd.DataFrame) -> tuple[np.ndarray, ...]:
    names = ("repeat_days", "recency_age", "age", "customers")
    return tuple(cells[name].to_numpy(float) for name in names)


def _histories(
    params: np.ndarray, x: np.ndarray, last: np.ndarray, age: np.ndarray, customers: np.ndarray
) -> tuple[float, np.ndarray]:
    """Sum the logarithms of alive + lost, and their slopes in r, α, s, β."""
    r, alpha, s, beta = params
    places = lost_places(params, repeat_days=x, since=last, until=age)
    buying, leaving = np.log(alpha + age), np.log(beta + age)
    alive = -(r + x) * buying - s * leaving
    greatest = np.maximum(places.terms.max(axis=1), alive)
    terms = np.exp(places.terms - greatest[:, None])
    stays = np.exp(alive - greatest)
    total = terms.sum(axis=1) + stays
    stays, share = customers * stays / total, customers / total
    if_alive = [-buying, -(r + x) / (alpha + age), -leaving, -s / (beta + age)]
    slopes = np.array([stays @ slope for slope in if_alive])
    return float(customers @ (greatest + np.log(total))), slopes + _if_lost(
        params, x, places, terms * share[:, None]
    )


def _if_lost(params: np.ndarray, x: np.ndarray, places: tuple, weights: np.ndarray) -> np.ndarray:
    """Sum the slopes of the integrand over all places."""
    r, alpha, s, beta = params
    lower = places.log_start[:, 0] * weights.sum(axis=1) + _rows(weights, places.grown)
    upper = lower + _rows(weights, places.bend)
    over_lower = _rows(weights, places.shrunk) * np.exp(-places.log_start[:, 0])
    shares = weights / (1 + places.above)
    over_upper = _rows(shares, places.shrunk) * np.exp(-places.log_start[:, 0])
    of_alpha, of_beta = (lower, over_lower), (upper, over_upper)
    if alpha > beta:
        of_alpha, of_beta = of_beta, of_alpha
    return np.array(
        [
            -of_alpha[0].sum(),
            -((r + x) @ of_alpha[1]),
            weights.sum() / s - of_beta[0].sum(),
            -(s + 1) * of_beta[1].sum(),
        ]
    )


def _rows(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ij->i", weights, values)
