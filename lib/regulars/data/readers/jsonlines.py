"""JSON lines: one object a line; numbers stay as they are written, so that no id loses a digit."""

import itertools
import json
from collections.abc import Iterator
from typing import TextIO

from regulars.data.readers.encodings import as_utf8, opened_text, undecodable
from regulars.data.readers.model import Job, Origin, Read, asked_of, distinct
from regulars.data.readers.records import judge_cells, physical_lines
from regulars.data.readers.staging import Staged, write_staged
from regulars.errors import DataError
from regulars.parameters import Source

__all__ = ["header_of_objects", "read_objects"]

KIND = "json lines"
LOOKED_AT = 1000
"""So many objects tell which columns there are."""


class _Number(str):
    """A number as it was written."""


def read_objects(job: Job) -> Read:
    """Read JSON lines; a line that is no object is malformed, a name an object has not is missing.

    Columns are the names in the first 1,000 objects, and all that are mapped.
    """
    header = header_of_objects(job.origin, job.source)
    columns = distinct(header, asked_of(job.source))
    path = as_utf8(job)
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file, Staged(job.folder, columns) as to:
            for number, line in enumerate(physical_lines(file), 1):
                _take(to, line, number=number, job=job, header=header)
    except UnicodeDecodeError:
        raise undecodable(job.origin, job.source) from None
    return write_staged(job, to, kind=KIND, lines=number)


def header_of_objects(origin: Origin, source: Source) -> list[str]:
    """Return the names in the first 1,000 objects, and further down those that are mapped."""
    asked = set(asked_of(source))
    found: dict[str, None] = {}
    with opened_text(origin, source) as text:
        for number, one in enumerate(_objects(text, source), 1):
            if number > LOOKED_AT and asked <= set(found):
                break
            found.update((name, None) for name in one if number <= LOOKED_AT or name in asked)
    if not found:
        raise DataError(f"{origin.label}: expected one JSON object a line, found none.")
    return list(found)


def _objects(text: TextIO, source: Source) -> Iterator[dict]:
    lines = itertools.islice(physical_lines(text), source.skip_lines, None)
    return (one for line in lines if (one := _object(line)) is not None)


def _take(staged: Staged, line: str, *, number: int, job: Job, header: list[str]) -> None:
    bare = line.rstrip("\r\n")
    if number <= job.source.skip_lines or not bare.strip():
        return
    one = _object(bare)
    if one is None:
        cut = bare == line and job.source.last_line == "reject"
        reason = "last_line_cut" if cut else judge_cells([bare]) or "line_malformed"
        staged.reject(bare, line=number, reason=reason)
        return
    cells = [_text(one.get(name)) for name in header]
    if reason := judge_cells(cells):
        staged.reject(bare, line=number, reason=reason)
    else:
        staged.add(cells, line=number)


def _object(line: str) -> dict | None:
    try:
        read = json.loads(line, parse_int=_Number, parse_float=_Number, parse_constant=_Number)
        json.dumps(read, ensure_ascii=False).encode()  # half a sign, such as \\ud800, is no text
    except (json.JSONDecodeError, RecursionError, UnicodeEncodeError):
        return None
    return read if isinstance(read, dict) else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return _json(value)


def _json(value: object) -> str:
    """Write a nested value as JSON, its numbers as they were."""
    if isinstance(value, dict):
        inner = (f"{json.dumps(name, ensure_ascii=False)}: {_json(v)}" for name, v in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
