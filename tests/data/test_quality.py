"""Information quality: shares worked out by hand from a small delivery."""

import math
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.data.quality import information_quality, of_columns, of_tables
from regulars.data.store import Store

AS_OF = "2024-12-31"
WHEN = pa.timestamp("us")


def put(store: Store, name: str, columns: dict) -> None:
    pq.write_table(pa.table(columns), store.path(f"accepted/{name}"))


def when(*days: str) -> pa.Array:
    return pa.array(pd.to_datetime(pd.Series(days, dtype="object")), WHEN)


def entry(rows: tuple[int, int, int], **fields: tuple[int, int, int]) -> dict:
    names = ("rows_in", "rows_accepted", "rows_merged")
    counts = {f: dict(zip(("rows", "filled", "valid"), n, strict=True)) for f, n in fields.items()}
    return {**dict(zip(names, rows, strict=True)), "fields": counts}


@pytest.fixture
def store(root: Path) -> Store:
    """Four of ten lines usable, a survey of a stranger, a campaign nobody knows, a plan for 2025."""
    store = Store("shop")
    put(store, "purchases", {
        "customer_id": pa.array(["ann", "ann", "bob", None]),
        "campaign_id": pa.array(["a", "z", None, None], pa.string()),
        "ordered_at": when("2024-12-01", "2024-12-20", "2024-12-30", "2024-12-01"),
    })  # fmt: skip
    put(store, "surveys", {
        "customer_id": pa.array(["ann", "zoe", "yan", None]),
        "responded_at": when("2024-06-30", "2024-11-30", "2024-11-30", "2024-11-30"),
    })  # fmt: skip
    put(store, "campaigns", {
        "campaign_id": pa.array(["a", "b"]),
        "starts_on": pa.array(pd.to_datetime(["2024-12-21", "2025-02-01"]).date, pa.date32()),
    })  # fmt: skip
    return store


@pytest.fixture
def ledger() -> dict:
    return {
        "tables": {
            "surveys": entry((5, 4, 1), responded_at=(5, 5, 5), comment=(5, 0, 0)),
            "purchases": entry(
                (10, 4, 1),
                customer_id=(10, 8, 8),
                ordered_at=(10, 10, 5),
                campaign_id=(10, 4, 4),
            ),
            "campaigns": entry((2, 2, 0), campaign_id=(2, 2, 2), starts_on=(2, 2, 2)),
        }
    }


@pytest.fixture
def quality(store: Store, ledger: dict) -> pd.DataFrame:
    return information_quality(store, ledger, AS_OF)


def cell(quality: pd.DataFrame, table: str, field: str, what: str) -> float:
    return quality.set_index(["table", "field"]).loc[(table, field), what]


@pytest.mark.parametrize(
    ("table", "field", "expected"),
    [
        # complete, valid, consistent, score
        ("purchases", "customer_id", (0.8, 1, math.nan, 0.8)),  # nothing to hold it against
        ("purchases", "ordered_at", (1, 0.5, math.nan, 0.5)),
        ("purchases", "campaign_id", (0.4, 1, 0.5, 0.2)),  # a is a campaign, z is none
        ("surveys", "comment", (0, math.nan, math.nan, 0)),
        ("campaigns", "campaign_id", (1, 1, math.nan, 1)),
    ],
)
def test_columns_by_hand(quality: pd.DataFrame, table: str, field: str, expected: tuple) -> None:
    names = ("complete", "valid", "consistent", "score")
    found = [cell(quality, table, field, name) for name in names]
    assert found == pytest.approx(list(expected), nan_ok=True)


def test_a_customer_is_looked_up_in_customers_or_else_in_purchases(
    store: Store, ledger: dict
) -> None:
    ledger["tables"]["surveys"] = entry((5, 4, 1), customer_id=(5, 4, 4))
    found = information_quality(store, ledger, AS_OF)
    assert cell(found, "surveys", "customer_id", "consistent") == pytest.approx(1 / 3)
    put(store, "customers", {
        "customer_id": pa.array(["zoe", "yan"]), "signed_up_at": when("2024-01-01", "2024-01-01"),
    })  # fmt: skip
    ledger["tables"]["customers"] = entry((2, 2, 0), customer_id=(2, 2, 2))
    found = information_quality(store, ledger, AS_OF)
    assert cell(found, "surveys", "customer_id", "consistent") == pytest.approx(2 / 3)
    assert cell(found, "purchases", "customer_id", "consistent") == 0
    assert math.isnan(cell(found, "customers", "customer_id", "consistent"))


def test_tables_by_hand(quality: pd.DataFrame) -> None:
    tables = of_tables(quality).set_index("table")
    assert tables.index.tolist() == ["purchases", "surveys", "campaigns"]
    assert tables.unique_share.to_dict() == {"purchases": 0.8, "surveys": 0.8, "campaigns": 1}
    # The weakest column a table needs; a comment nobody wrote does not pull it down.
    assert tables.score.to_dict() == pytest.approx(
        {"purchases": 0.4, "surveys": 0.8, "campaigns": 1}
    )


def test_the_age_of_the_newest_row_that_is_known(quality: pd.DataFrame) -> None:
    tables = of_tables(quality).set_index("table")
    # A campaign planned for February does not make the table newer.
    assert tables.age_days.to_dict() == {"purchases": 1, "surveys": 31, "campaigns": 10}
    assert tables.newest["campaigns"] == pd.Timestamp("2024-12-21")


def test_the_weakest_column_comes_first(quality: pd.DataFrame) -> None:
    columns = of_columns(quality)
    assert (columns.table + "." + columns.field).tolist()[:3] == [
        "surveys.comment", "purchases.campaign_id", "purchases.ordered_at",
    ]  # fmt: skip
    assert columns.score.is_monotonic_increasing
    assert columns.columns.size <= 7


def test_a_table_without_rows_has_no_score(store: Store) -> None:
    put(store, "targets", {"period": pa.array([], pa.date32())})
    ledger = {"tables": {"targets": entry((0, 0, 0), period=(0, 0, 0))}}
    table = of_tables(information_quality(store, ledger, AS_OF)).iloc[0]
    assert math.isnan(table.score)
    assert math.isnan(table.unique_share)
    assert math.isnan(table.age_days)
