"""Importance: criteria by hand, classes by rule, and what other weights would change."""

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.criteria import CRITERIA
from regulars.measures.segments.importance import (
    CLASSES,
    importance,
    importance_summary,
    rule_table,
)
from regulars.measures.segments.weights import integer_weights, weight_stability
from regulars.parameters.segments import Importance

WHEN = {"as_of": "1997-06-30", "period_days": 181}  # the first half of the year
LINES = [  # customer, day, amount, kind, category
    ("ann", "1997-01-05", 40, "sale", "tea"),
    ("ann", "1997-03-05", 40, "sale", "cups"),
    ("ann", "1997-06-05", 40, "sale", "tea"),
    ("ann", "1997-06-15", -30, "return", "tea"),
    ("bob", "1997-05-10", 100, "sale", "tea"),
    ("bob", "1997-06-10", 20, "sale", "pots"),
    ("cyd", "1997-06-20", 15, "sale", None),
    ("dan", "1996-12-31", 500, "sale", "tea"),  # the day before
    ("eve", "1996-11-01", 80, "sale", "tea"),
    ("eve", "1997-02-01", -80, "return", "tea"),  # a return is no purchase
    ("fay", "1996-11-01", 30, "sale", "tea"),
    ("fay", "1997-04-01", 60, "sale", "tea"),
    ("gus", "1997-07-01", 99, "sale", "tea"),  # after the last day
]


def bought(lines=LINES):
    table = purchases_of([line[:4] for line in lines]).to_pyarrow()
    at = table.schema.get_field_index("category")
    categories = pa.array([line[4] for line in lines], pa.string())
    return ibis.memtable(table.set_column(at, "category", categories))


def expected(**values):
    return table_of(
        pd.DataFrame({"customer_id": list(values), "predicted_spend": list(values.values())})
    )


def scored_of(lines=LINES, rules=None, predicted=None, **when):
    found, notes = importance(
        bought(lines), rules or Importance(), **(when or WHEN), predicted=predicted
    )
    return fetch(found).set_index("customer_id").sort_index(), notes


def test_criteria_by_hand():
    found, _ = scored_of()
    assert sorted(found.index) == ["ann", "bob", "cyd", "dan", "eve", "fay"]
    active = found.loc[["ann", "bob", "cyd", "fay"]]
    assert active.volume.tolist() == [3, 2, 1, 1]
    # Months with a purchase after that of the first: 2 of 5, 1 of 1, none of none, and 1 of 6 of
    # whoever came before; 4 of 12 together, and so 1 of 3 for each.
    assert active.loyalty.tolist() == pytest.approx([3 / 8, 2 / 4, 1 / 3, 2 / 9])
    assert active.contribution.astype(float).tolist() == [90, 120, 15, 60]
    # Two of three categories, but a quarter of ann's money came back.
    assert active.fit.tolist() == pytest.approx([2 / 3 * 0.75, 2 / 3, 0, 1 / 3])
    assert found.loc[["dan", "eve"], list(CRITERIA)].isna().all(axis=None)


def test_ranks_are_twice_the_mid_rank_and_the_score_is_their_mean():
    found, _ = scored_of()
    active = found.loc[["ann", "bob", "cyd", "fay"]]
    assert active.volume_rank.tolist() == [7, 5, 2, 2]
    assert active.loyalty_rank.tolist() == [5, 7, 3, 1]
    for name in CRITERIA:
        percentile = (active[name].astype(float).rank() - 0.5) / 4
        assert (active[f"{name}_rank"] / 8).tolist() == pytest.approx(percentile.tolist())
    ranks = active[[f"{name}_rank" for name in CRITERIA]].astype(float) / 8
    assert active.score.tolist() == pytest.approx(ranks.mean(axis=1).tolist())


