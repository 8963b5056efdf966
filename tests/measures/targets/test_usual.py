"""What is usual for a month, going by the others: the month that strays is named, and no other."""

import numpy as np
import pytest
from scipy import stats

from regulars.measures.targets.usual import ALARMS, Usual, usual_months

RETAIL = np.log([0.8, 0.8, 0.9, 0.95, 1, 1, 1, 1, 1, 1.05, 1.2, 1.4])


def months(n: int, *, seed: int, noise: float = 0.05) -> np.ndarray:
    """Return growth, a season with a peak, and noise."""
    place = np.arange(n)
    drawn = noise * np.random.default_rng(seed).normal(size=n)
    return 5 + 0.015 * place + RETAIL[place % 12] + drawn


def judged(values: np.ndarray) -> Usual:
    return usual_months(values, np.arange(len(values)))


def test_a_month_is_foretold_by_the_line_through_the_others():
    values = np.array([1.0, 3, 2, 5, 4, 6, 5, 9])
    found = judged(values)
    others = np.arange(8) != 3
    line = stats.linregress(np.arange(8)[others], values[others])
    left = values[others] - line.intercept - line.slope * np.arange(8)[others]
    error = np.sqrt((left**2).sum() / 5)
    away = 3 - np.arange(8)[others].mean()
    spread = ((np.arange(8)[others] - np.arange(8)[others].mean()) ** 2).sum()
    reach = stats.t.ppf(1 - ALARMS / 16, 5) * error * np.sqrt(1 + 1 / 7 + away**2 / spread)
    assert found.centre[3] == pytest.approx(line.intercept + 3 * line.slope)
    assert found.reach[3] == pytest.approx(reach)


@pytest.mark.parametrize("month", [9, 15, 21, 30])
@pytest.mark.parametrize("factor", [1.5, 1 / 1.5])
def test_the_month_of_a_shock_is_named_and_not_its_twins(month, factor):
    right, wrong = 0, 0
    for seed in range(40):
        values = months(36, seed=seed)
        values[month - 1] += np.log(factor)
        outside = set(np.flatnonzero(judged(values).outside) + 1)
        right += month in outside
        wrong += bool(outside - {month})
    assert right >= 36
    assert wrong <= 5  # 3 % of 40 is 1.2


def test_two_shocks_do_not_hide_each_other():
    values = months(36, seed=3)
    values[[8, 18]] += np.log(1.6)
    values[29] -= np.log(1.6)
    assert np.flatnonzero(judged(values).outside).tolist() == [8, 18, 29]


def test_with_two_years_and_no_season_the_month_beside_its_neighbours_tells():
    values = 5 + 0.03 * np.random.default_rng(4).normal(size=24)
    values[9] += np.log(1.5)
    found = judged(values)
    assert np.flatnonzero(found.outside).tolist() == [9]
    assert not found.either.any()
    assert np.isnan(found.reach[21])  # nothing is left to foretell it from


def test_with_two_years_and_seasons_both_twins_are_named():
    values = months(24, seed=4, noise=0.03)
    values[9] += np.log(1.5)
    found = judged(values)
    assert not found.outside.any()
    assert np.flatnonzero(found.either).tolist() == [9, 21]
    for at, twin in ((9, 21), (21, 9)):  # each is held against the other
        assert abs(found.centre[at] - values[twin]) < 0.4
        assert abs(values[at] - found.centre[at]) > found.reach[at]


def test_months_may_be_missing():
    place = np.delete(np.arange(36), [4, 16])
    values = np.delete(months(36, seed=5), [4, 16])
    found = usual_months(values, place)
    assert np.isnan(found.reach).sum() == 1  # the third May has no other
    assert not found.outside.any()


def test_the_start_does_not_matter():
    values = months(30, seed=6)
    values[11] += 0.5
    first, later = usual_months(values, np.arange(30)), usual_months(values, np.arange(30) + 24005)
    assert first.outside.tolist() == later.outside.tolist()
    assert first.reach == pytest.approx(later.reach, nan_ok=True)


def test_equal_months_and_one_other():
    assert not judged(np.full(30, 7.0)).outside.any()
    assert np.flatnonzero(judged(np.array([7.0] * 11 + [8.0])).outside).tolist() == [11]
    assert np.isnan(judged(np.array([1.0, 2, 4])).reach).all()
