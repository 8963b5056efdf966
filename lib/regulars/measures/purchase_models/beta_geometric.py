"""BG/NBD and MBG/NBD: whoever is alive buys at random, and may stop for good after a purchase.

λ is Gamma(r, α) and the chance p to stop Beta(a, b) over the customers. In BG/NBD a customer may
stop after each purchase but the first, in MBG/NBD after the first as well. Once somebody is known
to be alive the two are one: λ is Gamma(r + x, α + T), p Beta(a, b + the chances not taken), and
only a purchase brings the next chance to stop.

Predictions overflow for heavy buyers in their published form (2F1 of large arguments), so they are
written here in the form that Euler's transformation gives.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit, hyp2f1, roots_jacobi

from regulars.measures.purchase_models.quadrature import WEIGHTS, integration_times

__all__ = [
    "alive_probability",
    "expected_if_alive",
    "pairs_if_alive",
    "probabilities_if_alive",
    "silence_if_alive",
    "survived",
]

CHANCES = 64  # places of p, where the closed form overflows

Parameters = Sequence[float]


def survived(model: str, repeat_days: np.ndarray) -> np.ndarray:
    """Return how many chances to stop a customer alive at the last purchase had not taken.

    Examples
    --------
    >>> survived("bg_nbd", np.array([0, 2])), survived("mbg_nbd", np.array([0, 2]))
    (array([0, 2]), array([1, 3]))
    """
    return repeat_days + (model == "mbg_nbd")


def alive_probability(
    model: str,
    parameters: Parameters,
    *,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return P(alive); see `formulas.p_alive`.

    Examples
    --------
    >>> alive_probability("mbg_nbd", (1, 1, 1, 1), repeat_days=0, recency_age=0, age=1)
    array(0.33333333)
    """
    r, alpha, a, b = parameters
    x, last, now = (np.asarray(values, float) for values in (repeat_days, recency_age, age))
    passed = survived(model, x)
    # Silent since the last purchase: odds of having stopped right after it, on the log scale.
    silence = (r + x) * np.log((alpha + now) / (alpha + last))
    chance = np.log(a / (b + np.maximum(passed, 1) - 1))
    return np.where(passed > 0, expit(-(chance + silence)), 1.0)


def expected_if_alive(
    time: np.ndarray, *, shape: np.ndarray, rate: np.ndarray, a: float, b: np.ndarray
) -> np.ndarray:
    """Expect purchases of one who is alive now, with λ ~ Gamma(shape, rate) and p ~ Beta(a, b).

    Examples
    --------
    >>> float(expected_if_alive(1, shape=2, rate=4, a=1e-9, b=1).round(6))  # nobody stops
    0.5
    """
    # At a = 1 the formula is 0 / 0 with a finite limit; so near to it no digit that counts differs.
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    remaining = rate / (rate + time)
    # Euler's transformation where it converges better: the result is the same, the digits are not.
    direct = shape < a - 1
    first, second = np.where(direct, shape, a - 1), np.where(direct, b, a + b - 1 - shape)
    never = remaining**first * hyp2f1(first, second, a + b - 1, 1 - remaining)
    expected = np.asarray((a + b - 1) / (a - 1) * (1 - never))
    lost = ~np.isfinite(expected)  # hyp2f1 overflows for some heavy buyers and long times
    if lost.any():
        told = (time, shape, rate, b)
        rows = [part[lost] for part in np.broadcast_arrays(*told, expected)[:-1]]
        expected[lost] = [_over_chances(a, *row) for row in zip(*rows, strict=True)]
    return expected


def _over_chances(a: float, time: float, shape: float, rate: float, b: float) -> float:
    """Expect the same by quadrature over p; given p, λ is integrated in closed form."""
    places, weights = roots_jacobi(CHANCES, b - 1, a - 1)
    p = (1 + places) / 2
    given = -np.expm1(-shape * np.log1p(p * time / rate)) / p
    return float(weights @ given / weights.sum())


def pairs_if_alive(
    time: float, *, shape: np.ndarray, rate: np.ndarray, a: float, b: np.ndarray
) -> np.ndarray:
    """Return E[Y (Y − 1)] of the purchases Y of one who is alive now.

    Given λ and p it is ``2 ∫ u λ² (1 − p) exp(−λ p u) du`` over the time; the mean over λ and p is
    known for each u, so that one integral is left.

    Examples
    --------
    >>> float(pairs_if_alive(1, shape=2, rate=4, a=1e-9, b=1).round(6))  # Poisson mixture
    0.375
    """
    times, lengths = integration_times(time, scale=rate)
    shape, rate, b = (np.asarray(part, float)[..., None] for part in (shape, rate, b))
    remaining = rate / (rate + times)
    lasting = remaining**a * hyp2f1(a, a + b - 1 - shape, a + b + 1, 1 - remaining)
    moments = shape * (shape + 1) / rate**2 * b / (a + b) * lasting
    return 2 * (times * moments * lengths) @ WEIGHTS


def silence_if_alive(time: float, *, shape: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return the probability that one who is alive now buys nothing in the time to come.

    Examples
    --------
    >>> float(silence_if_alive(4, shape=np.array(2), rate=np.array(4)))
    0.25
    """
    return np.exp(-shape * np.log1p(time / rate))


def probabilities_if_alive(
    time: float, *, most: int, shape: np.ndarray, rate: np.ndarray, a: float, b: np.ndarray
) -> np.ndarray:
    """Return P(Y = 0), …, P(Y = most) of one who is alive now, a column each.

    Fader, Hardie & Lee (2005), eq. 8, for λ ~ Gamma(shape, rate) and p ~ Beta(a, b).

    Examples
    --------
    >>> probabilities_if_alive(4, most=1, shape=np.ones(1), rate=np.full(1, 4.), a=1, b=np.ones(1))
    array([[0.5  , 0.375]])
    """
    columns, log_share = [], -shape * np.log1p(time / rate)
    log_part, log_survived, below = np.log(time / (rate + time)), np.zeros_like(shape), 0.0
    for n in range(most + 1):
        going_on = np.exp(log_survived + log_share)
        stopped = np.exp(log_survived) * a / (b + n - 1) * np.maximum(1 - below, 0) if n else 0.0
        columns.append(going_on + stopped)
        below = below + np.exp(log_share)
        log_share = log_share + np.log((shape + n) / (n + 1)) + log_part
        log_survived = log_survived + np.log((b + n) / (a + b + n))
    return np.stack(columns, axis=-1)
