"""Intake: a hand-worked file, then properties that must hold for any file."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.data.intake import take_in
from regulars.data.store import Store
from regulars.errors import DataError, LedgerError
from regulars.parameters import Source

AS_OF = dt.date(2024, 3, 31)
COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}

# Line 1 is the header. Accepted: 2, 3, 7, 8, 11, 13, 16 = 7 rows, 10 + 20.5 - 5 + 0 + .01 + 7 + 1.
HAND = """who,when,paid,note
00042,2024-01-05,10.00,
00042,2024-01-06,20.50,"a, b"
,2024-01-07,3.00,no customer
7,2024-02-30,4.00,no such day
7,2024-04-01,5.00,after as_of
7,2024-03-31,-5.00,a return
8,2024-03-30 23:59:59,0,free
9,2024-01-01,abc,no amount
9,,6.00,no date
10,2024-01-02,.01,
   ,2024-13-01,x,three things wrong
11,"2024-01-03",7,"two
lines"
12,2024-01-04,"1,000.00",thousands
13,2024-01-04,1.00,
14,2024-01-04
15,2024-01-04,2.00,one,field too many
"""


def write(root: Path, text: str, name: str = "shop.csv") -> Source:
    (root / name).write_text(text, encoding="utf-8")
    return Source(files=name, columns=COLUMNS)


def take(root: Path, text: str, **options: object) -> tuple[Store, dict]:
    store = Store("shop")
    source = write(root, text).model_copy(update=options)
    return store, take_in(store, {"purchases": source}, as_of=AS_OF)


def test_hand_worked_file(root: Path) -> None:
    store, ledger = take(root, HAND)
    entry = ledger["tables"]["purchases"]
    counts = {k: entry[f"rows_{k}"] for k in ("in", "accepted", "merged", "rejected")}
    assert counts == {"in": 16, "accepted": 7, "merged": 0, "rejected": 9}
    assert Decimal(entry["money_accepted"]) == Decimal("33.51")
    assert Decimal(entry["money_rejected"]) == 3 + 4 + 5 + 6
    assert {r["reason"]: r["rows"] for r in entry["reasons"]} == {
        "line_malformed": 2,
        "customer_id_missing": 2,
        "ordered_at_unreadable": 2,
        "ordered_at_after_as_of": 1,
        "amount_unreadable": 2,
    }
    assert Decimal(entry["money_in"]) == Decimal("51.51")


def test_every_row_keeps_its_file_and_line(root: Path) -> None:
    store, _ = take(root, HAND)
    accepted = store.read("accepted/purchases").execute()
    rejected = store.read("rejected/purchases").execute()
    assert accepted.source_line.tolist() == [2, 3, 7, 8, 11, 13, 16]
    assert sorted(rejected.source_line) == [4, 5, 6, 9, 10, 12, 15, 17, 18]
    assert set(accepted.source_file) | set(rejected.source_file) == {"shop.csv"}


def test_rejected_rows_keep_all_reasons_and_the_text_they_came_as(root: Path) -> None:
    store, _ = take(root, HAND)
    rejected = store.read("rejected/purchases").execute().set_index("source_line")
    assert rejected.reasons[12] == "customer_id_missing ordered_at_unreadable amount_unreadable"
    assert (
        rejected.raw[12]
        == '{"who":"   ","when":"2024-13-01","paid":"x","note":"three things wrong"}'
    )
    assert rejected.raw[18] == "15,2024-01-04,2.00,one,field too many"


def test_an_id_stays_text(root: Path) -> None:
    store, _ = take(root, HAND)
    assert store.read("accepted/purchases").execute().customer_id[0] == "00042"


@pytest.mark.parametrize(
    ("date_format", "text", "day"),
    [
        ("ISO", "2024-01-05", "2024-01-05"),
        ("ISO", "2024-01-05 13:14:15", "2024-01-05"),
        ("%Y%m%d", "20240105", "2024-01-05"),
        ("%d/%m/%Y", "5/1/2024", "2024-01-05"),
        ("%d/%m/%Y", "05/01/2024", "2024-01-05"),
        ("%m/%d/%Y", "05/01/2024", None),  # the first of May lies after as_of
        ("%Y%m%d", "2024015", None),  # seven digits: DuckDB alone would read January 5th
        ("%Y%m%d", "2024-01-05", None),
        ("ISO", "2024-01-05T23:30:00+09:00", None),  # a zone would silently move the day
        ("ISO", "05/01/2024", None),
        ("ISO", "infinity", None),
        ("ISO", "2024-01-05 (BC)", None),
        ("ISO", "1899-12-31", None),
    ],
)
def test_a_date_is_read_as_declared_or_rejected(
    root: Path, date_format: str, text: str, day: str | None
) -> None:
    first = pd.Timestamp("2024-01-01").strftime("%Y-%m-%d" if date_format == "ISO" else date_format)
    store, _ = take(root, f"who,when,paid\n1,{first},1\n2,{text},1\n", date_format=date_format)
    read = store.read("accepted/purchases").execute().set_index("customer_id").ordered_at
    assert ("2" in read.index) == (day is not None)
    if day:
        assert str(read["2"].date()) == day


def test_quantity_times_price_makes_an_amount(root: Path) -> None:
    (root / "shop.csv").write_text("who,when,n,price\n1,2024-01-01,3,2.50\n")
    columns = {"customer_id": "who", "ordered_at": "when", "quantity": "n", "unit_price": "price"}
    store = Store("shop")
    take_in(store, {"purchases": Source(files="shop.csv", columns=columns)}, as_of=AS_OF)
    assert store.read("accepted/purchases").execute().amount[0] == Decimal("7.5")


def test_several_files_are_one_table_and_each_has_its_ledger(root: Path) -> None:
    write(root, "who,when,paid\n1,2024-01-01,1\n", "2024-01.csv")
    write(root, "who,when,paid\n1,2024-02-01,2\n,2024-02-01,4\n", "2024-02.csv")
    source = Source(files="2024-*.csv", columns=COLUMNS)
    ledger = take_in(Store("shop"), {"purchases": source}, as_of=AS_OF)
    files = ledger["tables"]["purchases"]["files"]
    assert [(f["file"], f["rows_in"], f["rows_rejected"]) for f in files] == [
        ("2024-01.csv", 1, 0),
        ("2024-02.csv", 2, 1),
    ]


def test_parquet_gives_what_csv_gives(root: Path) -> None:
    frame = pd.DataFrame(
        {
            "who": ["00042", None, "7"],
            "when": pd.to_datetime(["2024-01-05", "2024-01-06", "2024-05-01"]),
            "paid": [10.0, 3.0, 5.0],
        }
    )
    frame.to_parquet(root / "shop.parquet")
    source = Source(files="shop.parquet", columns=COLUMNS)
    ledger = take_in(Store("shop"), {"purchases": source}, as_of=AS_OF)
    entry = ledger["tables"]["purchases"]
    assert (entry["rows_in"], entry["rows_accepted"], entry["rows_rejected"]) == (3, 1, 2)
    assert Store("shop").read("accepted/purchases").execute().customer_id[0] == "00042"


def test_as_of_before_the_first_purchase_says_so(root: Path) -> None:
    write(root, "who,when,paid\n1,2024-05-05,1\n")
    source = Source(files="shop.csv", columns=COLUMNS)
    with pytest.raises(DataError, match="as_of is 2024-03-31, but the first row .* 2024-05-05"):
        take_in(Store("shop"), {"purchases": source}, as_of=AS_OF)


def test_nothing_usable_says_why(root: Path) -> None:
    with pytest.raises(DataError, match=r"all 1 were rejected \(ordered_at_unreadable 1\)"):
        take(root, "who,when,paid\n1,5.1.2024,1\n")


def test_a_header_without_rows_says_so(root: Path) -> None:
    with pytest.raises(DataError, match="a header and no rows"):
        take(root, "who,when,paid\n")


CELL = st.one_of(
    st.sampled_from(["", "  ", "00042", "2024-01-05", "2024-09-09", "-3.5", "10", "1e3", "x"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8),
)
ROW = st.tuples(CELL, CELL, CELL)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(ROW, max_size=12))
def test_no_row_vanishes(root: Path, rows: list[tuple[str, str, str]]) -> None:
    good = pd.DataFrame([("1", "2024-01-01", "1"), *rows], columns=["who", "when", "paid"])
    store = Store("shop")
    good.to_csv(root / "shop.csv", index=False)
    ledger = take_in(store, {"purchases": Source(files="shop.csv", columns=COLUMNS)}, as_of=AS_OF)
    entry = ledger["tables"]["purchases"]
    assert entry["rows_in"] == len(good)
    lines = [
        line
        for name in ("accepted/purchases", "rejected/purchases")
        for line in store.read(name).source_line.execute()
    ]
    assert len(lines) == len(set(lines)) == len(good)


def test_a_product_beyond_the_engine_s_range_is_rejected(root: Path) -> None:
    lines = "1,2024-01-01,3,2.50\n2,2024-01-01,99999999999,99999999999\n"
    (root / "shop.csv").write_text("who,when,n,price\n" + lines)
    columns = {"customer_id": "who", "ordered_at": "when", "quantity": "n", "unit_price": "price"}
    store = Store("shop")
    ledger = take_in(store, {"purchases": Source(files="shop.csv", columns=columns)}, as_of=AS_OF)
    reasons = {r["reason"]: r["rows"] for r in ledger["tables"]["purchases"]["reasons"]}
    assert reasons == {"amount_unreadable": 1}
    assert str(store.read("accepted/purchases").schema()["amount"]) == "decimal(18, 4)"


def test_a_column_of_the_file_may_be_called_as_ours_are(root: Path) -> None:
    (root / "shop.csv").write_text(
        "row,source_line,when,paid\nR77,S1,2024-01-01,1\n\nR78,S2,2024-01-01,2\n"
    )
    columns = {
        "customer_id": "source_line",
        "order_id": "row",
        "ordered_at": "when",
        "amount": "paid",
    }
    store = Store("shop")
    take_in(store, {"purchases": Source(files="shop.csv", columns=columns)}, as_of=AS_OF)
    accepted = store.read("accepted/purchases").execute()
    assert accepted.order_id.tolist() == ["R77", "R78"]
    assert accepted.customer_id.tolist() == ["S1", "S2"]
    assert accepted.source_line.tolist() == [2, 4]


def test_the_same_content_twice_is_refused(root: Path) -> None:
    write(root, "who,when,paid\n1,2024-01-01,1\n", "a.csv")
    write(root, "who,when,paid\n1,2024-01-01,1\n", "b.csv")
    source = Source(files="*.csv", columns=COLUMNS)
    with pytest.raises(DataError, match="a.csv and b.csv have the same content"):
        take_in(Store("shop"), {"purchases": source}, as_of=AS_OF)


def test_ids_that_came_as_floating_point_numbers_are_refused(root: Path) -> None:
    frame = pd.DataFrame({"who": [1.0, None], "when": ["2024-01-01"] * 2, "paid": [1, 2]})
    frame.to_parquet(root / "shop.parquet")
    source = Source(files="shop.parquet", columns=COLUMNS)
    with pytest.raises(DataError, match="the ids in the column 'who' are floating-point numbers"):
        take_in(Store("shop"), {"purchases": source}, as_of=AS_OF)


def test_a_row_lost_on_the_way_fails_the_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Store.write

    def lose_one(store: Store, name: str, table: object) -> object:
        return keep(store, name, table.limit(1) if name == "accepted/purchases" else table)

    monkeypatch.setattr(Store, "write", lose_one)
    with pytest.raises(LedgerError, match="does not add up: 2 rows came in, 1 went out"):
        take(root, "who,when,paid\n1,2024-01-01,1\n2,2024-01-01,2\n")


def test_a_failed_intake_leaves_no_staged_rows(root: Path) -> None:
    with pytest.raises(DataError):
        take(root, "who,when,paid\n1,5.1.2024,1\n")
    assert not list((root / "data" / "work").rglob("staged/*.parquet"))
