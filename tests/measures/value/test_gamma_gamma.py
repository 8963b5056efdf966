"""Gamma-Gamma: published numbers, the reference fitter, the definition, and what it refuses."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from regulars.errors import ModelError
from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.value.customer_days import customer_days
from regulars.measures.value.gamma_gamma import _loss, fit_gamma_gamma
from regulars.measures.value.spend_cells import own_cells, own_money, spend_cells

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from lifetimes import GammaGammaFitter

CALIBRATION = "1997-09-30"


@pytest.fixture(scope="module")
def cdnow_spend(cdnow):
    return spend_cells(customer_days(cdnow, as_of=CALIBRATION))


@pytest.fixture(scope="module")
def cdnow_rows(cdnow):
    """One row per customer with a paid repeat day, as they are: not put into steps."""
    own = fetch(own_money(customer_days(cdnow, as_of=CALIBRATION), method="gamma_gamma"))
    own = own[own["days"] > 0]
    mean = own.money.astype(float) / own["days"]
    return pd.DataFrame(
        {"days": own["days"], "mean": mean, "log_mean": np.log(mean), "customers": 1}
    )


def drawn(*, p: float, q: float, gamma: float, n: int = 4000, seed: int = 1) -> pd.DataFrame:
    """Draw customers from the definition of the model."""
    rng = np.random.default_rng(seed)
    days = rng.integers(1, 8, n)
    means = rng.gamma(p * days) / rng.gamma(q, 1 / gamma, n) / days
    return pd.DataFrame({"days": days, "mean": means, "log_mean": np.log(means), "customers": 1})


def test_only_paid_days_after_the_first_are_counted():
    rows = [
        ("ann", "1997-01-05", 90),
        ("ann", "1997-02-01", 10),
        ("ann", "1997-02-01", 10),
        ("ann", "1997-03-01", 40),
        ("ann", "1997-03-09", 5),
        ("ann", "1997-03-09", -5, "return"),
        ("bob", "1997-01-09", 7),
        ("bob", "1997-04-01", 0),
    ]
    found = spend_cells(customer_days(purchases_of(rows), as_of="1997-12-31"))
    assert found[["days", "mean", "customers"]].to_numpy().tolist() == [[2, 30, 1]]


def test_own_days_are_all_days_for_credibility():
    rows = [("ann", "1997-01-05", 90), ("ann", "1997-02-01", 10), ("bob", "1997-01-05", 4)]
    own = own_money(customer_days(purchases_of(rows), as_of="1997-12-31"), method="credibility")
    cells = own_cells(own)
    assert cells.customers.tolist() == [1, 1]
    assert sorted(zip(cells["days"], cells.money, cells.squares, strict=True)) == [
        (1, 4, 16),
        (2, 100, 10_000),
    ]


def test_a_method_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="Expected a method of gamma_gamma, credibility"):
        own_money(purchases_of([("ann", "1997-01-05", 9)]), method="guess")


def test_cdnow_has_the_published_parameters(cdnow_spend):
    found = fit_gamma_gamma(cdnow_spend)  # Fader & Hardie, note 025
    assert found.customers == 946
    rounded = {name: round(value, 2) for name, value in found.params.items()}
    assert rounded == {"p": 6.25, "q": 3.74, "gamma": 15.44}
    assert found.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    p, q, gamma = rounded.values()
    assert p * gamma / (q - 1) == pytest.approx(35.22, abs=0.005)  # the note rounds before it
    assert found.mean == pytest.approx(35.17, abs=0.01)


def test_steps_change_nothing_that_counts(cdnow_spend, cdnow_rows):
    stepped, raw = fit_gamma_gamma(cdnow_spend), fit_gamma_gamma(cdnow_rows)
    assert len(cdnow_spend) < 0.6 * len(cdnow_rows)
    for name, value in raw.params.items():
        assert stepped.params[name] == pytest.approx(value, rel=1e-4)
    assert stepped.mean == pytest.approx(raw.mean, rel=1e-4)
    assert stepped.log_likelihood == pytest.approx(raw.log_likelihood, rel=1e-5)


def test_lifetimes_finds_the_same(cdnow_rows):
    fitter = GammaGammaFitter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        fitter.fit(cdnow_rows["days"], cdnow_rows["mean"])
    ours = fit_gamma_gamma(cdnow_rows)
    for theirs, name in (("p", "p"), ("q", "q"), ("v", "gamma")):
        assert ours.params[name] == pytest.approx(fitter.params_[theirs], rel=1e-3)
    blend = ours.needed * ours.mean
    two = (blend + 2 * 50.0) / (2 + ours.needed)
    theirs = fitter.conditional_expected_average_profit(np.array([2]), np.array([50.0]))
    assert two == pytest.approx(float(theirs[0]), rel=1e-3)


@pytest.mark.parametrize(("days", "mean"), [(1, 12.0), (2, 80.0), (7, 33.0)])
def test_the_likelihood_is_that_of_the_definition(days, mean):
    p, q, gamma = 6.25, 3.74, 15.44

    def given(rate):
        law = stats.gamma(p * days, scale=1 / (rate * days))
        return law.pdf(mean) * stats.gamma(q, scale=1 / gamma).pdf(rate)

    integral, _ = integrate.quad(given, 0, np.inf, epsabs=1e-14)
    cell = pd.DataFrame({"days": [days], "log_mean": [np.log(mean)], "customers": [1]})
    assert _loss(np.log([p, q, gamma]), cell)[0] == pytest.approx(-np.log(integral), rel=1e-7)


def test_the_slopes_are_those_of_the_likelihood(cdnow_spend):
    logs, step = np.log([5.0, 3.0, 20.0]), 1e-6
    slopes = _loss(logs, cdnow_spend)[1]
    for place, move in enumerate(np.eye(3) * step):
        up, down = (_loss(logs + sign * move, cdnow_spend)[0] for sign in (1, -1))
        assert slopes[place] == pytest.approx((up - down) / (2 * step), abs=1e-7)


def test_parameters_that_are_known_come_back():
    truth = {"p": 4.0, "q": 3.5, "gamma": 50.0}
    found = fit_gamma_gamma(drawn(**truth))
    for name, value in truth.items():
        one = found.estimates[name]
        assert one.low < value < one.high
    assert found.mean == pytest.approx(4 * 50 / 2.5, rel=0.05)


def test_a_mean_that_does_not_exist_is_refused():
    with pytest.raises(ModelError, match="q is not above 1"):
        fit_gamma_gamma(drawn(p=5, q=0.6, gamma=10))


def test_too_few_customers_are_refused_without_their_number():
    with pytest.raises(ModelError, match="at least 30 customers .* fewer than 10"):
        fit_gamma_gamma(drawn(p=4, q=3, gamma=9, n=7))


def test_equal_prices_are_refused():
    cells = pd.DataFrame({"days": [1, 2, 3], "log_mean": np.log([10.0] * 3), "customers": 40})
    with pytest.raises(ModelError, match="hardly differ"):
        fit_gamma_gamma(cells)


def test_other_units_of_money_change_gamma_alone(cdnow_rows):
    cents = cdnow_rows.assign(log_mean=cdnow_rows.log_mean + np.log(100))
    dollars, found = fit_gamma_gamma(cdnow_rows), fit_gamma_gamma(cents)
    assert found.params["gamma"] == pytest.approx(100 * dollars.params["gamma"], rel=1e-4)
    assert found.params["q"] == pytest.approx(dollars.params["q"], rel=1e-4)
