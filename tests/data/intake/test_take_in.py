"""Intake: hand-worked files, then properties that must hold for any file."""

import stat
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from delivered import AS_OF, COLUMNS, ORDERS, Taken, take, take_sources, write
from filelock import FileLock, Timeout
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ibis import _

from regulars import paths
from regulars.data.intake import take_in as intake
from regulars.data.intake.take_in import take_in
from regulars.data.ledger import balance
from regulars.data.people.pseudonyms import FORM, pseudonym_of, the_key
from regulars.data.store import Store
from regulars.errors import DataError, LedgerError, ParameterError, RefusedDeliveryError
from regulars.parameters import Source

# Line 1 is the header. Accepted: 2, 3, 4 (flagged), 7, 8, 11, 13 and 16: eight rows, and
# 10 + 20.5 + 3 - 5 + 0 + .01 + 7 + 1 of money. Lines 14 and on: a text goes over two lines.
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
1.23E+15,2024-13-01,x,three things wrong
11,"2024-01-03",7,"two
lines"
12,2024-01-04,"1,000.00",thousands
13,2024-01-04,1.00,
14,2024-01-04
15,2024-01-04,2.00,one,field too many
"""


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """The hand-worked file, taken in once; tests only read what came of it."""
    root = tmp_path_factory.mktemp("hand")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.ROOT_VARIABLE, str(root))
        return take(root, HAND)


def test_hand_worked_file(hand: Taken) -> None:
    assert hand.rows == (16, 8, 0, 8)
    assert hand.money == (Decimal("51.51"), Decimal("36.51"), 0, 4 + 5 + 6)
    assert hand.reasons == {
        "line_malformed": 2,
        "customer_id_spoiled": 1,
        "ordered_at_missing": 1,
        "ordered_at_unreadable": 1,
        "ordered_at_after_as_of": 1,
        "amount_unreadable": 2,
    }
    assert hand.flags == {"customer_id_missing": 1}
    assert (hand.account["oldest_day"], hand.account["newest_day"]) == (
        "2024-01-02",
        "2024-03-31",
    )


def test_every_row_keeps_its_file_and_line(hand: Taken) -> None:
    accepted, rejected = hand.frame(), hand.frame("rejected")
    assert accepted.source_line.tolist() == [2, 3, 4, 7, 8, 11, 13, 16]
    assert rejected.source_line.tolist() == [5, 6, 9, 10, 12, 15, 17, 18]
    assert set(accepted.source_file) | set(rejected.source_file) == {"shop.csv"}


def test_rejected_rows_keep_all_reasons_their_money_and_the_text_they_came_as(hand: Taken) -> None:
    rejected = hand.frame("rejected").set_index("source_line")
    assert rejected.reasons[12] == "customer_id_spoiled ordered_at_unreadable amount_unreadable"
    assert rejected.raw[12] == (
        '{"who":"1.23E+15","when":"2024-13-01","paid":"x","note":"three things wrong"}'
    )
    assert rejected.raw[18] == "15,2024-01-04,2.00,one,field too many"
    assert rejected.money[5] == 4
    assert pd.isna(rejected.money[9])


def test_fields_are_counted_filled_and_valid(hand: Taken) -> None:
    fields = hand.account["fields"]
    assert fields == {  # of the 14 lines that were rows
        "customer_id": {"rows": 14, "filled": 13, "valid": 12},
        "ordered_at": {"rows": 14, "filled": 13, "valid": 10},
        "amount": {"rows": 14, "filled": 14, "valid": 11},
    }


# Three files; the order of their names is the order of delivery.
#   a.csv  4 rows, 66: all stand for themselves; the two lines of A1 and P1 are equal in nothing
#   b.csv  A2 again with the same words (20), A3 corrected from 30 to 33, A4 new (40), one no day (5)
#   c.csv  the very bytes of a.csv: 4 rows, 66, all merged
HEAD = "who,when,paid,no,what\n"
THREE = {
    "a.csv": HEAD + "1,2024-01-05,10,A1,P1\n1,2024-01-05,6,A1,P1\n2,2024-01-06,20,A2,P1\n"
    "3,2024-01-07,30,A3,P2\n",
    "b.csv": HEAD + "2,2024-01-06,20,A2,P1\n3,2024-01-07,33,A3,P2\n4,2024-02-01,40,A4,P1\n"
    "5,2024-02-30,5,A5,P1\n",
}
THREE["c.csv"] = THREE["a.csv"]


def test_hand_worked_ledger_of_three_files(root: Path) -> None:
    taken = take(root, THREE, columns=ORDERS)
    assert taken.rows == (12, 5, 6, 1)
    assert taken.money == (66 + 98 + 66, 10 + 6 + 20 + 33 + 40, 30 + 20 + 66, 5)
    assert taken.reasons == {
        "ordered_at_unreadable": 1,
        "delivered_again": 1,
        "replaced_by_later": 1,
        "same_file": 4,
    }
    ways = ("in", "accepted", "merged", "rejected")
    files = {
        one["file"]: [(one[f"rows_{way}"], Decimal(one[f"money_{way}"])) for way in ways]
        for one in taken.account["files"]
    }
    assert files == {
        "a.csv": [(4, 66), (3, 36), (1, 30), (0, 0)],
        "b.csv": [(4, 98), (2, 73), (1, 20), (1, 5)],
        "c.csv": [(4, 66), (0, 0), (4, 66), (0, 0)],
    }
    assert taken.frame().amount.tolist() == [10, 6, 20, 33, 40]
    merged = taken.frame("merged").set_index("reasons")
    assert merged.source_file.to_dict() == {
        "replaced_by_later": "a.csv",
        "delivered_again": "b.csv",
    }


def test_a_conflict_can_be_rejected_instead(root: Path) -> None:
    taken = take(root, THREE, columns=ORDERS, rules={"conflicts": "reject"})
    assert taken.rows == (12, 5, 5, 2)
    assert taken.reasons["conflicts_with_earlier"] == 1
    assert taken.frame().amount.tolist() == [10, 6, 20, 30, 40]
    (conflict,) = [
        one for one in taken.frame("rejected").to_dict("records") if "conflict" in one["reasons"]
    ]
    assert (conflict["source_file"], conflict["source_line"], conflict["money"]) == ("b.csv", 3, 33)
    assert '"paid":"33"' in conflict["raw"]


def test_what_the_ledger_says_of_each_file(root: Path) -> None:
    taken = take(root, THREE, columns=ORDERS, date_formats={"ordered_at": "ISO"})
    a, b, c = taken.account["files"]
    assert a["form"] == {
        "kind": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "decimal": ".",
        "date_format": "ISO",
    }
    assert (a["newest_day"], b["newest_day"]) == ("2024-01-07", "2024-02-01")
    assert a["sha256"] == c["sha256"] != b["sha256"]
    assert c["same_as"] == "a.csv"
    assert not {"same_as", "malformed"} & set(a)


def test_the_ledger_is_written_as_it_is_returned(hand: Taken) -> None:
    assert hand.store.read_ledger() == hand.ledger
    said = {name: hand.ledger[name] for name in ("as_of", "currency", "pseudonymised")}
    assert said == {"as_of": AS_OF, "currency": "EUR", "pseudonymised": False}


def test_an_id_stays_text(hand: Taken) -> None:
    assert hand.frame().customer_id[0] == "00042"


def test_ids_become_pseudonyms_unless_told_otherwise(root: Path) -> None:
    taken = take(root, HAND, rules={"pseudonymise": True})
    found = taken.frame().customer_id
    assert found[0] == found[1] == pseudonym_of("00042", b"a key for tests only")
    assert pd.isna(found[2])
    assert all(FORM.fullmatch(one) for one in found.dropna())
    assert taken.ledger["pseudonymised"] is True
    again = take(root, HAND, rules={"pseudonymise": True})
    assert again.frame().customer_id.equals(found)


@pytest.mark.parametrize(
    ("date_format", "text", "day"),
    [
        ("ISO", "2024-01-05 13:14:15", "2024-01-05"),
        ("%d/%m/%Y", "05/01/2024", "2024-01-05"),
        ("%m/%d/%Y", "05/01/2024", None),  # the first of May lies after as_of
        ("ISO", "05/01/2024", None),
    ],
)
def test_a_date_is_read_as_declared_or_rejected(
    root: Path, date_format: str, text: str, day: str | None
) -> None:
    first = pd.Timestamp("2024-01-01").strftime("%Y-%m-%d" if date_format == "ISO" else date_format)
    taken = take(root, f"who,when,paid\n1,{first},1\n2,{text},1\n", date_format=date_format)
    read = taken.frame().set_index("customer_id").ordered_at
    assert ("2" in read.index) == (day is not None)
    if day:
        assert str(read["2"].date()) == day


def test_quantity_times_price_makes_an_amount(root: Path) -> None:
    columns = {"customer_id": "who", "ordered_at": "when", "quantity": "n", "unit_price": "price"}
    taken = take(root, "who,when,n,price\n1,2024-01-01,3,2.50\n", columns=columns)
    assert taken.frame().amount[0] == Decimal("7.5")
    assert taken.account["fields"]["amount"] == {"rows": 1, "filled": 1, "valid": 1}


def test_a_product_beyond_the_engine_s_range_is_rejected(root: Path) -> None:
    columns = {"customer_id": "who", "ordered_at": "when", "quantity": "n", "unit_price": "price"}
    lines = "1,2024-01-01,3,2.50\n2,2024-01-01,99999999999,99999999999\n"
    taken = take(root, "who,when,n,price\n" + lines, columns=columns)
    assert taken.reasons == {"amount_unreadable": 1}
    assert str(taken.store.read("accepted/purchases").schema()["amount"]) == "decimal(18, 4)"


def test_every_field_of_the_contract_stands_in_the_accepted_table(hand: Taken) -> None:
    schema = hand.store.read("accepted/purchases").schema()
    assert {name: str(kind) for name, kind in schema.items()} == {
        **dict.fromkeys(("customer_id", "order_id", "product_id", "category"), "string"),
        **dict.fromkeys(("currency", "channel", "region", "campaign_id", "kind"), "string"),
        **dict.fromkeys(("amount", "quantity", "unit_price", "cost", "discount"), "decimal(18, 4)"),
        "ordered_at": "timestamp(6)",
        "source_file": "string",
        "source_line": "int64",
    }


def test_sources_of_two_forms_are_one_table(root: Path) -> None:
    write(root, "who;when;paid\n1;05.01.2024;1,50\n", "old.csv")
    write(root, "Kunde,Tag,Betrag,Land\n2,2024-02-05,2.25,AT\n", "new.csv")
    sources = [
        Source(
            files="old.csv", columns=COLUMNS, delimiter=";", decimal=",", date_format="%d.%m.%Y"
        ),
        Source(
            files="new.csv",
            columns={
                "customer_id": "Kunde",
                "ordered_at": "Tag",
                "amount": "Betrag",
                "region": "Land",
            },
        ),
    ]
    taken = take_sources({"purchases": sources})
    found = taken.frame()
    assert found.amount.tolist() == [Decimal("2.25"), Decimal("1.50")]
    assert found.ordered_at.dt.strftime("%m-%d").tolist() == ["02-05", "01-05"]
    assert found.region.fillna("").tolist() == ["AT", ""]
    assert [one["form"]["delimiter"] for one in taken.account["files"]] == [",", ";"]


def test_a_file_named_by_two_sources_is_refused(root: Path) -> None:
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    source = Source(files="shop.csv", columns=COLUMNS)
    with pytest.raises(DataError, match="shop.csv is named by two sources"):
        take_sources({"purchases": [source, source]})


def test_a_column_for_each_question_is_a_source_each(root: Path) -> None:
    (root / "asked.csv").write_text("who,when,nps,csat\n1,2024-01-02,9,4\n2,2024-01-03,7,5\n")
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    given = {"customer_id": "who", "responded_at": "when"}
    asked = [
        Source(files="asked.csv", columns={**given, "score": one}, values={"question": one})
        for one in ("nps", "csat")
    ]
    sources = {"purchases": Source(files="shop.csv", columns=COLUMNS), "surveys": asked}
    ledger = take_in(Store("shop"), sources, as_of=AS_OF, rules={"pseudonymise": False})
    assert ledger["tables"]["surveys"]["rows_accepted"] == 4
    files = [file["file"] for file in ledger["tables"]["surveys"]["files"]]
    assert files == ["asked.csv", "asked.csv (2)"]


def test_each_sheet_of_a_workbook_counts(root: Path) -> None:
    rows = pd.DataFrame({"who": ["1", "2"], "when": ["2024-01-01"] * 2, "paid": [1, 2]})
    with pd.ExcelWriter(root / "shop.xlsx") as book:
        for n, sheet in enumerate(("January", "February", "March")):
            rows.assign(paid=rows.paid + 10 * n).to_excel(book, sheet_name=sheet, index=False)
    sheets = [
        Source(files="shop.xlsx", sheet=sheet, columns=COLUMNS)
        for sheet in ("January", "February", "March")
    ]
    taken = take_sources({"purchases": sheets})
    assert taken.rows == (6, 6, 0, 0)
    assert taken.account["money_in"] == "69.0000"


def test_rows_lost_between_reading_and_writing_are_seen(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = intake.united
    monkeypatch.setattr(intake, "united", lambda *args: whole(*args).filter(_.source_line != 3))
    write(root, "who,when,paid\n1,2024-01-01,1\n2,2024-01-01,2\n")
    with pytest.raises(LedgerError, match="2 rows came in, 1 went out"):
        take_sources({"purchases": Source(files="shop.csv", columns=COLUMNS)})


def test_no_total_arises_that_no_delivery_has(root: Path) -> None:
    """An order of 10, 20, 30 comes again as 20, 30: the later one counts, and not 10 with it."""
    order = "o1,1,2024-01-01,{}\n"
    write(root, "no,who,when,paid\n" + "".join(map(order.format, (10, 20, 30))), "a.csv")
    write(root, "no,who,when,paid\n" + "".join(map(order.format, (20, 30))), "b.csv")
    source = Source(files="*.csv", columns={**COLUMNS, "order_id": "no"})
    taken = take_sources({"purchases": source})
    assert taken.rows == (5, 2, 3, 0)
    assert taken.account["money_accepted"] == "50.0000"
    assert taken.reasons == {"delivered_again": 2, "replaced_by_later": 1}


def test_a_later_name_counts_as_people_count(root: Path) -> None:
    for name, paid in (("d-2.csv", 5), ("d-10.csv", 9)):
        write(root, f"no,who,when,paid\no1,1,2024-01-01,{paid}\n", name)
    source = Source(files="d-*.csv", columns={**COLUMNS, "order_id": "no"})
    assert take_sources({"purchases": source}).account["money_accepted"] == "9.0000"


def test_two_shops_may_number_their_orders_alike(root: Path) -> None:
    for name, who in (("a.csv", "x"), ("b.csv", "y")):
        write(root, f"no,who,when,paid\n1,{who},2024-01-01,5\n", name)
    source = Source(files="*.csv", columns={**COLUMNS, "order_id": "no"})
    assert take_sources({"purchases": source}).rows == (2, 2, 0, 0)


def test_a_rate_of_the_own_currency_changes_nothing(root: Path) -> None:
    write(root, "who,when,paid,ccy\n1,2024-01-01,5,EUR\n")
    source = Source(files="shop.csv", columns={**COLUMNS, "currency": "ccy"})
    rules = {"rates": {"EUR": 2}}
    ledger = take_in(Store("s"), {"purchases": source}, as_of=AS_OF, currency="EUR", rules=rules)
    assert ledger["tables"]["purchases"]["money_accepted"] == "5.0000"


def test_parquet_gives_what_csv_gives(root: Path) -> None:
    frame = pd.DataFrame(
        {
            "who": ["00042", None, "7"],
            "when": pd.to_datetime(["2024-01-05", "2024-01-06", "2024-05-01"]),
            "paid": [10.0, 3.0, 5.0],
        }
    )
    frame.to_parquet(root / "shop.parquet")
    taken = take_sources({"purchases": Source(files="shop.parquet", columns=COLUMNS)})
    assert taken.rows == (3, 2, 0, 1)
    assert taken.frame().customer_id.fillna("").tolist() == ["00042", ""]


def test_ids_that_came_as_floating_point_numbers_are_refused(root: Path) -> None:
    frame = pd.DataFrame({"who": [1.0, None], "when": ["2024-01-01"] * 2, "paid": [1, 2]})
    frame.to_parquet(root / "shop.parquet")
    with pytest.raises(DataError, match="the ids in the column 'who' are floating-point numbers"):
        take_sources({"purchases": Source(files="shop.parquet", columns=COLUMNS)})


def test_a_column_of_the_file_may_be_called_as_ours_are(root: Path) -> None:
    lines = "row,source_line,when,paid,reasons,raw\nR77,S1,2024-01-01,1,a,b\n\nR78,S2,2024-01-01,2,c,d\n"
    columns = {"customer_id": "source_line", "order_id": "row"}
    taken = take(root, lines, columns={**COLUMNS, **columns})
    accepted = taken.frame()
    assert accepted.order_id.tolist() == ["R77", "R78"]
    assert accepted.customer_id.tolist() == ["S1", "S2"]
    assert accepted.source_line.tolist() == [2, 4]


def test_further_columns_of_customers_are_kept_where_asked_for(root: Path) -> None:
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    write(root, "who,VIP,Name,shoe\n1,yes,Planted Name,42\n", "people.csv")
    columns = {"customer_id": "who"}
    customers = Source(files="people.csv", columns=columns, attributes={"vip": "VIP"})
    purchases = Source(files="shop.csv", columns=COLUMNS)
    taken = take_sources({"purchases": purchases, "customers": customers}, table="customers")
    found = taken.frame()
    assert found.vip.tolist() == ["yes"]
    assert not {"shoe", "Name", "name"} & set(found.columns)


def test_only_the_owner_can_read_rejected_rows(hand: Taken) -> None:
    store = hand.store
    assert stat.S_IMODE((store.folder / "rejected").stat().st_mode) == 0o700
    assert stat.S_IMODE(store.path("rejected/purchases").stat().st_mode) == 0o600


def test_staged_rows_are_gone_after_success_and_after_failure(root: Path) -> None:
    store = take(root, HAND).store
    assert not list(store.folder.rglob("staged/*"))
    with pytest.raises(DataError):
        take(root, "who,when,paid\n1,5.1.2024,1\n")
    assert not list(store.folder.rglob("staged/*"))


def test_staged_rows_lie_where_only_the_owner_can_read_them(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    keep = Store.write

    def look(store: Store, name: str, table: object) -> object:
        staged = store.folder / "staged" / "purchases"
        seen.extend(stat.S_IMODE(p.stat().st_mode) for p in (staged, staged / "0"))
        return keep(store, name, table)

    monkeypatch.setattr(Store, "write", look)
    take(root, HAND)
    assert set(seen) == {0o700}


def test_a_row_lost_on_the_way_fails_the_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Store.write

    def lose_one(store: Store, name: str, table: object) -> object:
        return keep(store, name, table.limit(1) if name == "accepted/purchases" else table)

    monkeypatch.setattr(Store, "write", lose_one)
    with pytest.raises(LedgerError, match="does not add up: 2 rows came in, 1 went out"):
        take(root, "who,when,paid\n1,2024-01-01,1\n2,2024-01-01,2\n")


def test_an_unknown_switch_is_refused(root: Path) -> None:
    with pytest.raises(ParameterError, match="'intake.conflict'. Did you mean conflicts"):
        take(root, HAND, rules={"conflict": "latest"})


def test_as_of_before_the_first_purchase_says_so(root: Path) -> None:
    with pytest.raises(
        RefusedDeliveryError, match="as_of is 2024-03-31, but all 1 rows .*2024-05-05"
    ):
        take(root, "who,when,paid\n1,2024-05-05,1\n")


def test_the_newest_file_wins_whatever_the_order_of_the_sources(root: Path) -> None:
    write(root, HEAD + "1,2024-01-05,10,A1,P1\n", "2024-01.csv")
    write(root, HEAD + "1,2024-01-05,12,A1,P1\n", "2024-02.csv")
    sources = [Source(files=f"2024-0{n}.csv", columns=ORDERS) for n in (2, 1)]
    assert take_sources({"purchases": sources}).frame().amount.tolist() == [12]


def test_a_later_run_replaces_an_earlier_one(root: Path) -> None:
    take(root, HAND)
    taken = take(root, "who,when,paid\n1,2024-01-01,1\n")
    assert taken.rows == (1, 1, 0, 0)
    assert taken.frame("rejected").empty
    assert taken.frame("merged").empty


CELL = st.one_of(
    st.sampled_from(["", "  ", "00042", "2024-01-05", "2024-09-09", "-3.5", "10", "1e3", "x"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8),
)
ROW = st.tuples(CELL, CELL, CELL)
FEW = settings(
    max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FEW
@given(rows=st.lists(ROW, max_size=12))
def test_no_row_vanishes(root: Path, rows: list[tuple[str, str, str]]) -> None:
    good = pd.DataFrame([("1", "2024-01-01", "1"), *rows], columns=["who", "when", "paid"])
    good.to_csv(root / "shop.csv", index=False)
    source = Source(files="shop.csv", columns=COLUMNS)
    taken = take_sources({"purchases": source}, rules={"most_rejected": 1})
    lines = [
        line
        for what in ("accepted", "merged", "rejected")
        for line in taken.frame(what).source_line
    ]
    assert len(lines) == len(set(lines)) == taken.rows[0]
    # A row of nothing but blanks is a blank line to some readers, and a control character in it
    # makes it no row; every other one is counted.
    assert taken.rows[0] >= 1 + sum(any(cell.strip() for cell in row) for row in rows)


@FEW
@given(text=st.text(st.sampled_from('a1,.-"\n\t \x00é中20240105'), max_size=80))
def test_the_ledger_balances_for_any_text(root: Path, text: str) -> None:
    write(root, "who,when,paid\n1,2024-01-01,1\n" + text)
    source = Source(files="shop.csv", columns=COLUMNS)
    try:
        taken = take_sources({"purchases": source}, rules={"most_rejected": 1})
    except RefusedDeliveryError as refused:
        balance(refused.ledger)  # a quote that is never closed may cost the only row
        return
    assert balance(taken.ledger) is taken.ledger
    assert taken.rows[0] == sum(taken.rows[1:])
    filled = sum(bool(line.strip("\r")) for line in text.split("\n"))
    assert 1 <= taken.rows[0] <= 1 + filled


SHUFFLED = [
    "1,2024-01-05,10,A1,P1",
    "1,2024-01-05,10,A1,P1",
    "1,2024-01-05,-4,A1,P1",
    ",2024-01-06,2.50,A2,P1",
    ",2024-01-06,2.50,,",
    ",2024-01-06,2.50,,",
    "2,2024-02-30,7,A3,P2",
    "2,2024-04-05,8,A4,P2",
    "3,2024-03-05,x,A5,P2",
    "3,2024-03-05,1",
]


@FEW
@given(order=st.permutations(SHUFFLED))
def test_the_order_of_rows_changes_no_total(root: Path, order: list[str]) -> None:
    taken = take(root, HEAD + "\n".join(order) + "\n", columns=ORDERS)
    assert taken.rows == (10, 5, 1, 4)
    assert taken.money == (Decimal("38.5"), Decimal("13.5"), 10, 15)
    assert taken.reasons == {
        "line_malformed": 1,
        "ordered_at_unreadable": 1,
        "ordered_at_after_as_of": 1,
        "amount_unreadable": 1,
        "equal_line": 1,
    }


def test_take_in_takes_plain_mappings(root: Path) -> None:
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    ledger = take_in(
        Store("shop"), {"purchases": {"files": "shop.csv", "columns": COLUMNS}}, as_of=AS_OF
    )
    assert ledger["tables"]["purchases"]["rows_accepted"] == 1


def test_the_ledger_is_written_while_a_second_intake_still_waits(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the second would write its tables beside the ledger of the first."""
    held, written = [], Store.write_ledger

    def watched(store: Store, ledger: dict) -> None:
        with pytest.raises(Timeout):
            FileLock(store.folder / ".intake", timeout=0).acquire()
        held.append(ledger["as_of"])
        written(store, ledger)

    monkeypatch.setattr(Store, "write_ledger", watched)
    take(root, "who,when,paid\n1,2024-01-01,1\n")
    assert held == [AS_OF]


