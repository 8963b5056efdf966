"""The formulas of the purchase models BG/NBD and MBG/NBD, for arrays of customers.

Both say: while alive a customer buys at random at a rate λ, and may stop for good with a
probability p; λ is Gamma(r, α) and p Beta(a, b) over the customers. In BG/NBD a customer may stop
after each purchase but the first, in MBG/NBD after the first as well. lifetimes fits both. Its
predictions overflow for heavy buyers (2F1 of large arguments), so they are written here in the form
that Euler's transformation gives, where the number of purchases only enters the denominator.

Every function takes the model's name, its parameters (r, α, a, b; α in units of time) and arrays
in the same unit.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit, hyp2f1

__all__ = ["MODELS", "expected_purchases", "expected_since_first", "p_alive"]

MODELS = ("bg_nbd", "mbg_nbd")

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
    model : {"bg_nbd", "mbg_nbd"}
    parameters : sequence of float
        r, α, a, b.
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
    24, 201-209, appendix A, eq. 5.

    Examples
    --------
    >>> history = {"repeat_days": [0, 2], "recency_age": [0, 30.43], "age": [38.86, 38.86]}
    >>> p_alive("bg_nbd", (.243, 4.414, .793, 2.426), **history).round(4).tolist()
    [1.0, 0.7266]
    """
    r, alpha, a, b = parameters
    x, last, now = (np.asarray(values, float) for values in (repeat_days, recency_age, age))
    survived = _survived(model, x)
    # Silent since the last purchase: odds of having stopped right after it, on the log scale.
    silence = (r + x) * np.log((alpha + now) / (alpha + last))
    chance = np.log(a / (b + np.maximum(survived, 1) - 1))
    return np.where(survived > 0, expit(-(chance + silence)), 1.0)


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
    Hoppe (2008), International Journal of Research in Marketing 25, 225-226. Both are P(alive)
    times what an alive customer buys.

    Examples
    --------
    >>> history = {"repeat_days": [2], "recency_age": [30.43], "age": [38.86]}
    >>> expected_purchases("bg_nbd", (.243, 4.414, .793, 2.426), horizon=39, **history).round(3)
    array([1.226])
    """
    r, alpha, a, b = parameters
    x, now = np.asarray(repeat_days, float), np.asarray(age, float)
    alive = p_alive(model, parameters, repeat_days=x, recency_age=recency_age, age=now)
    lasting = b + _survived(model, x)
    return alive * _expected_if_alive(horizon, shape=r + x, rate=alpha + now, a=a, b=lasting)


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

    Examples
    --------
    >>> expected_since_first("bg_nbd", (.2426, 4.4136, .7929, 2.4259), time=[1, 78]).round(3)
    array([0.053, 1.858])
    """
    r, alpha, a, b = parameters
    survived = _survived(model, np.zeros(1))
    chance = b / (a + b) if survived else 1.0
    times = np.asarray(time, float)
    return chance * _expected_if_alive(times, shape=r, rate=alpha, a=a, b=b + survived)


def _survived(model: str, repeat_days: np.ndarray) -> np.ndarray:
    """Return how many chances to stop a customer alive at the last purchase had not taken."""
    if model not in MODELS:
        raise ValueError(f"Expected a model of {', '.join(MODELS)}, found {model!r}.")
    return repeat_days + (model == "mbg_nbd")


def _expected_if_alive(
    time: np.ndarray, *, shape: np.ndarray, rate: np.ndarray, a: float, b: np.ndarray
) -> np.ndarray:
    """Expect purchases of one who is alive now, with λ ~ Gamma(shape, rate) and p ~ Beta(a, b)."""
    # At a = 1 the formula is 0 / 0 with a finite limit; so near to it no digit that counts differs.
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    remaining = rate / (rate + time)
    # Euler's transformation where it converges better: the result is the same, the digits are not.
    direct = shape < a - 1
    first, second = np.where(direct, shape, a - 1), np.where(direct, b, a + b - 1 - shape)
    never = remaining**first * hyp2f1(first, second, a + b - 1, 1 - remaining)
    return (a + b - 1) / (a - 1) * (1 - never)
