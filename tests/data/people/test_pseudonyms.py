"""Pseudonyms: published vectors, Python's own HMAC, and a key that stays where it belongs."""

import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import ibis
import pytest

from regulars.data.people.pseudonyms import (
    FORM,
    KEY_VARIABLE,
    hmac_sha256,
    key_place,
    make_key,
    pseudonym,
    pseudonym_of,
    the_key,
)
from regulars.errors import ParameterError

KEY = b"a key for tests, planted as NEEDLE"
# RFC 4231, test cases 1 to 4, 6 and 7: key, data, HMAC-SHA-256.
RFC_4231 = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    (b"\xaa" * 131, b"This is a test using a larger than block-size key and a larger than block-size data. "
     b"The key needs to be hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> Path:
    """A home of its own, outside the project, without a key."""
    home = tmp_path.parent / f"{tmp_path.name}-home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    return home


def names(texts: list[str | None], key: bytes = KEY) -> list[str | None]:
    engine = ibis.duckdb.connect()
    rows = engine.create_table("t", ibis.memtable({"n": range(len(texts)), "id": texts}))
    found = rows.select("n", p=pseudonym(rows.id, key)).order_by("n").to_pyarrow()
    return found["p"].to_pylist()


@pytest.mark.parametrize(("key", "data", "digest"), RFC_4231)
def test_the_engine_agrees_with_rfc_4231(key: bytes, data: bytes, digest: str) -> None:
    engine = ibis.duckdb.connect()
    row = engine.create_table("t", ibis.memtable({"m": [data]}, schema={"m": "binary"}))
    assert hmac_sha256(row.m, key).execute().tolist() == [digest]


def test_the_engine_agrees_with_python_on_any_text() -> None:
    random.seed(1)
    signs = [*range(0x20, 0xD800, 37), *range(0xE000, 0x1F9FF, 211)]
    texts = ["".join(map(chr, random.choices(signs, k=n % 40))) for n in range(1000)]
    texts += ["", "'; DROP TABLE t; --", "\\", "𝔘", "o'b\"c", "a\x00b"]
    assert names(texts) == [pseudonym_of(text, KEY) for text in texts]


def test_what_is_missing_stays_missing_and_forms_are_as_stated() -> None:
    found = names([None, "1", "01", "1 "])
    assert found[0] is None
    assert len(set(found)) == 4
    assert all(FORM.fullmatch(one) for one in found[1:])


def test_another_key_gives_other_names_on_the_same_engine() -> None:
    engine = ibis.duckdb.connect()
    rows = engine.create_table("t", ibis.memtable({"id": ["1"]}))
    both = rows.select(
        a=pseudonym(rows.id, KEY), b=pseudonym(rows.id, b"another key of some length")
    )
    a, b = both.to_pyarrow().to_pylist()[0].values()
    assert (a, b) == (pseudonym_of("1", KEY), pseudonym_of("1", b"another key of some length"))


def test_the_key_stands_in_no_query_plan_or_error() -> None:
    engine = ibis.duckdb.connect()
    rows = engine.create_table("t", ibis.memtable({"id": ["1"]}))
    named = rows.select(p=pseudonym(rows.id, KEY))
    sql = ibis.to_sql(named)
    shown = [str(sql), repr(named), *map(str, engine.raw_sql(f"EXPLAIN ANALYZE {sql}").fetchall())]
    blocks = [bytes(byte ^ pad for byte in KEY) for pad in (0, 0x36, 0x5C)]
    with pytest.raises(duckdb.Error) as stopped:
        rows.select(p=pseudonym(rows.id, KEY).cast("int")).execute()
    for text in [*shown, str(stopped.value)]:
        for block in blocks:
            assert block.hex() not in text.lower()
            assert block.decode("latin-1") not in text
            assert "".join(f"\\x{byte:02x}" for byte in block) not in text.lower()


def test_on_another_engine_it_stops_and_gives_no_missing_values() -> None:
    one, other = ibis.duckdb.connect(), ibis.duckdb.connect()
    for engine in (one, other):
        engine.create_table("t", ibis.memtable({"id": ["1"]}))
    sql = ibis.to_sql(one.table("t").select(p=pseudonym(one.table("t").id, KEY)))
    with pytest.raises(duckdb.Error, match="Expected the key in this engine"):
        other.raw_sql(sql).fetchall()


def test_the_key_of_the_environment_comes_first(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sixteen letters!\n")
    assert the_key() == b"sixteen letters!"
    assert key_place() == "the environment"
    assert not make_key()
    assert list(home.rglob("*")) == []


@pytest.mark.parametrize("given", ["", "short and secret"[:15]])
def test_a_short_key_is_refused_and_not_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, given)
    with pytest.raises(ParameterError, match="expected at least 16") as refused:
        the_key()
    assert not given or given not in str(refused.value)


def test_a_key_file_is_made_once_and_for_its_owner_alone(home: Path) -> None:
    assert make_key()
    assert not make_key()
    assert the_key() == the_key()
    assert key_place() == str(Path("~/.config/regulars/key"))
    path = home / ".config" / "regulars" / "key"
    assert path.read_bytes().strip() == the_key()
    assert len(the_key()) == 64
    assert [p.name for p in path.parent.iterdir()] == ["key"]
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.name != "posix" or stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such mode bits")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_others_can_read_is_refused_with_what_to_do(home: Path, mode: int) -> None:
    key = the_key()
    (home / ".config" / "regulars" / "key").chmod(mode)
    with pytest.raises(ParameterError, match="chmod 600 ~/.config/regulars/key") as refused:
        the_key()
    assert key.decode() not in str(refused.value)


def test_a_key_inside_the_project_is_refused(
    home: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root / "config"))
    with pytest.raises(ParameterError, match="inside the project"):
        the_key()
    (home / "link").symlink_to(root, target_is_directory=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "link"))
    with pytest.raises(ParameterError, match="inside the project"):
        make_key()


def test_where_no_file_can_be_made_the_message_says_why(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "file"))
    with pytest.raises(ParameterError, match="make the key file .*: Not a directory"):
        the_key()


def test_a_relative_config_folder_is_ignored(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    assert key_place() == str(Path("~/.config/regulars/key"))


def test_processes_at_once_end_with_one_key(home: Path) -> None:
    line = "from regulars.data.people.pseudonyms import the_key; print(the_key().decode())"
    running = [
        subprocess.Popen([sys.executable, "-c", line], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    keys = {process.communicate()[0] for process in running}
    assert len(keys) == 1
    assert len(keys.pop().strip()) == 64


def test_a_key_that_came_in_between_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = the_key()
    path = home / ".config" / "regulars" / "key"
    monkeypatch.setattr(Path, "exists", lambda self: False)  # what the slower process saw
    assert not make_key()
    assert path.read_bytes().strip() == key
