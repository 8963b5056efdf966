"""Rejects: rejected rows as files that can be mended and fed again.

Rows are read and written one after the other in Python, in parts, so that memory stays bounded:
each row has the columns of its own file.
"""

import csv
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import ibis.expr.types as ir
import pyarrow.parquet as pq

from regulars.data.contract.reasons import UNREADABLE
from regulars.data.store import Store, replacing

__all__ = ["parsed", "write_rejected"]

BATCH = 10_000
OURS = ("table", "file", "line", "reason")
RAW = "raw"


def write_rejected(store: Store, ledger: Mapping, path: Path) -> list[Path]:
    """Write the rejected rows in the form they came, and return the files that were written.

    A file is UTF-8 with a byte order mark, so that Excel reads it as such, parted by commas, and
    only its owner can read it: the rows may tell who somebody is. Its columns are ``table``,
    ``file``, ``line``, ``reason`` (with an underscore behind where the file has a column of that
    name), then the columns of the table's files, then ``raw``, the text of a line that could not
    be parted into cells.

    The text is unchanged, so that it can be mended and taken in again as a further source with
    the same columns and date format; where a table's files differ in form, part it by ``file``
    first. So a cell that begins with ``=`` stands here as it came, and
    a spreadsheet may take it for a formula: look at such a file in a text editor first.

    Parameters
    ----------
    store : Store
        Holds ``rejected/<table>``, and gets ``mend/<table>``: the same rows in their order.
    ledger : mapping
        As intake made it.
    path : Path
        Such as ``mend.csv``. With rejected rows of several tables, each gets a file of its own,
        such as ``mend_purchases.csv``.
    """
    tables = [name for name, entry in ledger["tables"].items() if entry["rows_rejected"]]
    stem = path.name.removesuffix(".csv")
    names = {table: f"{stem}_{table}.csv" for table in tables}
    if len(tables) == 1:
        names = {tables[0]: f"{stem}.csv"}
    for table, name in names.items():
        _write_table(store, table, path.with_name(name))
    return [path.with_name(name) for name in names.values()]


def parsed(raw: str, reason: str) -> dict[str, str | None]:
    """Return a rejected row's cells by the names of its file's columns.

    A line that never was a row has one cell, ``raw``.

    Examples
    --------
    >>> parsed('{"who": "7", "paid": "abc"}', "amount_unreadable")
    {'who': '7', 'paid': 'abc'}
    >>> parsed("7,abc,1,2", "line_malformed")
    {'raw': '7,abc,1,2'}
    """
    return {RAW: raw} if reason in UNREADABLE else json.loads(raw)


def _write_table(store: Store, table: str, path: Path) -> None:
    rows = store.read(f"rejected/{table}")
    rows = rows.mutate(reason=rows.reasons.split(" ")[0])
    columns = _columns(rows)
    ordered = rows.order_by("source_file", "source_line")
    ordered = ordered.select("source_file", "source_line", "reason", "raw")
    name = f"mend/{table}"
    store.write_private(name, ordered)
    ours = [_free(name, columns) for name in OURS]
    with replacing(path) as beside:
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*ours, *columns])
            writer.writerows(_written(store.path(name), table, columns))


def _columns(rows: ir.Table) -> list[str]:
    """Return all columns of the rows: those of one file have the same, so one row tells."""
    told = rows.group_by("source_file", "reason").aggregate(raw=rows.raw.first())
    told = told.order_by("source_file", "reason").to_pyarrow().to_pylist()
    found = dict.fromkeys(name for one in told for name in parsed(one["raw"], one["reason"]))
    found.pop(RAW, None)
    return [*found, RAW]


def _written(ordered: Path, table: str, columns: list[str]) -> Iterator[list]:
    for batch in pq.ParquetFile(ordered).iter_batches(BATCH):
        for file, line, reason, raw in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            cells = parsed(raw, reason)
            yield [table, file, line, reason, *(cells.get(name) for name in columns)]


def _free(name: str, taken: list[str]) -> str:
    return _free(f"{name}_", taken) if name in taken else name