@pytest.mark.parametrize(
    "last",
    [
        "Summe;;33,50;",
        ";Total;33,50;",
        ";;33,50;Gesamtsumme:",
        ";;33,50;合计",
        "  TOTAL EUR ;;33,50;",
        "Summe;;thirty;",
    ],
)
def test_a_total_is_no_purchase_and_its_money_is_shown_apart(root: Path, last: str) -> None:
    text = f"who;when;paid;note\n1;2024-01-05;10,00;\n;2024-01-06;23,50;Total care\n{last}\n"
    taken = take(root, text, delimiter=";", decimal=",")
    assert taken.rows == (3, 2, 0, 1)
    assert taken.reasons == {"total_line": 1}
    readable = "33,50" in last
    assert taken.money[1] == Decimal("33.5")
    assert taken.money[3] == (Decimal("33.5") if readable else 0)
    assert taken.money[0] == taken.money[1] + taken.money[3]
    (reason,) = taken.account["reasons"]
    assert reason["sentence"].startswith("The line is a total:")


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ("1;;33,50;Total", "ordered_at_missing"),  # somebody's, only without a date
        (";;33,50;Total care", "ordered_at_missing"),
        (";;33,50;", "ordered_at_missing"),
        ("Summe;2024-01-07;33,50;Total", ""),  # a day: the shop may call a customer so
    ],
)
def test_what_only_looks_like_a_total_is_none(root: Path, last: str, reason: str) -> None:
    text = f"who;when;paid;note\n1;2024-01-05;10,00;\n2;2024-01-05;1,00;\n{last}\n"
    taken = take(root, text, delimiter=";", decimal=",")
    assert taken.reasons == ({reason: 1} if reason else {})


