"""Databases: a query's answer as text; nothing but reading; nothing secret in a message."""

import contextlib
import sqlite3
from pathlib import Path

import duckdb
import ibis
import pytest

from regulars.data.files import check_source, fingerprint, origins_of
from regulars.data.sources import LINE, read
from regulars.errors import DataError
from regulars.parameters import Source

COLUMNS = {"customer_id": "who", "ordered_at": "day", "amount": "paid"}
QUERY = "SELECT who, day, paid FROM sales ORDER BY day"


def source(database: str, query: str = QUERY) -> Source:
    return Source(database=database, query=query, columns=COLUMNS)


def rows_of(folder: Path, asked: Source) -> dict[int, tuple]:
    (origin,) = origins_of(asked, table="purchases")
    kept: list[dict] = []

    def write(rows: ibis.Table) -> int:
        kept.extend(rows.to_pyarrow().to_pylist())
        return len(kept)

    told = read(ibis.duckdb.connect(), origin, asked, folder=folder, write=write)
    assert (told.rows, told.first_line, told.kind) == (len(kept), 0, "database")
    return {row.pop(LINE): tuple(row.values()) for row in kept}


@pytest.fixture
def sqlite(root: Path) -> Source:
    with contextlib.closing(sqlite3.connect(root / "shop.db")) as connection, connection:
        connection.execute("CREATE TABLE sales (who, day TEXT, paid REAL)")
        rows = [
            ("00042", "2024-01-05", 1.1),
            (7, "2024-01-06", 1e-7),
            (1.23e15, "2024-01-07", None),
        ]
        connection.executemany("INSERT INTO sales VALUES (?, ?, ?)", rows)
    return source("sqlite:shop.db")


@pytest.fixture
def duck(root: Path) -> Source:
    with duckdb.connect(str(root / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE sales (who BIGINT, day TIMESTAMP, paid DECIMAL(9, 2))")
        connection.execute(
            "INSERT INTO sales VALUES (6217000010001234567, '2024-01-05 13:14:15', 1.5), "
            "(7, '2024-01-06', NULL)"
        )
    return source("duckdb:shop.duckdb")


def test_sqlite(sqlite: Source, tmp_path_factory: pytest.TempPathFactory) -> None:
    check_source(sqlite, table="purchases")
    assert rows_of(tmp_path_factory.mktemp("folder"), sqlite) == {
        1: ("00042", "2024-01-05", "1.1"),
        2: ("7", "2024-01-06", "0.0000001"),
        3: ("1.23E+15", "2024-01-07", None),
    }


def test_duckdb(duck: Source, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert rows_of(tmp_path_factory.mktemp("folder"), duck) == {
        1: ("6217000010001234567", "2024-01-05 13:14:15", "1.50"),
        2: ("7", "2024-01-06 00:00:00", None),
    }


def test_a_label_has_a_hash_of_the_query_and_the_fingerprint_both(sqlite: Source) -> None:
    other = source(sqlite.database, QUERY + " DESC")
    origins = [origins_of(asked, table="purchases")[0] for asked in (sqlite, other)]
    assert origins[0].label.startswith("sqlite:shop.db (query ")
    assert origins[0].label != origins[1].label
    assert fingerprint(origins[0], sqlite) != fingerprint(origins[1], other)
    assert fingerprint(origins[0], sqlite) == fingerprint(origins[0], sqlite)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT who FROM nowhere", r"refused the connection or the query \(OperationalError\)"),
        ("DROP TABLE sales", r"\(OperationalError\)"),
        ("ATTACH 'other.db' AS other", r"\(DatabaseError\)"),
        ("SELECT who, day FROM sales", "column 'paid', which sqlite:shop.db .* does not have"),
    ],
)
def test_sqlite_refuses(root: Path, sqlite: Source, query: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_source(source(sqlite.database, query), table="purchases")
    assert not (root / "other.db").exists()


@pytest.mark.parametrize(
    "query", ["SELECT nothing", "DELETE FROM sales", "COPY sales TO '{root}/out.csv'"]
)
def test_duckdb_is_only_read(root: Path, duck: Source, query: str) -> None:
    with pytest.raises(DataError, match=r"refused the connection or the query"):
        check_source(source(duck.database, query.format(root=root)), table="purchases")
    assert not (root / "out.csv").exists()


@pytest.mark.parametrize(
    ("database", "message"),
    [
        ("sqlite:shops.db", r"expected a file at shops.db, found none\. Did you mean shop.db"),
        ("sqlite:../shop.db", "expected a path below the project's root"),
        ("oracle://host/shop", "database oracle: not a kind that can be read"),
        ("shop.db", "not a kind that can be read. Expected one of sqlite:PATH"),
    ],
)
def test_an_unknown_database_is_refused(sqlite: Source, database: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        origins_of(source(database), table="purchases")


def test_a_server_needs_its_package_and_its_label_has_no_secret(root: Path) -> None:
    asked = source("postgres://host/shop?password=sesame")
    (origin,) = origins_of(asked, table="purchases")
    assert origin.label.startswith("postgres://host/shop (query ")
    with pytest.raises(DataError, match="a package that is not installed") as refused:
        check_source(asked, table="purchases")
    assert "sesame" not in str(refused.value)
