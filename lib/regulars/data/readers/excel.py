"""Excel: one sheet of a workbook, each cell as text; the line of a row is its number there."""

import zipfile
import zlib
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from regulars.data.readers.cells import id_columns, texts
from regulars.data.readers.model import Job, Origin, Read, asked_of, distinct
from regulars.data.readers.opening import check_workbook
from regulars.data.readers.records import judge_cells
from regulars.data.readers.sheet_errors import errors_of_sheet
from regulars.data.readers.staging import Staged, write_staged
from regulars.errors import DataError
from regulars.parameters import Source
from regulars.text import nearest

__all__ = ["header_of_sheet", "read_sheet"]

KIND = "excel"
Row = list[object]


def read_sheet(job: Job) -> Read:
    """Read a sheet; empty rows are skipped, and a cell outside the header's columns is refused.

    Dates come in ISO form, whichever day the workbook counts from; numbers as written, without
    the trailing ``.0`` they have inside; errors such as ``#N/A`` as their text.
    """
    header = header_of_sheet(job.origin, job.source)
    columns = distinct(header, asked_of(job.source))
    named = id_columns(job.source)
    ids = [name in named for name in columns]
    with Staged(job.folder, columns) as staged:
        for number, row in _rows_below(job.origin, job.source):
            _take(staged, row, number=number, ids=ids)
    lines = staged.rows + staged.malformed
    return write_staged(job, staged, kind=KIND, lines=lines)


def header_of_sheet(origin: Origin, source: Source) -> list[str]:
    """Return the column names as they stand in the sheet."""
    header = next((row for _, row in _rows(origin, source)), [])
    while header and header[-1] == "":
        header.pop()
    if not header:
        raise DataError(
            f"{origin.label}: the sheet is empty; expected a row with the column names."
        )
    return [str(text) for text in texts(header, ids=[False] * len(header))]


def _take(staged: Staged, row: Row, *, number: int, ids: list[bool]) -> None:
    beyond = any(cell != "" for cell in row[len(ids) :])
    row = [*row, *[""] * len(ids)][: max(len(ids), len(row) if beyond else 0)]
    cells = texts(row, ids=[*ids, *[False] * len(row)][: len(row)])
    reason = judge_cells(cells) or ("line_malformed" if beyond else "")
    if reason:
        staged.reject("\t".join(cell or "" for cell in cells), line=number, reason=reason)
    elif any(cells):
        staged.add(cells, line=number)


def _rows_below(origin: Origin, source: Source) -> Iterator[tuple[int, Row]]:
    rows = _rows(origin, source)
    next(rows, None)
    yield from rows


def _rows(origin: Origin, source: Source) -> Iterator[tuple[int, Row]]:
    """Give the sheet's rows with their numbers, from the header on."""
    check_workbook(origin.path)
    try:
        with CalamineWorkbook.from_path(str(origin.path)) as workbook:
            sheet = _sheet(workbook, origin, source)
            errors = errors_of_sheet(origin.path, sheet.name)
            yield from _from_header(_numbered(sheet, errors), source)
    except (CalamineError, zipfile.BadZipFile, zlib.error):
        raise DataError(
            f"{origin.label}: expected an Excel file (.xlsx), found a damaged or protected one. "
            "Open it and save it anew without a password."
        ) from None


def _from_header(rows: Iterator[tuple[int, Row]], source: Source) -> Iterator[tuple[int, Row]]:
    """Leave out the lines above the header, and empty rows before it."""
    begun = False
    for number, row in rows:
        begun = begun or (number > source.skip_lines and any(cell != "" for cell in row))
        if begun:
            yield number, row


def _sheet(workbook: CalamineWorkbook, origin: Origin, source: Source) -> CalamineSheet:
    names = workbook.sheet_names
    if source.sheet and source.sheet not in names:
        raise DataError(
            f"{origin.label}: there is no sheet {source.sheet!r}"
            f"{nearest(source.sheet, names) or '.'} Its sheets are: {', '.join(names)}."
        )
    return workbook.get_sheet_by_name(source.sheet or names[0])


def _numbered(
    sheet: CalamineSheet, errors: dict[tuple[int, int], str]
) -> Iterator[tuple[int, Row]]:
    """Give each row with its number and from column A on, though the sheet may begin later."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    places: dict[int, dict[int, str]] = {}
    for (row, column), text in errors.items():
        places.setdefault(row, {})[column] = text
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [*before, *cells]
        for column, text in places.get(number, {}).items():
            row.extend([""] * (column - len(row)))
            row[column - 1] = text
        yield number, row
