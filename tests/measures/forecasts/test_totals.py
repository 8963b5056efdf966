"""Totals: what is expected of all, how unsure that is, and whether what comes falls within."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from regulars.measures.examples import few_cells
from regulars.measures.forecasts.by_cell import chance_to_buy, purchase_variance
from regulars.measures.forecasts.totals import total_of, totals
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.scores import expected_total
from regulars.measures.purchase_models.simulated import simulate

PARAMS = {"bg_nbd": (0.243, 4.414, 0.793, 2.426), "mbg_nbd": (0.525, 6.183, 0.891, 1.614)}


def test_expected_purchase_days_agree_with_the_sum_of_the_scores(cdnow_fits, cdnow_cells):
    for one in cdnow_fits.values():
        told = totals(one, cdnow_cells, horizons=[273])
        found = total_of(told, "purchase_days", 273, around="expectation")
        other = expected_total(one, cdnow_cells, horizon_days=273)
        assert (found.value, found.low, found.high) == pytest.approx(
            (other.value, other.low, other.high), rel=1e-3
        )
        assert found.n == other.n == 2357


def test_cdnow_is_expected_as_published(cdnow_fits, cdnow_cells):
    told = {
        name: totals(one, cdnow_cells, horizons=[273]).value[1] for name, one in cdnow_fits.items()
    }
    assert told["bg_nbd"] == pytest.approx(1653, abs=1)
    assert told["mbg_nbd"] == pytest.approx(1577, abs=1)


def test_where_the_parameters_are_sure_chance_is_all_that_is_left():
    sure = dataclasses.replace(fit(few_cells()), covariance=1e-12 * fit(few_cells()).covariance)
    many = few_cells().assign(customers=few_cells().customers * 10_000)
    told = totals(sure, many, horizons=[90])
    chances = chance_to_buy(sure, many, days=90)
    chance = [
        many.customers @ (chances * (1 - chances)),
        many.customers @ purchase_variance(sure, many, days=90),
    ]
    assert (told.expected_high - told.expected_low).max() < 1
    assert variance(told.low, told.high) == pytest.approx(chance, rel=0.01)


def test_the_prediction_adds_chance_to_what_is_unsure():
    one, many = fit(few_cells()), few_cells().assign(customers=few_cells().customers * 10)
    sure = dataclasses.replace(one, covariance=1e-12 * one.covariance)
    told, chance = (totals(each, many, horizons=[90]) for each in (one, sure))
    both = variance(told.expected_low, told.expected_high) + variance(chance.low, chance.high)
    assert variance(told.low, told.high) == pytest.approx(both, rel=0.1)
    assert (variance(told.expected_low, told.expected_high) > 0.2 * both).all()


def variance(low, high):
    return (((high - low) / (2 * 1.96)) ** 2).to_numpy()


def test_nobody_more_than_there_are_buys():
    one = fit(few_cells())
    told = totals(one, few_cells(), horizons=[30, 3000]).set_index(["what", "days"])
    buyers = told.loc["buyers"]
    assert (buyers.high <= 100).all()
    assert (buyers.low >= 0).all()
    assert (told.low <= told.value).all()
    assert (told.value <= told.high).all()


def test_of_nobody_nothing_is_foretold():
    told = totals(fit(few_cells()), few_cells().iloc[:0], horizons=[30])
    assert told.value.tolist() == [0, 0]
    assert told[["low", "high", "expected_low", "expected_high"]].isna().all(axis=None)
    assert total_of(told, "buyers", 30).low is None


@pytest.mark.parametrize("model", sorted(PARAMS))
def test_prediction_intervals_hold_what_comes(model):
    held = [held_by_simulation(model, seed=seed) for seed in range(30)]
    # Of 60 intervals asked for 95 %; fewer than 52 hold by chance once in 1,000 times.
    assert np.sum(held) >= 52


def held_by_simulation(model, *, seed, customers=400, days=90):
    ages = np.random.default_rng(seed).integers(7, 78 * 7, customers) / 7
    drawn = simulate(model, PARAMS[model], ages=ages, horizon=days / 7, seed=seed, day=1 / 7)
    whole = {name: np.rint(drawn[name] * 7).astype(int) for name in ("recency_age", "age")}
    cells = drawn.assign(**whole).groupby(CELL).size().rename("customers").reset_index()
    told = totals(fit(cells, model=model), cells, horizons=[days])
    came = pd.Series([(drawn.later > 0).sum(), drawn.later.sum()])
    return ((told.low <= came) & (came <= told.high)).tolist()
