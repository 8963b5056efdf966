"""NPS and means: published numbers, a second implementation, edges, and coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulars.measures.surveys.bounds import adjusted_nps, mean_bounds, nps, nps_bounds

COUNTS = st.tuples(*[st.integers(0, 2000)] * 3).filter(sum)


def rocks_2016(scores):
    """The paper's steps on single answers: three virtual ones, as quarters, then the Wald formula."""
    values = [100 if score >= 9 else 0 if score >= 7 else -100 for score in scores]
    weights = [1.0] * len(values)
    values += [100, 0, -100]
    weights += [0.75, 1.5, 0.75]
    n = sum(weights)
    mean = sum(w * v for w, v in zip(weights, values, strict=True)) / n
    variance = sum(w * (v - mean) ** 2 for w, v in zip(weights, values, strict=True)) / n
    error = math.sqrt(variance / n)
    z = 1.959963984540054
    return max(mean - z * error, -100), min(mean + z * error, 100)


# REFERENCE.md, survey measures; Rocks (2016), The American Statistician 70, 365-372.
@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    [
        ((162, 108, 54), 33.33, 24.95, 41.11),
        ((600, 200, 200), 40.0, 34.93, 44.83),
        ((10, 0, 0), 100.0, 47.5, 100.0),
    ],
)
def test_the_adjusted_interval_is_the_published_one(counts, value, low, high):
    found = nps(*counts)
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (value, low, high)
    assert found.n == sum(counts)


# REFERENCE.md: NPS, its plain error and the plain interval, from the variance P + D - (P - D)².
@pytest.mark.parametrize(
    ("counts", "value", "error", "ends"),
    [
        ((3, 2, 1), 33.3, 30.4, None),
        ((162, 108, 54), 33.33, 4.14, (25.22, 41.45)),
        ((600, 200, 200), 40.0, 2.53, (35.04, 44.96)),
        ((10, 0, 0), 100.0, 0.0, (100.0, 100.0)),
    ],
)
def test_the_plain_formula_of_the_reference_is_the_one_we_adjust(counts, value, error, ends):
    up, middle, down = (
        count - added for count, added in zip(counts, (0.75, 1.5, 0.75), strict=True)
    )
    score, plain = adjusted_nps(up, middle, down)
    assert float(score) == pytest.approx(value, abs=0.05)
    assert float(plain) == pytest.approx(error, abs=0.05 if value == 33.3 else 0.005)
    assert nps(*counts).value == pytest.approx(value, abs=0.05)
    if ends:
        reach = 1.959964 * plain
        assert (score - reach, score + reach) == pytest.approx(ends, abs=0.006)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=40))
def test_a_second_implementation_from_the_paper_agrees(scores):
    up, down = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    found = nps(up, len(scores) - up - down, down)
    low, high = rocks_2016(scores)
    # Of a single answer the paper's interval misses the score; ours reaches to it.
    ends = min(low, found.value), max(high, found.value)
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-9)
    if len(scores) > 1:
        assert low <= found.value <= high


@given(COUNTS)
def test_the_interval_mirrors_and_stays_on_the_scale(counts):
    up, middle, down = counts
    found, mirrored = nps(up, middle, down), nps(down, middle, up)
    assert -100 <= found.low <= found.value <= found.high <= 100
    assert found.low == pytest.approx(-mirrored.high)


@given(COUNTS, st.integers(2, 50))
def test_more_answers_of_the_same_kind_never_widen_it(counts, times):
    once, often = nps(*counts), nps(*(times * count for count in counts))
    inside = [abs(end) < 100 for one in (once, often) for end in (one.low, one.high)]
    if all(inside):
        assert often.high - often.low < once.high - once.low


@pytest.mark.parametrize(("counts", "words"), [((0, 0, 0), "withhold it"), ((-1, 2, 3), "below 0")])
def test_what_cannot_be_counted_is_refused(counts, words):
    with pytest.raises(ValueError, match=words):
        nps(*counts)


def test_the_interval_covers_what_it_promises():
    """Every survey of 30 answers, weighed by its chance."""
    chances, n = np.array([0.35, 0.35, 0.3]), 30
    up, down = (one.ravel() for one in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    up, down = up[up + down <= n], down[up + down <= n]
    low, high = nps_bounds(up, n - up - down, down)
    likely = stats.multinomial.pmf(np.array([up, n - up - down, down]).T, n, chances)
    assert likely[(low <= 5) & (high >= 5)].sum() == pytest.approx(0.95, abs=0.01)


def test_the_mean_has_the_interval_of_scipy():
    values = np.array([7, 6, 6, 2, 5, 7, 1, 4])
    low, high = mean_bounds([values.sum()], [(values**2).sum()], [8])
    found = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (low[0], high[0]) == pytest.approx((found.low, found.high))


@pytest.mark.parametrize(
    ("total", "squares", "n"), [(7, 49, 1), (70, 490, 10), (0, 0, 0), (0.3, 0.03, 3)]
)
def test_a_mean_that_does_not_vary_has_no_interval(total, squares, n):
    low, high = mean_bounds([total], [squares], [n])
    assert np.isnan([*low, *high]).all()
