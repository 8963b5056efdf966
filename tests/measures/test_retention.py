"""Retention: by hand, by property, and the triangle of CDNOW."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.engine import table_of
from regulars.measures.examples import purchases_of
from regulars.measures.intervals import wilson
from regulars.measures.retention import cohort_retention, grouped_retention, mean_retention

AS_OF = "1997-04-15"
COUNTS = ["age", "customers", "active"]


def test_cells_by_hand(shop):
    found = cohort_retention(shop, as_of=AS_OF)
    assert found.cohort.dt.strftime("%m").tolist() == ["01"] * 4 + ["02"] * 3 + ["03"] * 2
    assert found[COUNTS].to_numpy().tolist() == [
        [0, 2, 2],
        [1, 2, 0],
        [2, 2, 1],
        [3, 2, 0],  # ann and bob; ann again in March
        [0, 3, 3],
        [1, 3, 1],
        [2, 3, 1],  # cyd, dan, eve; cyd in March, dan in April
        [0, 1, 1],
        [1, 1, 0],  # fay, whose return in April is no purchase
    ]
    assert found.complete.tolist() == [True] * 3 + [False] + [True, True, False] + [True, False]
    cell = found.iloc[5]
    assert (cell.rate, cell.low, cell.high) == pytest.approx(
        (1 / 3, wilson(1, 3).low, wilson(1, 3).high)
    )


def test_all_are_active_in_their_own_month_by_definition(shop):
    own = cohort_retention(shop, as_of=AS_OF).query("age == 0")
    assert (own[["rate", "low", "high"]] == 1).all(axis=None)


def test_means_take_complete_cells_only(shop):
    found = mean_retention(cohort_retention(shop, as_of=AS_OF))
    assert found[["age", "cohorts", "customers", "active"]].to_numpy().tolist() == [
        [0, 3, 6, 6],
        [1, 2, 5, 1],
        [2, 1, 2, 1],
    ]
    assert found.rate.tolist() == [1, 0.2, 0.5]
    assert found.low[1] == pytest.approx(wilson(1, 5).low)


def test_trap_a_cohort_with_a_silent_month_keeps_its_ages():
    purchases = purchases_of([("ann", "1996-11-05", 1), ("ann", "1997-02-03", 1)])
    found = cohort_retention(purchases, as_of="1997-03-31")
    assert found.age.tolist() == [0, 1, 2, 3, 4]
    assert found.active.tolist() == [1, 0, 0, 1, 0]


def test_months_without_new_customers_make_no_cohort():
    purchases = purchases_of([("ann", "1997-01-05", 1), ("bob", "1997-03-03", 1)])
    found = cohort_retention(purchases, as_of="1997-03-31")
    assert found.cohort.nunique() == 2


def test_a_month_ends_on_its_last_day(shop):
    whole = cohort_retention(shop, as_of="1997-03-31")
    assert whole.complete.all()
    part = cohort_retention(shop, as_of="1997-03-30")
    assert part[~part.complete].cohort.dt.month.tolist() == [1, 2, 3]


def test_weeks_begin_on_monday_and_cross_the_year():
    purchases = purchases_of(
        [("ann", "1996-12-29", 1), ("bob", "1996-12-30", 1), ("ann", "1997-01-05", 1)]
    )
    found = cohort_retention(purchases, as_of="1997-01-11", every="week")
    assert found.cohort.dt.strftime("%Y-%m-%d %a").unique().tolist() == [
        "1996-12-23 Mon",
        "1996-12-30 Mon",
    ]
    assert found[COUNTS].to_numpy().tolist() == [
        [0, 1, 1], [1, 1, 1], [2, 1, 0],  # ann on a Sunday, and on the last day of the week after
        [0, 1, 1], [1, 1, 0],
    ]  # fmt: skip
    assert found.complete.tolist() == [True, True, False, True, False]
    sunday = cohort_retention(purchases, as_of="1997-01-12", every="week")
    assert sunday.complete.all()


def test_quarters_by_hand(shop):
    found = cohort_retention(shop, as_of=AS_OF, every="quarter")
    assert found.cohort.dt.strftime("%Y-%m-%d").unique().tolist() == ["1997-01-01"]
    assert found[COUNTS].to_numpy().tolist() == [[0, 6, 6], [1, 6, 1]]  # dan in April
    assert found.complete.tolist() == [True, False]


def test_cohorts_of_the_first_days_are_marked():
    purchases = purchases_of([("ann", "1997-01-10", 1), ("bob", "1997-04-09", 1)])
    assert cohort_retention(purchases, as_of="1997-04-30").groupby("cohort").early.first().tolist()
    weeks = cohort_retention(purchases, as_of="1997-04-30", every="week")
    assert weeks.groupby("cohort").early.first().tolist() == [True, True]
    later = purchases_of([("ann", "1997-01-10", 1), ("bob", "1997-04-14", 1)])
    weeks = cohort_retention(later, as_of="1997-04-30", every="week")
    assert weeks.groupby("cohort").early.first().tolist() == [True, False]


def test_groups_share_out_the_cells(shop):
    groups = pd.DataFrame({"customer_id": ["ann", "cyd", "dan"], "group": ["app", "app", "web"]})
    for every in ("week", "month", "quarter"):
        parts = grouped_retention(shop, table_of(groups), as_of=AS_OF, every=every)
        whole = cohort_retention(shop, as_of=AS_OF, every=every)
        sums = parts.groupby(["cohort", "age"])[["customers", "active"]].sum().reset_index()
        shared = ["cohort", "age", "customers", "active"]
        pd.testing.assert_frame_equal(sums[shared], whole[shared])
    months = grouped_retention(shop, table_of(groups), as_of=AS_OF)
    assert months.group.unique().tolist() == ["", "app", "web"]
    assert months[months.group == "web"][COUNTS].to_numpy().tolist() == [
        [0, 1, 1], [1, 1, 0], [2, 1, 1],  # dan in February and April
    ]  # fmt: skip


def test_before_the_first_purchase_there_are_no_cells(shop):
    found = cohort_retention(shop, as_of="1996-12-31")
    assert found.empty
    assert mean_retention(found).empty
    groups = table_of(pd.DataFrame({"customer_id": ["ann"], "group": ["app"]}))
    assert grouped_retention(shop, groups, as_of="1996-12-31").empty


def test_shuffled_lines_give_the_same(shop, shuffled_shop):
    pd.testing.assert_frame_equal(
        cohort_retention(shop, as_of=AS_OF), cohort_retention(shuffled_shop, as_of=AS_OF)
    )


lines = st.tuples(
    st.sampled_from("abcdef"), st.dates(dt.date(1997, 11, 1), dt.date(1998, 4, 30)), st.just(1)
)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(lines, min_size=1, max_size=30), st.dates(dt.date(1998, 1, 1), dt.date(1998, 4, 30))
)
def test_cells_add_up_to_customers_and_their_months(rows, as_of):
    found = cohort_retention(purchases_of(rows), as_of=as_of)
    known = [(who, day) for who, day, _ in rows if day <= as_of]
    own = found[found.age == 0]
    assert own.customers.sum() == len({who for who, _ in known})
    assert found.active.sum() == len({(who, day.year, day.month) for who, day in known})
    assert (found.active <= found.customers).all()
    months = found.cohort.dt.year * 12 + found.cohort.dt.month + found.age
    assert (months <= as_of.year * 12 + as_of.month).all()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(lines, min_size=1, max_size=30),
    st.dates(dt.date(1998, 1, 1), dt.date(1998, 4, 30)),
    st.sampled_from(["week", "quarter"]),
)
def test_cells_agree_with_pandas_periods(rows, as_of, every):
    found = cohort_retention(purchases_of(rows), as_of=as_of, every=every)
    known = pd.DataFrame([row for row in rows if row[1] <= as_of], columns=["who", "day", "amount"])
    freq = {"week": "W-SUN", "quarter": "Q"}[every]
    known["period"] = pd.PeriodIndex(pd.to_datetime(known.day), freq=freq)
    known["cohort"] = known.groupby("who").period.transform("min")
    known = known.drop_duplicates(["who", "period"])
    known["age"] = [(p - c).n for p, c in zip(known.period, known.cohort, strict=True)]
    known["cohort"] = known.cohort.dt.start_time
    counts = known.groupby(["cohort", "age"]).size()
    seen = found[found.active > 0].set_index(["cohort", "age"]).active
    assert seen.to_dict() == counts.to_dict()
    ends = found.cohort.dt.to_period(freq) + found.age
    assert (ends.dt.start_time <= pd.Timestamp(as_of)).all()
    assert found.complete.tolist() == (ends.dt.end_time.dt.date <= as_of).tolist()


def test_cdnow_triangle(cdnow):
    cells = cohort_retention(cdnow, as_of="1998-06-30")
    # pivot refuses two rows for one cell.
    wide = cells.pivot(index="cohort", columns="age", values="active")  # noqa: PD010
    january, february, march = (
        wide.loc[f"1997-0{month}-01"].dropna().tolist() for month in (1, 2, 3)
    )
    assert january == [781, 124, 95, 70, 65, 77, 65, 53, 52, 45, 62, 59, 45, 47, 63, 37, 37, 33]
    assert february == [857, 134, 110, 75, 77, 75, 61, 61, 74, 70, 59, 57, 59, 70, 56, 59, 60]
    assert march == [719, 87, 84, 78, 63, 64, 55, 57, 73, 65, 47, 51, 78, 32, 38, 45]
    assert wide.shape == (3, 18)
    mean = mean_retention(cohort_retention(cdnow, as_of="1998-06-30")).set_index("age")
    assert mean.cohorts.tolist() == [3] * 16 + [2, 1]
    assert mean.active[1] == 124 + 134 + 87
