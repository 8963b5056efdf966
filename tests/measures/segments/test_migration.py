"""Migration: every customer once, sums that add up, and pages that give nobody away."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import DataError
from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.chance import sign_tests
from regulars.measures.segments.migration import (
    NO_LONGER,
    NOT_YET,
    fell_from,
    known_on_both,
    migration,
    migration_shares,
    migration_summary,
)
from regulars.measures.segments.moves_shown import moves_shown

BEFORE = {"ann": "vip", "bob": "vip", "cyd": "vip", "dan": "new", "eve": "new"}
NOW = {"ann": "vip", "bob": "new", "dan": "vip", "eve": "new", "fay": "new", "gus": "lost"}


def table(groups):
    frame = pd.DataFrame({"customer_id": list(groups), "segment": list(groups.values())}, dtype=str)
    return table_of(frame)


def moves_of(square, names):
    rows = [
        (was, now, square[i][j])
        for i, was in enumerate(names)
        for j, now in enumerate(names)
        if square[i][j]
    ]
    return pd.DataFrame(rows, columns=["from", "to", "customers"])


def test_by_hand():
    moves = migration(table(BEFORE), table(NOW))
    counted = {(row["from"], row["to"]): row["customers"] for _, row in moves.iterrows()}
    assert counted == {
        ("vip", "vip"): 1,
        ("vip", "new"): 1,
        ("vip", NO_LONGER): 1,
        ("new", "vip"): 1,
        ("new", "new"): 1,
        (NOT_YET, "new"): 1,
        (NOT_YET, "lost"): 1,
    }


def test_the_summary_by_hand():
    found = migration_summary(migration(table(BEFORE), table(NOW)), order=["vip", "new"])
    numbers = ["before", "now", "stayed", "came_in", "went_out", "new", "gone", "net", "n"]
    assert found.set_index("segment")[numbers].to_numpy().tolist() == [
        [3, 2, 1, 1, 1, 0, 1, -1, 4],
        [2, 3, 1, 1, 1, 1, 0, 1, 4],
        [0, 1, 0, 0, 0, 1, 0, 1, 4],
    ]
    assert found.change.tolist() == [0, 0, 0]


def test_who_fell():
    fallen = fetch(fell_from(table(BEFORE), table(NOW), "vip").order_by("customer_id"))
    assert fallen.to_dict("records") == [
        {"customer_id": "bob", "was": "vip", "segment": "new"},
        {"customer_id": "cyd", "was": "vip", "segment": NO_LONGER},
    ]


def test_a_customer_in_two_segments_is_refused():
    twice = table_of(pd.DataFrame({"customer_id": ["ann", "ann"], "segment": ["vip", "new"]}))
    for before, now in ((twice, table(NOW)), (table(BEFORE), twice)):
        with pytest.raises(DataError, match="in one segment a day, found some in several"):
            migration(before, now)


def test_a_customer_without_a_segment_is_counted():
    before = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "segment": ["vip", None]}))
    moves = migration(before, table({"ann": "vip", "bob": "vip"}))
    assert set(moves["from"]) == {"vip", "no_segment"}


@pytest.mark.parametrize(("before", "now"), [({}, {}), ({}, NOW), (BEFORE, {})])
def test_one_side_may_be_empty(before, now):
    moves = migration(table(before), table(now))
    summary = migration_summary(moves)
    assert moves.customers.sum() == len({**before, **now})
    assert summary.change.isna().all()
    assert summary.p.isna().all()
    assert not summary.exceeds_chance.any()


GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["vip", "new", "lost"]))


@settings(max_examples=20, deadline=None)
@given(GROUPS, GROUPS)
def test_every_customer_is_counted_once_and_all_sums_agree(before, now):
    moves = migration(table(before), table(now))
    assert moves.customers.sum() == len({**before, **now})
    summary = migration_summary(moves)
    assert summary.before.sum() == len(before)
    assert summary.now.sum() == len(now)
    assert (summary.net == summary.now - summary.before).all()
    assert (summary.net == summary.came_in - summary.went_out + summary.new - summary.gone).all()
    assert summary.came_in.sum() == summary.went_out.sum()
    assert known_on_both(moves).to_numpy().sum() == len(before.keys() & now.keys())
    shares = migration_shares(moves)
    assert shares.customers.sum() == moves.customers.sum()
    assert shares.groupby("from").share.sum().round(9).isin([0, 1]).all()


def test_shares_are_of_those_who_were_there():
    shares = migration_shares(migration(table(BEFORE), table(NOW)), order=["vip", "new"])
    assert shares["from"].unique().tolist() == ["vip", "new", "lost", NOT_YET]
    assert shares["to"].unique().tolist() == ["vip", "new", "lost", NO_LONGER]
    vip = shares[shares["from"] == "vip"]
    assert vip.customers.tolist() == [1, 1, 0, 1]
    assert vip.share.round(4).tolist() == [0.3333, 0.3333, 0.0, 0.3333]


def test_labels_dealt_anew_change_nothing_but_by_chance():
    # The same customers, their two labels exchanged by the toss of a coin: no direction is true.
    random = np.random.default_rng(5)
    was, now = random.integers(0, 4, (2, 300))
    false = 0
    for _ in range(500):
        turned = random.random(300) < 0.5
        first, second = np.where(turned, now, was), np.where(turned, was, now)
        came_in = np.bincount(second[first != second], minlength=4)
        went_out = np.bincount(first[first != second], minlength=4)
        false += sign_tests(came_in, went_out)["exceeds_chance"].any()
    assert false <= 0.05 * 500


def test_a_shown_table_hides_few_customers_everywhere():
    names = ["a", "b", "c", NOT_YET]
    moves = moves_of([[40, 3, 20], [12, 50, 0], [25, 30, 60], [4, 15, 18]], names[:3])
    moves = pd.concat(
        [moves, pd.DataFrame({"from": NOT_YET, "to": names[:3], "customers": [4, 15, 18]})]
    )
    whole = migration_shares(moves), migration_summary(moves)
    shares, summary = moves_shown(*whole)
    small = whole[0].customers.between(1, 9)
    assert shares.customers[small].isna().all()
    assert shares.share[small].isna().all()
    assert shares.hidden[small].all()
    assert shares.customers[~shares.hidden].eq(whole[0].customers[~shares.hidden]).all()
    first = summary.iloc[0]
    assert (first.before, first.now, first.net) == (63, 81, 18)
    assert pd.isna(first.new)
    assert pd.isna(first.came_in) or pd.isna(first.stayed)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_shown_gives_a_small_count_away(seed):
    """Whatever can be worked out of both tables by sums must leave each small cell open."""
    random = np.random.default_rng(seed)
    names = list("abcd")
    square = random.negative_binomial(1, 0.04, (4, 4))
    moves = moves_of(square, names)
    new = pd.DataFrame({"from": NOT_YET, "to": names, "customers": random.poisson(11, 4)})
    moves = pd.concat([moves, new[new.customers > 0]], ignore_index=True)
    whole = migration_shares(moves), migration_summary(moves)
    shares, summary = moves_shown(*whole)
    known, right = _equations(shares, summary)
    for place in np.flatnonzero(whole[0].customers.between(1, 9)):
        aim = np.zeros(len(shares))
        aim[place] = 1
        together = np.vstack([known, aim])
        assert np.linalg.matrix_rank(together) > np.linalg.matrix_rank(known), (seed, place, right)


def _equations(shares, summary):
    """Write down every sum of cells that the two tables show."""
    rows, right = [], []

    def learn(mask, value):
        if not pd.isna(value):
            rows.append(np.asarray(mask, dtype=float))
            right.append(float(value))

    start, end = shares["from"].to_numpy(), shares["to"].to_numpy()
    for place, value in enumerate(shares.customers):
        learn(np.arange(len(shares)) == place, value)
    for name, n in shares.groupby("from", sort=False).n.first().items():
        learn(start == name, n)
    inside = (start != NOT_YET) & (end != NO_LONGER)
    for row in summary.itertuples():
        into, out = end == row.segment, start == row.segment
        learn(out, row.before)
        learn(into, row.now)
        learn(into & out, row.stayed)
        learn(into & ~out & inside, row.came_in)
        learn(out & ~into & inside, row.went_out)
        learn(into & (start == NOT_YET), row.new)
        learn(into.astype(float) - out, row.net)
        learn((into & inside).astype(float) - (out & inside), row.change)
        if not pd.isna(row.net_low):
            learn(into & ~out, 0)  # the width of the interval tells how many came
    learn(np.ones(len(shares)), 0)  # the total
    learn(inside, summary.n.iloc[0])
    return np.array(rows), right


def test_a_steady_shop_in_which_customers_age_has_no_change_beyond_chance():
    # Each day as many come as fall silent; those known on both days can only have aged.
    random = np.random.default_rng(21)
    false, aged = 0, 0
    for _ in range(100):
        stayed, fell, came = random.poisson([200, 100, 100])
        pairs = [("here", "here", stayed), ("here", "silent", fell), (NOT_YET, "here", came)]
        moves = pd.DataFrame(pairs, columns=["from", "to", "customers"])
        here = migration_summary(moves, order=["here", "silent"]).iloc[0]
        false += here.net_exceeds_chance
        aged += here.change < -0.2
    assert false <= 5 + 6
    assert aged == 100
