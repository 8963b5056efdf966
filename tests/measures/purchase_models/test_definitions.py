"""What the models say of 200 random customers, against integrals of the models' definitions.

Here nothing is in closed form: the likelihood of one customer with a known rate λ and a known
chance p (or rate μ) to stop is integrated over λ and p (or μ) by the double-exponential rule
(Takahasi & Mori 1974), and so is all that such a customer will do.
"""

import numpy as np
import pytest
from scipy.special import gammainc, gammaln
from scipy.stats import beta as beta_law
from scipy.stats import gamma as gamma_law
from scipy.stats import poisson

from regulars.measures.purchase_models.formulas import (
    MODELS,
    expected_purchases,
    expected_since_first,
    p_alive,
)
from regulars.measures.purchase_models.individual import log_likelihoods
from regulars.measures.purchase_models.predictive import (
    buy_probability,
    purchase_probabilities,
    purchase_variance,
)

CUSTOMERS = 200
MOST = 3


def half_line(centre):
    """Places from 0 to infinity, dense around the centre, and what each stands for."""
    u = np.linspace(-4.4, 9.6, 211)
    at = centre * np.exp(u - np.exp(-u))
    return at, at * (1 + np.exp(-u)) * (u[1] - u[0])


def unit_interval():
    """Places from 0 to 1, dense at both ends, and what each stands for."""
    v = np.linspace(-3.8, 3.8, 121)
    s = np.pi * np.sinh(v)
    p, q = np.exp(-np.logaddexp(0, -s)), np.exp(-np.logaddexp(0, s))
    return p, q, p * q * np.pi * np.cosh(v) * (v[1] - v[0])


def stopping(model, params, x, age):
    """Density and places of p, as p and 1 − p, or of μ."""
    _, _, third, fourth = params
    if model == "pareto_nbd":
        at, lengths = half_line((third + 1) / (fourth + age))
        return at, None, lengths * gamma_law.pdf(at, third, scale=1 / fourth)
    p, q, lengths = unit_interval()
    log_density = beta_law(third, fourth)
    constant = log_density.logpdf(0.5) - (third + fourth - 2) * np.log(0.5)
    return p, q, lengths * np.exp(constant + (third - 1) * np.log(p) + (fourth - 1) * np.log(q))


def of_one(model, rate, stop, stay, history):
    """Likelihoods of one customer: with being alive now, and with having stopped."""
    x, last, age = history
    if model == "pareto_nbd":
        both = rate + stop
        alive = rate**x * np.exp(-both * age)
        return alive, rate**x * stop / both * (np.exp(-both * last) - np.exp(-both * age))
    passed = x + (model == "mbg_nbd")
    alive = stay**passed * rate**x * np.exp(-rate * age)
    gone = stop * stay ** max(passed - 1, 0) * rate**x * np.exp(-rate * last)
    return alive, gone * (passed > 0)


def to_come(model, rate, stop, stay, time):
    """Mean, E[Y (Y − 1)], and the probabilities of 0 to 3 purchases of one who is alive."""
    pace = stop if model == "pareto_nbd" else rate * stop
    mean = rate * -np.expm1(-pace * time) / pace
    pairs = 2 * rate**2 * gammainc(2, pace * time) / pace**2
    if model == "pareto_nbd":
        share, both = rate / (rate + stop), rate + stop
        counts = [
            np.exp(-stop * time) * poisson.pmf(n, rate * time)
            + share**n * (1 - share) * gammainc(n + 1, both * time)
            for n in range(MOST + 1)
        ]
        return [mean, pairs, *counts]
    counts = [
        stay**n * poisson.pmf(n, rate * time)
        + (stop * stay ** (n - 1) * poisson.sf(n - 1, rate * time) if n else 0)
        for n in range(MOST + 1)
    ]
    return [mean, pairs * stay, *counts]


def integrated(model, params, history, time):
    """Log-likelihood, P(alive), and what is to come with its probabilities, by integration."""
    x, _, age = history
    r, alpha, *_ = params
    rate, lengths = half_line((r + x) / (alpha + age))
    stop, stay, weights = stopping(model, params, x, age)
    rate, stay = rate[:, None], None if stay is None else stay[None, :]
    weights = weights * (lengths[:, None] * gamma_law.pdf(rate, r, scale=1 / alpha))
    alive, gone = of_one(model, rate, stop[None, :], stay, history)
    told = [(weights * alive * part).sum() for part in to_come(model, rate, stop, stay, time)]
    living, total = (weights * alive).sum(), (weights * (alive + gone)).sum()
    mean, pairs, *counts = np.array(told) / total
    counts[0] += 1 - living / total
    return [np.log(total), living / total, mean, pairs + mean - mean**2, *counts]


def random_customers(model):
    """Parameters and histories from all corners where customers are found."""
    random = np.random.default_rng(MODELS.index(model))
    for number in range(CUSTOMERS):
        r, third = np.exp(random.uniform(np.log(0.3), np.log(4), 2))
        alpha = np.exp(random.uniform(np.log(1), np.log(60)))
        fourth = alpha * random.uniform(0.1, 4) if model == "pareto_nbd" else random.uniform(0.4, 9)
        x, age = number % 5 * random.integers(1, 9), random.uniform(5, 200)
        last = random.uniform(0.2, 1) * age if x else 0.0
        yield (r, alpha, third, fourth), (int(x), last, age), random.uniform(1, 104)


@pytest.mark.parametrize("model", MODELS)
def test_two_hundred_customers(model):
    for params, history, time in random_customers(model):
        columns = dict(zip(("repeat_days", "recency_age", "age"), history, strict=True))
        ahead = {"horizon": time, **columns}
        told = purchase_probabilities(model, params, most=MOST, **ahead)[0]
        found = [
            float(log_likelihoods(model, params, **columns)),
            float(p_alive(model, params, **columns)),
            float(expected_purchases(model, params, **ahead)),
            purchase_variance(model, params, **ahead)[0],
            *told[:-1],
        ]
        expected = integrated(model, params, history, time)
        np.testing.assert_allclose(found, expected, rtol=2e-7, atol=1e-10, err_msg=f"{params}")
        assert told.sum() == pytest.approx(1)
        assert buy_probability(model, params, **ahead)[0] == pytest.approx(1 - told[0], abs=1e-10)


@pytest.mark.parametrize("model", MODELS)
def test_new_customers(model):
    for params, _, time in list(random_customers(model))[:30]:
        mean = integrated(model, params, (0, 0.0, 0.0), time)[2]
        assert expected_since_first(model, params, time=time) == pytest.approx(mean, rel=1e-7)


def test_the_integral_itself_knows_the_gamma_function():
    at, lengths = half_line(5.0)
    assert np.log((lengths * at**4.3 * np.exp(-at)).sum()) == pytest.approx(gammaln(5.3))
