"""Delimited text: by the engine where the file is regular, else line by line in Python.

The engine reads ten times as fast, but what it does with blank lines, mixed line ends, unclosed
quotes and a cut last line is not what we promise. So one pass over the bytes first tells whether
there is any of that, and afterwards rows and physical lines must add up; if they do not, the file
is read again, carefully, and the careful rows count.
"""

import csv
import io
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis.expr.types as ir

from regulars.data.readers.encodings import as_utf8, opened_text, undecodable
from regulars.data.readers.model import LONGEST_CELL, Job, Origin, Read, asked_of, distinct
from regulars.data.readers.records import Records, physical_lines
from regulars.data.readers.scanning import Scan, scan
from regulars.data.readers.staging import Staged, write_staged
from regulars.errors import DataError
from regulars.parameters import Source

__all__ = ["header_of_text", "read_text"]

KIND = "csv"
LONGEST_TAIL = 1 << 22


def read_text(job: Job) -> Read:
    """Read a delimited text; see the module.

    Raises
    ------
    DataError
        If it is not written in the declared encoding.
    """
    header = header_of_text(job.origin, job.source)
    path = as_utf8(job)
    found = scan(path)
    if not found.utf8:
        raise undecodable(job.origin, job.source)
    return _read_quickly(job, path, found, header) or _read_carefully(job, path, found, header)


def header_of_text(origin: Origin, source: Source) -> list[str]:
    """Return the column names as they stand in the file, none left out."""
    try:
        with opened_text(origin, source) as text:
            header, _ = _header(physical_lines(text), source)
    except csv.Error:
        raise DataError(
            f"{origin.label}: a quote in the line with the column names is not closed, or "
            "stands inside a name. Close it, or take it out."
        ) from None
    if not header:
        raise DataError(
            f"{origin.label}: the file is empty; expected a line with the column names."
        )
    if any("\0" in name for name in header):
        raise DataError(
            f"{origin.label}: expected {source.encoding} text, found something else: UTF-16 "
            "without its mark, or no text at all. Save it as UTF-8."
        )
    return header


def _header(lines: Iterator[str], source: Source) -> tuple[list[str], int]:
    """Return the header, and the number of the line after it."""
    above = sum(1 for _ in itertools.islice(lines, source.skip_lines))
    reader = csv.reader(lines, delimiter=source.delimiter, strict=True)
    header = next((record for record in reader if record), [])
    return [name.removeprefix("\ufeff") for name in header], above + reader.line_num + 1


def _read_quickly(job: Job, path: Path, found: Scan, header: list[str]) -> Read | None:
    """Let the engine read the file; return nothing where that may not be right.

    No line gives two rows. So where there are as many rows as lines, each line is one.
    """
    cut = not found.ended and job.source.last_line == "reject"
    body = found.lines - 1 - job.source.skip_lines - cut
    # Where a tab is no delimiter it may stand around a cell, and only Python trims it.
    tab_in_cell = found.tabbed and job.source.delimiter != "\t"
    if not found.regular or tab_in_cell or body < 1:
        return None
    whole, last = _without_last(job, path) if cut else (path, "")
    try:
        written = job.write(_scanned(job, whole, header))
    except duckdb.InvalidInputException:
        return None
    if written != body:
        return None
    first = job.source.skip_lines + 2
    malformed = _reject_last(job, last, line=found.lines) if cut else None
    return Read(job.label, KIND, written, first_line=first, malformed=malformed, lines=found.lines)


def _scanned(job: Job, path: Path, header: list[str]) -> ir.Table:
    columns = distinct(header, asked_of(job.source))
    return job.engine.read_csv(
        str(path),
        auto_detect=False,
        header=True,
        skip=job.source.skip_lines,
        delim=job.source.delimiter,
        quote='"',
        escape='"',
        columns=dict.fromkeys(columns, "VARCHAR"),
        nullstr="",
        ignore_errors=True,
        max_line_size=LONGEST_CELL,  # in a longer line a cell may be too long
    )


def _without_last(job: Job, path: Path) -> tuple[Path, str]:
    """Copy all lines but the last, which has no line end; return the copy, and that line."""
    whole = job.folder / "whole"
    shutil.copyfile(path, whole)
    with whole.open("rb+") as file:
        start = max(0, file.seek(0, io.SEEK_END) - LONGEST_TAIL)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"\n") + 1
        file.truncate(start + at)
    return whole, tail[at:].decode("utf-8", "ignore")


def _reject_last(job: Job, raw: str, *, line: int) -> Path:
    """Put the last line aside as malformed."""
    with Staged(job.folder, ["none"]) as staged:
        staged.reject(raw, line=line, reason="last_line_cut")
    return staged.malformed_path


def _read_carefully(job: Job, path: Path, found: Scan, header: list[str]) -> Read:
    columns = distinct(header, asked_of(job.source))
    keep = job.source.last_line == "keep"
    with (
        path.open(encoding="utf-8-sig", newline="") as file,
        Staged(job.folder, columns) as staged,
    ):
        lines = physical_lines(file)
        _, first = _header(lines, job.source)
        records = Records(
            staged, fields=len(header), delimiter=job.source.delimiter, keep_last=keep
        )
        behind = records.read(lines, first_line=first)
    if behind - 1 != found.lines:
        raise DataError(
            f"{job.label}: {behind - 1:,} lines were read, but it has {found.lines:,}. "
            "It may have changed while it was read; run it again."
        )
    return write_staged(job, staged, kind=KIND, lines=found.lines)
