"""Log scores: against the models' own probabilities, and who wins where the truth is known."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contest import log_scores as module
from regulars.measures.contest.log_scores import (
    log_score_difference,
    log_score_gains,
    log_scores,
)
from regulars.measures.contest.paired import weighted_mean
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.predictive import purchase_probabilities


def test_a_log_score_is_the_log_probability_of_what_came(cdnow_fits, cdnow_holdout):
    one, cells = cdnow_fits["mbg_nbd"], cdnow_holdout
    found = log_scores([one], cells, holdout_days=273)["mbg_nbd"]
    for row in (0, 300, len(cells) - 1):
        cell = cells.iloc[[row]]
        chances = purchase_probabilities(
            "mbg_nbd",
            tuple(one.params.values()),
            horizon=39,
            most=int(cell.later.iloc[0]),
            repeat_days=cell.repeat_days.to_numpy(float),
            recency_age=cell.recency_age.to_numpy(float) / 7,
            age=cell.age.to_numpy(float) / 7,
        )
        assert found[row] == pytest.approx(np.log(chances[0, cell.later.iloc[0]]))


def test_cutting_into_portions_changes_nothing(cdnow_fits, cdnow_holdout, monkeypatch):
    fits = list(cdnow_fits.values())
    whole = log_scores(fits, cdnow_holdout, holdout_days=273)
    monkeypatch.setattr(module, "ENTRIES", 50)
    pieces = log_scores(fits, cdnow_holdout, holdout_days=273)
    for name, values in whole.items():
        assert pieces[name] == pytest.approx(values)


def test_cdnow(cdnow_fits, cdnow_holdout):
    scores = log_scores(list(cdnow_fits.values()), cdnow_holdout, holdout_days=273)
    found = log_score_gains(scores, cdnow_holdout.customers.to_numpy())
    # Computed here.
    assert found.log_score.to_dict() == pytest.approx(
        {"bg_nbd": -0.9845, "mbg_nbd": -0.9821, "all_alike": -1.1562, "nobody_leaves": -1.0636},
        abs=5e-5,
    )
    assert found.gain["mbg_nbd"] == pytest.approx(-0.9821 + 1.0636, abs=1e-4)
    assert found.gain_low["mbg_nbd"] > 0.05
    assert found.gain[["all_alike", "nobody_leaves"]].tolist() == pytest.approx(
        [-0.0926, 0], abs=1e-4
    )
    weights = cdnow_holdout.customers.to_numpy()
    tied = log_score_difference(scores, weights, pair=("bg_nbd", "mbg_nbd"))
    assert tied.low < 0 < tied.high


def test_the_true_model_is_not_beaten(true_cells):
    fits = [fit(true_cells, model=name) for name in ("bg_nbd", "mbg_nbd")]
    scores = log_scores(fits, true_cells, holdout_days=365)
    found = log_score_gains(scores, true_cells.customers.to_numpy())
    assert found.log_score.idxmax() == "mbg_nbd"
    assert found.gain_low["mbg_nbd"] > 0


def test_no_row_and_no_model():
    cells = pd.DataFrame(columns=["repeat_days", "recency_age", "age", "later", "customers"])
    scores = log_scores([], cells.astype("int64"), holdout_days=9)
    found = log_score_gains(scores, np.array([]))
    assert found.isna().all(axis=None)


def test_a_mean_over_customers_is_that_of_raw_rows():
    values, weights = np.array([0.5, -1.0, 2.0]), np.array([4, 3, 2])
    raw = np.repeat(values, weights)
    found = weighted_mean(values, weights)
    assert found.value == pytest.approx(raw.mean())
    assert found.high - found.value == pytest.approx(1.959964 * raw.std(ddof=1) / 3)
    assert weighted_mean(np.array([2.0]), np.array([1])).low is None
