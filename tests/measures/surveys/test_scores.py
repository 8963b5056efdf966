"""Scores: a survey worked by hand, its edges, and what is hidden."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import table_of
from regulars.measures.surveys.answers import answers, newest_answers
from regulars.measures.surveys.periods import scores_by_period
from regulars.measures.surveys.scores import (
    EQUAL,
    LOPSIDED,
    ONE,
    estimate_of,
    in_groups,
    scores,
    scores_of,
    tallies,
)
from regulars.measures.surveys.shown import overall_scores, suppressed_scores

AS_OF = "1997-12-31"
# A reader can check the numbers of the tests on these answers.
SURVEY = [
    ("ann", "1997-01-05", "nps", 3),  # changed her mind in April
    ("ann", "1997-04-05", "nps", 10),
    ("bob", "1997-01-06", "nps", 9),
    ("cyd", "1997-01-07", "nps", 8),
    ("dan", "1997-04-08", "nps", 0),
    (None, "1997-04-09", "nps", 9),  # two anonymous answers are two voices
    (None, "1997-04-09", "nps", 9),
    ("ann", "1997-01-05", "csat", 5),
    ("bob", "1997-01-06", "csat", 4),
    ("cyd", "1997-01-07", "csat", 2),
    ("ann", "1997-01-05", "ces", 6),
    ("bob", "1997-01-06", "ces", 3),
    ("cyd", "1997-01-07", "driver:price", 4),
]


def surveys(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "question", "score"])
    frame = frame.astype({"customer_id": "str", "score": float, "question": "str"})
    frame["responded_at"] = pd.to_datetime(frame.pop("day"))
    return table_of(frame.assign(scale_max=np.nan, channel="mail"))


def said(rows=SURVEY, as_of=AS_OF):
    return answers(surveys(rows), as_of=as_of, top_boxes={"csat": 2, "ces": 3})


def voices(rows=SURVEY):
    return newest_answers(said(rows))


def test_scores_are_those_worked_by_hand():
    found = scores(voices()).set_index(["question", "measure"])
    # Promoters ann (10), bob (9) and two anonymous; passive cyd; detractor dan: 100 × (4 - 1) / 6.
    assert found.loc[("nps", "nps"), ["n", "value"]].tolist() == [6, 50]
    assert found.loc[("csat", "top_box"), ["n", "value"]].tolist() == [3, pytest.approx(2 / 3)]
    assert found.loc[("csat", "mean"), "value"] == pytest.approx(11 / 3)
    assert found.loc[("ces", "mean"), ["n", "value"]].tolist() == [2, 4.5]
    assert found.loc[("ces", "top_box"), "value"] == 0.5
    assert found.index.tolist() == [
        ("ces", "mean"), ("ces", "top_box"), ("csat", "top_box"), ("csat", "mean"),
        ("driver:price", "top_box"), ("driver:price", "mean"), ("nps", "nps"),
    ]  # fmt: skip
    assert found.loc[("nps", "nps"), "unit"] == "points"


def test_the_order_of_rows_changes_nothing():
    assert scores(voices()).equals(scores(voices(SURVEY[::-1])))


def test_one_answer_and_equal_answers_have_no_interval_of_the_mean():
    one = scores(voices([("ann", "1997-01-05", "ces", 6)])).set_index("measure")
    assert np.isnan(one.low["mean"])
    assert one.note["mean"] == ONE
    assert (one.low["top_box"], one.high["top_box"]) == pytest.approx((0.2065, 1), abs=1e-4)
    equal = [(f"c{who}", "1997-01-05", "csat", 5) for who in range(30)]
    found = scores(voices(equal)).set_index("measure")
    assert found.value["mean"] == 5
    assert np.isnan([found.low["mean"], found.high["mean"]]).all()
    assert found.note["mean"] == EQUAL
    assert found.note["top_box"] == ""


def test_no_answers_have_no_scores():
    assert scores(voices([("ann", "1998-01-05", "nps", 9)])).empty
    assert overall_scores(voices([("ann", "1998-01-05", "nps", 9)])).empty
    assert estimate_of(scores(voices([("ann", "1998-01-05", "nps", 9)])), "nps", "nps") is None


def test_a_lopsided_mean_says_so():
    rows = [(f"c{who}", "1997-01-05", "ces", 7 if who else 1) for who in range(40)]
    found = scores(voices(rows)).set_index("measure")
    assert found.note["mean"] == LOPSIDED
    assert found.high["mean"] == 7  # cut at the end of the scale
    even = [(f"c{who}", "1997-01-05", "ces", 2 + who % 5) for who in range(40)]
    assert scores(voices(even)).set_index("measure").note["mean"] == ""


def test_answers_without_a_group_are_counted_apart():
    groups = table_of(
        pd.DataFrame({"customer_id": ["ann", "bob", "cyd"], "region": ["N", "N", "S"]})
    )
    found = tallies(in_groups(voices(), groups, "region"), by="region")
    nps = found[found.question == "nps"].set_index("region").n
    assert nps[["N", "S"]].tolist() == [2, 1]
    assert nps[nps.index.isna()].tolist() == [3]  # dan, of whom nothing is known, and two anonymous


def test_each_period_hears_a_customer_once():
    rows = [(f"c{who}", day, "nps", score) for who in range(12) for day, score in
            [("1997-01-05", 0), ("1997-03-05", 10), ("1997-04-01", 7)]]  # fmt: skip
    found = scores_by_period(said(rows, as_of="1997-05-31"), as_of="1997-05-31")
    assert found.n.tolist() == [12, 12]
    assert found.value.tolist() == [100, 0]
    assert found.complete.tolist() == [True, False]
    monthly = scores_by_period(said(rows), as_of=AS_OF, every="month")
    assert monthly.value.tolist() == [-100, 100, 0]
    assert monthly.complete.all()


def test_periods_of_fewer_than_ten_answers_are_hidden():
    found = scores_by_period(said(), as_of=AS_OF)
    assert found.hidden.all()
    assert found[["n", "value", "low", "high"]].isna().all(axis=None)


def counted(rows):
    frame = pd.DataFrame(rows, columns=["question", "segment", "n", "top"])
    return frame.assign(bottom=frame.n - frame.top, total=3.0 * frame.n, squares=10.0 * frame.n,
                        cubes=30.0 * frame.n, lowest=1, highest=5)  # fmt: skip


def test_small_groups_are_hidden_with_another_one():
    found = suppressed_scores(
        counted([("csat", "a", 4, 2), ("csat", "b", 40, 20), ("csat", "c", 60, 30)]), "segment"
    )
    top = found[found.measure == "top_box"].set_index("segment")
    assert top.hidden.tolist() == [True, True, False]
    assert top.n.isna().tolist() == [True, True, False]
    assert found[found.measure == "mean"].hidden.tolist() == [True, True, False]


def test_a_share_that_tells_of_few_is_hidden_and_the_mean_is_not():
    found = suppressed_scores(counted([("csat", "a", 40, 37), ("csat", "b", 90, 50)]), "segment")
    assert found[found.measure == "top_box"].hidden.tolist() == [True, True]
    assert found[found.measure == "mean"].hidden.tolist() == [False, False]


def test_the_score_of_all_is_hidden_where_it_is_of_few():
    assert overall_scores(voices()).hidden.all()
    rows = [(f"c{who}", "1997-01-05", "csat", 5 if who else 1) for who in range(40)]
    found = overall_scores(voices(rows)).set_index("measure")
    assert found.hidden.to_dict() == {"top_box": True, "mean": False}


def test_scores_do_not_change_the_counts_they_are_made_of():
    before = counted([("csat", "a", 40, 30)])
    kept = before.copy(deep=True)
    scores_of(before)
    assert before.equals(kept)
