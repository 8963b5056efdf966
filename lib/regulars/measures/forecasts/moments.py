"""Moments: what a purchase model expects of a customer who is alive, within a time to come.

They depend on the history by repeat_days and age alone; recency_age only tells how likely somebody
is to be alive. So they are computed apart from P(alive), for the few pairs that occur.

Every function takes the model's name, its parameters in their order, and times in the unit of α.
"""

from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np

from regulars.measures.purchase_models import beta_geometric, pareto_nbd
from regulars.measures.purchase_models.formulas import posterior_if_alive

__all__ = ["buys_if_alive", "expected_if_alive", "pairs_if_alive", "wait_if_alive"]

STEPS = 8

Parameters = Sequence[float]


def expected_if_alive(
    model: str, params: Parameters, *, horizon: float, repeat_days: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Return the purchase days to expect of customers who are alive now, within a horizon.

    Parameters
    ----------
    model : {"bg_nbd", "mbg_nbd", "pareto_nbd"}
    params : sequence of float
        In the model's order.
    horizon : float
        How far to look ahead, in the unit of α.
    repeat_days, age : array
        Purchase days after the first, and the time since the first.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> few = {"repeat_days": np.array([0, 2]), "age": np.array([38.86, 38.86])}
    >>> expected_if_alive("bg_nbd", (.243, 4.414, .793, 2.426), horizon=39, **few).round(3)
    array([0.195, 1.687])
    """
    posterior = posterior_if_alive(model, params, repeat_days=repeat_days, age=age)
    return _of(model).expected_if_alive(horizon, **posterior)


def buys_if_alive(
    model: str, params: Parameters, *, horizon: float, repeat_days: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Return the chance of at least one purchase day within a horizon, of customers alive now.

    Parameters
    ----------
    model, params, horizon, repeat_days, age
        As in `expected_if_alive`.

    Returns
    -------
    numpy.ndarray
        Between 0 and 1.

    Notes
    -----
    The first purchase to come is no sooner or later by BG/NBD and MBG/NBD than by the NBD without
    leaving, as nobody leaves between purchases: 1 − ((α + T) / (α + T + h))^(r + x). By Pareto/NBD
    it has to come before the customer leaves: the integral of its density times the chance
    ((β + T) / (β + T + t))^s to be alive at t.

    Examples
    --------
    >>> few = {"repeat_days": np.array([0, 2]), "age": np.array([38.86, 38.86])}
    >>> buys_if_alive("bg_nbd", (.243, 4.414, .793, 2.426), horizon=39, **few).round(3)
    array([0.145, 0.763])
    """
    if model == "pareto_nbd":
        few = {"repeat_days": repeat_days, "age": age}
        return 1 - pareto_nbd.silence_if_alive(params, horizon, **few)
    posterior = posterior_if_alive(model, params, repeat_days=repeat_days, age=age)
    buying = {name: posterior[name] for name in ("shape", "rate")}
    return 1 - beta_geometric.silence_if_alive(horizon, **buying)


def wait_if_alive(
    model: str,
    params: Parameters,
    *,
    share: float,
    horizon: float,
    repeat_days: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return the time by which a share of those who buy within a horizon have bought.

    Whoever buys within the horizon is alive now, so this holds whatever P(alive) is.

    Parameters
    ----------
    model, params, horizon, repeat_days, age
        As in `expected_if_alive`.
    share : float
        Between 0 and 1.

    Returns
    -------
    numpy.ndarray
        Times between 0 and the horizon, in the unit of α.

    Examples
    --------
    >>> few = {"repeat_days": np.array([0, 2]), "age": np.array([38.86, 38.86])}
    >>> params = (.243, 4.414, .793, 2.426)
    >>> wait_if_alive("bg_nbd", params, share=.5, horizon=39, **few).round(1)
    array([15.7, 10.3])
    """
    few = {"repeat_days": repeat_days, "age": age}
    sought = share * buys_if_alive(model, params, horizon=horizon, **few)
    posterior = posterior_if_alive(model, params, **few)
    time = _time_of(posterior)
    found = sought
    if model == "pareto_nbd":
        stays = _stays(posterior)
        # As a function of who would have bought if nobody left by themselves, who has bought is
        # concave and begins below: Newton's steps go up to the root and never beyond.
        for _ in range(STEPS):
            bought = buys_if_alive(model, params, horizon=time(found), **few)
            found = found + (sought - bought) / stays(time(found))
    return np.minimum(time(found), horizon)


def pairs_if_alive(
    model: str, params: Parameters, *, horizon: float, repeat_days: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Return E[Y (Y − 1)] of the purchase days Y within a horizon, of customers alive now.

    Parameters
    ----------
    model, params, horizon, repeat_days, age
        As in `expected_if_alive`.

    Returns
    -------
    numpy.ndarray
        From which the variance follows as E[Y (Y − 1)] + E[Y] − E[Y]².

    Notes
    -----
    `beta_geometric.pairs_if_alive`, `pareto_nbd.pairs_if_alive`.

    Examples
    --------
    >>> few = {"repeat_days": np.array([2]), "age": np.array([38.86])}
    >>> pairs_if_alive("bg_nbd", (.243, 4.414, .793, 2.426), horizon=39, **few).round(3)
    array([3.862])
    """
    posterior = posterior_if_alive(model, params, repeat_days=repeat_days, age=age)
    return _of(model).pairs_if_alive(horizon, **posterior)


def _time_of(posterior: dict[str, np.ndarray]) -> Callable:
    """Return the time by which a share would have bought if nobody left by themselves."""
    shape, rate = posterior["shape"], posterior["rate"]
    # One minus it may be rounded to nothing for who buys daily; a time beyond the horizon is cut.
    smallest = np.finfo(float).tiny
    return lambda share: rate * np.expm1(-np.log(np.maximum(1 - share, smallest)) / shape)


def _stays(posterior: dict[str, np.ndarray]) -> Callable:
    """Return the chance not to have left by a time of one's own accord."""
    s, beta = posterior["s"], posterior["beta"]
    return lambda time: (beta / (beta + time)) ** s


def _of(model: str) -> ModuleType:
    return pareto_nbd if model == "pareto_nbd" else beta_geometric
