"""Responders: what was known before anybody was asked, and who of them answered."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import TTestIndPower

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.segments.chance import holm
from regulars.measures.surveys.invitations import base_asked, first_asked
from regulars.measures.surveys.responders import known_before, who_answered

LINES = [
    ("ann", "1997-01-05", 30, "sale", "o1"),
    ("ann", "1997-01-05", 20, "sale", "o1"),
    ("ann", "1997-02-01", 10, "sale", "o2"),
    ("ann", "1997-02-20", -10, "return", "r1"),
    ("ann", "1997-03-01", 99, "sale", "o3"),  # on the day she is asked
    ("bob", "1997-02-10", 8, "sale", "o4"),
    ("cyd", "1997-04-01", 70, "sale", "o5"),  # after she is asked
    ("dan", "1997-01-31", 5, "sale", "o6"),
]
ASKED = [
    ("ann", "1997-03-01", True),
    ("bob", "1997-03-01", False),
    ("cyd", "1997-03-01", True),
]


def asked_of(rows=ASKED):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "answered"])
    return table_of(frame.assign(day=frame.day.map(date.fromisoformat)))


def known_of(lines, **options):
    found = fetch(known_before(asked_of(), purchases_of(lines), **options))
    return found.sort_values("customer_id").set_index("customer_id")


def people(n=600, *, seed=3, more=0.0):
    """Customers of whom half answer; those who do spend more by so many logs, and nothing else."""
    rng = np.random.default_rng(seed)
    answered = rng.random(n) < 0.5
    ids = [f"c{number:03}" for number in range(n)]
    region = rng.choice(["north", "south"], n)
    spend = np.exp(rng.normal(3, 1, n) + more * answered)
    known = {"customer_id": ids, "spend": spend, "orders": rng.poisson(3, n), "region": region}
    asked = pd.DataFrame({"customer_id": ids, "answered": answered})
    return table_of(asked), table_of(pd.DataFrame(known))


def test_what_was_known_by_hand():
    rows = known_of(LINES)
    assert rows.orders.to_dict() == {"ann": 2, "bob": 1, "cyd": 0}
    assert rows.spend.astype(float).to_dict() == {"ann": 50.0, "bob": 8.0, "cyd": 0.0}
    assert rows.age.fillna(-1).tolist() == [55, 19, -1]
    assert rows.days_since_last.fillna(-1).tolist() == [28, 19, -1]


def test_nothing_later_is_known():
    later = [("bob", "1997-03-02", 500, "sale", "o7"), ("dan", "1997-05-01", 9, "sale", "o8")]
    pd.testing.assert_frame_equal(known_of(LINES), known_of(LINES + later))


def test_attributes_and_earlier_segments_stand_beside():
    born = [date(1960, 5, 1), None]
    persons = pd.DataFrame(
        {"customer_id": ["ann", "bob"], "birth_date": born, "region": ["n", "s"]}
    )
    groups = pd.DataFrame({"customer_id": ["ann"], "segment": ["loyal"], "tier": ["top"]})
    rows = known_of(LINES, customers=table_of(persons), groups=table_of(groups))
    assert rows.birth_year.fillna(0).tolist() == [1960, 0, 0]
    assert rows.segment_before.isna().tolist() == [False, True, True]
    assert "tier" not in rows
    assert "birth_date" not in rows


def test_the_first_invitation_counts():
    days = ["1997-01-05", "1997-01-05", "1997-03-01", "1997-02-01"]
    frame = pd.DataFrame(
        {
            "customer_id": ["ann", "ann", "ann", "bob"],
            "invited_at": pd.to_datetime(days),
            "day": pd.to_datetime(days).date,
            "answered": [False, True, False, False],
        }
    )
    found = fetch(first_asked(table_of(frame)).order_by("customer_id"))
    assert found.answered.tolist() == [True, False]
    assert found.day.dt.strftime("%m").tolist() == ["01", "02"]


def test_without_invitations_the_base_stands_for_them():
    said = table_of(pd.DataFrame({"customer_id": ["ann", "ann", "eve", None]}))
    found = fetch(base_asked(purchases_of(LINES), said, since="1997-02-28").order_by("customer_id"))
    assert found.customer_id.tolist() == ["ann", "bob", "dan"]
    assert found.answered.tolist() == [True, False, False]
    assert set(found.day.dt.strftime("%Y-%m-%d")) == {"1997-03-01"}


def test_a_planted_difference_is_found_and_has_its_size():
    found = who_answered(*people(more=0.5)).set_index("measure")
    assert set(found.segment) == {"answered"}
    spend = found.loc["spend"]
    assert spend.distinct
    assert spend.low < 0.5 < spend.high
    assert not found.drop("spend").distinct.any()


def test_each_comparison_is_tested_once():
    found = who_answered(*people())
    assert found.groupby(["measure", "level"]).size().max() == 1
    assert found.p_holm.to_numpy() == pytest.approx(holm(found.p.to_numpy()))


def test_none_is_claimed_where_there_is_none():
    assert not who_answered(*people(seed=8)).distinct.any()


def test_the_smallest_difference_is_that_of_a_power_of_80_percent():
    found = who_answered(*people()).set_index("measure").loc["spend"]
    power = TTestIndPower().power(found.smallest, found.n, 0.05, ratio=found.rest_n / found.n)
    assert power == pytest.approx(0.8, abs=0.003)


def test_too_few_are_not_compared():
    asked, known = people(n=400)
    few = asked.mutate(answered=asked.customer_id < "c005")
    assert who_answered(few, known).empty
