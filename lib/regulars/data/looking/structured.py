"""Structured files: Excel, Parquet and JSON lines, whose cells become the text a source reads."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import duckdb
from python_calamine import CalamineError, CalamineWorkbook

from regulars.data.readers.opening import check_workbook
from regulars.errors import DataError

__all__ = ["objects_in", "sheets_of", "table_of"]

FIRST_OBJECTS = 1_000
MOST_ROWS = 2_000_000

Rows = tuple[Sequence[str], Iterable[Sequence[str]]]
"""Column names, and the rows under them."""


def sheets_of(path: Path, name: str) -> dict[str, list[list[str]]]:
    """Return the cells of each sheet of an Excel file as text, from its first row and column on."""
    check_workbook(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return {sheet: _cells(workbook, sheet) for sheet in workbook.sheet_names}
    except CalamineError:
        raise DataError(f"{name}: expected an Excel file (.xlsx), found something else.") from None


def table_of(path: Path, name: str) -> tuple[Rows, int]:
    """Return a Parquet file's columns and rows as text, of a large one the first, and how many."""
    engine = duckdb.connect()
    try:
        rows = engine.read_parquet(str(path))
    except duckdb.Error:
        raise DataError(f"{name}: expected a Parquet file, found something else.") from None
    as_text = ", ".join(f"CAST({_quoted(column)} AS VARCHAR)" for column in rows.columns)
    there = rows.count("*").fetchone()[0]
    return (rows.columns, _fetched(rows.limit(MOST_ROWS).project(as_text))), there


def objects_in(file: BinaryIO) -> Rows:
    """Return the columns of a file of JSON objects, one a line, and its rows as text."""
    objects = [one for line in file if (one := _object(line)) is not None]
    header = dict.fromkeys(key for one in objects[:FIRST_OBJECTS] for key in one)
    return list(header), ([_text(one.get(key)) for key in header] for one in objects)


def _cells(workbook: CalamineWorkbook, sheet: str) -> list[list[str]]:
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [[_text(cell) for cell in row] for row in rows]


def _fetched(rows: duckdb.DuckDBPyRelation) -> Iterator[Sequence[str]]:
    while batch := rows.fetchmany(50_000):
        for row in batch:
            yield [cell or "" for cell in row]


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _object(line: bytes) -> dict | None:
    try:
        found = json.loads(line, parse_int=str, parse_float=str)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(cell: object) -> str:
    """Return a cell as a reader gives it: 42.0 as 42, a date as ISO text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
