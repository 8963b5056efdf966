"""Forms, drafts and defects: a row of each kind, worked by hand."""

import datetime as dt
import gzip
import io
import json
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from regulars.data.simulate.columns import COLUMNS
from regulars.data.simulate.company import Company
from regulars.data.simulate.defects import Plan, half_line, misshapen, open_quote
from regulars.data.simulate.drafts import Draft, money_of
from regulars.data.simulate.excel import workbook
from regulars.data.simulate.forms import Form, cell, line
from regulars.data.simulate.headers import HEADERS, header
from regulars.data.simulate.interactions import _once as once

ROW = {
    "customer_id": "C000042", "ordered_at": "2024-03-05 14:02:11", "amount": "1234.50",
    "order_id": "100042", "product_id": "P0123", "category": "home", "quantity": "2",
    "unit_price": "617.25", "cost": "700.00", "discount": "0.00", "channel": "web",
    "region": "North", "campaign_id": "", "kind": "sale",
}  # fmt: skip
GERMAN = Form(
    "csv", delimiter=";", decimal=",", thousands=".", date_format="%d.%m.%Y", language="german"
)
AMERICAN = Form("csv", thousands=",", date_format="%m/%d/%Y", time_format="%I:%M:%S %p")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (
            Form("csv"),
            "C000042,2024-03-05 14:02:11,1234.50,100042,P0123,home,2,617.25,700.00,0.00,web,North,,sale",
        ),
        (
            GERMAN,
            "C000042;05.03.2024 14:02:11;1.234,50;100042;P0123;home;2;617,25;700,00;0,00;web;North;;sale",
        ),
        (
            AMERICAN,
            'C000042,03/05/2024 02:02:11 PM,"1,234.50",100042,P0123,home,2,617.25,700.00,0.00,web,North,,sale',
        ),
    ],
)
def test_one_row_in_three_forms(form: Form, expected: str) -> None:
    assert Draft("purchases", "p", form, [ROW]).line(ROW) == expected


@pytest.mark.parametrize(
    ("hour", "shown"),
    [("00", "12:05:09 AM"), ("12", "12:05:09 PM"), ("13", "01:05:09 PM"), ("11", "11:05:09 AM")],
)
def test_noon_and_midnight(hour: str, shown: str) -> None:
    assert cell(AMERICAN, "ordered_at", f"2024-03-05 {hour}:05:09") == f"03/05/2024 {shown}"


def test_every_date_form_reads_back() -> None:
    for form in (
        Form("csv", date_format=one) for one in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%d.%m.%Y")
    ):
        moment = dt.datetime.strptime(
            cell(form, "ordered_at", "2024-03-05 14:02:11"), f"{form.date_format} %H:%M:%S"
        )
        assert moment == dt.datetime(2024, 3, 5, 14, 2, 11)
        assert (
            dt.datetime.strptime(cell(form, "birth_date", "1987-11-30"), form.date_format).day == 30
        )


def test_what_is_no_clean_value_is_written_as_it_is() -> None:
    assert cell(GERMAN, "amount", "abc") == "abc"
    assert cell(GERMAN, "ordered_at", "") == ""
    assert cell(GERMAN, "ordered_at", "2024-02-31 10:00:00") == "31.02.2024 10:00:00"


def test_headers_have_as_many_names_as_columns() -> None:
    for table, language in HEADERS:
        names = header(table, language)
        assert len(names) == len(COLUMNS[table]), (table, language)
        assert len(set(names)) == len(names)


