"""Planted: look for texts that must not be there, in every file of a folder, whatever its form.

For tests that plant identifiers and then prove that no file a run writes holds them.
"""

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

DEEPEST = 4  # a gz in a zip in a zip
PACKED = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ\x00": lzma.decompress}
DATA_URL = re.compile(r"data:[^,;\"' ]*(?:;[^,;\"' ]*)*;base64,([A-Za-z0-9+/=\s]+)")


def scan(folder: Path, needles: Iterable[str]) -> list[tuple[Path, str]]:
    """Return each file that holds a needle, with the needle, in order.

    Looked through: names of files; their bytes as UTF-8 and UTF-16; text with \\u escapes or HTML
    entities undone and data: addresses unpacked; Parquet (every cell, key and statistic); SQLite
    and DuckDB files (every cell); zip, xlsx and gz, also inside each other.
    """
    needles = list(needles)
    found = set()
    for path in sorted(folder.rglob("*")):
        texts = [str(path.relative_to(folder))]
        if path.is_file() and not path.is_symlink():
            texts += texts_of(path.read_bytes())
        found |= {(path, needle) for needle in needles for text in texts if needle in text}
    return sorted(found)


def texts_of(data: bytes, depth: int = 0) -> Iterator[str]:
    """Yield every way in which the bytes of a file can be read as text."""
    yield data.decode("utf-8", errors="replace")
    yield from (data[start:].decode("utf-16-le", errors="replace") for start in (0, 1))
    if depth < DEEPEST:
        yield from _plain_texts(data, depth)
        for part in _unpacked(data):
            yield from texts_of(part, depth + 1)
    if data[:4] == b"PAR1":
        yield from _parquet(data)
    elif data[:15] == b"SQLite format 3":
        yield from _sqlite(data)
    elif data[8:12] == b"DUCK":
        yield from _duckdb(data)


def _plain_texts(data: bytes, depth: int) -> Iterator[str]:
    if b"\0" in data[:4096]:
        return
    text = data.decode("utf-8", errors="replace")
    yield from _undone(text)
    for match in DATA_URL.finditer(text):
        yield from texts_of(base64.b64decode(match[1], validate=False), depth + 1)


def _undone(text: str) -> Iterator[str]:
    """Yield a text with what quotes its signs undone."""
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
        yield from _strings_of_json(text)


def _strings_of_json(text: str) -> Iterator[str]:
    """Yield the strings of a notebook, of JSON, of JSON lines, or of JSON inside them."""
    values = [_json_or_none(text) or [_json_or_none(line) for line in text.splitlines()]]
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
            values += [_json_or_none(value)] if value[:1] in ("{", "[", '"') else []
        elif isinstance(value, dict):
            values += [*value, *value.values()]
        elif isinstance(value, list):
            values += value
            yield "".join(one for one in value if isinstance(one, str))


def _json_or_none(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _unpacked(data: bytes) -> Iterator[bytes]:
    for start, unpack in PACKED.items():
        if data.startswith(start):
            yield unpack(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield "\n".join(packed.namelist()).encode()
            yield from (packed.read(name) for name in packed.namelist())
    if data.startswith(b"%PDF"):
        for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            yield zlib.decompressobj().decompress(match[1]) if match[1][:1] == b"x" else match[1]


def _parquet(data: bytes) -> Iterator[str]:
    file = pq.ParquetFile(io.BytesIO(data))
    yield str(file.schema_arrow) + str(file.metadata.metadata)
    for batch in file.iter_batches():
        for column in batch.columns:
            yield from _undone(_joined(column))


def _joined(column: pa.Array) -> str:
    return "\n".join(map(str, column.to_pylist()))


def _sqlite(data: bytes) -> Iterator[str]:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in names:
        yield str(connection.execute(f'SELECT * FROM "{name}"').fetchall())
    connection.close()


def _duckdb(data: bytes) -> Iterator[str]:
    """Yield a DuckDB file's cells; compressed as they are, its bytes alone would hide them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.duckdb"
        path.write_bytes(data)
        with duckdb.connect(str(path), read_only=True) as connection:
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield str(connection.execute(f'SELECT * FROM "{name}"').fetchall())
