"""Cohorts and layers: by hand, ages on the calendar, layers that add up to the cent."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.base.cohorts import (
    cohort_cells,
    cohort_unit,
    largest_cohort,
    spend_by_age,
)
from regulars.measures.base.layers import NEVER, band_layers, spend_layers
from regulars.measures.examples import purchases_of
from regulars.measures.purchases import monthly_activity
from regulars.measures.retention import cohort_retention

AS_OF = "1997-05-20"

LINES = [
    ("ann", "1997-01-05", 10, "sale", "o1"),
    ("ann", "1997-01-06", 20, "sale", "o2"),
    ("ann", "1997-02-01", 30, "sale", "o3"),
    ("ann", "1997-05-03", 5, "sale", "o4"),
    ("bob", "1997-01-31", 40, "sale", "o5"),
    ("bob", "1997-02-10", -15, "return", "r1"),  # a month with nothing but a return
    ("cyd", "1997-01-20", -7, "return", "r2"),  # before the first purchase
    ("cyd", "1997-02-14", 60, "sale", "o6"),
    ("cyd", "1997-04-01", 25, "sale", "o7"),
    ("dan", "1997-04-30", 80, "sale", "o8"),
    ("dan", "1997-05-01", 90, "sale", "o9"),
    ("eve", "1997-02-03", -4, "return", "r3"),  # never bought
    ("fay", "1997-05-20", 11, "sale", "o10"),
    ("gus", "1997-05-21", 99, "sale", "o11"),  # after the last day known
]

lines = st.tuples(
    st.sampled_from(["ann", "bob", "cyd", "dan"]),
    st.dates(dt.date(1996, 11, 1), dt.date(1997, 6, 30)),
    st.decimals(-50, 50, places=2),
    st.sampled_from(["sale", "sale", "return"]),
    st.sampled_from([None, "o1", "o2"]),
)


def test_cells_by_hand():
    cells = cohort_cells(purchases_of(LINES), as_of=AS_OF)
    found = [
        (row.cohort.month, row.age, row.customers, row.active, row.orders, row.spend, row.complete)
        for row in cells.itertuples()
    ]
    assert found == [
        (1, 0, 2, 2, 3, 70, True),
        (1, 1, 2, 1, 1, 15, True),  # bob's return lowers the spend, and makes nobody active
        (1, 2, 2, 0, 0, 0, True),  # a silent month
        (1, 3, 2, 0, 0, 0, True),
        (1, 4, 2, 1, 1, 5, False),
        (2, 0, 1, 1, 1, 60, True),
        (2, 1, 1, 0, 0, 0, True),
        (2, 2, 1, 1, 1, 25, True),
        (2, 3, 1, 0, 0, 0, False),
        (4, 0, 1, 1, 1, 80, True),
        (4, 1, 1, 1, 1, 90, False),
        (5, 0, 1, 1, 1, 11, False),
    ]


def test_quarters_by_hand():
    cells = cohort_cells(purchases_of(LINES), as_of=AS_OF, unit="quarter")
    found = [
        (row.cohort.month, row.age, row.customers, row.active, row.spend, row.complete)
        for row in cells.itertuples()
    ]
    # The return before the first purchase falls into the quarter of the first purchase.
    assert found == [
        (1, 0, 3, 3, 138, True),
        (1, 1, 3, 2, 30, False),
        (4, 0, 2, 2, 181, False),
    ]


def test_the_largest_full_cohort_evolves():
    cohort = largest_cohort(cohort_cells(purchases_of(LINES), as_of=AS_OF))
    assert set(cohort.cohort) == {pd.Timestamp("1997-01-01")}
    product = cohort.active_share * cohort.orders_per_active * cohort.value_per_order
    known = cohort.active > 0
    assert product[known].tolist() == pytest.approx(cohort.spend_per_customer[known].tolist())
    assert cohort.orders_per_active.isna().tolist() == (~known).tolist()
    assert cohort.spend_per_customer.tolist() == [35, 7.5, 0, 0, 2.5]


def test_a_month_that_is_not_over_is_no_full_cohort():
    assert largest_cohort(cohort_cells(purchases_of(LINES[-2:]), as_of=AS_OF)).empty


def test_cohorts_at_equal_age_by_hand():
    purchases = purchases_of(LINES)
    found = spend_by_age(purchases, cohort_cells(purchases, as_of=AS_OF), as_of=AS_OF)
    # Ages 0, 1, 2, 3 are complete for 3, 2, 2, 1 cohorts: 3 months × 2 cohorts are the most.
    assert set(found.age) == {2}
    assert found.spend_to_age.tolist() == [42.5, 85]


def test_cohorts_of_the_first_90_days_are_not_compared():
    days = [f"1997-{month:02}-{day:02}" for month in range(1, 9) for day in (1, 15)]
    lines = [(f"c{n}", day, 10) for n, day in enumerate(days)]
    purchases, when = purchases_of(lines), {"as_of": "1997-08-31"}
    found = spend_by_age(purchases, cohort_cells(purchases, **when), **when)
    # Five are left from April on; three months of three of them are the most, all six reach that.
    assert found.cohort.dt.month.tolist() == [1, 2, 3, 4, 5, 6]
    assert found.compared.tolist() == [False] * 3 + [True] * 3
    short = spend_by_age(purchases, cohort_cells(purchases, as_of="1997-03-31"), as_of="1997-03-31")
    assert len(short) > 0
    assert not short.compared.any()


def test_before_the_first_purchase_there_are_no_cohorts():
    purchases = purchases_of(LINES)
    cells = cohort_cells(purchases, as_of="1996-12-31")
    assert cells.empty
    assert spend_by_age(purchases, cells, as_of="1996-12-31").empty
    assert largest_cohort(cells).empty
    assert band_layers(spend_layers(purchases, as_of="1996-12-31"), as_of="1996-12-31").empty


@pytest.mark.parametrize(
    ("new", "unit"), [([60, 50, 40], "month"), ([60, 49, 40], "quarter"), ([0, 0], "quarter")]
)
def test_small_months_make_quarters(new, unit):
    assert cohort_unit(pd.DataFrame({"new": new, "complete": True})) == unit


def test_layers_by_hand():
    layers = spend_layers(purchases_of(LINES), as_of=AS_OF)
    found = [
        (row.month.month, None if pd.isna(row.cohort) else row.cohort.month, float(row.spend))
        for row in layers.itertuples()
    ]
    assert found == [
        (1, 1, 70),
        (1, 2, -7),  # returned before the first purchase
        (2, 1, 15),
        (2, 2, 60),
        (2, None, -4),
        (4, 2, 25),
        (4, 4, 80),
        (5, 1, 5),
        (5, 4, 90),
        (5, 5, 11),
    ]
    assert layers.customers.tolist() == [2, 1, 2, 1, 1, 1, 1, 1, 1, 1]


def test_bands_fill_silent_months_and_keep_the_money():
    layers = spend_layers(purchases_of(LINES), as_of=AS_OF)
    bands = band_layers(layers, as_of=AS_OF)
    assert list(dict.fromkeys(bands.band)) == [
        "Jan 1997",
        "Feb 1997",
        "Apr 1997",
        "May 1997",
        NEVER,
    ]
    assert len(bands) == 5 * 5
    assert sum(bands.spend) == sum(layers.spend)
    assert bands.complete.tolist() == [True, True, True, True, False] * 5
    assert bands.since.isna().sum() == 5


@pytest.mark.parametrize(
    ("months", "names"),
    [
        (["1997-01", "1997-02", "1997-03", "1997-05", "1997-06"], ["Q1 1997", "Q2 1997"]),
        (["1996-01", "1996-04", "1996-07", "1996-10", "1997-01"], ["1996", "1997"]),
        ([f"{year}-01" for year in range(1990, 1997)], ["until 1993", "1994", "1995", "1996"]),
    ],
    ids=["quarters", "years", "many years"],
)
def test_bands_are_as_fine_as_four_allow(months, names):
    rows = [(f"c{place}", f"{month}-05", 1) for place, month in enumerate(months)]
    layers = spend_layers(purchases_of(rows), as_of="1997-12-31")
    bands = band_layers(layers, as_of="1997-12-31")
    assert list(dict.fromkeys(bands.band)) == names
    assert sum(bands.spend) == len(months)


@settings(max_examples=25, deadline=None)
@given(st.lists(lines, min_size=1, max_size=25))
def test_layers_add_up_to_the_spend_of_each_month_to_the_cent(rows):
    purchases = purchases_of(rows)
    activity = monthly_activity(purchases, as_of=AS_OF).set_index("month")
    layers = spend_layers(purchases, as_of=AS_OF)
    bands = band_layers(layers, as_of=AS_OF)
    for frame in (layers, bands):
        sums = frame.groupby("month").spend.agg(lambda money: sum(money, Decimal(0)))
        assert {month: float(money) for month, money in sums.items() if money} == {
            month: round(money, 2) for month, money in activity.spend.items() if round(money, 2)
        }
    assert sum(layers.spend) == sum((row[2] for row in rows if str(row[1]) <= AS_OF), Decimal(0))


@settings(max_examples=12, deadline=None)
@given(st.lists(lines, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_cells_agree_with_retention_and_do_not_mind_the_order_of_lines(rows, random):
    cells = cohort_cells(purchases_of(rows), as_of=AS_OF)
    retention = cohort_retention(purchases_of(rows), as_of=AS_OF)
    shared = ["cohort", "age", "customers", "active", "complete"]
    pd.testing.assert_frame_equal(cells[shared], retention[shared], check_dtype=False)
    shuffled = purchases_of(random.sample(rows, len(rows)))
    pd.testing.assert_frame_equal(cells, cohort_cells(shuffled, as_of=AS_OF))
    pd.testing.assert_frame_equal(
        spend_layers(purchases_of(rows), as_of=AS_OF), spend_layers(shuffled, as_of=AS_OF)
    )
