"""Plans: what is counted, and that small plans are never told."""

import pandas as pd
import pytest

from regulars.measures.contracts.lives import contract_lives
from regulars.measures.contracts.plans import (
    OTHERS,
    grouped_plans,
    plan_table,
    plan_totals,
    shown_plans,
)
from regulars.measures.engine import fetch, table_of


def lives_of(*plans):
    """Each plan as (name, running, ended)."""
    rows = [
        (f"{name}{number}", name, number < running, 5.0)
        for name, running, ended in plans
        for number in range(running + ended)
    ]
    return table_of(pd.DataFrame(rows, columns=["customer_id", "plan", "running", "fee"]))


def test_counts_and_fees_of_each_plan():
    table = plan_table(lives_of(("plus", 30, 12), ("basic", 40, 60)))
    assert table.plan.tolist() == ["basic", "plus"]
    assert table[["contracts", "running", "ended"]].to_numpy().tolist() == [
        [100, 40, 60],
        [42, 30, 12],
    ]
    assert table.mrr.tolist() == [200.0, 150.0]
    assert not table.hidden.any()


def test_a_small_count_takes_its_row_and_another_out():
    table = plan_table(lives_of(("a", 30, 3), ("b", 40, 60), ("c", 50, 70)))
    hidden = table.set_index("plan").hidden
    assert hidden["a"]
    assert hidden.sum() >= 2
    gone = table[table.hidden]
    assert gone[["contracts", "running", "ended", "fee_mean", "mrr"]].isna().all(axis=None)
    assert shown_plans(table) == table.plan[~table.hidden].tolist()


def test_small_plans_stand_together():
    lives = lives_of(("a", 30, 30), ("b", 4, 3), ("c", 6, 2), ("d", 20, 20))
    sizes = fetch(grouped_plans(lives)).plan.value_counts().to_dict()
    assert sizes == {"a": 60, "d": 40, OTHERS: 15}


def test_of_many_plans_the_largest_keep_their_names():
    lives = lives_of(*((name, 20 + place, 20) for place, name in enumerate("abcdef")))
    assert set(fetch(grouped_plans(lives, most=4)).plan) == {"f", "e", "d", OTHERS}
    small = lives_of(*((name, 2, 2) for name in "abcdef"))
    assert set(fetch(grouped_plans(small)).plan) == {"all plans"}
    few = lives_of(("a", 20, 20), ("b", 20, 20))
    assert set(fetch(grouped_plans(few)).plan) == {"a", "b"}


def test_totals_count_contracts_customers_and_fees(lives):
    assert plan_totals(lives) == {
        "contracts": 9, "customers": 8, "running": 3, "ended": 6, "with_fee": 3, "several": 2,
    }  # fmt: skip


def test_nobody_gives_zeros_and_an_empty_table(subscriptions):
    nobody = contract_lives(subscriptions.filter(subscriptions.fee > 1e9), as_of="2024-06-30")
    assert set(plan_totals(nobody).values()) == {0}
    assert plan_table(grouped_plans(nobody)).empty


@pytest.mark.parametrize("few", [1, 9])
def test_one_plan_with_few_running_is_hidden(few):
    assert plan_table(lives_of(("a", few, 50))).hidden.tolist() == [True]
