"""Small cohorts: 03 and 09 hide the same cells, and no sum on either page gives one away."""

import functools

import numpy as np
import pandas as pd
import pytest

from regulars.measures.base import layers, small
from regulars.measures.base.cohorts import cohort_cells, spend_by_age
from regulars.measures.base.small_cohorts import shown_activity, shown_cells, triangle_of
from regulars.measures.behaviour.cohort_groups import cohort_groups
from regulars.measures.behaviour.shown_cohorts import shown_cohorts
from regulars.measures.calendar_units import number_of
from regulars.measures.examples import purchases_of
from regulars.measures.purchases import monthly_activity

K = 10
SHOPS = [("month", 0), ("month", 1), ("month", 2), ("quarter", 0), ("quarter", 1), ("quarter", 2)]


def shop(seed, unit):
    """A shop in which some cells hold few customers, and most do not."""
    rng = np.random.default_rng(seed)
    months, step, rare = (12, 1, 0.08) if unit == "month" else (18, 3, 0.02)
    starts = pd.date_range("1997-01-01", periods=months, freq="MS")
    chance = rng.choice([rare, 0.6, 0.6, 0.6], (months, months))[::step, ::step].repeat(step, 0)
    chance = chance.repeat(step, 1)
    rows = []
    for place in range(months):
        for one in range(rng.integers(*((50, 80) if unit == "month" else (20, 40)))):
            back = rng.random(months - place) < chance[place, place:]
            back[0] = True
            rows += [
                (f"c{place}-{one}", str(when.date()), float(rng.integers(5, 99)))
                for when in starts[place:][back]
            ]
    return purchases_of(rows), str((starts[-1] + pd.offsets.MonthEnd(0)).date())


class Pages:
    """What is shown of cohorts on both pages."""

    def __init__(self, seed, unit):
        purchases, as_of = shop(seed, unit)
        self.unit, self.when = unit, {"as_of": as_of}
        self.cells = cohort_cells(purchases, unit=unit, **self.when)
        self.triangle = triangle_of(purchases, unit=unit, **self.when)
        self.told = shown_cells(self.cells, triangle=self.triangle, unit=unit)
        by_age = spend_by_age(purchases, self.told, unit=unit, **self.when)
        self.by_age = small.shown_ages(by_age).dropna(subset="spend_to_age")
        self.layers = layers.spend_layers(purchases, **self.when)
        self.bands = small.shown_bands(layers.band_layers(self.layers, **self.when))
        activity = monthly_activity(purchases, **self.when)
        months = triangle_of(purchases, **self.when)
        self.activity = shown_activity(activity, triangle=months)
        self.groups = cohort_groups(purchases, self.triangle, every=unit, **self.when)

    @property
    def small(self):
        return self.cells[(self.cells.active > 0) & (self.cells.active < K)]


@functools.cache
def pages_of(unit, seed):
    return Pages(seed, unit)


def is_told(aim, lines):
    """Whether somebody who knows these sums can work this one out."""
    system = np.array(lines, dtype=float).T
    answer = np.linalg.lstsq(system, aim.astype(float), rcond=None)[0]
    return np.allclose(system @ answer, aim, atol=1e-8)


