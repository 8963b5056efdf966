"""Predictive laws: how likely each number of purchase days is in the time to come."""

from collections.abc import Sequence

import numpy as np

from regulars.measures.purchase_models import beta_geometric, pareto_nbd
from regulars.measures.purchase_models.formulas import (
    expected_purchases,
    laws_of,
    p_alive,
    posterior_if_alive,
)

__all__ = ["buy_probability", "purchase_probabilities", "purchase_variance"]

AT_ONCE = 20_000  # rows whose integrals are held in memory together

Parameters = Sequence[float]


def purchase_probabilities(
    model: str,
    parameters: Parameters,
    *,
    horizon: float,
    most: int,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return how likely 0, 1, …, `most` and more purchase days are in the time to come.

    Parameters
    ----------
    model, parameters, repeat_days, recency_age, age
        As in `formulas.p_alive`; arrays of one length.
    horizon : float
        How far to look ahead, in the unit of α.
    most : int
        The last number told by itself.

    Returns
    -------
    numpy.ndarray, rows × (most + 2)
        P(Y = 0), …, P(Y = most), P(Y > most); each row sums to 1.

    Notes
    -----
    Who has stopped buys nothing. Who is alive starts anew with what the history tells of λ and of
    stopping: Fader, Hardie & Lee (2005), eq. 8; Fader & Hardie (2014), note 028.

    Examples
    --------
    >>> history = {"repeat_days": [0, 2], "recency_age": [0, 30.43], "age": [38.86, 38.86]}
    >>> params = (.243, 4.414, .793, 2.426)
    >>> purchase_probabilities("bg_nbd", params, horizon=39, most=1, **history).round(3)
    array([[0.855, 0.11 , 0.035],
           [0.445, 0.239, 0.315]])
    """
    history = _rows(repeat_days, recency_age, age)
    alive = p_alive(model, parameters, **history)[:, None]
    told = alive * _if_alive(model, parameters, horizon, most, history)
    told[:, 0] += 1 - alive[:, 0]
    return np.column_stack([told, np.maximum(1 - told.sum(axis=1), 0)])


def buy_probability(
    model: str,
    parameters: Parameters,
    *,
    horizon: float,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return the probability of at least one purchase day in the time to come.

    It is ``1 − P(Y = 0)`` of `purchase_probabilities`, at the cost of P(alive).

    Parameters
    ----------
    model, parameters, horizon, repeat_days, recency_age, age
        As in `purchase_probabilities`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> history = {"repeat_days": [0, 2], "recency_age": [0, 30.43], "age": [38.86, 38.86]}
    >>> params = (.243, 4.414, .793, 2.426)
    >>> buy_probability("bg_nbd", params, horizon=39, **history).round(3)
    array([0.145, 0.555])
    """
    history = _rows(repeat_days, recency_age, age)
    alive = p_alive(model, parameters, **history)
    del history["recency_age"]
    if model == "pareto_nbd":
        return alive * (1 - pareto_nbd.silence_if_alive(parameters, horizon, **history))
    posterior = posterior_if_alive(model, parameters, **history)
    buying = {name: posterior[name] for name in ("shape", "rate")}
    return alive * (1 - beta_geometric.silence_if_alive(horizon, **buying))


def purchase_variance(
    model: str,
    parameters: Parameters,
    *,
    horizon: float,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return the variance of a customer's purchase days in the time to come, parameters given.

    Parameters
    ----------
    model, parameters, horizon, repeat_days, recency_age, age
        As in `purchase_probabilities`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> history = {"repeat_days": [0, 2], "recency_age": [0, 30.43], "age": [38.86, 38.86]}
    >>> params = (.243, 4.414, .793, 2.426)
    >>> purchase_variance("bg_nbd", params, horizon=39, **history).round(3)
    array([0.307, 2.529])
    """
    history = _rows(repeat_days, recency_age, age)
    mean = expected_purchases(model, parameters, horizon=horizon, **history)
    alive = p_alive(model, parameters, **history)
    posterior = posterior_if_alive(
        model, parameters, repeat_days=history["repeat_days"], age=history["age"]
    )
    pairs = alive * laws_of(model).pairs_if_alive(horizon, **posterior)
    return pairs + mean - mean**2


def _rows(repeat_days: np.ndarray, recency_age: np.ndarray, age: np.ndarray) -> dict:
    parts = np.broadcast_arrays(*np.atleast_1d(repeat_days, recency_age, age))
    names = ("repeat_days", "recency_age", "age")
    return {name: part.astype(float) for name, part in zip(names, parts, strict=True)}


def _if_alive(
    model: str, parameters: Parameters, horizon: float, most: int, history: dict
) -> np.ndarray:
    x, now = history["repeat_days"], history["age"]
    pieces = [slice(at, at + AT_ONCE) for at in range(0, max(len(x), 1), AT_ONCE)]
    found = []
    for piece in pieces:
        posterior = posterior_if_alive(model, parameters, repeat_days=x[piece], age=now[piece])
        found.append(laws_of(model).probabilities_if_alive(horizon, most=most, **posterior))
    return np.concatenate(found)
