"""What goes into a reader and comes out of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars import paths
from regulars.errors import DataError
from regulars.parameters import Source

__all__ = ["LINE", "LONGEST_CELL", "Job", "Origin", "Read", "asked_of", "distinct", "shown"]

LINE = "__line"
"""Our own column beside a file's: the line a row began on."""

LONGEST_CELL = 1 << 16
"""The most characters a cell may have."""


@dataclass(frozen=True)
class Origin:
    """Where rows come from: a file, or a query to a database.

    `label` is what may be shown: the file below the project's root, or the database's address
    without anything secret and a short hash of the query. `path` is the file, where there is one.
    """

    label: str
    path: Path | None


@dataclass(frozen=True)
class Read:
    """What was read of one origin.

    `rows` is how many rows were written. `first_line` is the line of the first row where the rows
    had no column ``__line`` (then a row's line is its position and this), else 0. `malformed` is a
    Parquet file with source_line (int64), reason and raw (text), or None where every line was a
    row. `lines` counts the physical lines of a text, or the records of anything else.
    """

    label: str
    kind: str
    rows: int
    first_line: int
    malformed: Path | None
    lines: int


@dataclass(frozen=True)
class Job:
    """One origin to read: with which engine, as what, and who writes the rows."""

    engine: ibis.BaseBackend
    origin: Origin
    source: Source
    folder: Path
    write: Callable[[ir.Table], int]

    @property
    def label(self) -> str:
        """The origin's name, as it may be shown."""
        return self.origin.label


def shown(path: Path) -> str:
    """Name a file below the project's root, as it may stand in a message or on a page."""
    return path.relative_to(paths.root()).as_posix()


def asked_of(source: Source) -> list[str]:
    """Return the file's names of all columns a source asks for."""
    return [*source.columns.values(), *source.attributes.values()]


def distinct(names: Sequence[str], mapped: Iterable[str]) -> list[str]:
    """Return a header with a name of its own for each column, as the engine needs it.

    The engine does not tell capitals from small letters. A mapped column keeps its name; another
    that is called the same gets a number, and one without a name its place.

    Raises
    ------
    DataError
        If two mapped columns differ in nothing but capitals.

    Examples
    --------
    >>> distinct(["Date", "date", "", "note", "note"], ["date"])
    ['Date_2', 'date', 'column_3', 'note', 'note_2']
    """
    mapped = [name for name in dict.fromkeys(mapped) if name in names]
    taken = {LINE, *(name.casefold() for name in mapped)}
    if len(taken) <= len(mapped):
        raise DataError(
            f"the columns {', '.join(map(repr, mapped))}: two of them differ only in capitals. "
            "Rename one in the file."
        )
    found, left = [], set(mapped)
    for place, name in enumerate(names, 1):
        if name in left:
            left.discard(name)
            found.append(name)
            continue
        found.append(_free(name or f"column_{place}", taken))
        taken.add(found[-1].casefold())
    return found


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free.casefold() in taken:
        free, number = f"{name}_{number}", number + 1
    return free
