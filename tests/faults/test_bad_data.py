"""Bad data: the rows D1 to D11 of the list of faults, each from a file to the accepted rows."""

import gzip
import zipfile
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from delivered import COLUMNS, ORDERS, take, take_sources, write

from regulars.errors import DataError, ParameterError
from regulars.parameters import Source

HEAD = "who,when,paid,what\n"
TEXT = HEAD + "".join(f"{n:05d},2024-01-{n + 1:02d},{n}.50,Bücher und Öfen\n" for n in range(1, 9))
WITH_TEXT = {**COLUMNS, "category": "what"}


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("gb18030", "gb18030"), ("cp1252", "cp1252")],
)
def test_d1_encodings_are_read_as_declared(root: Path, codec: str, encoding: str) -> None:
    files = {"shop.csv": TEXT.encode(codec)}
    taken = take(root, files, columns=WITH_TEXT, encoding=encoding)
    assert taken.rows == (8, 8, 0, 0)
    assert set(taken.frame().category) == {"Bücher und Öfen"}
    assert taken.account["files"][0]["form"]["encoding"] == encoding
    # Nobody can see that the bytes of cp1252 are no GB18030; whoever declares it so, gets it so.
    for wrong in {"utf-8", "gb18030"} - {encoding} - ({"gb18030"} if codec == "cp1252" else set()):
        with pytest.raises(DataError, match=r"shop\.csv: (expected|declared as) "):
            take(root, files, columns=WITH_TEXT, encoding=wrong)


def test_d2_marks_are_declared_or_the_file_is_refused(root: Path) -> None:
    text = "who;when;paid\n1;2024-01-05;1.012,50\n2;2024-01-06;3\n"
    marks = {"delimiter": ";", "decimal": ",", "thousands": "."}
    assert take(root, text, **marks).money[1] == Decimal("1015.50")
    with pytest.raises(
        DataError, match=r"parted by ';': say so with sources\.purchases\.delimiter"
    ):
        take(root, text)
    commas = "who;when;paid\n1;2024-01-05;1,50\n2;2024-01-06;2,50\n"
    with pytest.raises(DataError, match="amount_unreadable 2"):
        take(root, commas, delimiter=";")
    # A decimal comma between commas shifts the columns: the line is rejected, not read askew.
    shifted = "who,when,paid\n1,2024-01-05,1.12\n1,2024-01-05,1,12\n2,2024-01-06,3.00\n"
    taken = take(root, shifted)
    assert (taken.rows, taken.reasons) == ((3, 2, 0, 1), {"line_malformed": 1})


def test_d3_a_date_is_what_was_declared_or_rejected_with_its_row(root: Path) -> None:
    text = "who,when,paid\n1,13/02/2024,1\n2,03/02/2024,2\n3,02/13/2024,4\n"
    taken = take(root, text, date_format="%d/%m/%Y")
    assert taken.frame().ordered_at.dt.strftime("%m-%d").tolist() == ["02-13", "02-03"]
    assert taken.reasons == {"ordered_at_unreadable": 1}
    assert taken.frame("rejected").source_line.tolist() == [4]
    with pytest.raises(ParameterError, match="read one text as two days"):
        take_sources({"purchases": {
            "files": "shop.csv", "columns": COLUMNS, "date_format": ["%d/%m/%Y", "%m/%d/%Y"],
        }})  # fmt: skip
    zones = "who,when,paid\n1,2024-01-05T20:30:00Z,1\n"
    taken = take(root, zones, rules={"timezone": "Asia/Shanghai"})
    assert str(taken.frame().ordered_at[0]) == "2024-01-06 04:30:00"
    with pytest.raises(DataError, match="ordered_at_unreadable 1"):
        take(root, zones)


