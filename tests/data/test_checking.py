"""Checking: what `regulars check` says of good, bad and mixed files, and rejects that are mended."""

import csv
import stat
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from regulars import paths
from regulars.data.checking import check, summary
from regulars.data.checking.examples import examples_of
from regulars.data.checking.lines import MOST_LINES, WIDTH, lines_of
from regulars.data.checking.rules import rules_of, tables_of
from regulars.data.contract import TABLES
from regulars.data.contract.reasons import sentences
from regulars.data.intake.take_in import take_in
from regulars.data.store import Store
from regulars.errors import DataError, ParameterError, RunError

PURCHASES = """who,when,paid,note,line
C1,2024-01-05,10.00,first,a
C1,2024-01-06,abc,"=1+1, two",b
C2,2024-01-07,"2,5",Müller,c
C2,2024-05-01,5.00,later,d
C3,2024-01-08,3.00
C3,2024-01-09,4.00,last,e
"""
CUSTOMERS = """id,Full name,Phone,kind
C1,Anna Bauer,0171 2345678,person
C2,Ben Cole,0171 8765432,robot
,Carl Dorn,,person
C4,Dora Egk,,company
"""
COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}
SEGMENTS = [{"name": "all", "r": "1-5", "f": "1-5", "action": "Say hello."}]


def write(root: Path, text: str, name: str) -> str:
    (root / name).write_text(text, encoding="utf-8")
    return name


def shop(root: Path, sources: dict, **others: object) -> Path:
    """Write a parameter file for a shop, and return where it is."""
    told = {"workbook": "shop", "title": "A shop", "as_of": "2024-03-31", "currency": "EUR"}
    told |= {"segments": SEGMENTS, "sources": sources, **others}
    path = root / "shop.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def purchases(root: Path, text: str = PURCHASES, name: str = "p.csv") -> dict:
    return {"purchases": {"files": write(root, text, name), "columns": COLUMNS}}


def both(root: Path) -> dict:
    columns = {"customer_id": "id", "name": "Full name", "kind": "kind"}
    customers = {"files": write(root, CUSTOMERS, "c.csv"), "columns": columns}
    return {**purchases(root), "customers": customers}


def ledger_of(rows: int = 7, reasons: int = 1, tables: int = 1) -> dict:
    """Return a ledger with so many tables, each with so many reasons; the first have most rows."""
    names = list(TABLES)[:tables]
    counts = {"rows_in": rows, "rows_accepted": rows - 3, "rows_merged": 1, "rows_rejected": 2}
    money = {f"money_{way}": "1000.5000" for way in ("in", "accepted", "merged", "rejected")}
    entries = {}
    for name in names:
        words = list(sentences(TABLES[name]).items())[:reasons]
        found = [
            {"outcome": "rejected", "reason": r, "sentence": s, "rows": reasons - n, "money": "1"}
            for n, (r, s) in enumerate(words)
        ]
        people = {"dropped": dict.fromkeys(("name", "phone", "email", "address"), 1234567)}
        entries[name] = {**counts, **money, "money": "amount", "reasons": found, "flags": []}
        entries[name]["identifiers"] = {**people, "masked": {"comment": {"e-mail": 3, "phone": 4}}}
    about = {"as_of": "2024-03-31", "currency": "EUR", "pseudonymised": True}
    return {**about, "tables": entries}


# --- what it says ------------------------------------------------------------------------------


def test_a_mixed_delivery(root: Path) -> None:
    found = check(shop(root, both(root)))
    assert found.exit_code == 0
    assert found.refusal == ""
    assert found.lines == [
        "shop, as of 2024-03-31: 10 rows in, 4 accepted, 0 merged, 6 rejected",
        "",
        "                    in  accepted  merged  rejected",
        "purchases  rows      6         2       0         4",
        "           EUR   19.00     14.00    0.00      5.00",
        "customers  rows      4         2       0         2",
        "",
        "rejected  purchases  2  0.00  amount does not parse as a number.",
        "rejected  purchases  1  0.00  The line has too few or too many fields, or is no text.",
        "rejected  purchases  1  5.00  ordered_at lies after as_of: left for a later report.",
        "rejected  customers  1        customer_id is empty.",
        "rejected  customers  1        kind is none of person, company.",
        "identifiers dropped: customers: name 4, phone 2",
        "customer ids are pseudonyms",
    ]


