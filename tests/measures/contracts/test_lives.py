"""Lives of contracts: whole renewal periods, ends, and what was known on an earlier day."""

import pytest

from regulars.data.contract import TABLES
from regulars.measures.contracts.lives import (
    NO_PLAN,
    contract_lives,
    count_lives,
    count_since,
    lives_at,
)
from regulars.measures.engine import fetch, table_of

AS_OF = "2024-06-30"


def by_customer(table, *columns):
    rows = fetch(table.order_by("customer_id", "started_on"))
    return {
        (r.customer_id, r.started_on.month): tuple(r[c] for c in columns)
        for _, r in rows.iterrows()
    }


def test_each_contract_has_its_whole_periods_and_its_end(lives):
    told = by_customer(lives, "age", "periods", "ended", "running")
    assert told == {
        ("ann", 1): (5, 5, False, True),
        ("bob", 1): (5, 2, True, False),
        ("cyd", 1): (5, 1, True, False),
        ("dan", 1): (5, 1, True, False),
        ("eve", 1): (5, 2, True, False),
        ("fay", 6): (0, 0, False, False),
        ("gus", 6): (0, 0, False, True),
        ("hal", 3): (3, 3, False, True),
        ("ann", 2): (4, 1, True, False),
    }


def test_the_last_day_of_a_short_month_is_a_renewal(subscriptions):
    of_bob = subscriptions.filter(subscriptions.customer_id == "bob")
    ages = [
        fetch(contract_lives(of_bob, as_of=day)).age[0]
        for day in ("2024-02-28", "2024-02-29", "2024-03-30", "2024-03-31", "2024-04-30")
    ]
    assert ages == [0, 1, 1, 2, 3]


def test_quarters_and_years_are_counted_by_their_months(subscriptions):
    quarters = by_customer(
        contract_lives(subscriptions, as_of=AS_OF, every="quarter"), "age", "periods", "ended"
    )
    assert quarters["ann", 1] == (1, 1, False)
    assert quarters["bob", 1] == (1, 1, True)
    assert quarters["hal", 3] == (1, 1, False)
    years = by_customer(
        contract_lives(subscriptions, as_of=AS_OF, every="year"), "age", "periods", "ended"
    )
    assert years["bob", 1] == (0, 0, False)


def test_an_end_counts_once_its_period_is_over(subscriptions):
    """Else only those who leave in the period now running would be seen in it."""
    of_eve = subscriptions.filter(subscriptions.customer_id == "eve")
    told = [
        tuple(fetch(contract_lives(of_eve, as_of=day))[["periods", "ended", "running"]].iloc[0])
        for day in ("2024-02-15", "2024-02-16", "2024-03-14", "2024-03-15")
    ]
    assert told == [(1, False, True), (1, False, False), (1, False, False), (2, True, False)]


def test_contracts_alike_are_counted_together_in_any_order(lives, subscriptions):
    counts = count_lives(lives)
    assert counts.contracts.sum() == 9
    assert counts[counts.plan == NO_PLAN].iloc[0].tolist() == [NO_PLAN, 1, True, 1]
    turned = contract_lives(subscriptions.order_by("fee", "ended_at"), as_of=AS_OF)
    assert count_lives(turned).equals(counts)


def test_turned_back_it_is_what_was_known_then(lives, subscriptions):
    for cut in ("2024-02-14", "2024-02-29", "2024-03-31", "2024-05-31"):
        then = contract_lives(subscriptions, as_of=cut)
        assert count_lives(lives_at(lives, cut=cut)).equals(count_lives(then)), cut


def test_since_a_cut_only_those_count_that_had_a_renewal_to_come(lives):
    since = count_since(lives, cut="2024-02-29")
    rows = since[["plan", "before", "due", "periods", "ended"]].to_numpy().tolist()
    assert since.contracts.tolist() == [1] * 5
    assert rows == [
        ["basic", 0, 3, 3, False],  # hal began later
        ["basic", 1, 5, 2, True],  # bob had lived one period
        ["basic", 1, 5, 5, False],  # ann's first
        [NO_PLAN, 0, 4, 1, True],  # ann's second: its only period was not over
        ["plus", 1, 5, 2, True],  # eve, who had left within the second
    ]


def test_the_cut_and_what_came_since_make_up_the_whole(lives):
    cut = "2024-02-29"
    known = count_lives(lives_at(lives, cut=cut))
    since = count_since(lives, cut=cut)
    ended = count_lives(lives)
    ends = [frame.contracts[frame.ended].sum() for frame in (known, since, ended)]
    assert ends[0] + ends[1] == ends[2]


def test_columns_that_are_not_there_are_not_known(subscriptions):
    bare = contract_lives(subscriptions.select("customer_id", "started_at"), as_of=AS_OF)
    rows = fetch(bare)
    assert rows.running.all()
    assert rows.fee.isna().all()
    assert set(rows.plan) == {NO_PLAN}


def test_a_contract_that_ends_before_it_begins_never_gets_here():
    (rule,) = TABLES["subscriptions"].rules
    assert (rule.reason, rule.action) == ("ended_before_start", "reject")


def test_an_unknown_length_is_refused(subscriptions):
    with pytest.raises(KeyError):
        contract_lives(subscriptions, as_of=AS_OF, every="week")


def test_no_contract_at_all_is_no_error(subscriptions):
    nobody = contract_lives(subscriptions.filter(subscriptions.fee > 1e9), as_of=AS_OF)
    assert count_lives(nobody).empty
    assert count_since(nobody, cut="2024-01-31").empty
    assert table_of(count_lives(nobody)).columns == ("plan", "periods", "ended", "contracts")
