"""Judging: losses by hand, and intervals that hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regulars.measures.supervised.judging import calibration, gain, judged, log_losses

BOUGHT = np.array([True, True, False, False])


def test_losses_by_hand():
    said = {"half": np.full(4, 0.5), "good": np.array([0.8, 0.6, 0.4, 0.1])}
    rows = judged(said, BOUGHT).set_index("name")
    surprise = -np.log([0.8, 0.6, 0.6, 0.9]).mean()
    assert rows.log_loss.tolist() == pytest.approx([np.log(2), surprise])
    assert rows.brier.tolist() == pytest.approx([0.25, (0.04 + 0.16 + 0.16 + 0.01) / 4])
    assert rows.auc.tolist() == [0.5, 1]
    assert rows.predicted.tolist() == pytest.approx([0.5, 0.475])
    assert np.isnan(rows.slope["half"])


def test_being_sure_and_wrong_costs_much_but_not_everything():
    assert log_losses(np.array([0.0, 1.0]), np.array([True, True])) == pytest.approx(
        [-np.log(1e-6), 1e-6], rel=1e-4
    )


def test_the_slope_tells_probabilities_that_are_too_extreme():
    rng = np.random.default_rng(1)
    logit = rng.normal(0, 1.5, 20_000)
    bought = rng.uniform(size=20_000) < stats.logistic.cdf(logit)
    said = {"right": stats.logistic.cdf(logit), "extreme": stats.logistic.cdf(2 * logit)}
    assert judged(said, bought).slope.tolist() == pytest.approx([1, 0.5], abs=0.05)


def test_the_gain_is_positive_if_the_first_is_better_and_its_interval_holds():
    rng, inside, gains = np.random.default_rng(4), 0, []
    for _ in range(60):
        chance = rng.uniform(0.2, 0.8, 200)
        bought = rng.uniform(size=200) < chance
        rows = pd.DataFrame({"bought": bought, "random_group": [f"{n:03}" for n in range(200)]})
        said = {"true": chance, "half": np.full(200, 0.5)}
        found = gain(said, rows, pair=("true", "half"))
        gains.append(found.value)
        inside += found.low < _true_gain() < found.high
    assert np.mean(gains) == pytest.approx(_true_gain(), abs=0.005)
    assert inside >= 52


def _true_gain() -> float:
    """Return ln 2 less the entropy of a chance that is uniform from .2 to .8."""
    chance = np.linspace(0.2, 0.8, 10_001)
    entropy = -(chance * np.log(chance) + (1 - chance) * np.log(1 - chance))
    return float(np.log(2) - entropy.mean())


def test_the_gain_counts_customers_not_groups():
    rows = pd.DataFrame({"bought": [True] * 6, "random_group": list("aaaabb")})
    said = {"one": np.full(6, 0.9), "other": np.array([0.5, 0.5, 0.5, 0.5, 0.9, 0.9])}
    expected = 4 * (np.log(2) + np.log(0.9)) / 6
    assert gain(said, rows, pair=("one", "other")).value == pytest.approx(expected)


def test_each_model_has_its_tenths():
    said = {"model": np.repeat(np.arange(0.05, 1, 0.1), 40), "half": np.full(400, 0.5)}
    found = calibration(said, np.tile(np.arange(40) < 20, 10))
    assert found.name.value_counts().to_dict() == {"model": 10, "half": 1}
    assert found.bought.tolist() == [0.5] * 11
