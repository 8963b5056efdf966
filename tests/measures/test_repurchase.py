"""Repurchase: by hand, by property, against known waiting times, and on CDNOW."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from regulars.errors import StatisticalDoubt
from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.repurchase import (
    gaps_between_purchases,
    median_days_to_second,
    repurchase_curve,
    repurchase_rate,
    repurchase_within,
    waits,
)

AS_OF = "1997-04-15"


def test_rate_by_hand(shop):
    # ann, cyd and dan of six came back; fay's return is no purchase, gus never bought.
    found = repurchase_rate(shop, start="1997-01-01", end=AS_OF)
    assert (found.value, found.n) == (0.5, 6)


def test_rate_counts_only_purchase_days_inside_the_window(shop):
    assert repurchase_rate(shop, start="1997-02-01", end="1997-02-28").value == 0
    march = repurchase_rate(shop, start="1997-03-01", end=AS_OF)
    assert (march.value, march.n) == (0, 4)  # ann, cyd, fay, dan: once each


def test_a_window_nobody_bought_in_has_no_rate(shop):
    with pytest.raises(ValueError, match="Nobody bought from 1996-01-01 to 1996-12-31: withhold"):
        repurchase_rate(shop, start="1996-01-01", end="1996-12-31")


def test_curve_by_hand(shop):
    curve = repurchase_curve(shop, as_of=AS_OF).set_index("day")
    # Back after 15, 28, 55 days; bob, eve, fay watched for 95, 54, 16 days without.
    assert curve.share[[0, 14, 15, 27, 28, 54, 55, 95]].tolist() == pytest.approx(
        [0, 0, 1 / 6, 1 / 6, 3 / 8, 3 / 8, 11 / 16, 11 / 16]
    )
    assert curve.at_risk[[0, 16, 17, 28, 29, 54, 55, 56]].tolist() == [6, 5, 4, 4, 3, 3, 2, 1]
    assert len(curve) == 96
    assert median_days_to_second(curve.reset_index()) == 55


def test_waits_by_hand(shop):
    found = fetch(waits(shop, as_of=AS_OF).order_by(["customer_id", "purchase"]))
    ann = found[found.customer_id == "ann"]
    assert ann[["purchase", "days", "observed"]].to_numpy().tolist() == [
        [1, 15, True],
        [2, 42, True],
        [3, 43, False],
    ]
    assert found.groupby("customer_id").purchase.max().tolist() == [3, 1, 2, 2, 1, 1]


def test_gaps_by_hand(shop):
    found = gaps_between_purchases(shop, as_of=AS_OF)
    assert found.to_numpy().tolist() == [[15, 1], [28, 1], [42, 1], [55, 1]]


def test_two_orders_on_one_day_make_no_gap_of_zero_days(shop):
    assert gaps_between_purchases(shop, as_of="1997-01-12").empty


def test_within_reads_the_curve_and_doubts_few(shop):
    curve = repurchase_curve(shop, as_of=AS_OF)
    with pytest.warns(StatisticalDoubt, match="Only 4 customers were still waiting"):
        found = repurchase_within(curve, days=28)
    assert found.value == pytest.approx(0.375)
    assert found.n == 6
    assert found.low < 0.375 < found.high


def test_what_nobody_was_observed_for_is_refused(shop):
    curve = repurchase_curve(shop, as_of=AS_OF)
    for days in (96, -1):
        with pytest.raises(ValueError, match=r"\(the longest: 95\): withhold"):
            repurchase_within(curve, days=days)


def test_a_share_of_zero_has_no_interval():
    lines = [(f"c{place}", "1997-01-01", 5) for place in range(40)]
    curve = repurchase_curve(purchases_of(lines), as_of="1997-02-01")
    found = repurchase_within(curve, days=31)
    assert (found.value, found.low, found.high, found.n) == (0, None, None, 40)


def test_the_median_is_missing_until_half_came_back(shop):
    assert median_days_to_second(repurchase_curve(shop, as_of="1997-03-31")) is None


def test_before_the_first_purchase_there_is_no_curve(shop):
    with pytest.raises(ValueError, match="withhold the curve"):
        repurchase_curve(shop, as_of="1996-12-31")


def test_shuffled_lines_give_the_same(shop, shuffled_shop):
    pd.testing.assert_frame_equal(
        repurchase_curve(shop, as_of=AS_OF), repurchase_curve(shuffled_shop, as_of=AS_OF)
    )
    pd.testing.assert_frame_equal(
        gaps_between_purchases(shop, as_of=AS_OF),
        gaps_between_purchases(shuffled_shop, as_of=AS_OF),
    )


def test_known_waiting_times_are_found_though_half_the_customers_are_young():
    """Everybody comes back, after 50 days on average; customers arrive over 100 days."""
    random = np.random.default_rng(11)
    start, end = dt.date(1997, 1, 1), dt.date(1997, 4, 11)
    lines = []
    for place in range(1500):
        first = start + dt.timedelta(days=int(random.integers(0, 100)))
        second = first + dt.timedelta(days=1 + int(random.exponential(50)))
        lines += [(f"c{place}", day, 1) for day in (first, second)]
    curve = repurchase_curve(purchases_of(lines), as_of=end)
    for days in (20, 40, 60):
        found = repurchase_within(curve, days=days)
        assert found.low <= 1 - np.exp(-days / 50) <= found.high
    plain = repurchase_rate(purchases_of(lines), start=start, end=end)
    assert plain.high < 1 - np.exp(-1)  # the plain share holds their youth against them


def test_cdnow(cdnow):
    whole = repurchase_rate(cdnow, start="1997-01-01", end="1998-06-30")
    assert (round(whole.value * whole.n), whole.n, round(whole.value, 4)) == (1139, 2357, 0.4832)
    assert (whole.low, whole.high) == pytest.approx((0.4631, 0.5034), abs=5e-5)
    calibration = repurchase_rate(cdnow, start="1997-01-01", end="1997-09-30")
    assert round(calibration.value * calibration.n) == 946
    curve = repurchase_curve(cdnow, as_of="1998-06-30")
    assert curve.at_risk[0] == 2357
    within = repurchase_within(curve, days=90)
    # Nobody is younger than 90 days, so it is the plain share.
    assert within.value == pytest.approx(687 / 2357)
    assert gaps_between_purchases(cdnow, as_of="1998-06-30").gaps.sum() == 2457 + 1882
