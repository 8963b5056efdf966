"""Parts: how much of a file is looked at."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from regulars.data.readers.opening import is_packed, opened

__all__ = ["BLOCK", "LARGE", "part_of"]

LARGE = 200 << 20
BLOCK = 8 << 20
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PART = "only blocks of the file were read, since it is large"


@contextmanager
def part_of(path: Path) -> Iterator[tuple[BinaryIO, str]]:
    """Open the part of a text file that is read, with a word where it is not the whole.

    Up to 200 MB that is the whole file; of a larger one it is its first lines, some from the middle
    and its last, or where it is packed, all lines of its first 200 MB.
    """
    with opened(path) as file:
        if not is_packed(path) and path.stat().st_size <= LARGE:
            yield file, ""
        elif is_packed(path):
            data = file.read(LARGE)
            more = len(data) == LARGE and file.read(1)
            yield io.BytesIO(_whole_lines(data) if more else data), PART if more else ""
        else:
            yield io.BytesIO(b"".join(_blocks(file, path.stat().st_size))), PART


def _blocks(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield blocks of whole lines from the beginning, the middle and the end of a file."""
    start = file.read(BLOCK)
    yield _whole_lines(start)
    if start.startswith(UTF_16):  # its line ends are no single bytes
        return
    for at in (size // 2, size - BLOCK):
        file.seek(at)
        block = file.read(BLOCK).partition(b"\n")[2]
        yield block if at + BLOCK >= size else _whole_lines(block)


def _whole_lines(data: bytes) -> bytes:
    if data.startswith(UTF_16):
        return data[: len(data) // 2 * 2]
    return data[: data.rfind(b"\n") + 1] or data
