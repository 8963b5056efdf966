"""Repeat rates: by hand, against lifelines, and the trap that the k-th buyers are selected."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from regulars.measures.behaviour.repeats import MOST_PURCHASES, repeat_rates
from regulars.measures.engine import fetch
from regulars.measures.repurchase import waits

END = "2020-12-31"  # day 365


def test_by_hand(lines_of):
    # 100 buy on day 0; 60 again on day 10, 40 of these again on day 30: none has a fourth day.
    who = np.concatenate([np.arange(100), np.arange(60), np.arange(40)])
    purchases = lines_of(who, np.repeat([0, 10, 30], [100, 60, 40]))
    found = repeat_rates(purchases, as_of=END, days=20)
    assert found[["purchase", "customers"]].to_numpy().tolist() == [[1, 100], [2, 60], [3, 40]]
    assert found.rate.to_numpy() == pytest.approx([0.6, 2 / 3, 0])
    assert found.low[0] < 0.6 < found.high[0]
    assert found.loc[2, ["low", "high"]].isna().all()
    # The third day comes after 20 days: within 19 nobody has come.
    assert repeat_rates(purchases, as_of=END, days=19).rate[1] == 0


def test_customers_who_came_late_count_fairly(lines_of):
    """All come back after 1 to 100 days; half of them began only 50 days before the end."""
    who = np.arange(2000)
    first = np.where(who % 2, 0, 315)
    wait = 1 + np.random.default_rng(2).integers(0, 100, 2000)
    days = np.concatenate([first, first + wait])
    found = repeat_rates(lines_of(np.tile(who, 2), days), as_of=END, days=80)
    assert found.low[0] < 0.8 < found.high[0]
    seen = (wait <= 80) & (first + wait <= 365)
    assert seen.mean() < found.low[0]  # the plain share holds their youth against them


def test_it_agrees_with_lifelines_on_each_row(gamma_buyers):
    purchases = gamma_buyers(1, customers=400, mean=40, seed=3, days=300)
    found = repeat_rates(purchases, as_of="2020-10-26", days=45)
    every = fetch(waits(purchases, as_of="2020-10-26"))
    assert len(found) >= 4
    for row in found.itertuples():
        kth = every[every.purchase == row.purchase]
        fitted = KaplanMeierFitter().fit(kth.days, kth.observed)
        assert row.customers == len(kth)
        assert row.rate == pytest.approx(1 - fitted.predict(45), abs=1e-12)


def test_rates_rise_though_no_purchase_changes_anybody(lines_of):
    """Every customer buys at one rate for ever: that the k-th buyers come back is selection."""
    random = np.random.default_rng(1)
    rate = random.gamma(0.5, 1 / 40, 3000)
    bought = random.random((3000, 366)) < rate[:, None]
    bought[:, 0] = True
    found = repeat_rates(lines_of(*np.nonzero(bought)), as_of=END, days=60)
    assert found.rate[4] > found.high[0] + 0.1
    assert found.rate[:5].is_monotonic_increasing


def test_it_ends_before_few_are_left(lines_of):
    sizes = [200, 100, 50, 31, 29]
    who = np.concatenate([np.arange(size) for size in sizes])
    days = np.repeat(np.arange(len(sizes)) * 20, sizes)
    found = repeat_rates(lines_of(who, days), as_of=END, days=10)
    assert found.purchase.tolist() == [1, 2, 3, 4]


def test_it_ends_before_a_step_tells_of_few(lines_of):
    sizes = [200, 100, 95, 60]  # five customers bought on exactly two days
    who = np.concatenate([np.arange(size) for size in sizes])
    days = np.repeat(np.arange(len(sizes)) * 20, sizes)
    found = repeat_rates(lines_of(who, days), as_of=END, days=10)
    assert found.customers.tolist() == [200, 100]


def test_a_rate_that_tells_of_few_is_hidden(lines_of):
    sizes = [100, 5]
    who = np.concatenate([np.arange(size) for size in sizes])
    found = repeat_rates(lines_of(who, np.repeat([0, 20], sizes)), as_of=END, days=30)
    assert found.hidden.tolist() == [True]
    assert found[["customers", "rate", "low", "high"]].isna().all(axis=None)


def test_nobody_watched_so_long_leaves_no_rows(lines_of):
    found = repeat_rates(lines_of(np.arange(100), np.full(100, 360)), as_of=END, days=30)
    assert found.empty
    assert found.columns.tolist() == ["purchase", "customers", "rate", "low", "high", "hidden"]


def test_no_more_rows_than_a_table_holds(lines_of):
    who, which = np.divmod(np.arange(60 * 20), 20)
    found = repeat_rates(lines_of(who, 10 * which), as_of=END, days=5)
    assert found.purchase.max() == MOST_PURCHASES


def test_a_horizon_of_no_day_is_refused(lines_of):
    with pytest.raises(ValueError, match="at least a day, found 0"):
        repeat_rates(lines_of(np.arange(9), np.zeros(9, int)), as_of=END, days=0)


def test_cdnow(cdnow):
    found = repeat_rates(cdnow, as_of="1998-06-30", days=90)
    assert found.customers[:2].tolist() == [2357, 1139]
    # Nobody is younger than 90 days, so the first is the plain share.
    assert found.rate[0] == pytest.approx(687 / 2357)
