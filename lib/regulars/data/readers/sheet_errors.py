"""Sheet errors: the cells of a sheet that hold ``#N/A`` and the like, which calamine leaves empty.

An empty cell is a missing value, an error is a broken one, and the two must not be taken for each
other. So the sheet's own XML is searched for error cells.
"""

import html
import re
import zipfile
from pathlib import Path

__all__ = ["errors_of_sheet"]

CHUNK = 1 << 22
LONGEST = 1 << 16  # no error cell is longer, its formula included
MARK = b't="e"'
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)([0-9]+)"')
VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
SHEET = re.compile(rb"<(?:\w+:)?sheet [^>]*>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship [^>]*>")


def errors_of_sheet(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return row and column (from 1) of each error cell, and the error's text.

    Parameters
    ----------
    path : Path
        A workbook that `check_workbook` has let pass.
    sheet : str
        The sheet's name.
    """
    with zipfile.ZipFile(path) as workbook:
        part = _part_of(workbook, sheet)
        if part not in workbook.namelist():
            return {}
        return _errors(workbook, part)


def _errors(workbook: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    found, text = {}, b""
    with workbook.open(part) as xml:
        while chunk := xml.read(CHUNK):
            text = text[-LONGEST:] + chunk
            found.update(_error_cells(text))
    return found


def _error_cells(text: bytes) -> dict[tuple[int, int], str]:
    found, at = {}, -1
    while (at := text.find(MARK, at + 1)) >= 0:
        cell = CELL.match(text, text.rfind(b"<", 0, at))
        value = VALUE.search(text, at, at + LONGEST)
        if cell and value:
            found[int(cell[2]), _column(cell[1])] = value[1].decode()
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _part_of(workbook: zipfile.ZipFile, sheet: str) -> str:
    """Return the member of the zip file that holds a sheet; nothing where it is not told."""
    names = set(workbook.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return ""
    told = workbook.read("xl/workbook.xml")
    ids = {_value(tag, b"name"): _value(tag, b"r:id") for tag in SHEET.findall(told)}
    related = RELATION.findall(workbook.read("xl/_rels/workbook.xml.rels"))
    targets = {_value(tag, b"Id"): _value(tag, b"Target") for tag in related}
    target = targets.get(ids.get(sheet, ""), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _value(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return html.unescape(found[1].decode()) if found else ""
