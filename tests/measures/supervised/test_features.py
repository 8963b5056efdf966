"""Features: what was known at the cut, checked by hand."""

import pytest

from regulars.measures.engine import fetch
from regulars.measures.supervised.features import COLUMNS, FEATURES, PLAIN, customer_features

CUT = "1997-12-31"

BY_HAND = {
    "ann": {
        "repeat_days": 2,
        "recency_age": 548,
        "age": 578,
        "days_since_last": 30,
        "overdue": 30 * 3 / 578,
        "spend_a_day": 18,  # 54 on three days
        "year_days": 2,
        "categories": 2,
        "returned_lines": 1,
        "complaints": 2,  # one of them on the last evening; the third a year and a day ago
        "last_score": 0.25,  # 4 of 1 to 5, after the 10 of January
        "answered": 1,
        "contract": 1,  # it ends two weeks later, which nobody knows
        "contacts": 1,
    },
    "bob": {
        "repeat_days": 0,
        "recency_age": 0,
        "age": 0,
        "days_since_last": 0,
        "overdue": 0,
        "spend_a_day": 50,
        "year_days": 1,
        "categories": 1,
        "returned_lines": 0,
        "complaints": 0,  # an inquiry is none
        "last_score": -0.3,  # nps 2, though no scale is told
        "answered": 1,
        "contract": 1,
        "contacts": 0,  # held back for comparison
    },
    "cyd": {
        "repeat_days": 1,
        "recency_age": 31,
        "age": 395,
        "days_since_last": 364,
        "overdue": 364 * 2 / 395,
        "spend_a_day": 20,
        "year_days": 1,
        "categories": 1,
        "returned_lines": 0,  # more than a year ago
        "complaints": 0,
        "last_score": 0,  # ces is not looked at
        "answered": 0,
        "contract": 0,
        "contacts": 1,
    },
}


@pytest.mark.parametrize("customer", BY_HAND)
def test_every_feature_by_hand(tables, customer):
    known = fetch(customer_features(tables, as_of=CUT)).set_index("customer_id")
    assert sorted(known.index) == ["ann", "bob", "cyd"]
    assert known.loc[customer].to_dict() == pytest.approx(BY_HAND[customer])


def test_there_are_at_most_twelve_and_every_column_belongs_to_one(tables):
    assert len(FEATURES) <= 12
    named = {column for columns in COLUMNS.values() for column in columns}
    assert named == set(BY_HAND["ann"]) - {"recency_age"}
    assert named >= PLAIN
    assert set(customer_features(tables, as_of=CUT).columns) == named | {
        "customer_id",
        "recency_age",
    }


def test_a_missing_table_leaves_zeros_and_the_rest_as_it_was(tables):
    alone = {"purchases": tables["purchases"]}
    known = fetch(customer_features(alone, as_of=CUT)).set_index("customer_id")
    away = ["complaints", "last_score", "answered", "contract", "contacts"]
    assert (known[away] == 0).all(axis=None)
    whole = fetch(customer_features(tables, as_of=CUT)).set_index("customer_id")
    assert known.drop(columns=away).sort_index().equals(whole.drop(columns=away).sort_index())


def test_a_day_without_customers_has_no_rows(tables):
    assert fetch(customer_features(tables, as_of="1990-01-01")).empty
