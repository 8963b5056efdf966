"""What the numbers of the periods say of each other."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.base.period_mask import period_mask

STATUSES = ["stayed", "came_back", "new", "left"]


def tables(stayed, back, new, left, earlier):
    """Return all, active, history and statuses of two periods; of the first period, all are new."""
    now, before = stayed + back + new, stayed + left
    history = pd.DataFrame({"customers": [before, now], "new": [before, new]})
    sizes = pd.DataFrame({"status": STATUSES, "customers": [stayed, back, new, left]})
    return before + new + back + earlier, now, history, sizes


def test_four_who_left_hide_who_bought_in_either_period():
    mask = period_mask(*tables(40, 13, 60, 4, 20))
    assert mask.statuses
    assert mask.new[-1]  # of 113 and 44, new would tell who came back, who stayed and who left
    assert not any([mask.now, mask.before])


@pytest.mark.parametrize(
    ("active", "others", "hides"), [(1, 59, True), (59, 1, True), (30, 30, False), (60, 0, False)]
)
def test_active_and_dormant_are_a_pair(active, others, hides):
    history = pd.DataFrame({"customers": [active], "new": [active]})
    mask = period_mask(active + others, active, history)
    assert mask.now is hides
    assert mask.customers.tolist() == [hides]


def test_nothing_small_hides_nothing():
    mask = period_mask(*tables(40, 13, 60, 14, 40))
    assert not any([mask.now, mask.before, mask.statuses])
    assert not mask.new.any()


def test_a_few_who_bought_before_hide_their_period():
    mask = period_mask(*tables(2, 30, 60, 3, 40))
    assert mask.before
    assert mask.customers.tolist() == [True, False]


@pytest.mark.parametrize("seed", range(8))
def test_no_status_can_be_solved_for(seed):
    rng = np.random.default_rng(seed)
    sizes = [int(size) for size in rng.choice([3, 7, 15, 40], 5)]
    everybody, now, history, by_status = tables(*sizes)
    mask = period_mask(everybody, now, history, by_status)
    counts = {"now": [1, 1, 1, 0, 0], "before": [1, 0, 0, 1, 0], "new": [0, 0, 1, 0, 0]}
    told = [[1] * 5]
    told += [counts["now"]] * (not mask.now) + [counts["before"]] * (not mask.customers[0])
    told += [counts["new"]] * (not mask.new[-1]) + ([] if mask.statuses else np.eye(5)[:4].tolist())
    _, scale, base = np.linalg.svd(np.array(told, dtype=float))
    free = base[(scale > 1e-9).sum() :]
    small = [place for place in range(4) if sizes[place] < 10]
    assert all((np.abs(free[:, place]) > 1e-8).any() for place in small)
