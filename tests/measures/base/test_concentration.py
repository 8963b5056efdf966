"""Lorenz curve, top share and Gini: by hand, by property, and the coverage of their intervals."""

import math

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regulars.errors import StatisticalDoubt, collect_doubts
from regulars.measures.base.concentration import gini, lorenz_curve, top_share
from regulars.measures.engine import table_of
from regulars.measures.purchases import customer_summary


def spenders(spends):
    ids = [f"c{place:07}" for place in range(len(spends))]
    frame = pd.DataFrame({"customer_id": ids, "spend": spends})
    return table_of(frame).mutate(spend=ibis._.spend.cast("decimal(18, 4)"))


def quietly(measure, spends, **keywords):
    with collect_doubts():
        return measure(spenders(spends), **keywords)


def lorenz_by_numpy(spends, share):
    """Interpolate the cumulated spends of those who spend least."""
    running = np.concatenate([[0], np.cumsum(np.sort(spends))])
    return np.interp(share * len(spends), np.arange(len(running)), running) / running[-1]


def test_five_customers_by_hand():
    # Spends 1 1 2 6 10 of 20: those who spend least bring 1/20, 2/20, 4/20, 10/20, 20/20.
    tens = [spend for spend in [10, 1, 6, 2, 1] for _ in range(10)]
    curve = lorenz_curve(spenders(tens)).set_index("customers_share").spend_share
    assert curve[[0, 0.2, 0.4, 0.6, 0.8, 1]].tolist() == [0, 0.05, 0.1, 0.2, 0.5, 1]
    assert quietly(top_share, [10, 1, 6, 2, 1], share=0.2).value == pytest.approx(0.5)
    assert quietly(top_share, [10, 1, 6, 2, 1], share=0.1).value == pytest.approx(0.25)
    # Gini: (1·1 + 3·1 + 5·2 + 7·6 + 9·10) / (5 · 20) − 1.
    assert quietly(gini, [10, 1, 6, 2, 1]).value == pytest.approx(0.46)


def test_equal_spends_are_not_concentrated_at_all():
    share, index = quietly(top_share, [7] * 30), quietly(gini, [7] * 30)
    assert (share.value, index.value) == pytest.approx((0.1, 0), abs=1e-12)
    assert share.low is share.high is index.low is index.high is None


def test_one_customer_is_no_reason_to_fail():
    assert lorenz_curve(spenders([5])).spend_share.tolist() == [0, 1]
    assert quietly(top_share, [5]).n == 1
    assert quietly(gini, [5]).value == 0


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=60).filter(any),
    st.sampled_from([0.05, 0.1, 0.2, 0.5]),
)
def test_curve_and_share_agree_with_numpy(spends, share):
    curve = lorenz_curve(spenders(spends))
    expected = [lorenz_by_numpy(spends, at) for at in curve.customers_share]
    np.testing.assert_allclose(curve.spend_share, expected, atol=1e-12)
    found = quietly(top_share, spends, share=share)
    assert found.value == pytest.approx(1 - lorenz_by_numpy(spends, 1 - share))
    if found.low is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1
    slopes = np.diff(curve.spend_share) / np.diff(curve.customers_share)
    assert (np.diff(slopes) >= -1e-12).all()  # a Lorenz curve never bends down


def test_large_money_does_not_overflow():
    """Spends of up to 300 million: their squares have more than 18 digits."""
    small, large = ([spend * times for spend in range(1, 301)] for times in (1, 1_000_000))
    for measure in (top_share, gini):
        found, expected = measure(spenders(large)), measure(spenders(small))
        assert (found.value, found.low, found.high) == pytest.approx(
            (expected.value, expected.low, expected.high), rel=1e-6
        )


def test_gini_is_twice_the_area_above_the_curve():
    spends = stats.gamma(0.7).rvs(size=300, random_state=1).round(4)
    points = np.arange(301) / 300
    area = np.trapezoid([lorenz_by_numpy(spends, at) for at in points], points)
    assert gini(spenders(spends)).value == pytest.approx(1 - 2 * area, abs=1e-9)


def test_few_customers_raise_a_doubt():
    for measure in (top_share, gini):
        with pytest.warns(StatisticalDoubt, match=r"With so few customers \(3\)"):
            measure(spenders([1, 2, 3]))


def test_what_is_no_share_is_refused():
    with pytest.raises(ValueError, match="Use .1 for a tenth"):
        top_share(spenders([1, 2]), share=10)
    for measure in (lorenz_curve, top_share, gini):
        with pytest.raises(ValueError, match="withhold them"):
            measure(spenders([5, -5]))


def test_negative_spend_raises_a_doubt():
    with pytest.warns(StatisticalDoubt, match="^Fewer than 10 of 3 customers returned more"):
        lorenz_curve(spenders([9, 3, -2]))


def test_no_step_of_the_curve_is_one_person():
    curve = lorenz_curve(spenders(range(1, 121)))
    assert (curve.customers_share.diff().dropna() * 120 >= 10).all()
    assert len(lorenz_curve(spenders(range(1, 1501)))) == 101


@pytest.mark.parametrize(
    ("population", "share", "index"),
    [
        # Lorenz curves and Gini indices of the distributions, in closed form.
        (
            stats.lognorm(0.8),
            stats.norm.sf(stats.norm.ppf(0.9) - 0.8),
            2 * stats.norm.cdf(0.8 / math.sqrt(2)) - 1,
        ),
        (stats.gamma(1), stats.gamma(2).sf(stats.gamma(1).ppf(0.9)), 0.5),
    ],
    ids=["lognormal", "gamma"],
)
def test_intervals_hold_the_truth_about_as_often_as_they_promise(population, share, index):
    held = np.zeros(2)
    for seed in range(40):
        customers = spenders(population.rvs(size=800, random_state=seed).round(4))
        for place, (measure, truth) in enumerate([(top_share, share), (gini, index)]):
            found = measure(customers)
            held[place] += found.low <= truth <= found.high
    # At a true coverage of .93, 40 draws give 33 or more with a probability of .994.
    assert (held >= 33).all()


@pytest.mark.parametrize("measure", [top_share, gini])
def test_the_interval_is_as_wide_as_the_estimates_scatter(measure):
    draws = stats.lognorm(0.8).rvs(size=(40, 800), random_state=5).round(4)
    found = [measure(spenders(draw)) for draw in draws]
    half_widths = [(estimate.high - estimate.low) / 2 / 1.96 for estimate in found]
    scatter = np.std([estimate.value for estimate in found])
    assert np.mean(half_widths) == pytest.approx(scatter, rel=0.3)


def test_cdnow(cdnow):
    customers = customer_summary(cdnow, as_of="1998-06-30")
    share, index = top_share(customers), gini(customers)
    assert share.n == index.n == 2357
    assert (share.value, share.low, share.high) == pytest.approx((0.5078, 0.4756, 0.5400), abs=5e-5)
    assert (index.value, index.low, index.high) == pytest.approx((0.6309, 0.6070, 0.6548), abs=5e-5)
