"""Messy: read back by a second reader, the files give the clean company and exactly what was planted.

The reader here shares no code with the writer or with intake: bytes are cut into lines by hand,
typed by pandas, and every row it turns down is counted under its reason.
"""

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from simulated import KEYS

from regulars.data.simulate.shop import write_shop
from regulars.errors import ParameterError

CUSTOMERS = 700
LAST = pd.Timestamp("2025-12-31 23:59:59")
REQUIRED = {
    "purchases": ["ordered_at", "amount"],
    "customers": ["customer_id"],
    "surveys": ["responded_at", "question", "score"],
    "interactions": ["customer_id", "opened_at", "kind"],
    "campaigns": ["campaign_id"],
    "campaign_contacts": ["campaign_id", "customer_id"],
    "opportunities": ["opportunity_id", "created_at"],
    "targets": ["period"],
    "subscriptions": ["customer_id", "started_at"],
}
TIME = {
    "purchases": "ordered_at",
    "surveys": "responded_at",
    "interactions": "opened_at",
    "opportunities": "created_at",
}
MONEY = {
    "purchases": "amount",
    "interactions": "cost",
    "campaigns": "cost",
    "opportunities": "amount",
    "subscriptions": "fee",
}
NUMBERS = ["amount", "quantity", "unit_price", "cost", "discount", "fee", "target", "score"]
TESTERS = {"TEST", "test_1", "test_2", "demo customer"}
CHOICES = {
    ("purchases", "kind"): {"sale", "return", "cancellation"},
    ("customers", "kind"): {"person", "company"},
    ("interactions", "kind"): {"inquiry", "complaint", "suggestion", "return", "care"},
    ("campaign_contacts", "arm"): {"treated", "control"},
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("clean"), customers=CUSTOMERS)


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shop(tmp_path_factory.mktemp("messy"), customers=CUSTOMERS, messy=True)


@pytest.fixture(scope="module")
def defects(messy: Path) -> dict:
    return json.loads((messy / "truth" / "defects.json").read_text(encoding="utf-8"))


@dataclass
class Reading:
    """The rows that were accepted, and what was turned down by reason: rows and money."""

    accepted: dict[str, pd.DataFrame] = field(default_factory=dict)
    rows: Counter = field(default_factory=Counter)
    money: Counter = field(default_factory=Counter)

    def count(self, table: str, reason: str, rows: int, money: Decimal = Decimal(0)) -> None:
        self.rows[table, reason] += rows
        self.money[table, reason] += money


@pytest.fixture(scope="module")
def reading(messy: Path, defects: dict) -> Reading:
    found = Reading()
    seen: set[bytes] = set()
    typed: dict[str, list[pd.DataFrame]] = {}
    for name in sorted(defects["files"]):
        facts = defects["files"][name]
        content = (messy / name).read_bytes()
        rows = read_rows(content, facts, found if content not in seen else Reading())
        rows = typed_rows(rows, facts)
        if content in seen:
            found.count(facts["table"], "same_file", len(rows), sum(rows.money))
            continue
        seen.add(content)
        kept = judge(rows, facts["table"], found)
        kept = merge_equal(kept, facts["table"], found)
        typed.setdefault(facts["table"], []).append(kept)
    for table, parts in typed.items():
        found.accepted[table] = merge_keys(pd.concat(parts), table, found)
    return found


def read_rows(content: bytes, facts: dict, found: Reading) -> pd.DataFrame:
    """Read a file as text under our own names."""
    columns = facts["columns"]
    if facts["format"] == "xlsx":
        rows = pd.read_excel(
            io.BytesIO(content), sheet_name=facts["sheet"], dtype=object, engine="calamine"
        )
    elif facts["format"] == "parquet":
        rows = pd.read_parquet(io.BytesIO(content)).astype(object)
    elif facts["format"] == "jsonl":
        rows = pd.DataFrame(
            [json.loads(line) for line in content.decode().splitlines()], dtype=object
        )
    else:
        rows = pd.DataFrame(
            text_rows(content, facts, found), columns=list(columns.values()), dtype=object
        )
    rows = rows.rename(columns={theirs: ours for ours, theirs in columns.items()})
    return rows.where(rows.notna() & (rows != ""), None)


