"""Discrimination and slope: by hand, against raw rows, and where nothing can be ranked."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contest.discrimination import discrimination, gains_curve, top_tenth_lift
from regulars.measures.contest.holdout import predictions
from regulars.measures.contest.slope import calibration_slope


def drawn(rows=300, seed=6):
    random = np.random.default_rng(seed)
    values = random.integers(0, 12, rows) / 4
    later = random.poisson(values * 0.8)
    customers = random.integers(1, 9, rows)
    return values, pd.DataFrame({"later": later, "customers": customers})


def test_the_top_tenth_by_hand():
    # 40 customers: the tenth is four, three of whom bought; of all eight did.
    values = np.array([9.0, 8.0, 1.0, 0.0])
    bought, weights = np.array([True, False, True, False]), np.array([3.0, 1.0, 5.0, 31.0])
    found = top_tenth_lift(values, bought, weights=weights)
    assert found.value == pytest.approx((3 / 4) / (8 / 40))
    assert found.low < found.value < found.high


def test_who_is_tied_at_the_edge_belongs_to_the_tenth_in_part():
    bought, weights = np.array([True, False]), np.array([50.0, 50.0])
    assert top_tenth_lift(np.ones(2), bought, weights=weights).value == pytest.approx(1)


def test_gains_by_hand():
    cells = pd.DataFrame({"later": [6, 2, 0], "customers": [1, 1, 2]})
    found = gains_curve({"one": np.array([5.0, 4.0, 0.0])}, cells)
    at = found.set_index("customers_share").purchases_share
    assert at[[0.0, 0.25, 0.5, 1.0]].tolist() == pytest.approx([0, 0.75, 1, 1])
    assert found.purchases_share.is_monotonic_increasing


def test_cdnow(cdnow_fits, cdnow_holdout):
    predicted = predictions(list(cdnow_fits.values()), cdnow_holdout, holdout_days=273)
    found = discrimination(predicted, cdnow_holdout).set_index("name")
    # Who predicts the same of everybody ranks nobody.
    assert not {"always_zero", "all_alike"} & set(found.index)
    assert found.auc["mbg_nbd"] == pytest.approx(0.773, abs=5e-4)
    assert found.lift["mbg_nbd"] == pytest.approx(2.803, abs=5e-4)
    assert (found.auc_low < found.auc).all()


@pytest.mark.parametrize("later", [0, 3])
def test_where_all_did_the_same_there_is_no_ranking(later):
    cells = pd.DataFrame({"later": [later, later], "customers": [30, 10]})
    found = discrimination({"one": np.array([1.0, 2.0])}, cells)
    assert found.auc.isna().all()
    assert gains_curve({"one": np.array([1.0, 1.0])}, cells).empty


def test_the_slope_is_that_of_a_line_through_raw_rows():
    values, cells = drawn()
    raw, came = (np.repeat(one, cells.customers) for one in (values, cells.later.to_numpy()))
    found = calibration_slope(values, cells)
    assert found.value == pytest.approx(np.polyfit(raw, came, 1)[0])
    x = np.column_stack([np.ones(len(raw)), raw])
    inverse = np.linalg.inv(x.T @ x)
    missed = came - x @ (inverse @ x.T @ came)
    meat = (x * missed[:, None]).T @ (x * missed[:, None]) * len(raw) / (len(raw) - 2)
    error = np.sqrt((inverse @ meat @ inverse)[1, 1])
    assert found.high - found.value == pytest.approx(1.959964 * error)


def test_who_predicts_the_same_for_all_has_no_slope():
    cells = pd.DataFrame({"later": [1, 2], "customers": [30, 10]})
    assert np.isnan(calibration_slope(np.ones(2), cells).value)
