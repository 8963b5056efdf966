"""Simulated customers: buy, stop and come again as the formulas say, in days or without them."""

import numpy as np
import pytest

from regulars.measures.purchase_models.formulas import (
    MODELS,
    expected_purchases,
    expected_since_first,
    p_alive,
)
from regulars.measures.purchase_models.predictive import purchase_probabilities, purchase_variance
from regulars.measures.purchase_models.simulated import simulate

N = 100_000


@pytest.fixture(scope="module")
def drawn(published):
    ages = np.linspace(5, 60, N)
    return {
        model: simulate(model, published[model], ages=ages, horizon=39, seed=1) for model in MODELS
    }


def near(values, expected):
    """Say whether a mean is what it should be, by four of its standard errors."""
    gap = values - expected
    error = gap.std() / np.sqrt(len(gap))
    assert error < 0.03
    return abs(gap.mean()) < 4 * error


@pytest.mark.parametrize("model", MODELS)
def test_customers_buy_and_stop_as_expected(model, drawn, published):
    customers, params = drawn[model], published[model]
    history = customers[["repeat_days", "recency_age", "age"]].to_dict("series")
    assert near(customers.repeat_days, expected_since_first(model, params, time=customers.age))
    assert near(customers.alive, p_alive(model, params, **history))
    expected = expected_purchases(model, params, horizon=39, **history)
    assert near(customers.later, expected)
    # Also among those with a history of purchases, where it is the formula that tells them apart.
    again = customers.repeat_days > 1
    assert near(customers.later[again], expected[again])


@pytest.mark.parametrize("model", MODELS)
def test_each_number_of_purchases_is_as_frequent_as_told(model, drawn, published):
    customers, params = drawn[model][::5], published[model]
    history = customers[["repeat_days", "recency_age", "age"]].to_dict("series")
    told = purchase_probabilities(model, params, horizon=39, most=3, **history)
    for n in range(5):
        came = customers.later == n if n < 4 else customers.later > 3
        assert near(came, told[:, n])
    mean = expected_purchases(model, params, horizon=39, **history)
    variance = purchase_variance(model, params, horizon=39, **history)
    squares = (customers.later - mean) ** 2
    assert abs((squares - variance).mean()) < 4 * (squares - variance).std() / np.sqrt(N / 5)


@pytest.mark.parametrize("model", MODELS)
def test_histories_are_possible(model, drawn):
    customers = drawn[model]
    assert (customers.recency_age <= customers.age).all()
    assert ((customers.recency_age > 0) == (customers.repeat_days > 0)).all()
    assert (customers.later[~customers.alive] == 0).all()


@pytest.mark.parametrize("model", MODELS)
def test_a_day_counts_once(model, published):
    ages = np.full(5000, 30.0)
    params = (5.0, 6.0, *published[model][2:])
    days = simulate(model, params, ages=ages, horizon=10, seed=1, day=1)
    times = simulate(model, params, ages=ages, horizon=10, seed=1)
    assert (days.recency_age % 1 == 0).all()
    assert (days.repeat_days <= days.recency_age).all()
    assert (days.later <= 10).all()
    assert 0.6 * times.repeat_days.mean() < days.repeat_days.mean() < times.repeat_days.mean()


def test_a_seed_gives_the_same_customers_and_another_others(published):
    ages = np.full(200, 50.0)
    first, again, other = (
        simulate("mbg_nbd", published["mbg_nbd"], ages=ages, horizon=9, seed=seed)
        for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match="found 'pareto'"):
        simulate("pareto", (1, 1, 1, 1), ages=np.ones(1), seed=1)
