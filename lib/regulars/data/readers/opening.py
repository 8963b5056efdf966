"""Opening: a file's bytes, also where it is packed, and within limits no real file meets."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from regulars.errors import DataError

__all__ = [
    "LARGEST_TEXT",
    "LARGEST_WORKBOOK",
    "MOST_TIMES",
    "SMALL",
    "check_workbook",
    "inner_suffix",
    "is_packed",
    "opened",
]

LARGEST_TEXT = 8 << 30
LARGEST_WORKBOOK = 1 << 30
MOST_TIMES = 200
SMALL = 50 << 20
PACKED = (".gz", ".zip")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for its bytes; ``.gz`` and ``.zip`` are unpacked on the way.

    Raises
    ------
    DataError
        If a zip file holds no file, several or an encrypted one; if the packed bytes are damaged;
        or if they unpack to more than 8 GB, or past 50 MB to more than 200 times their size.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv.gz"
    >>> _ = path.write_bytes(gzip.compress(b"who,when"))
    >>> with opened(path) as file:
    ...     file.read()
    b'who,when'
    """
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as file:
                yield _limited(file, path, path.stat().st_size)
        elif path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as packed, _member(packed, path) as file:
                yield _limited(file, path, path.stat().st_size)
        else:
            with path.open("rb") as file:
                yield file
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        raise DataError(
            f"{path.name}: expected a whole {path.suffix} file, found a damaged or cut one. "
            "Have it sent again."
        ) from None


def is_packed(path: Path) -> bool:
    """Say whether a file has to be unpacked before it can be read."""
    return path.suffix.lower() in PACKED


def inner_suffix(path: Path) -> str:
    """Return the ending that says what a file holds, in small letters: ``.csv`` for a.csv.gz.

    Examples
    --------
    >>> inner_suffix(Path("2024-01.CSV.gz"))
    '.csv'
    """
    if path.suffix.lower() == ".gz":
        return Path(path.stem).suffix.lower()
    if path.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(path) as packed:
                return Path(_only(packed, path).filename).suffix.lower()
        except zipfile.BadZipFile:
            raise DataError(
                f"{path.name}: expected a whole .zip file, found a damaged or cut one. "
                "Have it sent again."
            ) from None
    return path.suffix.lower()


def check_workbook(path: Path) -> None:
    """Refuse an Excel file that is none, or unpacks to more than a real one would."""
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(member.file_size for member in packed.infolist())
    except zipfile.BadZipFile:
        raise DataError(
            f"{path.name}: expected an Excel file (.xlsx), found something else. "
            "Save it anew as .xlsx, or as CSV UTF-8."
        ) from None
    if size > LARGEST_WORKBOOK or _is_bomb(size, path.stat().st_size):
        raise DataError(_too_large(path, "1 GB"))


def _member(packed: zipfile.ZipFile, path: Path) -> BinaryIO:
    member = _only(packed, path)
    if member.flag_bits & 1:
        raise DataError(f"{path.name}: the file in it is encrypted. Unpack it first.")
    return packed.open(member)


def _only(packed: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """Return the one file of a zip; what macOS adds for itself does not count."""
    found = [
        member
        for member in packed.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not Path(member.filename).name.startswith(".")
    ]
    if len(found) != 1:
        raise DataError(
            f"{path.name}: expected a zip file with exactly one file in it, found {len(found)}. "
            "Unpack it, and name the files with a pattern."
        )
    return found[0]


def _limited(file: BinaryIO, path: Path, packed: int) -> BinaryIO:
    return io.BufferedReader(_Limited(file, path, packed), buffer_size=1 << 20)


class _Limited(io.RawIOBase):
    """Unpacked bytes, counted as they come: what a packed file says of its size may be a lie."""

    def __init__(self, file: BinaryIO, path: Path, packed: int) -> None:
        self.file, self.path, self.packed, self.seen = file, path, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        self.seen += len(data)
        if self.seen > LARGEST_TEXT or _is_bomb(self.seen, self.packed):
            raise DataError(_too_large(self.path, "8 GB"))
        return len(data)


def _is_bomb(size: int, packed: int) -> bool:
    return size > SMALL and size > MOST_TIMES * packed


def _too_large(path: Path, most: str) -> str:
    return (
        f"{path.name}: expected a file that unpacks to at most {most} and {MOST_TIMES} times its "
        "size, found more. If you know it to be right, unpack it yourself."
    )