def test_just_having_come_is_no_loyalty():
    random = np.random.default_rng(3)
    lines, new = [], set()
    for who in range(600):
        day = int(random.integers(150, 181)) if who % 2 else -100
        new |= {f"c{who}"} if who % 2 else set()
        while day < 181:
            on = str(dt.date(1997, 1, 1) + dt.timedelta(days=day))
            lines.append((f"c{who}", on, 10, "sale", "tea"))
            day += max(int(random.exponential(60)), 1)
    found, _ = scored_of(lines)
    found = found[found.importance != "dormant"]
    rank = found.loyalty_rank / (2 * len(found))
    came_lately = found.index.isin(new)
    assert abs(rank[came_lately].mean() - rank[~came_lately].mean()) < 0.15


def test_classes_by_hand():
    predicted = expected(ann=90, bob=1, cyd=70, dan=999, fay=0)
    rules = Importance(vip_share=0.25, potential_share=0.5)
    found, notes = scored_of(rules=rules, predicted=predicted)
    assert found.importance.to_dict() == {
        "ann": "potential",
        "bob": "vip",
        "cyd": "potential",
        "dan": "dormant",  # worth most, and not here
        "eve": "dormant",
        "fay": "ordinary",
    }
    assert notes == ["Contribution is spend: the margin is not known of every active customer."]
    assert float(found.predicted_spend["dan"]) == 999


def test_a_weight_of_its_own_decides():
    only = {"volume": 0, "loyalty": 0, "contribution": 1, "fit": 0}
    found, _ = scored_of(rules=Importance(weights=only, vip_share=0.25))
    assert found.index[found.importance == "vip"].tolist() == ["bob"]
    only = {"volume": 1, "loyalty": 0, "contribution": 0, "fit": 0}
    found, _ = scored_of(rules=Importance(weights=only, vip_share=0.25))
    assert found.index[found.importance == "vip"].tolist() == ["ann"]


def test_without_categories_the_other_criteria_share_the_weight():
    lines = [(*line[:4], None) for line in LINES]
    found, notes = scored_of(lines)
    assert "Fit of needs is left out" in notes[1]
    assert found.fit_rank.isna().all()
    ranks = found[["volume_rank", "loyalty_rank", "contribution_rank"]].astype(float)
    assert found.score.dropna().to_numpy() == pytest.approx(
        ranks.mean(axis=1).dropna().to_numpy() / 8, abs=1e-5
    )


def test_without_a_prediction_nobody_is_potential_and_it_is_said():
    found, notes = scored_of()
    assert "potential" not in set(found.importance)
    assert notes[-1] == "Nobody is potential: no value is predicted."


CASES = {
    "one": [("c0", "1997-06-01", 5)],
    "five": [(f"c{k}", f"1997-0{k + 2}-01", 5 + k) for k in range(5)],
    "all equal": [(f"c{k:02}", "1997-06-01", 5) for k in range(12)],
    "80 % bought once": [
        *[(f"c{k:02}", "1997-06-01", 5) for k in range(16)],
        *[(f"d{k}", f"1997-0{m}-03", 9) for k in range(4) for m in (2, 4)],
    ],
    "nobody active": [("c0", "1996-06-01", 5), ("c1", "1996-06-01", 0)],
    "nothing paid": [("c0", "1997-06-01", 0), ("c1", "1997-06-01", -1, "return")],
}


@pytest.mark.parametrize("case", CASES)
def test_every_customer_has_exactly_one_class(case):
    purchases = purchases_of(CASES[case])
    scored, _ = importance(purchases, Importance(), **WHEN)
    found, everybody = fetch(scored), fetch(customer_summary(purchases, as_of=WHEN["as_of"]))
    assert sorted(found.customer_id) == sorted(everybody.customer_id)
    assert found.importance.isin(CLASSES).all()
    summary = importance_summary(scored)
    assert summary.customers.sum() == len(everybody)
    assert summary.importance.tolist() == list(CLASSES)


def test_equal_customers_share_a_class():
    found, _ = importance(purchases_of(CASES["80 % bought once"]), Importance(), **WHEN)
    classes = fetch(found).groupby(["volume", "contribution"]).importance.nunique()
    assert classes.eq(1).all()
    assert fetch(found).importance.value_counts().to_dict() == {"ordinary": 16, "vip": 4}
    everybody, _ = importance(purchases_of(CASES["all equal"]), Importance(), **WHEN)
    assert set(fetch(everybody).importance) == {"vip"}  # nobody is above anybody


