"""Segment rates: by hand, groups of what was known before, and no look ahead."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.behaviour.segment_rates import CAME_SINCE, segment_estimates
from regulars.measures.behaviour.segment_rates import segment_rates as rates_of
from regulars.measures.engine import table_of
from regulars.measures.intervals import wilson

SINCE, END = "2020-06-30", "2020-12-31"  # days 181 and 365
PERIOD = {"as_of": END, "since": SINCE, "days": 30}


def segment_rates(purchases, before, now=None, **when):
    """Estimate the rates, nobody having fallen silent if it is not said who did."""
    return rates_of(purchases, before, before if now is None else now, **when)


def before(**sizes: int):
    """Put customers c0, c1, ... into segments of these sizes."""
    names = np.repeat(list(sizes), list(sizes.values()))
    ids = [f"c{place}" for place in range(len(names))]
    return table_of(pd.DataFrame({"customer_id": ids, "segment": names}))


@pytest.fixture
def purchases(lines_of):
    """100 loyal: 40 back after 10 days, 20 after 60. 100 lost: 20 after 10. 50 new: none."""
    who = np.concatenate([np.arange(250), np.arange(40), np.arange(40, 60), np.arange(100, 120)])
    return lines_of(who, np.repeat([200, 210, 260, 210], [250, 40, 20, 20]))


def test_by_hand(purchases):
    found = segment_rates(purchases, before(loyal=100, lost=100), **PERIOD).set_index("segment")
    assert found.customers.to_dict() == {"lost": 100, "loyal": 100, CAME_SINCE: 50}
    assert found.rate.to_dict() == {"lost": 0.2, "loyal": 0.6, CAME_SINCE: 0}
    assert found.share.to_dict() == pytest.approx({"lost": 0.2, "loyal": 0.4, CAME_SINCE: 0})
    ends = wilson(60, 100)
    assert tuple(found.loc["loyal", ["rate_low", "rate_high"]]) == (ends.low, ends.high)


def test_who_did_not_buy_in_the_period_does_not_count(purchases):
    found = segment_rates(purchases, before(loyal=100, lost=150, gone=400), **PERIOD)
    assert "gone" not in found.segment.tolist()
    assert found.customers.sum() == 250


def test_purchases_before_and_after_the_period_change_nothing(purchases, lines_of):
    others = lines_of(np.tile(np.arange(250), 2), np.repeat([100, 366], 250))
    segments = before(loyal=100, lost=100)
    pd.testing.assert_frame_equal(
        segment_rates(purchases, segments, **PERIOD),
        segment_rates(purchases.union(others), segments, **PERIOD),
    )


def test_a_small_segment_is_hidden_with_another_and_both_stand_last(purchases):
    found = segment_rates(purchases, before(loyal=100, lost=96, few=4), **PERIOD)
    assert found.hidden.iloc[-2:].all()
    assert found.customers.isna().sum() == 2
    assert "few" in found.segment[found.hidden].tolist()
    hidden = found[found.customers.isna()]
    assert hidden[["rate", "rate_low", "rate_high", "share", "low"]].isna().all(axis=None)


def test_a_split_that_tells_of_few_hides_the_share_alone(lines_of):
    who = np.concatenate([np.arange(200), np.arange(40), np.arange(40, 43), np.arange(100, 130)])
    days = np.repeat([200, 210, 260, 210], [200, 40, 3, 30])
    found = segment_rates(lines_of(who, days), before(loyal=100, lost=100), **PERIOD)
    found = found.set_index("segment")
    assert found.rate.to_dict() == {"lost": 0.3, "loyal": 0.43}
    assert found.hidden.to_dict() == {"lost": False, "loyal": True}
    assert np.isnan(found.share["loyal"])


def test_estimates_carry_intervals_and_n_and_are_none_where_hidden(lines_of):
    who = np.concatenate([np.arange(200), np.arange(40), np.arange(40, 43), np.arange(100, 130)])
    days = np.repeat([200, 210, 260, 210], [200, 40, 3, 30])
    found = segment_rates(lines_of(who, days), before(loyal=100, lost=100), **PERIOD)
    told = {name: (rate, soon) for name, rate, soon in segment_estimates(found)}
    assert told["loyal"] == (wilson(43, 100), None)
    assert told["lost"][0] == wilson(30, 100)
    assert (told["lost"][1].value, told["lost"][1].n) == (pytest.approx(0.3), 100)


def test_nobody_bought_in_the_period(lines_of):
    purchases = lines_of(np.arange(20), np.zeros(20, int))
    found = segment_rates(purchases, before(loyal=20), **PERIOD)
    assert found.empty
    assert found.columns.tolist()[-1] == "hidden"
