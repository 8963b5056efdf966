"""Spending before and after: by hand, and with a known change."""

import numpy as np
import pandas as pd
import pytest

from regulars.measures.deeds.spending import spending_around, spending_compared
from regulars.measures.engine import table_of

TRUE = np.exp(3.5) * (np.exp(0.045) * np.exp(0.5) - np.exp(0.045))


def even(customers=24, **columns):
    """Customers of two bands in turn, with columns repeated over them."""
    frame = {"customer_id": [f"c{place}" for place in range(customers)], "whole": True}
    frame |= {"question": "csat", "band": ["top", "rest"] * (customers // 2)}
    columns = {"spend_before": [10.0], "spend_after": [10.0]} | columns
    frame |= {name: list(values) * (customers // len(values)) for name, values in columns.items()}
    return table_of(pd.DataFrame(frame))


def test_means_by_hand():
    found = spending_around(even(spend_before=[10, 20, 30, 40], spend_after=[12, 20, 36, 20]))
    found = found.set_index("band")
    assert found.customers.to_dict() == {"rest": 12, "top": 12}
    assert found.loc["top", ["before", "after", "change"]].tolist() == [20, 24, 4]
    assert found.loc["rest", ["before", "after", "change"]].tolist() == [30, 20, -10]
    for name in ("before", "after", "change"):
        ends = found[[f"{name}_low", name, f"{name}_high"]].to_numpy()
        assert (np.diff(ends) >= 0).all()
    assert found.change_low["top"] < 4 < found.change_high["top"]


def test_the_difference_of_differences_by_hand():
    after = even(spend_before=[10, 20, 30, 40], spend_after=[12, 20, 36, 20])
    found = spending_compared(after).iloc[0]
    assert (found.difference, found.n, found.other_n) == (14, 12, 12)
    assert found.low < 14 < found.high
    assert found.claimed == (found.low > 0)


def test_who_came_within_the_window_does_not_count():
    found = spending_around(even(48, whole=[True, True, False, False])).set_index("band")
    assert found.customers.tolist() == [12, 12]


@pytest.mark.parametrize("customers", [0, 18])
def test_fewer_than_ten_are_left_out(customers):
    after = even().limit(customers)
    assert spending_around(after).empty
    assert spending_compared(after).empty


def test_a_known_change_is_found_and_none_where_there_is_none(drawn_after):
    options = {"compared": [("nps", "promoter", "detractor")], "replicates": 400}
    for effect, claimed in ((0.5, True), (0.0, False)):
        rows = drawn_after(customers=1500, effect=effect, seed=2)
        found = spending_compared(table_of(rows), **options).iloc[0]
        assert found.claimed == claimed
        assert found.low <= (TRUE if effect else 0) <= found.high
