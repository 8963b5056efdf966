"""List files: a table for people who act, as CSV and XLSX, in which nothing can run.

Rows go through one after the other, so that memory stays bounded. See decision 0011.
"""

import datetime as dt
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from regulars.data.store import replacing

__all__ = ["EXCEL_ROWS", "safe_text", "write_csv", "write_xlsx"]

EXCEL_ROWS = 1_048_576
LONGEST_CELL = 32_767
SHEET = "Customers"
PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# At the start, and behind what another country's spreadsheet parts cells by.
STARTS = re.compile(r"(^|[;,|])(?=[\s\"']*[=+\-@＝＋－＠])")
HARMLESS = re.compile(r"(c-)?\w*")  # most cells; asking this first costs least

Row = Sequence[object]


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before.

    Signs that end a line or part cells in one become blanks.

    Examples
    --------
    >>> [safe_text(text) for text in ("=1+1", "wine", "a;=1+1", "-5 %")]
    ["'=1+1", 'wine', "a;'=1+1", "'-5 %"]
    """
    if HARMLESS.fullmatch(text):
        return text
    return STARTS.sub(r"\1'", CONTROLS.sub(" ", text))


def write_csv(
    path: Path, head: Mapping[str, str], columns: Sequence[str], rows: Iterable[Row], *, mode: int
) -> None:
    """Write a list as CSV: the head as lines that begin with ``#``, a header, then the rows.

    UTF-8 with a byte order mark, parted by commas. Texts stand in quotes and are `safe_text`,
    numbers do not; so ``pandas.read_csv(path, comment="#")`` reads the rows and nothing else.

    Parameters
    ----------
    path : Path
        Written beside its place, then renamed.
    head : mapping of str to str
        What the list is, a line each.
    columns : sequence of str
        Headers.
    rows : iterable of sequence
        Texts, numbers, days, truths or None.
    mode : int
        The file's permissions, such as ``0o600``.
    """
    with replacing(path) as beside:
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as file:
            file.writelines(f"# {_head_line(name, text)}\n" for name, text in head.items())
            file.writelines(",".join(map(_csv_cell, row)) + "\n" for row in _all(columns, rows))


def write_xlsx(
    path: Path, head: Mapping[str, str], columns: Sequence[str], rows: Iterable[Row], *, mode: int
) -> None:
    """Write a list as one sheet of an Excel workbook: the head, an empty row, a header, the rows.

    See `write_csv`. Texts are cells of text, whatever they begin with, and numbers are numbers.
    The same list gives the same bytes.
    """
    with replacing(path) as beside:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        with xlsxwriter.Workbook(beside, PLAIN | {"tmpdir": str(path.parent)}) as book:
            # The clock would change the bytes.
            book.set_properties({"created": dt.datetime(2026, 1, 1)})
            sheet = book.add_worksheet(SHEET)
            _write_sheet(book, sheet, [*head.items()], _all(columns, rows))


def _all(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    yield columns
    yield from rows


def _head_line(name: str, text: str) -> str:
    # A comma or semicolon would begin a cell of its own in a spreadsheet.
    return safe_text(re.sub(r"\s*[,;|\t]\s*", " · ", f"{name}: {text}").replace('"', "'"))


def _csv_cell(value: object) -> str:
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | float):
        return repr(value)
    text = value.isoformat() if isinstance(value, dt.date) else safe_text(str(value))
    return '"' + text.replace('"', '""') + '"'


def _plain(value: object) -> object:
    """Return a value without truths, times of day and numbers that are none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        return None
    return value


def _write_sheet(
    book: xlsxwriter.Workbook, sheet: Worksheet, head: list[tuple[str, str]], rows: Iterable[Row]
) -> None:
    formats = {
        "bold": book.add_format({"bold": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        # So that it stays text when somebody edits the cell.
        "text": book.add_format({"num_format": "@", "quote_prefix": True}),
    }
    for number, (name, text) in enumerate(head):
        _write_text(sheet, number, 0, f"{name}: {text}", formats["text"])
    first = len(head) + 1
    sheet.freeze_panes(first + 1, 1)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 100, 16)
    for number, row in enumerate(rows, start=first):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, formats, is_header=number == first)


def _write_cell(
    sheet: Worksheet,
    number: int,
    column: int,
    value: object,
    formats: Mapping[str, object],
    *,
    is_header: bool,
) -> None:
    value = _plain(value)
    if isinstance(value, Decimal | int | float):
        sheet.write_number(number, column, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(number, column, value, formats["day"])
    elif value is not None:
        shape = "bold" if is_header else "text"
        _write_text(sheet, number, column, str(value), formats[shape])


def _write_text(sheet: Worksheet, number: int, column: int, text: str, shape: object) -> None:
    sheet.write_string(number, column, CONTROLS.sub(" ", text)[:LONGEST_CELL], shape)
