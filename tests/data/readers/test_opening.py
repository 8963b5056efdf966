"""Opening: packed files give the same bytes; what no real file is, is refused."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from regulars.data.readers import opening
from regulars.data.readers.opening import check_workbook, inner_suffix, opened
from regulars.errors import DataError

TEXT = b"who,when\n1,2\n"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def content_of(path: Path) -> bytes:
    with opened(path) as file:
        return file.read()


def test_plain_and_packed_files_hold_the_same(tmp_path: Path) -> None:
    plain, gz = tmp_path / "a.csv", tmp_path / "a.csv.gz"
    plain.write_bytes(TEXT)
    gz.write_bytes(gzip.compress(TEXT))
    packed = zipped(tmp_path / "a.zip", {"in/b.csv": TEXT, "__MACOSX/b.csv": b"x", "in/.x": b"y"})
    assert [content_of(path) for path in (plain, gz, packed)] == [TEXT] * 3
    assert [inner_suffix(path) for path in (plain, gz, packed)] == [".csv"] * 3


@pytest.mark.parametrize("members", [{}, {"a.csv": TEXT, "b.csv": TEXT}])
def test_a_zip_with_another_number_of_files_is_refused(
    tmp_path: Path, members: dict[str, bytes]
) -> None:
    path = zipped(tmp_path / "a.zip", members)
    with pytest.raises(DataError, match=f"exactly one file in it, found {len(members)}"):
        content_of(path)
    with pytest.raises(DataError, match="exactly one file in it"):
        inner_suffix(path)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip"])
def test_damaged_packing_is_refused(tmp_path: Path, name: str) -> None:
    whole = tmp_path / "whole.csv.gz"
    whole.write_bytes(gzip.compress(bytes(range(256)) * 100))
    if name == "a.zip":
        zipped(whole, {"a.csv": bytes(range(256)) * 100})
    (tmp_path / name).write_bytes(whole.read_bytes()[:-10])
    with pytest.raises(DataError, match="found a damaged or cut one"):
        content_of(tmp_path / name)


def test_what_is_no_packed_file_is_refused(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "a.zip"):
        (tmp_path / name).write_bytes(TEXT)
        with pytest.raises(DataError, match="found a damaged or cut one"):
            content_of(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, name: str) -> None:
    """Zeros pack to a thousandth; 40 MB of them are let pass, of 60 MB no more than 50 are seen."""
    path, seen = packed(tmp_path / name, bytes(60 << 20)), []
    with pytest.raises(DataError, match="at most 8 GB and 200 times its size"):
        count(path, seen)
    assert 49 << 20 <= sum(seen) <= 51 << 20
    assert len(content_of(packed(path, bytes(40 << 20)))) == 40 << 20


def count(path: Path, seen: list[int]) -> None:
    with opened(path) as file:
        while chunk := file.read(1 << 20):
            seen.append(len(chunk))


def packed(path: Path, content: bytes) -> Path:
    if path.suffix == ".zip":
        return zipped(path, {"a.csv": content})
    path.write_bytes(gzip.compress(content))
    return path


def test_no_more_is_unpacked_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST_TEXT", 100)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(bytes(101)))
    with pytest.raises(DataError, match="at most 8 GB"):
        content_of(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", {"xl/a.xml": bytes(60 << 20)})
    with pytest.raises(DataError, match="at most 1 GB and 200 times its size"):
        check_workbook(path)
    path.write_bytes(TEXT)
    with pytest.raises(DataError, match="expected an Excel file"):
        check_workbook(path)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": TEXT})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="encrypted"):
        content_of(path)


def test_lines_can_be_read_from_what_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT))
    with opened(path) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
        assert list(text) == ["who,when\n", "1,2\n"]