def text_rows(content: bytes, facts: dict, found: Reading) -> Iterator[list[str]]:
    if facts.get("packing") == "gzip":
        content = gzip.decompress(content)
    if facts.get("packing") == "zip":
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = archive.read(archive.namelist()[0])
    text = content.decode(facts["encoding"])
    end = "\r\n" if "\r\n" in text else "\n"
    *lines, last = text.split(end)
    if last:
        found.count(facts["table"], "last_line_cut", 1)
    for line in lines[1:]:
        if line.count('"') % 2 == 1:
            found.count(facts["table"], "quote_not_closed", 1)
            continue
        cells = next(csv.reader([line.replace("\0", "␀")], delimiter=facts["delimiter"]))
        if len(cells) != len(facts["columns"]):
            found.count(facts["table"], "line_malformed", 1)
        else:
            yield cells


def typed_rows(rows: pd.DataFrame, facts: dict) -> pd.DataFrame:
    """Type times and numbers; beside a value that did not parse stands True in bad:<column>."""
    typed = pd.DataFrame(index=rows.index)
    for name in rows.columns:
        text = rows[name]
        if name.endswith(("_at", "_on", "_date")):
            typed[name] = times(text, facts)
        elif name in NUMBERS:
            typed[name] = numbers(text, facts)
        else:
            typed[name] = text.map(lambda value: None if value is None else str(value))
        typed[f"bad:{name}"] = text.notna() & typed[name].isna()
    if "period" in typed:
        typed["bad:period"] = pd.to_datetime(typed.period, format="%Y-%m", errors="coerce").isna()
    money = MONEY.get(facts["table"])
    typed["money"] = [Decimal(0)] * len(typed)
    if money:
        typed["money"] = [Decimal(0) if pd.isna(m) else Decimal(f"{m:.2f}") for m in typed[money]]
    return typed


def times(text: pd.Series, facts: dict) -> pd.Series:
    if "date_format" in facts and facts["format"] != "jsonl":
        shown = text.fillna("").astype(str)
        return pd.to_datetime(shown, format=facts["date_format"], errors="coerce")
    # Serial dates of Excel are floating-point days.
    return pd.to_datetime(text, errors="coerce").dt.round("s")


def numbers(text: pd.Series, facts: dict) -> pd.Series:
    plain = text.map(lambda value: "" if value is None else str(value))
    if facts.get("thousands"):
        plain = plain.str.replace(facts["thousands"], "")
    if facts.get("decimal") == ",":
        plain = plain.str.replace(",", ".")
    return pd.to_numeric(plain, errors="coerce").astype("float64")


