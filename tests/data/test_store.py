"""The store: whole files or none, in the order they were written, and nothing of another day."""

import datetime as dt
import json
import stat
from pathlib import Path

import ibis
import pandas as pd
import pytest

from regulars.data import store as stores
from regulars.data.facts import Facts
from regulars.data.store import Store, write_json, write_text
from regulars.errors import DataError

LINES = pd.DataFrame({"customer_id": ["b", "a", "c"], "amount": [2.0, 1.0, 3.0]})


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def as_of(store: Store, day: str) -> None:
    store.write_ledger({"as_of": day, "tables": {}})


def test_what_is_written_is_read_back_as_an_expression(root: Path) -> None:
    store = Store("shop")
    back = store.write("clean/purchases", LINES)
    assert isinstance(back, ibis.expr.types.Table)
    pd.testing.assert_frame_equal(back.execute(), LINES, check_dtype=False)
    assert store.path("clean/purchases") == root / "data/work/shop/clean/purchases.parquet"


@pytest.mark.parametrize("made", ["frame", "expression"])
def test_rows_keep_their_order(root: Path, made: str) -> None:
    many = pd.DataFrame({"n": [(7919 * i) % 50_021 for i in range(50_000)]})
    table = many if made == "frame" else ibis.memtable(many.reset_index()).order_by("index")[["n"]]
    store = Store("shop")
    assert store.write("clean/numbers", table).execute().n.tolist() == many.n.tolist()
    # And again from the file, through an expression.
    again = store.write("clean/numbers", store.read("clean/numbers"))
    assert again.execute().n.tolist() == many.n.tolist()


def test_the_same_rows_give_the_same_bytes(root: Path) -> None:
    store = Store("shop")
    store.write("clean/purchases", ibis.memtable(LINES))
    first = files(store.folder)
    store.write("clean/purchases", ibis.memtable(LINES))
    assert files(store.folder) == first


def test_a_table_can_be_made_from_itself(root: Path) -> None:
    store = Store("shop")
    before = store.write("clean/purchases", LINES)
    after = store.write("clean/purchases", before.filter(before.amount > 1))
    assert after.count().execute() == 2


def test_a_failing_write_leaves_the_old_table(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("shop")
    store.write("clean/purchases", LINES)
    whole = store.path("clean/purchases").read_bytes()

    def half(table: object, path: str) -> None:
        Path(path).write_bytes(b"PAR1 and then the disk was full")
        raise OSError("No space left on device")

    monkeypatch.setattr(store.engine, "to_parquet", half)
    with pytest.raises(OSError, match="No space left"):
        store.write("clean/purchases", ibis.memtable(LINES.head(1)))
    assert store.path("clean/purchases").read_bytes() == whole
    assert store.read("clean/purchases").count().execute() == 3


def test_a_failing_frame_leaves_the_old_table_too(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store("shop")
    store.write("clean/purchases", LINES)

    def half(frame: pd.DataFrame, path: Path, **options: object) -> None:
        path.write_bytes(b"PAR1")
        raise OSError("No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", half)
    with pytest.raises(OSError, match="No space left"):
        store.write("clean/purchases", LINES.head(1))
    assert store.read("clean/purchases").count().execute() == 3


def test_text_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "facts" / "05_loyalty.json"
    write_json(place, {"findings": ["Grüße"]})
    assert place.read_text(encoding="utf-8") == '{\n "findings": [\n  "Grüße"\n ]\n}\n'

    def full(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(stores.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_text(place, "half of it")
    assert json.loads(place.read_text(encoding="utf-8")) == {"findings": ["Grüße"]}


@pytest.mark.parametrize(
    ("name", "todo"),
    [
        ("accepted/purchases", r"Run notebooks/01_ingest\.ipynb first\."),
        ("clean/purchases", r"Run notebooks/02_clean\.ipynb first\."),
        ("results/churn", r"Nothing has written it\."),
    ],
)
def test_a_missing_table_says_what_to_run(root: Path, name: str, todo: str) -> None:
    with pytest.raises(DataError, match=f"Expected the table {name} of shop, found none. {todo}"):
        Store("shop").read(name)


def test_dropping_a_table_twice_is_no_error(root: Path) -> None:
    store = Store("shop")
    store.write("results/churn", LINES)
    store.drop("results/churn")
    store.drop("results/churn")
    assert not store.path("results/churn").exists()


def test_a_private_table_is_its_owner_s_alone(root: Path) -> None:
    store = Store("shop")
    back = store.write_private("rejected/purchases", ibis.memtable(LINES))
    assert back.count().execute() == 3
    place = store.path("rejected/purchases")
    assert [stat.S_IMODE(p.stat().st_mode) for p in (place, place.parent)] == [0o600, 0o700]


def test_a_private_folder_is_emptied_unless_it_is_kept(root: Path) -> None:
    store = Store("shop")
    (store.private("staged/purchases") / "rows").touch()
    assert list(store.private("staged/purchases", keep=True).iterdir()) != []
    assert list(store.private("staged/purchases").iterdir()) == []


@pytest.mark.parametrize("day", ["1998-07-01", dt.date(1998, 7, 1), "2024-01-01"])
def test_a_day_later_than_intakes_is_refused(root: Path, day: object) -> None:
    as_of(Store("shop"), "1998-06-30")
    message = (
        rf"as_of is {day}, but the files were taken in as of 1998-06-30\. "
        rf"Run 01_ingest and 02_clean with as_of {day} first\."
    )
    with pytest.raises(DataError, match=message):
        Store("shop", as_of=day)


@pytest.mark.parametrize("day", ["1998-06-30", dt.date(1998, 6, 30), "1997-12-31"])
def test_intakes_day_and_any_before_it_are_known(root: Path, day: object) -> None:
    as_of(Store("shop"), "1998-06-30")
    assert Store("shop", as_of=day).workbook == "shop"


def test_without_a_ledger_nothing_is_known_of_any_day(root: Path) -> None:
    with pytest.raises(DataError, match=r"Expected a ledger, found none\. Run notebooks/01_ingest"):
        Store("shop", as_of="1998-06-30")


def test_facts_of_another_day_are_not_read(root: Path) -> None:
    store = Store("shop")
    for notebook, day in (("05_loyalty", "1998-06-30"), ("03_customer_base", "1998-05-31")):
        store.write_facts(Facts(notebook, as_of=day, findings=[day]))
    assert list(store.read_facts(as_of="1998-06-30")) == ["05_loyalty"]
    assert list(store.read_facts(as_of="1998-05-31")) == ["03_customer_base"]
    assert store.read_facts(as_of="1997-01-01") == {}


def test_facts_come_in_the_order_of_the_notebooks_and_without_the_overview(root: Path) -> None:
    store = Store("shop")
    for notebook in ("00_overview", "06_churn", "01_ingest", "03_customer_base"):
        store.write_facts(Facts(notebook, as_of="1998-06-30"))
    found = store.read_facts(as_of="1998-06-30")
    assert list(found) == ["01_ingest", "03_customer_base", "06_churn"]
    assert found["06_churn"]["notebook"] == "06_churn"


def test_two_workbooks_do_not_meet(root: Path) -> None:
    Store("shop").write("clean/purchases", LINES)
    with pytest.raises(DataError, match="clean/purchases of other"):
        Store("other").read("clean/purchases")


def test_the_machines_time_zone_moves_no_day(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert Store("shop").engine.raw_sql("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)
