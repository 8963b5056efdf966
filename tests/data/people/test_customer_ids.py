"""Customer ids: one way to write them, spoiled ones, and ids that are one person."""

import random
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from regulars.data.people.customer_ids import apply_merges, merged_ids, normal_form, spoiled
from regulars.errors import DataError

HEADER = "customer_id,same_as\n"


def table(texts: list[str | None]) -> pa.Table:
    return pa.table({"n": range(len(texts)), "id": pa.array(texts, pa.string())})


def forms(texts: list[str | None], how: str = "exact") -> list[str | None]:
    engine = ibis.duckdb.connect()
    rows = engine.create_table("t", ibis.memtable(table(texts)))
    found = rows.select("n", f=normal_form(rows.id, how)).order_by("n").to_pyarrow()
    return found["f"].to_pylist()


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("00042", "00042"), (" 42\t", "42"), ("４２", "42"), ("ＣＵＳＴ－４２", "CUST-42"), ("\u300042\u00a0", "42"), ("4\u200b2", "42"),
        ("\ufeff42", "42"), ("cust_42", "cust_42"), ("e\u0301", "é"), ("张三", "张三"), ("", None), ("  ", None), (None, None),
        ("9223372036854775807123", "9223372036854775807123"), ("Ä1", "Ä1"),
    ],
)  # fmt: skip
def test_exact_changes_only_what_nobody_sees(written: str | None, form: str | None) -> None:
    assert forms([written]) == [form]


@pytest.mark.parametrize(
    "written",
    ["cust_42", "CUST-42", "Cust 42", "CUST.42", "cust/42", "cust _ 42", "ｃｕｓｔ＿４２", "CUST–42", "cust\t42"],
)  # fmt: skip
def test_normalise_makes_one_of_the_ways_to_write_an_id(written: str) -> None:
    assert forms([written], "normalise") == ["CUST-42"]


def test_normalise_keeps_apart_what_is_another_id() -> None:
    texts = ["42", "042", "CUST42", "CUST-42", "A-4-2", "A-42"]
    assert forms(texts, "normalise") == texts


@pytest.mark.parametrize("how", ["exact", "normalise"])
def test_a_normal_form_is_its_own_normal_form(how: str) -> None:
    random.seed(2)
    signs = "aB09 _-./＿－４\u3000\u200bé\u0301ｋß张"
    texts = ["".join(random.choices(signs, k=n % 9)) for n in range(500)]
    once = forms(texts, how)
    assert forms(once, how) == once


@pytest.mark.parametrize(
    "text",
    ["1.23E+15", "1,23E+15", "1.23457e+18", "1E+15", "-1.2E+05", "42.0", "42,0", "42.00", "#N/A", "#REF!", "#NV", "#DIV/0!",
     "#NAME?", "#####", "nan", "NaN", "NaT", "<NA>"],
)  # fmt: skip
def test_spoiled_ids_are_seen(text: str) -> None:
    assert bool(spoiled(ibis.literal(text)).execute())


@pytest.mark.parametrize(
    "text",
    ["00042", "1234567890123450000", "12E5", "E15", "42.5", "1.2.0", "#42", "Nancy", "nano", "42.0A", "85123A", "1,000", "N/A",
     "42.000", "c-1.0"],
)  # fmt: skip
def test_ids_that_only_look_odd_are_left(text: str) -> None:
    assert not bool(spoiled(ibis.literal(text)).execute())


def read(root: Path, text: str, how: str = "exact") -> dict[str, str]:
    (root / "same.csv").write_text(text, encoding="utf-8")
    found = merged_ids("same.csv", how=how)
    assert found.dtypes.astype(str).tolist() == ["str", "str"]
    return dict(zip(found.customer_id, found.same_as, strict=True))


