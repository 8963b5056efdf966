"""Contents: what stands in the columns of a file, counted, whatever kind of file it is.

Files are read whole, for only the whole column proves its form. Of a text file larger than
200 MB, blocks from its beginning, middle and end are read, and the evidence says so.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from regulars import paths
from regulars.data.looking.delimited import last_line_of, layout_of, records_of
from regulars.data.looking.encoding import encoding_of
from regulars.data.looking.finding import Finding, counted
from regulars.data.looking.parts import part_of
from regulars.data.looking.structured import objects_in, sheets_of, table_of
from regulars.data.readers.opening import inner_suffix, opened
from regulars.errors import DataError

__all__ = ["Column", "Content", "contents_of"]

FIRST_LINES = 3_000
MOST_DISTINCT = 1_000_000
TEXT = (".csv", ".tsv", ".txt")
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Column:
    """One column: its name as the file has it, and how often each filled cell stands in it."""

    name: str
    counts: Counter
    complete: bool = True

    @cached_property
    def filled(self) -> int:
        """How many cells are filled."""
        return self.counts.total()


@dataclass(frozen=True)
class Content:
    """What stands in one file, or in one sheet of it."""

    path: Path
    columns: dict[str, Column] = field(default_factory=dict)
    rows: int = 0
    sample: list[Sequence[str]] = field(default_factory=list)
    """Some rows in the order of the file, in the order of `columns`."""

    equal: int = 0
    """Rows that are equal to an earlier one."""

    hashes: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64), repr=False)
    """A hash of each distinct row, to find it again in another file of the same columns."""

    form: dict[str, object] = field(default_factory=dict)
    """What a `Source` must declare, as far as it does not depend on the table."""

    findings: tuple[Finding, ...] = ()
    sheet: str = ""
    problem: str = ""
    """Why the file cannot be used, whatever it holds."""

    @property
    def label(self) -> str:
        """The file below the project's root, with its sheet."""
        name = self.path.relative_to(paths.root()).as_posix()
        return f"{name} [{self.sheet}]" if self.sheet else name

    def rows_of(self, name: str) -> list[str]:
        """Return the sample's cells of one column."""
        at = list(self.columns).index(name)
        return [row[at].strip() for row in self.sample]


def contents_of(path: Path, *, name: str, encoding: str = "") -> list[Content]:
    """Read a file, of any kind that can be a source; an Excel file has a content for each sheet.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        How messages call it.
    encoding : str
        How its text is written, where somebody knows.

    Raises
    ------
    DataError
        If its encoding cannot be told, or it has no line of column names.
    """
    suffix = inner_suffix(path)
    if suffix in TEXT:
        return [_text(path, name, encoding)]
    if suffix in LINES:
        with opened(path) as file:
            return [_structured(path, *objects_in(file))]
    if suffix == ".parquet":
        found, there = table_of(path, name)
        return [_whole_or_part(_structured(path, *found), there)]
    if suffix == ".xlsx":
        return _sheets(path, name)
    return [Content(path, problem=f"files ending in {suffix or 'nothing'} cannot be read")]


def _text(path: Path, name: str, encoding: str) -> Content:
    with part_of(path) as (file, part):
        known = Finding("encoding", encoding, "it was given with --encoding")
        known = known if encoding else encoding_of(file, name=name)
        file.seek(0)
        codec = "utf-8-sig" if known.decided == "utf-8" else known.decided
        try:
            with _decoded(file, codec) as lines:
                return _delimited(path, lines, (known, part), name)
        except UnicodeDecodeError:
            raise DataError(
                f"{name}: is not {known.decided} text throughout. Give another with --encoding, "
                "or save it as UTF-8."
            ) from None


@contextmanager
def _decoded(file: BinaryIO, codec: str) -> Iterator[io.TextIOWrapper]:
    """Decode a file that somebody else closes."""
    lines = io.TextIOWrapper(file, codec, newline="")
    try:
        yield lines
    finally:
        lines.detach()


