"""Two samples: published differences, other packages, and how often chance raises an alarm."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, power_proportions_2indep

from regulars.measures.intervals import mover, newcombe, newcombe_bounds, wilson
from regulars.measures.surveys.detectable import detectable_mean, detectable_nps, detectable_share
from regulars.measures.surveys.two_samples import mean_difference, nps_difference, share_difference

NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


def shares(top, n):
    return pd.DataFrame({"top": np.atleast_1d(top)}).assign(n=n)


def sums(values):
    """The sums of surveys, one a row."""
    values = np.atleast_2d(values)
    return pd.DataFrame(
        {"n": values.shape[1], "total": values.sum(axis=1), "squares": (values**2).sum(axis=1)}
    )


def bands(drawn):
    return pd.DataFrame({"n": drawn.sum(axis=1), "top": drawn[:, 0], "bottom": drawn[:, 2]})


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
@pytest.mark.parametrize(("one", "other", "low", "high"), NEWCOMBE)
def test_differences_of_shares_are_the_published_ones(one, other, low, high):
    found = newcombe(one, other)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.value == pytest.approx(one[0] / one[1] - other[0] / other[1])
    assert found.n == one[1] + other[1]
    ends = confint_proportions_2indep(*one, *other, method="newcomb")
    assert (found.low, found.high) == pytest.approx(ends)


def test_a_difference_of_nobody_is_refused():
    with pytest.raises(ValueError, match="withhold it"):
        newcombe((0, 0), (3, 10))


def test_turning_a_difference_round_turns_its_interval_round():
    low, high = newcombe_bounds(([5, 9], [20, 10]), ([3, 0], [30, 7]))
    turned = newcombe_bounds(([3, 0], [30, 7]), ([5, 9], [20, 10]))
    assert low == pytest.approx(-turned[1])
    assert high == pytest.approx(-turned[0])


def test_newcombe_is_mover_of_two_wilson_intervals():
    one, other = wilson(56, 70), wilson(48, 80)
    ends = mover((one.value, one.low, one.high), (other.value, other.low, other.high))
    assert [float(end) for end in ends] == pytest.approx([0.0524, 0.3339], abs=5e-5)


@pytest.mark.parametrize(("one", "other", "low", "high"), NEWCOMBE)
def test_the_test_of_shares_agrees_with_the_interval(one, other, low, high):
    p = share_difference(shares(*one), shares(*other)).p[0]
    assert (p < 0.05) == (low > 0 or high < 0)
    if 0 < p < 1:
        ends = share_difference(shares(*one), shares(*other), level=1 - p)
        assert min(abs(ends.low[0]), abs(ends.high[0])) == pytest.approx(0, abs=1e-6)


def test_equal_shares_have_no_evidence():
    assert share_difference(shares([3, 0, 10], 10), shares([6, 0, 20], 20)).p.tolist() == [1, 1, 1]


def test_the_test_of_nps_is_the_formula_of_the_reference():
    # z = (a - b) / √(SE²a + SE²b), each with ¾, 1½, ¾ added to 162-108-54 and 130-114-80.
    def adjusted(up, middle, down):
        up, down, n = up + 0.75, down + 0.75, up + middle + down + 3
        score = (up - down) / n
        return score, ((up + down) / n - score**2) / n

    (a, va), (b, vb) = adjusted(162, 108, 54), adjusted(130, 114, 80)
    z = (a - b) / np.sqrt(va + vb)
    found = nps_difference(bands(np.array([[162, 108, 54]])), bands(np.array([[130, 114, 80]])))
    assert found.p[0] == pytest.approx(2 * stats.norm.sf(z))
    assert found.change[0] == pytest.approx(100 * (108 - 50) / 324)
    assert found.low[0] == pytest.approx(100 * (a - b - 1.959964 * np.sqrt(va + vb)), abs=1e-4)


def test_the_test_of_means_is_that_of_scipy():
    one, other = np.array([7, 6, 6, 2, 5, 7]), np.array([4, 5, 3, 1])
    found = mean_difference(sums(one), sums(other)).iloc[0]
    welch = stats.ttest_ind(one, other, equal_var=False)
    ends = welch.confidence_interval(0.95)
    assert (found.p, found.low, found.high) == pytest.approx((welch.pvalue, ends.low, ends.high))


@pytest.mark.parametrize("one", [[5, 5, 5, 5], [4]])
def test_means_that_do_not_vary_are_not_tested(one):
    found = mean_difference(sums(one), sums([1, 2, 3])).iloc[0]
    assert np.isnan([found.p, found.low, found.high]).all()
    assert not np.isnan(found.change)


@pytest.mark.parametrize("chance", [0.5, 0.9])
def test_nothing_changing_is_called_a_change_in_about_five_of_a_hundred(chance):
    random = np.random.default_rng(3)
    counts = random.binomial(60, chance, (2, 4000))
    tops = random.multinomial(60, [chance, 0.6 * (1 - chance), 0.4 * (1 - chance)], (2, 4000))
    scores = random.binomial(6, chance, (2, 4000, 60)) + 1
    alarms = {
        "share": (share_difference(*(shares(one, 60) for one in counts)).p <= 0.05).mean(),
        "nps": (nps_difference(*map(bands, tops)).p <= 0.05).mean(),
        "mean": (mean_difference(*map(sums, scores)).p <= 0.05).mean(),
    }
    assert all(0.02 <= alarm <= 0.065 for alarm in alarms.values()), alarms


def test_the_same_customers_answering_twice_raise_fewer_alarms():
    random = np.random.default_rng(4)
    both = random.multinomial(100, [0.4, 0.35, 0.25], 4000)
    waves = [bands(both + random.multinomial(100, [0.4, 0.35, 0.25], 4000)) for _ in range(2)]
    assert (nps_difference(*waves).p <= 0.05).mean() <= 0.03


def test_what_is_called_detectable_is_found_four_times_in_five():
    random = np.random.default_rng(5)
    before = pd.DataFrame({"n": [200], "top": [100], "bottom": [40]})
    rise = detectable_share(before, before)[0]
    drawn = shares(random.binomial(200, 0.5 + rise, 4000), 200)
    base = shares(random.binomial(200, 0.5, 4000), 200)
    assert (share_difference(drawn, base).p <= 0.05).mean() == pytest.approx(0.8, abs=0.04)

    fall = detectable_nps(before, before)[0] / 200
    waves = [
        bands(random.multinomial(200, chances, 4000))
        for chances in ([0.5 - fall, 0.3, 0.2 + fall], [0.5, 0.3, 0.2])
    ]
    assert (nps_difference(*waves).p <= 0.05).mean() == pytest.approx(0.8, abs=0.04)

    scores = random.normal(5, 1, (2, 4000, 40))
    change = detectable_mean(sums(scores[0][:1]), sums(scores[1][:1]))[0]
    spread = np.sqrt(scores[:, 0].var(axis=1, ddof=1).mean())
    moved = scores * spread + np.array([change, 0])[:, None, None]
    found = mean_difference(*map(sums, moved))
    assert (found.p <= 0.05).mean() == pytest.approx(0.8, abs=0.04)


def test_detectable_shares_have_the_power_that_statsmodels_says():
    sides = shares(50, 100), shares(80, 200)
    z = 1.959964**2
    base = (80 + z / 2) / (200 + z)
    rise = detectable_share(*sides)[0]
    # Of the two sides the larger is given; the power to the other is more.
    powers = [
        power_proportions_2indep(diff, base, 200, ratio=0.5, alpha=0.05).power
        for diff in (rise, -rise)
    ]
    assert min(powers) == pytest.approx(0.8, abs=0.01)


def test_a_difference_that_cannot_be_is_not_called_detectable():
    # Of 10 with the property, beside 10, no fall is large enough at a level of 99.99 %.
    found = detectable_share(
        shares([10, 50], [10, 100]), shares([10, 50], [10, 100]), level=0.999999
    )
    assert np.isnan(found[0])
    assert found[1] > 0


def test_more_answers_detect_less():
    sides = [shares(n // 2, n) for n in (50, 100, 1000)]
    found = [detectable_share(side, side)[0] for side in sides]
    assert found == sorted(found, reverse=True)
