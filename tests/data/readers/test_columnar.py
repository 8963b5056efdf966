"""Parquet: values of the file's own types become plain text."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.data.files import check_source, origins_of
from regulars.data.sources import Read, read
from regulars.errors import DataError
from regulars.parameters import Source

COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}
SOURCE = Source(files="shop.parquet", columns=COLUMNS)


def rows_of(folder: Path) -> tuple[list[dict], Read]:
    engine = ibis.duckdb.connect()
    (origin,) = origins_of(SOURCE, table="purchases")
    kept: list[dict] = []

    def write(rows: ibis.Table) -> int:
        assert {str(kind) for kind in rows.schema().values()} == {"string"}
        kept.extend(rows.to_pyarrow().to_pylist())
        return len(kept)

    return kept, read(engine, origin, SOURCE, folder=folder, write=write)


def test_a_hand_made_file(root: Path, tmp_path: Path) -> None:
    east = dt.timezone(dt.timedelta(hours=8))
    columns = {
        "who": pa.array([42, 6217000010001234567, None]),
        "when": pa.array([dt.datetime(2024, 1, 5), dt.datetime(2024, 1, 5, 13, 14, 15), None]),
        "paid": pa.array([1.1, -1.25e-7, float("nan")]),
        "large": pa.array([1.5e15, 2e20, 1e16]),
        "exact": pa.array([Decimal("1.50"), Decimal("-0.01"), None]),
        "day": pa.array([dt.date(2024, 1, 5)] * 3),
        "zoned": pa.array([dt.datetime(2024, 1, 5, 7, tzinfo=east)] * 3, pa.timestamp("us", "Asia/Shanghai")),
        "yes": pa.array([True, False, None]),
        "nested": pa.array([[1, 2], [], None]),
    }  # fmt: skip
    pq.write_table(pa.table(columns), root / "shop.parquet")
    found, told = rows_of(tmp_path)
    assert (told.rows, told.first_line, told.malformed, told.lines) == (3, 1, None, 3)
    assert {name: [row[name] for row in found] for name in columns} == {
        "who": ["42", "6217000010001234567", None],
        "when": ["2024-01-05 00:00:00", "2024-01-05 13:14:15", None],
        "paid": ["1.1", "-0.000000125", None],
        "large": ["1500000000000000", "200000000000000000000", "10000000000000000"],
        "exact": ["1.50", "-0.01", None],
        "day": ["2024-01-05"] * 3,
        "zoned": ["2024-01-04 23:00:00+00:00"] * 3,
        "yes": ["true", "false", None],
        "nested": ["[1,2]", "[]", None],
    }


def test_ids_that_are_floating_point_numbers_are_refused(root: Path, tmp_path: Path) -> None:
    columns = {"who": [1.0, 2.0], "when": ["a", "b"], "paid": [1, 2]}
    pq.write_table(pa.table(columns), root / "shop.parquet")
    with pytest.raises(DataError, match="the ids in the column 'who' are floating-point numbers"):
        rows_of(tmp_path)


def test_rows_that_were_not_written_are_noticed(root: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"who": [1], "when": ["a"], "paid": [1]}), root / "shop.parquet")
    check_source(SOURCE, table="purchases")
    (origin,) = origins_of(SOURCE, table="purchases")
    with pytest.raises(DataError, match="it holds 1 rows, but 0 were written"):
        read(ibis.duckdb.connect(), origin, SOURCE, folder=tmp_path, write=lambda rows: 0)
