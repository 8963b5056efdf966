"""Hidden retention cells: by hand, on CDNOW, and against an attacker who adds up what is shown."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from regulars.measures.cohort_suppression import suppressed_retention, suppressed_triangle
from regulars.measures.intervals import wilson_bounds
from regulars.measures.retention import cohort_retention, mean_retention

K = 10


def triangle(actives, *, complete=True):
    """Return cells as `cohort_retention` does; a row of counts per cohort, the size first."""
    months = pd.date_range("1997-01-01", periods=len(actives), freq="MS")
    rows = [
        (month, age, counts[0], active)
        for month, counts in zip(months, actives, strict=True)
        for age, active in enumerate(counts)
    ]
    cells = pd.DataFrame(rows, columns=["cohort", "age", "customers", "active"])
    low, high = wilson_bounds(cells.active.to_numpy(), cells.customers.to_numpy())
    last = cells.groupby("cohort").age.transform("max") == cells.age
    return cells.assign(
        rate=cells.active / cells.customers, low=low, high=high, complete=complete | ~last
    )


def shown(actives, **options):
    cells, mean = suppressed_retention(triangle(actives, **options))
    return cells.pivot(index="cohort", columns="age", values="active"), cells, mean  # noqa: PD010


def test_nothing_small_hides_nothing():
    before = triangle([[100, 40, 30], [80, 20], [90]])
    cells, mean = suppressed_retention(before)
    assert not cells.hidden.any()
    assert not mean.hidden.any()
    assert cells.active.tolist() == before.active.tolist()
    assert mean.rate.tolist() == mean_retention(before).rate.tolist()


def test_a_small_cell_takes_its_sums_or_its_neighbours_with_it():
    active, cells, mean = shown([[100, 40, 30], [80, 4], [90]])
    # 4 is alone with 30 in its month and with 40 at its age.
    assert active.iloc[1, 1] is pd.NA
    assert cells.loc[cells.hidden, ["rate", "low", "high"]].isna().all(axis=None)
    pooled_hidden = mean.active.isna()[1]
    assert pooled_hidden or active.iloc[0, 1] is pd.NA
    assert active.iloc[0, 2] is pd.NA or pooled_hidden


def test_few_who_did_not_buy_are_hidden_too():
    active, _, _ = shown([[100, 96, 60], [80, 30], [90]])
    assert active.iloc[0, 1] is pd.NA


def test_a_small_cohort_is_hidden_with_its_cells_and_its_place_in_the_mean():
    active, cells, mean = shown([[100, 40, 30, 20], [12, 11, 10], [5, 0], [90]])
    sized = cells.customers.isna()
    assert cells.loc[sized, "rate"].isna().all()
    assert sized[cells.cohort == pd.Timestamp("1997-03-01")].all()
    assert sized.groupby(cells.cohort).first().sum() >= 2
    # The mean leaves the hidden cohorts out: their sizes must not follow from its customers.
    kept = cells[(cells.age == 0) & ~sized]
    assert mean.customers[0] == kept.customers.sum()
    assert mean.cohorts[0] == len(kept)


def test_cdnow_stays_as_published(cdnow):
    cells = cohort_retention(cdnow, as_of="1998-06-30")
    found, mean = suppressed_retention(cells)
    assert not found.hidden.any()
    assert found.active.tolist() == cells.active.tolist()
    assert mean.active.tolist() == mean_retention(cells).active.tolist()


def test_where_all_cohorts_are_hidden_so_is_the_mean():
    _, cells, mean = shown([[8, 4, 3], [7, 2], [9]])
    assert cells.customers.isna().all()
    assert mean.age.tolist() == [0, 1, 2]
    assert mean[["customers", "active", "rate"]].isna().all(axis=None)
    assert mean.hidden.all()


def test_of_many_weeks_the_newest_are_shown_and_all_are_in_the_mean():
    starts = pd.date_range("1997-01-06", periods=60, freq="7D")
    rows = [
        (start, age, 100, 100 if age == 0 else 40)
        for place, start in enumerate(starts)
        for age in range(60 - place)
    ]
    cells = pd.DataFrame(rows, columns=["cohort", "age", "customers", "active"])
    found = suppressed_triangle(
        cells.assign(rate=0.4, low=0.3, high=0.5, complete=True), every="week"
    )
    assert found.cells.cohort.unique().tolist() == starts[-24:].tolist()
    assert not found.cells.hidden.any()
    assert found.mean.age.tolist() == list(range(24))
    assert found.mean.cohorts.tolist() == list(range(60, 36, -1))
    assert len(found.sizes) == 60


def test_a_small_cell_needs_no_second_where_older_weeks_are_not_shown():
    starts = pd.date_range("1997-01-06", periods=40, freq="7D")
    rows = [
        (start, age, 100, 100 if age == 0 else 4 if (place, age) == (35, 2) else 40)
        for place, start in enumerate(starts)
        for age in range(40 - place)
    ]
    cells = pd.DataFrame(rows, columns=["cohort", "age", "customers", "active"])
    cells = cells.assign(rate=0.4, low=0.3, high=0.5, complete=True)
    found = suppressed_triangle(cells, every="week")
    assert found.cells.hidden.sum() == 1
    assert not found.mean.hidden.any()


def test_the_frame_is_not_changed():
    cells = triangle([[100, 4], [80]])
    before = cells.copy(deep=True)
    suppressed_retention(cells)
    assert cells.equals(before)


def ends(cells, found, mean):
    """Return what somebody can know of each small hidden cell: the least and the most."""
    inner = cells[cells.age > 0].reset_index(drop=True)
    away = found[found.age > 0].reset_index(drop=True)
    gone = away.active.isna().to_numpy()
    month = inner.cohort.dt.year * 12 + inner.cohort.dt.month + inner.age
    lines, known = [], []
    months, first = suppressed_triangle(cells).months, 1997 * 12 + 1
    for age, active in mean.loc[mean.age > 0, ["age", "active"]].itertuples(index=False):
        if not pd.isna(active):
            pooled = (inner.age == age) & inner.complete & away.customers.notna()
            lines.append(pooled.to_numpy(float))
            known.append(float(active))
    for one in month.unique():
        returning, told = inner.active[month == one].sum(), months.iloc[one - first]
        if not (told.returning and told.customers):  # the page of the base shows it
            lines.append((month == one).to_numpy(float))
            known.append(float(returning))
    bounds = [
        (0 if value == 0 else 1, max(size - 1, 1) if sized else 10**6) if hides else (value, value)
        for value, size, sized, hides in zip(
            inner.active, inner.customers, away.customers.notna(), gone, strict=True
        )
    ]
    system = {"A_eq": np.array(lines), "b_eq": known} if lines else {}
    answers = {}
    for place in np.flatnonzero(gone & ((inner.active > 0) & (inner.active < K)).to_numpy()):
        aim = np.eye(len(inner))[place]
        low, high = (linprog(sign * aim, bounds=bounds, **system) for sign in (1, -1))
        answers[place] = (round(low.fun), round(-high.fun))
    return inner, answers


@pytest.mark.parametrize("seed", range(12))
def test_no_attacker_pins_a_cell(seed):
    rng = np.random.default_rng(seed)
    months = int(rng.integers(3, 8))
    sizes = rng.integers(12, 90, months)
    actives = [
        [size, *rng.binomial(size, 0.3, months - 1 - place)] for place, size in enumerate(sizes)
    ]
    cells = triangle(actives, complete=False)
    found, mean = suppressed_retention(cells)
    small = (cells.age > 0) & (cells.active > 0) & (cells.active < K)
    assert found.active[small].isna().all()
    inner, answers = ends(cells, found, mean)
    for place, (low, high) in answers.items():
        assert low < high, inner.loc[place]


@pytest.mark.parametrize("seed", range(6))
def test_no_month_and_no_cohort_give_each_other_away(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(5, 60, 6)
    cells = triangle([[size, *rng.binomial(size, 0.2, 5 - at)] for at, size in enumerate(sizes)])
    found = suppressed_triangle(cells)
    when = (cells.cohort.dt.month + cells.age).to_numpy()
    hides = found.cells.active.isna().to_numpy()
    kept = found.months.customers.to_numpy()
    lines = [when == one + 1 for one in range(6) if not kept[one]]
    lines += [
        (when == one + 1) & (cells.age > 0)
        for one in range(6)
        if not found.months.returning.iloc[one]
    ]
    lines += [(cells.age == 0).to_numpy(), *np.eye(len(cells), dtype=bool)[~hides]]
    _, sizes_of, base = np.linalg.svd(np.array(lines, dtype=float))
    free = base[(sizes_of > 1e-9).sum() :]
    small = cells.active.between(1, K - 1).to_numpy()
    assert small.any()
    assert (np.abs(free[:, small]) > 1e-8).any(axis=0).all()
