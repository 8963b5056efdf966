"""Rate change: Newcombe where nobody buys in both windows, narrower where the same people do."""

from datetime import date

import ibis
import numpy as np
import pytest

from regulars.measures.behaviour.rate_change import rate_change
from regulars.measures.intervals import newcombe

FIRST = (date(2020, 1, 1), date(2020, 3, 31))
SECOND = (date(2020, 4, 1), date(2020, 6, 30))


def bought(lines_of, before: np.ndarray, now: np.ndarray):
    """Give customers so many purchase days in either window."""
    who, days = [], []
    for start, counts in ((0, before), (100, now)):
        who.append(np.repeat(np.arange(len(counts)), counts))
        days += [start + 2 * place for count in counts for place in range(count)]
    return lines_of(np.concatenate(who), np.array(days))


def test_without_overlap_it_is_newcombe(lines_of):
    before = np.array([2] * 56 + [1] * 14 + [0] * 80)
    now = np.array([0] * 70 + [2] * 48 + [1] * 32)
    found = rate_change(bought(lines_of, before, now), FIRST, SECOND)
    expected = newcombe((48, 80), (56, 70))
    assert (found.before.value, found.now.value) == (0.8, 0.6)
    assert (found.change, found.low, found.high) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert found.exceeds_chance


def test_the_same_customers_make_it_as_narrow_as_the_bootstrap_over_them(lines_of):
    random = np.random.default_rng(4)
    keen = random.random(900) < 0.5  # who is keen buys twice in both
    days = [
        np.where(random.random(900) < 0.7, 1 + (random.random(900) < 0.2 + 0.6 * keen), 0)
        for _ in range(2)
    ]
    found = rate_change(bought(lines_of, *days), FIRST, SECOND)
    drawn = random.integers(0, 900, (4000, 900))
    shares = [(one[drawn] >= 2).sum(axis=1) / (one[drawn] >= 1).sum(axis=1) for one in days]
    low, high = np.quantile(shares[1] - shares[0], [0.025, 0.975])
    assert found.high - found.low == pytest.approx(high - low, rel=0.06)
    apart = newcombe(*[(int((one >= 2).sum()), int((one >= 1).sum())) for one in days[::-1]])
    assert found.high - found.low < 0.93 * (apart.high - apart.low)


def test_it_covers_no_change(lines_of):
    random, covered = np.random.default_rng(9), 0
    for _ in range(60):
        keen = random.random(200) < 0.5
        days = [1 + (random.random(200) < 0.2 + 0.6 * keen) for _ in range(2)]
        found = rate_change(bought(lines_of, *days), FIRST, SECOND)
        covered += not found.exceeds_chance
    assert covered >= 52  # fewer happen in one of a hundred such tests, at 95 %


def test_the_smallest_change_is_that_of_80_percent_power(lines_of):
    before = np.array([2] * 100 + [1] * 100 + [0] * 200)
    found = rate_change(bought(lines_of, before, before[::-1]), FIRST, SECOND)
    assert found.detectable == pytest.approx((1.959964 + 0.841621) * np.sqrt(0.25 * 2 / 200))


def test_an_empty_window_has_no_change(lines_of):
    purchases = bought(lines_of, np.array([2, 1]), np.array([0, 0]))
    assert rate_change(purchases, FIRST, SECOND) is None


def test_returns_make_no_purchase_day(lines_of):
    purchases = bought(lines_of, np.array([2] * 20 + [1] * 20), np.array([1] * 40))
    later = (purchases.day + ibis.interval(days=1)).cast("date")
    returns = purchases.mutate(kind=ibis.literal("return"), day=later)
    found = rate_change(purchases, FIRST, SECOND)
    assert rate_change(purchases.union(returns), FIRST, SECOND) == found
