"""Day money: how sure the mean is, held against leaving customers out one by one."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.engine import fetch
from regulars.measures.examples import purchases_of
from regulars.measures.value.counted import counted
from regulars.measures.value.customer_days import customer_days
from regulars.measures.value.day_money import day_money

END = "1997-12-31"


def told(rows):
    purchases = purchases_of(rows)
    customers = customer_days(purchases, as_of=END)
    found = day_money(purchases, customers, sums=counted(customers), as_of=END)
    return found, fetch(customers).astype({"day_money": float})


def bought(amounts_of):
    """Give each customer a purchase a week, of these amounts."""
    days = pd.date_range("1997-01-06", periods=50, freq="7D").strftime("%Y-%m-%d")
    return [
        (f"c{number}", days[place], amount)
        for number, amounts in enumerate(amounts_of)
        for place, amount in enumerate(amounts)
    ]


def by_leaving_out(rows, needed):
    """Return the jackknife error of the logarithm of the mean, with that belief in each."""
    n = rows["days"].to_numpy(float)
    belief = n / (n + needed) if np.isfinite(needed) else n
    money = belief * rows.day_money.to_numpy() / n
    without = np.log((money.sum() - money) / (belief.sum() - belief))
    return np.sqrt((len(n) - 1) / len(n) * ((without - without.mean()) ** 2).sum())


def test_the_mean_is_as_unsure_as_customers_believed_in_like_that_make_it():
    """A few buy often and dear: each counts as one customer, not by all of their days."""
    rng = np.random.default_rng(5)
    often = rng.random(60) < 0.15
    times = np.where(often, 40, rng.integers(1, 4, 60))
    means = rng.lognormal(3.0 + often, 0.5)
    # Who comes often spends more a day, so that Gamma-Gamma may not speak.
    amounts = [np.round(rng.normal(m, 2.0, n), 2) for m, n in zip(means, times, strict=True)]
    found, rows = told(bought(amounts))
    assert found.method == "credibility"
    assert found.errors["mean"] == pytest.approx(by_leaving_out(rows, found.needed), rel=0.05)
    assert by_leaving_out(rows, np.inf) > 1.1 * found.errors["mean"]


def test_where_customers_do_not_differ_every_day_counts_alike():
    found, rows = told(bought([[1, 39], [38, 2], [3, 37, 20], [36, 4]]))
    assert found.method == "base_mean"
    assert found.errors["mean"] == pytest.approx(by_leaving_out(rows, np.inf), rel=0.15)
