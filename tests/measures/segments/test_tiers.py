"""Value tiers: by hand, by property, with ties."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.tiers import (
    ABC,
    PYRAMID,
    places_within,
    tier_summary,
    value_by,
    value_tiers,
)
from regulars.parameters.segments import Tiers


def people(values):
    """Make customers of their spend."""
    ids = [f"c{place:03}" for place in range(len(values))]
    return pd.DataFrame({"customer_id": ids, "spend": [Decimal(str(value)) for value in values]})


def tiers_of(values, tiers=None):
    tiered = value_tiers(table_of(people(values)), tiers or Tiers())
    return fetch(tiered.order_by("customer_id"))


def by_walking(values, tiers):
    """Walk down the sorted customers one by one: the rule in plain Python, exact."""
    values = [Decimal(str(value)) for value in values]
    total = sum(value for value in values if value > 0)
    ends = [Decimal(str(share)) * total for share in (tiers.a_until, tiers.b_until)]
    found = {}
    for value in sorted(set(values), reverse=True):
        above = sum(one for one in values if one > value)
        better = sum(one > value for one in values)
        abc = next((name for name, end in zip(ABC, ends, strict=False) if above < end), "C")
        shares = np.cumsum([Decimal(str(share)) for share in tiers.pyramid])
        level = next(
            (n for n, s in zip(PYRAMID, shares, strict=False) if better < s * len(values)), "rest"
        )
        found[value] = (abc, level) if value > 0 else ("C", "rest")
    return [found[value] for value in values]


def test_classes_by_hand():
    # 100 in all. 70 stand above the two who bring 10, 90 above the 5, and 95 above the 3.
    found = tiers_of([50, 20, 10, 10, 5, 3, 2])
    assert found.abc.tolist() == ["A", "A", "A", "A", "B", "C", "C"]


def test_whose_value_first_reaches_the_share_is_still_in_the_class():
    assert tiers_of([79, 2, 14, 5]).abc.tolist() == ["A", "C", "A", "B"]
    assert tiers_of([80, 15, 5]).abc.tolist() == ["A", "B", "C"]  # .8 is reached by the first


def test_the_pyramid_by_hand():
    found = tiers_of(range(200, 0, -1))
    assert found.pyramid.value_counts().to_dict() == {
        "top": 2,
        "second": 8,
        "third": 30,
        "rest": 160,
    }
    assert found.pyramid[:10].tolist() == ["top"] * 2 + ["second"] * 8


def test_equal_customers_go_where_the_first_of_them_goes():
    found = tiers_of([9] * 3 + [8] * 30 + [1] * 67)
    assert found.groupby("spend")[["abc", "pyramid"]].nunique().eq(1).all(axis=None)
    assert found.pyramid[:3].tolist() == ["top"] * 3  # the top 1 % would be one of them
    assert found.pyramid[3:33].tolist() == ["second"] * 30


def test_who_brings_nothing_is_last_whatever_the_others_bring():
    found = tiers_of([0, -5, 10, 0])
    assert found.abc.tolist() == ["C", "C", "A", "C"]
    assert found.pyramid.tolist() == ["rest", "rest", "top", "rest"]
    assert set(tiers_of([0, 0, -1]).abc) == {"C"}


money = st.decimals(-20, 60, places=2)
bases = st.lists(st.one_of(money, st.sampled_from([5, 5, 10, 0])), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(bases, st.sampled_from([(0.8, 0.95), (0.1, 0.2), (0.5, 0.9999)]))
def test_the_engine_walks_as_one_would_by_hand(values, ends):
    tiers = Tiers(a_until=ends[0], b_until=ends[1], pyramid=[0.1, 0.2, 0.3])
    found = tiers_of(values, tiers)
    assert list(zip(found.abc, found.pyramid, strict=True)) == by_walking(values, tiers)


@pytest.mark.parametrize(
    "values",
    [[7], [5, 4, 3, 2, 1], [3] * 12, [5] * 80 + list(range(6, 26)), [0] * 4, [-1, 0, 2]],
    ids=["one", "five", "all equal", "80 % bought once", "nothing", "a loss"],
)
@pytest.mark.parametrize("tier", ["abc", "pyramid"])
def test_every_customer_has_exactly_one_tier(values, tier):
    tiered = value_tiers(table_of(people(values)), Tiers())
    found = fetch(tiered)
    assert sorted(found.customer_id) == people(values).customer_id.tolist()
    assert found[tier].isin({"abc": ABC, "pyramid": PYRAMID}[tier]).all()
    summary = tier_summary(tiered, Tiers(), tier=tier)
    assert summary.customers.sum() == len(values)
    assert summary.customers_share.sum() == pytest.approx(1)
    assert summary.spend.sum() == sum(values)


def test_nobody_is_no_reason_to_fail():
    tiered = value_tiers(table_of(people([1]).astype({"spend": float}).iloc[:0]), Tiers())
    summary = tier_summary(tiered, Tiers())
    assert summary.customers.tolist() == [0, 0, 0]
    assert summary.spend_share.isna().all()


def test_a_summary_adds_up_and_says_nothing_it_does_not_know():
    frame = people([70, 20, 9, 1]).assign(margin=[7, 2, None, 1], predicted_spend=[4, 3, 2, 1])
    tiered = value_tiers(table_of(frame), Tiers())
    summary = tier_summary(tiered, Tiers(), tier="pyramid")
    assert summary.label.tolist() == ["Top 1\u00a0%", "Next 4\u00a0%", "Next 15\u00a0%", "Rest"]
    assert summary.margin.isna().all()
    assert summary.share_of_margin.isna().all()
    assert summary.predicted_share.tolist() == [0.4, 0, 0, 0.6]


def test_value_is_margin_only_where_that_of_everybody_is_known():
    frame = people([5, 3])
    assert value_by(table_of(frame)) == "spend"
    assert value_by(table_of(frame.assign(margin=[1.0, 2.0]))) == "margin"
    assert value_by(table_of(frame.assign(margin=[1.0, None]))) == "spend"


@pytest.mark.parametrize(
    ("share", "n", "places"), [(0.2, 5, 1), (0.07, 100, 7), (0.2, 0, 0), (0.15, 7, 2)]
)
def test_places_are_counted_exactly(share, n, places):
    assert places_within(share, n) == places
