"""Leaks: no feature looks ahead, and one that did would be found."""

from regulars.measures.engine import beside, fetch
from regulars.measures.supervised.features import COLUMNS, customer_features
from regulars.measures.supervised.leaks import known_then, leaks

CUT, LATER = "1997-12-31", "1998-03-31"
# The first purchase day does not change by what comes later, so that age cannot look ahead.
CAN_LOOK = [column for columns in COLUMNS.values() for column in columns if column != "age"]


def looking_ahead(tables, *, as_of):
    """Return features that know three months more."""
    known = customer_features(tables, as_of=as_of)
    later = customer_features(tables, as_of=LATER)
    return beside(known.select("customer_id", "age"), later.select("customer_id", *CAN_LOOK))


def test_no_feature_changes_once_later_days_are_taken_away(tables):
    assert leaks(tables, cut=CUT) == []


def test_every_feature_would_be_caught_if_it_looked_ahead(tables):
    assert leaks(tables, cut=CUT, features=looking_ahead) == CAN_LOOK


def test_what_was_filled_in_later_is_caught_in_rows_that_were_there_before(tables):
    def features(given, *, as_of):
        known = customer_features(given, as_of=as_of)
        calls, contracts = given["interactions"], given["subscriptions"]
        rated = calls.group_by("customer_id").agg(rated=calls.csat.min())
        ended = contracts.group_by("customer_id").agg(ended=contracts.ended_at.max())
        answers = given["campaign_contacts"]
        replied = answers.group_by("customer_id").agg(replied=answers.responded_at.max())
        return beside(beside(beside(known, rated), ended), replied)

    assert leaks(tables, cut=CUT, features=features) == ["rated", "ended", "replied"]


def test_other_customers_are_caught(tables):
    assert "customer_id" in leaks(
        tables, cut=CUT, features=lambda given, as_of: customer_features(given, as_of=LATER)
    )


def test_the_tables_end_with_the_cut(tables):
    then = known_then({**tables, "targets": tables["surveys"]}, cut=CUT)
    rows = {name: table.count().to_pyarrow().as_py() for name, table in then.items()}
    assert rows == {
        "purchases": 8,
        "interactions": 4,
        "surveys": 5,
        "subscriptions": 3,
        "campaign_contacts": 4,
    }
    contracts = fetch(then["subscriptions"].order_by("started_at"))
    assert contracts.ended_at.isna().tolist() == [False, True, True]
    calls = fetch(then["interactions"].order_by("opened_at"))
    assert calls.csat.isna().all()
