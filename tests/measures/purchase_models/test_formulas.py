"""The formulas: published numbers, lifetimes, quadrature, simulation, and heavy buyers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from regulars.measures.purchase_models.beta_geometric import expected_if_alive
from regulars.measures.purchase_models.formulas import (
    MODELS,
    NAMES,
    expected_purchases,
    expected_since_first,
    p_alive,
)

BG = (0.2426, 4.4136, 0.7929, 2.4259)
MBG = (0.525, 6.183, 0.891, 1.614)
PARETO = (0.553, 10.58, 0.606, 11.66)
PARAMS = {"bg_nbd": BG, "mbg_nbd": MBG, "pareto_nbd": PARETO}
HISTORY = {
    "repeat_days": np.array([0, 0, 1, 2, 7, 25]),
    "recency_age": np.array([0, 0, 12.0, 30.43, 38.0, 10.0]),
    "age": np.array([0, 38.86, 30.0, 38.86, 38.0, 38.86]),
}


def fitter(reference, model):
    """Return lifetimes' own model with our parameters."""
    made = reference[model]()
    made.params_ = dict(zip(NAMES[model], PARAMS[model], strict=True))
    return made


def survivors_expect(time, shape, rate, a, b):
    """Integrate what an alive customer buys, (1 − (rate / (rate + p t))^shape) / p, over p."""
    s = np.linspace(-max(60, min(700, 60 / a)), max(60, min(700, 60 / b)), 50_001)
    log_p, log_q = -np.logaddexp(0, -s), -np.logaddexp(0, s)  # p = 1 / (1 + exp(−s))
    p = np.exp(log_p)
    bought = -np.expm1(-shape * np.log1p(p * time / rate)) / p
    return np.trapezoid(np.exp(a * log_p + b * log_q - betaln(a, b)) * bought, s)


def test_fader_hardie_lee_2005():
    history = {"repeat_days": 2, "recency_age": 30.43, "age": 38.86}
    assert expected_purchases("bg_nbd", BG, horizon=39, **history) == pytest.approx(1.226, abs=5e-4)


def test_hardies_spreadsheet():
    found = expected_since_first("bg_nbd", BG, time=[1, 3, 31.8571, 78])
    np.testing.assert_allclose(found, [0.0532, 0.1506, 1.0405, 1.858], rtol=5e-4)


@pytest.mark.parametrize("model", MODELS)
def test_lifetimes_agrees_where_it_does_not_overflow(model, reference):
    theirs = fitter(reference, model)
    x, last, age = HISTORY.values()
    np.testing.assert_allclose(
        p_alive(model, PARAMS[model], **HISTORY),
        theirs.conditional_probability_alive(x, last, age),
        rtol=1e-10,
    )
    np.testing.assert_allclose(
        expected_purchases(model, PARAMS[model], horizon=39, **HISTORY),
        theirs.conditional_expected_number_of_purchases_up_to_time(39, x, last, age),
        rtol=1e-9,
    )
    times = np.array([0.5, 10, 78])
    np.testing.assert_allclose(
        expected_since_first(model, PARAMS[model], time=times),
        theirs.expected_number_of_purchases_up_to_time(times),
        rtol=1e-9,
    )


@settings(max_examples=30, deadline=None)
@given(
    r=st.floats(0.05, 5),
    alpha=st.floats(0.3, 100),
    a=st.floats(0.05, 40),
    b=st.floats(0.1, 80),
    x=st.sampled_from([0, 1, 20, 500]),
    age=st.sampled_from([0, 10, 52, 260]),
    horizon=st.sampled_from([1, 13, 104]),
)
def test_an_integral_agrees(r, alpha, a, b, x, age, horizon):
    # Bought to the last day, so that P(alive) is near its highest.
    history = {"repeat_days": x, "recency_age": age, "age": age}
    for model, lasting in (("bg_nbd", b + x), ("mbg_nbd", b + x + 1)):
        alive = p_alive(model, (r, alpha, a, b), **history)
        found = expected_purchases(model, (r, alpha, a, b), horizon=horizon, **history)
        integral = survivors_expect(horizon, r + x, alpha + age, a, lasting)
        assert found == pytest.approx(alive * integral, rel=1e-6)


