"""Plain rules: by hand, and the fitted ones against scipy and a search of another kind."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from regulars.measures.contest.plain_nbd import fit_nbd
from regulars.measures.contest.rules import (
    RULES,
    hiatus,
    learnt_hiatus,
    rule_log_scores,
    rule_predictions,
)

# Gaps of 10, 20 and 40 days; silent for 5, 30 and 20 days.
CELLS = pd.DataFrame(
    {
        "repeat_days": [0, 2, 1, 1],
        "recency_age": [0, 20, 20, 40],
        "age": [50, 25, 50, 60],
        "later": [0, 2, 0, 1],
        "customers": [6, 5, 4, 1],
    }
)


def test_nine_in_ten_mean_gaps_are_no_longer_than_the_hiatus():
    assert hiatus(CELLS) == 20
    assert hiatus(CELLS.assign(customers=[6, 5, 3, 2])) == 40
    assert hiatus(CELLS[CELLS.repeat_days == 0]) == 0


def test_rules_that_say_one_number_by_hand():
    found = rule_predictions(CELLS, holdout_days=100)
    assert tuple(found) == RULES
    assert found["always_zero"].tolist() == [0, 0, 0, 0]
    assert found["same_as_before"].tolist() == [0, 2, 1, 1]
    assert found["past_rate"].tolist() == pytest.approx([0, 8, 2, 100 / 60])
    # Silent for 5 and 20 days goes on, for 30 does not.
    assert found["last_purchase"].tolist() == pytest.approx([0, 8, 0, 100 / 60])


def test_the_hiatus_is_the_one_that_errs_least():
    # Who was silent for up to 25 days came at their rate (2 in 40 days), the others did not.
    before = pd.DataFrame({"repeat_days": 3, "age": 60, "customers": 5}, index=range(50))
    before["recency_age"] = 60 - before.index.to_numpy()
    before["later"] = np.where(before.index <= 25, 2, 0)
    assert learnt_hiatus(before, days=40) == 30
    assert learnt_hiatus(before.assign(later=2), days=40) == 60
    assert learnt_hiatus(before.assign(later=0), days=40) == 7
    # The heaviest decide: nobody else is silent for more than a week.
    heavy = before.assign(customers=np.where(before.index == 45, 10**6, 1), later=2)
    assert learnt_hiatus(heavy, days=40) == 60
    assert learnt_hiatus(before.assign(repeat_days=0), days=40) is None
    assert learnt_hiatus(before.iloc[:0], days=40) is None


def test_whose_purchase_is_recent_goes_on():
    found = rule_predictions(CELLS.assign(recent=[True, False, True, True]), holdout_days=100)
    assert found["last_purchase"].tolist() == pytest.approx([0, 0, 2, 100 / 60])


def test_who_came_on_the_last_day_goes_on_at_no_rate():
    cells = pd.DataFrame({"repeat_days": [0], "recency_age": [0], "age": [0], "customers": [2]})
    found = rule_predictions(cells, holdout_days=46)
    assert [found[name].tolist() for name in ("past_rate", "last_purchase")] == [[0], [0]]


def test_where_nobody_bought_again_the_fitted_rules_say_nothing():
    cells = CELLS.assign(repeat_days=0, recency_age=0)
    found = rule_predictions(cells, holdout_days=46)
    assert np.isnan(found["all_alike"]).all()
    assert np.isnan(found["nobody_leaves"]).all()
    assert all(np.isnan(score).all() for score in rule_log_scores(cells, holdout_days=46).values())


def drawn(customers=4000, seed=4):
    """Draw customers of an NBD with shape 0.7 and rate 50 days."""
    random = np.random.default_rng(seed)
    age = random.integers(20, 400, customers)
    repeats = random.poisson(random.gamma(0.7, 1 / 50, customers) * age)
    return pd.DataFrame({"repeat_days": repeats, "age": age, "customers": 1})


def test_the_nbd_finds_the_truth_and_the_best_likelihood():
    cells = drawn()
    found = fit_nbd(cells)
    assert (found.shape, found.rate) == pytest.approx((0.7, 50), rel=0.1)

    def loss(logs):
        shape, rate = np.exp(logs)
        return -stats.nbinom.logpmf(cells.repeat_days, shape, rate / (rate + cells.age)).sum()

    best = optimize.minimize(loss, [0, 4], method="Nelder-Mead", options={"xatol": 1e-6})
    assert np.log([found.shape, found.rate]) == pytest.approx(best.x, abs=1e-3)


def test_weights_equal_rows():
    rows = drawn(500)
    cells = rows.groupby(["repeat_days", "age"]).size().rename("customers").reset_index()
    one, other = fit_nbd(rows), fit_nbd(cells)
    assert (one.shape, one.rate) == pytest.approx((other.shape, other.rate), rel=1e-6)


def test_fitted_rules_are_negative_binomials():
    nbd = fit_nbd(CELLS)
    scores = rule_log_scores(CELLS, holdout_days=100)
    alike = stats.nbinom.logpmf(CELLS.later, nbd.shape, nbd.rate / (nbd.rate + 100))
    assert scores["all_alike"] == pytest.approx(alike)
    shape, rate = nbd.shape + CELLS.repeat_days, nbd.rate + CELLS.age
    own = stats.nbinom(shape, rate / (rate + 100))
    assert scores["nobody_leaves"] == pytest.approx(own.logpmf(CELLS.later))
    means = rule_predictions(CELLS, holdout_days=100)
    assert means["nobody_leaves"] == pytest.approx(own.mean())
    assert means["all_alike"] == pytest.approx(nbd.shape / nbd.rate * 100)


def test_buyers_who_are_all_alike_are_no_trouble():
    cells = pd.DataFrame({"repeat_days": [10], "age": [100], "customers": [50]})
    found = fit_nbd(cells)
    assert found.shape > 1000
    assert found.mean(100) == pytest.approx(10, rel=1e-3)
