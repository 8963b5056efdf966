"""Wilson's interval: published numbers, its edges, and its coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulars.measures.intervals import normal_quantile, wilson, wilson_bounds


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (0, 20, 0, 0.1611)]
)
def test_newcombe_1998_table_1(successes, n, low, high):
    share = wilson(successes, n)
    assert (share.value, share.n) == (successes / n, n)
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


def test_no_cases_have_no_share():
    with pytest.raises(ValueError, match="withhold it"):
        wilson(0, 0)


@pytest.mark.parametrize("successes", [-1, 21])
def test_counts_that_are_no_share_are_refused(successes):
    with pytest.raises(ValueError, match="Expected 0 to 20 successes"):
        wilson(successes, 20)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_probability(level):
    with pytest.raises(ValueError, match="Use .95 for 95 %"):
        normal_quantile(level)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors_its_complement(counts):
    successes, n = counts
    share, rest = wilson(successes, n), wilson(n - successes, n)
    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.low == pytest.approx(1 - rest.high, abs=1e-12)


def test_the_interval_covers_what_it_promises():
    """Exact coverage, averaged over shares from .05 to .95 at n = 50."""
    successes = np.arange(51)
    low, high = wilson_bounds(successes, np.full(51, 50))
    shares = np.linspace(0.05, 0.95, 181)[:, None]
    covered = (low <= shares) & (shares <= high)
    coverage = (stats.binom.pmf(successes, 50, shares) * covered).sum(axis=1)
    assert coverage.mean() == pytest.approx(0.95, abs=0.005)
