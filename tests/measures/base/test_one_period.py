"""One period: who is in it, what spend is made of, and how it is spread."""

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.base.deciles import deciles
from regulars.measures.base.one_period import (
    base_row,
    base_rows,
    decile_drivers,
    period_customers,
    period_means,
    spend_histogram,
)
from regulars.measures.base.periods import periods_of
from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of

LINES = [
    ("ann", "1997-01-05", 500, "sale", "o1"),  # before the period
    ("ann", "1997-01-21", 10, "sale", "o2"),
    ("ann", "1997-01-21", 20, "sale", "o2"),
    ("ann", "1997-01-25", 30, "sale", "o3"),
    ("bob", "1997-01-30", 40, "sale", "o4"),
    ("bob", "1997-01-30", -10, "return", "r1"),
    ("cyd", "1997-01-28", -5, "return", "r2"),  # nothing but a return
    ("dan", "1997-01-31", 99, "sale", "o5"),  # after the last day known
]


def recent(margin_rate=None, cost=None):
    purchases = purchases_of(LINES)
    costs = ibis.null("decimal(18, 4)") if cost is None else cost(purchases).cast("decimal(18, 4)")
    purchases = purchases.mutate(cost=costs, discount=ibis.null("decimal(18, 4)"))
    periods = periods_of(purchases, as_of="1997-01-30", period_days=10)
    return period_customers(purchases, periods=periods, margin_rate=margin_rate)


def people(orders, spend, margin=None):
    ids = [f"c{place:03}" for place in range(len(spend))]
    margin = [None] * len(spend) if margin is None else margin
    frame = pd.DataFrame({"customer_id": ids, "orders": orders, "spend": spend, "margin": margin})
    return table_of(frame.astype({"spend": "float64", "margin": "float64"}))


def test_only_who_bought_in_the_period_is_in_it():
    found = fetch(recent().order_by("customer_id"))
    assert found.customer_id.tolist() == ["ann", "bob"]
    assert found.spend.astype(float).tolist() == [60, 30]
    assert found.orders.tolist() == [2, 1]


def test_one_row_for_all():
    row = base_row(recent())
    assert row.iloc[0].tolist() == [2, 3, 90, 1.5, 45, 45]
    both = base_rows({"all": row, "again": row})
    assert both.what.tolist() == ["all", "again"]
    assert both.columns.tolist()[0] == "what"


def test_means_by_hand():
    means = period_means(recent())
    assert means.value.tolist()[:3] == [45, 1.5, 30]
    assert means.n.tolist() == [2, 2, 2, 0]
    assert pd.isna(means.value["margin_share"])


def test_margin_comes_from_costs_or_from_the_rate():
    half = period_means(recent(cost=lambda lines: lines.amount.abs() / 2))
    assert half.value["margin_share"] == pytest.approx(0.5)
    rate = period_means(recent(margin_rate=0.3))
    assert rate.value["margin_share"] == pytest.approx(0.3)
    assert rate.n["margin_share"] == 2


def test_a_margin_that_is_not_known_for_all_is_of_those_for_whom_it_is():
    means = period_means(people([1, 1, 1], [100, 100, 50], [20, None, 10]))
    assert means.value["margin_share"] == pytest.approx(30 / 150)
    assert means.n["margin_share"] == 2


def test_the_interval_holds_the_mean_and_narrows_with_more_customers():
    few, many = (period_means(people([1] * n, [5 + i % 20 for i in range(n)])) for n in (40, 640))
    for means in (few, many):
        spend = means.loc["spend_per_customer"]
        assert spend.low < spend.value < spend.high
        assert means.loc["orders_per_customer", ["low", "value", "high"]].tolist() == [1, 1, 1]
    assert (many.high - many.low)["spend_per_customer"] < (few.high - few.low)["spend_per_customer"]


def test_the_histogram_holds_everybody_and_pools_the_ends():
    spends = [-3, -1, 0, 4, 5, 9, 12, 15, 27, *[8] * 80, 33, 34, 400, 500, 900]
    found = spend_histogram(people([1] * len(spends), spends))
    assert found.customers.sum() == len(spends)
    assert found.spend_from.isna().tolist() == [True] + [False] * (len(found) - 1)
    assert found.spend_to.isna().tolist() == [False] * (len(found) - 1) + [True]
    assert found.customers.iloc[[0, -1]].tolist() == [2, 5]  # below 0; from 30 on
    assert (found.spend_to[:-1].to_numpy() == found.spend_from[1:].to_numpy()).all()


@pytest.mark.parametrize("spends", [[], [0], [-5], [7], [0, 0, 0], [3] * 30])
def test_the_histogram_of_hardly_anything(spends):
    found = spend_histogram(people([1] * len(spends), spends))
    assert found.customers.sum() == len(spends)
    assert len(found) <= 17


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-50, 4000), min_size=1, max_size=60))
def test_every_customer_falls_into_the_bin_of_their_spend(spends):
    found = spend_histogram(people([1] * len(spends), spends)).fillna(
        {"spend_from": -1e9, "spend_to": 1e9}
    )
    by_hand = [
        sum(low <= one < high for one in spends)
        for low, high in zip(found.spend_from, found.spend_to, strict=True)
    ]
    assert found.customers.tolist() == by_hand


def test_drivers_multiply_to_what_they_explain():
    spends = [100, 60, 50, 40, 30, 20, 18, 16, 14, 12, 10, 4]
    orders = [5, 2, 5, 4, 3, 1, 2, 2, 1, 1, 1, 4]
    margin = [50, None, *[one / 4 for one in spends[2:]]]
    found = decile_drivers(people(orders, spends, margin))
    tenths = deciles(people(orders, spends))
    assert found.customers.tolist() == tenths.customers.tolist() == [2, 1, 1, 1, 1, 2, 1, 1, 1, 1]
    assert found.spend.tolist() == tenths.spend.tolist()
    assert found.orders.tolist() == [7, 5, 4, 3, 1, 4, 1, 1, 1, 4]
    product = found.orders_per_customer * found.value_per_order
    assert product.tolist() == pytest.approx(found.spend_per_customer.tolist())
    assert pd.isna(found.margin_share[0])  # one of the two has no known margin
    assert found.margin_share[1:].tolist() == [0.25] * 9


def test_a_tenth_that_spent_nothing_has_no_margin_share():
    found = decile_drivers(people([1, 1], [10, 0], [4, 0]))
    assert found.margin_share.isna().tolist() == [False, True]
