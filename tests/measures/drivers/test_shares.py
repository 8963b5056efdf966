"""Shares: the published example, every order by hand, and what cannot be told apart."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.outliers_influence import variance_inflation_factor

from regulars.measures.drivers.shares import coefficients, explained, lmg, vif

# Fertility in 47 Swiss provinces, 1888: the data set swiss of R (Mosteller & Tukey 1977).
SWISS = pd.read_csv(Path(__file__).parent / "swiss.csv")
NAMES = [name for name in SWISS if name != "Fertility"]


def covariance_of(frame, outcome="Fertility"):
    return frame[[*frame.columns.drop(outcome), outcome]].cov().to_numpy()


def r2(frame, names, outcome="Fertility"):
    if not names:
        return 0.0
    return sm.OLS(frame[outcome], sm.add_constant(frame[list(names)])).fit().rsquared


def over_all_orders(frame, outcome="Fertility"):
    names = list(frame.columns.drop(outcome))
    gains = dict.fromkeys(names, 0.0)
    known = {}
    orders = list(permutations(names))
    for one in orders:
        for place, name in enumerate(one):
            for subset in (frozenset(one[:place]), frozenset(one[: place + 1])):
                if subset not in known:
                    known[subset] = r2(frame, sorted(subset), outcome)
            gains[name] += known[frozenset(one[: place + 1])] - known[frozenset(one[:place])]
    return [gains[name] / len(orders) for name in names]


def test_swiss_is_divided_as_published():
    # Grömping (2006), Journal of Statistical Software 17 (1): what relaimpo says of these data,
    # calc.relimp(swiss, type = "lmg").
    found = dict(zip(NAMES, lmg(covariance_of(SWISS)[None])[0], strict=True))
    assert found == pytest.approx(
        {
            "Agriculture": 0.05709122,
            "Examination": 0.17117303,
            "Education": 0.26013468,
            "Catholic": 0.10557015,
            "Infant.Mortality": 0.11276592,
        },
        abs=5e-9,
    )
    assert sum(found.values()) == pytest.approx(0.7067350, abs=5e-8)


def test_shares_are_the_mean_over_all_orders_of_regressions():
    assert lmg(covariance_of(SWISS)[None])[0] == pytest.approx(over_all_orders(SWISS))


def test_each_subset_explains_what_its_regression_does():
    found = explained(covariance_of(SWISS)[None])[0]
    for subset in range(2 ** len(NAMES)):
        names = [name for place, name in enumerate(NAMES) if subset >> place & 1]
        assert found[subset] == pytest.approx(r2(SWISS, names))


def test_coefficients_and_inflation_as_statsmodels_has_them():
    scaled = (SWISS - SWISS.mean()) / SWISS.std()
    fit = sm.OLS(scaled.Fertility, scaled[NAMES]).fit()
    assert coefficients(covariance_of(SWISS)[None])[0] == pytest.approx(fit.params.to_numpy())
    design = sm.add_constant(SWISS[NAMES]).to_numpy()
    expected = [variance_inflation_factor(design, place) for place in range(1, 6)]
    assert vif(covariance_of(SWISS)) == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_shares_add_up_and_go_with_the_names(seed, drivers):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(40, drivers + 1)) @ rng.normal(size=(drivers + 1, drivers + 1))
    covariance = np.cov(values.T)
    shares = lmg(covariance[None])[0]
    assert shares.sum() == pytest.approx(explained(covariance[None])[0, -1])
    assert (shares >= 0).all()
    order = [*rng.permutation(drivers), drivers]
    turned = covariance[np.ix_(order, order)]
    assert lmg(turned[None])[0] == pytest.approx(shares[order[:-1]])
    scale = rng.uniform(0.1, 9, drivers + 1)
    assert lmg((covariance * np.outer(scale, scale))[None])[0] == pytest.approx(shares)


def test_twins_share_alike():
    # The second driver is the first again; what one explains they divide.
    covariance = np.array([[1.0, 1.0, 0.6], [1.0, 1.0, 0.6], [0.6, 0.6, 1.0]])
    assert lmg(covariance[None])[0] == pytest.approx([0.18, 0.18])
    assert coefficients(covariance[None])[0] == pytest.approx([0.3, 0.3])
    assert vif(covariance).tolist() == [np.inf, np.inf]


def test_what_does_not_vary_explains_nothing():
    still = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.5, 1.0]])
    assert lmg(still[None])[0] == pytest.approx([0, 0.25])
    assert coefficients(still[None])[0] == pytest.approx([0, 0.5])
    equal = np.array([[1.0, 0.0], [0.0, 0.0]])
    assert np.isnan(lmg(equal[None])).all()


def test_many_draws_at_once_are_each_divided_alone():
    rng = np.random.default_rng(4)
    covariances = np.array([np.cov(rng.normal(size=(4, 30))) for _ in range(1100)])
    together = lmg(covariances)
    for one in (0, 499, 500, 1099):
        assert together[one] == pytest.approx(lmg(covariances[[one]])[0])


def test_ten_drivers_are_divided_too():
    rng = np.random.default_rng(8)
    values = rng.normal(size=(200, 11))
    values[:, -1] += values[:, :-1] @ np.arange(10)
    shares = lmg(np.cov(values.T)[None])[0]
    assert shares.argmax() == 9
    assert shares.sum() > 0.9
