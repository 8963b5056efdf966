"""Chance tenths: by hand, with equal chances, and with numbers too small to be shown."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.chance_tenths import by_tenth

CHANCE = np.arange(0.05, 1, 0.1)


def test_tenths_by_hand():
    found = by_tenth(np.repeat(CHANCE, 40), np.tile(np.arange(40) < 20, 10))
    assert found.tenth.tolist() == list(range(1, 11))
    assert found.predicted_chance.tolist() == pytest.approx(CHANCE.tolist())
    assert found.bought.tolist() == [0.5] * 10
    assert found.customers.tolist() == [40] * 10
    assert not found.hidden.any()


def test_counted_rows_are_as_good_as_single_ones():
    bought = np.tile(np.arange(40) < 20, 10)
    single = by_tenth(np.repeat(CHANCE, 40), bought)
    counted = by_tenth(np.repeat(CHANCE, 2), np.tile([True, False], 10), weights=np.full(20, 20))
    pd.testing.assert_frame_equal(single, counted)


def test_equal_chances_stay_together():
    found = by_tenth(np.r_[np.full(300, 0.1), np.full(100, 0.9)], np.tile([True, False], 200))
    assert found.customers.tolist() == [300, 100]
    assert found.tenth.tolist() == [4, 9]


@pytest.mark.parametrize("few", [True, False], ids=["who bought", "who did not"])
def test_few_of_a_kind_are_hidden_and_cannot_be_worked_out(few):
    bought = np.tile(np.arange(40) < 20, 10)
    bought[:40] = (np.arange(40) < 3) == few
    found = by_tenth(np.repeat(CHANCE, 40), bought)
    assert found.hidden[0]
    assert found.hidden.sum() >= 2
    away = found[found.hidden]
    assert away[["bought", "low", "high", "predicted_chance", "customers"]].isna().all(axis=None)


def test_of_nobody_there_is_no_tenth():
    assert by_tenth(np.array([]), np.array([], bool)).empty
