"""Deciles: by hand, in every small size, with ties and returns, on CDNOW."""

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.errors import StatisticalDoubt
from regulars.measures.base.deciles import deciles, size_and_total
from regulars.measures.engine import table_of
from regulars.measures.purchases import customer_summary


def spenders(spends):
    ids = [f"c{place:04}" for place in range(len(spends))]
    return table_of(pd.DataFrame({"customer_id": ids, "spend": spends}))


def test_twelve_customers_by_hand():
    found = deciles(spenders([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 45, 100]))
    # Places 0 and 1 both fall to decile 10 · place // 12 + 1 = 1, as do 6 and 7 to decile 6.
    assert found.decile.tolist() == list(range(1, 11))
    assert found.customers.tolist() == [2, 1, 1, 1, 1, 2, 1, 1, 1, 1]
    assert found.spend.tolist() == [145, 10, 9, 8, 7, 11, 4, 3, 2, 1]
    assert found.spend_from.tolist()[:2] == [45, 10]
    assert found.spend_to.tolist()[:2] == [100, 10]
    assert found.spend_share[0] == 0.725


def test_below_ten_customers_some_deciles_are_empty_and_their_limits_missing():
    found = deciles(spenders([5, 1]))
    assert found.customers.tolist() == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert found.spend.tolist() == [5, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert found.spend_from.isna().sum() == 8


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=40).filter(any))
def test_sizes_differ_by_at_most_one_and_shares_add_up(spends):
    found = deciles(spenders(spends))
    assert found.customers.sum() == len(spends)
    assert found.customers.max() - found.customers.min() <= 1
    assert found.spend_share.sum() == pytest.approx(1)
    filled = found[found.customers > 0]
    assert (filled.spend_from.to_numpy()[:-1] >= filled.spend_to.to_numpy()[1:]).all()


def test_shuffling_customers_changes_nothing():
    frame = pd.DataFrame({"customer_id": list("abcdefghijklm"), "spend": [3, 1] * 6 + [3]})
    shuffled = frame.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(deciles(table_of(frame)), deciles(table_of(shuffled)))


@pytest.mark.parametrize("spends", [[0, 0], [5, -5], [-1]])
def test_without_money_there_are_no_shares(spends):
    with pytest.raises(ValueError, match="withhold them"):
        deciles(spenders(spends))


def test_customers_who_returned_more_than_they_bought_raise_a_doubt():
    with pytest.warns(StatisticalDoubt, match="Fewer than 10 of 3 customers returned more"):
        found = deciles(spenders([9, 3, -2]))
    assert found.spend.sum() == 10
    with pytest.warns(StatisticalDoubt, match="11 of 31 customers returned more"):
        deciles(spenders([9] * 20 + [-1] * 11))


def test_the_total_is_the_same_to_the_last_bit_on_many_threads(tmp_path):
    """A sum of floats is not: it depends on the order in which the threads add."""
    spends = np.random.default_rng(3).lognormal(3, 1.2, 300_000).round(4)
    engine = ibis.duckdb.connect(threads=4)
    money = spenders(spends).mutate(spend=ibis._.spend.cast("decimal(18, 4)"))
    engine.to_parquet(money, tmp_path / "spenders.parquet", row_group_size=20_000)
    customers = engine.read_parquet(tmp_path / "spenders.parquet")
    assert len({size_and_total(customers) for _ in range(10)}) == 1


def test_cdnow_adds_up(cdnow):
    found = deciles(customer_summary(cdnow, as_of="1998-06-30"))
    assert sorted(set(found.customers)) == [235, 236]
    assert found.spend.sum() == pytest.approx(244091.94, abs=1e-6)
    assert found.spend_share[0] == pytest.approx(0.5081, abs=5e-5)  # computed here
