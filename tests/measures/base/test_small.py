"""Small groups in the lenses: nothing small is left, what is hidden cannot be subtracted back."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from regulars.measures.base.small import (
    POOLED,
    band_table,
    shown_ages,
    shown_bands,
    shown_history,
    shown_statuses,
    tenths_withheld,
)
from regulars.measures.base.small_cohorts import shown_activity, shown_cells


def statuses(sizes):
    rows = pd.DataFrame(
        {
            "status": ["stayed", "came_back", "new", "left", "only_returns"],
            "customers": pd.array([*sizes, None], "Int64"),
        }
    )
    money = {"spend_before": Decimal(9), "spend_now": Decimal(8), "change": Decimal(-1)}
    return rows.assign(orders_before=3, orders_now=4, **money)


def test_one_small_status_hides_all_four():
    found = shown_statuses(statuses([300, 9, 40, 50]))
    assert found.customers.isna().all()
    assert found.spend_now.isna().tolist() == [True] * 4 + [False]
    assert found.hidden.tolist() == [True] * 4 + [False]


def test_zeros_and_tens_hide_nothing():
    found = shown_statuses(statuses([300, 0, 10, 50]))
    assert found.customers.tolist()[:4] == [300, 0, 10, 50]
    assert not found.hidden.any()


def months(new, returning):
    rows = pd.DataFrame({"new": new, "returning": returning})
    return rows.assign(customers=rows.new + rows.returning)


def test_a_small_month_is_never_hidden_alone():
    found = shown_activity(months([30, 3, 25, 40], [50, 60, 70, 80]))
    assert found.hidden.sum() >= 2
    assert found.hidden[1]
    assert found.loc[found.hidden, ["new", "returning"]].isna().all(axis=None)
    assert found.customers.tolist() == [80, 63, 95, 120]


def test_history_hides_new_and_old_together():
    rows = pd.DataFrame(
        {"customers": [200, 210, 90], "new": [60, 4, 50], "old_spend": [900.0, 990.0, 300.0]}
    )
    found = shown_history(rows)
    assert found.hidden[1]
    assert found.loc[found.hidden, "old_spend"].isna().all()
    assert not shown_history(rows.assign(new=[60, 40, 50])).hidden.any()


def cells(active):
    """Four monthly cohorts of 100; `active` by (cohort, age)."""
    rows = [
        (pd.Timestamp(1997, cohort + 1, 1), age, 100, active.get((cohort, age), 30))
        for cohort in range(4)
        for age in range(4 - cohort)
    ]
    frame = pd.DataFrame(rows, columns=["cohort", "age", "customers", "active"])
    frame.loc[frame.age == 0, "active"] = 100
    return frame.assign(orders=frame.active * 2, spend=frame.active * 7.0, complete=True)


def test_a_small_cell_takes_another_of_its_month_along():
    found = shown_cells(cells({(0, 3): 4})).set_index(["cohort", "age"])
    april = [(pd.Timestamp(1997, 4 - age, 1), age) for age in range(4)]
    gone = found.hidden[found.hidden].index.tolist()
    assert april[3] in gone
    assert len(gone) >= 2
    assert set(gone) <= set(april)
    assert found.loc[gone, ["active", "orders", "spend"]].isna().all(axis=None)


def test_a_small_cohort_is_hidden_with_its_size_and_all_its_cells():
    frame = cells({})
    third = frame.cohort == pd.Timestamp(1997, 3, 1)
    frame.loc[third, "customers"] = 5
    frame.loc[third & (frame.age == 0), "active"] = 5
    found = shown_cells(frame)
    assert found.loc[third.to_numpy(), ["customers", "spend"]].isna().all(axis=None)
    assert found.customers.isna().groupby(found.cohort).any().sum() >= 2


def test_no_cells_hide_nothing():
    assert shown_cells(cells({}).head(0)).empty
    assert not shown_cells(cells({})).hidden.any()


def test_what_a_hidden_cohort_spent_is_hidden():
    by_age = pd.DataFrame({"customers": pd.array([None, 60], "Int64")})
    found = shown_ages(by_age.assign(spend_to_age=[9.0, 8.0], low=7.0, high=[11.0, 9.0]))
    assert found.isna().any(axis=1).tolist() == [True, False]


def bands(rng):
    days = pd.to_datetime(["1997-01-01", "1997-02-01", "1997-03-01"])
    rows = pd.DataFrame(
        [(band, day) for band in ("1995", "1996", "1997") for day in days],
        columns=["band", "month"],
    )
    sizes = rng.choice([0, 3, 12, 40, 90], len(rows))
    spend = [Decimal(int(one)) / 100 for one in rng.integers(-500, 90_000, len(rows))]
    since = pd.to_datetime(rows.band + "-01-01")
    return rows.assign(since=since, customers=sizes, spend=spend, complete=True)


@pytest.mark.parametrize("seed", range(12))
def test_hidden_bands_are_pooled_and_the_month_still_adds_up(seed):
    before = bands(np.random.default_rng(seed))
    found = shown_bands(before)
    known = found.dropna(subset=["spend"])
    sums = known.groupby("month").spend.agg(lambda money: sum(money, Decimal(0)))
    assert sums.equals(before.groupby("month").spend.agg(lambda money: sum(money, Decimal(0))))
    single = found[found.band != POOLED]
    assert not single.customers.between(1, 9).any()
    table = band_table(found)
    assert table.hidden.tolist() == found.groupby("month").hidden.any().tolist()
    assert set(table.columns) == {"month", "hidden", *found.band}


def test_large_bands_stay_as_they_are():
    before = bands(np.random.default_rng(0)).assign(customers=50)
    found = shown_bands(before)
    assert POOLED not in set(found.band)
    assert found.spend.tolist() == before.spend.tolist()
    assert shown_bands(before.head(0)).empty


@pytest.mark.parametrize(
    ("customers", "spend", "reason"),
    [
        (100, 5.0, None),
        (99, 5.0, "Fewer than 100 customers"),
        (500, 0.0, "not above zero"),
        (0, None, "not above zero"),
    ],
)
def test_tenths_need_a_hundred_customers_and_spend(customers, spend, reason):
    found = tenths_withheld(pd.DataFrame({"customers": [customers], "spend": [spend]}))
    assert (found is None) if reason is None else (reason in found)
