"""Databases: the rows a query gives, as text; a row's line is its place in the answer.

Without an ORDER BY a database may give its rows in another order each time, and then a line
number means nothing on the next day. Databases that are files are opened to be read only.
"""

import contextlib
import hashlib
import importlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import ibis
from ibis.common.exceptions import IbisError

from regulars import paths
from regulars.data.readers.cells import id_columns, texts
from regulars.data.readers.model import Job, Origin, Read, asked_of, distinct
from regulars.data.readers.records import judge_cells
from regulars.data.readers.staging import Staged, write_staged
from regulars.errors import DataError
from regulars.parameters import Source
from regulars.text import nearest

__all__ = ["database_of", "header_of_query", "read_query"]

KIND = "database"
BATCH = 10_000
DRIVERS = {"postgres": "psycopg", "postgresql": "psycopg", "mysql": "MySQLdb"}
"""Databases on a server, and the package that speaks to each."""

Rows = Iterator[Iterable[object]]
Answer = tuple[list[str], Rows]


def database_of(source: Source) -> Origin:
    """Return a source's database, named without anything secret.

    Raises
    ------
    DataError
        If its kind is not known, or its file is not there or not below the root.
    """
    kind, _, place = source.database.partition(":")
    query = hashlib.sha256(source.query.encode()).hexdigest()[:8]
    if kind in ("sqlite", "duckdb"):
        return Origin(f"{kind}:{place} (query {query})", _file(kind, place))
    if kind not in DRIVERS or not place.startswith("//"):
        known = ", ".join(("sqlite:PATH", "duckdb:PATH", *(f"{name}://…" for name in DRIVERS)))
        raise DataError(f"database {kind}: not a kind that can be read. Expected one of {known}.")
    return Origin(f"{kind}:{place.partition('?')[0]} (query {query})", None)


def header_of_query(origin: Origin, source: Source) -> list[str]:
    """Return the columns of a query's answer."""
    with _answered(origin, source) as (columns, _):
        return columns


def read_query(job: Job) -> Read:
    """Read a query's answer."""
    with _answered(job.origin, job.source) as (header, rows):
        columns = distinct(header, asked_of(job.source))
        named = id_columns(job.source)
        ids = [name in named for name in columns]
        with Staged(job.folder, columns) as staged:
            for number, row in enumerate(rows, 1):
                _take(staged, texts(row, ids=ids), number=number)
    return write_staged(job, staged, kind=KIND, lines=staged.rows + staged.malformed)


def _take(staged: Staged, cells: list[str | None], *, number: int) -> None:
    if reason := judge_cells(cells):
        staged.reject("\t".join(cell or "" for cell in cells), line=number, reason=reason)
    else:
        staged.add(cells, line=number)


def _file(kind: str, place: str) -> Path:
    if Path(place).is_absolute() or ".." in Path(place).parts or place.startswith("~"):
        raise DataError(f"database {kind}: expected a path below the project's root.")
    path = paths.root() / place
    if not path.is_file():
        beside = path.parent
        near = nearest(path.name, [p.name for p in beside.glob("*")] if beside.is_dir() else [])
        raise DataError(f"database {kind}: expected a file at {place}, found none{near or '.'}")
    return path


@contextlib.contextmanager
def _answered(origin: Origin, source: Source) -> Iterator[Answer]:
    """Run the query; its columns and rows are there inside the block."""
    kind = source.database.partition(":")[0]
    ask = {"sqlite": _ask_sqlite, "duckdb": _ask_duckdb}.get(kind, _ask_server)
    try:
        with ask(origin, source) as (columns, rows):
            if not columns:
                raise DataError(f"{origin.label}: the query gives no rows. Expected a SELECT.")
            yield columns, rows
    except _errors_of(kind, origin) as error:
        raise DataError(
            f"{origin.label}: the database refused the connection or the query "
            f"({type(error).__name__}). Try both with the database's own program."
        ) from None


def _errors_of(kind: str, origin: Origin) -> tuple[type[BaseException], ...]:
    if kind not in DRIVERS:
        return (sqlite3.Error, sqlite3.Warning, duckdb.Error)
    try:
        return (importlib.import_module(DRIVERS[kind]).Error, IbisError)
    except ImportError:
        raise DataError(
            f"{origin.label}: reading it needs a package that is not installed. "
            f"Install ibis-framework[{'mysql' if kind == 'mysql' else 'postgres'}]."
        ) from None


@contextlib.contextmanager
def _ask_sqlite(origin: Origin, source: Source) -> Iterator[Answer]:
    address = f"{origin.path.as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        connection.set_authorizer(_no_other_file)
        cursor = connection.execute(source.query)
        yield [column[0] for column in cursor.description or []], cursor


def _no_other_file(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


@contextlib.contextmanager
def _ask_duckdb(origin: Origin, source: Source) -> Iterator[Answer]:
    # Without access to files, a query can neither read nor write any other.
    limits = {"enable_external_access": "false"}
    with duckdb.connect(str(origin.path), read_only=True, config=limits) as connection:
        answer = connection.execute(source.query)
        yield [column[0] for column in answer.description or []], _fetched(answer)


def _fetched(answer: duckdb.DuckDBPyConnection) -> Rows:
    while rows := answer.fetchmany(BATCH):
        yield from rows


@contextlib.contextmanager
def _ask_server(origin: Origin, source: Source) -> Iterator[Answer]:
    backend = ibis.connect(source.database)
    try:
        answer = backend.sql(source.query.rstrip("; \n"))
        batches = answer.to_pyarrow_batches(chunk_size=BATCH)
        rows = (row for batch in batches for row in _rows_of(batch.to_pydict()))
        yield list(answer.columns), rows
    finally:
        backend.disconnect()


def _rows_of(columns: dict[str, list]) -> Rows:
    return zip(*columns.values(), strict=True)
