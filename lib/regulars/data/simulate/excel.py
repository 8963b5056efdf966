"""Excel: workbooks with the same bytes every time, and zip archives likewise."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

__all__ = ["Cell", "workbook", "zipped"]

Cell = str | float | dt.datetime | dt.date | None
MADE = dt.datetime(2026, 1, 1)  # stands in the file; the clock would change its bytes
PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """Return the bytes of a workbook; text stays text, days are real date cells.

    Parameters
    ----------
    sheets : mapping
        Rows of cells by the sheet's name.

    Examples
    --------
    >>> workbook({"Data": [["day", "paid"], [dt.date(2024, 3, 5), 12.5]]})[:2]
    b'PK'
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, PLAIN) as book:
        book.set_properties({"created": MADE})
        formats = {
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value, formats.get(type(value)))
    return made.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files, without the time it was made.

    Examples
    --------
    >>> zipped({"a.csv": b"x"}) == zipped({"a.csv": b"x"})
    True
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()