lines = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from(["1996-12-01", "1997-02-01", "1997-03-01", "1997-06-30"]),
        st.integers(0, 30),
        st.just("sale"),
        st.sampled_from(["tea", "cups", None]),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=3, deadline=None)
@given(lines, st.randoms(use_true_random=False))
def test_shuffling_changes_nothing(rows, random):
    other = list(rows)
    random.shuffle(other)
    pd.testing.assert_frame_equal(scored_of(rows)[0], scored_of(other)[0])


def test_a_summary_says_nothing_it_does_not_know():
    scored, _ = importance(bought(), Importance(), **WHEN, predicted=expected(ann=1, bob=3))
    summary = importance_summary(scored).set_index("importance")
    assert summary.spend_share.tolist() == pytest.approx([120 / 285, 0, 165 / 285, 0])
    assert summary.share_of_margin.isna().all()
    assert summary.predicted_share.isna().all()  # of four nothing is predicted


def test_the_rules_are_written_with_their_numbers():
    table = rule_table(Importance(vip_share=0.125), period_days=365).set_index("importance").rule
    assert table["dormant"] == "No purchase day in the last 365 days"
    assert table["vip"].replace("\u00a0", " ").startswith("Fewer than 12.5 % of the active")


def test_weights_are_whole_and_keep_their_proportions():
    weights = integer_weights(Importance(weights={"volume": 2, "fit": 0}))
    assert weights == {"volume": 500_000, "loyalty": 250_000, "contribution": 250_000, "fit": 0}
    only_fit = {"volume": 0, "loyalty": 0, "contribution": 0, "fit": 1}
    without = integer_weights(Importance(weights=only_fit), CRITERIA[:-1])
    assert len(set(without.values())) == 1


def ranked(ranks, importance="ordinary"):
    frame = pd.DataFrame(ranks, columns=[f"{name}_rank" for name in CRITERIA])
    ids = [f"c{place:05}" for place in range(len(frame))]
    return frame.assign(customer_id=ids, importance=importance)


def test_stability_by_hand():
    """Two criteria pull apart: who leads in one is VIP under half of the weightings."""
    frame = ranked([(9, 1, 1, 1), (1, 9, 1, 1), (3, 3, 1, 1)]).assign(
        contribution_rank=pd.array([None] * 3, "Int64"), fit_rank=pd.array([None] * 3, "Int64")
    )
    rules = Importance(vip_share=0.34, weights={"volume": 2, "loyalty": 1})
    found = weight_stability(table_of(frame), rules, draws=4000)
    assert (found.vips, found.looked_at, found.active) == (2, 3, 3)  # two places
    rules = Importance(vip_share=0.3, weights={"volume": 2, "loyalty": 1})
    found = weight_stability(table_of(frame), rules, draws=4000)
    assert found.vips == 1
    kept = found.customers.set_index("stays_from").customers
    assert kept[kept > 0].index[0] in (0.45, 0.5)
    assert found.draws.draws.sum() == 4000
    share = found.draws.draws.iloc[-1] / 4000
    assert share == pytest.approx(0.5, abs=0.03)


def test_stability_follows_the_seed_and_looks_at_few():
    random = np.random.default_rng(3)
    frame = ranked(random.integers(0, 6000, (6000, 4)))
    first, again = (weight_stability(table_of(frame), Importance(), draws=50) for _ in range(2))
    assert first.draws.equals(again.draws)
    assert (first.looked_at, first.active, first.weightings) == (5000, 6000, 50)
    other = weight_stability(table_of(frame), Importance(), draws=50, seed=2)
    assert not first.draws.equals(other.draws)
    assert first.customers.customers.sum() == first.vips
    assert first.vips == pytest.approx(1000, abs=5)


def test_nobody_active_has_no_stability():
    assert weight_stability(table_of(ranked([(1, 1, 1, 1)], "dormant")), Importance()) is None
