"""Segments of two days by one rule: by hand, by property, and no growth where nothing grew."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import ParameterError
from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.segments.windows import SILENT, earlier_day, windowed_segments

HALVES = [
    {"name": "here_often", "r": "2", "f": "2", "action": "thank"},
    {"name": "here_once", "r": "2", "f": "1", "action": "invite"},
    {"name": "away", "r": "1", "f": "1-2", "action": "ask why"},
]
LINES = [
    ("ann", "1997-01-05", 10),
    ("ann", "1997-01-25", 10),
    ("ann", "1997-02-26", 10),
    ("bob", "1997-01-03", 10),
    ("cyd", "1996-12-30", 10),
    ("cyd", "1997-02-20", 10),
    ("cyd", "1997-02-21", 10),
    ("dan", "1997-01-28", 10),
    ("eve", "1997-02-27", 10),
    ("fay", "1997-01-30", 10),
    ("fay", "1997-02-03", -10, "return"),
    ("gus", "1997-02-10", -10, "return"),
    ("hal", "1997-03-02", 10),
]


def segments(table):
    return fetch(table.order_by("customer_id")).set_index("customer_id").segment.to_dict()


def compared(lines, **options):
    given = {"as_of": "1997-02-28", "period_days": 28, "grid": HALVES, "bins": 2}
    return [segments(table) for table in windowed_segments(purchases_of(lines), **given | options)]


def test_by_hand():
    before, now = compared(LINES)
    # After 3 January: ann (6 days ago, twice), dan (3), fay (1); cuts at 3 days and 1 order.
    assert before == {
        "ann": "away", "bob": SILENT, "cyd": SILENT, "dan": "here_once", "fay": "here_once",
    }  # fmt: skip
    # By the same cut points: ann 2 days ago, cyd 7 days ago, eve 1 day ago; a return is no purchase.
    assert now == {
        "ann": "here_once", "bob": SILENT, "cyd": "away", "dan": SILENT, "eve": "here_once",
        "fay": SILENT,
    }  # fmt: skip


def test_the_first_day_of_a_period_is_out_and_the_last_is_in():
    lines = [("out", "1997-01-31", 1), ("in", "1997-02-01", 1), ("last", "1997-02-28", 1)]
    _, now = compared(lines)
    assert now["out"] == SILENT
    assert {now["in"], now["last"]} & {SILENT} == set()


def test_given_cut_points_hold_for_both_days():
    before, now = compared(LINES, cut_points={"days_since_last": [5], "orders": [1]})
    assert before["ann"] == now["cyd"] == "away"
    before, now = compared(LINES, cut_points={"days_since_last": [10], "orders": [1]})
    assert before["ann"] == now["cyd"] == "here_often"


def test_a_base_in_which_all_do_the_same_again_does_not_change():
    ids = [f"c{number}" for number in range(9)]
    lines = [(name, f"1997-01-{5 + at:02}", 9) for at, name in enumerate(ids)]
    lines += [(name, f"1997-02-{2 + at:02}", 9) for at, name in enumerate(ids)]
    before, now = compared(lines)
    assert before == now


def test_all_who_buy_later_than_anybody_before_count_as_late_and_not_as_fifths():
    lines = [
        (name, f"1997-01-{day:02}", 9) for name, day in zip("abcd", (5, 7, 9, 11), strict=True)
    ]
    lines += [(name, "1997-02-27", 9) for name in "abcd"]
    assert set(compared(lines)[1].values()) == {"here_once"}


def test_without_an_earlier_period_the_cut_points_are_those_of_the_later():
    before, now = compared([("ann", "1997-02-05", 9), ("bob", "1997-02-20", 9)])
    assert before == {}
    assert now == {"ann": "away", "bob": "here_once"}


def test_nobody_at_all():
    assert compared([("hal", "1997-03-02", 10)]) == [{}, {}]


LINE = st.tuples(st.sampled_from("abcdef"), st.integers(0, 90), st.sampled_from([-5, 5, 20]))


@settings(max_examples=5, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_every_customer_stands_in_one_segment_whatever_the_order_of_lines(drawn, random):
    lines = [
        (name, (pd.Timestamp("1996-12-15") + pd.Timedelta(days=day)).date().isoformat(), amount,
         "sale" if amount > 0 else "return")
        for name, day, amount in drawn
    ]  # fmt: skip
    found = compared(lines)
    random.shuffle(lines)
    assert compared(lines) == found
    for day, held in zip(("1997-01-31", "1997-02-28"), found, strict=True):
        assert set(held) == {line[0] for line in lines if line[1] <= day and line[3] == "sale"}


def test_what_cannot_be_is_refused():
    with pytest.raises(ParameterError, match="at least a day, found 0"):
        compared(LINES, period_days=0)
    with pytest.raises(ParameterError, match="called 'silent'"):
        compared(LINES, grid=[{"name": SILENT, "r": "1-2", "f": "1-2", "action": "call"}])


def test_the_earlier_day_is_a_period_before():
    assert earlier_day("2025-12-31", period_days=365).isoformat() == "2024-12-31"
