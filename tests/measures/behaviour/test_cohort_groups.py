"""Cohorts compared: equal ages, money by hand, differences beyond chance, and no looking ahead."""

import gc

import ibis
import numpy as np
import pandas as pd
import pytest

from regulars.measures.base.cohorts import cohort_cells, spend_by_age
from regulars.measures.behaviour.cohort_groups import cohort_groups, group_differences
from regulars.measures.behaviour.cohort_money import cohort_values, money_by_age, shown_money
from regulars.measures.behaviour.equal_ages import EqualAges, equal_ages
from regulars.measures.behaviour.shown_cohorts import shown_cohorts
from regulars.measures.engine import table_of
from regulars.measures.examples import purchases_of
from regulars.measures.intervals import newcombe
from regulars.measures.retention import cohort_retention

AS_OF = "1997-04-15"


def test_equal_ages_take_the_most_cells_and_no_part_of_a_month():
    rows = [(f"c{month}", f"1997-{month:02d}-10", 1) for month in range(1, 10)]
    cells = cohort_retention(purchases_of(rows), as_of="1997-09-20")
    ages = equal_ages(cells)
    # Up to April they begin in the first 90 days. Of the others 4, 3, 2, 1 have reached ages 0 to 3
    # in full: 3 cohorts of 2 months are as many cells as 2 of 3, and the younger age is taken.
    assert ages.cohorts.month.tolist() == [5, 6, 7]
    assert (ages.age, ages.early) == (1, False)
    hidden = pd.Series([False] * 5 + [True] + [False] * 3, index=cells.cohort.unique())
    assert equal_ages(cells, hidden).cohorts.month.tolist() == [5, 7]
    young = equal_ages(cells[cells.cohort < "1997-04-01"])
    assert young.early
    assert equal_ages(cells.head(0)).age == -1


def test_weeks_are_followed_for_half_a_year_at_most():
    days = pd.date_range("1997-01-06", periods=110, freq="7D")
    rows = [(f"c{at}", str(day.date()), 1) for at, day in enumerate(days)]
    cells = cohort_retention(purchases_of(rows), as_of="1999-02-28", every="week")
    assert equal_ages(cells, every="week").age == 26


def channels():
    return table_of(pd.DataFrame({"customer_id": ["ann", "bob", "cyd"], "group": ["a", "a", "b"]}))


def test_money_by_hand(shop):
    ages = EqualAges(pd.to_datetime(["1997-01-01", "1997-02-01"]), age=1, early=False)
    found = money_by_age(shop, channels(), ["a", "b"], ages=ages, as_of=AS_OF)
    assert found[["group", "age", "spend", "spend_to_age"]].to_numpy().tolist() == [
        ["a", 0, 35, 35],  # ann 60, bob 10 in January
        ["a", 1, 0, 35],
        ["b", 0, 80, 80],  # cyd 80 in February, 80 in March
        ["b", 1, 80, 160],
    ]
    values = cohort_values(shop, ages=ages, as_of=AS_OF)
    assert values[["customers", "spend_to_age"]].to_numpy().tolist() == [[2, 35], [3, 160 / 3]]
    assert values.age.tolist() == [1, 1]


def test_money_before_the_first_purchase_is_of_no_cohort():
    purchases = purchases_of([("ann", "1997-01-05", -9, "return"), ("ann", "1997-02-05", 20)])
    ages = EqualAges(pd.to_datetime(["1997-02-01"]), age=0, early=False)
    assert cohort_values(purchases, ages=ages, as_of="1997-02-28").spend_to_age.tolist() == [20]


def test_what_does_not_vary_has_no_interval():
    purchases = purchases_of([(f"c{at}", "1997-01-05", 10) for at in range(40)])
    ages = EqualAges(pd.to_datetime(["1997-01-01"]), age=1, early=False)
    found = cohort_values(purchases, ages=ages, as_of="1997-02-28")
    assert found.spend_to_age.tolist() == [10]
    assert found[["low", "high"]].isna().all(axis=None)


def test_nobody_has_no_money(shop):
    none = EqualAges(pd.DatetimeIndex([]), age=-1, early=False)
    assert money_by_age(shop, channels(), [], ages=none, as_of=AS_OF).empty
    assert cohort_values(shop, ages=none, as_of=AS_OF).empty


def test_values_agree_with_the_lens_of_equal_ages(cdnow):
    as_of = "1998-06-30"
    lens = spend_by_age(cdnow, cohort_cells(cdnow, as_of=as_of), as_of=as_of)
    ages = equal_ages(cohort_retention(cdnow, as_of=as_of))
    found = cohort_values(cdnow, ages=ages, as_of=as_of)
    columns = ["cohort", "age", "customers", "spend_to_age", "low", "high"]
    pd.testing.assert_frame_equal(found[columns], lens[columns], check_dtype=False)


