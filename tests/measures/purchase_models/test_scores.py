"""Scores: joined to customers, averaged with honest intervals, finite for heavy buyers."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch
from regulars.measures.purchase_models.cells import CELL, count_cells
from regulars.measures.purchase_models.fitting import Fit, ModelError, fit
from regulars.measures.purchase_models.scores import (
    expected_total,
    join_scores,
    p_alive_distribution,
    p_alive_mean,
    score,
)
from regulars.measures.purchases import customer_summary


def test_cdnow_mean_p_alive(cdnow_fits, cdnow_cells):
    means = {model: p_alive_mean(fitted, cdnow_cells) for model, fitted in cdnow_fits.items()}
    assert means["bg_nbd"].value == pytest.approx(0.813, abs=5e-4)
    assert means["mbg_nbd"].value == pytest.approx(0.449, abs=5e-4)
    assert means["pareto_nbd"].value == pytest.approx(0.446, abs=5e-4)
    for mean in means.values():
        assert mean.low < mean.value < mean.high
        assert mean.n == 2357


def test_cdnow_expected_total(cdnow_fits, cdnow_cells):
    totals = {m: expected_total(f, cdnow_cells, horizon_days=273) for m, f in cdnow_fits.items()}
    assert totals["bg_nbd"].value == pytest.approx(1653, abs=0.5)
    assert totals["mbg_nbd"].value == pytest.approx(1577, abs=0.5)
    assert totals["pareto_nbd"].value == pytest.approx(1666, abs=0.7)
    for model, total in totals.items():
        scored = score(cdnow_fits[model], cdnow_cells, horizon_days=273)
        assert total.value == pytest.approx((scored.expected_purchases * scored.customers).sum())
        assert total.low < total.value < total.high


def test_intervals_hold_what_the_parameters_may_be(cdnow_fits, cdnow_cells):
    """Draw parameters from the covariance; nineteen in twenty results lie in the interval."""
    for model, fitted in cdnow_fits.items():
        params = np.array(list(fitted.params.values()))
        relative = fitted.covariance.to_numpy() / np.outer(params, params)
        draws = params * np.exp(
            np.random.default_rng(4).multivariate_normal(np.zeros(4), relative, 300)
        )
        mean, total = (
            p_alive_mean(fitted, cdnow_cells),
            expected_total(fitted, cdnow_cells, horizon_days=273),
        )
        inside = np.zeros(2)
        for draw in draws:
            drawn = Fit(
                model, dict(zip(fitted.params, draw, strict=True)), 7, fitted.covariance, 0, 0
            )
            scored = score(drawn, cdnow_cells, horizon_days=273)
            alive = np.average(scored.p_alive, weights=scored.customers)
            bought = scored.expected_purchases @ scored.customers
            inside += [mean.low <= alive <= mean.high, total.low <= bought <= total.high]
        assert (inside / 300 > 0.91).all()
        assert (inside / 300 < 0.985).all()


def test_known_mean_p_alive_is_found(simulate):
    """The share alive of simulated customers is known, for the model's own parameters."""
    cells = simulate("mbg_nbd", (0.9, 8, 0.8, 1.5), customers=6000, weeks=100, seed=3)
    fitted = fit(cells, unit_days=1)
    found = p_alive_mean(fitted, cells)
    truth = Fit(
        "mbg_nbd",
        dict(zip(fitted.params, (0.9, 8, 0.8, 1.5), strict=True)),
        1,
        fitted.covariance,
        0,
        0,
    )
    assert found.low <= p_alive_mean(truth, cells).value <= found.high


def test_nothing_to_be_unsure_of_has_no_interval(cdnow_fits):
    """BG/NBD calls one-time buyers alive whatever its parameters."""
    once = pd.DataFrame({"repeat_days": [0], "recency_age": [0], "age": [100], "customers": [9]})
    found = p_alive_mean(cdnow_fits["bg_nbd"], once)
    assert (found.value, found.low, found.high) == (1, None, None)


def test_every_customer_gets_the_scores_of_its_cell(cdnow, cdnow_fits, cdnow_cells):
    customers = customer_summary(cdnow, as_of="1997-09-30")
    scored = score(cdnow_fits["mbg_nbd"], cdnow_cells, horizon_days=90)
    joined = fetch(join_scores(customers, scored).order_by("customer_id"))
    assert len(joined) == joined.customer_id.nunique() == 2357
    assert joined.p_alive.mean() == pytest.approx(
        np.average(scored.p_alive, weights=scored.customers)
    )
    pd.testing.assert_frame_equal(
        joined[CELL].merge(scored, on=CELL)[["p_alive"]], joined[["p_alive"]]
    )


def test_trap_ages_times_ten_leave_p_alive_as_it_was(cdnow_fits, cdnow_cells):
    longer = cdnow_cells.assign(recency_age=cdnow_cells.recency_age * 10, age=cdnow_cells.age * 10)
    for model, fitted in cdnow_fits.items():
        before = score(fitted, cdnow_cells, horizon_days=273)
        after = score(fit(longer, model=model), longer, horizon_days=2730)
        np.testing.assert_allclose(after.p_alive, before.p_alive, rtol=1e-4)
        np.testing.assert_allclose(after.expected_purchases, before.expected_purchases, rtol=1e-3)


def test_heavy_buyers_are_scored(cdnow_fits):
    heavy = pd.DataFrame(
        {"repeat_days": [500], "recency_age": [545], "age": [546], "customers": [1]}
    )
    for fitted in cdnow_fits.values():
        scored = score(fitted, heavy, horizon_days=273)
        assert scored.p_alive[0] > 0.9
        assert 150 < scored.expected_purchases[0] < 300


def test_parameters_too_extreme_are_refused(cdnow_fits, cdnow_cells):
    fitted = cdnow_fits["mbg_nbd"]
    broken = Fit("mbg_nbd", {**fitted.params, "a": np.nan}, 7, fitted.covariance, 0, 0)
    with pytest.raises(ModelError, match="Withhold its predictions"):
        score(broken, cdnow_cells, horizon_days=273)


def test_distribution_counts_everybody_and_keeps_the_ends(cdnow_fits, cdnow_cells):
    scored = {m: score(f, cdnow_cells, horizon_days=273) for m, f in cdnow_fits.items()}
    found = p_alive_distribution(scored)
    assert found.groupby("name").customers.sum().to_dict() == dict.fromkeys(scored, 2357)
    last = found[found.p_alive_to == 1].set_index("name").customers
    assert last["bg_nbd"] >= 1411  # everybody who bought once
    assert last["mbg_nbd"] < 10


def test_cells_of_one_customer_by_hand(shop, cdnow_fits):
    cells = count_cells(customer_summary(shop, as_of="1997-02-28"))
    scored = score(cdnow_fits["bg_nbd"], cells, horizon_days=46)
    assert scored.p_alive.tolist()[:4] == [1, 1, 1, 1]
    r, alpha, a, b = cdnow_fits["bg_nbd"].params.values()
    odds = a / b * ((alpha + 54 / 7) / (alpha + 15 / 7)) ** (r + 1)
    assert scored.p_alive[4] == pytest.approx(1 / (1 + odds))
