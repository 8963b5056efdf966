"""Watch: by hand, on buyers whose rhythm is known, and without a look ahead."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchases import customer_summary
from regulars.measures.warning.histories import by_history, looked_at
from regulars.measures.warning.judged import false_alarms, last_list
from regulars.measures.warning.levels import levels
from regulars.measures.warning.rhythm import falling_p, overdue_p
from regulars.measures.warning.watch import watch, watched_customers

AS_OF = "1997-12-31"  # day 365 since 1996-12-31


def days_of(who, *days):
    start = pd.Timestamp("1996-12-31")
    return [(who, str((start + pd.Timedelta(days=day)).date()), 10) for day in days]


@pytest.fixture
def five():
    """Return five customers: overdue, falling, both, neither, and one with too few days."""
    return purchases_of(
        days_of("overdue", *range(301, 322, 4))
        + days_of("falling", *range(5, 280, 5), 280, 300, 320, 340, 360)
        + days_of("both", *range(65, 226, 10))
        + days_of("neither", *range(5, 365, 40))
        + days_of("few", 5, 10, 15)
    )


def test_by_hand(five, rules):
    seen = watch(five, as_of=AS_OF, rules=rules)
    found = fetch(watched_customers(five, seen)).set_index("customer_id")
    assert found.warning.fillna("").to_dict() == {
        "overdue": "overdue",
        "falling": "falling",
        "both": "both",
        "neither": "",
    }
    # The silence of `both` was longer than 90 days already then: 140 days less 90 are five gaps.
    assert found.is_new.to_dict() == {
        "overdue": True,
        "falling": True,
        "both": overdue_p([16], [160], [210])[0] > 0.05,
        "neither": False,
    }
    assert found.recent_days["falling"] == 5  # not the day on which the last 90 begin
    assert found.recent_days["overdue"] == 5  # the first of its six days is no repeat day
    assert (seen.customers, seen.warned, seen.levels.overdue) == (4, 3, 0.05)


def test_who_left_long_ago_is_not_looked_at(rules):
    lines = purchases_of(days_of("gone", 1, 5, 9, 14) + days_of("here", 300, 310, 320, 330))
    year_later = str((pd.Timestamp(AS_OF) + pd.Timedelta(days=20)).date())
    assert fetch(looked_at(lines, as_of=year_later, rules=rules)).customer_id.tolist() == ["here"]


def test_the_cells_hold_the_p_values_of_the_tests(five, rules):
    cells = by_history(five, as_of=AS_OF, rules=rules)
    x, last, age = cells.repeat_days, cells.recency_age, cells.age
    assert cells.p_overdue.tolist() == overdue_p(x, last, age).tolist()
    expected = falling_p(x, cells.recent_days, age, window_days=90)
    assert cells.p_falling.tolist() == expected.tolist()


def test_nothing_later_than_as_of_is_known(buyers, rules):
    purchases = buyers(customers=300, shape=1, days=700, mean=40, seed=3)
    known = purchases.filter(purchases.day <= pd.Timestamp("2021-06-01").date())
    whole, part = (watch(one, as_of="2021-06-01", rules=rules) for one in (purchases, known))
    pd.testing.assert_frame_equal(whole.cells, part.cells)


def test_the_order_of_rows_changes_nothing(five, rules):
    shuffled = five.order_by(five.day.desc())
    one, other = (watch(lines, as_of=AS_OF, rules=rules) for lines in (five, shuffled))
    pd.testing.assert_frame_equal(one.cells, other.cells)


@pytest.mark.parametrize("shape", [1, 3])
def test_the_false_alarm_rate_holds_for_buyers_at_random_and_for_even_ones(buyers, rules, shape):
    """None of them ever stops, so every warning is a false alarm."""
    purchases = buyers(customers=3000, shape=shape, days=900, mean=50, seed=shape)
    seen = watch(purchases, as_of="2022-06-18", rules=rules)
    part = {
        name: seen.cells.customers[seen.cells.warning.isin([name, "both"])].sum() / seen.customers
        for name in ("overdue", "falling")
    }
    assert seen.customers > 2500
    assert part["overdue"] < 0.06
    assert part["falling"] < 0.06
    assert part["overdue"] > (0.04 if shape == 1 else 0)
    assert seen.levels.overdue <= 0.05  # the level never goes above the rate, though it might
    assert shape == 1 or seen.levels.found_overdue < 0.03


def bunches(lines_of, seed):
    """Make customers who buy some days in a row, then rest for long, and never stop."""
    rng = np.random.default_rng(seed)
    visits = np.cumsum(rng.exponential(60, (1500, 30)), axis=1)[:, :, None]
    days = np.floor(visits + np.array([0, 3, 6, 9])).reshape(1500, -1)
    who = np.repeat(np.arange(1500), days.shape[1])
    return lines_of(who[days.ravel() < 800], days.ravel()[days.ravel() < 800])


def test_where_purchases_come_in_bunches_the_tests_become_stricter(lines_of, rules):
    purchases = bunches(lines_of, seed=2)
    at = levels(purchases, as_of="2022-03-01", rules=rules)
    assert at.found_overdue > 0.1
    assert at.overdue < 0.02
    later = watch(purchases, as_of="2021-12-01", rules=rules, later_until="2022-03-01")
    assert false_alarms(later).value < 0.12  # both tests together, each at 5 %


def test_with_few_who_went_on_the_rate_is_the_level(buyers, rules):
    purchases = buyers(customers=60, shape=1, days=700, mean=40, seed=5)
    at = levels(purchases, as_of="2021-11-30", rules=rules)
    assert (at.overdue, at.falling, at.went_on) == (0.05, 0.05, 0)


def test_the_model_gives_up_no_more_of_the_living_than_the_rate(buyers, rules):
    purchases = buyers(customers=800, shape=1, days=700, mean=60, seed=6)
    fitted = fit(count_cells(customer_summary(purchases, as_of="2021-11-30")), model="mbg_nbd")
    seen = watch(purchases, as_of="2021-11-30", rules=rules, fitted=fitted)
    living = seen.cells.p_alive * seen.cells.customers
    assert living[seen.cells.is_dropped].sum() <= 0.05 * living.sum()
    assert (seen.cells.p_alive[seen.cells.is_dropped] <= seen.given_up_at).all()
    assert seen.cells.is_dropped.any()


def test_a_base_without_rhythm_is_an_empty_watch(rules):
    for lines in ([("ann", "1997-01-05", 10)], days_of("daily", *range(1, 3)), []):
        seen = watch(purchases_of(lines), as_of=AS_OF, rules=rules)
        assert (seen.customers, seen.warned) == (0, 0)
        assert fetch(watched_customers(purchases_of(lines), seen)).empty


def test_daily_buyers_are_warned_of_after_days(rules):
    lines = purchases_of(days_of("stopped", *range(1, 361)) + days_of("on", *range(1, 366)))
    found = fetch(watched_customers(lines, watch(lines, as_of=AS_OF, rules=rules)))
    assert found.set_index("customer_id").warning.fillna("").to_dict() == {
        "stopped": "both",  # 85 of 90 days are a fall for who came on each of 274 before
        "on": "",
    }


def test_the_list_of_last_period_is_what_would_have_been_made_then(five, rules):
    then = last_list(five, as_of=AS_OF, rules=rules)
    now = watch(five, as_of="1997-10-02", rules=rules)
    assert then.as_of.isoformat() == "1997-10-02"
    assert then.cells.warning.fillna("").tolist() == now.cells.warning.fillna("").tolist()
