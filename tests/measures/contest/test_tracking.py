"""Cumulative tracking: by hand, and on CDNOW against purchases counted another way."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contest.tracking import before_the_cut, by_week, tracking
from regulars.measures.engine import fetch
from regulars.measures.purchase_models.formulas import expected_since_first
from regulars.measures.purchases import purchase_days


def test_weeks_by_hand(shop):
    found = tracking([], shop, calibration_end="1997-02-28", as_of="1997-04-15")
    # Day 1 is 5 January; 14 whole weeks end by 12 April. Repeats: 20 January (ann), 1 and 3 March
    # (cyd, ann), 10 April (dan); fay came after the calibration.
    assert found.week.tolist() == list(range(1, 15))
    assert found.day.iloc[[0, -1]].dt.strftime("%m-%d").tolist() == ["01-11", "04-12"]
    assert found.actual.tolist() == [0, 0] + [1] * 5 + [2] + [3] * 5 + [4]
    assert found.part.tolist() == ["calibration"] * 7 + ["holdout"] * 7


def test_expectations_by_hand(shop, cdnow_fits):
    fitted = cdnow_fits["mbg_nbd"]
    found = tracking([fitted], shop, calibration_end="1997-02-28", as_of="1997-04-15")
    first_days = pd.to_datetime(
        ["1997-01-05", "1997-01-10", "1997-02-01", "1997-02-14", "1997-02-20"]
    )
    for day, expected in zip(found.day, found.mbg_nbd, strict=True):
        ages = np.array([(day - first).days for first in first_days if first < day]) / 7
        by_hand = expected_since_first("mbg_nbd", list(fitted.params.values()), time=ages).sum()
        assert expected == pytest.approx(by_hand)


def test_before_the_first_purchase_there_are_no_weeks(shop, cdnow_fits):
    found = tracking([cdnow_fits["bg_nbd"]], shop, calibration_end="1996-11-30", as_of="1996-12-31")
    assert found.empty
    assert found.columns.tolist() == ["week", "day", "actual", "bg_nbd", "part"]


def test_shuffled_lines_give_the_same(shop, shuffled_shop):
    dates = {"calibration_end": "1997-02-28", "as_of": "1997-04-15"}
    pd.testing.assert_frame_equal(tracking([], shop, **dates), tracking([], shuffled_shop, **dates))


def test_cdnow(cdnow, cdnow_fits):
    found = tracking(
        list(cdnow_fits.values()), cdnow, calibration_end="1997-09-30", as_of="1998-06-30"
    ).set_index("week")
    assert len(found) == 78
    assert found.actual[[39, 78]].tolist() == [2457, 2457 + 1882]
    assert found.day[39] == pd.Timestamp("1997-09-30")
    assert (found.part == "calibration").sum() == 39
    days = fetch(purchase_days(cdnow, as_of="1998-06-30")).sort_values(["customer_id", "day"])
    repeats = days[days.duplicated("customer_id")].day
    assert found.actual.tolist() == [(repeats <= day).sum() for day in found.day]
    # Both fit the calibration closely, and end the holdout a little low (computed here).
    assert found.bg_nbd[[39, 78]].tolist() == pytest.approx([2494.0, 4160.6], abs=0.1)
    assert found.mbg_nbd[[39, 78]].tolist() == pytest.approx([2475.6, 4050.0], abs=0.1)


def test_weeks_alone_add_up(shop, cdnow_fits):
    dates = {"calibration_end": "1997-02-28", "as_of": "1997-04-15"}
    tracked = tracking([cdnow_fits["bg_nbd"]], shop, **dates)
    found = by_week(tracked)
    assert found.actual.tolist() == [0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]
    assert found.bg_nbd.cumsum().tolist() == pytest.approx(tracked.bg_nbd.tolist())
    assert found[["week", "part"]].equals(tracked[["week", "part"]])
    assert by_week(tracked.head(0)).empty


def test_a_peak_before_the_cut_is_seen():
    weeks = np.arange(1, 105)
    expected = 10.0 * weeks
    tracked = pd.DataFrame({"week": weeks, "day": weeks, "bg_nbd": expected, "actual": expected})
    tracked["part"] = np.where(weeks <= 78, "calibration", "holdout")
    tracked.loc[weeks > 70, "actual"] += 3.0 * (weeks[weeks > 70] - 70)
    # What came after the cut is not looked at, nor what came more than eight weeks before it.
    assert before_the_cut(tracked, "bg_nbd") == pytest.approx(0.3)
    assert before_the_cut(tracked, "bg_nbd", weeks=16) == pytest.approx(0.15)
    assert np.isnan(before_the_cut(tracked.tail(60), "bg_nbd"))
    assert np.isnan(before_the_cut(tracked.assign(bg_nbd=0.0), "bg_nbd"))
