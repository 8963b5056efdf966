"""Soon: what is told of each cell and of typical customers, and that the engine can hand it out."""

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ModelError
from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import few_cells
from regulars.measures.forecasts.by_cell import chance_to_buy
from regulars.measures.forecasts.soon import expectations, next_purchase, typical_expectations
from regulars.measures.purchase_models.cells import CELL, typical_histories
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.scores import join_scores
from regulars.measures.purchase_models.simulated import simulate

HORIZONS = [30, 90, 365]


@pytest.fixture(scope="module")
def cdnow_told(cdnow_fits, cdnow_cells):
    return expectations(cdnow_fits["mbg_nbd"], cdnow_cells, horizons=HORIZONS)


def test_chances_grow_with_the_horizon_and_stay_below_being_alive(cdnow_told):
    chances = cdnow_told[["buys_30", "buys_90", "buys_365", "p_alive"]].to_numpy()
    assert (np.diff(chances, axis=1) > 0).all()
    assert ((chances > 0) & (chances < 1)).all()


def test_nobody_is_expected_to_buy_on_fewer_days_than_they_are_likely_to_buy(cdnow_told):
    for days in HORIZONS:
        assert (cdnow_told[f"expected_{days}"] >= cdnow_told[f"buys_{days}"]).all()
    assert (cdnow_told.expected_purchases == cdnow_told.expected_365).all()


def test_a_chance_by_hand():
    # BG/NBD: everybody who bought once is alive; 1 − ((α + T) / (α + T + h))^r, in weeks.
    names = ["r", "alpha", "a", "b"]
    params = dict(zip(names, (1.0, 4.0, 1.0, 2.0), strict=True))
    one = Fit("bg_nbd", params, 7.0, pd.DataFrame(0.0, names, names), -1.0, 9)
    cells = pd.DataFrame({"repeat_days": [0], "recency_age": [0], "age": [14], "customers": [9]})
    assert chance_to_buy(one, cells, days=42)[0] == pytest.approx(1 - 6 / 12)
    # Half of that half by (4 + 2) / (4 + 2 + h) = 3 / 4: two weeks.
    assert next_purchase(one, cells, within_days=42).next_median.tolist() == [14]


def test_the_window_is_in_whole_days_in_order(cdnow_told):
    window = cdnow_told[["next_from", "next_median", "next_until"]]
    assert (window.dtypes == "int64").all()
    assert (np.diff(window, axis=1) >= 0).all()
    assert window.to_numpy().min() >= 1
    assert window.to_numpy().max() <= 365


def test_the_same_in_another_unit_of_time(cdnow_cells):
    weeks, days = (fit(cdnow_cells, unit_days=unit) for unit in (7, 1))
    told = [expectations(one, cdnow_cells, horizons=[90]) for one in (weeks, days)]
    for name in ("p_alive", "buys_90", "expected_90", "next_until"):
        assert told[0][name].to_numpy() == pytest.approx(told[1][name].to_numpy(), rel=0.01)


def test_as_many_buy_as_the_true_chances_say():
    ages = np.tile([26.0, 52.0, 78.0], 20_000)
    drawn = simulate("mbg_nbd", (0.5, 6, 0.9, 1.6), ages=ages, horizon=30 / 7, seed=4)
    names = ["r", "alpha", "a", "b"]
    params = dict(zip(names, (0.5, 6, 0.9, 1.6), strict=True))
    true = Fit("mbg_nbd", params, 1.0, pd.DataFrame(0.0, names, names), -1.0, len(drawn))
    told = chance_to_buy(true, drawn, days=30 / 7)
    # The truth is known: within three standard errors.
    error = np.sqrt((told * (1 - told)).sum())
    assert abs((drawn.later > 0).sum() - told.sum()) < 3 * error


def test_intervals_of_typical_customers_hold_their_values_and_come_again_with_the_seed(
    cdnow_fits, cdnow_cells
):
    typical, one = typical_histories(cdnow_cells), cdnow_fits["mbg_nbd"]
    told = typical_expectations(one, typical, horizons=HORIZONS, seed=1)
    for name in ("p_alive", "buys_30", "expected_365"):
        assert (told[f"{name}_low"] < told[name]).all()
        assert (told[name] < told[f"{name}_high"]).all()
    again = typical_expectations(one, typical, horizons=HORIZONS, seed=1)
    other = typical_expectations(one, typical, horizons=HORIZONS, seed=2)
    pd.testing.assert_frame_equal(told, again)
    assert (told.buys_30_low != other.buys_30_low).all()


def test_the_interval_of_a_mean_chance_is_that_of_the_delta_method(cdnow_fits, cdnow_cells):
    one = cdnow_fits["mbg_nbd"]
    history = typical_histories(cdnow_cells).head(1)
    told = typical_expectations(one, history, horizons=[365], seed=1, draws=2000).iloc[0]
    step, params = 1e-4, np.array(list(one.params.values()))
    moved = [
        chance_to_buy(_with(one, params * np.exp(move)), history, days=365)[0]
        for move in step * np.eye(4)
    ]
    slopes = (np.log(moved) - np.log(told.buys_365)) / step
    error = np.sqrt(slopes @ one.relative_covariance @ slopes)
    width = np.log(told.buys_365_high / told.buys_365_low) / (2 * 1.96)
    assert width == pytest.approx(error, rel=0.1)


def test_the_engine_gives_each_customer_what_is_told_of_their_cell():
    rows = [("ann", 0, 0, 270), ("bob", 3, 200, 270), ("cyd", 0, 0, 270)]
    customers = table_of(pd.DataFrame(rows, columns=["customer_id", *CELL]))
    told = expectations(fit(few_cells()), few_cells(), horizons=[90])
    given = fetch(join_scores(customers, told).order_by("customer_id"))
    assert given.buys_90.tolist() == told.buys_90[[0, 3, 0]].tolist()
    assert given.next_until.tolist() == told.next_until[[0, 3, 0]].tolist()


def test_a_prediction_that_is_no_number_is_refused():
    one = fit(few_cells())
    broken = _with(one, np.array([np.nan, 1.0, 1.0, 1.0]))
    with pytest.raises(ModelError, match="gives no number for some customers"):
        expectations(broken, few_cells(), horizons=[30])


def _with(one, params):
    named = dict(zip(one.params, map(float, params), strict=True))
    return Fit(one.model, named, one.unit_days, one.covariance, -1.0, one.customers)
