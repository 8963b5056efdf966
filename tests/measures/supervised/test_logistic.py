"""Logistic: the weights, the engine's copy of them, and what no data can teach."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from regulars.measures.engine import fetch, table_of
from regulars.measures.ranking import auc
from regulars.measures.supervised.logistic import predict, scored, terms, train, varying

FEATURES = ("days_since_last", "spend_a_day", "last_score", "contract")


@pytest.fixture
def rows() -> pd.DataFrame:
    return drawn(400, seed=1)


def drawn(n: int, *, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    silent, answered = rng.integers(0, 300, n), rng.integers(0, 2, n)
    chance = 1 / (1 + np.exp(np.log1p(silent) - 4 - answered))
    return pd.DataFrame(
        {
            "days_since_last": silent,
            "spend_a_day": rng.normal(20, 30, n),  # more may be returned than bought
            "last_score": answered * rng.choice([-0.5, 0, 0.5], n),
            "answered": answered,
            "contract": 0,
            "bought": rng.uniform(size=n) < chance,
        }
    )


def test_the_weights_are_where_the_penalised_likelihood_is_highest(rows):
    fitted = train(rows, features=FEATURES)
    spend = np.sign(rows.spend_a_day) * np.log1p(np.abs(rows.spend_a_day))
    columns = [np.log1p(rows.days_since_last), spend, rows.last_score, rows.answered]
    values = np.column_stack([(column - column.mean()) / column.std(ddof=0) for column in columns])
    sign = np.where(rows.bought, 1, -1)

    def loss(weights):
        logit = weights[0] + values @ weights[1:]
        return np.logaddexp(0, -sign * logit).sum() + (weights[1:] ** 2).sum() / 2

    best = minimize(loss, np.zeros(5), tol=1e-10).x
    assert [fitted.intercept, *fitted.weights] == pytest.approx(best.tolist(), abs=1e-3)


def test_a_column_that_is_the_same_for_all_drops_out(rows):
    fitted = train(rows, features=FEATURES)
    assert fitted.columns == ("days_since_last", "spend_a_day", "last_score", "answered")
    assert varying(rows, features=["contract"]) == ()


def test_the_engine_works_out_the_same_probabilities(rows):
    fitted = train(rows, features=FEATURES)
    other = drawn(300, seed=2).assign(contract=1)
    known = table_of(other.drop(columns="bought").assign(customer_id=range(300)))
    in_engine = fetch(scored(fitted, known).order_by("customer_id")).p_buy
    np.testing.assert_allclose(in_engine, predict(fitted, other), rtol=1e-12)
    assert 0 < in_engine.min() < in_engine.max() < 1


def test_terms_add_up_to_the_logit(rows):
    fitted = train(rows, features=FEATURES)
    logit = np.log(predict(fitted, rows) / (1 - predict(fitted, rows)))
    together = fitted.intercept + terms(fitted, rows).sum(axis=1)
    np.testing.assert_allclose(together, logit)


def test_what_was_planted_is_found_on_other_customers(rows):
    fitted, other = train(rows, features=FEATURES), drawn(2000, seed=3)
    assert auc(predict(fitted, other), other.bought.to_numpy()).low > 0.7


def test_a_shuffled_outcome_teaches_nothing():
    areas = []
    for seed in range(20):
        rows, other = drawn(400, seed=seed), drawn(400, seed=100 + seed)
        shuffled = np.random.default_rng(seed).permutation(rows.bought)
        fitted = train(rows.assign(bought=shuffled), features=FEATURES)
        areas.append(auc(predict(fitted, other), other.bought.to_numpy()).value)
    error = np.std(areas, ddof=1) / np.sqrt(len(areas))
    assert np.mean(areas) == pytest.approx(0.5, abs=3 * error)
    assert error < 0.04


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_customers_changes_nothing(seed):
    rows = drawn(120, seed=5)
    again = train(rows.sample(frac=1, random_state=seed), features=FEATURES)
    usual = train(rows, features=FEATURES)
    np.testing.assert_allclose(again.weights, usual.weights, atol=1e-4)
