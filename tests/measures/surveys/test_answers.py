"""Answers: each on its scale and in its band, and one voice a customer."""

import pandas as pd
import pytest

from regulars.errors import StatisticalDoubt
from regulars.measures.engine import fetch, table_of
from regulars.measures.surveys.answers import answers, first_answers, newest_answers

SAID = [
    # customer, day, question, score, scale_max
    ("ann", "2024-01-05", "nps", 10, 10),
    ("ann", "2024-03-05", "nps", 6, 10),
    ("bob", "2024-01-06", "nps", 9, None),
    ("cat", "2024-01-07", "nps", 8, 10),
    ("dan", "2024-01-08", "nps", 7, 10),
    ("eve", "2024-01-09", "nps", 0, 10),
    (None, "2024-01-10", "nps", 3, 10),
    (None, "2024-01-11", "nps", 9, 10),
    ("ann", "2024-01-05", "csat", 4, 5),
    ("bob", "2024-01-06", "csat", 3, None),
    ("ann", "2024-01-05", "ces", 5, None),
    ("bob", "2024-01-06", "ces", 4, 7),
    ("ann", "2024-01-05", "driver:price", 4, 5),
    ("cat", "2024-07-01", "nps", 2, 10),
    ("dan", "2024-02-01", "nps", None, None),
]


def surveys(rows=SAID):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "question", "score", "scale_max"])
    frame = frame.assign(responded_at=pd.to_datetime(frame.pop("day")), channel="email")
    kinds = {"score": "float64", "scale_max": "float64", "customer_id": "str"}
    return table_of(frame.astype(kinds))


def bands(table, question="nps"):
    rows = fetch(table.order_by(["responded_at", "score"]))
    return rows[rows.question == question].band.tolist()


def test_bands_of_nps_and_of_the_others():
    said = answers(surveys(), as_of="2024-06-30", top_boxes={"ces": 3})
    assert bands(said) == [
        "promoter", "promoter", "passive", "passive", "detractor", "detractor", "promoter",
        "detractor",
    ]  # fmt: skip
    assert bands(said, "csat") == ["top", "rest"]
    assert bands(said, "ces") == ["top", "rest"]  # 5 to 7 of 7
    assert bands(answers(surveys(), as_of="2024-06-30"), "ces") == ["rest", "rest"]  # 6 and 7


def test_ends_of_the_scale_are_the_usual_ones_where_no_row_says_them():
    said = fetch(answers(surveys(), as_of="2024-06-30"))
    ends = said.groupby("question")[["lowest", "highest"]].agg(lambda one: sorted(set(one)))
    assert ends.lowest.to_dict() == {"nps": [0], "csat": [1], "ces": [1], "driver:price": [1]}
    assert ends.highest.to_dict() == {"nps": [10], "csat": [5], "ces": [7], "driver:price": [5]}


def test_only_answers_of_the_period_with_a_score():
    said = fetch(answers(surveys(), as_of="2024-06-30", since="2024-01-08"))
    assert said.day.min() == pd.Timestamp("2024-01-09")
    assert said.day.max() == pd.Timestamp("2024-03-05")
    assert said.score.notna().all()


def test_a_customer_has_one_voice_and_an_anonymous_answer_is_its_own():
    said = answers(surveys(), as_of="2024-06-30")
    newest = newest_answers(said)
    counts = fetch(newest.group_by("question").agg(n=newest.count())).set_index("question").n
    assert counts.to_dict() == {"nps": 7, "csat": 2, "ces": 2, "driver:price": 1}
    of_nps = fetch(newest).query("question == 'nps'")
    assert of_nps[of_nps.customer_id == "ann"].score.tolist() == [6]
    first = fetch(first_answers(said))
    assert first.customer_id.notna().all()
    assert first[(first.customer_id == "ann") & (first.question == "nps")].score.tolist() == [10]


def test_of_answers_of_one_moment_the_lowest_counts():
    rows = [("ann", "2024-01-05", "nps", score, 10) for score in (9, 3, 7)]
    said = answers(surveys(rows), as_of="2024-06-30")
    assert fetch(newest_answers(said)).score.tolist() == [3]
    assert fetch(first_answers(said)).score.tolist() == [3]


def test_a_question_asked_on_two_scales_keeps_the_one_with_most_answers():
    rows = [("ann", "2024-01-05", "csat", 4, 5), ("bob", "2024-01-05", "csat", 5, 5)]
    rows += [("cat", "2024-01-05", "csat", 9, 10), ("dan", "2024-01-05", "nps", 9, 10)]
    with pytest.warns(
        StatisticalDoubt, match="csat was asked on several scales; fewer than 10 answ"
    ):
        said = answers(surveys(rows), as_of="2024-06-30")
    assert fetch(said.order_by("customer_id")).customer_id.tolist() == ["ann", "bob", "dan"]


def test_nothing_said_is_an_empty_table():
    said = answers(surveys(), as_of="2023-06-30")
    assert fetch(newest_answers(said)).empty
    assert fetch(first_answers(said)).empty
