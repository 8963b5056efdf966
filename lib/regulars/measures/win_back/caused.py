"""Caused: the purchase days that a return which an action brings about adds to a customer's.

An uplift carried over in proportion to the chance to return says whom an action brings back: such
as come by themselves, so nobody who is gone, and who bought often sooner than who bought seldom.
The same people would have bought again without the action, only later. So both sides of the
difference are of one population: customers alive now, each with the weight of their chance to buy
within the window.
"""

from collections.abc import Sequence

import numpy as np

from regulars.measures.purchase_models import beta_geometric
from regulars.measures.purchase_models.formulas import posterior_if_alive
from regulars.measures.purchase_models.quadrature import WEIGHTS, integration_times

__all__ = ["extra_if_caused"]

Parameters = Sequence[float]


def extra_if_caused(
    model: str,
    params: Parameters,
    *,
    horizon: float,
    window: float,
    repeat_days: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return how many purchase days more a customer has if an action makes them buy now.

    Parameters
    ----------
    model : {"bg_nbd", "mbg_nbd", "pareto_nbd"}
    params : sequence of float
        In the model's order.
    horizon : float
        How long purchases count, in the unit of α.
    window : float
        How long a return without the action is waited for, at most the horizon: the action brings
        back who would have let it pass.
    repeat_days, age : array
        Purchase days after the first, and the time since the first.

    Returns
    -------
    numpy.ndarray
        The purchase now, and what follows it within the horizon, less what the same customer would
        have bought in the rest of the horizon after an empty window. Below 1 where a purchase now
        brings a chance to stop that outweighs what is bought sooner.

    Notes
    -----
    Given λ, the weight is ``1 − exp(−λ window)``. With f of the gamma law of λ at the ages T and
    T + window, and S the chance of an empty window, the weighted mean of f is
    ``(f(T) − S f(T + window)) / (1 − S)``. In BG/NBD and MBG/NBD nobody stops in an empty window,
    and the purchase now is one more chance to stop, taken with a / (a + b). In Pareto/NBD a
    purchase changes nothing of the time τ of stopping: what is added is the purchase now and those
    at rate λ until the window or τ ends, and only of these one integral over τ is left.

    Examples
    --------
    >>> history = {"repeat_days": np.array([0, 12]), "age": np.array([40.0, 60.0])}
    >>> weeks = {"horizon": 365 / 7, "window": 90 / 7}
    >>> extra_if_caused("mbg_nbd", (.525, 6.183, .891, 1.614), **weeks, **history).round(2)
    array([0.99, 2.27])
    """
    posterior = posterior_if_alive(model, params, repeat_days=repeat_days, age=age)
    if model == "pareto_nbd":
        return 1 + _sooner(window, **posterior)
    return 1 + _after(horizon, window, **posterior) - _otherwise(horizon, window, **posterior)


def _after(
    horizon: float, window: float, *, shape: np.ndarray, rate: np.ndarray, a: float, b: np.ndarray
) -> np.ndarray:
    going_on = b / (a + b)
    return going_on * _weighted(horizon, window, shape=shape, rate=rate, a=a, b=b + 1)


def _otherwise(
    horizon: float, window: float, *, shape: np.ndarray, rate: np.ndarray, a: float, b: np.ndarray
) -> np.ndarray:
    return _weighted(horizon - window, window, shape=shape, rate=rate, a=a, b=b)


def _weighted(
    time: float,
    window: float,
    *,
    shape: np.ndarray,
    rate: np.ndarray,
    a: float,
    b: np.ndarray,
) -> np.ndarray:
    """Expect purchases within a time of who is drawn by the chance to buy within the window."""
    now = beta_geometric.expected_if_alive(time, shape=shape, rate=rate, a=a, b=b)
    later = beta_geometric.expected_if_alive(time, shape=shape, rate=rate + window, a=a, b=b)
    log_empty = -shape * np.log1p(window / rate)
    return now + (now - later) * np.exp(log_empty) / -np.expm1(log_empty)


def _sooner(
    window: float, *, shape: np.ndarray, rate: np.ndarray, s: float, beta: np.ndarray
) -> np.ndarray:
    """Expect λ min(τ, window), each customer weighted by 1 − exp(−λ min(τ, window)).

    Both that product and the weight grow with the time t that τ leaves. So the mean of each is the
    integral of its growth at t times the chance that τ is beyond t.
    """
    times, lengths = integration_times(window, scale=np.minimum(rate, beta))
    shape, rate, beta = (np.asarray(part, float)[..., None] for part in (shape, rate, beta))
    lengths = lengths * np.exp(-s * np.log1p(times / beta))
    mean, silent = shape / (rate + times), np.exp(-shape * np.log1p(times / rate))
    product = shape / rate - silent * mean + silent * mean * times * (shape + 1) / (rate + times)
    return ((product * lengths) @ WEIGHTS) / ((silent * mean * lengths) @ WEIGHTS)
