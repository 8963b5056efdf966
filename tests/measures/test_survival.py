"""Kaplan-Meier on counts: the leukaemia data everybody knows, and raw rows against counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.measures.survival import kaplan_meier

# Weeks to relapse under 6-MP, Freireich et al. 1963.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def counted(events, censored):
    rows = [(day, True) for day in events] + [(day, False) for day in censored]
    frame = pd.DataFrame(rows, columns=["days", "observed"])
    return frame.groupby(["days", "observed"]).size().rename("customers").reset_index()


def test_freireich_1963():
    curve = kaplan_meier(counted(RELAPSED, CENSORED)).set_index("day")
    survival = (1 - curve.share)[[6, 7, 10, 13, 16, 22, 23]]
    assert survival.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.at_risk[[0, 6, 7, 10, 13, 16, 22, 23]].tolist() == [21, 21, 17, 15, 12, 11, 7, 6]
    # The log(-log) band at week 6 by hand: Greenwood's sum is 3 / (21 · 18).
    spread = np.exp(1.959964 * np.sqrt(3 / (21 * 18)) / -np.log(0.857143))
    assert curve.low[6] == pytest.approx(1 - 0.857143 ** (1 / spread), abs=1e-5)
    assert curve.high[6] == pytest.approx(1 - 0.857143**spread, abs=1e-5)


def test_without_censoring_it_is_the_plain_share():
    curve = kaplan_meier(counted([1, 2, 2, 5], []))
    assert curve.share.tolist() == pytest.approx([0, 0.25, 0.75, 0.75, 0.75, 1])


def test_who_is_censored_on_a_day_was_still_at_risk_on_it():
    curve = kaplan_meier(counted([3], [3]))
    assert curve.share.iloc[-1] == pytest.approx(0.5)


def test_who_came_on_the_last_day_is_there_but_says_nothing():
    curve = kaplan_meier(counted([], [0, 0]))
    assert (curve.share.tolist(), curve.at_risk.tolist()) == ([0], [2])


def test_nobody_is_refused():
    with pytest.raises(ValueError, match="withhold the curve"):
        kaplan_meier(counted([], []))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 30), max_size=15),
    st.lists(st.integers(0, 30), min_size=1, max_size=15),
    st.integers(2, 1000),
)
def test_survival_never_rises_and_weights_only_narrow_the_band(events, censored, times):
    counts = counted(events, censored)
    one, many = (
        kaplan_meier(counts),
        kaplan_meier(counts.assign(customers=counts.customers * times)),
    )
    assert (np.diff(one.share) >= -1e-12).all()
    assert (np.diff(one.at_risk) <= 0).all()
    np.testing.assert_allclose(one.share, many.share, atol=1e-9)
    inside = one.share.between(1e-9, 1 - 1e-9)
    assert ((one.low <= one.share + 1e-12) & (one.share <= one.high + 1e-12))[inside].all()
    assert (one.high - one.low >= many.high - many.low - 1e-12)[inside].all()
