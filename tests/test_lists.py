"""Lists: made only when asked for, harmless in any spreadsheet, and gone when their time is over."""

import csv
import datetime as dt
import hashlib
import json
import stat
from decimal import Decimal
from pathlib import Path

import ibis
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from regulars import cli, paths
from regulars.data.people.pseudonyms import KEY_VARIABLE, pseudonym_of
from regulars.reports import list_files, lists
from regulars.reports.arms import with_arms
from regulars.reports.list_files import safe_text, write_csv, write_xlsx
from regulars.reports.listed import Wanted, _file_name

KEY = b"a key for these tests"
DAY = "2024-03-31"
PARAMETERS = f"""workbook: shop
title: A shop
as_of: {DAY}
currency: EUR
intake:
  same_customers: same.csv
lists:
  purpose: "Thank-you cards, spring; =1+1"
  keep_days: 30
tags:
  fan: orders >= 2
  later: orders >= 3
segments:
  - {{name: champions, r: "5", f: 1-5, action: thank}}
  - {{name: lost, r: 1-4, f: 1-5, action: none}}
sources:
  purchases:
    - files: buys.csv
      columns: {{customer_id: who, ordered_at: when, amount: paid}}
    - files: old.csv
      delimiter: ;
      columns: {{customer_id: kunde, ordered_at: datum, amount: betrag}}
  customers:
    files: people.csv
    columns: {{customer_id: id}}
"""
# Ids that a spreadsheet would spoil or run.
IDS = ["00042", "-7", "=2+3", "12345678901234567890", "ann"]
EVIL = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    '"=1',
    "a;=1+1",
    "a,@x",
    "x\n=1",
    "＝1",
]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


