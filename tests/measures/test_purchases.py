"""Purchase days, customers and months: by hand, by property, and on CDNOW."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.purchases import customer_summary, monthly_activity, purchase_days

AS_OF = "1997-04-15"

lines = st.tuples(
    st.sampled_from(["ann", "bob", "cyd"]),
    st.dates(dt.date(1997, 1, 1), dt.date(1997, 6, 30)),
    st.decimals(-50, 50, places=2),
    st.sampled_from(["sale", "sale", "return"]),
    st.sampled_from([None, "o1", "o2"]),
)


def customers_of(purchases, as_of=AS_OF) -> pd.DataFrame:
    return fetch(customer_summary(purchases, as_of=as_of).order_by("customer_id"))


def test_customers_by_hand(shop):
    found = customers_of(shop).drop(columns=["first_day", "last_day"])
    expected = pd.DataFrame(
        [
            # customer, repeat_days, recency_age, age, days_since_last, orders, spend
            ("ann", 2, 57, 100, 43, 3, 100),
            ("bob", 0, 0, 95, 95, 2, 10),
            ("cyd", 1, 28, 73, 45, 3, 160),
            ("dan", 1, 55, 60, 5, 2, 15),
            ("eve", 0, 0, 54, 54, 1, 0),
            ("fay", 0, 0, 16, 16, 1, 0),
        ],
        columns=found.columns,
    )
    pd.testing.assert_frame_equal(found.astype({"spend": "int64"}), expected)


def test_money_stays_decimal_and_days_stay_days(shop):
    schema = customer_summary(shop, as_of=AS_OF).schema()
    assert str(schema["spend"]) == "decimal(18, 4)"
    assert str(schema["first_day"]) == "date"
    whole = [n for n in schema if schema[n].is_integer()]
    assert whole == ["repeat_days", "recency_age", "age", "days_since_last", "orders"]


def test_purchase_days_by_hand(shop):
    days = fetch(purchase_days(shop, as_of=AS_OF).order_by(["customer_id", "day"]))
    found = list(
        zip(
            days.customer_id,
            days.day.dt.strftime("%m-%d"),
            days.orders,
            days.spend.map(int),
            strict=True,
        )
    )
    assert found == [
        ("ann", "01-05", 1, 30),
        ("ann", "01-20", 1, 30),
        ("ann", "03-03", 1, 40),
        ("bob", "01-10", 2, 10),
        ("cyd", "02-01", 2, 80),
        ("cyd", "03-01", 1, 80),
        ("dan", "02-14", 1, 0),
        ("dan", "04-10", 1, 15),
        ("eve", "02-20", 1, 0),
        ("fay", "03-30", 1, 60),
    ]


def test_trap_day_rows_30_50_and_80_mean_spend_80_a_day(shop):
    days = fetch(purchase_days(shop, as_of=AS_OF).filter(lambda t: t.customer_id == "cyd"))
    assert days.spend.mean() == 80


def test_trap_two_purchases_on_the_first_day_only_are_no_repeat(shop):
    bob = customers_of(shop).set_index("customer_id").loc["bob"]
    assert (bob.repeat_days, bob.orders) == (0, 2)


def test_trap_a_day_that_nets_to_zero_is_still_a_purchase_day(shop):
    eve = customers_of(shop).set_index("customer_id").loc["eve"]
    assert (eve.days_since_last, eve.spend) == (54, Decimal(0))


def test_orders_are_purchase_days_where_there_are_no_ids(shop):
    found = customers_of(shop.mutate(order_id=shop.order_id.nullif(shop.order_id)))
    assert found.orders.tolist() == (found.repeat_days + 1).tolist()


def test_an_order_id_cannot_be_taken_for_a_day():
    purchases = purchases_of(
        [("ann", "1997-01-05", 1, "sale", None), ("ann", "1997-01-06", 1, "sale", "day 1997-01-05")]
    )
    assert customers_of(purchases).orders.tolist() == [2]


def test_months_by_hand(shop):
    found = monthly_activity(shop, as_of=AS_OF)
    expected = pd.DataFrame(
        {
            "month": pd.to_datetime(["1997-01-01", "1997-02-01", "1997-03-01", "1997-04-01"]),
            "customers": [2, 3, 3, 1],
            "new": [2, 3, 1, 0],
            "returning": [0, 0, 2, 1],
            "orders": [4, 4, 3, 1],
            "spend": [60.0, 80.0, 180.0, -45.0],
            "complete": [True, True, True, False],
        }
    )
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert found.month.dtype.kind == "M"


def test_silent_months_are_rows_with_zeros():
    found = monthly_activity(purchases_of([("ann", "1997-01-31", 5)]), as_of="1997-04-30")
    assert found.customers.tolist() == [1, 0, 0, 0]
    assert found.complete.all()


def test_before_the_first_purchase_there_is_nothing(shop):
    assert customers_of(shop, as_of="1996-12-31").empty
    assert monthly_activity(shop, as_of="1996-12-31").empty


def test_shuffled_lines_give_the_same(shop, shuffled_shop):
    pd.testing.assert_frame_equal(customers_of(shop), customers_of(shuffled_shop))
    pd.testing.assert_frame_equal(
        monthly_activity(shop, as_of=AS_OF), monthly_activity(shuffled_shop, as_of=AS_OF)
    )


@settings(max_examples=12, deadline=None)
@given(st.lists(lines, min_size=1, max_size=25))
def test_months_add_up_to_the_lines_and_to_the_customers(rows):
    purchases = purchases_of(rows)
    months, customers = (
        monthly_activity(purchases, as_of="1997-06-30"),
        customers_of(purchases, "1997-06-30"),
    )
    assert months.spend.sum() == pytest.approx(float(sum(row[2] for row in rows)))
    assert months.new.sum() == len(customers)
    assert (months.new + months.returning == months.customers).all()
    assert (customers.recency_age + customers.days_since_last == customers.age).all()


@settings(max_examples=12, deadline=None)
@given(
    st.lists(lines, min_size=1, max_size=25), st.dates(dt.date(1997, 1, 1), dt.date(1997, 6, 30))
)
def test_nothing_later_than_as_of_is_known(rows, as_of):
    known = [row for row in rows if row[1] <= as_of]
    pd.testing.assert_frame_equal(
        customers_of(purchases_of(rows), as_of), customers_of(purchases_of(known), as_of)
    )
    pd.testing.assert_frame_equal(
        monthly_activity(purchases_of(rows), as_of=as_of),
        monthly_activity(purchases_of(known), as_of=as_of),
    )


def test_cdnow_has_the_published_customers_and_money(cdnow):
    customers = customers_of(cdnow, "1998-06-30")
    assert len(customers) == 2357
    assert customers.spend.sum() == Decimal("244091.94")
    assert (customers.repeat_days > 0).sum() == 1139
    calibration = customers_of(cdnow, "1997-09-30")
    assert calibration.repeat_days.sum() == 2457
    assert (calibration.repeat_days == 0).sum() == 1411
    assert customers.repeat_days.sum() - 2457 == 1882


def test_cdnow_cohorts_are_three_months_of_new_customers(cdnow):
    months = monthly_activity(cdnow, as_of="1998-06-30")
    assert months.new.tolist() == [781, 857, 719] + [0] * 15
    assert months.spend.sum() == pytest.approx(244091.94)
