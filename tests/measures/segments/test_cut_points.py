"""Cut points given by hand: what they part, what is refused."""

import decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import ParameterError, StatisticalDoubt, collect_doubts
from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.cut_points import given_cut_points, order_statistics
from regulars.measures.segments.rfm import rfm_scores
from regulars.parameters.schema import read_rules
from regulars.parameters.segments import CutPoints

MEASURES = ["days_since_last", "orders", "spend"]


@pytest.fixture
def customers():
    """Twelve customers; spend as decimals, as in a store."""
    rows = [
        (0, 1, "9.99"), (29, 1, "10"), (30, 2, "10.01"), (31, 2, "49.99"),
        (59, 3, "50"), (60, 3, "50.01"), (61, 4, "0"), (90, 5, "-3"),
        (91, 8, "100"), (180, 9, "100.01"), (181, 10, "500"), (400, 11, "1000"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=MEASURES)
    frame["spend"] = frame.spend.map(decimal.Decimal)
    frame.insert(0, "customer_id", [f"c{place:02}" for place in range(len(rows))])
    return table_of(frame)


def scores(table, **keywords):
    with collect_doubts():
        scored, cuts = rfm_scores(table, **keywords)
    return fetch(scored.order_by("customer_id")), cuts.groupby("measure").value.apply(list)


def test_given_cut_points_by_hand(customers):
    given_points = {"days_since_last": [30, 60, 90, 180], "spend": [10, 50, 100, 500]}
    found, cuts = scores(customers, cut_points=given_points)
    # At 30 days the better score is kept; at 10.00 the lower one.
    assert found.r.tolist() == [5, 5, 5, 4, 4, 4, 3, 3, 2, 2, 1, 1]
    assert found.m.tolist() == [1, 1, 2, 2, 2, 3, 1, 1, 3, 4, 4, 5]
    assert cuts["spend"] == [10, 50, 100, 500]


def test_a_measure_without_given_cut_points_keeps_its_fifths(customers):
    alone, cuts = scores(customers)
    found, kept = scores(customers, cut_points={"spend": [10, 50, 100, 500], "orders": None})
    assert found.f.tolist() == alone.f.tolist()
    assert found.r.tolist() == alone.r.tolist()
    assert kept["orders"] == cuts["orders"]
    assert found.m.tolist() != alone.m.tolist()


def test_the_cut_points_of_the_base_given_by_hand_change_nothing(customers):
    alone, cuts = scores(customers)
    found, again = scores(customers, cut_points=cuts.to_dict())
    pd.testing.assert_frame_equal(found, alone)
    assert again.to_dict() == cuts.to_dict()


def test_cut_points_between_the_values_of_a_column(customers):
    found, cuts = scores(
        customers,
        bins=2,
        cut_points={"orders": [2.5], "days_since_last": [29.5], "spend": [49.99999]},
    )
    assert found.f.tolist() == [1, 1, 1, 1, *[2] * 8]
    assert found.r.tolist() == [2, 2, *[1] * 10]
    assert found.m.tolist() == [1, 1, 1, 1, 2, 2, 1, 1, 2, 2, 2, 2]
    assert cuts["orders"] == [2.5]


def test_a_score_that_given_cut_points_leave_empty_is_named(customers):
    with pytest.warns(StatisticalDoubt, match="cut points given for orders: F 4, 5 are empty"):
        rfm_scores(customers, cut_points={"orders": [1, 2, 20, 30]})


def test_nobody_is_scored_by_given_cut_points_too(customers):
    scored, cuts = rfm_scores(
        customers.filter(customers.orders > 99), cut_points={"orders": [1] * 4}
    )
    assert scored.count().to_pyarrow().as_py() == 0
    assert cuts.value.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("given_points", "said"),
    [
        ({"recency": [1, 2, 3, 4]}, "given for 'recency'; expected one of days_since_last, orders"),
        ({"orders": [1, 2, 3]}, "Expected 4 numbers as cut points of orders for 5 scores"),
        ({"orders": [1, 2, 3, 4, 5]}, "found \\[1, 2, 3, 4, 5\\]"),
        ({"spend": [1, 2, 4, 3]}, "cut points of spend fall: .* from lowest to highest"),
        ({"spend": [1, 2, 3, float("nan")]}, "Expected 4 numbers"),
        ({"spend": [1, 2, 3, "4"]}, "Expected 4 numbers"),
    ],
)
def test_impossible_cut_points_are_refused(customers, given_points, said):
    with pytest.raises(ParameterError, match=said):
        rfm_scores(customers, cut_points=given_points)


def test_cut_points_as_parameters_are_understood(customers):
    rules = read_rules({"orders": [1, 2, 3, 9]}, CutPoints)
    found, cuts = scores(customers, cut_points=rules.model_dump())
    assert found.f.tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 4, 4, 5, 5]
    assert given_cut_points(rules.model_dump(), known=MEASURES, bins=5) == {"orders": [1, 2, 3, 9]}
    assert len(cuts) == 3


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=30),
    st.lists(st.integers(-50, 50), min_size=4, max_size=4).map(sorted),
)
def test_scores_count_the_cut_points_below(values, cuts):
    frame = pd.DataFrame({"customer_id": [str(place) for place in range(len(values))]})
    frame = frame.assign(days_since_last=values, orders=values, spend=values)
    found, _ = scores(table_of(frame), cut_points=dict.fromkeys(MEASURES, cuts))
    expected = {str(p): 1 + sum(v > cut for cut in cuts) for p, v in enumerate(values)}
    assert dict(zip(found.customer_id, found.f, strict=True)) == expected
    assert dict(zip(found.customer_id, 6 - found.r, strict=True)) == expected


def test_order_statistics_of_nobody_are_none(customers):
    nobody = customers.filter(customers.orders > 99)
    assert order_statistics(nobody, MEASURES, lambda n: [1, n]) == {}
    assert order_statistics(customers, [], lambda n: [1, n]) == {}
