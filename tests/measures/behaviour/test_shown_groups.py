"""Groups of cohorts: by hand, and against an attacker who adds groups and triangle up."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from regulars.measures.behaviour.equal_ages import EqualAges, equal_ages
from regulars.measures.behaviour.shown_groups import pooled_groups, shown_groups
from regulars.measures.cohort_suppression import suppressed_triangle
from regulars.measures.retention import rated

K = 10


def parted(sizes, rates, *, seed, ages=5):
    """Return cells by group of monthly cohorts, and the cells of the cohorts."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("1997-01-01", periods=len(sizes), freq="MS")
    rows = [
        (group, month, age, n, n if age == 0 else int(rng.binomial(n, rate)))
        for month, of_month, reach in zip(months, sizes, range(ages, 0, -1), strict=False)
        for group, n, rate in zip("abcdefgh", of_month, rates, strict=False)
        for age in range(reach)
        if n
    ]
    cells = pd.DataFrame(rows, columns=["group", "cohort", "age", "customers", "active"])
    cells = cells.assign(complete=True)
    whole = cells.groupby(["cohort", "age"])[["customers", "active"]].sum().reset_index()
    return cells, rated(whole).assign(complete=True, early=False)


def test_by_hand():
    cells, whole = parted([[60, 40], [50, 30]], [0.5, 0.5], seed=1, ages=2)
    both = EqualAges(pd.DatetimeIndex(whole.cohort.unique()[:1]), age=1, early=False)
    pooled = pooled_groups(cells, both)
    assert pooled[["group", "age", "customers"]].to_numpy().tolist() == [
        ["a", 0, 60], ["a", 1, 60], ["b", 0, 40], ["b", 1, 40],
    ]  # fmt: skip
    assert pooled.active.tolist()[::2] == [60, 40]


def one_age(**counts):
    """Return cells of one cohort inside, and of one outside where a pair is given."""
    rows = []
    for group, n in counts.items():
        for month, size in zip(("1997-01-01", "1997-02-01"), np.atleast_1d(n), strict=False):
            rows.append((group if group != "none" else "", pd.Timestamp(month), 0, size, size))
    cells = pd.DataFrame(rows, columns=["group", "cohort", "age", "customers", "active"])
    return cells.assign(complete=True)


INSIDE = EqualAges(pd.to_datetime(["1997-01-01"]), age=0, early=False)


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        ({"a": 50, "b": 40}, ["a", "b"]),
        ({"b": 40, "a": 40, "c": 29}, ["a", "b", ""]),  # under 30 there is no curve
        ({"a": 50, "b": 40, "c": 9}, ["a", ""]),  # nine alone would follow from the others
        ({"a": 50, "b": [40, 3], "c": [60, 60]}, [""]),  # three outside would, too
        ({"a": 50, "b": [40, 3], "c": [60, 60], "d": [20, 60]}, ["c", "a", ""]),
        ({"a": 90, "b": 80, "c": 70, "d": 60, "e": 50, "none": 40}, ["a", "b", "c", "d", ""]),
        ({"a": 12, "b": 11}, [""]),
        ({"a": 50, "none": 5}, [""]),
    ],
)
def test_which_groups_are_kept(counts, kept):
    assert pooled_groups(one_age(**counts), INSIDE).group.tolist() == kept


def test_groups_that_are_large_hide_nothing():
    cells, whole = parted([[90, 80], [90, 70], [80, 90]], [0.5, 0.4], seed=2)
    triangle, ages = suppressed_triangle(whole), equal_ages(whole)
    found = shown_groups(pooled_groups(cells, ages), whole, triangle, ages=ages)
    assert not found.hidden.any()
    assert found.groupby("group").customers.nunique().tolist() == [1, 1]
    late = found[found.age > 0]
    assert late.rate.tolist() == pytest.approx((late.active / late.customers).tolist())


def test_a_small_cell_of_a_group_is_hidden_with_a_second_one():
    cells, whole = parted([[200, 90, 80]], [0.5, 0.5, 0.05], seed=3, ages=2)
    ages = EqualAges(pd.DatetimeIndex(whole.cohort.unique()), age=1, early=False)
    pooled = pooled_groups(cells, ages)
    assert 0 < pooled.active.iloc[-1] < K
    found = shown_groups(pooled, whole, suppressed_triangle(whole), ages=ages)
    assert found[found.age == 1].hidden.sum() == 2
    assert found.loc[found.hidden, ["active", "rate", "low", "high"]].isna().all(axis=None)


