"""Counted: margin where it is known, spend where it is not, returns taken off, nothing below zero."""

from decimal import Decimal

import ibis
import pandas as pd
import pytest

from regulars.errors import ModelError
from regulars.measures.examples import purchases_of
from regulars.measures.value.counted import counted
from regulars.measures.value.customer_days import customer_days

ROWS = [
    ("ann", "1997-01-05", 30),
    ("ann", "1997-02-01", 10),
    ("ann", "1997-02-09", -5, "return"),
    ("bob", "1997-01-09", 40),
    ("bob", "1997-03-01", 0),
    ("eve", "1997-03-02", -9, "return"),
]
END = {"as_of": "1997-12-31"}


def with_costs(costs: dict[int, float]):
    """Give the lines, by their place from 1, a cost; the others have none."""
    rows = purchases_of(ROWS)
    cases = [(rows.source_line == line, Decimal(str(cost))) for line, cost in costs.items()]
    return rows.mutate(cost=ibis.cases(*cases, else_=None).cast("decimal(18, 4)"))


def counted_of(purchases, *, as_of, **told):
    return counted(customer_days(purchases, as_of=as_of), **told)


def test_without_costs_and_rate_spend_is_counted_of():
    found = counted_of(purchases_of(ROWS), **END)
    assert (found.what, found.margin_rate, found.known_share) == ("spend", None, 0)
    # Of 80 of purchase days, 75 are kept; three of the four days are paid.
    assert found.rate("credibility") == pytest.approx(75 / 80)
    assert found.rate("gamma_gamma") == pytest.approx(75 / 80 * 3 / 4)


def test_who_only_returned_is_no_customer():
    assert counted_of(purchases_of(ROWS), **END).groups.customers.sum() == 2


def test_a_rate_makes_margin():
    found = counted_of(purchases_of(ROWS), margin_rate=0.4, **END)
    assert (found.what, found.margin_rate) == ("margin", pytest.approx(0.4))
    assert found.rate("credibility") == pytest.approx(0.4 * 75 / 80)


def test_known_costs_come_before_the_rate():
    found = counted_of(with_costs({1: 12, 2: 5, 3: 2, 4: 20}), margin_rate=0.9, **END)
    # 30 − 12 + 10 − 5 − (5 − 2) + 40 − 20, and the day of 0 has no cost
    assert found.rate("credibility") == pytest.approx(40 / 80)
    assert found.known_share == 1


def test_the_lines_of_known_cost_stand_for_the_others_if_they_are_half():
    most = counted_of(with_costs({1: 15, 2: 5}), **END)
    assert (most.what, most.margin_rate) == ("margin", pytest.approx(0.5))
    few = counted_of(with_costs({2: 5}), **END)
    assert (few.what, few.known_share) == ("spend", pytest.approx(10 / 80))


def test_a_first_day_counts_what_first_days_brought():
    value, error = counted_of(purchases_of(ROWS), margin_rate=0.4, **END).first_day
    assert value == pytest.approx((30 + 40) / 2 * 0.4 * 75 / 80)
    assert error > 0


def test_nothing_is_told_where_nothing_was_brought():
    lost = [("ann", "1997-01-05", 30), ("ann", "1997-02-01", -40, "return")]
    with pytest.raises(ModelError, match="brought no spend"):
        counted_of(purchases_of(lost), **END)
    with pytest.raises(ModelError, match="brought no margin"):
        counted_of(with_costs({1: 50, 2: 20, 4: 90}), **END)


def test_a_later_day_is_not_known():
    found = counted_of(purchases_of(ROWS), as_of="1997-01-31")
    assert found.groups.day_money.sum() == 70


def test_the_error_is_that_of_other_customers(cdnow_lines):
    found = counted_of(cdnow_lines, as_of="1998-06-30")
    halves = [found.groups.sample(frac=1, replace=True, random_state=seed) for seed in range(200)]
    sums = pd.DataFrame([half.sum() for half in halves])
    by_hand = (sums["first"] / sums.customers).std()
    assert found.first_day[1] * found.first_day[0] == pytest.approx(by_hand, rel=0.2)
