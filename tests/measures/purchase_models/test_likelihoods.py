"""Likelihoods: sums over customers, slopes against differences, and lifetimes' own value."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.coarse import coarse_cells
from regulars.measures.purchase_models.formulas import MODELS
from regulars.measures.purchase_models.individual import log_likelihoods
from regulars.measures.purchase_models.ladder import likelihood_of, penalised

# Around the published ones, with α above β and below, and s and a around 1.
PLACES = [(0.25, 4.4, 0.8, 2.4), (0.55, 10.6, 0.6, 11.7), (2.0, 30.0, 1.0, 5.0)]


@pytest.fixture(scope="module")
def weeks(cdnow_cells):
    heavy = pd.DataFrame([(500, 3000, 3650, 3), (40, 260, 260, 2)], columns=[*CELL, "customers"])
    cells = pd.concat([cdnow_cells, heavy], ignore_index=True)
    return cells.assign(recency_age=cells.recency_age / 7, age=cells.age / 7)


@pytest.mark.parametrize("params", PLACES)
@pytest.mark.parametrize("model", MODELS)
def test_the_sum_of_all_histories(model, params, weeks):
    history = weeks[CELL].to_dict("series")
    by_cell = log_likelihoods(model, params, **history)
    value, _ = likelihood_of(weeks, model=model)(np.log(params))
    assert value == pytest.approx(weeks.customers @ by_cell, rel=1e-12)


@pytest.mark.parametrize("params", PLACES)
@pytest.mark.parametrize("model", MODELS)
def test_slopes_are_those_of_the_value(model, params, weeks):
    for likelihood in (
        likelihood_of(weeks, model=model),
        penalised(likelihood_of(weeks, model=model), model, 50.0),
    ):
        logs = np.log(params)
        slopes = [
            (likelihood(logs + move)[0] - likelihood(logs - move)[0]) / 2e-5
            for move in np.eye(4) * 1e-5
        ]
        np.testing.assert_allclose(likelihood(logs)[1], slopes, rtol=1e-6, atol=1e-3)


@pytest.mark.parametrize("params", PLACES)
@pytest.mark.parametrize("model", MODELS)
def test_lifetimes_has_the_same_value(model, params, cdnow_cells, reference):
    weeks = cdnow_cells.assign(recency_age=cdnow_cells.recency_age / 7, age=cdnow_cells.age / 7)
    columns = [weeks[name].to_numpy() for name in (*CELL, "customers")]
    mean = -reference[model]._negative_log_likelihood(
        np.array(params) if model == "pareto_nbd" else np.log(params), *columns, 0
    )
    # That of Pareto/NBD is a sum divided by the mean weight, the others are means.
    times = weeks.customers.mean() if model == "pareto_nbd" else weeks.customers.sum()
    value, _ = likelihood_of(weeks, model=model)(np.log(params))
    assert value == pytest.approx(mean * times, rel=1e-11)


def test_coarse_cells_keep_customers_purchases_and_silence(weeks):
    rough = coarse_cells(weeks)
    assert len(rough) < len(weeks)
    assert rough.customers.sum() == weeks.customers.sum()
    assert rough.customers @ rough.repeat_days == weeks.customers @ weeks.repeat_days
    assert (rough.recency_age <= rough.age).all()
    assert not rough.recency_age[rough.repeat_days == 0].any()
    today, still = (
        cells.customers[cells.recency_age == cells.age].sum() for cells in (weeks, rough)
    )
    assert 0 < today <= still
    width = weeks.age.max() / 50
    gap = (rough.customers @ rough.age - weeks.customers @ weeks.age) / weeks.customers.sum()
    assert abs(gap) < width / 2


def test_coarse_cells_lead_near_the_best(cdnow_cells, cdnow_fits):
    weeks = cdnow_cells.assign(recency_age=cdnow_cells.recency_age / 7, age=cdnow_cells.age / 7)
    for model, fitted in cdnow_fits.items():
        logs = np.log(fitted.values)
        fine, rough = (
            likelihood_of(cells, model=model)(logs)[1] for cells in (weeks, coarse_cells(weeks))
        )
        assert np.abs(fine).max() < 0.01
        # A hundredth of what the slopes are a factor of 1.5 away.
        far = likelihood_of(weeks, model=model)(logs + 0.4)[1]
        assert np.abs(rough).max() < 0.2 * np.abs(far).max()
