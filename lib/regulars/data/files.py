"""Files: where a source's rows come from, which columns stand there, and whether that will do."""

import hashlib
from collections import Counter
from pathlib import Path

from regulars import paths
from regulars.data.readers.columnar import header_of_parquet
from regulars.data.readers.database import database_of, header_of_query
from regulars.data.readers.delimited import header_of_text
from regulars.data.readers.excel import header_of_sheet
from regulars.data.readers.jsonlines import header_of_objects
from regulars.data.readers.model import Origin, asked_of, distinct, shown
from regulars.data.readers.opening import inner_suffix, is_packed
from regulars.errors import DataError
from regulars.parameters import Source
from regulars.text import nearest

__all__ = [
    "ENDINGS",
    "Origin",
    "check_source",
    "fingerprint",
    "header_of",
    "kind_of",
    "origins_of",
    "shown",
]

ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".parquet": "parquet",
    ".jsonl": "json lines",
    ".ndjson": "json lines",
}
"""What a file's ending says it is."""

PACKABLE = ("csv", "json lines")
HEADERS = {
    "csv": header_of_text,
    "excel": header_of_sheet,
    "parquet": header_of_parquet,
    "json lines": header_of_objects,
    "database": header_of_query,
}


def origins_of(source: Source, *, table: str) -> list[Origin]:
    """Return the files a source names, in the order of their names, or its one database."""
    if source.database:
        return [database_of(source)]
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
    sheet = f" [{source.sheet}]" if source.sheet else ""
    return [Origin(f"{shown(path)}{sheet}", path) for path in found]


def check_source(source: Source, *, table: str) -> None:
    """Refuse a source whose files or columns are not there, before anything runs.

    Columns of a file that are not mapped are no error.
    """
    for origin in origins_of(source, table=table):
        header = HEADERS[kind_of(origin, source)](origin, source)
        _check_columns(origin, header, source, table=table)


def header_of(origin: Origin, source: Source) -> list[str]:
    """Return the column names under which an origin's rows are read; each is there once.

    A column that is mapped has the file's own name. Another of the same name, or one without a
    name, gets one of its own; see `distinct`.
    """
    return distinct(HEADERS[kind_of(origin, source)](origin, source), asked_of(source))


def kind_of(origin: Origin, source: Source) -> str:
    """Return what an origin is: csv, excel, parquet, json lines or database."""
    if source.database:
        return "database"
    ending = inner_suffix(origin.path)
    if ending not in ENDINGS:
        raise DataError(
            f"{origin.label}: files ending in {ending or 'nothing'} cannot be read. "
            f"Expected one of {', '.join(ENDINGS)}; text may be packed as .gz or .zip."
        )
    if is_packed(origin.path) and ENDINGS[ending] not in PACKABLE:
        raise DataError(f"{origin.label}: {ending} files cannot be read packed. Unpack it first.")
    return ENDINGS[ending]


def fingerprint(origin: Origin, source: Source) -> str:
    """Return the SHA-256 of a file's bytes; for a database, of its file's bytes and the query.

    Of a database on a server only the address and the query count: what it holds is not seen.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "empty.csv"
    >>> path.touch()
    >>> source = Source(files="empty.csv", columns={"customer_id": "who"})
    >>> fingerprint(Origin("empty.csv", path), source)[:8]
    'e3b0c442'
    """
    if origin.path is None:
        return hashlib.sha256(f"{source.database}\n{source.query}".encode()).hexdigest()
    with origin.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    if source.database or source.sheet:
        digest.update(f"\n{source.query or source.sheet}".encode())
    return digest.hexdigest()


def _check_columns(origin: Origin, header: list[str], source: Source, *, table: str) -> None:
    for part, asked in (("columns", source.columns), ("attributes", source.attributes)):
        for our, their in asked.items():
            if their not in header:
                raise DataError(
                    f"sources.{table}.{part}: {our} is said to be the column {their!r}, which "
                    f"{origin.label} does not have{nearest(their, header) or '.'} "
                    f"Its columns are: {', '.join(header[:30])}.{_hint(header, table)}"
                )
    twice = [
        name for name, times in Counter(header).items() if times > 1 and name in asked_of(source)
    ]
    if twice:
        raise DataError(f"{origin.label}: the column {twice[0]!r} stands there twice. Rename one.")
    distinct(header, asked_of(source))


def _hint(header: list[str], table: str) -> str:
    seen = next((mark for mark in ";\t|," if len(header) == 1 and mark in header[0]), None)
    if seen is None:
        return ""
    mark = "a tab" if seen == "\t" else f"'{seen}'"
    return f" They look parted by {mark}: say so with sources.{table}.delimiter."
