"""Regularity: by hand, against the published formula, and on gaps of known shape."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special

from regulars.measures.behaviour.regularity import gap_spread, regularity, spread_quartiles
from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.repurchase import waits

END = "2024-02-08"


def gaps_by_customer(purchases, as_of):
    every = fetch(waits(purchases, as_of=as_of))
    closed = every[every.observed].sort_values(["customer_id", "purchase"])
    gaps = closed.groupby("customer_id").days.apply(lambda days: days.to_numpy(float))
    return [days for days in gaps if len(days) >= 4]


def wheat_morrison(gaps):
    """The formula as published, written again: the last gap by the last two."""
    part = np.array([days[-1] / days[-2:].sum() for days in gaps])
    variance = np.var(part, ddof=1)
    return (1 - 4 * variance) / (8 * variance)


def common_shape(gaps):
    """The maximum of the likelihood of one shape for all, the sums of gaps being given."""

    def loss(log_k):
        k = np.exp(log_k)
        parts = [
            special.gammaln(len(days) * k)
            - len(days) * special.gammaln(k)
            + (k - 1) * np.log(days / days.sum()).sum()
            for days in gaps
        ]
        return -sum(parts)

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))


def test_by_hand():
    lines = [("ann", f"1997-01-{day:02}", 5) for day in (1, 3, 6, 10, 22)]
    lines += [("bob", f"1997-01-{day:02}", 5) for day in (1, 3, 6, 10)]  # too few
    found = fetch(gap_spread(purchases_of(lines), as_of="1997-12-31")).iloc[0]
    gaps = np.array([2, 3, 4, 12])
    assert found.customer_id == "ann"
    assert found.cv == pytest.approx(np.std(gaps, ddof=1) / gaps.mean())
    assert (found.gaps, found.span, found.last_two, found.part) == (4, 21, 16, 0.75)


@pytest.mark.parametrize("shape", [1, 2, 4])
def test_a_known_shape_is_found(gamma_buyers, shape):
    purchases = gamma_buyers(shape, customers=1200, mean=200, days=6000, seed=5)
    found = regularity(purchases, as_of="2036-12-31")
    for name in ("shape", "shape_of_all"):
        assert found[name].low < shape < found[name].high
        assert found[name].value == pytest.approx(shape, rel=0.1)
    # With long gaps, days are as good as no days at all: a variance of 1 / 4(2k + 1), by chance 1 / 12.
    assert found["by_chance"].value == pytest.approx(1, abs=0.02)
    assert found["evenness"].low < (2 * shape + 1) / 3 < found["evenness"].high


def test_it_agrees_with_the_published_formula_and_with_the_likelihood(gamma_buyers):
    purchases = gamma_buyers(2, customers=600, mean=60, seed=8)
    found, gaps = regularity(purchases, as_of=END), gaps_by_customer(purchases, END)
    assert found["shape"].value == pytest.approx(wheat_morrison(gaps), rel=1e-9)
    assert found["shape_of_all"].value == pytest.approx(common_shape(gaps), rel=0.05)
    assert found["shape"].n == len(gaps)


@pytest.mark.parametrize("chance", [0.3, 0.1])
def test_whole_days_at_random_are_not_taken_for_even(lines_of, chance):
    bought = np.random.default_rng(3).random((1500, 200)) < chance
    purchases = lines_of(*np.nonzero(bought))
    found = regularity(purchases, as_of="2020-12-31")
    assert found["evenness"].low < 1 < found["evenness"].high
    assert found["shape"].low > 1
    assert found["by_chance"].value == pytest.approx(found["shape"].value, rel=0.1)


def test_a_change_of_pace_looks_uneven_over_all_gaps_only(lines_of):
    random = np.random.default_rng(6)
    gaps = np.concatenate(
        [random.exponential(20, (800, 6)), random.exponential(120, (800, 6))], axis=1
    )
    days = np.floor(np.cumsum(gaps, axis=1)).astype(int)
    who = np.repeat(np.arange(800), 12)
    found = regularity(lines_of(who, days.ravel()), as_of="2035-12-31")
    assert found["evenness"].low < 1 < found["evenness"].high
    assert found["shape_of_all"].high < 0.9


def test_the_order_of_lines_does_not_matter(gamma_buyers):
    purchases = gamma_buyers(1, customers=100, mean=60, seed=2)
    turned = purchases.order_by(purchases.day.desc())
    assert regularity(purchases, as_of=END) == regularity(turned, as_of=END)


def test_too_few_customers_have_none(gamma_buyers):
    purchases = gamma_buyers(2, customers=25, mean=60, seed=2)
    assert regularity(purchases, as_of=END) is None
    assert spread_quartiles(purchases, as_of=END) is None


def test_equal_gaps_have_none(lines_of):
    who, which = np.divmod(np.arange(300), 6)
    assert regularity(lines_of(who, 10 * which), as_of=END) is None


def test_quartiles_are_those_of_the_customers(gamma_buyers):
    purchases = gamma_buyers(1, customers=203, mean=60, seed=4)
    cv = fetch(gap_spread(purchases, as_of=END)).cv
    found = spread_quartiles(purchases, as_of=END)
    assert found == pytest.approx(np.quantile(cv, [0.25, 0.5, 0.75], method="inverted_cdf"))


def test_nothing_after_the_last_day_is_known(gamma_buyers):
    purchases = gamma_buyers(1, customers=100, mean=60, seed=2)
    early = purchases.filter(purchases.day <= pd.Timestamp("2022-01-01").date())
    assert regularity(purchases, as_of="2022-01-01") == regularity(early, as_of="2022-01-01")


def test_cdnow_buys_as_by_chance_once_days_are_taken_as_whole(cdnow):
    found = regularity(cdnow, as_of="1998-06-30")
    assert found["shape"].n == 378
    assert found["shape"].value == pytest.approx(1.142, abs=5e-4)
    assert found["shape"].low > 1
    assert found["evenness"].low < 1 < found["evenness"].high