def test_money_is_hidden_where_a_difference_would_tell_it():
    money = pd.DataFrame({"group": ["a"] * 4 + ["b"] * 4, "age": [0, 1, 2, 3] * 2})
    numbers = ["spend", "spend_low", "spend_high", "spend_to_age", "low", "high"]
    money = money.assign(**dict.fromkeys(numbers, 5.0))
    shown = money[["group", "age"]].assign(customers=50, hidden=[0, 1, 0, 0, 0, 0, 0, 0])
    found = shown_money(money, shown.astype({"hidden": bool}))
    assert found.spend.isna().tolist() == [False, True, True, False] + [False] * 4
    assert found.spend_to_age.isna().tolist() == [False, True, False, False] + [False] * 4
    assert found.high.isna().tolist() == found.spend_to_age.isna().tolist()
    assert found.hidden.tolist() == [False, True, True, False] + [False] * 4


def arms(**active):
    rows = [(name, 3, n, x, False) for name, (x, n) in active.items()]
    return pd.DataFrame(rows, columns=["group", "age", "customers", "active", "hidden"])


def test_differences_by_hand():
    found = group_differences(arms(web=(81, 263), app=(24, 100), shop=(48, 80)), age=3)
    assert found[["one", "other"]].to_numpy().tolist() == [
        ["web", "app"], ["web", "shop"], ["app", "shop"],
    ]  # fmt: skip
    by_hand = newcombe((81, 263), (24, 100))
    first = found.iloc[0]
    assert (first.change, first.low, first.high) == pytest.approx(
        (by_hand.value, by_hand.low, by_hand.high)
    )
    assert found.differs.tolist() == [False, True, True]
    assert (found.p_holm >= found.p).all()
    assert (found.low <= found.change).all()
    assert (found.change <= found.high).all()


def test_hidden_groups_and_age_zero_are_not_compared():
    some = arms(web=(81, 263), app=(20, 100), shop=(48, 80))
    hidden = group_differences(some.assign(hidden=[True, False, False]), age=3)
    assert hidden[["one", "other"]].to_numpy().tolist() == [["app", "shop"]]
    assert group_differences(some.assign(age=0), age=0).empty
    assert group_differences(some.head(1), age=3).empty


def test_false_alarms_are_at_most_five_in_a_hundred(monkeypatch):
    # The correction by statsmodels tidies the memory each time, which takes nearly all of the time.
    monkeypatch.setattr(gc, "collect", lambda *_: 0)
    rng, alarms = np.random.default_rng(11), 0
    for _ in range(200):
        counts = {name: (int(rng.binomial(n, 0.2)), n) for name, n in
                  zip("abcd", (400, 250, 120, 60), strict=True)}  # fmt: skip
        alarms += group_differences(arms(**counts), age=3).differs.any()
    assert alarms <= 16  # 5 % of 200 and two standard errors; without the correction it is twice it


def parted(lines_of, *, seed):
    """Return purchases of five cohorts; who comes by web returns twice as often."""
    rng = np.random.default_rng(seed)
    start, web = rng.integers(5, 10, 900), np.arange(900) % 3 > 0
    months = np.arange(5, 14)
    later = rng.random((900, 9)) < np.where(web, 0.4, 0.2)[:, None]
    bought = np.where(months == start[:, None], True, later & (months > start[:, None]))
    who, place = np.nonzero(bought)
    # The channel of all later purchases is the other one, and must not matter.
    by_web = web[who] == (months[place] == start[who])
    days = (np.datetime64("2020-01-15") + 30 * months[place] - np.datetime64("2020-01-01")).astype(
        int
    )
    old = lines_of(np.array([5000]), np.array([0]), channel=["web"])
    return old.union(lines_of(who, days, channel=np.where(by_web, "web", "shop")))


def test_groups_differ_as_they_were_made_and_later_channels_do_not_count(lines_of):
    purchases = parted(lines_of, seed=3)
    triangle = shown_cohorts(purchases, as_of="2021-02-28")
    found = cohort_groups(purchases, triangle, as_of="2021-02-28", by="channel")
    assert found.retention.group.unique().tolist() == ["web", "shop"]
    at = found.retention[found.retention.age == 3].set_index("group")
    assert ((at.low < [0.45, 0.25]) & (at.high > [0.35, 0.15])).all()
    assert found.differences.differs.tolist() == [True]
    # What came later changes nothing at an age that was over.
    early = purchases.filter(purchases.day <= ibis.date("2020-12-31"))
    before = cohort_groups(
        purchases, shown_cohorts(early, as_of="2020-12-31"), as_of="2020-12-31", by="channel"
    )
    alone = cohort_groups(
        early, shown_cohorts(early, as_of="2020-12-31"), as_of="2020-12-31", by="channel"
    )
    pd.testing.assert_frame_equal(before.retention, alone.retention)
    pd.testing.assert_frame_equal(before.money, alone.money)


def test_without_an_attribute_all_are_one_group(cdnow):
    triangle = shown_cohorts(cdnow, as_of="1998-06-30")
    found = cohort_groups(cdnow, triangle, as_of="1998-06-30")
    assert found.retention.group.unique().tolist() == ["all"]
    # Reached in full by all three cohorts of the published triangle.
    assert found.retention.active.tolist()[1:4] == [345, 289, 223]
    assert found.ages.age == 15
    assert found.differences.empty
    both = found.money.groupby("group").spend.cumsum()
    assert found.money.spend_to_age.tolist() == pytest.approx(both.tolist())