def judge(rows: pd.DataFrame, table: str, found: Reading) -> pd.DataFrame:
    """Count every row that breaks a rule under the one rule it breaks, and return the others."""
    broken = pd.DataFrame(index=rows.index)
    texts = rows.select_dtypes(["object", "string"]).drop(columns="money")
    broken["control_characters"] = texts.apply(lambda c: c.astype(str).str.contains("␀")).any(
        axis=1
    )
    broken["cell_too_long"] = texts.apply(lambda c: c.astype(str).str.len() > 65_536).any(axis=1)
    for name in (name for name in rows.columns if name.startswith("bad:")):
        broken[f"{name[4:]}_unreadable"] = rows[name]
    for name in REQUIRED[table]:
        broken[f"{name}_missing"] = rows[name].isna() & ~rows[f"bad:{name}"]
    if table == "surveys":
        silent = rows.responded_at.isna() & rows.score.isna() & rows.invited_at.notna()
        silent &= ~rows["bad:responded_at"] & ~rows["bad:score"]
        broken.loc[silent, ["responded_at_missing", "score_missing"]] = False
        broken["invited_at_after_as_of"] = rows.invited_at > LAST
    if "customer_id" in rows:
        ids = rows.customer_id.fillna("").astype(str)
        broken["customer_id_spoiled"] = ids.str.fullmatch(r"[0-9.]+E\+[0-9]+|[0-9]+\.0")
        broken["test_customer"] = ids.isin(TESTERS)
    for (one, column), allowed in CHOICES.items():
        if one == table:
            broken[f"{column}_unknown"] = rows[column].notna() & ~rows[column].isin(allowed)
    if table == "surveys":  # an answer of tomorrow is an invitation today
        rows.loc[rows.responded_at > LAST, ["responded_at", "score", "comment"]] = None
    if table in TIME:
        broken[f"{TIME[table]}_after_as_of"] = rows[TIME[table]] > LAST
    if table == "surveys":
        scale = pd.to_numeric(rows.scale_max)
        outside = (rows.score > scale) | (rows.score < 0) | (rows.score % 1 != 0)
        broken["score_out_of_scale"] = outside & rows.score.notna()
        known = rows.question.isin(["nps", "csat", "ces"]) | rows.question.astype(
            str
        ).str.startswith("driver:")
        broken["question_unknown"] = ~known & rows.question.notna()
    assert broken.sum(axis=1).max() <= 1, "A planted row must have one reason, no more."
    for reason in broken.columns[broken.any()]:
        unread = reason in ("control_characters", "cell_too_long")
        money = 0 if unread else sum(rows.money[broken[reason]])
        found.count(table, reason, int(broken[reason].sum()), money)
    return rows[~broken.any(axis=1)].drop(columns=[n for n in rows if n.startswith("bad:")])


def merge_equal(rows: pd.DataFrame, table: str, found: Reading) -> pd.DataFrame:
    again = rows.duplicated()
    found.count(table, "equal_line", int(again.sum()), sum(rows.money[again]))
    return rows[~again]


def merge_keys(rows: pd.DataFrame, table: str, found: Reading) -> pd.DataFrame:
    again = rows.duplicated()
    found.count(table, "delivered_again", int(again.sum()), sum(rows.money[again]))
    rows = rows[~again]
    if table == "surveys":
        asked = pd.MultiIndex.from_frame(rows[["customer_id", "question", "invited_at"]])
        silent = rows.score.isna().to_numpy()
        meanwhile = silent & asked.isin(asked[~silent])
        found.count(table, "answered_meanwhile", int(meanwhile.sum()))
        rows = rows[~meanwhile]
    if table == "purchases":
        rows = rows.assign(sign=rows.amount > 0)
    replaced = rows.duplicated(KEYS[table], keep="last")
    found.count(table, "replaced_by_later", int(replaced.sum()), sum(rows.money[replaced]))
    return rows[~replaced]


