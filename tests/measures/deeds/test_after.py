"""After an answer: by hand, and nothing of it known too early."""

import pandas as pd
import pytest

from regulars.measures.deeds.after import (
    after_answers,
    bought_within,
    waits,
    with_segment_before,
)
from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.surveys.answers import answers

AS_OF, DAYS = "1997-06-30", 30


def of(table, question="nps"):
    rows = fetch(table.filter(table.question == question).order_by("customer_id"))
    return rows.set_index("customer_id")


@pytest.fixture
def after(said, few_purchases):
    return after_answers(said, few_purchases, as_of=AS_OF, days=DAYS)


def test_who_counts_by_hand(after):
    # eve answered too late; fay, gus and who gave no name never bought.
    found = of(after)
    assert found.band.to_dict() == {
        "ann": "promoter", "bob": "detractor", "cyd": "detractor", "dan": "passive",
    }  # fmt: skip
    assert found.answered["dan"] == pd.Timestamp("1997-03-04")  # the first as a customer


def test_what_came_next_by_hand(after):
    found = of(after)
    assert found.observed.tolist() == [True, True, False, True]
    assert found.waited.tolist() == [10, 50, 140, 5]
    assert of(after, "csat").waited.tolist() == [35, 59]


def test_what_was_before_by_hand(after):
    found = of(after)
    assert found.days_since_last.tolist() == [0, 21, 39, 3]
    assert found.orders.tolist() == [2, 1, 1, 1]
    assert found.spend.astype(float).tolist() == [36, 50, 15, 25]
    # bob's first purchase and dan's lie within the 30 days, so that these were not theirs to fill.
    assert found.whole.tolist() == [True, False, True, False]
    assert found.spend_before.astype(float).tolist() == [26, 50, 0, 25]
    assert found.spend_after.astype(float).tolist() == [15, 0, 0, 25]


def test_the_last_answer_that_was_watched_long_enough_counts(few_surveys, few_purchases):
    for as_of, there in (("1997-07-01", True), ("1997-06-30", False)):
        said = answers(few_surveys, as_of=as_of)
        found = of(after_answers(said, few_purchases, as_of=as_of, days=DAYS))
        assert ("eve" in found.index) == there


def test_what_lies_after_as_of_changes_nothing(said, few_purchases, after):
    later = few_purchases.union(purchases_of([("cyd", "1997-07-01", 9), ("ann", "1997-07-02", 9)]))
    found = after_answers(said, later, as_of=AS_OF, days=DAYS)
    pd.testing.assert_frame_equal(of(found), of(after))


def test_the_order_of_rows_changes_nothing(shuffled, after):
    surveys, purchases = shuffled
    found = after_answers(answers(surveys, as_of=AS_OF), purchases, as_of=AS_OF, days=DAYS)
    for question in ("nps", "csat"):
        pd.testing.assert_frame_equal(of(found, question), of(after, question))


def test_counts_and_shares_by_hand(after):
    counts = waits(after)
    assert counts.customers.sum() == 6
    assert counts.columns.tolist() == ["question", "band", "days", "observed", "customers"]
    found = bought_within(counts, days=DAYS).set_index("band")
    assert found.loc["detractor", ["customers", "bought"]].tolist() == [2, 0]
    assert found.loc["promoter", ["customers", "bought", "share"]].tolist() == [1, 1, 1]
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()


def test_a_purchase_on_the_last_day_is_within(few_purchases):
    counts = pd.DataFrame(
        {"question": "nps", "band": "passive", "days": [30, 31], "observed": True, "customers": 1}
    )
    assert bought_within(counts, days=30).bought.tolist() == [1]


def test_segments_are_those_before_the_answer(after):
    grid = [
        {"name": "late", "r": "4-5", "f": "1-5", "action": "thank"},
        {"name": "long_ago", "r": "1-3", "f": "1-5", "action": "ask why"},
    ]
    found = of(with_segment_before(after, grid))
    assert found.segment[["ann", "cyd"]].tolist() == ["late", "long_ago"]
    counts = waits(with_segment_before(after, grid), by=["segment"])
    assert counts.columns.tolist()[:3] == ["question", "band", "segment"]
    assert counts.customers.sum() == 6


def test_nobody_leaves_empty_frames(said, few_purchases):
    found = after_answers(said, few_purchases, as_of="1997-01-01", days=DAYS)
    counts = waits(found)
    assert len(counts) == 0
    assert len(bought_within(counts, days=DAYS)) == 0
