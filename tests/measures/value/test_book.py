"""The book: each customer's value, the total, groups, newcomers, and when nothing is told."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.suppression import suppressed
from regulars.measures.value.book import base_value, open_book, residual_value
from regulars.measures.value.groups import (
    GROUP_VALUES,
    group_estimates,
    value_by_group,
    value_deciles,
)
from regulars.measures.value.held_back import money_held_back
from regulars.measures.value.newcomers import new_customer, newcomer_curve, newcomer_table
from regulars.measures.value.sensitivity import sensitivity, value_moves
from regulars.parameters import LifetimeValue

END = "1997-09-30"


@pytest.fixture(scope="module")
def book(cdnow_lines, cdnow_forecast):
    return open_book(cdnow_lines, cdnow_forecast, LifetimeValue(), as_of=END)


@pytest.fixture(scope="module")
def customers(book):
    return fetch(book.customers)


def test_cdnow_counts_spend_by_gamma_gamma(book):
    assert (book.withheld, book.sums.what, book.money.method) == (None, "spend", "gamma_gamma")
    assert book.money.related["pearson"].value == pytest.approx(0.11, abs=0.005)


def test_each_customer_has_a_value_and_they_add_up(book, customers):
    assert len(customers) == customers.customer_id.nunique() == 2357
    assert (customers[["expected_purchases", "money_a_day", "clv"]] >= 0).all(axis=None)
    total = base_value(book, seed=1).expected
    assert customers.clv.sum() == pytest.approx(total.value, rel=1e-6)
    assert total.n == 2357
    assert total.low < total.value < total.high


def test_a_customers_money_is_the_own_mean_pulled_to_that_of_all(book, customers):
    own = fetch(book.own).set_index("customer_id")
    one = own[own["days"] == 3].index[0]
    money, k = book.money, book.money.needed
    blend = (float(own.money[one]) + k * money.mean) / (3 + k)
    found = customers.set_index("customer_id").money_a_day[one]
    assert found == pytest.approx(money.rate * blend, abs=1e-3)


def test_without_an_end_the_base_is_worth_more(book):
    left, lasting = residual_value(book, seed=1)
    assert left.expected.value > base_value(book, seed=1).expected.value
    assert lasting > 1095
    endless = LifetimeValue(discount_rate=0.0)
    free = SimpleNamespace(fitted=book.fitted, cells=book.cells, money=book.money, rules=endless)
    assert residual_value(free, seed=1) == (None, None)


def test_a_margin_rate_scales_every_value(cdnow_lines, cdnow_forecast, customers):
    other = open_book(cdnow_lines, cdnow_forecast, LifetimeValue(), as_of=END, margin_rate=0.3)
    assert other.sums.what == "margin"
    assert fetch(other.customers).clv.sum() == pytest.approx(0.3 * customers.clv.sum(), rel=1e-6)


def test_nothing_is_told_without_a_model():
    forecast = SimpleNamespace(final=None, fits={}, withheld="Not better than plain rules.")
    rows = purchases_of([("ann", "1997-01-05", 9)])
    book = open_book(rows, forecast, LifetimeValue(), as_of=END)
    assert (book.withheld, book.customers) == ("Not better than plain rules.", None)


@pytest.mark.parametrize("amount", [-5, 0])
def test_nothing_is_told_of_money_that_is_none(cdnow_forecast, amount):
    rows = [(f"c{k}", day, amount) for k in range(40) for day in ("1997-01-05", "1997-03-05")]
    book = open_book(purchases_of(rows), cdnow_forecast, LifetimeValue(), as_of=END)
    assert book.withheld == (
        "Customers have brought no spend on the whole, so there is no value to foretell."
    )


def test_equal_prices_fall_back_to_the_mean_of_all(cdnow_forecast):
    rows = [(f"c{k}", f"1997-0{1 + k % 3}-0{day}", 10) for k in range(60) for day in (1, 5)]
    book = open_book(purchases_of(rows), cdnow_forecast, LifetimeValue(), as_of=END)
    assert book.money.method == "base_mean"
    assert book.money.mean == pytest.approx(10)
    assert "hardly differ" in book.money.reasons[0]
    assert fetch(book.customers).money_a_day.round(4).tolist() == [10] * 60
    total = base_value(book, seed=1)
    assert total.outcome.low < total.expected.low < total.expected.high < total.outcome.high


def test_related_money_and_frequency_fall_back_to_credibility(cdnow_forecast):
    rng, rows = np.random.default_rng(2), []
    for k in range(80):
        days = 2 + k % 6
        money = 10 * days * rng.gamma(4, 1 / 4) * rng.gamma(8, 1 / 8, days)
        rows += [
            (f"c{k}", f"1997-0{1 + day}-03", round(float(money[day]), 2)) for day in range(days)
        ]
    book = open_book(purchases_of(rows), cdnow_forecast, LifetimeValue(), as_of=END)
    assert book.money.method == "credibility"
    assert "says something about how much" in book.money.reasons[0]
    assert np.isfinite(book.money.needed)


def test_tenths_share_the_whole_value_out(book):
    tenths = value_deciles(book.customers)
    assert tenths.value_share.sum() == pytest.approx(1)
    assert tenths.value_share.is_monotonic_decreasing
    assert tenths.customers.sum() == 2357


def test_tenths_of_few_customers_are_not_told():
    few = pd.DataFrame({"customer_id": [str(k) for k in range(99)], "clv": 1.0})
    assert value_deciles(table_of(few)) is None


def test_groups_share_the_whole_value_out_and_small_ones_are_hidden(book, customers):
    names = ["few"] * 4 + ["some"] * 300 + ["most"] * 2053
    groups = table_of(customers[["customer_id"]].assign(segment=names))
    found = value_by_group(book, groups, seed=1, order=["most", "some", "few"])
    assert found.segment.tolist() == ["most", "some", "few"]
    assert found.value_share.sum() == pytest.approx(1)
    by_hand = customers.assign(segment=names).groupby("segment").clv.sum()
    assert found.set_index("segment")["value"].to_dict() == pytest.approx(
        by_hand.to_dict(), rel=1e-5
    )
    shown = suppressed(found, others=GROUP_VALUES)
    told = group_estimates(shown, by="segment")
    assert told["few"] is told["some"] is None
    assert told["most"].n == 2053


def test_a_newcomer_brings_the_first_purchase_and_those_after_it(book):
    found = new_customer(book, seed=1)
    assert found.value.value == pytest.approx(found.first.value + found.later.value)
    assert found.first.value < found.payback.value < found.value.value
    assert all(
        one.low < one.value < one.high
        for one in (found.first, found.later, found.value, found.payback)
    )
    assert newcomer_table(found)["value"].tolist()[0] == found.first.value


def test_a_newcomers_curve_ends_where_the_value_is(book):
    curve, found = newcomer_curve(book, seed=1), new_customer(book, seed=1)
    assert curve.day.tolist()[0] == 0
    assert curve.day.tolist()[-1] == 1095
    assert curve["value"].is_monotonic_increasing
    assert curve["value"].iloc[0] == pytest.approx(found.first.value)
    last = curve.iloc[-1]
    assert (last["value"], last.low) == pytest.approx((found.value.value, found.value.low))


def test_the_first_purchase_of_cdnow_is_its_mean(book, cdnow):
    firsts = fetch(cdnow.filter(cdnow.day <= pd.Timestamp(END).date()))
    first = firsts.groupby("customer_id").day.transform("min") == firsts.day
    by_hand = firsts[first].amount.astype(float).sum() / 2357
    assert new_customer(book, seed=1).first.value == pytest.approx(by_hand)


def test_the_table_moves_with_discount_margin_and_model(book):
    table = sensitivity(book)
    assert table["name"].tolist() == ["mbg_nbd"] * 3 + ["bg_nbd"] * 3
    assert table.discount_rate.tolist() == [0, 0.1, 0.2] * 2
    assert table.less.to_numpy() == pytest.approx(0.8 * table["value"].to_numpy())
    assert table["value"].iloc[:3].is_monotonic_decreasing
    assert table["value"].iloc[1] == pytest.approx(base_value(book, seed=1).expected.value)
    moves = value_moves(table, discount_rate=0.1)
    assert moves.assumption.tolist() == ["discount"] * 2 + ["margin"] * 2 + ["model"]
    assert moves.share.iloc[-1] == pytest.approx(table["value"].iloc[4] / table["value"].iloc[1])


def test_money_held_back_is_that_of_known_customers_after_the_cut(cdnow, cdnow_fits):
    found = money_held_back(
        cdnow, cdnow_fits["mbg_nbd"], as_of="1998-06-30", holdout_days=273, seed=1
    )
    lines = fetch(cdnow)
    later = lines[lines.day > pd.Timestamp(END)]
    assert found.came == pytest.approx(later.amount.astype(float).sum())
    assert found.error == pytest.approx(found.said.expected.value / found.came - 1)
    assert found.within is (found.said.outcome.low <= found.came <= found.said.outcome.high)
    assert -0.3 < found.error < 0  # MBG/NBD foretells 1,577 of the 1,882 days that came


def test_money_that_cannot_be_told_at_the_cut_is_not_checked(cdnow_fits):
    rows = purchases_of([("ann", "1997-01-05", -3), ("ann", "1998-01-05", 9)])
    ahead = {"as_of": "1998-06-30", "holdout_days": 273, "seed": 1}
    assert money_held_back(rows, cdnow_fits["mbg_nbd"], **ahead) is None
