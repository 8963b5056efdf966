"""Files: which files a source names, what stands in their first line, and whether that will do."""

import csv
from pathlib import Path

import duckdb
import ibis

from regulars import paths
from regulars.errors import DataError
from regulars.parameters import Source
from regulars.text import nearest

__all__ = ["CSV_ENDINGS", "check_source", "files_of", "header_of", "shown"]

CSV_ENDINGS = (".csv", ".tsv", ".txt")


def files_of(source: Source, *, table: str) -> list[Path]:
    """Return the files a source names, in the order of their names."""
    folder = paths.root()
    found = sorted(p for p in folder.glob(source.files) if p.is_file())
    if not found:
        asked = Path(source.files)
        beside = folder / asked.parent
        near = nearest(asked.name, [p.name for p in beside.glob("*")] if beside.is_dir() else [])
        raise DataError(
            f"sources.{table}.files: expected a file at {source.files}, found none{near or '.'} "
            "Put the file there, or correct the path; paths start at the project's root."
        )
    return found


def check_source(source: Source, *, table: str) -> None:
    """Refuse a source whose files or columns are not there, before anything runs."""
    for path in files_of(source, table=table):
        _check_columns(path, header_of(path, source), source, table=table)


def header_of(path: Path, source: Source) -> list[str]:
    """Return a file's column names, or say why they cannot be had."""
    name = shown(path)
    if path.suffix == ".parquet":
        try:
            return list(ibis.duckdb.connect().read_parquet(str(path)).columns)
        except duckdb.Error:
            raise DataError(f"{name}: expected a Parquet file, found something else.") from None
    if path.suffix not in CSV_ENDINGS:
        raise DataError(
            f"{name}: files ending in {path.suffix or 'nothing'} cannot be read. "
            f"Expected one of {', '.join((*CSV_ENDINGS, '.parquet'))}."
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file, delimiter=source.delimiter), [])
    except UnicodeDecodeError:
        raise DataError(f"{name}: expected UTF-8 text, found another encoding.") from None
    if not header:
        raise DataError(f"{name}: the file is empty; expected a line with the column names.")
    twice = {column for column in header if header.count(column) > 1}
    if twice:
        raise DataError(f"{name}: the column {min(twice)!r} stands there twice. Rename one.")
    return header


def _check_columns(path: Path, header: list[str], source: Source, *, table: str) -> None:
    for ours, theirs in source.columns.items():
        if theirs not in header:
            raise DataError(
                f"sources.{table}.columns: {ours} is said to be the column {theirs!r}, which "
                f"{shown(path)} does not have{nearest(theirs, header) or '.'} "
                f"Its columns are: {', '.join(header[:30])}.{_delimiter_hint(header, table)}"
            )


def _delimiter_hint(header: list[str], table: str) -> str:
    seen = next((mark for mark in ";\t|" if len(header) == 1 and mark in header[0]), None)
    if seen is None:
        return ""
    shown = "a tab" if seen == "\t" else f"'{seen}'"
    return f" They look parted by {shown}: say so with sources.{table}.delimiter."


def shown(path: Path) -> str:
    """Name a file below the project's root, as it may stand in a message or on a page."""
    return path.relative_to(paths.root()).as_posix()