def comparable(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    rows = rows.drop(columns=["money", "sign"], errors="ignore")
    return sorted(tuple(map(shown, row)) for row in rows.itertuples(index=False, name=None))


def shown(value: object) -> str:
    """Show a value so that 5, 5.0 and "5" look alike, and a day looks like its midnight."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return {"True": "true", "False": "false"}.get(str(value), str(value).removesuffix(".0"))


@pytest.mark.parametrize("table", KEYS)
def test_read_back_the_files_give_the_clean_rows(clean: Path, reading: Reading, table: str) -> None:
    facts = {"table": table, "format": "csv", "date_format": "ISO8601"}
    rows = pd.read_csv(clean / f"{table}.csv", dtype=str, keep_default_na=False).astype(object)
    rows = typed_rows(rows.where(rows != "", None), facts)
    expected = rows.drop(columns=[name for name in rows if name.startswith("bad:")])
    assert comparable(reading.accepted[table]) == comparable(expected)


def test_each_planted_row_is_found_with_its_reason_and_money(
    reading: Reading, defects: dict
) -> None:
    rows, money = Counter(), Counter()
    for one in defects["defects"]:
        rows[one["table"], one["reason"]] += one["rows"]
        money[one["table"], one["reason"]] += Decimal(one["money"])
    assert +reading.rows == rows
    assert {key: total for key, total in reading.money.items() if total} == {
        key: total for key, total in money.items() if total
    }


def test_every_file_is_described_and_every_described_file_is_there(
    messy: Path, defects: dict
) -> None:
    there = {path.name for path in messy.iterdir() if path.is_file()}
    assert there == set(defects["files"])
    assert {one["file"] for one in defects["defects"]} <= there


def test_the_forms_are_the_ones_people_have(messy: Path, defects: dict) -> None:
    facts = [one for name, one in defects["files"].items() if name.startswith("purchases")]
    assert {one["format"] for one in facts} == {"csv", "xlsx", "tsv", "parquet", "jsonl", "txt"}
    assert {one.get("packing") for one in facts} == {None, "gzip", "zip"}
    assert {one.get("encoding") for one in facts} >= {"utf-8-sig", "gb18030", "utf-16", "utf-8"}
    assert {one.get("delimiter") for one in facts} >= {",", ";", "\t", "|"}
    assert {one.get("decimal") for one in facts} >= {".", ","}
    dates = {one.get("date_format") for one in facts}
    assert {"%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S", "%Y年%m月%d日 %H:%M:%S"} <= dates
    assert (messy / "purchases_2023Q1.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


def test_outcomes_follow_from_reasons(defects: dict) -> None:
    merged = {one["reason"] for one in defects["defects"] if one["outcome"] == "merged"}
    pairs = {"equal_line", "delivered_again", "replaced_by_later", "answered_meanwhile"}
    assert merged == pairs | {"same_file"}
    assert {one["outcome"] for one in defects["defects"]} == {"merged", "rejected"}


def test_a_quote_swallows_lines_that_are_whole_on_their_own(messy: Path, defects: dict) -> None:
    name = "purchases_2023Q2.csv"
    facts = defects["files"][name]
    lines = (messy / name).read_bytes().decode(facts["encoding"]).split("\n")
    odd = [k for k, line in enumerate(lines) if line.count('"') % 2]
    first, last = odd
    group = lines[first : last + 1]
    assert [line.count(facts["delimiter"]) for line in group] == [13] * 4
    record = next(csv.reader(io.StringIO("\n".join(group)), delimiter=facts["delimiter"]))
    assert len(record) == 14
    assert all(lines.count(line) >= 2 for line in group[1:-1])


def test_the_half_line_is_there_whole_too(messy: Path, defects: dict) -> None:
    cut = [one["file"] for one in defects["defects"] if one["reason"] == "last_line_cut"]
    plain = [name for name in cut if "packing" not in defects["files"][name]]
    for name in plain:
        lines = (messy / name).read_bytes().decode(defects["files"][name]["encoding"]).splitlines()
        assert any(line.startswith(lines[-1]) for line in lines[:-1]), name
    assert len(plain) >= 2


def test_same_seed_same_bytes(messy: Path, tmp_path: Path) -> None:
    again = write_shop(tmp_path / "again", customers=CUSTOMERS, messy=True)
    for path in sorted(messy.rglob("*")):
        if path.is_file():
            assert (again / path.relative_to(messy)).read_bytes() == path.read_bytes(), path.name


def test_clean_after_messy_leaves_no_messy_file(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("mine\n", encoding="utf-8")
    write_shop(tmp_path, customers=250, years=1, messy=True)
    assert (tmp_path / "customers_1.xlsx").exists()
    write_shop(tmp_path, customers=250, years=1)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"{table}.csv" for table in KEYS} | {"own.csv", "truth"}
    assert {path.name for path in (tmp_path / "truth").iterdir()} == {
        "customers.csv",
        "parameters.json",
    }


def test_too_few_customers_for_a_messy_shop_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="customers: expected a number from 200 to 50,000"):
        write_shop(tmp_path, customers=20, messy=True)
    assert list(tmp_path.iterdir()) == []


def test_nothing_unfinished_is_left_behind(messy: Path) -> None:
    assert list(messy.glob(".*")) == []
