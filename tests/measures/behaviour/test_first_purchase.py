"""First purchase: one line of the first day, by money and then by name; nothing later counts."""

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from regulars.measures.behaviour.first_purchase import ATTRIBUTES, first_purchase
from regulars.measures.engine import fetch

LINES = pd.DataFrame(
    [
        ("ann", "1997-01-05", 10, "sale", "web", "books", None, "north"),
        ("ann", "1997-01-05", 30, "sale", "app", "toys", "K1", "south"),  # most money
        ("ann", "1997-02-05", 90, "sale", "store", "food", "K2", "west"),  # later
        ("bob", "1997-01-10", 20, "sale", "web", "toys", None, "north"),
        ("bob", "1997-01-10", 20, "sale", "web", "books", None, "south"),  # first by category
        ("bob", "1997-01-10", 20, "sale", None, "art", None, "east"),  # unknown comes last
        ("cyd", "1997-01-12", -5, "return", "phone", "food", None, "east"),  # buys later
        ("cyd", "1997-01-20", 15, "sale", "app", None, None, None),
        ("dan", "1997-01-15", -9, "return", "phone", "food", None, "east"),  # never buys
        ("eve", "1997-03-01", 15, "sale", "app", "toys", None, "west"),  # after the last day
    ],
    columns=["customer_id", "day", "amount", "kind", *ATTRIBUTES],
)
FOUND = [
    ["ann", "1997-01-05", "app", "toys", "K1", "south"],
    ["bob", "1997-01-10", "web", "books", None, "south"],
    ["cyd", "1997-01-20", "app", None, None, None],
]


def purchases(lines: pd.DataFrame):
    texts = {name: pa.array(lines[name], pa.string()) for name in lines if name != "amount"}
    table = pa.table({**texts, "amount": pa.array(lines.amount, pa.int64())})
    return ibis.memtable(table).mutate(day=ibis._.day.cast("date"))


def found_in(lines: pd.DataFrame) -> list[list]:
    found = fetch(first_purchase(purchases(lines), as_of="1997-02-28").order_by("customer_id"))
    found = found.assign(first_day=found.first_day.astype(str))
    return found.astype(object).where(found.notna(), None).to_numpy().tolist()


def test_by_hand():
    assert found_in(LINES) == FOUND


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_lines_does_not_matter(seed):
    order = np.random.default_rng(seed).permutation(len(LINES))
    assert found_in(LINES.iloc[order]) == FOUND


def test_lines_without_these_columns_say_nothing(cdnow):
    found = fetch(first_purchase(cdnow, as_of="1998-06-30"))
    assert len(found) == 2357
    assert found[list(ATTRIBUTES)].isna().all(axis=None)
    assert found.first_day.max() == pd.Timestamp("1997-03-25")
