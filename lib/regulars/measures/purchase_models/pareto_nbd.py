"""Pareto/NBD: whoever is alive buys at random, and may stop for good at any time.

λ is Gamma(r, α) and the rate μ of stopping Gamma(s, β) over the customers (Schmittlein, Morrison &
Colombo 1987). A history has the likelihood ``Γ(r + x) / Γ(r) · α^r β^s · (alive + lost)`` with
``alive = (α + T)^−(r + x) (β + T)^−s`` and ``lost`` an integral over the time of stopping between
the last purchase and now. The published 2F1 of that integral overflows for heavy buyers. Here it is
taken at a few places on a log scale, where it is an exponential times a slow function.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from regulars.measures.purchase_models.quadrature import WEIGHTS, integration_times

__all__ = [
    "Places",
    "alive_probability",
    "expected_if_alive",
    "log_lost",
    "lost_places",
    "pairs_if_alive",
    "probabilities_if_alive",
    "silence_if_alive",
]

Parameters = Sequence[float]

_places, _weights = np.polynomial.legendre.leggauss(20)
NODES, LOG_WEIGHTS = (_places + 1) / 2, np.log(_weights / 2)
FAR = 30.0  # what is exp(−30) of the greatest is left out: twenty places hold 12 digits of the rest


class Places(NamedTuple):
    """Where the integral of having stopped is taken: a row for each history, a column a place."""

    terms: np.ndarray  # logarithm of what the place adds to the integral
    grown: np.ndarray  # w
    shrunk: np.ndarray  # exp(−w)
    above: np.ndarray  # δ exp(−w)
    bend: np.ndarray  # ln(1 + δ exp(−w))
    log_start: np.ndarray  # ln c, one column


def lost_places(
    parameters: Parameters, *, repeat_days: np.ndarray, since: np.ndarray, until: np.ndarray
) -> Places:
    """Look at the integral of having stopped between two times, at the places it is taken at.

    The integral is of ``s (α + y)^−(r + x) (β + y)^−(s + 1)`` over y. With c the smaller of α + y
    and β + y at the start, w = ln of how much it grew, and δ how much larger the other is, it is
    ``s c^−k ∫ exp(−k w) (1 + δ exp(−w))^−m dw``, k = r + s + x, m = s + 1 or r + x.

    Examples
    --------
    >>> places = lost_places((1, 1, 1, 1), repeat_days=np.zeros(1), since=0, until=1)
    >>> float(np.exp(places.terms).sum().round(12))  # of (1 + y)^−3
    0.375
    """
    r, alpha, s, beta = parameters
    x = np.asarray(repeat_days, float)[..., None]
    since, until = (np.asarray(time, float)[..., None] for time in (since, until))
    start = min(alpha, beta) + since
    delta = abs(alpha - beta) / start
    k, m = r + s + x, s + 1 if beta >= alpha else r + x
    reach = np.minimum(np.log1p((until - since) / start), _reach(k, m, delta))
    grown, log_start = reach * NODES, np.log(start)
    shrunk = np.exp(-grown)
    above = delta * shrunk
    bend = np.log1p(above)
    with np.errstate(divide="ignore"):  # no time since the last purchase: nothing is lost
        lengths = np.log(reach) + np.log(s) - k * log_start
    terms = lengths + LOG_WEIGHTS - k * grown - m * bend
    return Places(terms, grown, shrunk, above, bend, log_start)


def log_lost(
    parameters: Parameters, *, repeat_days: np.ndarray, since: np.ndarray, until: np.ndarray
) -> np.ndarray:
    """Return the logarithm of the integral of having stopped between two times.

    Examples
    --------
    >>> log_lost((1, 1, 1, 1), repeat_days=np.zeros(1), since=0, until=1).round(6)  # ln 3/8
    array([-0.980829])
    """
    terms = lost_places(parameters, repeat_days=repeat_days, since=since, until=until).terms
    greatest = terms.max(axis=-1)
    finite = np.where(np.isfinite(greatest), greatest, 0)
    with np.errstate(divide="ignore"):
        return finite + np.log(np.exp(terms - finite[..., None]).sum(axis=-1))


def alive_probability(
    parameters: Parameters,
    *,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return P(alive); see `formulas.p_alive`.

    Examples
    --------
    >>> alive = alive_probability((1, 1, 1, 1), repeat_days=0, recency_age=0, age=1)
    >>> float(alive.round(12))  # 1/4 of 1/4 + 3/8
    0.4
    """
    x, last, now = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (repeat_days, recency_age, age))
    )
    lost = log_lost(parameters, repeat_days=x, since=last, until=now)
    return np.exp(-np.logaddexp(0, lost - _log_alive(parameters, x, now)))


