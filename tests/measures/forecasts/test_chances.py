"""Chances: those who were said to buy did, by tenths and by score."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.examples import few_cells
from regulars.measures.forecasts.by_cell import chance_to_buy
from regulars.measures.forecasts.chances import brier_score, calibration_of_chances
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.simulated import simulate

MEASURED = ["predicted_chance", "bought", "low", "high"]


@pytest.fixture(scope="module")
def one():
    return fit(few_cells())


def with_later(buyers):
    """Split the six cells of `few_cells` into who bought later and who did not."""
    cells = few_cells()
    came = cells.assign(later=2, customers=buyers)
    stayed = cells.assign(later=0, customers=cells.customers - buyers)
    rows = pd.concat([came, stayed])
    return rows[rows.customers > 0].reset_index(drop=True)


def test_tenths_by_hand(one):
    many = with_later([0, 6, 5, 4, 3, 2])
    many["customers"] *= 10
    told = calibration_of_chances(one, many, holdout_days=90)
    # 600 customers have one chance, and stand around .3; the others are 120, 100, 80, 60 and 40.
    chances = chance_to_buy(one, few_cells(), days=90)
    assert (np.argsort(chances[:3]) == [0, 1, 2]).all()
    assert told.customers.sum() == 1000
    assert told.tenth.tolist()[0] == 4
    assert told.customers[0] == 600
    assert told.bought[0] == 0
    assert told.predicted_chance[0] == pytest.approx(chances[0])
    assert told.tenth.between(1, 10).all()


@pytest.mark.parametrize("buyers", [[4, 6, 5, 4, 3, 2], [51, 12, 0, 8, 0, 4]])
def test_whoever_is_few_is_hidden_and_so_is_who_would_give_them_away(one, buyers):
    told = calibration_of_chances(one, with_later(buyers), holdout_days=90)
    assert told.hidden.any()
    away = told[told.hidden]
    assert away[["customers", *MEASURED]].isna().all(axis=None)
    assert away.index.size != 1  # the total of buyers is shown elsewhere
    shown = told[~told.hidden]
    buyers = (shown.bought * shown.customers).astype(float).round()
    rest = shown.customers.astype(float) - buyers
    assert not buyers.between(1, 9).any()
    assert not rest.between(1, 9).any()


def test_true_chances_are_calibrated(one):
    params = tuple(one.params.values())
    drawn = simulate("mbg_nbd", params, ages=np.full(20_000, 270 / 7), horizon=13, seed=8)
    drawn["recency_age"], drawn["age"] = drawn.recency_age * 7, drawn.age * 7
    cells = drawn.groupby([*CELL, "later"]).size().rename("customers").reset_index()
    told = calibration_of_chances(one, cells, holdout_days=91)
    shown = told[~told.hidden]
    error = np.sqrt(shown.predicted_chance * (1 - shown.predicted_chance) / shown.customers)
    assert ((shown.bought - shown.predicted_chance).abs() < 3.5 * error).all()
    assert len(shown) > 3


def test_cdnow_is_scored_better_than_by_one_chance_for_all(cdnow_fits, cdnow_holdout):
    score = brier_score(cdnow_fits["mbg_nbd"], cdnow_holdout, holdout_days=273)
    share = 684 / 2357
    assert score.plain == pytest.approx(share * (1 - share))
    assert score.value == pytest.approx(0.1614, abs=5e-4)
    assert score.better.value == pytest.approx(score.plain - score.value)
    assert 0 < score.better.low < score.better.value < score.better.high
    assert score.better.n == 2357


def test_the_brier_score_by_hand(one):
    cells = pd.DataFrame(
        {"repeat_days": [0, 0], "recency_age": [0, 0], "age": [270, 270], "later": [0, 3]}
    ).assign(customers=[3, 1])
    chance = chance_to_buy(one, cells, days=90)[0]
    score = brier_score(one, cells, holdout_days=90)
    assert score.value == pytest.approx((3 * chance**2 + (1 - chance) ** 2) / 4)
    assert score.plain == pytest.approx(0.25 * 0.75)


def test_of_nobody_there_is_no_score_and_no_tenth(one, cdnow_holdout):
    nobody = cdnow_holdout.iloc[:0]
    assert brier_score(one, nobody, holdout_days=90) is None
    assert calibration_of_chances(one, nobody, holdout_days=90).empty
