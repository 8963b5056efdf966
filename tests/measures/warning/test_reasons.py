"""Reasons: each by hand, from what was known by the day; then compared between groups."""

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import stats

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.intervals import newcombe, wilson
from regulars.measures.segments.chance import holm
from regulars.measures.warning.compared import reasons_compared
from regulars.measures.warning.reasons import customer_reasons

AS_OF = "1997-12-31"
PEOPLE = ("ann", "bob", "cyd", "dan")


@pytest.fixture
def purchases():
    return purchases_of([(who, f"1997-0{month}-01", 10) for who in PEOPLE for month in (1, 2)])


def interactions_of(*rows):
    columns = ["customer_id", "opened_at", "kind", "topic", "closed_at", "resolved"]
    frame = pd.DataFrame(rows, columns=columns)
    for name in ("opened_at", "closed_at"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    schema = pa.schema(
        [
            ("customer_id", pa.string()), ("opened_at", pa.timestamp("us")), ("kind", pa.string()),
            ("topic", pa.string()), ("closed_at", pa.timestamp("us")), ("resolved", pa.bool_()),
        ]
    )  # fmt: skip
    return ibis.memtable(pa.Table.from_pandas(frame, schema=schema, preserve_index=False))


def surveys_of(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "responded_at", "question", "score"])
    frame["responded_at"] = pd.to_datetime(frame.responded_at)
    return table_of(frame.assign(scale_max=np.nan, channel="mail"))


def told(table, name):
    return fetch(table).set_index("customer_id")[name].astype(object).to_dict()


def test_a_complaint_is_open_until_it_is_closed_and_resolved(purchases):
    table = interactions_of(
        ("ann", "1997-12-01", "complaint", "price", None, None),
        ("bob", "1997-12-01", "complaint", "price", "1997-12-05", False),
        ("cyd", "1997-12-01", "complaint", "price", "1997-12-05", True),
        ("dan", "1997-12-01", "inquiry", "price", None, None),
    )
    found = customer_reasons(purchases, as_of=AS_OF, interactions=table)
    assert told(found, "open_complaint") == {"ann": True, "bob": True, "cyd": False, "dan": False}


def test_what_came_later_is_not_known(purchases):
    table = interactions_of(
        ("ann", "1997-12-01", "complaint", "price", "1998-01-05", True),
        ("bob", "1998-01-01", "complaint", "delivery", None, None),
        ("cyd", "1996-12-01", "complaint", "delivery", None, None),  # more than a year ago
    )
    said = surveys_of(("dan", "1998-01-02", "nps", 0))
    found = customer_reasons(purchases, as_of=AS_OF, interactions=table, surveys=said)
    assert told(found, "open_complaint") == {"ann": True, "bob": False, "cyd": False, "dan": False}
    assert not any(told(found, "delivery_trouble").values())
    assert told(found, "low_score")["dan"] is None


def test_delivery_is_complained_of_or_scored_low(purchases):
    table = interactions_of(
        ("ann", "1997-12-01", "complaint", "Late delivery", "1997-12-05", True),
        ("bob", "1997-12-01", "inquiry", "delivery", None, None),
    )
    said = surveys_of(
        ("bob", "1997-12-01", "driver:delivery", 4),
        ("cyd", "1997-12-01", "driver:delivery", 2),
    )
    both = customer_reasons(purchases, as_of=AS_OF, interactions=table, surveys=said)
    expected = {"ann": True, "bob": False, "cyd": True, "dan": False}
    assert told(both, "delivery_trouble") == expected
    only = customer_reasons(purchases, as_of=AS_OF, surveys=said)
    assert told(only, "delivery_trouble") == {"ann": None, "bob": False, "cyd": True, "dan": None}


def test_the_newest_score_counts(purchases):
    said = surveys_of(
        ("ann", "1997-03-01", "nps", 2),
        ("ann", "1997-06-01", "nps", 9),
        ("bob", "1997-06-01", "nps", 6),
        ("cyd", "1997-06-01", "csat", 2),
        ("dan", "1997-06-01", "csat", 3),
    )
    found = customer_reasons(purchases, as_of=AS_OF, surveys=said)
    assert told(found, "low_score") == {"ann": False, "bob": True, "cyd": True, "dan": False}


