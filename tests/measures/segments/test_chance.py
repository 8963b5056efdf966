"""Chance: published numbers, a second way, and no false alarms where nothing changes."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from regulars.measures.segments.chance import (
    holm,
    net_interval,
    paired_difference,
    sign_tests,
)

RUNS = 600


def test_the_paired_interval_is_the_published_one():
    # Cavo et al. 2012: 59, 6, 16 and 80 of 161 patients; from Fagerland, Lydersen & Laake (2017),
    # Statistical Analysis of Contingency Tables: -0.0621 (-0.1186 to -0.0046), first less second.
    found = paired_difference(np.array([[59], [6], [16], [80]]))
    assert {name: float(end[0].round(4)) for name, end in found.items()} == {
        "change": 0.0621, "low": 0.0046, "high": 0.1186,
    }  # fmt: skip


def test_the_paired_interval_does_not_collapse_where_nobody_moved():
    found = paired_difference(np.array([[0, 30], [0, 0], [0, 0], [40, 10]]))
    assert found["change"].tolist() == [0, 0]
    assert (found["low"] < 0).all()
    assert (found["high"] > 0).all()


def test_without_customers_there_is_no_difference():
    assert np.isnan(paired_difference(np.zeros((4, 1)))["change"]).all()


@pytest.mark.parametrize(("came_in", "went_out"), [(3, 11), (11, 3), (5, 5), (0, 4), (0, 0)])
def test_the_sign_test_is_the_exact_one_of_mcnemar(came_in, went_out):
    p = sign_tests(np.array([came_in]), np.array([went_out]))["p"][0]
    exact = mcnemar([[0, came_in], [went_out, 0]], exact=True).pvalue if came_in + went_out else 1
    assert p == pytest.approx(exact)


def test_holm_is_that_of_statsmodels():
    p = np.random.default_rng(3).random(40) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert holm(np.array([])).tolist() == []


def test_holm_holds_all_tests_together():
    found = sign_tests(np.array([0, 0, 3]), np.array([6, 8, 3]))
    assert found["p"].round(4).tolist() == [0.0312, 0.0078, 1.0]
    assert found["p_holm"].round(4).tolist() == [0.0625, 0.0234, 1.0]
    assert found["exceeds_chance"].tolist() == [False, True, False]


def test_nothing_changing_is_called_a_change_in_at_most_five_of_a_hundred_runs():
    random = np.random.default_rng(11)
    false = {"sign": 0, "net": 0}
    for _ in range(RUNS):
        square = _exchange(random, groups=6, customers=400)
        came_in, went_out = _moved(square)
        new, gone = random.poisson(12, 6), random.poisson(12, 6)
        false["sign"] += sign_tests(came_in, went_out)["exceeds_chance"].any()
        false["net"] += sign_tests(came_in + new, went_out + gone)["exceeds_chance"].any()
    assert false["sign"] <= 0.05 * RUNS
    assert false["net"] <= 0.05 * RUNS


def test_a_true_change_is_found():
    random = np.random.default_rng(12)
    found = 0
    for _ in range(50):
        square = _exchange(random, groups=6, customers=400)
        square[0, 1] += 60
        found += sign_tests(*_moved(square))["exceeds_chance"][0]
    assert found >= 45


def test_net_intervals_hold_the_truth():
    random = np.random.default_rng(13)
    came, went = random.poisson(8, 4000), random.poisson(5, 4000)
    found = net_interval(came, went)
    held = ((found["net_low"] <= 3) & (found["net_high"] >= 3)).mean()
    assert 0.94 <= held <= 0.97


def _exchange(random, *, groups, customers):
    """Let customers be in two groups drawn alike: as likely one way as the other."""
    likely = random.dirichlet(np.ones(groups))
    own = np.diag(likely) * 0.4 + 0.6 * np.outer(likely, likely)
    return random.multinomial(customers, own.ravel() / own.sum()).reshape(groups, groups)


def _moved(square):
    return square.sum(axis=0) - np.diag(square), square.sum(axis=1) - np.diag(square)
