"""Fits: published parameters, known truth, and what cannot be fitted."""

import warnings

import numpy as np
import pytest
from scipy.special import betaln, gammaln, hyp2f1

from regulars.measures.examples import few_cells
from regulars.measures.purchase_models.cells import CELL, count_cells
from regulars.measures.purchase_models.fitting import ModelError, fit, fit_models
from regulars.measures.purchase_models.formulas import MODELS
from regulars.measures.purchase_models.simulated import simulate
from regulars.measures.purchases import customer_summary

NAMES = ["r", "alpha", "a", "b"]


def log_likelihood(model, params, cells, unit_days=7):
    """Fader, Hardie & Lee 2005, eq. 6, and its sisters, written out anew."""
    r, alpha, a, b = params
    x = cells.repeat_days.to_numpy(float)
    last, age = cells.recency_age.to_numpy() / unit_days, cells.age.to_numpy() / unit_days
    if model == "pareto_nbd":
        return (cells.customers * pareto_nbd(params, x, last, age)).sum()
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    more = 0 if model == "bg_nbd" else 1
    alive = betaln(a, b + x + more) - betaln(a, b) - (r + x) * np.log(alpha + age)
    stopped = betaln(a + 1, b + x + more - 1) - betaln(a, b) - (r + x) * np.log(alpha + last)
    if model == "bg_nbd":
        stopped = np.where(x > 0, stopped, -np.inf)
    return (cells.customers * (common + np.logaddexp(alive, stopped))).sum()


def pareto_nbd(params, x, last, age):
    """Fader & Hardie 2005, note 009, eq. 18, with 2F1 as published; good for few purchases."""
    r, alpha, s, beta = params
    both, other = r + s + x, s + 1 if alpha >= beta else r + x
    greater, gap = max(alpha, beta), abs(alpha - beta)

    def part(time):
        inside = hyp2f1(both, other, both + 1, gap / (greater + time))
        return inside / (greater + time) ** both

    stays = (alpha + age) ** -(r + x) * (beta + age) ** -s
    stopped = s / both * (part(last) - part(age))
    constant = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return constant + np.log(stays + stopped)


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


def test_cdnow_pareto_nbd_as_published(cdnow_fits):
    fitted = cdnow_fits["pareto_nbd"]
    assert list(fitted.params) == ["r", "alpha", "s", "beta"]
    r, alpha, s, beta = fitted.values
    assert (r, s) == pytest.approx((0.553, 0.606), abs=1e-3)
    assert (alpha, beta) == pytest.approx((10.58, 11.66), abs=0.05)  # a flat ridge
    assert fitted.log_likelihood == pytest.approx(-9594.98, abs=0.005)


@pytest.mark.parametrize("model", MODELS)
def test_lifetimes_ends_at_the_same_place(model, cdnow_fits, cdnow_cells, reference):
    theirs = reference[model]()
    x, last, age, customers = cdnow_cells.to_numpy().T
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # its search overflows on the way
        theirs.fit(x, last / 7, age / 7, weights=customers)
    ours = cdnow_fits[model].params
    # Their search of Pareto/NBD stops anywhere on its ridge, with the likelihood as high.
    near = {"rel": 5e-3} if model == "pareto_nbd" else {"rel": 1e-4}
    assert theirs.params_.to_dict() == pytest.approx(ours, **near)
    at_theirs = log_likelihood(model, theirs.params_.to_numpy(), cdnow_cells)
    assert -0.005 < at_theirs - cdnow_fits[model].log_likelihood <= 1e-6


@pytest.mark.parametrize("model", MODELS)
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
        days = fit(cdnow_cells, model=model, unit_days=1)
        for name, value in fitted.params.items():
            in_time = name in ("alpha", "beta")
            longest = value * (10 if in_time else 1)
            assert stretched.params[name] == pytest.approx(longest, rel=1e-6)
            assert days.params[name] == pytest.approx(value * (7 if in_time else 1), rel=1e-6)
        purchases = cdnow_cells.repeat_days @ cdnow_cells.customers
        shift = fitted.log_likelihood - days.log_likelihood
        assert shift == pytest.approx(purchases * np.log(7), rel=1e-9)


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
    ("model", "truth"),
    [
        ("bg_nbd", (0.5, 6, 0.7, 2.0)),
        ("mbg_nbd", (0.9, 8, 0.8, 1.5)),
        ("pareto_nbd", (0.9, 8, 0.8, 12)),
    ],
)
def test_known_parameters_are_recovered_within_three_standard_errors(model, truth):
    ages = np.repeat(np.arange(50.0, 100), 160)
    cells = simulate(model, truth, ages=ages, seed=42).assign(customers=1)
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


def test_fitting_leaves_the_warning_filters_as_they_were(cdnow_cells):
    before = list(warnings.filters)
    fit(cdnow_cells)
    assert warnings.filters == before


def test_an_unknown_model_is_refused(cdnow_cells):
    with pytest.raises(ValueError, match="bg_nbd, mbg_nbd, pareto_nbd, found 'pareto'"):
        fit(cdnow_cells, model="pareto")


def test_several_models_are_fitted_or_say_why_not(cdnow_fits, cdnow_cells):
    fits, reasons = fit_models(cdnow_cells, models=MODELS)
    assert {name: one.params for name, one in fits.items()} == {
        name: one.params for name, one in cdnow_fits.items()
    }
    assert reasons == []
    fits, reasons = fit_models(cdnow_cells.head(5), models=["bg_nbd"])
    assert fits == {}
    assert "at least 20 customers" in reasons[0]
