"""Importance: what matters costs something when shuffled, what does not costs nothing."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.supervised.importance import permutation_importance
from regulars.measures.supervised.judging import log_losses
from regulars.measures.supervised.logistic import predict, train

FEATURES = ("age", "year_days", "last_score")


def drawn(n: int, *, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age, answered = rng.integers(1, 400, n), rng.integers(0, 2, n)
    chance = 1 / (1 + np.exp(2 * np.log1p(age) - 9 - answered))
    return pd.DataFrame(
        {
            "age": age,
            "year_days": rng.integers(1, 9, n),  # says nothing
            "last_score": answered * rng.choice([-0.5, 0.5], n),
            "answered": answered,
            "bought": rng.uniform(size=n) < chance,
            "random_group": [f"{number % 1000:03}" for number in range(n)],
        }
    )


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    fitted = train(drawn(1500, seed=1), features=FEATURES)
    return permutation_importance(fitted, drawn(1500, seed=2), seed=3)


def test_what_matters_stands_first_and_noise_cannot_be_told_from_nothing(found):
    assert found.feature[0] == "age"
    assert found.low[0] > 0.1
    noise = found.set_index("feature").loc["year_days"]
    assert noise.low < 0.003
    assert abs(noise.importance) < 0.01
    assert (found.low <= found.importance).all()
    assert (found.importance <= found.high).all()
    assert found.importance.is_monotonic_decreasing


def test_the_columns_of_one_feature_are_one_row(found):
    assert sorted(found.feature) == sorted(FEATURES)
    assert (found.customers == 1500).all()


def test_it_is_the_same_for_the_same_seed_and_hardly_differs_for_another():
    rows = drawn(1500, seed=2)
    fitted = train(rows, features=FEATURES)
    one, again, other = (permutation_importance(fitted, rows, seed=seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(one, again)
    assert one.importance[0] == pytest.approx(other.importance[0], rel=0.05)


def test_it_is_what_shuffling_the_customers_values_adds():
    rows = drawn(4000, seed=5)
    fitted = train(rows, features=["age"])

    rng, bought = np.random.default_rng(9), rows.bought.to_numpy()
    usual = log_losses(predict(fitted, rows), bought).mean()
    added = [
        log_losses(predict(fitted, rows.assign(age=rng.permutation(rows.age))), bought).mean()
        for _ in range(20)
    ]
    value = permutation_importance(fitted, rows).importance[0]
    assert value == pytest.approx(np.mean(added) - usual, rel=0.02)
