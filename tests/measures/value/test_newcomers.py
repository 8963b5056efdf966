"""Newcomers: what is unsure of both the first day and those after it moves both together."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from regulars.measures.value.counted import Counted
from regulars.measures.value.day_money import DayMoney
from regulars.measures.value.newcomers import new_customer
from regulars.parameters import LifetimeValue

N = 300


def sums_of(rng: np.random.Generator, *, first: np.ndarray) -> Counted:
    margins = rng.uniform(0.0, 0.9, N)
    groups = pd.DataFrame({"days": np.full(N, 3.0), "paid_days": 3.0, "first": first})
    groups = groups.assign(day_money=60.0, paid_money=60.0, squares=1200.0, customers=1.0)
    return Counted("margin", 0.45, 1.0, groups.assign(counts=60.0 * margins))


@pytest.mark.parametrize("method", ["credibility", "gamma_gamma"])
def test_the_first_day_goes_with_the_margin_as_over_other_customers(method):
    rng = np.random.default_rng(3)
    sums = sums_of(rng, first=rng.lognormal(3, 0.4, N))
    sums.groups["counts"] *= sums.groups["first"] / 20
    drawn = [sums.groups.sample(N, replace=True, random_state=k) for k in range(1500)]
    again = [replace(sums, groups=groups) for groups in drawn]
    first = np.log([one.first_day[0] for one in again])
    rate = np.log([one.rate(method) for one in again])
    slope, left = sums.first_with_rate(method)
    by_draws = np.cov(first, rate)[0, 1] / rate.var()
    assert slope == pytest.approx(by_draws, rel=0.1)
    assert left == pytest.approx(np.std(first - by_draws * rate), rel=0.1)
    assert slope > 1.2  # who brings much margin spends much on the first day here


def test_a_margin_that_is_sure_moves_nothing():
    sums = sums_of(np.random.default_rng(3), first=np.random.default_rng(4).lognormal(3, 0.4, N))
    sure = replace(sums, groups=sums.groups.assign(counts=24.0))
    slope, left = sure.first_with_rate("credibility")
    assert (slope, left) == (0.0, sure.first_day[1])


def test_an_unsure_margin_moves_the_first_day_and_the_later_ones_together(few_fit):
    """With nothing else unsure the ends of the sum are the sums of the ends."""
    sums = sums_of(np.random.default_rng(3), first=np.full(N, 20.0))
    errors = {"mean": 0.0, "rate": sums.rate_error("credibility")}
    money = DayMoney("base_mean", 20, np.inf, sums.rate("credibility"), "margin", errors, 0.2)
    fitted = replace(few_fit, covariance=few_fit.covariance * 1e-10)
    book = SimpleNamespace(fitted=fitted, money=money, sums=sums, rules=LifetimeValue())
    found = new_customer(book, seed=1)
    for end in ("low", "high"):
        first, later, value = (getattr(found, name) for name in ("first", "later", "value"))
        assert getattr(value, end) == pytest.approx(getattr(first, end) + getattr(later, end))
    assert found.first.high > 1.05 * found.first.value
