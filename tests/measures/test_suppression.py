"""Suppression: hand-worked tables, then an attacker who knows the sums and finds nothing out.

The attacker below shares no code with the library. He knows every number that is shown, that
counts are whole, and that a zero is hidden only where it has to be; he solves for the smallest and
the largest number that could stand in each hidden cell.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_array

from regulars.measures.intervals import Estimate
from regulars.measures.suppression import (
    few,
    hidden,
    hidden_in_groups,
    hidden_with_sums,
    suppressed,
)

K = 10


# --- by hand -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "away"),
    [
        ([3, 20, 50], [1, 1, 0]),  # 3 alone would be the total less the others
        ([50, 3, 20], [0, 1, 1]),
        ([5, 7, 60], [1, 1, 0]),  # each of 5 and 7 can be 1 to 11
        ([1, 1, 50], [1, 1, 1]),  # a sum of 2 says 1 and 1, so 50 goes too
        ([2, 8, 60], [1, 1, 0]),  # a sum of 10 leaves 1 to 9 to both
        ([1, 8, 60], [1, 1, 1]),  # a sum of 9 does not leave 9
        ([0, 3, 20, 50], [0, 1, 1, 0]),  # zeros may stay
        ([0, 0, 10, 50], [0, 0, 0, 0]),  # nothing is small
        ([5, 0, 0], [1, 1, 0]),  # nothing but a zero can stand in for 5
        ([7], [1]),
        ([], []),
    ],
)
def test_groups_that_share_the_customers_out(counts, away):
    assert hidden(pd.Series(counts, dtype="int64")).tolist() == [bool(one) for one in away]


def test_a_table_of_two_groupings():
    counts = pd.DataFrame([[3, 20, 40], [30, 25, 60], [50, 80, 70]])
    away, rows, columns = hidden_with_sums(counts)
    # 3 needs a partner in its row, one in its column, and the corner between these.
    assert away.to_numpy().tolist() == [[True, True, False], [True, True, False], [False] * 3]
    assert not rows.any()
    assert not columns.any()


def test_a_small_sum_is_hidden_too():
    away, rows, _ = hidden_with_sums(pd.DataFrame([[2, 3], [40, 50], [60, 70]], index=list("abc")))
    assert away.loc["a"].all()
    assert rows["a"]
    assert rows.sum() == 2  # the total is shown, so a second sum has to go


def test_sums_hidden_elsewhere_stay_as_they_are():
    counts = pd.DataFrame([[2, 3, 80], [40, 50, 90], [60, 70, 95]])
    elsewhere = pd.Series([True, False, True])
    away, rows, _ = hidden_with_sums(counts, rows=elsewhere)
    assert rows.tolist() == elsewhere.tolist()
    assert away.iloc[0, :2].all()


def test_cells_and_the_segments_they_make_up():
    cells = pd.Series([40, 2, 30, 25])
    of_cells, of_groups = hidden_in_groups(cells, pd.Series(["loyal", "lost", "lost", "new"]))
    assert of_cells.tolist() == [False, True, True, False]  # the segment of 32 stays
    assert of_groups.to_dict() == {"loyal": False, "lost": False, "new": False}


def test_a_segment_of_one_cell_is_hidden_with_it():
    cells = pd.Series([40, 2, 30, 25])
    of_cells, of_groups = hidden_in_groups(cells, pd.Series(["loyal", "lost", "new", "new"]))
    assert of_groups.to_dict() == {"loyal": False, "lost": True, "new": True}
    assert of_cells.tolist() == [False, True, False, True]


def test_another_threshold():
    assert not hidden(pd.Series([3, 20, 50]), k=3).any()
    assert hidden(pd.Series([3, 20, 50]), k=30).all()


def test_suppressed_takes_out_what_follows_from_the_hidden_counts():
    sizes = pd.DataFrame(
        {
            "segment": ["loyal", "lost", "new"],
            "customers": [3, 20, 50],
            "share": [0.04, 0.27, 0.69],
            "orders": [9, 25, 50],
        },
        index=[4, 7, 1],
    )
    before = sizes.copy(deep=True)
    shown = suppressed(sizes, others=["share", "orders"])
    assert shown["hidden"].tolist() == [True, True, False]
    assert shown[["customers", "share", "orders"]].isna().all(axis=1).tolist() == [
        True,
        True,
        False,
    ]
    assert shown.loc[1, ["customers", "share", "orders"]].tolist() == [50, 0.69, 50]
    assert shown["segment"].tolist() == before["segment"].tolist()
    assert shown["customers"].dtype == "Int64"
    assert sizes.equals(before)


def test_suppressed_by_a_mask_found_elsewhere():
    sizes = pd.DataFrame({"customers": [30, 20]}, index=["a", "b"])
    shown = suppressed(sizes, mask=pd.Series([False, True], index=["x", "y"]))
    assert shown["customers"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("share", "n", "answer"),
    [
        (0.04, 100, True),
        (0.96, 100, True),  # four who did not
        (0.10, 100, False),
        (0.0, 100, False),
        (1.0, 100, False),
        (0.5, 12, True),
    ],
)
def test_a_share_that_rests_on_few(share, n, answer):
    assert few(Estimate(share, None, None, n)) is answer


@pytest.mark.parametrize("counts", [[-1, 20], [2.5, 20]])
def test_what_is_no_count_is_refused(counts):
    with pytest.raises(ValueError, match="Expected counts of customers"):
        hidden(pd.Series(counts))


def test_missing_is_nobody():
    assert hidden(pd.Series([3, pd.NA, 50], dtype="Int64")).tolist() == [True, False, True]


# --- the attacker ------------------------------------------------------------------------------


def ranges(values, away, sums, *, least):
    """Return (smallest, largest) of each small hidden count; sums: (parts, whole) by position."""
    places = {place: at for at, place in enumerate(np.flatnonzero(away))}
    lines, known = [], []
    for parts, whole in sums:
        line, rest = np.zeros(len(places)), 0
        for place, sign in [*((part, 1) for part in parts), (whole, -1)]:
            if place in places:
                line[places[place]] += sign
            else:
                rest -= sign * values[place]
        lines.append(line)
        known.append(rest)
    small = [at for place, at in places.items() if 0 < values[place] < K]
    if not small:
        return []
    # One copy of the table for each question, all solved at once.
    aims = np.zeros((2 * len(small), len(places)))
    for number, at in enumerate(small):
        aims[2 * number, at], aims[2 * number + 1, at] = 1, -1
    table = block_diag([csr_array(np.array(lines))] * len(aims), format="csr")
    found = milp(
        aims.ravel(),
        constraints=LinearConstraint(table, *[np.tile(known, len(aims))] * 2),
        bounds=Bounds(least, np.inf),
        integrality=np.ones(aims.size),
    )
    answers = np.rint(found.x).astype(int).reshape(aims.shape)
    return [(answers[2 * n, at], answers[2 * n + 1, at]) for n, at in enumerate(small)]


def check(values, away, sums):
    """Hold one table, whose last number is the total of all, against what has to hold."""
    values, away = np.asarray(values), np.asarray(away)
    small = (values > 0) & (values < K)
    small[-1] = False
    assert not away[-1], "The number of all customers is shown."
    assert away[small].all(), "A small count is shown."
    assert small.any() or not away.any(), "Something is hidden where nothing is small."
    least = 0 if (away & (values == 0)).any() else 1
    found = ranges(values, away, sums, least=least)
    if all(low <= 1 and high >= K - 1 for low, high in found):
        return
    # Then it has to be as if everything were hidden: the sums allow no more.
    everything = values > 0
    everything[-1] = False
    best = ranges(values, everything, sums, least=1)
    for (low, high), (lowest, highest) in zip(found, best, strict=True):
        assert low <= max(1, lowest), "It is known to be larger than that."
        assert high >= min(K - 1, highest), "It is known to be smaller than that."


def skewed(rng, shape):
    """Return counts as segments have them: a few large, many small, some empty."""
    size, empty = rng.choice([0.7, 4.0, 25.0]), rng.choice([0.0, 0.2, 0.5])
    return np.floor(size * rng.pareto(0.8, shape)).clip(0, 90_000).astype(int) * (
        rng.random(shape) >= empty
    )


def in_one_way(counts):
    return [(range(len(counts)), len(counts))]


@pytest.mark.parametrize("seed", range(6))
def test_no_attacker_pins_a_count_in_a_row_of_groups(seed):
    rng = np.random.default_rng(seed)
    for _ in range(100):
        counts = skewed(rng, rng.integers(2, 13))
        away = hidden(pd.Series(counts))
        check([*counts, counts.sum()], [*away, False], in_one_way(counts))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("most", "tables"), [(6, 45), (12, 5)])
def test_no_attacker_pins_a_count_between_row_and_column_sums(seed, most, tables):
    rng = np.random.default_rng([seed, most])
    for _ in range(tables):
        counts = skewed(rng, tuple(rng.integers(2, most + 1, 2)))
        away, rows, columns = hidden_with_sums(pd.DataFrame(counts))
        (height, width), cells = counts.shape, counts.size
        places = np.arange(cells).reshape(counts.shape)
        sums = [(places[row], cells + row) for row in range(height)]
        sums += [(places[:, column], cells + height + column) for column in range(width)]
        sums += [(range(cells), cells + height + width)]
        values = [*counts.ravel(), *counts.sum(axis=1), *counts.sum(axis=0), counts.sum()]
        check(values, [*away.to_numpy().ravel(), *rows, *columns, False], sums)


@pytest.mark.parametrize("seed", range(4))
def test_no_attacker_pins_a_cell_between_its_segment_and_the_total(seed):
    rng = np.random.default_rng(seed)
    for _ in range(25):
        counts = skewed(rng, rng.integers(4, 26))
        names = np.sort(rng.integers(0, rng.integers(2, 9), len(counts)))
        away, groups = hidden_in_groups(pd.Series(counts), pd.Series(names))
        n, labels = len(counts), np.unique(names)
        sums = [(np.flatnonzero(names == name), n + at) for at, name in enumerate(labels)]
        sums += [(range(n), n + len(labels))]
        totals = [counts[names == name].sum() for name in labels]
        check([*counts, *totals, counts.sum()], [*away, *groups[labels], False], sums)


def test_zeros_are_hidden_only_where_nothing_else_helps():
    """All tables of two or three groups with few customers, at k = 4."""
    for counts in itertools.chain(*(itertools.product(range(6), repeat=n) for n in (2, 3))):
        away = hidden(pd.Series(counts), k=4)
        if any(away[at] for at, count in enumerate(counts) if count == 0):
            assert all(away[at] for at, count in enumerate(counts) if count > 0), counts


def test_the_attacker_finds_what_is_hidden_badly():
    """Without a second count the total gives the first away; so does a pair with a sum of 2."""
    assert ranges([3, 20, 50, 73], [1, 0, 0, 0], [(range(3), 3)], least=1) == [(3, 3)]
    assert ranges([1, 1, 50, 52], [1, 1, 0, 0], [(range(3), 3)], least=1) == [(1, 1), (1, 1)]


def test_the_order_of_the_groups_moves_no_count_of_its_own():
    counts = pd.Series([3, 20, 50, 0, 4, 700], index=list("abcdef"))
    shuffled = counts.sample(frac=1, random_state=2)
    assert hidden(shuffled).sort_index().equals(hidden(counts))