def test_d3_excel_days(root: Path) -> None:
    with xlsxwriter.Workbook(root / "shop.xlsx") as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["who", "when", "paid"])
        sheet.write_row(1, 0, ["00042", None, 1.5])
        sheet.write_datetime(1, 1, pd.Timestamp("2024-01-05").to_pydatetime(), day)
    taken = take_sources({"purchases": Source(files="shop.xlsx", columns=COLUMNS)})
    assert str(taken.frame().ordered_at[0].date()) == "2024-01-05"
    serial = take(root, "who,when,paid\n00042,45296,1.5\n", date_format="excel")
    assert str(serial.frame().ordered_at[0].date()) == "2024-01-05"


def test_d4_ids_stay_or_are_refused(root: Path) -> None:
    whole = ["00042", "9007199254740993123", "００４２", "x-7"]
    spoiled = ["1.23E+15", "42.0"]
    lines = "".join(f"{one},2024-01-05,1\n" for one in [*whole, *spoiled])
    taken = take(root, "who,when,paid\n" + lines)
    assert taken.frame().customer_id.tolist() == ["00042", "9007199254740993123", "0042", "x-7"]
    assert taken.reasons == {"customer_id_spoiled": 2}


def test_d5_only_declared_words_are_missing(root: Path) -> None:
    text = HEAD + "NULL,2024-01-05,1,NA\nNA,2024-01-05,2,nan\n"
    taken = take(root, text, columns=WITH_TEXT)
    assert taken.frame().customer_id.tolist() == ["NULL", "NA"]
    assert taken.frame().category.tolist() == ["NA", "nan"]
    declared = take(root, text, columns=WITH_TEXT, missing=["NA"])
    assert declared.frame().category.isna().tolist() == [True, False]
    assert declared.flags == {"customer_id_missing": 1}


@pytest.mark.parametrize("end", ["2,25", "2,250", "2", ""])
def test_d6_a_last_line_that_may_be_cut_is_rejected(root: Path, end: str) -> None:
    text = "who;when;paid\n1;2024-01-05;1,50\n2;2024-01-06;" + end
    taken = take(root, text, delimiter=";", decimal=",")
    assert (taken.rows, taken.money[1]) == ((2, 1, 0, 1), Decimal("1.5"))
    assert taken.reasons == {"last_line_cut": 1}
    assert taken.frame("rejected").raw[0] == f"2;2024-01-06;{end}"


def test_d7_columns_are_found_by_name_or_missed(root: Path) -> None:
    moved = "note,paid,who,when\nx,1.50,1,2024-01-05\ny,2.50,2,2024-01-06,\n"
    taken = take(root, moved)
    assert taken.frame().customer_id.tolist() == ["1", "2"]
    for header, message in {
        "who,when,payed": "'paid', which shop.csv does not have. Did you mean payed",
        "1,2024-01-05,1.5": "'who', which shop.csv does not have",
        "who,when": "'paid', which shop.csv does not have.*Its columns are: who, when",
        "who,when,paid,paid": "the column 'paid' stands there twice",
    }.items():
        with pytest.raises(DataError, match=message):
            take(root, header + "\n1,2024-01-05,1.50\n")
    more = take(root, "who,when,paid\n1,2024-01-05,1.50\n2,2024-01-06,2.50,7\n")
    assert more.reasons == {"line_malformed": 1}


def test_d8_a_file_twice_an_overlap_and_a_correction(root: Path) -> None:
    head = "who,when,paid,no,what\n"
    january = head + "1,2024-01-05,10,A1,P1\n2,2024-01-25,20,A2,P1\n"
    files = {
        "a.csv": january,
        "b.csv": january,
        "c.csv": head + "2,2024-01-25,20,A2,P1\n3,2024-02-05,40,A3,P1\n",
        "d.csv": head + "1,2024-01-05,11,A1,P1\n",
    }
    latest = take(root, files, columns=ORDERS)
    assert (latest.rows, latest.money[1]) == ((7, 3, 4, 0), 11 + 20 + 40)
    assert latest.reasons == {"delivered_again": 1, "replaced_by_later": 1, "same_file": 2}
    first = take(root, files, columns=ORDERS, rules={"conflicts": "reject"})
    assert (first.rows, first.money[1]) == ((7, 3, 3, 1), 10 + 20 + 40)
    assert first.reasons["conflicts_with_earlier"] == 1