def _delimited(
    path: Path, lines: io.TextIOWrapper, about: tuple[Finding, str], name: str
) -> Content:
    known, part = about
    layout = layout_of(list(islice(lines, FIRST_LINES)), name=name)
    if layout is None:
        return Content(path, problem="no sign parts its lines into fields")
    lines.seek(0)
    watched = _Watched(lines)
    content = _counted(path, layout.header, records_of(iter(watched), layout))
    ending = last_line_of(watched.last, content.sample, layout)
    form = {"encoding": known.decided, "delimiter": layout.delimiter}
    form |= {"skip_lines": layout.skip_lines, "last_line": ending.decided if ending else "reject"}
    findings = [known, *layout.findings, *([ending] if ending else [])]
    if part:
        findings = [f.doubted(part) if f.what == "encoding" else f for f in findings]
    return replace(content, form=form, findings=(*findings, *content.findings))


class _Watched:
    """Lines of a file as they go by; the last one is kept, for it may be cut."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines, self.last = lines, ""

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.last = line
            yield line


def _counted(
    path: Path, header: Sequence[str], batches: Iterable[tuple[list[list[str]], int]]
) -> Content:
    """Count the cells of each column, batch by batch: only distinct ones stay in memory."""
    counts: list[Counter] = [Counter() for _ in header]
    seen: set[int] = set()
    rows, malformed, sample = 0, 0, []
    for records, bad in batches:
        rows, malformed = rows + len(records), malformed + bad
        sample += records[: FIRST_LINES - len(sample)]
        seen.update(map(hash, map(tuple, records)))
        for counter, cells in zip(counts, zip(*records, strict=True), strict=False):
            if len(counter) < MOST_DISTINCT:
                counter.update(cells)
    columns = [_column(*pair) for pair in zip(header, counts, strict=True)]
    bad_lines = Finding("rows", "rejected", f"{counted(malformed, 'line')} of another width")
    return Content(
        path,
        _by_name(columns),
        rows,
        _of_named(sample, columns),
        rows - len(seen),
        np.fromiter(seen, np.int64, len(seen)),
        findings=(bad_lines,) if malformed else (),
    )


def _column(name: str, counts: Counter) -> Column:
    bare: Counter = Counter()
    for text, times in counts.items():
        if text and (text := text.strip()):
            bare[text] += times
    return Column(name, bare, len(counts) < MOST_DISTINCT)


def _by_name(columns: list[Column]) -> dict[str, Column]:
    """Return the columns that a name tells apart."""
    names = Counter(column.name for column in columns)
    return {c.name: c for c in columns if c.name.strip() and names[c.name] == 1}


def _of_named(sample: list[list[str]], columns: list[Column]) -> list[list[str]]:
    named = _by_name(columns)
    places = [at for at, column in enumerate(columns) if column.name in named]
    return [[row[at] for at in places] for row in sample]


def _structured(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Content:
    """Take the content of a file whose cells a reader has turned into text."""
    rows = iter(rows)
    batches = iter(lambda: [list(row) for row in islice(rows, 5_000)], [])
    return _counted(path, header, ((batch, 0) for batch in batches))


def _whole_or_part(content: Content, there: int) -> Content:
    """Say so where not all rows that there are were looked at."""
    if content.rows == there:
        return content
    because = f"the file has {there:,}, and only these were looked at, since it is large"
    part = Finding("rows", f"the first {content.rows:,}", because, sure=False)
    return replace(content, findings=(part, *content.findings))


def _sheets(path: Path, name: str) -> list[Content]:
    found = []
    sheets = sheets_of(path, name)
    for sheet, cells in sheets.items():
        # A sheet is laid out as a text file is: a title may stand above its header.
        at = next((n for n, row in enumerate(cells) if _is_full(row, cells)), None)
        if at is None:
            found.append(Content(path, problem="the sheet is empty", sheet=sheet))
            continue
        rows = [row for row in cells[at + 1 :] if any(row)]
        content = _structured(path, cells[at], rows)
        form = {"sheet": sheet if len(sheets) > 1 else "", "skip_lines": at}
        found.append(replace(content, form=form, sheet=sheet))
    return found


def _is_full(row: Sequence[str], cells: Sequence[Sequence[str]]) -> bool:
    filled = [sum(bool(cell) for cell in one) for one in cells[:FIRST_LINES]]
    return sum(map(bool, row)) >= max(2, 0.6 * max(filled))