@pytest.mark.parametrize(
    ("lines", "how", "ends"),
    [
        ("a,b\n", "exact", {"a": "b"}),
        ("a,b\nb,c\nd,a\n", "exact", {"a": "c", "b": "c", "d": "c"}),
        ("a,b\na,b\n\n", "exact", {"a": "b"}),
        ("a,a\n", "exact", {}),
        ("cust_1,CUST 1\ncust_1,k9\n", "normalise", {"CUST-1": "K9"}),
        ("００１, b \n", "exact", {"001": "b"}),
        ("", "exact", {}),
    ],
)
def test_chains_are_followed_to_their_end(
    root: Path, lines: str, how: str, ends: dict[str, str]
) -> None:
    assert read(root, HEADER + lines, how) == ends


def test_a_long_chain_is_followed(root: Path) -> None:
    lines = "".join(f"c{n},c{n + 1}\n" for n in range(5000))
    assert set(read(root, HEADER + lines).values()) == {"c5000"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "secret1,b\nb,secret1\n", "in a circle"),
        (HEADER + "x,secret1\nsecret1,b\nb,secret1\n", "in a circle"),
        (HEADER + "secret1,b\nsecret1,c\n", "line 3: the id is said to be another customer"),
        (HEADER + "secret1,\n", "line 2: an id is empty"),
        (HEADER + "a,b\nsecret1\n", "line 3: an id is empty"),
        (HEADER + "1.23E+15,secret1\n", "spoiled by a spreadsheet"),
        (HEADER + "a,b,secret1\n", "line 2: expected 2 fields"),
        ("customer;same\n", "expected the columns customer_id and same_as"),
        ("", "found none. Rename"),
        (HEADER + 'secret1,"b\n', "found something else"),
    ],
)
def test_a_merge_table_that_says_nothing_clear_is_refused(
    root: Path, text: str, message: str
) -> None:
    with pytest.raises(DataError, match=message) as refused:
        read(root, text)
    assert "secret1" not in str(refused.value)


@pytest.mark.parametrize("file", ["nothing.csv", "../same.csv", "/etc/hosts", "."])
def test_a_merge_table_lies_below_the_root(root: Path, file: str) -> None:
    (root.parent / "same.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(DataError, match="below the project's root"):
        merged_ids(file)


def test_a_merge_table_in_another_encoding_is_refused(root: Path) -> None:
    (root / "same.csv").write_bytes((HEADER + "é,b\n").encode("latin-1"))
    with pytest.raises(DataError, match="expected CSV text in UTF-8"):
        merged_ids("same.csv")


def test_merges_change_what_they_name_and_keep_the_order(tmp_path: Path) -> None:
    engine = ibis.duckdb.connect()
    texts = [f"c{n % 1000}" for n in range(200_000)]
    rows = engine.create_table("t", ibis.memtable(table(texts)))
    merges = pd.DataFrame({"customer_id": ["c1", "c2"], "same_as": ["c9", "c9"]}, dtype="str")
    engine.to_parquet(rows.mutate(id=apply_merges(rows.id, merges)), str(tmp_path / "out.parquet"))
    found = pd.read_parquet(tmp_path / "out.parquet")
    assert found.n.tolist() == list(range(200_000))
    assert found.id.tolist() == ["c9" if text in ("c1", "c2") else text for text in texts]


def test_two_merge_tables_on_one_engine_do_not_mix() -> None:
    engine = ibis.duckdb.connect()
    rows = engine.create_table("t", ibis.memtable({"id": ["a", None, "b"]}))
    one = pd.DataFrame({"customer_id": ["a"], "same_as": ["x"]})
    two = pd.DataFrame({"customer_id": ["b"], "same_as": ["y"]})
    both = rows.select(one=apply_merges(rows.id, one), two=apply_merges(rows.id, two)).to_pyarrow()
    assert both["one"].to_pylist() == ["x", None, "b"]
    assert both["two"].to_pylist() == ["a", None, "y"]
    again = rows.select(two=apply_merges(rows.id, two)).to_pyarrow()
    assert again["two"].to_pylist() == ["a", None, "y"]
