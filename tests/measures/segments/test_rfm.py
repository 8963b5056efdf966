"""Scores and segments: by hand, by property, on CDNOW."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import StatisticalDoubt, collect_doubts
from regulars.measures.engine import fetch, table_of
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.rfm import name_segments, rfm_grid, rfm_scores, segment_summary

AS_OF = "1997-04-15"
HALVES = [
    {"name": "here_often", "r": "2", "f": "2", "action": "thank"},
    {"name": "here_once", "r": "2", "f": "1", "action": "invite"},
    {"name": "away", "r": "1", "f": "1-2", "action": "ask why"},
]


def people(rows):
    """Make customers of (days_since_last, orders, spend)."""
    frame = pd.DataFrame(rows, columns=["days_since_last", "orders", "spend"])
    frame.insert(0, "customer_id", [f"c{place:03}" for place in range(len(rows))])
    return frame


def scores_of(frame, **keywords):
    with collect_doubts() as doubts:
        scored, cuts = rfm_scores(table_of(frame), **keywords)
    return fetch(scored.order_by("customer_id")), cuts, doubts


customers = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 4), st.integers(-3, 9)), min_size=1, max_size=30
)


def test_scores_by_hand(shop):
    scored, cuts = rfm_scores(customer_summary(shop, as_of=AS_OF), bins=2)
    found = fetch(scored.order_by("customer_id")).set_index("customer_id")
    # Days since the last purchase 43 95 45 5 54 16, of which three are at most 43;
    # orders 3 2 3 2 1 1, of which three are at most 2 (and four are); spend 100 10 160 15 0 0.
    assert cuts.value.tolist() == [43, 2, 10]
    assert found.r.tolist() == [2, 1, 1, 2, 1, 2]
    assert found.f.tolist() == [2, 1, 2, 1, 1, 1]
    assert found.m.tolist() == [2, 1, 2, 2, 1, 1]


def test_segments_by_hand(shop):
    scored, _ = rfm_scores(customer_summary(shop, as_of=AS_OF), bins=2)
    named = name_segments(scored, HALVES, bins=2)
    found = segment_summary(named, HALVES, bins=2)
    assert found.segment.tolist() == ["here_often", "here_once", "away"]
    assert found.customers.tolist() == [1, 2, 3]  # ann; dan, fay; bob, cyd, eve
    assert found.spend.tolist() == [100, 15, 170]
    assert found.orders_mean.tolist() == [3, 1.5, 2]
    assert found.days_since_last_median.tolist() == [43, 10.5, 54]
    assert found.action.tolist() == ["thank", "invite", "ask why"]
    assert found.customers_share.sum() == pytest.approx(1)
    cells = rfm_grid(named, HALVES, bins=2)
    assert cells.to_numpy().tolist() == [
        [1, 1, 2, "away"],
        [1, 2, 1, "away"],
        [2, 1, 2, "here_once"],
        [2, 2, 1, "here_often"],
    ]


def test_a_value_on_a_cut_point_stays_in_the_lower_score():
    found, cuts, _ = scores_of(
        people([(d, o, o) for d, o in zip(range(5), [1, 1, 2, 3, 4], strict=True)])
    )
    assert cuts[cuts.measure == "orders"].value.tolist() == [1, 1, 2, 3]
    assert found.f.tolist() == [1, 1, 3, 4, 5]
    assert found.r.tolist() == [5, 4, 3, 2, 1]


def test_ties_that_empty_scores_raise_a_doubt_that_names_them():
    frame = people([(place, 1 if place < 8 else 9, place) for place in range(10)])
    with pytest.warns(
        StatisticalDoubt, match="same orders to fill all scores: F 2, 3, 4 are empty"
    ):
        rfm_scores(table_of(frame))
    assert len(scores_of(frame)[2]) == 1


def test_trap_equal_customers_get_equal_scores_where_ranks_would_tell_them_apart():
    frame = people([(3, 1, 10)] * 8 + [(1, 5, 90)] * 2)
    found, _, _ = scores_of(frame)
    assert (
        found.groupby(["days_since_last", "orders", "spend"])[["r", "f", "m"]]
        .nunique()
        .eq(1)
        .all(axis=None)
    )
    ranks = pd.qcut(frame.orders.rank(method="first"), 5, labels=False)
    assert len(set(ranks[:8])) > 1  # what this trap is about


@settings(max_examples=15, deadline=None)
@given(customers, st.integers(2, 5))
def test_scores_follow_the_quantiles_of_numpy(rows, bins):
    frame = people(rows)
    found, cuts, _ = scores_of(frame, bins=bins)
    steps = np.arange(1, bins) / bins
    for score, measure in {"r": "days_since_last", "f": "orders", "m": "spend"}.items():
        expected = np.quantile(frame[measure], steps, method="inverted_cdf")
        assert cuts[cuts.measure == measure].value.tolist() == expected.tolist()
        below = (frame[measure].to_numpy()[:, None] > expected).sum(axis=1)
        assert found[score].tolist() == (bins - below if score == "r" else 1 + below).tolist()


@pytest.mark.parametrize(
    "rows",
    [
        [(3, 1, 10)],
        [(day, day + 1, day) for day in range(5)],
        [(3, 1, 10)] * 12,
        [(day, 1, 5) for day in range(80)] + [(day, 2 + day, 9) for day in range(20)],
    ],
    ids=["one", "five", "all equal", "80 % bought once"],
)
def test_every_customer_has_exactly_one_segment(rows, grid):
    with collect_doubts():
        scored, _ = rfm_scores(table_of(people(rows)))
    named = name_segments(scored, grid)
    ids = fetch(named).customer_id
    assert sorted(ids) == people(rows).customer_id.tolist()
    assert segment_summary(named, grid).customers.sum() == len(rows)
    assert rfm_grid(named, grid).customers.sum() == len(rows)


@settings(max_examples=8, deadline=None)
@given(customers, st.randoms(use_true_random=False))
def test_shuffling_changes_nothing_and_everybody_is_somewhere(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    frame = people(rows)
    summaries = []
    for version in (frame, frame.iloc[order]):
        with collect_doubts():
            scored, _ = rfm_scores(table_of(version), bins=2)
        summaries.append(segment_summary(name_segments(scored, HALVES, bins=2), HALVES, bins=2))
    pd.testing.assert_frame_equal(*summaries)
    assert summaries[0].customers.sum() == len(rows)


def test_nobody_is_no_reason_to_fail(grid):
    nobody = people([(3, 1, 10)]).iloc[:0]
    scored, cuts = rfm_scores(table_of(nobody))
    found = segment_summary(name_segments(scored, grid), grid)
    assert cuts.empty
    assert found.customers.sum() == 0
    assert found.customers_share.isna().all()


def test_fewer_than_two_bins_are_refused():
    with pytest.raises(ValueError, match="Use 5 for scores 1 to 5"):
        rfm_scores(table_of(people([(3, 1, 10)])), bins=1)


def test_cdnow_one_time_buyers_are_f_1(cdnow, grid):
    customers = customer_summary(cdnow, as_of="1998-06-30")
    with pytest.warns(StatisticalDoubt, match=r"same orders .* F 2 is empty"):
        scored, cuts = rfm_scores(customers)
    assert cuts[cuts.measure == "orders"].value.tolist() == [1, 1, 2, 4]
    assert scored.filter(scored.f == 1).count().to_pyarrow().as_py() == 2357 - 1139
    named = name_segments(scored, grid)
    found = segment_summary(named, grid).set_index("segment")
    assert found.customers.sum() == 2357
    assert found.spend.sum() == pytest.approx(244091.94)
    # Computed here. Everybody came in the first quarter of 1997, so nobody is new.
    assert found.customers[["champions", "hibernating", "new"]].tolist() == [414, 855, 0]
    assert rfm_grid(named, grid).customers.sum() == 2357
