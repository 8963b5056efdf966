"""Accepted tables made by hand, as intake leaves them, so that cleaning is tested by itself."""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.data.contract import TABLES
from regulars.data.store import Store

MONEY = pa.decimal128(18, 4)
TYPES = {
    **dict.fromkeys(("id", "text", "choice"), pa.string()),
    **dict.fromkeys(("money", "number", "whole"), MONEY),
    **dict.fromkeys(("date", "month"), pa.date32()),
    "time": pa.timestamp("us"),
    "flag": pa.bool_(),
}


def typed(kind: str, value: object) -> object:
    if value is None:
        return None
    if TYPES[kind] == MONEY:
        return Decimal(str(value))
    if kind == "time":
        return dt.datetime.fromisoformat(str(value))
    if kind in ("date", "month"):
        return dt.date.fromisoformat(str(value))
    return value


def accepted(table: str, rows: Iterable[dict]) -> pa.Table:
    """Return rows as intake would have typed them; a column that is not given is missing."""
    rows, fields = list(rows), TABLES[table].kept_fields()
    columns = {
        name: pa.array([typed(one.type, row.get(name)) for row in rows], TYPES[one.type])
        for name, one in fields.items()
    }
    lines = [row.get("source_line", number) for number, row in enumerate(rows, start=2)]
    return pa.table(
        {
            **columns,
            "source_file": pa.array(["shop.csv"] * len(rows), pa.string()),
            "source_line": pa.array(lines, pa.int64()),
        }
    )


def entry(rows: pa.Table, money: str) -> dict:
    """Return the ledger's entry of a table of which every row was accepted."""
    total = sum((value for value in rows[money].to_pylist() if value), Decimal(0)) if money else 0
    ways = {"in": len(rows), "accepted": len(rows), "merged": 0, "rejected": 0}
    return {
        **{f"rows_{way}": count for way, count in ways.items()},
        **{f"money_{way}": str(total if count else 0) for way, count in ways.items()},
        "money": money,
        "files": [],
        "fields": {},
    }


MakeShop = Callable[..., Store]


@pytest.fixture
def shop(root: Path) -> MakeShop:
    """Make a store in which intake has accepted these rows, by table; see `put_shop`."""
    return put_shop


def put_shop(tables: dict[str, list[dict]], *, workbook: str = "shop") -> Store:
    """Write accepted tables and their ledger to the store of a workbook."""
    store = Store(workbook)
    made = {name: accepted(name, rows) for name, rows in tables.items()}
    for name, rows in made.items():
        pq.write_table(rows, store.path(f"accepted/{name}"))
    entries = {name: entry(rows, TABLES[name].money) for name, rows in made.items()}
    store.write_ledger({"as_of": "2024-12-31", "currency": "EUR", "tables": entries})
    return store
