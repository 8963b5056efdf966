"""Horizon: what a share within so many days may be read from, and what must not be shown."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.behaviour.horizon import hidden_waits, share_within
from regulars.measures.survival import kaplan_meier


def counts_of(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["group", "days", "observed", "customers"])


def test_what_comes_after_the_horizon_changes_nothing():
    later = counts_of(("a", 5, True, 40), ("a", 30, True, 20), ("a", 90, False, 40))
    never = counts_of(("a", 5, True, 40), ("a", 90, False, 60))
    found = share_within(later, days=20)
    assert found == share_within(never, days=20)
    assert (found.value, found.n) == (pytest.approx(0.4), 100)


def test_it_is_the_whole_curve_read_at_that_day():
    random = np.random.default_rng(1)
    counts = pd.DataFrame(
        {
            "days": random.integers(0, 200, 60),
            "observed": random.random(60) < 0.5,
            "customers": random.integers(1, 9, 60),
        }
    )
    curve = kaplan_meier(counts.groupby(["days", "observed"], as_index=False).sum())
    for days in (0, 17, 90, 150):
        row, found = curve.set_index("day").loc[days], share_within(counts, days=days)
        assert found.value == pytest.approx(row.share, abs=1e-12)
        if found.low is not None:
            assert (found.low, found.high) == pytest.approx((row.low, row.high), abs=1e-12)


@pytest.mark.parametrize(("watched", "is_known"), [(9, False), (10, True)])
def test_it_needs_ten_still_waiting(watched, is_known):
    counts = counts_of(("a", 5, True, 40), ("a", 30, False, watched))
    assert (share_within(counts, days=30) is not None) == is_known


def test_nobody_back_has_no_interval():
    found = share_within(counts_of(("a", 90, False, 50)), days=30)
    assert (found.value, found.low, found.high) == (0, None, None)


def hidden_of(within, later, never):
    names = [f"g{place}" for place in range(len(within))]
    rows = [(name, 5, True, n) for name, n in zip(names, within, strict=True)]
    rows += [(name, 60, True, n) for name, n in zip(names, later, strict=True)]
    rows += [(name, 90, False, n) for name, n in zip(names, never, strict=True)]
    return hidden_waits(counts_of(*rows), "group", days=30)


def test_large_groups_are_shown():
    found = hidden_of([50, 60], [20, 30], [90, 80])
    assert not found.any(axis=None)


def test_a_split_that_tells_of_few_hides_the_share_and_a_second():
    found = hidden_of([50, 60, 70], [3, 30, 40], [90, 80, 70])
    assert not found.ever.any()
    assert found.share["g0"]
    assert found.share.sum() == 2


def test_few_who_never_came_back_hide_all_of_it():
    found = hidden_of([50, 60, 70], [20, 30, 40], [4, 80, 70])
    assert found.ever["g0"]
    assert found.ever.sum() == 2
    assert (found.share | ~found.ever).all()


def test_a_size_that_is_hidden_elsewhere_hides_all_of_its_group():
    counts = counts_of(*[(name, 5, True, 50) for name in "abc"])
    counts = pd.concat([counts, counts_of(*[(name, 60, True, 40) for name in "abc"])])
    counts = pd.concat([counts, counts_of(*[(name, 90, False, 30) for name in "abc"])])
    sizes = pd.Series({"a": True, "b": True, "c": False, "silent": True})
    found = hidden_waits(counts, "group", days=30, sizes=sizes)
    assert found.ever.to_dict() == found.share.to_dict() == {"a": True, "b": True, "c": False}


@pytest.mark.parametrize("seed", range(5))
def test_the_sum_of_a_row_is_shown_only_where_it_gives_no_part_away(seed):
    """Within, later and never: who knows the rows that are shown cannot solve for a small part."""
    random = np.random.default_rng(seed)
    parts = random.choice([0, 3, 12, 40], (3, 4))
    found = hidden_of(*parts)
    told = [np.eye(12)[[place, place + 4, place + 8]].sum(axis=0) for place in range(4)]
    lines = [told[place] for place in range(4) if not found.ever.iloc[place]]
    lines += [np.eye(12)[place + 8] for place in range(4) if not found.ever.iloc[place]]
    lines += [np.eye(12)[place] for place in range(4) if not found.share.iloc[place]]
    lines += [np.repeat(np.eye(3)[row], 4) for row in range(3)]
    _, scale, base = np.linalg.svd(np.array(lines))
    free = base[(scale > 1e-9).sum() :]
    small = [at for at, n in enumerate(parts.ravel()) if 0 < n < 10]
    assert all((np.abs(free[:, at]) > 1e-8).any() for at in small)