@pytest.fixture
def shop(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook after its run: five customers, groups, tags, and the files they came from."""
    monkeypatch.setenv(KEY_VARIABLE, KEY.decode())
    place = root / "shop.yaml"
    place.write_text(PARAMETERS, encoding="utf-8")
    (root / "buys.csv").write_text(
        "who,when,paid\n" + "".join(f"{one},2024-01-01,1\n" for one in IDS[:4])
    )
    (root / "old.csv").write_text("kunde;datum;betrag\nann;2023-01-01;5\nanna;2023-01-02;5\n;;\n")
    (root / "people.csv").write_text("id\n00042\n")
    (root / "same.csv").write_text("customer_id,same_as\nanna,ann\n")
    work = root / "data" / "work" / "shop"
    for folder in ("facts", "results"):
        (work / folder).mkdir(parents=True)
    (work / "facts" / "04_segments.json").write_text(json.dumps({"as_of": DAY}))
    (work / "ledger.json").write_text(json.dumps({"as_of": DAY, "tables": {}}))
    names = [pseudonym_of(one, KEY) for one in IDS]
    write_results(work / "results", names)
    return place


def write_results(folder: Path, names: list[str]) -> None:
    segments = {"customer_id": names, "segment": ["champions", "lost", "lost", "lost", "champions"],
                "orders": [3, 1, 1, 2, 4], "spend": [Decimal("10.50"), Decimal("-3"), None, Decimal("9"), Decimal("70")],
                "last_day": [dt.date(2024, 3, 1)] * 5}  # fmt: skip
    groups = {"customer_id": names[::-1], "importance": ["vip", "lost", "ordinary", None, "vip"],
              "preferred_category": EVIL[:1] + EVIL[4:5] + ["wine #1", EVIL[8], "../x"],
              "score": [0.1 + 0.2, float("nan"), 1e22, 3.0, -4.5], "is_new": [True, False, None, True, False]}  # fmt: skip
    rules = {"fan": "orders >= 2", "importance": "importance"}
    tags = [(one, tag, "yes" if place in (0, 3, 4) else "no", rule)
            for place, one in enumerate(names) for tag, rule in rules.items()]  # fmt: skip
    pd.DataFrame(segments).to_parquet(folder / "segments.parquet")
    pd.DataFrame(groups).to_parquet(folder / "groups.parquet")
    tidy = pd.DataFrame(tags, columns=["customer_id", "tag", "value", "rule"])
    tidy.assign(valid_from=dt.date(2024, 1, 1)).to_parquet(folder / "tags.parquet")


def downloads(day: str = DAY) -> Path:
    return paths.reports() / "shop" / day / "downloads"


def read_csv(name: str) -> pd.DataFrame:
    return pd.read_csv(downloads() / name, comment="#", dtype={"customer_id": str})


def head_of(name: str) -> list[str]:
    text = (downloads() / name).read_text(encoding="utf-8-sig")
    return [line for line in text.split("\n") if line.startswith("# ")]


def cells_of(name: str) -> list[list]:
    return [list(row) for row in openpyxl.load_workbook(downloads() / name).active.iter_rows()]


# --- what a list says -----------------------------------------------------------------------------


def test_a_segment_as_csv_and_xlsx(shop: Path) -> None:
    ran = call("lists", shop, "--segment", "champions")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        f"reports/shop/{DAY}/downloads/segment_champions.csv: 2 customers",
        f"reports/shop/{DAY}/downloads/segment_champions.xlsx: 2 customers",
    ]
    found = read_csv("segment_champions.csv")
    assert list(found.columns) == [
        "customer_id", "segment", "importance", "preferred_category", "score", "is_new", "orders",
        "spend", "last_day", "tag_fan",
    ]  # fmt: skip
    # The most valuable first; ann, then 00042, by their pseudonyms.
    assert found.customer_id.tolist() == [pseudonym_of("ann", KEY), pseudonym_of("00042", KEY)]
    assert found.spend.tolist() == [70, 10.5]
    assert found.score.tolist() == [0.1 + 0.2, -4.5]
    assert found.tag_fan.tolist() == ["yes", "yes"]
    assert found.is_new.tolist() == ["yes", "no"]


def test_the_head_says_what_for_as_of_when_and_until_when(shop: Path) -> None:
    call("lists", shop, "--tag", "fan")
    assert head_of("tag_fan.csv") == [
        "# List: customers with the tag fan: orders >= 2",
        "# Purpose: Thank-you cards · spring · =1+1",
        "# Workbook: shop (A shop)",
        f"# As of: {DAY}",
        "# Customers: 3",
        "# Keep until: 2024-04-30 · then delete",
        "# Ids: pseudonyms",
        "# Money: EUR",
    ]
    sheet = cells_of("tag_fan.xlsx")
    assert [row[0].value for row in sheet[:8]][1] == "Purpose: Thank-you cards, spring; =1+1"
    assert sheet[8][0].value is None
    assert sheet[9][0].value == "customer_id"
    record = json.loads((downloads() / "lists.json").read_text())
    assert record["tag_fan.csv"] == {
        "customers": 3,
        "ids": "pseudonyms",
        "keep_until": "2024-04-30",
    }


def test_pandas_and_excel_read_the_same_rows(shop: Path) -> None:
    call("lists", shop, "--all")
    plain = read_csv("customers.csv")
    excel = pd.read_excel(
        downloads() / "customers.xlsx", skiprows=9, engine="openpyxl", dtype={"customer_id": str}
    )
    assert len(plain) == 5
    assert "wine #1" in set(plain.preferred_category)  # a # in quotes begins no comment
    same = [name for name in plain if name not in ("preferred_category", "last_day")]
    pd.testing.assert_frame_equal(plain[same], excel[same])
    assert excel.last_day.tolist() == [pd.Timestamp("2024-03-01")] * 5


def test_the_same_list_has_the_same_bytes(shop: Path) -> None:
    def made() -> list[bytes]:
        call("lists", shop, "--all")
        return [path.read_bytes() for path in sorted(downloads().iterdir())]

    assert made() == made()


def test_a_segment_that_nobody_is_in_is_a_list_of_nobody(shop: Path) -> None:
    ran = call("lists", shop, "--segment", "potential", "--format", "csv")
    assert ran.exit_code == 0, ran.output
    assert len(read_csv("importance_potential.csv")) == 0
    assert not (downloads() / "importance_potential.xlsx").exists()


def test_without_groups_and_tags_there_are_the_segments(shop: Path) -> None:
    for name in ("groups", "tags"):
        (shop.parent / f"data/work/shop/results/{name}.parquet").unlink()
    assert call("lists", shop, "--all", "--format", "csv").exit_code == 0
    columns = ["customer_id", "segment", "orders", "spend", "last_day"]
    assert list(read_csv("customers.csv").columns) == columns


# --- nothing runs ---------------------------------------------------------------------------------


def assert_no_formula(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert all(cell.hyperlink is None for cell in cells)


def fields(text: str, delimiter: str) -> list[str]:
    return [cell for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_texts_that_look_like_formulas_cannot_run(tmp_path: Path, delimiter: str) -> None:
    columns, rows = ["=who", "what"], [(one, -5.5) for one in EVIL]
    head = {"Purpose": "=1,=1;@x"}
    write_csv(tmp_path / "a.csv", head, columns, rows, mode=0o600)
    write_xlsx(tmp_path / "a.xlsx", head, columns, rows, mode=0o600)
    assert_no_formula(tmp_path / "a.xlsx")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    for cell in fields(text, delimiter):
        assert cell == "-5.5" or cell.lstrip(' "')[:1] not in list("=+-@＝"), cell
    assert text.count("\n") == len(rows) + 2


def test_numbers_stay_numbers_and_texts_texts(tmp_path: Path) -> None:
    row = ("00042", "12345678901234567890", "-7", -7, Decimal("-0.0001"), 2.5, dt.date(2024, 1, 2),
           dt.datetime(2024, 1, 2, 9), True, None, float("nan"), float("inf"))  # fmt: skip
    columns = [f"c{n}" for n in range(len(row))]
    write_csv(tmp_path / "a.csv", {}, columns, [row], mode=0o600)
    write_xlsx(tmp_path / "a.xlsx", {}, columns, [row], mode=0o600)
    written = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert written == (
        '"00042","12345678901234567890","\'-7",-7,-0.0001,2.5,"2024-01-02","2024-01-02","yes",,,'
    )
    values = [cell.value for cell in list(openpyxl.load_workbook(tmp_path / "a.xlsx").active)[2]]
    day = dt.datetime(2024, 1, 2)
    assert values == [
        "00042",
        "12345678901234567890",
        "-7",
        -7,
        -0.0001,
        2.5,
        day,
        day,
        "yes",
        None,
        None,
        None,
    ]


@given(st.text(alphabet="=+-@;,|\t\r\n\"' ax1\x00＝\u2028", max_size=12))
def test_no_part_of_a_safe_text_begins_a_formula(text: str) -> None:
    safe = safe_text(text)
    assert not set(safe) & set("\t\r\n\x00\u2028")
    for delimiter in ",;|":
        assert not any(part.lstrip(" \"'")[:1] in ("=", "+", "-", "@", "＝")
                       and "'" not in part for part in safe.split(delimiter))  # fmt: skip
    assert safe_text(safe).replace("'", "") == safe.replace("'", "")


# --- real ids -------------------------------------------------------------------------------------


def test_real_ids_only_for_the_holder_of_files_and_key(shop: Path) -> None:
    ran = call("lists", shop, "--all", "--reveal")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "real customer ids, and only you can read them (mode 0600)" in ran.stdout
    for ending in ("csv", "xlsx"):
        place = downloads() / f"customers-ids.{ending}"
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert "# Ids: real customer ids · personal data: hand on to nobody" in head_of(
        "customers-ids.csv"
    )
    sheet = cells_of("customers-ids.xlsx")[9:]
    assert [cell.value for cell in sheet[0][:2]] == ["customer_id", "pseudonym"]
    found = {row[0].value: row[1].value for row in sheet[1:]}
    assert found == {one if one != "ann" else "ann; anna": pseudonym_of(one, KEY) for one in IDS}
    assert_no_formula(downloads() / "customers-ids.xlsx")
    assert set(read_csv("customers-ids.csv").customer_id) == {
        "00042", "'-7", "'=2+3", "12345678901234567890", "ann; anna",
    }  # fmt: skip
    assert not list((shop.parent / "data/work/shop").glob("list-*"))


def test_with_another_key_nothing_is_written(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "another key of some length")
    ran = call("lists", shop, "--all", "--reveal")
    assert ran.exit_code == 2
    assert "No customer id was found behind 5 pseudonyms" in ran.stderr
    assert not downloads().exists()


def test_without_reveal_no_real_id_is_anywhere(shop: Path) -> None:
    call("lists", shop, "--all")
    for path in downloads().iterdir():
        assert b"12345678901234567890" not in path.read_bytes()
    values = {cell.value for row in cells_of("customers.xlsx") for cell in row}
    assert not values & set(IDS)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Expected one of --segment NAME, --tag NAME and --all. There are, segment: champions, lost; importance: dormant, "),
        (["--all", "--tag", "fan"], "Expected one of"),
        (["--segment", "champion"], "no segment 'champion'. Did you mean champions"),
        (["--segment", "lost"], "'lost' is a group of segment and of importance. Say segment:lost or importance:lost."),
        (["--segment", "segment:vip"], "no segment 'segment:vip'"),
        (["--tag", "fans"], "no tag 'fans'. Did you mean fan"),
        (["--tag", "later"], "no tag 'later'. The parameters have it: run the workbook first"),
        (["--tag", "importance"], "no tag 'importance'"),
        (["--all", "--as-of", "2024-02-29"], "results of 04_segments as of 2024-02-29; it last ran as of 2024-03-31. Do: regulars run parameters/shop.yaml --as-of 2024-02-29"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(shop: Path, options: list[str], message: str) -> None:
    ran = call("lists", shop, *options)
    assert ran.exit_code == 2
    assert message in ran.stderr
    assert "wine" not in ran.stderr  # values of the data stay where they are
    assert not (paths.reports() / "shop").exists()


def test_before_any_run_there_is_no_list(shop: Path) -> None:
    (shop.parent / "data/work/shop/facts/04_segments.json").unlink()
    ran = call("lists", shop, "--all")
    assert (ran.exit_code, "it has not run at all" in ran.stderr) == (2, True)


def test_a_group_of_two_groupings_can_be_named_in_full(shop: Path) -> None:
    assert call("lists", shop, "--segment", "importance:lost", "--format", "csv").exit_code == 0
    assert len(read_csv("importance_lost.csv")) == 1


def test_while_the_workbook_runs_there_is_no_list(shop: Path) -> None:
    with FileLock(shop.parent / "data/work/shop/.running"):
        for command in (["lists", shop, "--all"], ["prune", "shop"]):
            ran = call(*command)
            assert (ran.exit_code, "is being run" in ran.stderr) == (75, True)


def test_a_list_longer_than_excel_is_csv_alone(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "EXCEL_ROWS", 14)
    ran = call("lists", shop, "--all")
    assert (
        "sheets have 14 rows, and the list has 5 customers, so it was written as CSV alone"
        in ran.stdout
    )
    assert [path.name for path in sorted(downloads().iterdir())] == ["customers.csv", "lists.json"]
    ran = call("lists", shop, "--all", "--format", "xlsx")
    assert (ran.exit_code, "with --format csv" in ran.stderr) == (2, True)
    monkeypatch.setattr(lists, "EXCEL_ROWS", 15)  # 8 of the head, 1 empty, 1 header, 5 customers
    assert "customers.xlsx" in call("lists", shop, "--all").stdout
    assert len(cells_of("customers.xlsx")) == 15
    assert list_files.EXCEL_ROWS == 1_048_576


@pytest.mark.parametrize(
    "name", ["../x", "CON", "a:b", "北京", "x" * 300, "..", "a/b", "baby food", ""]
)
def test_names_of_the_data_make_names_of_files(name: str) -> None:
    made = _file_name(name)
    assert 0 < len(made) < 80
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert made == name or made != _file_name(name + " ")


def test_a_run_makes_no_list(cdnow_run: Path) -> None:
    made = [path.name for path in (cdnow_run / "reports").rglob("*") if path.is_file()]
    assert "04_segments.html" in made
    assert not [name for name in made if name.endswith((".csv", ".xlsx")) or name == "lists.json"]


# --- prune ----------------------------------------------------------------------------------------


@pytest.fixture
def old(shop: Path) -> Path:
    """Three days of pages, lists of one of them, and what runs leave behind."""
    call("lists", shop, "--all")
    for day in ("2024-02-29", DAY, "2024-04-30", "2024-04-30.failed"):
        place = paths.reports() / "shop" / day / "manifest.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        pages = [{"file": "00_overview.html", "title": "t", "state": "failed", "finding": "f"}]
        state = "failed" if day.endswith("failed") else "done"
        about = {
            "workbook": "shop",
            "as_of": day[:10],
            "title": "A shop",
            "state": state,
            "pages": pages,
        }
        place.write_text(json.dumps(about))
    for name in (
        "run/log.txt",
        "rejected/purchases.parquet",
        "clean/purchases.parquet",
        "spill-x/y",
    ):
        path = shop.parent / "data/work/shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return shop.parent


def test_prune_takes_what_has_had_its_time(old: Path) -> None:
    work = old / "data/work/shop"
    ran = call("prune", "shop", "--as-of", "2024-05-01")
    assert ran.exit_code == 0, ran.output
    assert not downloads().exists()
    assert ran.stdout.splitlines() == [
        f"removed reports/shop/{DAY}/downloads/customers.csv: could be kept until 2024-04-30",
        f"removed reports/shop/{DAY}/downloads/customers.xlsx: could be kept until 2024-04-30",
        *(f"removed data/work/shop/{name}: rows as they came, and notebooks that ran on them"
          for name in ("run", "rejected", "spill-x")),
    ]  # fmt: skip
    assert (work / "clean/purchases.parquet").exists()
    assert (work / "results/segments.parquet").exists()
    assert call("prune").stdout == "Nothing is past its time.\n"


def test_prune_counts_from_the_newest_day_of_pages(old: Path) -> None:
    assert "customers.csv" not in call("prune", "shop").stdout  # 2024-04-30 is the last day
    (paths.reports() / "shop" / "2024-04-30").rename(paths.reports() / "shop" / "2024-05-31")
    other = downloads() / "mine.csv"
    other.write_text("x")
    assert "customers.csv" in call("prune").stdout
    assert [path.name for path in downloads().iterdir()] == ["mine.csv"]  # not a list of ours


def test_prune_keeps_the_newest_days_of_pages(old: Path) -> None:
    ran = call("prune", "shop", "--keep", "1")
    left = sorted(path.name for path in (paths.reports() / "shop").iterdir())
    assert left == ["2024-04-30", "2024-04-30.failed"]
    assert f"removed reports/shop/{DAY}: not among the newest 1" in ran.stdout
    assert DAY not in (paths.reports() / "index.html").read_text()


def test_prune_removes_nothing_that_a_record_names_elsewhere(old: Path) -> None:
    record = downloads() / "lists.json"
    record.write_text(json.dumps({"../../../../shop.yaml": {"keep_until": "2000-01-01"}}))
    assert call("prune", "shop").exit_code == 0
    assert (old / "shop.yaml").exists()


@pytest.mark.parametrize("name", ["shopp", "../shop", ".", ""])
def test_prune_of_what_is_no_workbook(old: Path, name: str) -> None:
    ran = call("prune", name) if name else call("prune", "--keep", "0")
    assert ran.exit_code == 2
    assert (old / "data/work/shop/run").exists()


def test_one_busy_workbook_does_not_keep_the_others_from_being_pruned(old: Path) -> None:
    other = old / "data/work/aaa"
    (other / "rejected").mkdir(parents=True)
    with FileLock(other / ".running"):
        ran = call("prune", "--as-of", "2024-05-01")
    assert ran.exit_code == 75
    assert ran.stderr.startswith("regulars: aaa is being run")
    assert (other / "rejected").exists()
    assert not (old / "data/work/shop/rejected").exists()


# --- warnings, win-back, and the control group ----------------------------------------------------


@pytest.fixture
def warned(shop: Path) -> Path:
    """Return the workbook after 11_warnings: two are warned of, three have left."""
    work = shop.parent / "data" / "work" / "shop"
    names = [pseudonym_of(one, KEY) for one in IDS]
    for writer in ("06_churn", "11_warnings"):
        (work / "facts" / f"{writer}.json").write_text(json.dumps({"as_of": DAY}))
    warnings = {"customer_id": names[:2], "warning": ["falling", "overdue"], "at_stake": [5.0, 9.0]}
    pd.DataFrame(warnings).to_parquet(work / "results" / "warnings.parquet")
    win_back = {"customer_id": names[2:], "win_back": ["worth_it", "not_worth_it", "worth_it"],
                "expected_gain": [3.0, -1.0, 4.0]}  # fmt: skip
    pd.DataFrame(win_back).to_parquet(work / "results" / "win_back.parquet")
    churn = {"customer_id": names, "p_alive": [0.9, 0.8, 0.2, 0.1, 0.3]}
    pd.DataFrame(churn).to_parquet(work / "results" / "churn.parquet")
    return shop


def test_who_is_worth_winning_back_is_a_list_the_largest_gain_first(warned: Path) -> None:
    ran = call("lists", warned, "--segment", "win_back", "--format", "csv")
    assert ran.exit_code == 0, ran.output
    found = read_csv("win_back.csv")
    assert found.customer_id.tolist() == [pseudonym_of(IDS[4], KEY), pseudonym_of(IDS[2], KEY)]
    assert found.p_alive.tolist() == [0.3, 0.2]
    assert "# List: customers with win_back worth_it" in head_of("win_back.csv")[0]


@pytest.mark.parametrize(
    ("asked", "name", "who"),
    [
        ("warning", "warning", [1, 0]),
        ("warning:falling", "warning_falling", [0]),
        ("not_worth_it", "win_back_not_worth_it", [3]),
    ],
)
def test_warnings_and_groups_of_them_are_lists(
    warned: Path, asked: str, name: str, who: list[int]
) -> None:
    assert call("lists", warned, "--segment", asked, "--format", "csv").exit_code == 0
    assert read_csv(f"{name}.csv").customer_id.tolist() == [
        pseudonym_of(IDS[one], KEY) for one in who
    ]


def test_who_is_to_be_tested_is_the_list_where_nobody_is_known_to_be_worth_it(warned: Path) -> None:
    place = warned.parent / "data" / "work" / "shop" / "results" / "win_back.parquet"
    told = pd.read_parquet(place)
    told["win_back"] = told.win_back.replace({"worth_it": "to_test"})
    told.to_parquet(place)
    assert call("lists", warned, "--segment", "win_back", "--format", "csv").exit_code == 0
    assert read_csv("win_back.csv").win_back.tolist() == ["to_test", "to_test"]


def test_what_another_day_left_behind_is_no_list(warned: Path) -> None:
    facts = warned.parent / "data" / "work" / "shop" / "facts" / "11_warnings.json"
    facts.write_text(json.dumps({"as_of": "2023-12-31"}))
    ran = call("lists", warned, "--segment", "win_back")
    assert ran.exit_code == 2
    assert "no segment 'win_back'" in ran.output


def test_a_segment_of_that_name_comes_first(warned: Path) -> None:
    text = warned.read_text().replace("name: lost", "name: warning")
    warned.write_text(text)
    assert call("lists", warned, "--segment", "warning", "--format", "csv").exit_code == 0
    assert (downloads() / "segment_warning.csv").exists()


def test_a_control_group_is_drawn_by_lot_and_stands_last(warned: Path) -> None:
    options = ("--all", "--hold-out", ".4", "--format", "csv")
    ran = call("lists", warned, *options)
    assert ran.exit_code == 0, ran.output
    found = read_csv("customers.csv")
    # The lot by hand: the first eight digits of the MD5 of the list's name and the pseudonym.
    for row in found.itertuples():
        digest = hashlib.md5(f"customers {row.customer_id}".encode()).hexdigest()
        assert row.arm == ("control" if int(digest[:8], 16) < 0.4 * 2**32 else "treated")
    assert set(found.arm) == {"treated", "control"}
    assert found.arm.tolist() == sorted(found.arm, reverse=True)
    assert any("Control group: 40 % by lot" in line for line in head_of("customers.csv"))
    record = json.loads((downloads() / lists.RECORD).read_text())
    assert record["customers.csv"]["hold_out"] == 0.4


def test_the_lot_is_the_same_with_real_ids(warned: Path) -> None:
    options = ("--all", "--hold-out", ".4", "--format", "csv")
    assert call("lists", warned, *options).exit_code == 0
    assert call("lists", warned, *options, "--reveal").exit_code == 0
    one, other = read_csv("customers.csv"), read_csv("customers-ids.csv")
    arms = dict(zip(one.customer_id, one.arm, strict=True))
    assert [arms[name] for name in other.pseudonym] == other.arm.tolist()


def test_a_lot_over_many_holds_out_the_share_that_was_asked_for() -> None:
    many = ibis.memtable(pd.DataFrame({"customer_id": [f"c-{n}" for n in range(20_000)]}))
    arms = [with_arms(Wanted(name, "", many), 0.2).customers.execute() for name in ("one", "two")]
    held = [arm.set_index("customer_id").arm == "control" for arm in arms]
    # Four standard errors of a share of .2 of 20,000 are .011; both lots are independent.
    assert [one.mean() for one in held] == pytest.approx([0.2, 0.2], abs=0.011)
    assert (held[0] & held[1]).mean() == pytest.approx(0.04, abs=0.006)


@pytest.mark.parametrize("share", ["1", "-.1", "much"])
def test_a_share_that_is_none_is_refused(warned: Path, share: str) -> None:
    assert call("lists", warned, "--all", "--hold-out", share).exit_code == 2


def test_without_a_share_there_is_no_arm(warned: Path) -> None:
    assert call("lists", warned, "--all", "--format", "csv").exit_code == 0
    assert "arm" not in read_csv("customers.csv").columns
