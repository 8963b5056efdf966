"""Simulated customers: drawn from the definition of a purchase model, purchase by purchase."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regulars.measures.purchase_models.formulas import MODELS

__all__ = ["simulate"]

Parameters = Sequence[float]


def simulate(
    model: str,
    parameters: Parameters,
    *,
    ages: np.ndarray,
    horizon: float = 0.0,
    seed: int,
    day: float = 0.0,
) -> pd.DataFrame:
    """Let customers buy, and stop, as a model says.

    Parameters
    ----------
    model : {"bg_nbd", "mbg_nbd", "pareto_nbd"}
    parameters : sequence of float
        r, α, a, b; of Pareto/NBD r, α, s, β.
    ages : array of float
        From each customer's first purchase to now, in the unit of α.
    horizon : float
        How long to go on after now.
    seed : int
    day : float
        Length of a day in the unit of α: times are whole days, and purchases of one day count
        once, as in a shop's data. The first purchase falls at any hour of its day. 0 keeps
        continuous time, as the models have it.

    Returns
    -------
    pandas.DataFrame
        One row per customer: repeat_days, recency_age, age (as in `cells.count_cells`, in the unit
        of α), later (purchase days after now, within the horizon), alive (now).

    Examples
    --------
    >>> params = (.5, 6, .9, 1.6)
    >>> simulate("mbg_nbd", params, ages=np.full(3, 39), horizon=39, seed=2).round(1)
       repeat_days  recency_age   age  later  alive
    0            0          0.0  39.0      1   True
    1            1          6.7  39.0      0  False
    2            1         15.6  39.0      0  False
    """
    if model not in MODELS:
        raise ValueError(f"Expected a model of {', '.join(MODELS)}, found {model!r}.")
    random = np.random.default_rng(seed)
    ages = np.asarray(ages, float)
    state = _start(model, parameters, ages, random, day=day)
    active = np.flatnonzero(state["rate"])  # a rate may be too small for a number above zero
    while len(active):
        active = _buy(state, active, random, model=model, horizon=horizon, day=day)
    return pd.DataFrame(
        {
            "repeat_days": state["repeats"],
            "recency_age": state["last"],
            "age": ages,
            "later": state["later"],
            "alive": state["until"] > ages + day,
        }
    )


def _start(
    model: str, parameters: Parameters, ages: np.ndarray, random: np.random.Generator, *, day: float
) -> dict[str, np.ndarray]:
    """Draw each customer's rate and chance to stop, and set the counts to nothing."""
    r, alpha, third, fourth = parameters
    n = len(ages)
    rate = random.gamma(r, 1 / alpha, n)
    state = {"ages": ages, "rate": rate, "now": random.random(n) * day}
    if model == "pareto_nbd":
        with np.errstate(divide="ignore"):
            until = state["now"] + random.exponential(1, n) / random.gamma(third, 1 / fourth, n)
        state |= {"until": until, "stop": np.zeros(n)}
    else:
        state |= {"until": np.full(n, np.inf), "stop": random.beta(third, fourth, n)}
    if model == "mbg_nbd":
        gone = random.random(n) < state["stop"]
        state["until"][gone] = state["now"][gone]
    nothing = {name: np.zeros(n, int) for name in ("repeats", "later")}
    return {**state, **nothing, "last": np.zeros(n), "seen": np.zeros(n)}


def _buy(
    state: dict[str, np.ndarray],
    active: np.ndarray,
    random: np.random.Generator,
    *,
    model: str,
    horizon: float,
    day: float,
) -> np.ndarray:
    """Let each active customer buy once more, and return those who may go on."""
    now = state["now"][active] + random.exponential(1, len(active)) / state["rate"][active]
    at = np.floor(now / day) * day if day else now
    end = state["ages"][active]
    goes_on = (now <= state["until"][active]) & (at <= end + horizon)
    active, now, at, end = active[goes_on], now[goes_on], at[goes_on], end[goes_on]
    new = at > state["seen"][active]
    known = new & (at <= end)
    state["repeats"][active[known]] += 1
    state["last"][active[known]] = at[known]
    state["later"][active[new & (at > end)]] += 1
    state["now"][active], state["seen"][active] = now, at
    if model == "pareto_nbd":
        return active
    stays = random.random(len(active)) >= state["stop"][active]
    state["until"][active[~stays]] = now[~stays]
    return active[stays]
