"""Kaplan-Meier and log-rank on counts: the leukaemia data everybody knows, and raw rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.statistics import multivariate_logrank_test
from scipy import stats

from regulars.measures.survival import kaplan_meier, kaplan_meier_by, log_rank

# Weeks to relapse under 6-MP, Freireich et al. 1963.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
CONTROL = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def counted(events, censored):
    rows = [(day, True) for day in events] + [(day, False) for day in censored]
    frame = pd.DataFrame(rows, columns=["days", "observed"])
    return frame.groupby(["days", "observed"]).size().rename("customers").reset_index()


def arms():
    """Both arms of Freireich's trial, counted."""
    treated = counted(RELAPSED, CENSORED).assign(arm="6-MP")
    return pd.concat([treated, counted(CONTROL, []).assign(arm="control")], ignore_index=True)


def drawn(seed, customers=300):
    """Draw customers of three groups in two strata, some watched to the end and some not."""
    random = np.random.default_rng(seed)
    stratum = random.integers(0, 2, customers)
    group = np.where(random.random(customers) < 0.3 + 0.3 * stratum, "a", "b")
    group = np.where(random.random(customers) < 0.2, "c", group)
    wait = random.exponential(np.where(stratum == 1, 20, 60)).astype(int) + 1
    seen = random.integers(5, 60, customers)
    frame = {"group": group, "stratum": stratum, "days": np.minimum(wait, seen)}
    return pd.DataFrame({**frame, "observed": wait <= seen, "customers": 1})


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


def test_freireich_1963_two_arms():
    found = log_rank(arms(), by="arm")
    assert round(found.statistic, 2) == 16.79
    assert (found.degrees, round(found.excess["control"], 2)) == (1, 10.25)
    assert found.p == pytest.approx(stats.chi2.sf(16.793, 1), rel=1e-3)
    curves = kaplan_meier_by(arms(), by="arm")
    half = curves[curves.share >= 0.5].groupby("arm").day.min()
    assert half.to_dict() == {"6-MP": 23, "control": 8}
    alone = kaplan_meier(counted(CONTROL, []))
    pd.testing.assert_frame_equal(
        curves[curves.arm == "control"].drop(columns="arm").reset_index(drop=True), alone
    )


# lifelines calls pandas in a way that pandas 4 will refuse.
@pytest.mark.filterwarnings("ignore:Starting with pandas version 4.0:DeprecationWarning")
@pytest.mark.parametrize("seed", range(5))
def test_log_rank_agrees_with_lifelines_on_raw_rows(seed):
    rows = drawn(seed)
    theirs = multivariate_logrank_test(rows.days, rows.group, rows.observed)
    by = ["group", "days", "observed"]
    ours = log_rank(rows.groupby(by).customers.sum().reset_index(), by="group")
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert (ours.degrees, ours.p) == (2, pytest.approx(theirs.p_value, rel=1e-9))
    assert sum(ours.excess.values()) == pytest.approx(0, abs=1e-9)


def test_strata_take_out_what_differed_before():
    # Group a stands mostly in the quick stratum, and within a stratum the groups are alike.
    rows = drawn(1, customers=4000).query("group != 'c'")
    assert log_rank(rows, by="group").p < 1e-6
    assert log_rank(rows, by="group", strata="stratum").p > 0.05
    one = rows[rows.stratum == 1]
    assert log_rank(one, by="group", strata="stratum") == log_rank(one, by="group")


def test_log_rank_false_alarms():
    random = np.random.default_rng(3)
    ps = []
    for seed in range(100):
        rows = drawn(seed, customers=100)
        ps.append(log_rank(rows.assign(group=random.permutation(rows.group)), by="group").p)
    assert 0.01 < np.mean(np.array(ps) < 0.05) < 0.1


def test_one_group_or_nothing_that_happened_cannot_be_compared():
    alone = log_rank(counted(RELAPSED, CENSORED).assign(arm="6-MP"), by="arm")
    assert (alone.statistic, alone.degrees, alone.p) == (0, 0, 1)
    nothing = counted([], [3, 4]).assign(arm=["a", "b"])
    assert log_rank(nothing, by="arm").p == 1
    assert kaplan_meier_by(nothing.head(0), by="arm").columns[0] == "arm"
