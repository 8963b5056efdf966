"""Scores and segments: Spark says of every customer what DuckDB says."""

import decimal

import ibis
import pandas as pd
import pytest

from regulars.errors import collect_doubts
from regulars.measures.base.deciles import deciles
from regulars.measures.engine import fetch
from regulars.measures.money import customer_money
from regulars.measures.purchases import customer_summary, monthly_activity, purchase_days
from regulars.measures.segments.rfm import name_segments, rfm_grid, rfm_scores, segment_summary
from regulars.measures.segments.rfm_r import rfm_scores_like_r

AS_OF = "2025-12-31"
CUTS = {"days_since_last": [30, 90, 180, 365.5], "spend": [49.99, 150, 400, 1000.005]}


@pytest.fixture
def grid(parameters):
    return [segment.model_dump() for segment in parameters.segments]


def customers_of(tables):
    return customer_summary(tables["purchases"], as_of=AS_OF)


def scored(tables, **keywords):
    with collect_doubts():
        return rfm_scores(customers_of(tables), **keywords)


def test_customers(equal):
    found = equal(customers_of)
    assert len(found) > 500
    assert all(isinstance(money, decimal.Decimal) for money in found.spend)


def test_money(equal):
    found = equal(lambda tables: customer_money(tables["purchases"], as_of=AS_OF, margin_rate=0.3))
    assert found.return_lines.sum() > 0
    equal(lambda tables: customer_money(tables["purchases"], as_of=AS_OF, since="2024-12-31"))


def test_purchase_days_and_months(equal):
    equal(
        lambda tables: purchase_days(tables["purchases"], as_of=AS_OF),
        order_by=("customer_id", "day"),
    )
    equal(
        lambda tables: monthly_activity(tables["purchases"], as_of="2025-11-15"),
        order_by=("month",),
    )


def test_deciles(equal):
    found = equal(lambda tables: deciles(customers_of(tables)), order_by=("decile",))
    assert found.customers.max() - found.customers.min() <= 1


def test_scores_and_their_cut_points(equal):
    found = equal(lambda tables: scored(tables)[0])
    assert found[["r", "f", "m"]].nunique().min() >= 3
    equal(lambda tables: scored(tables)[1], order_by=("measure", "cut"))


def test_scores_by_given_cut_points(equal):
    found = equal(lambda tables: scored(tables, cut_points=CUTS)[0])
    assert found[["r", "m"]].nunique().tolist() == [5, 5]


def test_scores_by_the_rule_of_r(equal):
    equal(lambda tables: rfm_scores_like_r(customers_of(tables))[0])
    equal(lambda tables: rfm_scores_like_r(customers_of(tables))[1], order_by=("measure", "cut"))


def test_segments(equal, grid):
    def named(tables):
        return name_segments(scored(tables)[0], grid)

    found = equal(named)
    assert found.segment.nunique() >= 5
    equal(lambda tables: segment_summary(named(tables), grid), order_by=("segment",))
    equal(lambda tables: rfm_grid(named(tables), grid), order_by=("r", "f"))


def test_nothing_equal_is_said_of_different_rows(both, equal):
    """The comparison itself can fail: one customer's order less in one of the engines."""
    spoilt = iter([ibis.literal(0, "int64"), ibis.literal(1, "int64")])

    def measure(tables):
        customers, less = customers_of(tables), next(spoilt)
        first = fetch(customers.agg(first=customers.customer_id.min())).loc[0, "first"]
        orders = customers.orders - ibis.ifelse(customers.customer_id == first, less, 0)
        return customers.select("customer_id", orders=orders)

    with pytest.raises(AssertionError, match="orders"):
        equal(measure)


def test_both_engines_are_what_they_are_called(both):
    names = {name: tables["purchases"].get_backend().name for name, tables in both.items()}
    assert names == {"duckdb": "duckdb", "pyspark": "pyspark"}
    assert isinstance(fetch(both["pyspark"]["purchases"].limit(1)), pd.DataFrame)