def test_a_good_delivery(root: Path) -> None:
    good = "who,when,paid\nC1,2024-01-05,10.00\n"
    path = shop(root, purchases(root, good), intake={"pseudonymise": "false"})
    found = check(path)
    assert found.exit_code == 0
    assert found.lines[0].endswith("1 row in, 1 accepted, 0 merged, 0 rejected")
    assert found.lines[-2:] == [
        "Nothing was rejected, merged or flagged.",
        "customer ids stand as they came, no pseudonyms",
    ]


def test_a_refused_delivery_is_shown_all_the_same(root: Path) -> None:
    path = shop(root, purchases(root, "who,when,paid\nC1,2024-01-05,abc\n"))
    found = check(path, rejected=root / "mend.csv")
    assert found.exit_code == 2
    assert "expected usable rows, but all 1 were rejected" in found.refusal
    assert any("amount does not parse" in line for line in found.lines)
    assert found.files == [root / "mend.csv"]


def test_changes_stand_in_place_of_the_file(root: Path) -> None:
    found = check(shop(root, purchases(root)), {"as_of": "2024-06-30"})
    assert found.lines[0] == "shop, as of 2024-06-30: 6 rows in, 3 accepted, 0 merged, 3 rejected"


@pytest.mark.parametrize(("tables", "reasons"), [(1, 1), (1, 25), (9, 1), (9, 8), (5, 4)])
def test_it_fits_a_screen_and_adds_up_what_does_not(tables: int, reasons: int) -> None:
    ledger = ledger_of(10**12, reasons, tables)
    lines = lines_of(ledger, "w" * 41)
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= WIDTH
    told = [int(line.split()[2].replace(",", "")) for line in lines if line[:8] == "rejected"]
    more = [line for line in lines if "more reasons" in line]
    rest = int(more[0].split()[-2].replace(",", "")) if more else 0
    assert sum(told) + rest == tables * sum(range(1, reasons + 1))
    assert bool(more) == (len(told) < tables * reasons)
    if more:
        assert more == [f"… and {tables * reasons - len(told)} more reasons, {rest} rows"]
        assert min(told) * (tables * reasons - len(told)) >= rest, "the smallest are added up"


def test_one_line_for_the_end_of_a_run() -> None:
    said = summary(ledger_of(7, tables=3), "EUR")
    assert said == (
        "purchases: 7 rows in, 4 accepted, 1 merged, 2 rejected (EUR 2,001.00 merged or rejected); "
        "2 other tables: 14 rows in, 8 accepted, 2 merged, 4 rejected"
    )


# --- what it leaves behind -----------------------------------------------------------------------


def test_it_leaves_nothing_behind(root: Path) -> None:
    check(shop(root, purchases(root)))
    assert list(paths.work("shop").parent.iterdir()) == []


def test_the_workbook_stays_as_it_is(root: Path) -> None:
    sources = purchases(root)
    take_in(Store("shop"), sources, as_of="2024-03-31")
    kept = paths.work("shop")
    before = {p: p.stat().st_mtime_ns for p in kept.rglob("*.parquet")}
    write(root, "who,when,paid\nC1,2024-01-05,1.00\n", "p.csv")
    check(shop(root, sources))
    assert before == {p: p.stat().st_mtime_ns for p in kept.rglob("*.parquet")}
    assert not (kept / "check").exists()


