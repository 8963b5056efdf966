"""Standard errors: from the curvature, from new draws of customers, and from single slopes."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.examples import few_cells
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.draws import parameter_draws
from regulars.measures.purchase_models.fitting import fit, refit
from regulars.measures.purchase_models.formulas import MODELS
from regulars.measures.purchase_models.individual import with_robust_covariance
from regulars.measures.purchase_models.resampling import bootstrap_parameters
from regulars.measures.purchase_models.simulated import simulate


def relative(fitted):
    return np.sqrt(np.diag(fitted.relative_covariance))


@pytest.mark.parametrize(
    ("model", "params"),
    [
        ("bg_nbd", (0.5, 6.0, 0.7, 2.0)),
        ("mbg_nbd", (0.9, 8.0, 0.8, 1.5)),
        ("pareto_nbd", (0.9, 8.0, 0.8, 12.0)),
    ],
)
def test_where_the_model_is_right_all_three_agree(model, params):
    drawn = simulate(model, params, ages=np.repeat(np.arange(40, 100), 100), seed=3)
    # Times to a tenth, so that cells are shared; a tenth is a seventieth of the mean age.
    cells = drawn.round(1).groupby(CELL).size().rename("customers").reset_index()
    fitted = fit(cells, model=model, unit_days=1)
    draws = bootstrap_parameters(cells, fitted, replicates=80, seed=1)
    assert not draws.isna().any(axis=None)
    spread = np.log(draws).std().to_numpy()
    np.testing.assert_allclose(spread, relative(fitted), rtol=0.25)
    robust = with_robust_covariance(fitted, cells)
    np.testing.assert_allclose(relative(robust), relative(fitted), rtol=0.12)
    np.testing.assert_allclose(draws.median(), fitted.values, rtol=0.05)


def test_cdnow_is_not_quite_bg_nbd_so_curvature_says_too_little(cdnow_cells, cdnow_fits):
    """Both ways that do not trust the model say: r and α are a quarter less sure than it thinks."""
    fitted = cdnow_fits["bg_nbd"]
    draws = bootstrap_parameters(cdnow_cells, fitted, replicates=200, seed=1)
    spread = np.log(draws).std().to_numpy()
    robust = relative(with_robust_covariance(fitted, cdnow_cells))
    np.testing.assert_allclose(robust, spread, rtol=0.15)
    assert (robust[:2] > 1.1 * relative(fitted)[:2]).all()


def test_a_robust_fit_differs_in_nothing_else(cdnow_cells, cdnow_fits):
    for fitted in cdnow_fits.values():
        robust = with_robust_covariance(fitted, cdnow_cells)
        assert (robust.params, robust.log_likelihood) == (fitted.params, fitted.log_likelihood)
        np.testing.assert_allclose(robust.covariance, robust.covariance.T, rtol=1e-6)


def test_a_draw_without_an_answer_is_missing():
    cells = few_cells().assign(customers=[600, 9, 6, 4, 1, 1])
    draws = bootstrap_parameters(cells, fit(cells, model="bg_nbd"), replicates=40, seed=1)
    lost = draws.isna().any(axis=1)
    assert 0 < lost.sum() < 40
    assert (draws[~lost] > 0).all(axis=None)


def test_the_same_seed_gives_the_same_draws(cdnow_cells, cdnow_fits):
    fitted = cdnow_fits["mbg_nbd"]
    first, again, other = (
        bootstrap_parameters(cdnow_cells, fitted, replicates=2, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_fitting_again_finds_the_same_place(cdnow_cells, cdnow_fits):
    for fitted in cdnow_fits.values():
        again = refit(fitted, cdnow_cells)
        assert again.params == pytest.approx(fitted.params, rel=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_draws_have_the_covariance_of_the_fit(model, cdnow_fits):
    fitted = cdnow_fits[model]
    draws = parameter_draws(fitted, 20_000, seed=1)
    assert draws.shape == (20_000, 4)
    assert (draws > 0).all()
    np.testing.assert_allclose(np.median(draws, axis=0), fitted.values, rtol=0.03)
    scale = np.outer(relative(fitted), relative(fitted))
    found = np.cov(np.log(draws).T) / scale
    np.testing.assert_allclose(found, fitted.relative_covariance / scale, atol=0.03)
