"""Waiting by the first purchase: by hand, against lifelines, false alarms, and what is hidden."""

import warnings

import numpy as np
import pandas as pd
import pytest
from lifelines.statistics import multivariate_logrank_test
from pandas.errors import Pandas4Warning
from scipy import stats

from regulars.errors import ParameterError
from regulars.measures.behaviour.waiting import (
    NO_CAMPAIGN,
    waiting_counts,
    waiting_curves,
    waiting_groups,
    waiting_tests,
)

END = "2020-12-31"  # day 365


def drawn(random, means: dict[str, float], *, customers: int) -> pd.DataFrame:
    """Exponential waits, watched for 100 to 300 days."""
    names = np.array(list(means))[random.integers(0, len(means), customers)]
    wait = np.ceil(random.exponential([means[name] for name in names])).astype(int)
    watched = random.integers(100, 300, customers)
    rows = pd.DataFrame(
        {"group": names, "days": np.minimum(wait, watched), "observed": wait <= watched}
    )
    return rows.groupby(["group", "days", "observed"]).size().rename("customers").reset_index()


def test_counts_by_hand(lines_of):
    purchases = lines_of(
        np.array([0, 0, 1, 1, 2, 3]),
        np.array([0, 10, 0, 20, 300, 305]),
        channel=["web", "app", "web", None, "app", None],
    )
    found = waiting_counts(purchases, as_of=END, by="channel")
    assert found.to_numpy().tolist() == [
        ["app", 65, False, 1],
        ["web", 10, True, 1],
        ["web", 20, True, 1],
    ]


def test_without_a_campaign_is_a_group_where_any_customer_has_one(lines_of):
    who, days = np.arange(4), np.zeros(4, int)
    some = lines_of(who, days, campaign_id=["K1", None, None, None])
    found = waiting_counts(some, as_of=END, by="campaign_id").set_index("group").customers
    assert found.to_dict() == {"K1": 1, NO_CAMPAIGN: 3}
    none = lines_of(who, days, campaign_id=[None] * 4)
    assert waiting_counts(none, as_of=END, by="campaign_id").empty


def test_only_what_a_first_purchase_has_can_be_asked(lines_of):
    purchases = lines_of(np.arange(2), np.zeros(2, int))
    with pytest.raises(ParameterError, match="channel, category, campaign_id, region, found 'age'"):
        waiting_counts(purchases, as_of=END, by="age")
    assert waiting_counts(purchases, as_of=END, by="channel").empty


def test_known_shares_are_found():
    means = {"app": 60, "web": 120}
    counts = drawn(np.random.default_rng(1), means, customers=3000)
    found = waiting_groups(counts, days=60).set_index("group")
    for name, mean in means.items():
        # Whole days, rounded up: within 60 days is exactly within 60.
        assert found.low[name] < 1 - np.exp(-60 / mean) < found.high[name]
        assert found.median_days[name] == pytest.approx(mean * np.log(2), rel=0.1)


def test_the_test_agrees_with_lifelines_and_is_corrected():
    random = np.random.default_rng(5)
    counts = {
        "channel": drawn(random, {"app": 30, "web": 40, "store": 50}, customers=400),
        "category": drawn(random, {"toys": 40, "books": 40}, customers=400),
    }
    found = waiting_tests(counts, days=60).set_index("attribute")
    for name, every in counts.items():
        rows = every.loc[every.index.repeat(every.customers)]
        with warnings.catch_warnings():
            # lifelines calls pandas in a way that pandas 4 will refuse.
            warnings.simplefilter("ignore", Pandas4Warning)
            other = multivariate_logrank_test(rows.days, rows.group, rows.observed)
        assert found.statistic[name] == pytest.approx(other.test_statistic)
        assert found.p[name] == pytest.approx(other.p_value)
    smaller, larger = sorted(found.p)
    expected = {smaller: 2 * smaller, larger: max(larger, 2 * smaller)}
    assert found.p_holm.tolist() == pytest.approx([min(1, expected[p]) for p in found.p])
    assert found.differs.tolist() == [True, False]