def test_nothing_is_left_when_it_fails_and_what_was_left_is_private(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def fails(store: Store, *args: object, **options: object) -> dict:
        seen.append((store.folder, stat.S_IMODE(store.folder.stat().st_mode)))
        raise DataError("The file cannot be read.")

    left = paths.work("shop") / "check" / "rejected"
    left.mkdir(parents=True)
    monkeypatch.setattr("regulars.data.checking.checked.take_in", fails)
    with pytest.raises(DataError, match="cannot be read"):
        check(shop(root, purchases(root)))
    assert seen == [(paths.work("shop") / "check", 0o700)]
    assert not left.parent.exists()


def test_two_checks_of_one_workbook_do_not_meet(root: Path) -> None:
    paths.work("shop").mkdir(parents=True)
    with (
        FileLock(paths.work("shop") / ".checking"),
        pytest.raises(RunError, match="shop is being checked already"),
    ):
        check(shop(root, purchases(root)))


# --- rejected rows as files ----------------------------------------------------------------------


def test_rejected_rows_come_back_in_the_form_they_came(root: Path) -> None:
    found = check(shop(root, purchases(root)), rejected=root / "mend.csv")
    assert found.files == [root / "mend.csv"]
    assert stat.S_IMODE(found.files[0].stat().st_mode) == 0o600
    assert found.files[0].read_bytes().startswith(b"\xef\xbb\xbf")
    with found.files[0].open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    # The file has a column "line" of its own, so ours is called otherwise.
    ours = ["table", "file", "line_", "reason"]
    assert header == [*ours, "who", "when", "paid", "note", "line", "raw"]
    assert [row[:4] for row in rows] == [
        ["purchases", "p.csv", "3", "amount_unreadable"],
        ["purchases", "p.csv", "4", "amount_unreadable"],
        ["purchases", "p.csv", "5", "ordered_at_after_as_of"],
        ["purchases", "p.csv", "6", "line_malformed"],
    ]
    assert [row[4:] for row in rows] == [
        ["C1", "2024-01-06", "abc", "=1+1, two", "b", ""],
        ["C2", "2024-01-07", "2,5", "Müller", "c", ""],
        ["C2", "2024-05-01", "5.00", "later", "d", ""],
        ["", "", "", "", "", "C3,2024-01-08,3.00"],
    ]


def test_a_mended_file_is_accepted_as_a_further_source(root: Path) -> None:
    sources = purchases(root)
    (mend,) = check(shop(root, sources), rejected=root / "mend.csv").files
    text = mend.read_text(encoding="utf-8-sig")
    write(root, text.replace(",abc,", ",7.25,").replace('"2,5"', "2.5"), "mended.csv")
    sources["purchases"] = [sources["purchases"], {"files": "mended.csv", "columns": COLUMNS}]
    store = Store("shop")
    ledger = take_in(store, sources, as_of="2024-03-31", rules={"pseudonymise": "false"})
    entry = ledger["tables"]["purchases"]
    assert entry["files"][0]["file"] == "mended.csv"
    assert (entry["files"][0]["rows_accepted"], entry["rows_accepted"]) == (2, 4)
    accepted = store.read("accepted/purchases").execute()
    assert sorted(map(str, accepted["amount"])) == ["10.0000", "2.5000", "4.0000", "7.2500"]


def test_mended_rows_of_two_tables_in_another_form_are_accepted(root: Path) -> None:
    """As the README says: a further source with the same columns and marks, in UTF-8 with commas."""
    told = {"date_format": "%d.%m.%Y", "decimal": ",", "columns": COLUMNS}
    people = {"columns": {"customer_id": "id", "kind": "kind"}, "encoding": "gb18030"}
    text = "who;when;paid\nC1;05.01.2024;10,00\nC2;06.01.2024;abc\n"
    write(root, text, "p.csv")
    (root / "c.csv").write_bytes("id,kind,城市\nC1,person,京\nC2,robot,杭州\n".encode("gb18030"))
    sources = {
        "purchases": [{"files": "p.csv", "delimiter": ";", **told}],
        "customers": [{"files": "c.csv", **people}],
    }
    mended = check(shop(root, sources), rejected=root / "mend.csv").files
    assert [one.name for one in mended] == ["mend_purchases.csv", "mend_customers.csv"]
    for place, (wrong, right) in zip(
        mended, [("abc", '"7,25"'), ("robot", "company")], strict=True
    ):
        text = place.read_text(encoding="utf-8-sig")
        assert text.count(wrong) == 1
        place.write_text(text.replace(wrong, right), encoding="utf-8-sig")
    sources["purchases"].append({"files": "mend_purchases.csv", **told})
    sources["customers"].append({"files": "mend_customers.csv", "columns": people["columns"]})
    store = Store("shop")
    ledger = take_in(store, sources, as_of="2024-03-31", rules={"pseudonymise": "false"})
    for table in sources:
        entry = ledger["tables"][table]
        ways = [entry[f"rows_{way}"] for way in ("in", "accepted", "merged", "rejected")]
        assert ways == [3, 2, 0, 1], "the old row stays rejected, the mended one is accepted"
    amounts = store.read("accepted/purchases").execute()["amount"]
    assert sorted(map(str, amounts)) == ["10.0000", "7.2500"]


def test_each_table_with_rejects_gets_a_file(root: Path) -> None:
    found = check(shop(root, both(root)), rejected=root / "mend.csv")
    assert [one.name for one in found.files] == ["mend_purchases.csv", "mend_customers.csv"]
    customers = found.files[1].read_text(encoding="utf-8-sig").splitlines()
    assert customers[0] == "table,file,line,reason,id,Full name,Phone,kind,raw"
    assert customers[1] == "customers,c.csv,3,kind_unknown,C2,Ben Cole,0171 8765432,robot,"


def test_without_rejects_there_is_no_file(root: Path) -> None:
    path = shop(root, purchases(root, "who,when,paid\nC1,2024-01-05,10.00\n"))
    assert check(path, rejected=root / "mend").files == []
    assert not (root / "mend.csv").exists()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("p.csv", "p.csv is one of the files that are taken in"),
        ("p", "p.csv is one of the files that are taken in"),
        ("nowhere/mend.csv", "expected a folder for mend.csv, found none"),
    ],
)
def test_a_target_that_will_not_do(root: Path, target: str, message: str) -> None:
    path = shop(root, purchases(root))
    with pytest.raises(ParameterError, match=message):
        check(path, rejected=root / target)
    assert (root / "p.csv").read_text(encoding="utf-8") == PURCHASES


