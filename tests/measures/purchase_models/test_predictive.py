"""Predictive laws: sum to one, agree with the means, and hold for heavy buyers."""

import numpy as np
import pytest

from regulars.measures.purchase_models.formulas import MODELS, expected_purchases
from regulars.measures.purchase_models.predictive import (
    buy_probability,
    purchase_probabilities,
    purchase_variance,
)

HISTORY = {
    "repeat_days": np.array([0, 0, 2, 7, 25]),
    "recency_age": np.array([0, 0, 30.43, 38.0, 10.0]),
    "age": np.array([0, 38.86, 38.86, 39.0, 38.86]),
}


@pytest.mark.parametrize("model", MODELS)
def test_mean_and_variance_are_those_of_the_probabilities(model, published):
    params = published[model]
    told = purchase_probabilities(model, params, horizon=39, most=400, **HISTORY)
    numbers = np.arange(402)
    np.testing.assert_allclose(told.sum(axis=1), 1)
    assert (told >= 0).all()
    mean, squares = told @ numbers, told @ numbers**2
    expected = expected_purchases(model, params, horizon=39, **HISTORY)
    np.testing.assert_allclose(mean, expected, rtol=1e-7)
    variance = purchase_variance(model, params, horizon=39, **HISTORY)
    np.testing.assert_allclose(squares - mean**2, variance, rtol=1e-6)
    np.testing.assert_allclose(
        1 - told[:, 0], buy_probability(model, params, horizon=39, **HISTORY), rtol=1e-9, atol=1e-15
    )


@pytest.mark.parametrize("model", MODELS)
def test_fewer_numbers_told_leave_more_for_the_rest(model, published):
    many = purchase_probabilities(model, published[model], horizon=39, most=9, **HISTORY)
    few = purchase_probabilities(model, published[model], horizon=39, most=2, **HISTORY)
    np.testing.assert_allclose(few[:, :3], many[:, :3])
    np.testing.assert_allclose(few[:, 3], many[:, 3:].sum(axis=1), atol=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_heavy_buyers_over_ten_years(model, published):
    """Five hundred and five thousand purchase days; one hundred a year go on as before."""
    history = {
        "repeat_days": np.array([500, 5000]),
        "recency_age": np.array([520.0, 521.0]),
        "age": np.full(2, 521.5),
    }
    told = purchase_probabilities(model, published[model], horizon=52, most=1500, **history)
    assert np.isfinite(told).all()
    np.testing.assert_allclose(told.sum(axis=1), 1)
    mean = expected_purchases(model, published[model], horizon=52, **history)
    np.testing.assert_allclose(told @ np.arange(1502), mean, rtol=1e-3)
    variance = purchase_variance(model, published[model], horizon=52, **history)
    assert (variance > mean).all()
    assert 35 < mean[0] < 50


@pytest.mark.parametrize("model", MODELS)
def test_more_time_brings_more(model, published):
    bought = [
        buy_probability(model, published[model], horizon=time, **HISTORY) for time in (1, 13, 104)
    ]
    assert (bought[0] < bought[1]).all()
    assert (bought[1] < bought[2]).all()
    now = purchase_probabilities(model, published[model], horizon=1e-9, most=0, **HISTORY)
    np.testing.assert_allclose(now[:, 0], 1, atol=1e-8)


@pytest.mark.parametrize("model", MODELS)
def test_no_customer_gets_no_row(model, published):
    nobody = {name: values[:0] for name, values in HISTORY.items()}
    told = purchase_probabilities(model, published[model], horizon=9, most=2, **nobody)
    assert told.shape == (0, 4)
    assert buy_probability(model, published[model], horizon=9, **nobody).shape == (0,)
