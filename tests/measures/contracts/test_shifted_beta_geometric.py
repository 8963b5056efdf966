"""The shifted beta-geometric: published numbers, a second way to them, its slopes, and the truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from regulars.errors import ModelError
from regulars.measures.contracts.shifted_beta_geometric import (
    _slopes,
    _sufficient,
    draws_of,
    fit_renewals,
    log_likelihood,
    retention_rate,
    survival,
)

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


def counts_from(survivors):
    lost = -np.diff(survivors)
    return pd.DataFrame(
        {
            "periods": [*range(1, len(survivors)), len(survivors) - 1],
            "ended": [True] * len(lost) + [False],
            "contracts": [*lost, survivors[-1]],
        }
    )


def test_high_end_of_fader_and_hardie():
    fitted = fit_renewals(counts_from(HIGH_END))
    assert fitted.alpha == pytest.approx(0.668, abs=5e-4)
    assert fitted.beta == pytest.approx(3.806, abs=5e-4)
    assert fitted.log_likelihood == pytest.approx(-1611.16, abs=5e-3)
    assert survival(fitted.params, 12) == pytest.approx(0.378, abs=5e-4)
    assert (fitted.contracts, fitted.ended) == (1000, 509)


def test_regular_of_fader_and_hardie():
    fitted = fit_renewals(counts_from(REGULAR))
    assert fitted.params == (pytest.approx(0.704, abs=5e-4), pytest.approx(1.182, abs=5e-4))


def by_integration(alpha, beta, periods):
    """The definition: a geometric, mixed over the beta that chances come from."""
    return (
        integrate.quad(
            lambda chance: (1 - chance) ** periods, 0, 1, weight="alg", wvar=(alpha - 1, beta - 1)
        )[0]
        / integrate.quad(lambda _: 1.0, 0, 1, weight="alg", wvar=(alpha - 1, beta - 1))[0]
    )


def test_survival_is_the_mixture_it_is_defined_as():
    rng = np.random.default_rng(3)
    for alpha, beta, periods in zip(
        rng.uniform(0.2, 5, 200), rng.uniform(0.3, 20, 200), rng.integers(0, 60, 200), strict=True
    ):
        expected = by_integration(alpha, beta, periods)
        assert survival((alpha, beta), periods) == pytest.approx(expected, rel=1e-6)


def test_the_likelihood_is_that_of_each_contract_by_itself():
    counts = pd.DataFrame(
        {"periods": [1, 3, 4, 0], "ended": [True, True, False, False], "contracts": [3, 2, 5, 7]}
    )
    params = (0.8, 4.2)
    chance = {t: by_integration(*params, t) for t in range(5)}
    expected = (
        3 * np.log(chance[0] - chance[1])
        + 2 * np.log(chance[2] - chance[3])
        + 5 * np.log(chance[4])
    )
    assert log_likelihood(params, counts) == pytest.approx(expected, rel=1e-8)


def test_slopes_and_curves_are_those_of_the_likelihood():
    cells, step = _sufficient(counts_from(HIGH_END)), 1e-5
    for at in ([0.0, 1.0], [-0.7, 2.0], [1.2, 0.4]):
        at = np.array(at)
        _, slope, curve = _slopes(at, *cells)
        for one in range(2):
            move = step * np.eye(2)[one]
            up, down = _slopes(at + move, *cells), _slopes(at - move, *cells)
            assert slope[one] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5)
            assert curve[one] == pytest.approx((up[1] - down[1]) / (2 * step), rel=1e-5)


def test_retention_is_the_ratio_of_survivals_and_rises():
    params, periods = (0.8, 4.2), np.arange(1, 40)
    rates = survival(params, periods) / survival(params, periods - 1)
    assert retention_rate(params, periods) == pytest.approx(rates)
    assert (np.diff(retention_rate(params, periods)) > 0).all()


def test_weights_equal_rows():
    counts = counts_from(HIGH_END)
    rows = counts.loc[counts.index.repeat(counts.contracts)].assign(contracts=1)
    one, other = fit_renewals(counts), fit_renewals(rows.sample(frac=1, random_state=1))
    assert other.params == pytest.approx(one.params)
    assert other.covariance == pytest.approx(one.covariance, rel=1e-5)


def test_intervals_hold_the_truth_about_as_often_as_they_say(simulated):
    rng, truth, held = np.random.default_rng(11), (0.8, 4.2), []
    for _ in range(60):
        fitted = fit_renewals(simulated(rng, rng.beta(*truth, 750), months=36))
        drawn = survival(draws_of(fitted, 500, seed=1), 24)
        low, high = np.quantile(drawn, [0.025, 0.975])
        ends = [(one.low, one.high) for one in fitted.estimates.values()] + [(low, high)]
        values = (*truth, float(survival(truth, 24)))
        held.append([a <= value <= b for (a, b), value in zip(ends, values, strict=True)])
    times = np.sum(held, axis=0)
    # Outside these, a coverage of 95 % would bring 60 shops once in ten thousand times.
    low, high = stats.binom.ppf([5e-5, 1 - 5e-5], 60, 0.95)
    assert ((times >= low) & (times <= high)).all(), times


def test_draws_scatter_as_the_covariance_says():
    fitted = fit_renewals(counts_from(HIGH_END))
    drawn = np.log(np.hstack(draws_of(fitted, 20_000, seed=5)))
    assert np.cov(drawn.T) == pytest.approx(fitted.covariance, rel=0.05)
    assert draws_of(fitted, 3, seed=5)[0].tolist() == draws_of(fitted, 3, seed=5)[0].tolist()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(5, False, 100)], "Fewer than 10 contracts have ended"),
        ([(5, False, 100), (2, True, 9)], "Fewer than 10 contracts have ended"),
        ([(1, True, 100)], "No contract was ever renewed"),
        ([(1, True, 90), (0, False, 30)], "No contract was ever renewed"),
    ],
)
def test_what_cannot_be_fitted_says_why(rows, words):
    with pytest.raises(ModelError, match=words):
        fit_renewals(pd.DataFrame(rows, columns=["periods", "ended", "contracts"]))


def test_contracts_that_are_all_alike_have_no_clear_best():
    """Exactly geometric: the likelihood rises for ever as α and β grow together."""
    ended = [(t, True, 2 ** (12 - t)) for t in range(1, 12)]
    counts = pd.DataFrame([*ended, (11, False, 2)], columns=["periods", "ended", "contracts"])
    with pytest.raises(ModelError, match="do not tell how they differ"):
        fit_renewals(counts)
