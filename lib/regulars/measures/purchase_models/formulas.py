"""The formulas of the purchase models BG/NBD, MBG/NBD and Pareto/NBD, for arrays of customers.

All say: while alive a customer buys at random at a rate λ that is Gamma(r, α) over the customers.
They differ in when somebody may stop for good: in BG/NBD after each purchase but the first, in
MBG/NBD after the first as well (`beta_geometric`), in Pareto/NBD at any time (`pareto_nbd`).

Every function takes the model's name, its parameters in the order of `NAMES` (α and β in units of
time) and arrays in the same unit.
"""

from collections.abc import Sequence
from types import ModuleType

import numpy as np

from regulars.measures.purchase_models import beta_geometric, pareto_nbd

__all__ = [
    "MODELS",
    "NAMES",
    "expected_purchases",
    "expected_since_first",
    "laws_of",
    "p_alive",
    "posterior_if_alive",
]

MODELS = ("bg_nbd", "mbg_nbd", "pareto_nbd")
NAMES = {
    "bg_nbd": ("r", "alpha", "a", "b"),
    "mbg_nbd": ("r", "alpha", "a", "b"),
    "pareto_nbd": ("r", "alpha", "s", "beta"),
}

Parameters = Sequence[float]


def p_alive(
    model: str,
    parameters: Parameters,
    *,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return the probability that customers with these histories are still customers.

    BG/NBD says 1 for everybody who has bought only once: it cannot lose a customer before the
    second purchase.

    Parameters
    ----------
    model : {"bg_nbd", "mbg_nbd", "pareto_nbd"}
    parameters : sequence of float
        r, α, a, b; of Pareto/NBD r, α, s, β.
    repeat_days : array of int
        Purchase days after the first.
    recency_age, age : array of float
        From the first purchase day to the last, and to now; in the unit of α.

    Returns
    -------
    numpy.ndarray
        Probabilities between 0 and 1.

    Notes
    -----
    BG/NBD: Fader, Hardie & Lee (2008), note 021, "Computing P(alive) using the BG/NBD model".
    MBG/NBD: Batislam, Denizel & Filiztekin (2007), International Journal of Research in Marketing
    24, 201-209, appendix A, eq. 5. Pareto/NBD: Fader & Hardie (2005), note 009, eq. 36.

    Examples
    --------
    >>> history = {"repeat_days": [0, 2], "recency_age": [0, 30.43], "age": [38.86, 38.86]}
    >>> p_alive("bg_nbd", (.243, 4.414, .793, 2.426), **history).round(4).tolist()
    [1.0, 0.7266]
    >>> p_alive("pareto_nbd", (.553, 10.58, .606, 11.66), **history).round(4).tolist()
    [0.2952, 0.8691]
    """
    history = {"repeat_days": repeat_days, "recency_age": recency_age, "age": age}
    if _known(model) == "pareto_nbd":
        return pareto_nbd.alive_probability(parameters, **history)
    return beta_geometric.alive_probability(model, parameters, **history)


def expected_purchases(
    model: str,
    parameters: Parameters,
    *,
    horizon: float,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return the purchase days to expect of customers with these histories in the time to come.

    Parameters
    ----------
    model, parameters, repeat_days, recency_age, age
        As in `p_alive`.
    horizon : float
        How far to look ahead, in the unit of α.

    Returns
    -------
    numpy.ndarray
        Expected purchase days, at least 0.

    Notes
    -----
    BG/NBD: Fader, Hardie & Lee (2005), Marketing Science 24, 275-284, eq. 10. MBG/NBD: Wagner &
    Hoppe (2008), International Journal of Research in Marketing 25, 225-226. Pareto/NBD: Fader &
    Hardie (2005), note 009, eq. 41. All are P(alive) times what an alive customer buys.

    Examples
    --------
    >>> history = {"repeat_days": [2], "recency_age": [30.43], "age": [38.86]}
    >>> expected_purchases("bg_nbd", (.243, 4.414, .793, 2.426), horizon=39, **history).round(3)
    array([1.226])
    """
    alive = p_alive(model, parameters, repeat_days=repeat_days, recency_age=recency_age, age=age)
    posterior = posterior_if_alive(model, parameters, repeat_days=repeat_days, age=age)
    return alive * laws_of(model).expected_if_alive(horizon, **posterior)


def expected_since_first(model: str, parameters: Parameters, *, time: np.ndarray) -> np.ndarray:
    """Return the repeat purchase days E[X(t)] to expect of a new customer within a time.

    Parameters
    ----------
    model, parameters
        As in `p_alive`.
    time : array of float
        Time since the first purchase, in the unit of α.

    Returns
    -------
    numpy.ndarray
        Expected repeat purchase days.

    Notes
    -----
    BG/NBD: Fader, Hardie & Lee (2005), eq. 9. MBG/NBD: the same for a customer who survived the
    first purchase, times the probability b / (a + b) of having done so (Batislam et al. 2007).
    Pareto/NBD: Fader & Hardie (2005), note 009, eq. 27.

    Examples
    --------
    >>> expected_since_first("bg_nbd", (.2426, 4.4136, .7929, 2.4259), time=[1, 78]).round(3)
    array([0.053, 1.858])
    """
    _known(model)
    _, _, a, b = parameters
    chance = b / (a + b) if model == "mbg_nbd" else 1.0
    posterior = posterior_if_alive(model, parameters, repeat_days=0, age=0)
    return chance * laws_of(model).expected_if_alive(np.asarray(time, float), **posterior)


def posterior_if_alive(
    model: str, parameters: Parameters, *, repeat_days: np.ndarray, age: np.ndarray
) -> dict[str, np.ndarray]:
    """Return what a history tells of λ and of stopping, given that a customer is alive.

    Parameters
    ----------
    model, parameters, repeat_days, age
        As in `p_alive`.

    Returns
    -------
    dict of str to numpy.ndarray
        shape and rate of the gamma law of λ; a and b of the beta law of p, or s and beta of the
        gamma law of μ.

    Examples
    --------
    >>> posterior_if_alive("pareto_nbd", (1, 2, 3, 4), repeat_days=1, age=10)
    {'shape': array(2.), 'rate': array(12.), 's': 3, 'beta': array(14.)}
    """
    r, alpha, third, fourth = parameters
    x, now = np.asarray(repeat_days, float), np.asarray(age, float)
    buying = {"shape": np.asarray(r + x), "rate": np.asarray(alpha + now)}
    if _known(model) == "pareto_nbd":
        return {**buying, "s": third, "beta": np.asarray(fourth + now)}
    return {**buying, "a": third, "b": np.asarray(fourth + beta_geometric.survived(model, x))}


def laws_of(model: str) -> ModuleType:
    """Return the module that knows what an alive customer does under a model.

    Examples
    --------
    >>> laws_of("pareto_nbd").__name__.rpartition(".")[2]
    'pareto_nbd'
    """
    return pareto_nbd if _known(model) == "pareto_nbd" else beta_geometric


def _known(model: str) -> str:
    if model not in MODELS:
        raise ValueError(f"Expected a model of {', '.join(MODELS)}, found {model!r}.")
    return model
