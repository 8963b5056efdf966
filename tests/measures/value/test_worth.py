"""Worth: by hand, against rows one by one, additive over groups, and as spread as it says."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from regulars.measures.examples import few_cells
from regulars.measures.purchase_models.simulated import simulate
from regulars.measures.value.chance import chance_variance
from regulars.measures.value.day_money import DayMoney, from_gamma_gamma, money_draws
from regulars.measures.value.discounting import discounted_purchases
from regulars.measures.value.gamma_gamma import GammaGamma
from regulars.measures.value.grouped import group_histories
from regulars.measures.value.worth import cell_worth, interval_of, total_worth, worth_by_group

AHEAD = {"horizon_days": 1095, "discount_rate": 0.1}
NAMES = ["p", "q", "gamma"]
NO_ERROR = pd.DataFrame(np.eye(3) * 1e-12, index=NAMES, columns=NAMES)
GAMMA = GammaGamma({"p": 6.25, "q": 3.74, "gamma": 15.44}, NO_ERROR, 0.0, 900)


def own(money_a_day: float = 20.0) -> pd.DataFrame:
    cells = few_cells()
    money = money_a_day * cells.repeat_days * cells.customers
    squares = cells.customers * (money_a_day * cells.repeat_days) ** 2
    return cells.assign(days=cells.repeat_days, money=money, squares=squares)


def test_a_customers_own_days_count_by_their_number(few_fit):
    money = from_gamma_gamma(GAMMA, rate=0.4)
    found = cell_worth(few_fit, money, own(), **AHEAD)
    purchases = discounted_purchases(few_fit, few_cells(), **AHEAD)
    k, mean = 2.74 / 6.25, 6.25 * 15.44 / 2.74
    for cell, expected in zip(found.itertuples(), purchases, strict=True):
        day = (cell.days * 20 + k * mean) / (cell.days + k)
        assert cell.value == pytest.approx(cell.customers * 0.4 * expected * day)


def test_value_goes_with_margin_and_falls_with_the_discount(few_fit):
    one, double = (
        cell_worth(few_fit, from_gamma_gamma(GAMMA, rate=rate), own(), **AHEAD)["value"].sum()
        for rate in (0.2, 0.4)
    )
    assert double == pytest.approx(2 * one)
    ahead = AHEAD | {"discount_rate": 0.2}
    less = cell_worth(few_fit, from_gamma_gamma(GAMMA, rate=0.2), own(), **ahead)["value"].sum()
    assert less < one


def test_groups_add_up_to_the_total(few_fit):
    money = from_gamma_gamma(GAMMA)
    cells = own().assign(group=["a", "b", "a", "b", "a", "b"])
    groups = worth_by_group(few_fit, money, cells, **AHEAD, seed=3)
    total = total_worth(few_fit, money, own(), **AHEAD, seed=3)
    assert groups.group.tolist() == ["a", "b"]
    assert groups["value"].sum() == pytest.approx(total.expected.value)
    assert groups.customers.sum() == total.expected.n == 100
    ends = groups[["comes_low", "low", "value", "high", "comes_high"]].to_numpy()
    assert (np.diff(ends, axis=1) > 0).all()


def test_the_same_seed_gives_the_same_and_the_order_of_rows_does_not_matter(few_fit):
    money = from_gamma_gamma(GAMMA)
    first = total_worth(few_fit, money, own(), **AHEAD, seed=3)
    again = total_worth(few_fit, money, own().iloc[::-1], **AHEAD, seed=3)
    assert again.expected.low == pytest.approx(first.expected.low)
    assert total_worth(few_fit, money, own(), **AHEAD, seed=4).expected.low != first.expected.low


def test_nobody_is_worth_nothing(few_fit):
    found = total_worth(few_fit, from_gamma_gamma(GAMMA), own().head(0), **AHEAD, seed=1)
    assert (found.expected.value, found.expected.low, found.expected.n) == (0, None, 0)


def test_money_without_a_variance_has_no_interval_of_outcomes(few_fit):
    wild = GammaGamma({"p": 5.0, "q": 1.5, "gamma": 9.0}, NO_ERROR, 0.0, 900)
    found = total_worth(few_fit, from_gamma_gamma(wild), own(), **AHEAD, seed=1)
    assert found.expected.low is not None
    assert (found.outcome.low, found.outcome.high) == (None, None)


def test_what_is_next_to_nothing_still_has_ends():
    drawn = np.array([1e-200, 1e-30, 1.0, 5.0] * 50)
    found = interval_of(1.0, drawn, 50)
    assert 0 < found.low < 1 < found.high <= 5


def test_sure_money_is_drawn_as_it_is_and_unsure_money_as_unsure_as_it_is():
    sure = DayMoney("base_mean", 20, np.inf, 0.4, "margin", {"mean": 0, "rate": 0}, 0.2)
    assert money_draws(sure, 5, seed=1)[["mean", "rate"]].to_numpy().tolist() == [[20, 0.4]] * 5
    unsure = DayMoney("credibility", 20, 3.0, 0.4, "margin", {"mean": 0.1, "rate": 0.2}, 0.2)
    drawn = money_draws(unsure, 4000, seed=1)
    assert np.log(drawn["mean"]).std() == pytest.approx(0.1, rel=0.1)
    assert np.log(drawn.rate).std() == pytest.approx(0.2, rel=0.1)


def test_like_histories_stand_for_each_other(few_fit):
    rng = np.random.default_rng(5)
    age = rng.integers(100, 700, 3000)
    cells = pd.DataFrame({"repeat_days": rng.geometric(0.3, 3000) - 1, "age": age, "customers": 1})
    cells["recency_age"] = np.where(cells.repeat_days > 0, (age * rng.uniform(size=3000)), 0)
    number, histories = group_histories(cells)
    assert len(histories) < 700
    exact = discounted_purchases(few_fit, cells, **AHEAD).sum()
    grouped = discounted_purchases(few_fit, histories, **AHEAD)[number].sum()
    assert grouped == pytest.approx(exact, rel=0.03)


def test_what_comes_true_is_as_spread_as_chance_says():
    """Bases drawn from known models: what comes, less what is expected, in standard deviations."""
    params = {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}
    fitted = SimpleNamespace(model="mbg_nbd", params=params, unit_days=7, clock=None)
    money = from_gamma_gamma(GAMMA)
    away = np.array([_away(fitted, money, seed=seed) for seed in range(40)])
    assert abs(away.mean()) < 0.5
    assert 0.5 < (away**2).mean() < 1.6


def _away(fitted: SimpleNamespace, money: DayMoney, *, seed: int) -> float:
    rng = np.random.default_rng(seed)
    law = {"ages": np.full(400, 52.0), "horizon": 52.0, "seed": seed}
    drawn = simulate("mbg_nbd", tuple(fitted.params.values()), **law)
    rates = rng.gamma(3.74, 1 / 15.44, 400)
    before, later = (_money(drawn[name], rates, rng) for name in ("repeat_days", "later"))
    cells = drawn[["repeat_days"]].assign(
        recency_age=7 * drawn.recency_age, age=364.0, days=drawn.repeat_days, customers=1
    )
    cells = cells.assign(money=before, squares=before**2)
    ahead = {"horizon_days": 364, "discount_rate": 0.0}
    cells = cell_worth(fitted, money, cells, **ahead)
    variance = chance_variance(fitted, money, cells, horizon_days=364).sum()
    return (later.sum() - cells["value"].sum()) / np.sqrt(variance)


def _money(days: pd.Series, rates: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.where(days > 0, rng.gamma(np.maximum(6.25 * days, 1e-9)) / rates, 0.0)


def test_with_very_many_histories_the_total_stays(few_fit, monkeypatch):
    rng = np.random.default_rng(6)
    age = rng.integers(30, 700, 2000)
    cells = pd.DataFrame({"repeat_days": rng.geometric(0.3, 2000) - 1, "age": age, "customers": 1})
    cells["recency_age"] = np.where(cells.repeat_days > 0, age * rng.uniform(size=2000), 0)
    cells = cells.assign(days=cells.repeat_days, money=20.0 * cells.repeat_days)
    money = from_gamma_gamma(GAMMA)
    exact = cell_worth(few_fit, money, cells, **AHEAD)["value"]
    monkeypatch.setattr("regulars.measures.value.grouped.MANY", 100)
    found = cell_worth(few_fit, money, cells, **AHEAD)["value"]
    assert (found != exact).any()
    assert found.sum() == pytest.approx(exact.sum(), rel=2e-4)
    assert found.to_numpy() == pytest.approx(exact.to_numpy(), rel=0.02, abs=1e-6)