def test_files_hold_what_was_put_in(tmp_path: Path) -> None:
    for form in (
        Form("csv", packing="zip"),
        Form("tsv", delimiter="\t", packing="gzip"),
        Form("txt", delimiter="\t", encoding="utf-16"),
        Form("jsonl"),
        Form("parquet"),
        Form("xlsx", sheet="Export 2024Q1"),
    ):
        Draft("purchases", "p", form, [ROW, ROW]).write(tmp_path)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert archive.namelist() == ["p.csv"]
        assert archive.read("p.csv").decode().splitlines()[1] == line(
            Form("csv"), list(ROW.values())
        )
    text = gzip.decompress((tmp_path / "p.tsv.gz").read_bytes()).decode()
    assert text.splitlines()[2].split("\t") == list(ROW.values())
    assert (tmp_path / "p.txt").read_bytes().decode("utf-16").splitlines()[1].split("\t")[
        0
    ] == "C000042"
    record = json.loads((tmp_path / "p.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (record["amount"], record["quantity"], record["campaign_id"]) == (1234.5, 2, None)
    assert pd.read_parquet(tmp_path / "p.parquet").ordered_at[0] == pd.Timestamp(
        "2024-03-05 14:02:11"
    )


def test_a_workbook_has_real_dates_and_text_ids(tmp_path: Path) -> None:
    Draft("purchases", "p", Form("xlsx", sheet="Export 2024Q1"), [ROW]).write(tmp_path)
    sheets = pd.read_excel(tmp_path / "p.xlsx", sheet_name=None, engine="calamine")
    assert list(sheets) == ["Info", "Export 2024Q1"]
    found = sheets["Export 2024Q1"]
    assert found.ordered_at.dt.round("s")[0] == pd.Timestamp("2024-03-05 14:02:11")
    assert found.product_id[0] == "P0123"
    assert found.amount[0] == 1234.5


def test_a_workbook_has_the_same_bytes_later_and_runs_no_formula() -> None:
    sheets = {"Data": [["=1+1", "00042"], [dt.date(2024, 3, 5), 1.5]]}
    first = workbook(sheets)
    time.sleep(2.1)  # the zip format counts in steps of two seconds
    assert workbook(sheets) == first
    found = pd.read_excel(io.BytesIO(first), header=None, engine="calamine", dtype=object)
    assert found[0][0] == "=1+1"
    assert str(found[1][0]) == "00042"


def test_the_money_of_a_row_is_the_ledgers() -> None:
    assert money_of("purchases", ROW) == Decimal("1234.50")
    assert money_of("subscriptions", {"fee": "9.90"}) == Decimal("9.90")
    assert money_of("surveys", {"score": "9"}) == 0
    assert money_of("purchases", "C000042;half a line") == 0


def drafted(count: int = 6) -> Draft:
    rows = [ROW | {"order_id": str(100_000 + k), "amount": f"{k}.00"} for k in range(count)]
    return Draft("purchases", "p", GERMAN, rows)


def test_a_spoiled_row_is_extra_and_written_down() -> None:
    plan, draft = Plan(np.random.default_rng(7)), drafted()
    plan.spoil("no date", draft, column="ordered_at", values=("", ""), reason="ordered_at_missing")
    planted = [row for row in draft.rows if row["ordered_at"] == ""]
    assert len(draft.rows) == 8
    assert [row for row in draft.rows if row not in planted] == draft.clean
    assert not {row["order_id"] for row in planted} & {row["order_id"] for row in draft.clean}
    assert plan.defects == [
        {
            "defect": "no date",
            "table": "purchases",
            "file": "p.csv",
            "rows": 2,
            "money": str(sum(Decimal(row["amount"]) for row in planted)),
            "outcome": "rejected",
            "reason": "ordered_at_missing",
        }
    ]


def test_nothing_falls_between_lines_that_a_quote_binds() -> None:
    plan, draft = Plan(np.random.default_rng(7)), drafted()
    group = open_quote(draft, draft.clean[:3], column="category")
    assert [text.count('"') for text in group] == [1, 0, 1]
    plan.quote(draft, draft.clean[:3], column="category")
    with pytest.raises(ValueError, match="belong together"):
        plan.again(draft, draft.clean[:1])
    at = draft.rows.index(group[0])
    assert draft.rows[at : at + 3] == group


def test_misshapen_lines_have_the_wrong_number_of_fields() -> None:
    draft = drafted()
    assert misshapen(draft, ROW).count(";") == 14
    assert misshapen(draft, ROW, missing=3).count(";") == 10
    assert draft.line(ROW).startswith(half_line(draft, ROW))
    assert half_line(draft, ROW).count(";") < 13


def test_a_contact_stands_once() -> None:
    """Two of one customer, kind and second are one; the last lies after the last day."""
    company = Company(seed=7, years=1)
    who = np.array([3, 3, 4, 3, 5])
    second = np.array([50, 50, 50, 40, company.end])
    kept = once(company, who, second, np.array([1, 1, 1, 1, 1]), np.array([True] * 5))
    assert list(zip(kept.who, kept.second, strict=True)) == [(3, 40), (3, 50), (4, 50)]
