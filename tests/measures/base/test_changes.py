"""What changed between two periods: by hand, to the cent for any purchases, and its convention."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.base.changes import change_by_status, customer_changes
from regulars.measures.base.effects import change_effects, change_numbers, with_intervals
from regulars.measures.base.periods import period_history, periods_of
from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of

AS_OF = "1997-01-30"

# Periods of ten days as of 30 January: the last begins on the 21st, the one before on the 11th.
LINES = [
    ("ann", "1997-01-11", 20, "sale", "o1"),  # the first day of the period before
    ("ann", "1997-01-11", 10, "sale", "o1"),
    ("ann", "1997-01-20", 30, "sale", "o2"),  # its last day
    ("ann", "1997-01-21", 40, "sale", "o3"),  # the first day of the last period: stayed
    ("bob", "1997-01-12", 50, "sale", "o4"),  # left, and brought something back later
    ("bob", "1997-01-25", -15, "return", "r1"),
    ("cyd", "1997-01-02", 70, "sale", "o5"),  # came back
    ("cyd", "1997-01-30", 35, "sale", "o6"),
    ("cyd", "1997-01-30", -5, "return", "r2"),  # on a purchase day: part of the spend
    ("dan", "1997-01-22", 60, "sale", "o7"),  # new
    ("dan", "1997-01-23", 12.34, "sale", "o8"),
    ("eve", "1997-01-03", 80, "sale", "o9"),  # only returns in both periods
    ("eve", "1997-01-14", -8, "return", "r3"),
    ("eve", "1997-01-24", -2, "return", "r4"),
    ("fay", "1997-01-01", 99, "sale", "o10"),  # in neither period
    ("gus", "1997-01-19", -3, "return", "r5"),  # a return first, then the first purchase: new
    ("gus", "1997-01-29", 6, "sale", "o11"),
    ("hal", "1997-01-31", 99, "sale", "o12"),  # after the last day known
]

lines = st.tuples(
    st.sampled_from(["ann", "bob", "cyd", "dan"]),
    st.dates(dt.date(1997, 1, 1), dt.date(1997, 2, 2)),
    st.decimals(-50, 50, places=2),
    st.sampled_from(["sale", "sale", "return"]),
    st.sampled_from([None, "o1", "o2"]),
)
# One line on the first day, so that two whole periods are known.
shops = st.lists(lines, max_size=25).map(lambda rows: [("zoe", "1997-01-01", 1), *rows])


def changes_of(rows, as_of=AS_OF, days=10):
    purchases = purchases_of(rows)
    periods = periods_of(purchases, as_of=as_of, period_days=days)
    return customer_changes(purchases, periods=periods)


def money_between(rows, first, last):
    return sum((Decimal(str(row[2])) for row in rows if first <= str(row[1]) <= last), Decimal(0))


def test_statuses_by_hand():
    found = fetch(changes_of(LINES).order_by("customer_id")).set_index("customer_id")
    assert found.status.to_dict() == {
        "ann": "stayed",
        "bob": "left",
        "cyd": "came_back",
        "dan": "new",
        "eve": "only_returns",
        "gus": "new",
    }
    assert found.loc["ann", ["orders_before", "orders_now"]].tolist() == [2, 1]
    assert found.loc["bob", ["spend_now", "returns_now"]].astype(float).tolist() == [0, -15]
    assert found.loc["gus", ["spend_before", "returns_before"]].astype(float).tolist() == [0, -3]


def test_sums_by_status_by_hand():
    found = change_by_status(changes_of(LINES)).set_index("status")
    rows = found.drop(columns="customers").astype(float).to_numpy().tolist()
    assert found.customers.tolist()[:4] == [1, 1, 2, 1]
    assert found.customers.isna().tolist() == [False] * 4 + [True]
    assert rows == [
        # orders before and now, spend before and now, change
        [2, 1, 60, 40, -20],  # stayed
        [0, 1, 0, 30, 30],  # came back
        [0, 3, 0, 78.34, 78.34],  # new
        [1, 0, 50, 0, -50],  # left
        [0, 0, -11, -17, -6],  # returns of eve and gus before, of bob and eve now
    ]


def test_effects_by_hand():
    # 2 customers × 1.5 orders × 36.67 before; 4 × 1.25 × 29.668 now.
    effects = change_effects(change_by_status(changes_of(LINES))).set_index("effect").change
    n, o, v = (2, 4), (1.5, 1.25), (110 / 3, 148.34 / 5)
    by_hand = 2 * ((o[0] * v[0] + o[1] * v[1]) / 3 + (o[0] * v[1] + o[1] * v[0]) / 6)
    assert float(effects["customers"]) == pytest.approx(by_hand, abs=0.005)
    assert n[0] * o[0] * v[0] == pytest.approx(110)
    assert effects["customers"] + effects["orders"] + effects["value"] == Decimal("38.34")
    assert (effects["only_returns"], effects["total"]) == (Decimal(-6), Decimal("32.34"))
    assert all(one == round(one, 2) for one in effects)


def test_one_factor_alone_has_the_whole_effect():
    twice = [("ann", "1997-01-11", 10, "sale", "a"), ("ann", "1997-01-21", 10, "sale", "b")]
    twice += [("ann", "1997-01-22", 10, "sale", "c"), ("bob", "1997-01-10", 0, "sale", "d")]
    effects = change_effects(change_by_status(changes_of(twice, days=10))).change
    assert [float(one) for one in effects] == [0, 10, 0, 0, 10]


@pytest.mark.parametrize(
    ("day", "change"), [("1997-01-15", -30), ("1997-01-25", 30)], ids=["all left", "all new"]
)
def test_a_period_without_customers_makes_all_of_it_the_customers_effect(day, change):
    rows = [("zoe", "1997-01-01", 5), ("ann", day, 30)]
    effects = change_effects(change_by_status(changes_of(rows)))
    assert [float(one) for one in effects.change] == [change, 0, 0, 0, change]


def test_two_silent_periods_change_nothing():
    changes = changes_of([("zoe", "1997-01-01", 5)])
    effects = change_effects(change_by_status(changes))
    assert not any(effects.change)
    numbers = change_numbers(changes, effects=effects)
    assert numbers.loc[["growth", "old_share"], "value"].isna().all()


def test_a_short_history_is_refused():
    with pytest.raises(ValueError, match="found 19 days. A whole period is never compared"):
        changes_of([("ann", "1997-01-12", 5)])
    assert len(fetch(changes_of([("ann", "1997-01-11", 5)]))) == 1


@settings(max_examples=25, deadline=None)
@given(shops)
def test_everything_adds_up_to_the_money_of_the_lines_to_the_cent(rows):
    by_status = change_by_status(changes_of(rows))
    before = money_between(rows, "1997-01-11", "1997-01-20")
    now = money_between(rows, "1997-01-21", AS_OF)
    assert sum(by_status.spend_before) == before
    assert sum(by_status.spend_now) == now
    effects = change_effects(by_status)
    assert sum(effects.change[:4]) == effects.change[4] == now - before
    assert sum(by_status.change) == now - before
    assert all(one == round(one, 2) for one in effects.change)


@settings(max_examples=10, deadline=None)
@given(shops, st.randoms(use_true_random=False))
def test_shuffling_lines_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))
    one, other = (change_by_status(changes_of(lines)) for lines in (rows, shuffled))
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(change_effects(one), change_effects(other))


def test_money_finer_than_cents_is_split_as_fine():
    rows = [("zoe", "1997-01-01", 5), ("ann", "1997-01-15", "10.0001"), ("bob", "1997-01-25", 7)]
    rows.append(("bob", "1997-01-26", "7.0101"))
    effects = change_effects(change_by_status(changes_of(rows))).change
    assert sum(effects[:4]) == effects[4] == Decimal("4.0100")
    finer = [("ann", "1997-01-26", "0.0002"), *rows]
    effects = change_effects(change_by_status(changes_of(finer))).change
    assert sum(effects[:4]) == effects[4] == Decimal("4.0102")


def test_numbers_have_the_exact_values_and_intervals_that_hold_them():
    rows = [("zoe", "1997-01-01", 5)]
    for place in range(60):
        rows.append((f"c{place}", "1997-01-12", 10 + place % 7))
        rows += [(f"c{place}", f"1997-01-{21 + day}", 9 + place % 5) for day in range(place % 4)]
    changes = changes_of(rows)
    effects = change_effects(change_by_status(changes))
    numbers = change_numbers(changes, effects=effects)
    exact = effects.set_index("effect").change.astype(float)
    assert numbers.value["change"] == exact["total"]
    assert numbers.value[["customers", "orders", "value"]].sum() == pytest.approx(exact["total"])
    assert (numbers.low <= numbers.value).all()
    assert (numbers.value <= numbers.high).all()
    assert numbers.n.tolist() == [60] * 5 + [45]
    assert numbers.value["old_share"] == 1
    assert numbers.value["growth"] == pytest.approx(exact["total"] / 774)
    shown = with_intervals(effects, numbers).set_index("effect")
    assert shown.loc["total", "low"] == numbers.low["change"]
    assert shown.loc["only_returns", ["low", "high"]].isna().all()


def test_periods_by_hand():
    purchases = purchases_of(LINES)
    periods = periods_of(purchases, as_of=AS_OF, period_days=10)
    assert (periods.full, periods.known_days) == (3, 30)
    assert periods.first == dt.date(1997, 1, 21)
    assert periods.first_before == dt.date(1997, 1, 11)
    found = period_history(purchases, periods=periods)
    assert found.first_day.dt.day.tolist() == [1, 11, 21]
    assert found.last_day.dt.day.tolist() == [10, 20, 30]
    assert found.customers.tolist() == [3, 2, 4]
    assert found.new.tolist() == [3, 2, 2]
    assert found.orders.tolist() == [3, 3, 5]
    assert found.spend.tolist() == [249, 110, 148.34]
    assert found.old_spend.tolist() == [0, 0, 70]


def test_a_part_period_is_no_row_of_the_history():
    purchases = purchases_of([("ann", "1997-01-01", 5), ("ann", "1997-01-20", 5)])
    periods = periods_of(purchases, as_of="1997-01-25", period_days=10)
    found = period_history(purchases, periods=periods)
    assert found.first_day.dt.day.tolist() == [6, 16]
    assert found.spend.tolist() == [0, 5]
    assert found.new.tolist() == [0, 0]


def test_nobody_yet_has_no_periods():
    purchases = purchases_of([("ann", "1997-05-01", 5)])
    periods = periods_of(purchases, as_of="1997-01-25", period_days=10)
    assert (periods.begins, periods.full) == (None, 0)
    assert period_history(purchases, periods=periods).empty