def test_d9_each_odd_row_has_its_action_and_its_money(root: Path) -> None:
    text = (
        "who,when,paid,kind,ccy\n"
        "1,2024-01-05,10,,EUR\n"
        "1,2024-01-06,-3,return,EUR\n"  # a return without a sale: accepted
        "1,2024-01-07,0,,EUR\n"
        "1,2024-01-08,4,return,EUR\n"  # a return that earns: rejected
        "1,2024-04-01,5,,EUR\n"  # after as_of
        "TEST,2024-01-09,6,,EUR\n"
        ",2024-01-10,7,,EUR\n"  # nobody's: kept for totals
        "2,2024-01-11,100,,USD\n"
    )
    columns = {**COLUMNS, "kind": "kind", "currency": "ccy"}
    taken = take(root, text, columns=columns, rules={"rates": {"USD": "0.9251"}})
    assert taken.rows == (8, 5, 0, 3)
    assert taken.money[1] == 10 - 3 + 0 + 7 + Decimal("92.51")
    assert taken.money[3] == 4 + 5 + 6
    assert taken.reasons == {
        "ordered_at_after_as_of": 1,
        "return_above_zero": 1,
        "test_customer": 1,
    }
    (flag,) = taken.account["flags"]
    assert (flag["reason"], flag["rows"], flag["money"]) == ("customer_id_missing", 1, "7.0000")
    with pytest.raises(DataError, match="neither the workbook's nor one of intake.rates"):
        take(root, text, columns=columns)


def test_d9_ids_that_are_one_customer(root: Path) -> None:
    write(root, "customer_id,same_as\ncust_7,cust_42\n", "same.txt")
    text = "who,when,paid\ncust_42,2024-01-05,1\nCUST-42,2024-01-06,2\nCust 7,2024-01-07,4\n"
    plain = take(root, text)
    assert plain.frame().customer_id.nunique() == 3
    rules = {"customer_ids": "normalise", "same_customers": "same.txt"}
    assert set(take(root, text, rules=rules).frame().customer_id) == {"CUST-42"}
    hidden = take(root, text, rules={**rules, "pseudonymise": True})
    assert len(set(hidden.frame().customer_id)) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty; expected a line with the column names"),
        ("who,when,paid\n", "a header and no rows"),
        ("\n\n", "the file is empty"),
    ],
)
def test_d10_nothing_there_is_said(root: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        take(root, text)


def test_d10_one_row_is_enough(root: Path) -> None:
    taken = take(root, "who,when,paid\n1,2024-01-05,1\n")
    assert (taken.account["oldest_day"], taken.account["newest_day"]) == ("2024-01-05",) * 2
    assert (taken.rows, taken.money[1]) == ((1, 1, 0, 0), 1)


def test_d11_what_no_text_has_is_rejected_with_its_reason(root: Path) -> None:
    lines = [
        "1,2024-01-05,1,fine",
        f"2,2024-01-05,2,{'x' * 70_000}",
        "3,2024-01-05,4,\0",
        "4,2024-01-05,8,\x1b[31mred",
        "5,2024-01-05,16,fine",
        "6,2024-01-05,32,fine",
    ]
    taken = take(root, HEAD + "\n".join(lines) + "\n", columns=WITH_TEXT)
    assert taken.reasons == {"cell_too_long": 1, "control_characters": 2}
    assert taken.money[1] == 1 + 16 + 32


@pytest.mark.parametrize("kind", ["shop.xlsx", "shop.csv.zip", "shop.csv.gz"])
def test_d11_a_bomb_is_refused(root: Path, kind: str) -> None:
    zeros = HEAD.encode() + b"0" * 60_000_000
    if kind.endswith(".gz"):
        (root / kind).write_bytes(gzip.compress(zeros))
    else:
        with zipfile.ZipFile(root / kind, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("shop.csv", zeros)
    with pytest.raises(DataError, match="at most . GB and 200 times its size, found more"):
        take_sources({"purchases": Source(files=kind, columns=COLUMNS)})
