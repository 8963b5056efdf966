"""Rhythm: against counting all ways to put the days, and on buyers at random."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from regulars.measures.warning.rhythm import falling_p, least_for_falling, overdue_p


def ways(x, age):
    return [set(days) for days in combinations(range(1, age + 1), x)]


@pytest.mark.parametrize(("x", "last", "age"), [(3, 5, 9), (2, 2, 7), (4, 8, 8), (1, 1, 6)])
def test_overdue_counts_the_ways_with_so_long_a_silence(x, last, age):
    every = ways(x, age)
    later = sum(max(days) <= last for days in every) / len(every)
    assert overdue_p([x], [last], [age])[0] == pytest.approx(later)


@pytest.mark.parametrize(("x", "recent", "window"), [(3, 0, 4), (3, 1, 4), (4, 2, 5), (2, 0, 8)])
def test_falling_counts_the_ways_with_so_few_in_the_window(x, recent, window):
    age = 10
    every = ways(x, age)
    few = sum(sum(day > age - window for day in days) <= recent for days in every) / len(every)
    assert falling_p([x], [recent], [age], window_days=window)[0] == pytest.approx(few)


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_falling_can_warn_from_so_many_days_on_and_not_before(level):
    known = {"known_days": 365, "period_days": 90}
    least = least_for_falling(level, **known)
    enough, short = falling_p([least - 1, least - 2], [0, 0], [365, 365], window_days=90)
    assert enough <= level < short
    assert least_for_falling(0.0, **known) is None


def test_falling_agrees_with_the_hypergeometric_distribution():
    rng = np.random.default_rng(1)
    age = rng.integers(1, 800, 500)
    window = np.minimum(age, 90)
    x = rng.integers(0, age + 1)
    recent = rng.hypergeometric(window, age - window, x)
    expected = stats.hypergeom.cdf(recent, age, x, window)
    assert falling_p(x, recent, age, window_days=90) == pytest.approx(expected, abs=1e-9)
    assert falling_p([], [], [], window_days=90).tolist() == []


def test_no_silence_and_no_past_are_no_warning():
    assert overdue_p([0, 5, 5], [0, 90, 5], [200, 90, 5]).tolist() == [1, 1, 1]
    assert falling_p([0, 4], [0, 4], [200, 60], window_days=90).tolist() == [1, 1]


def test_a_longer_silence_is_never_less_of_a_warning():
    last = np.arange(60, 10, -1)
    assert (np.diff(overdue_p(np.full(50, 5), last, np.full(50, 60))) < 0).all()


def test_no_recent_days_say_the_same_as_a_silence_of_the_window():
    falling = falling_p([6], [0], [300], window_days=90)
    assert falling[0] == pytest.approx(overdue_p([6], [210], [300])[0])


@pytest.mark.parametrize("x", [3, 8, 40])
def test_of_those_at_random_no_more_than_the_rate_are_warned_of(x):
    rng = np.random.default_rng(x)
    age, n = 400, 20_000
    days = np.sort(rng.permuted(np.tile(np.arange(1, age + 1), (n, 1)), axis=1)[:, :x], axis=1)
    recent = (days > age - 90).sum(axis=1)
    whole = np.full(n, x), np.full(n, age)
    overdue = (overdue_p(whole[0], days[:, -1], whole[1]) <= 0.05).mean()
    falling = (falling_p(whole[0], recent, whole[1], window_days=90) <= 0.05).mean()
    # Whole days: the level is not reached exactly, and never passed.
    assert 0.04 < overdue < 0.055
    assert falling < 0.055