def test_an_id_that_tells_who_somebody_is_becomes_a_pseudonym_everywhere(root: Path) -> None:
    orders = ["anna.berg@example.org", "+49 171 2345678", "4111111111111111", "A+17", "a@b", "A1"]
    lines = [f"{n},2024-01-0{n},1,{order},P1" for n, order in enumerate(orders, 1)]
    lines += [lines[0], "7,2024-01-07,1,anna.berg@example.org,ben@example.org"]
    text = "who,when,paid,no,what\n" + "\n".join(lines) + "\n"
    taken = take(root, text, columns=ORDERS, rules={"pseudonymise": True})
    rows = taken.frame().set_index("source_line")
    hidden = [pseudonym_of(one, the_key()) for one in orders[:2]]
    assert rows.order_id.tolist() == [*hidden, *orders[2:], hidden[0]]
    assert rows.product_id[9] == pseudonym_of("ben@example.org", the_key())
    assert taken.frame("merged").order_id.tolist() == hidden[:1]
    assert taken.account["identifiers"]["masked"] == {
        "order_id": {"e-mail": 2, "phone": 1},
        "product_id": {"e-mail": 1},
    }
    plain = take(root, text, columns=ORDERS).frame()  # the analyst wants ids as they are
    assert plain.order_id.tolist()[:2] == orders[:2]
