"""Loyalty index: by hand, with equals together, and how much of it is the weights."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch, table_of
from regulars.measures.examples import purchases_of
from regulars.measures.loyalty_ends import (
    began_with,
    describe_ends,
    sets_apart,
    with_word,
)
from regulars.measures.loyalty_index import index_stability, loyalty_index
from regulars.measures.segments.profiles import customer_profile, with_attributes
from regulars.parameters.loyalty import LoyaltyIndex

AS_OF = "1997-12-31"
LINES = [  # customer, day, amount
    ("ann", "1997-01-01", 10),
    ("ann", "1997-06-01", 10),
    ("ann", "1997-12-01", 10),
    ("bob", "1997-02-01", 10),
    ("bob", "1997-08-01", 10),
    ("cyd", "1997-03-01", 10),
    ("dan", "1997-03-01", 10),
    ("dan", "1998-01-01", 10),  # after the last day
    ("eve", "1997-11-01", 10),
]


def voices_of(rows):
    return table_of(pd.DataFrame(rows, columns=["customer_id", "question", "score"]))


def indexed_of(lines=LINES, rules=None, voices=None):
    found = loyalty_index(purchases_of(lines), rules or LoyaltyIndex(), as_of=AS_OF, voices=voices)
    return fetch(found).set_index("customer_id").sort_index()


def many(n, seed=3, rate=60):
    """Customers who come at some day of the year, and again after so many days."""
    rng = np.random.default_rng(seed)
    lines = []
    for who in range(n):
        day, gap = int(rng.integers(0, 300)), rate * rng.gamma(1) + 5
        while day < 365:
            lines.append(
                (f"c{who:03}", str(dt.date(1997, 1, 1) + dt.timedelta(days=day)), 10 + who % 7)
            )
            day += max(int(rng.exponential(gap)), 1)
    return lines


def test_parts_by_hand():
    found = indexed_of()
    # Ages: ann 364, bob 333, cyd and dan 305, eve 60. Orders 3, 2, 1, 1, 1.
    assert found.tenure.tolist() == pytest.approx([90, 70, 40, 40, 10])
    # Percentiles of orders 90, 70, 30, 30, 30; of how lately (30, 152, 305, 305, 60 days)
    # 90, 50, 20, 20, 70.
    assert found.behaviour.tolist() == pytest.approx([90, 60, 25, 25, 50])
    assert found.word.isna().all()
    # Without a word, .5 and .2 of .7.
    expected = [90, (0.5 * 60 + 0.2 * 70) / 0.7, (0.5 * 25 + 0.2 * 40) / 0.7]
    assert found["index"].tolist()[:3] == pytest.approx(expected, abs=1e-5)
    # Of five, one at either end; cyd and dan are equal and stay together.
    assert found.segment.tolist() == ["most_loyal", "between", *["least_loyal"] * 2, "between"]


def test_the_word_is_nps_then_csat_then_ces():
    voices = voices_of(
        [
            ("ann", "nps", 2),
            ("ann", "csat", 5),
            ("bob", "nps", 9),
            ("bob", "driver:price", 1),
            ("cyd", "csat", 4),
            ("dan", "csat", 3),
            ("eve", "driver:price", 5),
            ("zoe", "nps", 10),  # never bought
            (None, "nps", 10),
        ]
    )
    found = indexed_of(voices=voices)
    # Of two who answered NPS, the lower and the upper half; of three CSAT: ann, cyd, dan.
    assert found.word.tolist()[:4] == pytest.approx([25, 75, 50, 100 / 6])
    assert np.isnan(found.word["eve"])
    expected = 0.5 * 90 + 0.3 * 25 + 0.2 * 90
    assert found["index"]["ann"] == pytest.approx(expected)


def test_equal_customers_get_equal_indices():
    lines = [(f"c{one}", "1997-05-05", 10) for one in range(30)]
    found = indexed_of(lines)
    assert set(found["index"]) == {50.0}
    # All would be at both ends.
    assert set(found.segment) == {"between"}
    indexed = loyalty_index(purchases_of(lines), LoyaltyIndex(), as_of=AS_OF)
    assert index_stability(indexed, LoyaltyIndex()) is None


def test_one_customer():
    found = indexed_of([("ann", "1997-05-05", 10)])
    assert found[["behaviour", "tenure", "index"]].to_numpy().tolist() == [[50, 50, 50]]
    assert found.segment.tolist() == ["between"]


def test_nobody():
    assert indexed_of([("ann", "1998-05-05", 10)]).empty
    none = loyalty_index(purchases_of([("ann", "1998-05-05", 10)]), LoyaltyIndex(), as_of=AS_OF)
    assert index_stability(none, LoyaltyIndex()) is None
    assert with_word(none).customers.tolist() == [0, 0, 0]


def test_only_proportions_of_weights_count():
    one = indexed_of(many(60), LoyaltyIndex(behaviour=1, word=2, tenure=3))
    other = indexed_of(many(60), LoyaltyIndex(behaviour=10, word=0, tenure=30))
    pd.testing.assert_frame_equal(one, other)
    tenure = indexed_of(many(60), LoyaltyIndex(behaviour=0, tenure=1, word=0))
    assert tenure["index"].tolist() == pytest.approx(tenure.tenure.tolist(), abs=1e-5)


def test_the_order_of_rows_changes_nothing():
    lines = many(120)
    shuffled = [lines[at] for at in np.random.default_rng(1).permutation(len(lines))]
    pd.testing.assert_frame_equal(indexed_of(lines), indexed_of(shuffled))


def test_behaviour_is_not_told_by_tenure():
    # Those who came early had more time to buy; among each other they are compared fairly.
    found = indexed_of(many(500))
    assert abs(np.corrcoef(found.behaviour, found.tenure)[0, 1]) < 0.1
    bands = pd.cut(found.tenure, [0, 20, 40, 60, 80, 100])
    assert found.behaviour.groupby(bands, observed=True).mean().tolist() == pytest.approx(
        [50] * 5, abs=1
    )


def test_ends_hold_their_share_and_no_more_than_ties_make():
    found = indexed_of(many(500), LoyaltyIndex(share=0.1))
    ranked = found.sort_values("index")
    for end, ascending in (("least_loyal", True), ("most_loyal", False)):
        edge = ranked["index"].sort_values(ascending=ascending).iloc[49]
        expected = ranked["index"] <= edge if ascending else ranked["index"] >= edge
        assert (ranked.segment == end).tolist() == expected.tolist()


def test_stability_by_hand():
    # Under behaviour alone c leads, under tenure alone a: c leads while behaviour weighs more.
    frame = {"customer_id": list("abc"), "behaviour": [0.0, 50.0, 100.0], "word": np.nan}
    indexed = table_of(pd.DataFrame({**frame, "tenure": [100.0, 40.0, 0.0]}))
    rules = LoyaltyIndex(behaviour=1, tenure=0, word=0, share=0.3)
    found = index_stability(indexed, rules, draws=2000)
    assert (found.low, found.high) == (0, 1)
    assert (found.customers, found.looked_at, found.weightings) == (3, 3, 2000)
    alike = index_stability(indexed, rules, draws=2000)
    assert alike == found
    agreed = table_of(pd.DataFrame({**frame, "tenure": [0.0, 50.0, 100.0]}))
    assert index_stability(agreed, rules).low == 1


def test_first_purchase_by_hand():
    frame = purchases_of(
        [
            ("ann", "1997-01-05", 10),
            ("ann", "1997-01-05", 5),
            ("ann", "1997-01-05", -5, "return"),
            ("ann", "1997-02-05", 99),
            ("bob", "1997-01-01", -3, "return"),
            ("bob", "1997-01-05", 7),
            ("cyd", "1998-01-05", 7),
        ]
    ).to_pyarrow()
    frame = frame.to_pandas()
    frame["channel"] = ["web", "app", "web", "web", "web", "web", "web"]
    frame["category"] = ["tea", "tea", "pots", "pots", None, None, None]
    found = fetch(began_with(table_of(frame), as_of=AS_OF)).set_index("customer_id")
    assert found.first_spend.astype(float).to_dict() == {"ann": 15, "bob": 7}
    assert found.first_channel.dropna().to_dict() == {"bob": "web"}  # ann's day has two
    assert found.first_category.dropna().to_dict() == {"ann": "tea"}


def ends_of(n=300, **attributes):
    lines = many(n)
    purchases = purchases_of(lines)
    indexed = loyalty_index(purchases, LoyaltyIndex(), as_of=AS_OF)
    profile = customer_profile(purchases, as_of=AS_OF)
    ids = fetch(indexed.select("customer_id", "segment").order_by("customer_id"))
    own = pd.DataFrame(
        {"customer_id": ids.customer_id, **{k: v(ids) for k, v in attributes.items()}}
    )
    return with_attributes(profile, table_of(own)) if attributes else profile, indexed


def test_ends_are_described():
    profile, indexed = ends_of()
    groups = describe_ends(profile, indexed).groups.set_index("segment")
    assert groups.index.tolist() == ["most_loyal", "between", "least_loyal"]
    assert groups.customers.sum() == 300
    assert groups.orders_mean["most_loyal"] > groups.orders_mean["between"]
    assert groups.spend_share.sum() == pytest.approx(1)


def test_what_sets_the_ends_apart_is_found():
    def north(ids):
        loyal = (ids.segment == "most_loyal").to_numpy()
        return np.where(
            np.random.default_rng(1).random(len(ids)) < 0.27 + 0.4 * loyal, "north", "south"
        )

    profile, indexed = ends_of(region=north)
    found = sets_apart(profile, indexed)
    assert "region" in found.measure[found.distinct].tolist()
    top = found.iloc[0]
    assert top.measure == "region"
    shares = fetch(
        with_attributes(indexed, profile.select("customer_id", "region"))
        .group_by("segment")
        .agg(north=lambda t: (t.region == "north").mean())
    ).set_index("segment")
    sign = 1 if top.level == "north" else -1
    expected = shares.north["most_loyal"] - shares.north["least_loyal"]
    assert sign * (top["mean"] - top.rest_mean) == pytest.approx(expected, abs=1e-5)
    assert np.sign(top.d) == np.sign(top["mean"] - top.rest_mean)
    # 60 customers at either end: 2.80 times the root of 2 / 60.
    assert top.detectable == pytest.approx(2.8016 * (2 / 60) ** 0.5, rel=1e-3)


def test_what_made_the_index_is_not_compared():
    profile, indexed = ends_of(
        tier=lambda ids: np.where(ids.segment == "most_loyal", "top", "rest")
    )
    assert sets_apart(profile, indexed).empty


def test_chance_sets_nobody_apart():
    ends = ["most_loyal", "between", "least_loyal"] * 40
    ids = [f"c{one}" for one in range(120)]
    indexed = table_of(pd.DataFrame({"customer_id": ids, "segment": ends}))
    claims = []
    for seed in range(5):
        values = np.random.default_rng(seed).normal(size=(120, 20))
        profile = pd.DataFrame(values, columns=[f"answer_{one}" for one in range(20)])
        found = sets_apart(table_of(profile.assign(customer_id=ids)), indexed)
        assert len(found) == 20
        claims.append(found.distinct.any())
    assert sum(claims) <= 1  # at most 5 % each: two of five is one in forty


def test_small_ends_are_not_compared():
    profile, indexed = ends_of(45, house=lambda ids: np.arange(len(ids)) % 2 == 0)
    assert sets_apart(profile, indexed).empty  # ends of nine
    assert not describe_ends(profile, indexed).groups.customers.notna().all()


def test_with_word_by_hand():
    frame = {"segment": ["most_loyal", "most_loyal", "least_loyal"], "word": [80.0, None, 10.0]}
    found = with_word(table_of(pd.DataFrame(frame)))
    assert found.to_numpy().tolist() == [
        ["most_loyal", 2, 1],
        ["between", 0, 0],
        ["least_loyal", 1, 1],
    ]
