"""Discounting: against direct sums, the closed form of Pareto/NBD, and its limits."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import hyperu

from regulars.measures.discount import daily_rate, worth_now
from regulars.measures.examples import few_cells
from regulars.measures.purchase_models.formulas import (
    expected_purchases,
    expected_since_first,
    p_alive,
)
from regulars.measures.value.discounting import (
    discounted,
    discounted_purchases,
    discounted_since_first,
    lasting_days,
)

CELLS = pd.DataFrame(
    {
        "repeat_days": [0, 2, 30],
        "recency_age": [0, 213, 480],
        "age": [270, 272, 500],
        "customers": 1,
    }
)
PARAMS = {
    "bg_nbd": {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259},
    "mbg_nbd": {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614},
    "pareto_nbd": {"r": 0.553, "alpha": 10.58, "s": 0.606, "beta": 11.66},
}


def model(name: str) -> SimpleNamespace:
    return SimpleNamespace(model=name, params=PARAMS[name], unit_days=7, clock=None)


def test_a_rate_of_a_year_becomes_that_of_a_day_and_back():
    assert np.exp(365 * daily_rate(0.10)) == pytest.approx(1.10)
    assert daily_rate(0) == 0
    assert worth_now(0.10, years=2) == pytest.approx(1 / 1.21)


def test_one_purchase_a_day_is_an_annuity():
    rate = daily_rate(0.2)
    found = discounted(lambda day: np.array([day]), horizon_days=1095, discount_rate=0.2)
    assert found[0] == pytest.approx((1 - np.exp(-rate * 1095)) / rate, rel=1e-9)


@pytest.mark.parametrize("name", PARAMS)
def test_it_is_what_days_one_by_one_add_up_to(name):
    params, days = tuple(PARAMS[name].values()), np.arange(0, 1096)
    history = {
        "repeat_days": CELLS.repeat_days.to_numpy(),
        "recency_age": CELLS.recency_age.to_numpy() / 7,
        "age": CELLS.age.to_numpy() / 7,
    }
    up_to = np.array([expected_purchases(name, params, horizon=day / 7, **history) for day in days])
    middle = np.exp(-daily_rate(0.1) * (days[:-1] + 0.5))
    directly = middle @ np.diff(up_to, axis=0)
    found = discounted_purchases(model(name), CELLS, horizon_days=1095, discount_rate=0.1)
    assert found == pytest.approx(directly, rel=1e-5)


def test_without_a_discount_it_is_what_is_expected():
    params = tuple(PARAMS["bg_nbd"].values())
    history = {"repeat_days": [2], "recency_age": [213 / 7], "age": [272 / 7]}
    plain = expected_purchases("bg_nbd", params, horizon=52, **history)
    ahead = {"horizon_days": 364, "discount_rate": 0.0}
    assert discounted_purchases(model("bg_nbd"), CELLS.iloc[[1]], **ahead) == pytest.approx(plain)


def test_pareto_without_an_end_is_the_closed_form():
    """DERT of Fader, Hardie & Lee (2005), eq. 2, by Tricomi's function."""
    r, alpha, s, beta = PARAMS["pareto_nbd"].values()
    delta = 7 * daily_rate(0.15)
    x, now = CELLS.repeat_days.to_numpy(), CELLS.age.to_numpy() / 7
    alive = p_alive(
        "pareto_nbd",
        (r, alpha, s, beta),
        repeat_days=x,
        recency_age=CELLS.recency_age.to_numpy() / 7,
        age=now,
    )
    tail = (beta + now) ** s * delta ** (s - 1) * hyperu(s, s, delta * (beta + now))
    ahead = {"horizon_days": 200 * 365, "discount_rate": 0.15}
    found = discounted_purchases(model("pareto_nbd"), CELLS, **ahead)
    assert found == pytest.approx(alive * (r + x) / (alpha + now) * tail, rel=1e-5)


def test_a_newcomer_is_expected_what_the_model_says():
    params = tuple(PARAMS["mbg_nbd"].values())
    plain = expected_since_first("mbg_nbd", params, time=np.array([52.0]))[0]
    ahead = {"horizon_days": 364, "discount_rate": 0.0}
    assert discounted_since_first(model("mbg_nbd"), **ahead) == pytest.approx(plain)
    less = discounted_since_first(model("mbg_nbd"), horizon_days=364, discount_rate=0.2)
    assert 0.85 * plain < less < plain


def test_other_units_of_time_change_nothing():
    days = SimpleNamespace(
        model="mbg_nbd", params=PARAMS["mbg_nbd"] | {"alpha": 7 * 6.183}, unit_days=1, clock=None
    )
    ahead = {"horizon_days": 1095, "discount_rate": 0.1}
    in_weeks = discounted_purchases(model("mbg_nbd"), CELLS, **ahead)
    assert discounted_purchases(days, CELLS, **ahead) == pytest.approx(in_weeks, rel=1e-9)


def test_what_is_left_after_the_end_is_less_than_a_thousandth(few_fit):
    end = lasting_days(few_fit, few_cells(), discount_rate=0.1)
    weight = few_cells().customers.to_numpy()
    short, endless = (
        weight @ discounted_purchases(few_fit, few_cells(), horizon_days=days, discount_rate=0.1)
        for days in (end, 5 * end)
    )
    assert short < endless < short * 1.001


def test_without_a_discount_there_is_no_end(few_fit):
    assert lasting_days(few_fit, few_cells(), discount_rate=0.0) is None
    assert lasting_days(few_fit, few_cells(), discount_rate=0.0001) is None