def test_false_alarms_stay_rare():
    """Three attributes that mean nothing: at most one in twenty bases claims any of them."""
    random, alarms = np.random.default_rng(7), 0
    for _ in range(20):
        counts = {
            name: drawn(random, dict.fromkeys("abc"[:groups], 50), customers=200)
            for name, groups in (("channel", 3), ("category", 3), ("campaign_id", 2))
        }
        alarms += waiting_tests(counts, days=60).differs.any()
    assert alarms <= 4  # more happen in one of a hundred such tests, at 5 %


def test_the_smallest_difference_is_that_of_80_percent_power():
    """Where it is the true one, an interval of the difference leaves zero out four times in five."""
    counts = drawn(np.random.default_rng(8), {"a": 60, "b": 60}, customers=2000)
    found = waiting_tests({"channel": counts}, days=60).detectable[0]
    groups = waiting_groups(counts, days=60)
    error = np.hypot(*(groups.high - groups.low) / (2 * stats.norm.ppf(0.975)))
    assert stats.norm.cdf(found / error - stats.norm.ppf(0.975)) == pytest.approx(0.8, abs=0.02)


def test_the_smallest_difference_grows_with_the_number_of_tests_really_made():
    random = np.random.default_rng(9)
    counts = drawn(random, {"a": 60, "b": 60}, customers=2000)
    single = drawn(random, {"a": 60}, customers=200)
    alone = waiting_tests({"channel": counts, "category": single}, days=60)
    three = waiting_tests(dict.fromkeys(("channel", "category", "campaign_id"), counts), days=60)
    assert alone.attribute.tolist() == ["channel"]
    assert alone.p_holm[0] == alone.p[0]
    power = stats.norm.ppf(0.8)
    usual, stricter = (stats.norm.ppf(1 - 0.025 / tests) + power for tests in (1, 3))
    assert three.detectable[0] / alone.detectable[0] == pytest.approx(stricter / usual)


def test_small_groups_are_hidden_stand_last_and_are_not_tested():
    counts = pd.DataFrame(
        {
            "group": ["app", "app", "app", "fax", "web", "web", "web"],
            "days": [5, 60, 200, 200, 5, 60, 200],
            "observed": [True, True, False, False, True, True, False],
            "customers": [40, 30, 60, 4, 50, 30, 90],
        }
    )
    groups = waiting_groups(counts, days=30)
    # Which of the others is hidden with it does not matter; one has to be.
    assert groups.hidden.tolist() == [False, True, True]
    assert "fax" in groups.group[groups.hidden].tolist()
    assert groups.loc[groups.hidden, ["customers", "share", "median_days"]].isna().all(axis=None)
    assert waiting_tests({"channel": counts}, days=30).groups.tolist() == [2]
    curves = waiting_curves(counts, groups)
    assert set(curves.group) == set(groups.group[~groups.hidden])


def test_the_largest_four_are_drawn_as_far_as_ten_are_watched():
    counts = pd.concat(
        [
            pd.DataFrame({"group": name, "days": [5, 60, 80, 200], "customers": [40, 30, size, 5]})
            for name, size in zip("abcde", (50, 90, 70, 60, 80), strict=True)
        ]
    ).assign(observed=lambda rows: rows.days < 70)
    groups = waiting_groups(counts, days=30)
    curves = waiting_curves(counts, groups)
    assert curves.group.unique().tolist() == ["b", "e", "c", "d"]
    assert curves.at_risk.min() >= 10
    assert curves.day.max() == 80


def test_one_group_is_nothing_to_compare():
    counts = drawn(np.random.default_rng(1), {"web": 30}, customers=100)
    assert waiting_tests({"channel": counts}, days=30).empty


def test_nobody_known_leaves_no_rows():
    counts = pd.DataFrame(columns=["group", "days", "observed", "customers"])
    groups = waiting_groups(counts, days=30)
    assert groups.empty
    assert waiting_curves(counts, groups).empty
    assert waiting_tests({"channel": counts}, days=30).empty
