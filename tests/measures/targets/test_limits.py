"""Control charts: the book's numbers, what is news, and how seldom noise is."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.targets.limits import control_limits, kpi_limits, signals


def reached(values: np.ndarray, **changes) -> pd.DataFrame:
    months = pd.date_range("2022-01-01", periods=len(values), freq="MS")
    row = {"metric": "orders", "low": values, "high": values, "n": 100, "basis": "counted"}
    return pd.DataFrame({"month": months, "value": values, **row}).assign(
        **{"over": True, "hidden": False, **changes}
    )


def chart(values: object, **changes) -> pd.DataFrame:
    return control_limits(reached(np.asarray(values, dtype=float), **changes), metric="orders")


def level(n: int, seed: int = 1) -> np.ndarray:
    return np.exp(5 + 0.05 * np.random.default_rng(seed).normal(size=n))


def test_a_month_that_strays_is_outside():
    values = level(12)
    values[7] *= 1.6
    found = chart(values)
    assert found.signal.tolist().count("outside") == 1
    assert found.signal[7] == "outside"
    assert found.basis.unique().tolist() == ["line"]
    assert found.unit.unique().tolist() == ["orders"]


def test_a_long_run_on_one_side_is_news():
    found = signals(np.array([1.0] * 8 + [-1.0] * 7), 5, run=8)
    assert found.tolist() == ["run"] * 8 + [""] * 7
    assert signals(np.zeros(10), 5, run=8).tolist() == [""] * 10


def test_growth_is_no_news_but_a_break_in_it_is():
    values = level(18) * np.exp(0.04 * np.arange(18))
    assert set(chart(values).signal) == {""}
    assert chart(values).basis.iloc[0] == "line"
    values[9] *= 1.5
    assert chart(values).signal[9] == "outside"


def test_a_season_is_no_news_with_two_years():
    month = np.arange(36)
    values = level(36) * np.exp(0.5 * np.sin(month * 2 * np.pi / 12))
    found = chart(values)
    assert len(found) == 36  # the first year too is judged
    assert set(found.basis) == {"season"}
    assert set(found.signal) == {""}
    assert (found.lower < found.centre).all()
    values[5] *= 0.6
    found = chart(values).set_index("month").signal
    assert found[found != ""].to_dict() == {pd.Timestamp("2022-06-01"): "outside"}


def test_how_far_the_limits_reach_is_how_large_news_must_be():
    found = chart(level(36))
    middle = (found.upper / found.centre - 1).median()
    assert found.rise.unique() == pytest.approx([middle])
    assert 0 < found.fall[0] < found.rise[0] < 0.5
    assert found.in_percent.all()
    # A month moved by a little less than that is as usual, by much more is not.
    for factor, signal in ((1 + 0.2 * middle, ""), (1 + 3 * middle, "outside")):
        values = level(36)
        values[20] = found.centre[20] * factor
        assert chart(values).signal[20] == signal


def test_months_not_over_hidden_or_missing_are_left_out():
    values = level(14)
    values[-1] = 1e9
    last = np.arange(14) == 13
    for changes in ({"over": ~last}, {"hidden": last}, {"value": np.where(last, np.nan, values)}):
        found = chart(values, **changes)
        assert len(found) == 13
        assert set(found.signal) == {""}


def test_too_few_months_have_no_limits():
    assert chart(level(7)).empty
    assert {"label", "signal"} <= set(chart(level(7)))
    assert len(chart(level(8))) == 8


def test_what_may_be_zero_or_below_is_not_put_into_logarithms():
    found = chart([0, 5, -3, 4, 0, 6, -2, 3, 1, 2])
    assert set(found.signal) == {""}
    assert (found.lower < 0).all()
    assert not found.in_percent.any()


def test_all_equal_is_no_news():
    assert set(chart([7.0] * 12).signal) == {""}


def test_scores_have_the_limits_of_their_answers():
    values = np.full(12, 30.0)
    values[4], values[8] = 50.0, 50.0
    error = np.where(np.arange(12) == 8, 12.0, 2.0)  # few answered in the ninth month
    ends = {"low": values - 1.96 * error, "high": values + 1.96 * error}
    found = control_limits(reached(values, metric="nps", basis="month", **ends), metric="nps")
    assert found.signal[4] == "outside"
    assert found.signal[8] == ""
    assert found.rise[0] == pytest.approx((found.upper - found.centre).median())
    waves = np.where(np.arange(12) % 3 == 0, values, np.nan)
    few = reached(waves, metric="nps", basis="month", **ends)
    assert control_limits(few, metric="nps").empty


def test_several_kpis_stand_below_each_other():
    both = pd.concat([reached(level(12)), reached(level(12, 2), metric="revenue")])
    assert kpi_limits(both, metrics=("orders", "revenue", "nps")).metric.unique().tolist() == [
        "orders",
        "revenue",
    ]


@pytest.mark.parametrize("months", [12, 24, 36])
def test_noise_is_seldom_news(months):
    alarms = sum((chart(level(months, seed)).signal != "").any() for seed in range(100))
    # 5 % of 100 is 5; more than 10 would come about once in a hundred such tests.
    assert alarms <= 10
