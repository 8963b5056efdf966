"""Moments: what is told of somebody alive agrees with the whole law of the purchase days to come."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from regulars.measures.forecasts import by_cell, moments
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.predictive import purchase_probabilities

PARAMS = {
    "bg_nbd": (0.243, 4.414, 0.793, 2.426),
    "mbg_nbd": (0.525, 6.183, 0.891, 1.614),
    "pareto_nbd": (0.553, 10.58, 0.606, 11.66),
}
HISTORY = {"repeat_days": np.array([0, 2, 30, 500]), "age": np.array([0.0, 38.86, 60.0, 520.0])}
MODELS = pytest.mark.parametrize("model", sorted(PARAMS))


def fitted(model):
    names = ("r", "alpha", "s", "beta") if model == "pareto_nbd" else ("r", "alpha", "a", "b")
    none = pd.DataFrame(0.0, names, names)
    return Fit(model, dict(zip(names, PARAMS[model], strict=True)), 7.0, none, -1.0, 100)


CELLS = pd.DataFrame(
    {
        "repeat_days": [0, 2, 2, 30, 0],
        "recency_age": [0, 213, 10, 400, 0],
        "age": [100, 272, 272, 420, 100],
        "customers": [50, 5, 4, 1, 2],
    }
)


@MODELS
def test_half_of_those_who_buy_have_bought_by_the_median_wait(model):
    few = {"model": model, "params": PARAMS[model], **HISTORY}
    for share in (0.1, 0.5, 0.9):
        wait = moments.wait_if_alive(share=share, horizon=52, **few)
        bought = moments.buys_if_alive(horizon=wait, **few)
        assert bought == pytest.approx(share * moments.buys_if_alive(horizon=52, **few), rel=1e-9)


@MODELS
def test_waits_ascend_and_stay_within_the_horizon_for_heavy_buyers_too(model):
    few = {"model": model, "params": PARAMS[model], "horizon": 52, **HISTORY}
    waits = [moments.wait_if_alive(share=share, **few) for share in (0.1, 0.5, 0.9, 0.999)]
    assert (np.diff(waits, axis=0) > 0).all()
    assert np.isfinite(waits).all()
    assert (waits[-1] <= 52).all()
    assert waits[1][3] < 1  # 500 purchases in ten years: one is never far away


def test_the_first_purchase_by_pareto_nbd_agrees_with_the_integral_of_its_definition():
    r, alpha, s, beta = PARAMS["pareto_nbd"]
    shape, rate, since = r + 2, alpha + 38.86, beta + 38.86

    def density(t):
        return shape * rate**shape / (rate + t) ** (shape + 1) * (since / (since + t)) ** s

    few = {"repeat_days": np.array([2]), "age": np.array([38.86])}
    expected, _ = quad(density, 0, 39)
    found = moments.buys_if_alive("pareto_nbd", PARAMS["pareto_nbd"], horizon=39, **few)
    assert found[0] == pytest.approx(expected, rel=1e-9)


@MODELS
def test_chance_mean_and_variance_are_those_of_the_law_of_the_purchase_days(model):
    most, one = 400, fitted(model)
    law = purchase_probabilities(
        model,
        PARAMS[model],
        horizon=13,
        most=most,
        repeat_days=CELLS.repeat_days.to_numpy(),
        recency_age=CELLS.recency_age.to_numpy() / 7,
        age=CELLS.age.to_numpy() / 7,
    )[:, : most + 1]
    days = np.arange(most + 1)
    mean = law @ days
    assert by_cell.chance_to_buy(one, CELLS, days=91) == pytest.approx(1 - law[:, 0], rel=1e-8)
    expected = by_cell.alive_now(one, CELLS) * by_cell.if_alive(
        moments.expected_if_alive, one, CELLS, days=91
    )
    assert expected == pytest.approx(mean, rel=1e-6)
    variance = by_cell.purchase_variance(one, CELLS, days=91)
    assert variance == pytest.approx(law @ days**2 - mean**2, rel=1e-5)


def test_cells_with_the_same_pair_get_the_same_number_whatever_their_order():
    one = fitted("mbg_nbd")
    found = by_cell.if_alive(moments.expected_if_alive, one, CELLS, days=30)
    assert found[1] == found[2]
    assert found[0] == found[4]
    shuffled = CELLS.sample(frac=1, random_state=3)
    again = by_cell.if_alive(moments.expected_if_alive, one, shuffled, days=30)
    assert pd.Series(again, shuffled.index).sort_index().tolist() == found.tolist()
