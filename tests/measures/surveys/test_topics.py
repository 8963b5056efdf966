"""Topics: comments counted by hand, and not a word of them handed out."""

import re

import numpy as np
import pandas as pd
import pytest

from regulars.errors import ParameterError
from regulars.measures.engine import fetch, table_of
from regulars.measures.surveys.comments import comments, how_many_wrote
from regulars.measures.surveys.topics import NO_TOPIC, keyword_pattern, topic_counts
from regulars.parameters.loyalty import TOPICS

PLANTED = "My name is Planted Sentence, call 0151 000, the parcel was late"

# customer, day, question, score, comment
ROWS = [
    ("ann", "1997-01-05", "nps", 9, "Quick DELIVERY, thanks"),
    ("ann", "1997-02-05", "nps", 2, "Delivery late and too expensive"),
    ("ann", "1997-03-05", "csat", 5, "delivery fine"),
    ("bob", "1997-01-06", "nps", 7, "太贵了"),
    ("cyd", "1997-01-07", "nps", 3, "chocolate"),
    ("dan", "1997-01-08", "csat", 1, PLANTED),
    (None, "1997-01-09", "nps", 0, "late"),
    (None, "1997-01-10", "nps", 0, "late"),
    ("eve", "1997-01-11", "nps", 8, "  "),
    ("fay", "1997-01-12", "nps", 8, None),
    ("gus", "1997-05-01", "nps", 8, "late"),  # after as_of
    ("hal", "1996-01-01", "nps", 8, "late"),  # before the period
    ("ida", "1997-01-13", "nps", None, "late"),  # no answer
]
LISTS = {"delivery": ["delivery", "late", "parcel"], "price": ["Expensive", "贵"]}


def told_of(rows, **options):
    names = ["customer_id", "responded_at", "question", "score", "comment"]
    frame = pd.DataFrame(rows, columns=names).assign(scale_max=None)
    kinds = {"responded_at": "datetime64[us]", "score": "float64", "scale_max": "float64"}
    kinds |= {"customer_id": "str", "question": "str", "comment": "str"}
    period = {"as_of": "1997-04-30", "since": "1996-12-31"} | options
    return comments(table_of(frame.astype(kinds)), **period)


def crowd(comment, scores, *, start=0):
    """Return one answer each of as many customers as there are scores."""
    return [
        (f"c{number:03}", "1997-02-01", "nps", score, comment)
        for number, score in enumerate(scores, start=start)
    ]


@pytest.mark.parametrize(
    ("keyword", "comment", "found"),
    [
        ("late", "Too LATE!", True),
        ("late", "chocolate", False),
        ("late", "later", False),
        ("late", "überlate", False),
        ("late", "很late了", True),
        ("late", "late", True),
        ("late", "too-late.", True),
        ("质量", "这个质量很好", True),
        ("质量", "质 量", False),
        ("called back", "nobody  called   back", True),
        ("called back", "called me back", False),
        ("c++", "we use c++ here", True),
        ("c++", "we use ccc here", False),
        ("a.b", "a.b", True),
        ("a.b", "axb", False),
        ("50%", "only 50% off", True),
        ("what's", "What's that", True),
        ("x\\d", "x1", False),
        ("x\\d", "x\\d", True),
        ("A4纸", "买了A4纸张", True),
        ("A4纸", "AA4纸", False),
        ("prêt", "PRÊT à porter", True),
    ],
)
def test_a_keyword_is_a_word_in_latin_and_anywhere_in_chinese(keyword, comment, found):
    told = table_of(pd.DataFrame({"comment": [comment]}))
    hit = told.comment.lower().re_search(keyword_pattern([keyword]))
    assert fetch(told.mutate(hit=hit)).hit.tolist() == [found]
    # Python's own engine reads the pattern in the same way.
    assert bool(re.search(keyword_pattern([keyword]), comment.lower())) is found


def test_comments_by_hand():
    rows = fetch(told_of(ROWS)).sort_values("responded_at")
    assert rows.recommends.fillna(-1).tolist() == [9, 7, 3, -1, 0, 0, 2, -1]
    assert how_many_wrote(told_of(ROWS)) == (8, 6)