def test_the_sum_of_groups_does_not_tell_what_the_triangle_hides():
    # In both cohorts 4 bought at age 1, and the triangle hides that; 8 in all must not follow.
    cells, whole = parted([[60, 60], [60, 60], [60, 60]], [0, 0], seed=4, ages=3)
    bought = {("a", 0): 2, ("b", 0): 2, ("a", 1): 2, ("b", 1): 2}
    month = cells.cohort.dt.month - 1
    for (group, place), n in bought.items():
        cells.loc[(cells.group == group) & (month == place) & (cells.age == 1), "active"] = n
    whole = cells.groupby(["cohort", "age"])[["customers", "active"]].sum().reset_index()
    whole = rated(whole).assign(complete=True, early=False)
    ages = EqualAges(pd.DatetimeIndex(whole.cohort.unique()[:2]), age=1, early=False)
    triangle = suppressed_triangle(whole)
    assert triangle.mean.active.isna()[1]
    found = shown_groups(pooled_groups(cells, ages), whole, triangle, ages=ages)
    assert found[found.age == 1].hidden.all()


@pytest.mark.parametrize("seed", range(10))
def test_no_attacker_finds_few_customers(seed):
    rng = np.random.default_rng(seed)
    months = int(rng.integers(3, 6))
    sizes = rng.integers(12, 60, (months, int(rng.integers(2, 5))))
    cells, whole = parted(sizes, rng.uniform(0.05, 0.5, sizes.shape[1]), seed=seed, ages=months)
    triangle = suppressed_triangle(whole)
    ages = equal_ages(whole, triangle.sizes)
    pooled = pooled_groups(cells, ages)
    found = shown_groups(pooled, whole, triangle, ages=ages)
    inner = whole[whole.age > 0].reset_index(drop=True)
    parts = pooled[pooled.age > 0].reset_index(drop=True)
    # The unknown numbers: who bought, in each cell of the triangle and in each of a group.
    values = np.concatenate([inner.active, parts.active])
    people = np.concatenate([inner.customers, parts.customers])
    told = np.concatenate([_told(inner, triangle.cells), _told(parts, found)])
    lines, known = [], []
    for age, active in triangle.mean.loc[triangle.mean.age > 0, ["age", "active"]].to_numpy():
        sized = ~inner.cohort.map(triangle.sizes).to_numpy(bool)
        if not pd.isna(active):
            lines.append(np.concatenate([(inner.age == age) & sized, np.zeros(len(parts))]))
            known.append(active)
    for age in parts.age.unique():
        here = (inner.age == age) & inner.cohort.isin(ages.cohorts)
        lines.append(np.concatenate([here, -1.0 * (parts.age == age)]))
        known.append(0)
    month = inner.cohort.dt.to_period("M") + inner.age
    for one, hides in triangle.months.iterrows():
        if not (hides.returning and hides.customers) and (month == one.to_period("M")).any():
            lines.append(np.concatenate([month == one.to_period("M"), np.zeros(len(parts))]))
            known.append(inner.active[month == one.to_period("M")].sum())
    bounds = [(v, v) if shown else (min(v, 1), n) for v, n, shown in
              zip(values, people, told, strict=True)]  # fmt: skip
    system = {"A_eq": np.array(lines, dtype=float), "b_eq": known, "bounds": bounds}
    for place in np.flatnonzero((values > 0) & (values < K)):
        aim = np.eye(len(values))[place]
        low, high = (linprog(sign * aim, **system) for sign in (1, -1))
        assert round(low.fun) < round(-high.fun)


def _told(counts, shown):
    """Tell for each count whether it is shown; what is not in the table at all is not."""
    keys = [name for name in ("group", "cohort") if name in counts] + ["age"]
    hidden = shown.set_index(keys).active.isna()
    return ~hidden.reindex(pd.MultiIndex.from_frame(counts[keys]), fill_value=True).to_numpy(bool)


def test_what_is_shown_does_not_depend_on_the_order_of_rows():
    cells, whole = parted([[30, 40, 50], [40, 30, 60]], [0.2, 0.5, 0.1], seed=5, ages=3)
    triangle, ages = suppressed_triangle(whole), equal_ages(whole)
    shuffled = cells.sample(frac=1, random_state=3)
    one = shown_groups(pooled_groups(cells, ages), whole, triangle, ages=ages)
    other = shown_groups(pooled_groups(shuffled, ages), whole, triangle, ages=ages)
    pd.testing.assert_frame_equal(one, other)
