"""Staging: rows put aside as text in a Parquet file, and beside them the lines that are none."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.data.readers.model import LINE, Job, Read
from regulars.errors import DataError

__all__ = ["Staged", "write_staged"]

MALFORMED = pa.schema([("source_line", pa.int64()), ("reason", pa.string()), ("raw", pa.string())])
BATCH = 20_000


class Staged:
    """Two Parquet files that grow: the rows as text with their lines, and the malformed lines.

    An empty cell becomes missing. Used in a ``with`` block; the counts stay afterwards.

    Parameters
    ----------
    folder : Path
        Where both files go.
    columns : sequence of str
        The rows' columns, each name once.
    """

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        self.path, self.malformed_path = folder / "rows.parquet", folder / "malformed.parquet"
        self.schema = pa.schema([*((name, pa.string()) for name in columns), (LINE, pa.int64())])
        self.rows, self.malformed = 0, 0
        self._rejected: list[tuple[int, str, str]] = []
        self._kept: list[Sequence[str | None]] = []
        self._lines: list[int] = []

    def __enter__(self) -> "Staged":
        self._writer = pq.ParquetWriter(self.path, self.schema, compression="lz4")
        self._bin = pq.ParquetWriter(self.malformed_path, MALFORMED)
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush_rows()
            self._flush_malformed()
        self._writer.close()
        self._bin.close()

    def add(self, cells: Sequence[str | None], *, line: int) -> None:
        """Put one row aside."""
        self._kept.append(cells)
        self._lines.append(line)
        if len(self._kept) >= BATCH:
            self._flush_rows()

    def add_all(self, rows: Sequence[Sequence[str | None]], *, lines: Sequence[int]) -> None:
        """Put many rows aside."""
        self._kept.extend(rows)
        self._lines.extend(lines)
        if len(self._kept) >= BATCH:
            self._flush_rows()

    def reject(self, raw: str, *, line: int, reason: str) -> None:
        """Put a line aside that is no row."""
        self._rejected.append((line, reason, raw))
        if len(self._rejected) >= BATCH:
            self._flush_malformed()

    def _flush_rows(self) -> None:
        if not self._kept:
            return
        cells = [pa.array(column, pa.string()) for column in zip(*self._kept, strict=True)]
        cells = [pc.if_else(pc.equal(column, ""), None, column) for column in cells]
        columns = [*cells, pa.array(self._lines, pa.int64())]
        self._writer.write_table(pa.table(columns, schema=self.schema))
        self.rows += len(self._kept)
        self._kept, self._lines = [], []

    def _flush_malformed(self) -> None:
        if not self._rejected:
            return
        columns = [pa.array(column) for column in zip(*self._rejected, strict=True)]
        self._bin.write_table(pa.table(columns, schema=MALFORMED))
        self.malformed += len(self._rejected)
        self._rejected = []


def write_staged(job: Job, staged: Staged, *, kind: str, lines: int) -> Read:
    """Hand the rows put aside to whoever writes them, and prove that all of them arrived."""
    written = job.write(job.engine.read_parquet(str(staged.path)))
    if written != staged.rows:
        raise DataError(
            f"{job.label}: {staged.rows:,} rows were read, but {written:,} written. "
            "Nothing was taken in; run it again, and report it if it happens twice."
        )
    malformed = staged.malformed_path if staged.malformed else None
    return Read(job.label, kind, written, first_line=0, malformed=malformed, lines=lines)