def money_known(pages):
    """Return, over months by monthly cohorts, the sums of money that are shown, and the cells."""
    fine = pages.layers
    cohort = number_of(fine.cohort, pages.unit)
    age = number_of(fine.month, pages.unit) - cohort
    cells = pages.told.assign(number=number_of(pages.told.cohort, pages.unit))
    cell = {
        (row.cohort, row.age): ((cohort == row.number) & (age == row.age)).to_numpy()
        for row in cells.itertuples()
    }
    lines = [cell[row.cohort, row.age] for row in cells[cells.spend.notna()].itertuples()]
    of_band = fine.cohort.map(layers.band_names(fine.cohort))
    away = {(row.band, row.month) for row in pages.bands[pages.bands.hidden].itertuples()}
    for (band, month), rows in fine.groupby([of_band, "month"]):
        if (band, month) not in away:
            lines.append(fine.index.isin(rows.index))
    for month in {month for _, month in away}:
        lines.append(((fine.month == month) & [(b, month) in away for b in of_band]).to_numpy())
    for month in pages.activity.month[pages.activity.spend.notna()]:
        lines.append((fine.month == month).to_numpy())
    values = pages.groups.values  # noqa: PD011 (a field)
    for row in [*pages.by_age.itertuples(), *values.itertuples()]:
        number = number_of(pd.Series([row.cohort]), pages.unit)[0]
        lines.append(((cohort == number) & (age <= row.age)).to_numpy())
    pooled = number_of(pages.groups.ages.cohorts.to_series(), pages.unit)
    for row in pages.groups.money.itertuples():
        if pd.notna(row.spend):
            lines.append((cohort.isin(pooled) & (age == row.age)).to_numpy())
        if pd.notna(row.spend_to_age):
            lines.append((cohort.isin(pooled) & (age <= row.age)).to_numpy())
    return cell, lines


@pytest.mark.parametrize(("unit", "seed"), SHOPS)
def test_no_attacker_finds_what_few_customers_spent(unit, seed):
    pages = pages_of(unit, seed)
    cell, lines = money_known(pages)
    assert pages.told.spend.notna().sum() >= 4
    assert len(pages.small) >= 2
    for row in pages.small.itertuples():
        assert not is_told(cell[row.cohort, row.age], lines), (row.cohort, row.age)


@pytest.mark.parametrize(("unit", "seed"), SHOPS)
def test_no_attacker_counts_the_few_customers_of_a_cell(unit, seed):
    pages = pages_of(unit, seed)
    cells, shown = pages.cells, pages.told.active.notna() | pages.triangle.cells.active.notna()
    lines = list(np.eye(len(cells))[shown.to_numpy()])
    for row in pages.triangle.mean[pages.triangle.mean.active.notna()].itertuples():
        sized = ~cells.cohort.map(pages.triangle.sizes)
        lines.append(((cells.age == row.age) & cells.complete & sized).to_numpy(float))
    if unit == "month":
        period = number_of(cells.cohort, unit) + cells.age
        months = pages.activity[pages.activity.returning.notna()].month
        lines += [
            ((period == one) & (cells.age > 0)).to_numpy(float) for one in number_of(months, unit)
        ]
    for place in pages.small.index:
        assert not is_told(np.eye(len(cells))[place], lines), cells.loc[place]


@pytest.mark.parametrize("unit", ["month", "quarter"])
def test_both_pages_hide_the_same_counts(unit):
    purchases, as_of = shop(0, unit)
    pages = pages_of(unit, 0)
    of_09 = shown_cohorts(purchases, as_of=as_of, every=unit).cells
    pd.testing.assert_frame_equal(pages.triangle.cells, of_09)
    assert of_09.hidden.any()
    assert pages.told.hidden[of_09.hidden.to_numpy()].all()


@pytest.mark.parametrize(("unit", "seed"), SHOPS[::3])
def test_both_pages_give_a_cohort_the_same_interval(unit, seed):
    pages = pages_of(unit, seed)
    both = pages.by_age.merge(pages.groups.values, on=["cohort", "age"])
    assert len(both) >= 3
    for name in ("customers", "spend_to_age", "low", "high"):
        assert both[f"{name}_x"].tolist() == both[f"{name}_y"].tolist()


def test_large_quarters_hide_nothing():
    days = pd.date_range("1997-01-01", "1997-12-31", freq="2D").strftime("%Y-%m-%d")
    rows = [(f"c{n % 120}", day, 10) for n, day in enumerate(days.repeat(9))]
    purchases, when = purchases_of(rows), {"as_of": "1997-12-31"}
    cells = cohort_cells(purchases, unit="quarter", **when)
    triangle = triangle_of(purchases, unit="quarter", **when)
    assert not shown_cells(cells, triangle=triangle, unit="quarter").hidden.any()
