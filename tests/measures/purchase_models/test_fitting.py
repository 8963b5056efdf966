"""Fits: published parameters, known truth, and what cannot be fitted."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln, gammaln

from regulars.measures.examples import few_cells
from regulars.measures.purchase_models.cells import CELL, count_cells
from regulars.measures.purchase_models.fitting import ModelError, fit, fit_models
from regulars.measures.purchases import customer_summary

NAMES = ["r", "alpha", "a", "b"]


def log_likelihood(model, params, cells, unit_days=7):
    """Fader, Hardie & Lee 2005, eq. 6, and its MBG/NBD sister, written out anew."""
    r, alpha, a, b = params
    x = cells.repeat_days.to_numpy(float)
    last, age = cells.recency_age.to_numpy() / unit_days, cells.age.to_numpy() / unit_days
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    more = 0 if model == "bg_nbd" else 1
    alive = betaln(a, b + x + more) - betaln(a, b) - (r + x) * np.log(alpha + age)
    stopped = betaln(a + 1, b + x + more - 1) - betaln(a, b) - (r + x) * np.log(alpha + last)
    if model == "bg_nbd":
        stopped = np.where(x > 0, stopped, -np.inf)
    return (cells.customers * (common + np.logaddexp(alive, stopped))).sum()


def numerical_covariance(model, fitted, cells):
    """Invert a Hessian of finite differences in the logarithms of the parameters."""
    params, step = np.array(list(fitted.params.values())), 1e-3
    moves = np.eye(4) * step

    def at(move):
        return log_likelihood(model, params * np.exp(move), cells)

    hessian = [
        [(at(i + j) - at(i - j) - at(j - i) + at(-i - j)) / (4 * step**2) for j in moves]
        for i in moves
    ]
    return np.linalg.inv(-np.array(hessian)) * np.outer(params, params)


def test_cells_by_hand(shop):
    # As of the end of February: ann came back once; bob, cyd, dan, eve did not.
    cells = count_cells(customer_summary(shop, as_of="1997-02-28"))
    assert cells.to_numpy().tolist() == [
        [0, 0, 8, 1],
        [0, 0, 14, 1],
        [0, 0, 27, 1],
        [0, 0, 49, 1],
        [1, 15, 54, 1],
    ]


def test_cells_hold_every_customer_once(cdnow_cells):
    assert cdnow_cells.customers.sum() == 2357
    assert not cdnow_cells.duplicated(CELL).any()
    assert cdnow_cells.sort_values(CELL).index.is_monotonic_increasing


def test_cdnow_bg_nbd_as_published(cdnow_fits):
    fitted = cdnow_fits["bg_nbd"]
    assert list(fitted.params) == NAMES
    assert list(fitted.params.values()) == pytest.approx([0.2426, 4.4136, 0.7929, 2.4259], abs=5e-5)
    assert list(fitted.standard_errors.values()) == pytest.approx(
        [0.01256, 0.3782, 0.1857, 0.7054], rel=1e-3
    )
    assert fitted.log_likelihood == pytest.approx(-9582.43, abs=0.005)
    assert fitted.customers == 2357


def test_cdnow_mbg_nbd_as_published(cdnow_fits):
    fitted = cdnow_fits["mbg_nbd"]
    assert list(fitted.params.values()) == pytest.approx([0.525, 6.183, 0.891, 1.614], abs=5e-4)
    assert fitted.log_likelihood == pytest.approx(-9582.14, abs=0.01)


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
def test_log_likelihood_and_covariance_agree_with_formulas_written_anew(
    model, cdnow_fits, cdnow_cells
):
    fitted = cdnow_fits[model]
    ours = log_likelihood(model, list(fitted.params.values()), cdnow_cells)
    assert fitted.log_likelihood == pytest.approx(ours, abs=1e-6)
    np.testing.assert_allclose(
        fitted.covariance, numerical_covariance(model, fitted, cdnow_cells), rtol=2e-3
    )
    np.testing.assert_allclose(fitted.covariance, fitted.covariance.T, rtol=1e-9)


def test_no_parameters_nearby_are_more_likely(cdnow_fits, cdnow_cells):
    for model, fitted in cdnow_fits.items():
        params = np.array(list(fitted.params.values()))
        for move in [*np.eye(4), *-np.eye(4)]:
            beside = log_likelihood(model, params * np.exp(move / 100), cdnow_cells)
            assert beside < fitted.log_likelihood


def test_trap_ages_times_ten_give_alpha_times_ten_and_the_rest_unchanged(cdnow_fits, cdnow_cells):
    longer = cdnow_cells.assign(recency_age=cdnow_cells.recency_age * 10, age=cdnow_cells.age * 10)
    for model, fitted in cdnow_fits.items():
        stretched = fit(longer, model=model)
        factor = {"r": 1, "alpha": 10, "a": 1, "b": 1}
        for name, times in factor.items():
            assert stretched.params[name] == pytest.approx(fitted.params[name] * times, rel=1e-4)
        days = fit(cdnow_cells, model=model, unit_days=1)
        assert days.params["alpha"] == pytest.approx(fitted.params["alpha"] * 7, rel=1e-4)


def test_weighted_cells_equal_raw_rows(cdnow_fits, cdnow_cells):
    rows = cdnow_cells.loc[cdnow_cells.index.repeat(cdnow_cells.customers)].assign(customers=1)
    for model, fitted in cdnow_fits.items():
        raw = fit(rows, model=model)
        assert list(raw.params.values()) == pytest.approx(list(fitted.params.values()), rel=1e-5)
        assert raw.log_likelihood == pytest.approx(fitted.log_likelihood, abs=1e-6)


def test_the_whole_cdnow_cohort_in_days(whole_cdnow):
    cells = count_cells(customer_summary(whole_cdnow, as_of="1998-06-30"))
    assert (len(cells), cells.customers.sum()) == (11_104, 23_570)
    fitted = fit(cells, model="bg_nbd", unit_days=1)
    expected = {"r": 0.26713, "alpha": 41.905, "a": 0.48352, "b": 2.11161}
    for name, value in expected.items():
        assert fitted.params[name] == pytest.approx(value, rel=2e-5)


@pytest.mark.parametrize(
    ("model", "truth"), [("bg_nbd", (0.5, 6, 0.7, 2.0)), ("mbg_nbd", (0.9, 8, 0.8, 1.5))]
)
def test_known_parameters_are_recovered_within_three_standard_errors(model, truth, simulate):
    cells = simulate(model, truth, customers=8000, weeks=100, seed=42)
    fitted = fit(cells, model=model, unit_days=1)
    for (name, error), value in zip(fitted.standard_errors.items(), truth, strict=True):
        assert abs(fitted.params[name] - value) < 3 * error
        assert error < 0.25 * value


def test_a_fit_is_the_same_each_time(cdnow_fits, cdnow_cells):
    again = fit(cdnow_cells, model="mbg_nbd")
    assert again.params == cdnow_fits["mbg_nbd"].params
    assert again.covariance.equals(cdnow_fits["mbg_nbd"].covariance)


def test_too_few_repeaters_are_refused():
    cells = few_cells().assign(customers=[600, 4, 3, 2, 2, 2])
    with pytest.raises(
        ModelError, match="at least 20 customers who bought again, and there are 13 of 613"
    ):
        fit(cells)


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
@pytest.mark.parametrize(
    "rows",
    [
        [(3, 100, 100, 500)],  # one history, and nobody stops
        [(0, 0, 0, 500), (1, 0, 0, 100)],  # all came on the last day
        [(x, 365, 365, 50) for x in range(1, 9)],  # all bought to the last day
    ],
    ids=["one history", "no time", "nobody stops"],
)
def test_what_has_no_clear_optimum_is_refused_in_silence(rows, model, capsys):
    cells = pd.DataFrame(rows, columns=[*CELL, "customers"])
    with pytest.raises(ModelError, match="no parameters that are clearly the best"):
        fit(cells, model=model)
    assert capsys.readouterr() == ("", "")


def test_fitting_leaves_the_warning_filters_as_they_were(cdnow_cells):
    before = list(warnings.filters)
    fit(cdnow_cells)
    assert warnings.filters == before


def test_an_unknown_model_is_refused(cdnow_cells):
    with pytest.raises(ValueError, match="Expected a model of bg_nbd, mbg_nbd, found 'pareto'"):
        fit(cdnow_cells, model="pareto")


def test_several_models_are_fitted_or_say_why_not(cdnow_fits, cdnow_cells):
    fits, reasons = fit_models(cdnow_cells)
    assert {name: one.params for name, one in fits.items()} == {
        name: one.params for name, one in cdnow_fits.items()
    }
    assert reasons == []
    fits, reasons = fit_models(cdnow_cells.head(5), models=["bg_nbd"])
    assert fits == {}
    assert "at least 20 customers" in reasons[0]
