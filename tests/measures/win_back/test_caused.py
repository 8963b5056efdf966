"""What a caused return adds: against customers drawn from the models' own definition."""

import numpy as np
import pytest
from scipy import integrate

from regulars.measures.win_back.caused import extra_if_caused

CDNOW = {
    "bg_nbd": (0.2426, 4.4136, 0.7929, 2.4259),
    "mbg_nbd": (0.525, 6.183, 0.891, 1.614),
    "pareto_nbd": (0.553, 10.58, 0.606, 11.66),
}
WINDOW, HORIZON = 90 / 7, 365 / 7
HISTORIES = [(0, 40.0), (2, 50.0), (6, 60.0), (12, 60.0)]
N = 400_000


def told(model: str, params, x: int, age: float, **times) -> float:
    times = {"horizon": HORIZON, "window": WINDOW} | times
    history = {"repeat_days": np.array([x]), "age": np.array([age])}
    return extra_if_caused(model, params, **times, **history)[0]


@pytest.mark.parametrize(("place", "extra"), [(0, 0.98), (1, 1.17), (2, 1.57), (3, 2.28)])
def test_the_same_people_otherwise_of_a_simulation_by_others(place, extra):
    found = told("mbg_nbd", CDNOW["mbg_nbd"], *HISTORIES[place])
    assert found == pytest.approx(extra, abs=0.02)


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return the mean and four of its standard errors."""
    mean = np.average(values, weights=weights)
    error = np.sqrt((weights**2 * (values - mean) ** 2).sum()) / weights.sum()
    return mean, 4 * error


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
@pytest.mark.parametrize(("x", "age"), HISTORIES)
def test_where_a_purchase_may_be_the_last(model, x, age):
    """Alive after every purchase so far; then bought now, or empty for the window."""
    rng, (r, alpha, a, b) = np.random.default_rng(x + 3), CDNOW[model]
    rate, stop = rng.gamma(r + x, 1 / (alpha + age), N), rng.beta(a, b, N)
    chances = x + (model == "mbg_nbd")
    weights = (1 - stop) ** chances * (1 - np.exp(-rate * WINDOW))
    goes_on = rng.random(N) >= stop
    now = 1 + goes_on * bought(rng, rate, stop, time=HORIZON)
    extra = now - bought(rng, rate, stop, time=HORIZON - WINDOW)
    mean, error = weighted_mean(extra, weights)
    assert error < 0.08
    assert told(model, CDNOW[model], x, age) == pytest.approx(mean, abs=error)


def bought(rng, rate, stop, *, time):
    """Count the purchases of who is alive now: each may be the last."""
    return np.minimum(rng.poisson(rate * time), rng.geometric(np.clip(stop, 1e-9, 1)))


@pytest.mark.parametrize(("x", "age"), HISTORIES)
def test_where_somebody_may_stop_at_any_time(x, age):
    """Draw the time of stopping: it does not wait for a purchase, nor does an action move it."""
    rng, (r, alpha, s, beta) = np.random.default_rng(x + 5), CDNOW["pareto_nbd"]
    rate, fading = rng.gamma(r + x, 1 / (alpha + age), N), rng.gamma(s, 1 / beta, N)
    until = rng.exponential(1, N) / np.maximum(fading, 1e-300)
    weights = np.exp(-fading * age) * (1 - np.exp(-rate * np.minimum(until, WINDOW)))
    life = np.minimum(until, HORIZON)
    otherwise = rng.poisson(rate * np.maximum(life - WINDOW, 0))
    mean, error = weighted_mean(1 + rng.poisson(rate * life) - otherwise, weights)
    assert error < 0.08
    assert told("pareto_nbd", CDNOW["pareto_nbd"], x, age) == pytest.approx(mean, abs=error)


@pytest.mark.parametrize(
    ("params", "x", "age", "window"),
    [
        ((0.7, 10.0, 0.6, 0.05), 700, 730.0, 90.0),  # daily for two years
        ((0.05, 1500.0, 3.0, 4000.0), 0, 30.0, 30.0),
        ((1.0, 5.0, 0.01, 0.001), 4, 5.0, 365.0),
    ],
)
def test_the_integral_holds_at_the_edges(params, x, age, window):
    (r, alpha, s, beta) = params
    shape, rate, beta = r + x, alpha + age, beta + age

    def grown(t: float, part: str) -> float:
        lasts = np.exp(-s * np.log1p(t / beta))
        silent, mean = np.exp(-shape * np.log1p(t / rate)), shape / (rate + t)
        if part == "weight":
            return lasts * silent * mean
        square = silent * mean * (shape + 1) / (rate + t)
        return lasts * (t * square + shape / rate - silent * mean)

    product, weight = (
        integrate.quad(grown, 0, window, args=(part,), points=[window / 1e3, window / 30])[0]
        for part in ("product", "weight")
    )
    found = told("pareto_nbd", params, x, age, window=window)
    assert found == pytest.approx(1 + product / weight, rel=1e-6)


@pytest.mark.parametrize("model", list(CDNOW))
def test_who_hardly_buys_gains_the_purchase_and_nothing_sooner(model):
    """A return that chance hardly ever brings would not have come later either."""
    params = (0.01, 1e6, 0.5, 2000.0)  # and hardly anybody ever stops
    assert told(model, params, 0, 10.0) == pytest.approx(1, abs=1e-3)