def test_baskets_are_held_against_the_customers_own():
    days = ("1997-01-01", "1997-02-01", "1997-03-01", "1997-04-01")
    rows = {
        "less": (10, 10, 7, 6.9),
        "same": (10, 10, 7, 7),
        "more": (10, 10, 20, 20),
        "refunds": (-5, -5, 10, 10),  # nothing to hold the last days to
    }
    lines = [(who, day, x) for who, xs in rows.items() for day, x in zip(days, xs, strict=True)]
    lines += [("short", day, 10) for day in days[:3]]
    found = customer_reasons(purchases_of(lines), as_of=AS_OF)
    assert told(found, "smaller_basket") == {
        "less": True, "same": False, "more": False, "refunds": None, "short": None,
    }  # fmt: skip
    assert set(told(found, "fewer_categories").values()) == {None}
    assert "open_complaint" not in found.columns


def test_categories_are_counted_by_the_day():
    days = ("1997-01-01", "1997-02-01", "1997-03-01", "1997-04-01")
    lines = purchases_of([("ann", day, 10) for day in (*days[:2], *days)])
    category = lines.source_line.cases((1, "toys"), (2, "toys"), else_="home")
    found = customer_reasons(lines.mutate(category=category), as_of=AS_OF)
    assert told(found, "fewer_categories") == {"ann": True}


def groups(**reasons):
    """Make customers of (warned with, warned without, others with, others without)."""
    frames = {}
    for name, (a, b, c, d) in reasons.items():
        frames[name] = [True] * a + [False] * b + [True] * c + [False] * d
        warned = [True] * (a + b) + [False] * (c + d)
    return table_of(pd.DataFrame({"is_warned": warned, **frames}))


def test_compared_by_hand():
    rows = {"low_score": (40, 60, 30, 170), "open_complaint": (20, 80, 50, 150)}
    found = reasons_compared(groups(**rows)).set_index("reason")
    assert list(found.index) == ["open_complaint", "low_score"]
    row = found.loc["low_score"]
    inside, outside, gap = wilson(40, 100), wilson(30, 200), newcombe((40, 100), (30, 200))
    numbers = ["share", "low", "high", "others_share", "others_low", "others_high"]
    expected = [x for one in (inside, outside) for x in (one.value, one.low, one.high)]
    assert row[numbers].tolist() == pytest.approx(expected)
    columns = ["difference", "difference_low", "difference_high"]
    assert row[columns].tolist() == pytest.approx([gap.value, gap.low, gap.high])
    p = [stats.fisher_exact([[a, b], [c, d]]).pvalue for a, b, c, d in rows.values()]
    assert found.p_holm[["low_score", "open_complaint"]].tolist() == pytest.approx(list(holm(p)))


@pytest.mark.parametrize("counts", [(9, 91, 30, 170), (91, 9, 30, 170), (30, 70, 1, 199)])
def test_few_customers_with_or_without_a_reason_are_hidden(counts):
    found = reasons_compared(groups(low_score=counts)).iloc[0]
    assert found.hidden
    assert found.drop(["reason", "hidden"]).isna().all()


def test_other_columns_can_be_compared():
    table = groups(late=(40, 60, 30, 170)).rename(has_left="is_warned")
    found = reasons_compared(table, group="has_left", reasons=("late", "unknown"))
    assert found.reason.tolist() == ["late"]
    assert found.share[0] == 0.4


def test_none_at_all_is_not_hidden():
    found = reasons_compared(groups(low_score=(0, 100, 30, 170))).iloc[0]
    assert not found.hidden
    assert found.share == 0


def test_what_is_known_of_nobody_is_left_out():
    table = table_of(pd.DataFrame({"is_warned": [True, False]}))
    assert reasons_compared(table).empty
    unknown = table.mutate(low_score=ibis.null("boolean"))
    assert reasons_compared(unknown).columns.tolist()[-1] == "hidden"
