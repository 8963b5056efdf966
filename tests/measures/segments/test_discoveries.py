"""Corrections for many tests: by hand, against statsmodels, on what cannot be found."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from regulars.measures.segments.discoveries import discrete_q_values, q_values


def test_q_values_agree_with_statsmodels():
    p = np.random.default_rng(1).random(50) ** 3
    assert q_values(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_a_weight_is_as_many_rows():
    p, counts = [0.001, 0.02, 0.02, 0.4], [2, 1, 3, 5]
    long = q_values(np.repeat(p, counts))
    assert q_values(p, counts) == pytest.approx(long[np.cumsum(counts) - 1])


def test_tests_not_made_do_not_count():
    found = q_values([0.01, np.nan, 0.02])
    assert found[[0, 2]] == pytest.approx([0.02, 0.02])
    assert np.isnan(found[1])
    assert len(q_values([])) == 0


def drawn(n, base, share, *, tests, seed=1):
    """Make cells of binomial tests whose true share is `share`."""
    counts = np.random.default_rng(seed).binomial(n, share, tests)
    cells = pd.Series(counts).value_counts().rename_axis("k").reset_index(name="tests")
    return cells.assign(n=n, base=base, p=stats.binom.sf(cells.k - 1, n, base))


def test_discrete_q_values_by_hand():
    # Ten tests of six draws at one half: only 1/64 and 7/64 lie below .2.
    cells = pd.DataFrame({"n": [6, 6], "base": [0.5, 0.5], "p": [1 / 64, 0.5], "tests": [1, 9]})
    assert discrete_q_values(cells, fdr=0.2)[0] == pytest.approx(10 / 64 / 1 / 0.8)
    assert discrete_q_values(cells, fdr=0.1).tolist() == [1, 1]


def test_discrete_q_values_find_more_than_the_plain_ones():
    liked, others = drawn(12, 0.2, 0.5, tests=60), drawn(4, 0.2, 0.2, tests=2000, seed=2)
    cells = pd.concat([liked, others], ignore_index=True)
    plain, discrete = q_values(cells.p, cells.tests) <= 0.05, discrete_q_values(cells) <= 0.05
    assert cells.tests[discrete].sum() > cells.tests[plain].sum() > 0


def test_many_draws_count_as_continuous():
    cells = drawn(100, 0.2, 0.3, tests=50)
    found = discrete_q_values(cells)
    plain = q_values(cells.p, cells.tests) / 0.95  # on a grid whose steps are 6 %
    small = found <= 0.05
    assert small.any()
    assert (found[small] >= plain[small] * 0.99).all()
    assert (found[small] <= plain[small] * 1.08).all()


def test_what_was_not_tested_stays_missing():
    cells = pd.DataFrame({"n": [1, 9], "base": [0.5, 0.5], "p": [np.nan, 0.5**9], "tests": [9, 1]})
    found = discrete_q_values(cells)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(0.5**9 / 0.95)
