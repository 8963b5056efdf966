"""The bootstrap over customers against the plain one, against theory, and on too little data."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.bootstrap import bootstrap, estimate_of, random_groups
from regulars.measures.engine import table_of


def mean_spend(sums: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"mean": sums.spend / sums.customers, "total": sums.spend})


def of_customers(spends: np.ndarray) -> pd.DataFrame:
    ids = [f"c{i:06}" for i in range(len(spends))]
    table = table_of(pd.DataFrame({"customer_id": ids, "spend": spends}))
    return random_groups(table, {"spend": table.spend.sum(), "customers": table.count()})


def test_groups_hold_every_customer_once() -> None:
    spends = np.arange(20_000, dtype=float)
    groups = of_customers(spends)
    assert len(groups) <= 4096
    assert groups.customers.sum() == 20_000
    assert groups.spend.sum() == spends.sum()


def test_groups_do_not_depend_on_the_order_of_rows() -> None:
    frame = pd.DataFrame({"customer_id": list("abcdefgh"), "spend": range(8)})
    there, back = table_of(frame), table_of(frame.iloc[::-1])
    one = random_groups(there, {"spend": there.spend.sum()})
    other = random_groups(back, {"spend": back.spend.sum()})
    assert one.equals(other)


def test_rows_of_a_customer_stay_together() -> None:
    frame = pd.DataFrame({"customer_id": ["ann"] * 50 + ["bob"] * 50, "spend": 1.0})
    table = table_of(frame)
    assert len(random_groups(table, {"spend": table.spend.sum()})) == 2


def test_the_interval_is_the_textbook_one_for_a_mean() -> None:
    spends = np.random.default_rng(3).gamma(2.0, 10.0, 3000)
    found = bootstrap(of_customers(spends), mean_spend).loc["mean"]
    reach = 1.96 * spends.std(ddof=1) / np.sqrt(len(spends))
    assert found.value == pytest.approx(spends.mean())
    assert found.high - found.value == pytest.approx(reach, rel=0.12)
    assert found.value - found.low == pytest.approx(reach, rel=0.12)


def test_many_customers_in_few_groups_give_the_same_width() -> None:
    spends = np.random.default_rng(4).gamma(2.0, 10.0, 40_000)
    found = bootstrap(of_customers(spends), mean_spend).loc["mean"]
    reach = 1.96 * spends.std(ddof=1) / np.sqrt(len(spends))
    assert (found.high - found.low) / 2 == pytest.approx(reach, rel=0.12)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for seed in range(400):
        spends = pd.DataFrame({"spend": rng.normal(50, 20, 60), "customers": 1.0})
        found = bootstrap(spends, mean_spend, seed=seed, replicates=400).loc["mean"]
        held += found.low <= 50 <= found.high
    assert 0.91 <= held / 400 <= 0.975


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    groups = of_customers(np.random.default_rng(6).gamma(2.0, 10.0, 200))
    assert bootstrap(groups, mean_spend, seed=1).equals(bootstrap(groups, mean_spend, seed=1))
    assert not bootstrap(groups, mean_spend, seed=1).equals(bootstrap(groups, mean_spend, seed=2))


@pytest.mark.parametrize("customers", [0, 1])
def test_without_two_customers_there_is_no_interval(customers: int) -> None:
    groups = pd.DataFrame({"spend": [5.0] * customers, "customers": [1.0] * customers})
    found = bootstrap(groups, mean_spend)
    assert found[["low", "high"]].isna().all(axis=None)
    assert estimate_of(found, "total", n=customers).low is None


def test_what_often_has_no_value_has_no_interval() -> None:
    groups = pd.DataFrame({"spend": [0.0] * 9 + [1.0], "customers": [1.0] * 10})
    some = bootstrap(
        groups, lambda sums: pd.DataFrame({"x": sums.customers / sums.spend.where(sums.spend > 0)})
    )
    assert np.isnan(some.loc["x", "low"])
    assert some.loc["x", "value"] == 10


def test_of_few_customers_of_skewed_money_more_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(7)
    held = plain = 0
    for seed in range(200):
        spends = pd.DataFrame({"spend": rng.lognormal(0, 1.5, 30), "customers": 1.0})
        found = bootstrap(spends, mean_spend, seed=seed, replicates=400).loc["mean"]
        drawn = rng.choice(spends.spend, (400, 30)).mean(axis=1)
        low, high = np.quantile(drawn, [0.025, 0.975])
        truth = np.exp(1.5**2 / 2)
        held += found.low <= truth <= found.high
        plain += low <= truth <= high
    assert held >= plain + 5
    assert held >= 0.78 * 200