# --- for the notebook ----------------------------------------------------------------------------


def test_examples_show_the_cell_to_blame_and_no_other(root: Path) -> None:
    store, sources = Store("shop"), both(root)
    text = PURCHASES + "0171 2345678.0,2024-01-09,1.00,spoiled,f\nC5,31.02.2024,1.00,,g\n"
    sources["purchases"]["files"] = write(root, text, "p.csv")
    take_in(store, sources, as_of="2024-03-31")
    found = examples_of(store, sources)
    assert found[["table", "line", "cell"]].to_numpy().tolist() == [
        ["purchases", 3, "xxx"],
        ["purchases", 4, "2,5"],
        ["purchases", 6, ""],
        ["purchases", 9, "31.02.2024"],
        ["customers", 3, "xxxxx"],
        ["customers", 4, ""],
    ]
    assert len(examples_of(store, sources, most=2)) == 2
    everything = found.to_csv()
    assert not [word for word in ("C1", "Müller", "Anna", "0171", "C3") if word in everything]


def test_digits_of_a_customer_id_are_hidden(root: Path) -> None:
    store, sources = (
        Store("shop"),
        purchases(root, "who,when,paid\n42.0,2024-01-05,1\nC,2024-01-05,1\n"),
    )
    take_in(store, sources, as_of="2024-03-31")
    assert examples_of(store, sources).cell.tolist() == ["##.#"]


def test_rules_are_those_of_the_columns_that_came(root: Path) -> None:
    found = rules_of("purchases", purchases(root)).to_numpy().tolist()
    assert ["The cell is empty.", "customer_id", "accepted and flagged"] in found
    assert ["The cell is empty.", "ordered_at, amount", "rejected"] in found
    assert ["The day lies after as_of.", "ordered_at", "left for later"] in found
    assert not [row for row in found if "quantity" in row[1] or "currency" in row[1]]
    assert [row[2] for row in found if row[0].startswith("The line is a total")] == ["rejected"]
    switches = {"test_customers": "", "conflicts": "reject"}
    switched = rules_of("purchases", purchases(root), switches).rule.tolist()
    assert "The customer is a test." not in switched
    assert "An earlier line has the same key and other values." in switched


def test_an_amount_may_be_made_from_two_columns(root: Path) -> None:
    source = {"files": "p.csv", "columns": {"customer_id": "a", "ordered_at": "b"}}
    source["columns"] |= {"quantity": "c", "unit_price": "d"}
    found = rules_of("purchases", {"purchases": source})
    assert found["columns"].tolist()[1] == "ordered_at, amount"
    assert tables_of({"purchases": source})["columns"].tolist() == [5]


@pytest.mark.parametrize("name", TABLES)
def test_rules_of_any_table_fit_one_screen(name: str) -> None:
    columns = {field: field for field in TABLES[name].fields}
    sources = {"purchases": {"files": "p.csv", "columns": COLUMNS}}
    sources[name] = {"files": "x.csv", "columns": columns}
    found = rules_of(name, sources, {"conflicts": "reject"})
    assert 1 <= len(found) <= 12
    assert (found["rule"].str.endswith(".") & (found["columns"] != "")).all()
