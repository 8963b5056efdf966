"""The ladder: other starts, a recorded penalty, and causes named where nothing helps."""

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ModelError
from regulars.measures.purchase_models import ladder
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.coarse import coarse_cells
from regulars.measures.purchase_models.fitting import fit, fit_models
from regulars.measures.purchase_models.formulas import MODELS, p_alive
from regulars.measures.purchase_models.ladder import MAY_COST, likelihood_of
from regulars.measures.purchase_models.search import search
from regulars.measures.purchase_models.simulated import simulate

ALIKE = "Nearly all customers have the same history"
NEVER = "hardly anybody seems to have stopped buying"
REPEATERS = "at least 20 customers who bought again"
DAILY = "buy on 100 % of all days"


def cells_of(rows):
    return pd.DataFrame(rows, columns=[*CELL, "customers"])


def simulated(model, params, customers, seed=1):
    ages = np.random.default_rng(0).integers(60, 728, customers)
    drawn = simulate(model, params, ages=ages, seed=seed, day=1)
    return drawn.groupby(CELL).size().rename("customers").reset_index()


HOPELESS = {
    "thirty customers": (simulated("mbg_nbd", (0.5, 43, 0.9, 1.6), 30), REPEATERS),
    "no repeaters": (cells_of([(0, 0, age, 5) for age in range(20, 60)]), REPEATERS),
    "daily": (cells_of([(age, age, age, 5) for age in range(20, 60)]), DAILY),
    "one history": (cells_of([(3, 100, 100, 500)]), ALIKE),
    "nearly one": (cells_of([(3, 90, 100, 900), *((x, 50, 99, 9) for x in range(1, 5))]), ALIKE),
    "no time": (cells_of([(0, 0, 0, 500), (1, 0, 0, 100)]), ALIKE),
    "nobody stops": (cells_of([(x, 365, 365, 50) for x in range(1, 9)]), NEVER),
    "equal": (cells_of([(3, 90 + day, 100 + day, 50) for day in range(10)]), NEVER),
    "all alive": (simulated("bg_nbd", (1.0, 20.0, 0.001, 20.0), 500), NEVER),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("case", HOPELESS)
def test_the_cause_is_named_and_nothing_else_is_heard(case, model, capsys):
    cells, cause = HOPELESS[case]
    with pytest.raises(ModelError, match=cause):
        fit(cells, model=model)
    assert capsys.readouterr() == ("", "")


def test_one_cause_is_said_once():
    fits, reasons = fit_models(HOPELESS["daily"][0], models=MODELS)
    assert fits == {}
    assert len(reasons) == 1


def test_a_penalty_is_recorded_and_said():
    """All stop with the same chance: a and b run away together, and only their share counts."""
    cells = simulated("bg_nbd", (1.0, 20.0, 200.0, 600.0), 1000)
    fitted = fit(cells, model="bg_nbd")
    assert fitted.penalty > 0
    assert f"small penalty (weight {fitted.penalty:g})" in fitted.doubts[0]
    assert fit_models(cells, models=["bg_nbd"])[1] == list(fitted.doubts)
    a, b = fitted.params["a"], fitted.params["b"]
    assert a / (a + b) == pytest.approx(0.25, abs=0.03)
    # What it costs the likelihood is no more than what is allowed, against the truth as well.
    truth = [1.0, 20.0 / 7, 200.0, 600.0]
    assert fitted.log_likelihood > likelihood_at(truth, cells) - MAY_COST


def likelihood_at(params, cells):
    weeks = cells.assign(recency_age=cells.recency_age / 7, age=cells.age / 7)
    return likelihood_of(weeks, model="bg_nbd")(np.log(params))[0]


def test_no_penalty_where_none_is_needed(cdnow_fits):
    for fitted in cdnow_fits.values():
        assert (fitted.penalty, fitted.doubts) == (0, ())


@pytest.mark.parametrize("model", MODELS)
def test_few_customers_are_fitted_somehow(model):
    """A hundred customers often leave a ridge; the result stays usable."""
    for seed in range(4):
        cells = simulated("mbg_nbd", (0.5, 43, 0.9, 1.6), 100, seed=seed)
        fitted = fit(cells, model=model)
        alive = p_alive(model, fitted.values, **(cells[CELL] / [1, 7, 7]).to_dict("series"))
        assert np.isfinite(alive).all()
        assert np.linalg.eigvalsh(fitted.relative_covariance).min() > 0


def test_many_cells_are_searched_coarsely_first_and_end_at_the_same_place(
    monkeypatch, cdnow_cells, cdnow_fits
):
    monkeypatch.setattr(ladder, "MANY", 100)
    looked = []
    monkeypatch.setattr(
        ladder, "coarse_cells", lambda cells: looked.append(1) or coarse_cells(cells)
    )
    for model, fitted in cdnow_fits.items():
        again = fit(cdnow_cells, model=model)
        assert again.params == pytest.approx(fitted.params, rel=1e-6)
        np.testing.assert_allclose(again.covariance, fitted.covariance, rtol=1e-3)
    assert len(looked) == 3


@pytest.mark.parametrize("start", [(0, 0), (9, -9), (13, 13)])
def test_the_search_arrives_from_afar(start):
    """A valley that is bent and thirty times as long as wide (Rosenbrock 1960)."""

    def bent(logs):
        x, y = logs
        rise = -((1 - x) ** 2) - 30 * (y - x**2) ** 2
        return rise, np.array([2 * (1 - x) + 120 * x * (y - x**2), -60 * (y - x**2)])

    found = search(bent, np.array(start, float))
    assert found.clear
    np.testing.assert_allclose(found.logs, 1, atol=1e-5)


def test_a_plane_has_no_clear_top():
    plane = search(lambda logs: (logs.sum(), np.ones(2)), np.zeros(2))
    ridge = search(lambda logs: (-(logs[0] ** 2), np.array([-2 * logs[0], 0])), np.ones(2))
    assert not plane.clear
    assert not ridge.clear
