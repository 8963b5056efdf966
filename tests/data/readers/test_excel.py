"""Excel: cells as the text a person sees, both epochs, errors, ids that lost digits."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from reading import rows_of

from regulars.data.files import check_source, header_of, origins_of
from regulars.errors import DataError
from regulars.parameters import Source

COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}
MOMENT = {"num_format": "yyyy-mm-dd hh:mm:ss"}


def source(**options: object) -> Source:
    return Source(**{"files": "shop.xlsx", "columns": COLUMNS, **options})


def test_a_hand_made_sheet(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with xlsxwriter.Workbook(root / "shop.xlsx") as book:
        book.add_worksheet("notes").write(0, 0, "nothing here")
        sheet, moment = book.add_worksheet("sales"), book.add_format(MOMENT)
        sheet.write_row("B3", ["who", "when", "paid", "note"])
        sheet.write_row("B4", [42, None, 1.1, True])
        sheet.write_datetime(
            "C4", dt.datetime(2024, 1, 5), book.add_format({"num_format": "d/m/yy"})
        )
        sheet.write_string("B6", "00042")
        sheet.write_datetime("C6", dt.datetime(2024, 1, 5, 13, 14, 15), moment)
        sheet.write_row("D6", [1e-7, "two\nlines"])
        sheet.write_row("B7", [6217000010001234567, 45296, 1.5e15])
        sheet.write_formula("E7", "=NA()", None, "#N/A")
        sheet.write_row("B8", [7, "5.1.2024"])
        sheet.write_formula("D8", "=1/0", None, "#DIV/0!")
        sheet.write_row("B9", [8, "x", 1, "", "", "beside the table"])
    found, malformed = rows_of(
        tmp_path_factory.mktemp("folder"), source(sheet="sales", skip_lines=2)
    )
    assert {line: list(row.values())[1:] for line, row in found.items()} == {
        4: ["42", "2024-01-05", "1.1", "true"],
        6: ["00042", "2024-01-05 13:14:15", "0.0000001", "two\nlines"],
        7: ["6.21700001000123E+18", "45296", "1500000000000000", "#N/A"],
        8: ["7", "5.1.2024", "#DIV/0!", None],
    }
    assert malformed == {9: ("line_malformed", "\t8\tx\t1\t\t\tbeside the table")}


@pytest.mark.parametrize("mac", [False, True])
def test_both_epochs_give_the_same_days(
    root: Path, tmp_path_factory: pytest.TempPathFactory, mac: bool
) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904 if mac else book.epoch
    book.active.append(["who", "when", "paid"])
    for day in (dt.datetime(2024, 1, 5), dt.datetime(2024, 2, 29, 10, 30), dt.date(1999, 12, 31)):
        book.active.append(["1", day, 2])
    book.save(root / "shop.xlsx")
    found, _ = rows_of(tmp_path_factory.mktemp("folder"), source())
    days = [row["when"] for row in found.values()]
    assert days == ["2024-01-05", "2024-02-29 10:30:00", "1999-12-31"]


def test_an_error_is_found_by_the_sheets_own_name(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "A & B"
    other = book.create_sheet("C")
    for sheet, error in ((book.active, "#REF!"), (other, "#NAME?")):
        sheet.append(["who", "when", "paid"])
        sheet.append(["1", "2", error])
        sheet["C2"].data_type = "e"
    book.save(root / "shop.xlsx")
    read_errors = {
        name: rows_of(tmp_path_factory.mktemp("folder"), source(sheet=name))[0][2]["paid"]
        for name in ("A & B", "C")
    }
    assert read_errors == {"A & B": "#REF!", "C": "#NAME?"}


def test_a_missing_sheet_lists_those_there_are(root: Path) -> None:
    with xlsxwriter.Workbook(root / "shop.xlsx") as book:
        book.add_worksheet("sales")
        book.add_worksheet("other")
    with pytest.raises(DataError, match=r"no sheet 'sale'\. Did you mean sales\? Its sheets are: "):
        check_source(source(sheet="sale"), table="purchases")
    with pytest.raises(DataError, match="the sheet is empty"):
        check_source(source(sheet="sales"), table="purchases")


def test_names_of_columns_are_text(root: Path) -> None:
    with xlsxwriter.Workbook(root / "shop.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["who", "when", "paid", 2024, "", "x"])
    (origin,) = origins_of(source(), table="purchases")
    assert header_of(origin, source()) == ["who", "when", "paid", "2024", "column_5", "x"]