def test_parameters_that_ran_far_still_give_a_number():
    """Euler's form alone is infinite where a is large, the plain one where purchases are many."""
    for params in ((0.42, 0.53, 529.3, 504.6), (0.2, 4, 3, 500), (5, 50, 0.1, 900)):
        found = expected_since_first("bg_nbd", params, time=63)
        assert found == pytest.approx(survivors_expect(63, *params), rel=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_heavy_buyers_get_a_number(model):
    x = np.array([500, 500, 5000])
    history = {"repeat_days": x, "recency_age": np.array([38.0, 3, 0]), "age": np.full(3, 38.86)}
    alive = p_alive(model, PARAMS[model], **history)
    expected = expected_purchases(model, PARAMS[model], horizon=39, **history)
    assert np.isfinite(alive).all()
    assert np.isfinite(expected).all()
    assert (alive[1:] < 1e-6).all()
    # Alive, 500 purchases in 38 weeks go on at about their rate until the customer stops.
    assert 200 < expected[0] / alive[0] < 500


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
def test_nothing_happens_at_a_equal_to_one(model):
    values = [
        expected_purchases(model, (0.25, 4.4, a, 2.4), horizon=39, **HISTORY)
        for a in (1 - 1e-5, 1, 1 + 1e-5)
    ]
    np.testing.assert_allclose(values[1], (values[0] + values[2]) / 2, rtol=2e-6)


@pytest.mark.parametrize("history", [(0, 0, 260), (4, 30, 40), (500, 250, 260), (5000, 3640, 3650)])
def test_nothing_happens_at_s_equal_to_one_or_alpha_to_beta(history):
    x, last, age = history
    told = {"repeat_days": x, "recency_age": last, "age": age, "horizon": 52}
    for beside in ((0.5, 9, 1, 7), (0.5, 9, 0.6, 9)):
        middle = expected_purchases("pareto_nbd", beside, **told)
        moved = [
            expected_purchases("pareto_nbd", np.array(beside) * (1, 1, 1 + e, 1 + e), **told)
            for e in (-1e-5, 1e-5)
        ]
        assert middle == pytest.approx(np.mean(moved), rel=1e-7)


def test_bg_nbd_calls_every_one_time_buyer_alive_and_mbg_nbd_does_not():
    history = {"repeat_days": [0, 0], "recency_age": [0, 0], "age": [1, 500]}
    assert p_alive("bg_nbd", BG, **history).tolist() == [1, 1]
    young, old = p_alive("mbg_nbd", MBG, **history)
    assert 0.5 < young < 1
    assert old < 0.2


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.floats(1, 200), st.floats(0, 1), st.floats(0, 200))
def test_silence_lowers_p_alive_and_horizons_raise_expectations(x, last, fraction, horizon):
    age = last + fraction * 100
    for model in MODELS:
        history = {"repeat_days": [x, x], "recency_age": [last, last], "age": [age, age + 10]}
        now, later = p_alive(model, PARAMS[model], **history)
        assert 0 <= later <= now <= 1
        near, far = (
            expected_purchases(model, PARAMS[model], horizon=h, **history)[0]
            for h in (horizon, horizon + 5)
        )
        assert -1e-12 <= near <= far + 1e-12


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match="bg_nbd, mbg_nbd, pareto_nbd, found 'pareto'"):
        p_alive("pareto", BG, **HISTORY)


def test_a_heavy_buyer_and_ten_years_do_not_overflow():
    # hyp2f1 of SciPy 1.17 gives infinity here, while a neighbour is well.
    expected = expected_if_alive(3650, shape=np.array([105.0, 104.5]), rate=300, a=5, b=100.5)
    assert np.isfinite(expected).all()
    random = np.random.default_rng(5)
    rate, p = random.gamma(105, 1 / 300, 200_000), random.beta(5, 100.5, 200_000)
    drawn = -np.expm1(-rate * p * 3650) / p
    assert expected[0] == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 200_000**0.5)
