"""Cleaning: each rule says what it touched, and the ledger still adds up."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from regulars.data.cleaning import clean_purchases
from regulars.data.intake import take_in
from regulars.data.store import Store
from regulars.errors import LedgerError
from regulars.parameters import Source

COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid", "kind": "kind"}
LINES = """who,when,paid,kind
1,2024-01-05,10,
1,2024-01-05,10,
1,2024-01-05,10,
1,2024-01-06,10,
2,2024-01-05,0,
2,2024-01-07,-4,
2,2024-01-07,-4,
3,2024-01-05,8,sale
3,2024-01-09,-8,return
3,2024-01-10,-1,cancellation
4,2024-01-05,5,
4,2024-01-05,5,sale
5,2024-01-05,5,return
,2024-01-05,5,
"""


@pytest.fixture
def store(root: Path) -> Store:
    (root / "shop.csv").write_text(LINES)
    store = Store("shop")
    source = Source(files="shop.csv", columns=COLUMNS)
    take_in(store, {"purchases": source}, as_of=dt.date(2024, 1, 31))
    return store


def counts(ledger: dict) -> dict[str, int]:
    entry = ledger["tables"]["purchases"]
    return {way: entry[f"rows_{way}"] for way in ("in", "accepted", "merged", "rejected")}


def test_keep_keeps_equal_lines(store: Store) -> None:
    cleaned = clean_purchases(store, duplicates="keep")
    assert counts(cleaned.ledger) == {"in": 14, "accepted": 12, "merged": 0, "rejected": 2}
    assert cleaned.steps.rows.tolist() == [3, 4, 1]
    assert cleaned.steps.money.tolist() == [16.0, -17.0, 0.0]


def test_merge_merges_lines_equal_in_every_column(store: Store) -> None:
    cleaned = clean_purchases(store, duplicates="merge")
    assert counts(cleaned.ledger) == {"in": 14, "accepted": 9, "merged": 3, "rejected": 2}
    assert Decimal(cleaned.ledger["tables"]["purchases"]["money_merged"]) == 16
    # An empty kind and "sale" are not equal: customer 4 keeps both lines.
    assert cleaned.purchases.filter(cleaned.purchases.customer_id == "4").count().execute() == 2


def test_the_first_of_equal_lines_stays(store: Store) -> None:
    cleaned = clean_purchases(store, duplicates="merge")
    assert cleaned.purchases.source_line.execute().tolist() == [2, 5, 6, 7, 9, 10, 11, 12, 13]


def test_returns_and_cancellations_are_no_sales(store: Store) -> None:
    purchases = clean_purchases(store, duplicates="keep").purchases.execute()
    kinds = purchases.set_index("source_line").kind
    assert kinds[[7, 8, 10, 11]].tolist() == ["return"] * 4
    assert kinds[[2, 6, 9]].tolist() == ["sale"] * 3


@pytest.mark.parametrize("duplicates", ["keep", "merge"])
def test_cleaning_twice_changes_nothing(store: Store, duplicates: str) -> None:
    once = clean_purchases(store, duplicates=duplicates).ledger
    assert clean_purchases(store, duplicates=duplicates).ledger == once
    other = {"keep": "merge", "merge": "keep"}[duplicates]
    clean_purchases(store, duplicates=other)
    assert clean_purchases(store, duplicates=duplicates).ledger == once


def test_a_lost_row_fails_the_run(store: Store) -> None:
    accepted = store.read("accepted/purchases")
    store.write("accepted/purchases", accepted.execute().head(11))
    with pytest.raises(LedgerError, match="Cleaning should have left 12 rows"):
        clean_purchases(store, duplicates="keep")


def test_lines_that_differ_in_an_unmapped_column_are_not_equal(root: Path) -> None:
    (root / "shop.csv").write_text(
        "who,when,paid,product\nann,2024-01-05,5,book\nann,2024-01-05,5,lamp\n"
    )
    store = Store("shop")
    columns = {name: theirs for name, theirs in COLUMNS.items() if name != "kind"}
    source = Source(files="shop.csv", columns=columns)
    take_in(store, {"purchases": source}, as_of=dt.date(2024, 1, 31))
    assert counts(clean_purchases(store, duplicates="merge").ledger)["merged"] == 0
