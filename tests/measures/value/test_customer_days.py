"""Customer days: the sums of a customer by hand, and that they are those of the other measures."""

import pandas as pd
import pytest

from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.purchases import customer_summary
from regulars.measures.value.customer_days import customer_days

ROWS = [
    ("ann", "1997-01-05", 30),
    ("ann", "1997-01-05", 6),
    ("ann", "1997-02-01", 10),
    ("ann", "1997-02-09", -5, "return"),
    ("ann", "1997-03-01", 4),
    ("ann", "1997-03-01", -4, "return"),
    ("bob", "1997-01-09", 0),
    ("bob", "1997-03-01", 8),
    ("eve", "1997-03-02", -9, "return"),
]


def found(as_of: str = "1997-12-31") -> pd.DataFrame:
    rows = fetch(customer_days(purchases_of(ROWS), as_of=as_of)).set_index("customer_id")
    return rows.sort_index().astype(float)


def test_sums_by_hand():
    ann, bob = found().loc["ann"], found().loc["bob"]
    # The day of 4 and −4 is a purchase day that is not paid; that of −5 alone is none.
    assert (ann["days"], ann.paid_days) == (3, 2)
    assert (ann.day_money, ann.paid_money, ann.first_money) == (46, 46, 36)
    assert (ann.squares, ann.spend, ann.sales) == (36**2 + 10**2, 41, 50)
    assert (bob["days"], bob.paid_days, bob.first_money, bob.paid_money) == (2, 1, 0, 8)


def test_who_only_returned_is_no_customer():
    assert found().index.tolist() == ["ann", "bob"]


def test_a_later_day_is_not_known():
    assert found("1997-01-31").loc["ann", ["days", "spend", "age"]].tolist() == [1, 36, 26]


def test_costs_that_are_not_told_are_not_known():
    rows = customer_days(purchases_of(ROWS).drop("cost"), as_of="1997-12-31")
    sums = fetch(rows)[["known_sales", "known_spend", "known_cost"]].astype(float)
    assert (sums == 0).all(axis=None)


@pytest.mark.parametrize("name", ["repeat_days", "recency_age", "age", "spend"])
def test_histories_are_those_of_the_summary(cdnow_lines, name):
    ends = {"as_of": "1997-09-30"}
    ours, theirs = (
        fetch(measure(cdnow_lines, **ends)).set_index("customer_id")[name].sort_index()
        for measure in (customer_days, customer_summary)
    )
    pd.testing.assert_series_equal(ours, theirs, check_dtype=False)
