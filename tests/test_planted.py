"""Planted: the scanner finds a needle in each form of file, and nothing where there is none."""

import base64
import gzip
import html
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from planted import scan

NEEDLES = ["Zoë Müller-Wang", "13800138000", "张三", 'a "quoted" <name>']


def as_text(text: str) -> bytes:
    return f"before {text} after".encode()


def as_json(text: str) -> bytes:
    return json.dumps(
        {"cells": [{"source": ["x = 1\n", f"print({text!r})"], "name": text}]}
    ).encode()


def as_json_lines(text: str) -> bytes:
    return ("{}\n" + json.dumps({"raw": json.dumps({"name": text})}, ensure_ascii=False)).encode()


def as_page(text: str) -> bytes:
    return f"<p title='{html.escape(text)}'></p>".encode()


def as_parquet(text: str) -> bytes:
    frame = pd.DataFrame({"n": range(3000), "raw": ["same"] * 2999 + [text]})
    return frame.to_parquet(compression="zstd")


def as_rejected(text: str) -> bytes:
    frame = pd.DataFrame({"raw": [json.dumps({"name": text}), json.dumps({"name": "same"})]})
    return frame.to_parquet(compression="zstd")


def as_column_name(text: str) -> bytes:
    return pd.DataFrame({text: [1]}).to_parquet()


def as_zip(text: str, inner: Callable[[str], bytes] = as_text) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/sharedStrings.xml", inner(text))
    return packed.getvalue()


def as_sqlite(text: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a)")
    connection.execute("INSERT INTO t VALUES (?)", [text])
    return connection.serialize()


FORMS = {
    "text": as_text,
    "utf-16": lambda text: text.encode("utf-16"),
    "json": as_json,
    "json lines": as_json_lines,
    "page": as_page,
    "data address": lambda text: b'<img src="data:image/svg+xml;base64,' + base64.b64encode(as_text(text)) + b'">',
    "parquet": as_parquet,
    "rejected": as_rejected,
    "column name": as_column_name,
    "gz": lambda text: gzip.compress(as_text(text)),
    "zip": as_zip,
    "parquet in zip": lambda text: as_zip(text, as_parquet),
    "sqlite": as_sqlite,
}  # fmt: skip


@pytest.mark.parametrize("needle", NEEDLES)
@pytest.mark.parametrize("form", FORMS)
def test_a_needle_is_found_in_each_form(tmp_path: Path, form: str, needle: str) -> None:
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep" / "file"
    path.write_bytes(FORMS[form](needle))
    assert scan(tmp_path, NEEDLES) == [(path, needle)]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_found_where_nothing_is(tmp_path: Path, form: str) -> None:
    (tmp_path / "file").write_bytes(FORMS[form]("harmless"))
    assert scan(tmp_path, NEEDLES) == []


def test_names_of_files_and_folders_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "13800138000").mkdir()
    assert scan(tmp_path, NEEDLES) == [(tmp_path / "13800138000", "13800138000")]


def test_a_database_of_the_engine_is_looked_through(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "store.db")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 'Zoë' || ' Müller-Wang' AS a FROM range(5000)")
    assert scan(tmp_path, NEEDLES) == [(tmp_path / "store.db", NEEDLES[0])]
