"""Drivers: what is found, what is not, and that nothing later than the start is used."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.contracts.driver_rows import driver_rows
from regulars.measures.contracts.drivers import contract_drivers
from regulars.measures.engine import table_of


def rows_of(chances, **columns):
    """Let contracts end by their chance, watched for up to twenty periods."""
    rng = np.random.default_rng(1)
    ends = rng.geometric(chances)
    watched = rng.integers(1, 20, len(ends))
    told = {"plan": "a", "fee": 5.0, "periods": np.minimum(ends, watched), "ended": ends <= watched}
    return pd.DataFrame({**told, **columns})


def test_a_planted_driver_is_found_and_noise_is_not():
    rng = np.random.default_rng(2)
    plus, noise = rng.random(1500) < 0.4, rng.random(1500) < 0.5
    # Twice the rate of ending, as it were in continuous time.
    rows = rows_of(
        1 - 0.9 ** np.where(plus, 2, 1), plan=np.where(plus, "plus", "basic"), bought_before=noise
    )
    found = contract_drivers(rows)
    ratios = found.ratios.set_index("driver")
    plan = ratios.loc["plan"]
    assert (plan.level, plan.against) == ("plus", "basic")
    assert plan.low < 2 < plan.high
    assert plan.p_holm < 0.001
    assert ratios.loc["bought_before"].p_holm > 0.05
    assert found.stratified == ()
    assert plan.contracts == plus.sum()


def test_the_order_of_rows_changes_nothing():
    rng = np.random.default_rng(4)
    plus = np.sort(rng.random(600) < 0.5)
    rows = rows_of(np.where(plus, 0.3, 0.15), plan=np.where(plus, "plus", "basic"))
    one, other = (contract_drivers(frame) for frame in (rows, rows.sample(frac=1, random_state=1)))
    assert one.stratified == other.stratified
    pd.testing.assert_frame_equal(one.ratios, other.ratios, rtol=1e-6)


def test_a_ratio_that_changes_with_age_is_withheld_and_compared_within():
    rng = np.random.default_rng(3)
    late = rng.random(2000) < 0.5
    early = rng.geometric(0.35, 2000)
    ends = np.where(
        late, 8 + rng.geometric(0.35, 2000), np.where(rng.random(2000) < 0.5, early, 40)
    )
    rows = pd.DataFrame(
        {"plan": np.where(late, "late", "early"), "fee": 5.0, "periods": np.minimum(ends, 20),
         "ended": ends <= 20, "bought_before": rng.random(2000) < 0.5}
    )  # fmt: skip
    found = contract_drivers(rows)
    assert found.stratified == ("plan",)
    assert set(found.ratios.driver) == {"bought_before"}
    alone = contract_drivers(rows.drop(columns="bought_before"))
    assert alone.ratios.empty
    assert "No driver keeps one ratio" in alone.withheld


def test_few_ends_allow_few_drivers():
    rng = np.random.default_rng(6)
    rows = rows_of(
        np.full(400, 0.2), plan=rng.choice(["a", "b"], 400), region=rng.choice(list("nesw"), 400)
    )
    kept = rows.assign(ended=rows.ended & (np.cumsum(rows.ended) <= 32))
    assert set(contract_drivers(kept).ratios.driver) <= {"plan"}
    none = contract_drivers(rows.assign(ended=False))
    assert "Too few contracts have ended" in none.withheld
    assert none.ratios.empty
    assert "Too few" in contract_drivers(rows.head(0)).withheld


def test_contracts_with_a_value_of_which_few_ended_are_left_out():
    rng = np.random.default_rng(8)
    region = np.where(
        np.arange(600) < 580, rng.choice(["north", "south"], 600, p=[0.6, 0.4]), "islands"
    )
    rows = rows_of(np.where(region == "islands", 0.01, 0.2), region=region)
    found = contract_drivers(rows)
    assert found.ratios[["level", "against"]].to_numpy().tolist() == [["south", "north"]]
    assert found.contracts == 580


def test_the_fee_takes_part_where_it_differs_within_a_plan():
    rng = np.random.default_rng(8)
    fee = rng.choice([5.0, 10.0, 20.0], 1500)
    rows = rows_of(1 - 0.95 ** (fee / 5), fee=fee)
    ratio = contract_drivers(rows).ratios.iloc[0]
    assert (ratio.driver, ratio.level) == ("fee", "twice")
    assert ratio.low < 2 < ratio.high
    for odd in (np.where(fee == 5, np.nan, fee), np.where(fee == 5, 0.0, fee)):
        assert contract_drivers(rows.assign(fee=odd)).withheld


def test_a_driver_that_follows_from_another_is_left_out():
    rng = np.random.default_rng(9)
    same = rng.random(500) < 0.5
    rows = rows_of(np.full(500, 0.2), bought_before=same, complained_before=same)
    assert contract_drivers(rows).ratios.driver.tolist() == ["bought_before"]


@pytest.fixture
def tables():
    complaints = pd.DataFrame(
        {"customer_id": ["ann", "bob", "cyd"], "kind": ["complaint", "complaint", "inquiry"],
         "opened_at": pd.to_datetime(["2024-01-04", "2024-02-15", "2023-12-01"])}
    )  # fmt: skip
    purchases = pd.DataFrame(
        {"customer_id": ["ann", "bob", "dan"], "kind": ["sale", "sale", "return"],
         "day": pd.to_datetime(["2024-01-05", "2024-01-30", "2023-11-01"])}
    )  # fmt: skip
    return {"interactions": table_of(complaints), "purchases": table_of(purchases)}


def test_only_what_lies_before_the_first_day_counts(lives, tables):
    first = lives.filter(lives.started_on < "2024-02-01")
    rows = driver_rows(first.mutate(fee=first.started_on.day().cast("float64")), **tables)
    # By the periods lived and the day they began: ann (5th), bob (31st), cyd (31st), dan, eve.
    told = {
        (r.fee, r.plan, r.periods): (r.complained_before, r.bought_before)
        for r in rows.itertuples()
    }
    assert told[5.0, "other", 5] == (True, False)  # the purchase is of the day itself
    assert told[31.0, "other", 2] == (False, True)  # the complaint came later
    assert not any(one[0] for key, one in told.items() if key[0] != 5.0)


def test_what_happens_later_moves_nothing(lives, tables):
    """A leak would let a contract last because of what happened while it did."""
    before = driver_rows(lives, **tables)
    later = pd.DataFrame(
        {
            "customer_id": ["ann", "eve", "hal"],
            "kind": "complaint",
            "opened_at": pd.to_datetime(["2024-06-01"] * 3),
        }
    )
    more = tables["interactions"].union(table_of(later))
    assert driver_rows(lives, interactions=more, purchases=tables["purchases"]).equals(before)


def test_a_sample_is_the_same_whatever_the_order(lives):
    some = [
        driver_rows(table, most=3) for table in (lives, lives.order_by(lives.started_on.desc()))
    ]
    assert len(some[0]) == 3
    assert some[0].equals(some[1])


def test_customers_bring_their_attributes_and_rare_values_stand_together(lives):
    customers = table_of(
        pd.DataFrame({"customer_id": ["ann", "bob"], "region": ["north", "south"]})
    )
    rows = driver_rows(lives, customers=customers)
    assert set(rows.region) == {"other"}
    assert "gender" not in rows