def test_topics_by_hand_with_nothing_hidden(monkeypatch):
    monkeypatch.setattr("regulars.measures.surveys.topics.LEAST", 0)
    nobody = lambda counts: pd.Series(False, counts.index)  # noqa: E731
    monkeypatch.setattr("regulars.measures.surveys.topics.hidden", nobody)
    found = topic_counts(told_of(ROWS), LISTS).set_index("topic")
    delivery, price = found.loc["delivery"], found.loc["price"]
    # ann (newest nps 2), dan (csat only), two anonymous
    assert delivery[["comments", "customers", "judges"]].tolist() == [6, 4, 3]
    assert (delivery["mean"], delivery.detractors) == (pytest.approx(2 / 3), 1.0)
    assert price[["comments", "customers", "judges"]].tolist() == [2, 2, 2]
    assert (price["mean"], price.detractors) == (4.5, 0.5)
    assert found.loc[NO_TOPIC, ["comments", "customers"]].tolist() == [1, 1]


def test_a_customer_counts_once_with_the_newest_answer():
    rows = crowd("late", [9] * 20 + [2] * 12)
    again = [(who, "1997-03-01", "nps", 3, "late again") for who, *_ in rows[:10]]
    found = topic_counts(told_of(rows + again), LISTS).set_index("topic").loc["delivery"]
    assert found[["comments", "customers", "judges"]].tolist() == [42, 32, 32]
    assert found.detractors == pytest.approx(22 / 32)


def test_most_customers_stand_first_and_no_topic_last():
    rows = crowd("nice", [9] * 50) + crowd("贵", [9] * 30, start=50)
    rows += crowd("late", [9] * 40, start=80)
    found = topic_counts(told_of(rows), LISTS)
    assert found.topic.tolist() == ["delivery", "price", NO_TOPIC]
    assert found.detractors.tolist() == [0, 0, 0]
    assert found.high.tolist() == pytest.approx([0.0876, 0.1135, 0.0713], abs=1e-3)


def test_small_topics_are_hidden_and_so_is_what_gives_them_away():
    rows = (
        crowd("late", [3] * 9) + crowd("贵", [3] * 30, start=50) + crowd("ok", [3] * 90, start=90)
    )
    found = topic_counts(told_of(rows), LISTS).set_index("topic")
    assert found.loc["delivery", ["comments", "customers", "detractors"]].isna().all()
    assert found.hidden.sum() >= 2


def test_a_share_that_tells_of_few_is_hidden_and_its_topic_is_not():
    rows = crowd("late", [3] * 5 + [9] * 40) + crowd("贵", [3] * 20 + [9] * 20, start=50)
    found = topic_counts(told_of(rows), LISTS).set_index("topic")
    assert found.customers.tolist() == [45, 40, 0]
    assert found.loc["delivery", ["mean", "detractors", "low", "high"]].isna().all()
    assert found.detractors["price"] == 0.5


def test_no_word_of_a_comment_is_handed_out():
    rows = crowd(PLANTED, [3] * 30) + crowd("太贵了，请联系张三", [9] * 30, start=40)
    found = topic_counts(told_of(rows), LISTS)
    out = found.to_csv() + found.to_html() + repr(how_many_wrote(told_of(rows)))
    assert not any(word in out for word in ("Planted", "0151", "parcel", "张三", "贵", "late"))


def test_no_comments_and_no_topics():
    found = topic_counts(told_of(ROWS[9:10]), LISTS)
    assert found.customers.tolist() == [0, 0, 0]
    assert found.detractors.isna().all()
    found = topic_counts(told_of(crowd("late", [9] * 20)), {})
    assert found[["topic", "customers"]].to_numpy().tolist() == [[NO_TOPIC, 20]]


def test_order_of_rows_changes_nothing():
    rows = crowd("late", [9] * 20 + [2] * 12) + crowd("贵", [5] * 15, start=20)
    order = np.random.default_rng(3).permutation(len(rows))
    plain, shuffled = (
        topic_counts(told_of(one), LISTS) for one in (rows, [rows[i] for i in order])
    )
    pd.testing.assert_frame_equal(plain, shuffled)


@pytest.mark.parametrize(("lists", "said"), [({"price": [" "]}, "keywords for price"),
                                             ({"price": []}, "keywords for price"),
                                             ({NO_TOPIC: ["x"]}, "other names than no_topic")])  # fmt: skip
def test_lists_that_cannot_be_meant_are_refused(lists, said):
    with pytest.raises(ParameterError, match=said):
        topic_counts(told_of(ROWS), lists)


def test_the_lists_to_begin_with_find_what_the_shop_writes():
    written = {"delivery": "The parcel came late.", "service": "等了很久，没有人回复。",
               "price": "Too expensive for what it is.", "quality": "质量很好，会再来。"}  # fmt: skip
    for topic, comment in written.items():
        assert re.search(keyword_pattern(TOPICS[topic]), comment.lower())
