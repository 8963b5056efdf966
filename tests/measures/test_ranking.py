"""Ranking: areas and gains by hand, against another implementation, intervals that hold."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from regulars.measures.ranking import auc, reached


def drawn(rows=300, seed=6):
    random = np.random.default_rng(seed)
    values = random.integers(0, 12, rows) / 4
    return values, random.poisson(values * 0.8) > 0, random.integers(1, 9, rows)


def test_the_area_by_hand():
    # Two bought (3 and 1), two did not (2 and 1): pairs won 1, 1, 0 and half of one.
    found = auc(np.array([3, 1, 2, 1]), np.array([True, True, False, False]))
    assert found.value == 2.5 / 4
    assert found.low < found.value < found.high
    assert found.n == 4


def test_the_area_is_that_of_scikit_learn():
    values, bought, customers = drawn()
    other = roc_auc_score(bought, values, sample_weight=customers)
    assert auc(values, bought, weights=customers).value == pytest.approx(other)


def test_counted_rows_are_as_good_as_single_ones():
    values, bought, customers = drawn()
    raw, came = np.repeat(values, customers), np.repeat(bought, customers)
    counted, single = auc(values, bought, weights=customers), auc(raw, came)
    assert (counted.value, counted.low) == pytest.approx((single.value, single.low))
    assert counted.n == single.n


def test_the_interval_of_the_area_is_as_wide_as_in_drawing_again():
    values, bought, customers = drawn()
    raw, came = np.repeat(values, customers), np.repeat(bought, customers)
    random, again = np.random.default_rng(1), []
    for _ in range(300):
        pick = random.integers(0, len(raw), len(raw))
        again.append(roc_auc_score(came[pick], raw[pick]))
    found = auc(raw, came)
    assert (found.high - found.low) / 3.92 == pytest.approx(np.std(again), rel=0.15)


def test_the_interval_of_the_area_holds_the_truth():
    rng, truth, held = np.random.default_rng(3), stats.norm.cdf(1 / np.sqrt(2)), 0
    for _ in range(400):
        bought = np.arange(120) < 50
        found = auc(rng.normal(size=120) + bought, bought)
        held += found.low < truth < found.high
    assert 0.92 <= held / 400 <= 0.98


def test_an_area_of_one_has_no_interval():
    found = auc(np.array([0.8, 0.6, 0.4, 0.1]), np.array([True, True, False, False]))
    assert (found.value, found.low, found.n) == (1, None, 4)


@pytest.mark.parametrize("all_did", [True, False])
def test_where_all_did_the_same_there_is_no_area(all_did):
    assert np.isnan(auc(np.arange(3.0), np.full(3, all_did)).value)


def test_what_is_reached_by_hand():
    # The first of four brings six of eight, the second two; the last two are tied and bring none.
    values, came, one = np.array([0.0, 5, 0, 4]), np.array([0, 6, 0, 2]), np.ones(4)
    found = reached(values, came, weights=one, shares=np.array([0, 0.125, 0.25, 0.5, 1]))
    assert found.tolist() == pytest.approx([0, 0.375, 0.75, 1, 1])


def test_those_of_equal_values_come_evenly():
    shares = np.linspace(0, 1, 5)
    found = reached(np.ones(2), np.array([1, 0]), weights=np.array([1, 3]), shares=shares)
    assert found.tolist() == pytest.approx(shares.tolist())