def expected_if_alive(
    time: np.ndarray, *, shape: np.ndarray, rate: np.ndarray, s: float, beta: np.ndarray
) -> np.ndarray:
    """Expect purchases of one who is alive now, with λ ~ Gamma(shape, rate) and μ ~ Gamma(s, beta).

    Examples
    --------
    >>> float(expected_if_alive(3, shape=2, rate=4, s=1, beta=1).round(6))  # ½ ln 4
    0.693147
    """
    grown = np.log1p(time / beta)
    # (1 − exp(−(s − 1) grown)) / (s − 1), which is `grown` at s = 1.
    lasting = grown if abs(s - 1) < 1e-9 else -np.expm1(-(s - 1) * grown) / (s - 1)
    return shape / rate * beta * lasting


def pairs_if_alive(
    time: float, *, shape: np.ndarray, rate: np.ndarray, s: float, beta: np.ndarray
) -> np.ndarray:
    """Return E[Y (Y − 1)] of the purchases Y of one who is alive now: E[λ²] times E[life²].

    Examples
    --------
    >>> float(pairs_if_alive(1, shape=2, rate=4, s=1e-9, beta=1).round(6))  # nobody stops
    0.375
    """
    times, lengths = integration_times(time, scale=beta)
    lives = np.exp(-s * np.log1p(times / np.asarray(beta, float)[..., None]))
    return shape * (shape + 1) / rate**2 * ((2 * times * lives * lengths) @ WEIGHTS)


def silence_if_alive(
    parameters: Parameters, time: float, *, repeat_days: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Return the probability that one who is alive now buys nothing in the time to come.

    Examples
    --------
    >>> silence_if_alive((1, 1, 1, 1), 1, repeat_days=np.zeros(1), age=np.zeros(1))
    array([0.625])
    """
    x, now = np.asarray(repeat_days, float), np.asarray(age, float)
    later = now + time
    lost = log_lost(parameters, repeat_days=x, since=now, until=later)
    silent = np.logaddexp(lost, _log_alive(parameters, x, later))
    return np.exp(np.minimum(silent - _log_alive(parameters, x, now), 0))


def probabilities_if_alive(
    time: float, *, most: int, shape: np.ndarray, rate: np.ndarray, s: float, beta: np.ndarray
) -> np.ndarray:
    """Return P(Y = 0), …, P(Y = most) of one who is alive now, a column each.

    Negative binomial with all of the time if the customer stays, or with the time until stopping
    (Fader & Hardie 2014, note 028, takes the same integral in closed form).

    Examples
    --------
    >>> one = np.ones(1)
    >>> probabilities_if_alive(1, most=0, shape=one, rate=one, s=1, beta=one).round(6)
    array([[0.625]])
    """
    shape, rate, beta = (np.asarray(part, float)[..., None] for part in (shape, rate, beta))
    until, lengths = integration_times(time, scale=np.minimum(rate, beta)[..., 0])
    stops = s / (beta + until) * np.exp(-s * np.log1p(until / beta)) * lengths * WEIGHTS
    stays = np.exp(-s * np.log1p(time / beta))
    times = np.concatenate([until, np.full_like(stays, time)], axis=-1)
    weights = np.concatenate([stops, stays], axis=-1)
    log_share, log_part, columns = (
        -shape * np.log1p(times / rate),
        np.log(times / (rate + times)),
        [],
    )
    for n in range(most + 1):
        columns.append((weights * np.exp(log_share)).sum(axis=-1))
        log_share = log_share + np.log((shape + n) / (n + 1)) + log_part
    return np.stack(columns, axis=-1)


def _reach(k: np.ndarray, m: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """Say how far w has to go until the rest is exp(−FAR) of the start; three bounds, the least."""
    slow, fast = (FAR + m * np.log1p(delta)) / k, FAR / np.maximum(k - m, 1e-9)
    bent = np.log1p((1 + delta) * np.expm1(np.minimum(FAR / m, 600)))
    # The third bound, and it alone, needs that the power (k − m) does not grow.
    return np.minimum(np.minimum(slow, fast), np.where(k >= m, bent, np.inf))


def _log_alive(parameters: Parameters, x: np.ndarray, now: np.ndarray) -> np.ndarray:
    r, alpha, s, beta = parameters
    return -(r + x) * np.log(alpha + now) - s * np.log(beta + now)
