"""Drafts: a file while it is put together, row by row, and how it becomes bytes."""

import datetime as dt
import gzip
import io
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from regulars.data.simulate.columns import COLUMNS
from regulars.data.simulate.excel import Cell, workbook, zipped
from regulars.data.simulate.forms import CLEAN_MONEY, Form, cell, kind_of, line
from regulars.data.simulate.headers import header

__all__ = ["Draft", "Row", "money_of"]

Row = dict[str, str]
DAYS = ("customers", "campaigns", "opportunities", "subscriptions")
MONEY_OF = {
    "purchases": "amount",
    "interactions": "cost",
    "campaigns": "cost",
    "opportunities": "amount",
    "subscriptions": "fee",
}
WHOLE = re.compile(r"-?\d+")


@dataclass
class Draft:
    """A file: its rows in order. A row that is a text stands there as it is, as one line."""

    table: str
    stem: str
    form: Form
    rows: list[Row | str] = field(default_factory=list)
    cut: str = ""  # half a line at the end, without a line end
    final: bool = False  # no row may be put between its rows any more
    clean: list[Row] = field(init=False)  # the rows it was begun with

    def __post_init__(self) -> None:
        self.clean = list(self.rows)

    @property
    def name(self) -> str:
        """The file's name."""
        packed = {"gzip": f"{self.form.ending}.gz", "zip": "zip"}
        return f"{self.stem}.{packed.get(self.form.packing, self.form.ending)}"

    def cells(self, row: Row) -> list[str]:
        """Return a row's cells as the form writes them."""
        return [cell(self.form, column, row[column]) for column in COLUMNS[self.table]]

    def line(self, row: Row | str) -> str:
        """Return a row as a line of text."""
        return row if isinstance(row, str) else line(self.form, self.cells(row))

    def money(self) -> Decimal:
        """Return the sum of the amounts that can be read."""
        return sum((money_of(self.table, row) for row in self.rows), Decimal(0))

    def facts(self) -> dict[str, object]:
        """Return what there is to know to read the file."""
        names = zip(COLUMNS[self.table], header(self.table, self.form.language), strict=True)
        return {
            "table": self.table,
            **self.form.facts(days=self.table in DAYS),
            "columns": dict(names),
        }

    def write(self, folder: Path) -> None:
        """Write the file."""
        (folder / self.name).write_bytes(self._content())

    def _content(self) -> bytes:
        content = {"xlsx": self._excel, "parquet": self._parquet, "jsonl": self._json}.get(
            self.form.ending, self._text
        )()
        if self.form.packing == "gzip":
            return gzip.compress(content, mtime=0)
        if self.form.packing == "zip":
            return zipped({f"{self.stem}.{self.form.ending}": content})
        return content

    def _text(self) -> bytes:
        names = line(self.form, header(self.table, self.form.language))
        lines = [names, *(self.line(row) for row in self.rows)]
        text = self.form.line_end.join(lines) + self.form.line_end + self.cut
        if self.form.encoding == "utf-16":
            return b"\xff\xfe" + text.encode("utf-16-le")
        return text.encode(self.form.encoding)

    def _json(self) -> bytes:
        names = header(self.table, self.form.language)
        records = [dict(zip(names, self._typed(row), strict=True)) for row in self.rows]
        lines = [json.dumps(one, ensure_ascii=False, default=str) for one in records]
        return ("\n".join(lines) + "\n").encode()

    def _excel(self) -> bytes:
        names = header(self.table, self.form.language)
        info: list[list[Cell]] = [["Export of the shop"], ["Table", self.table]]
        rows = (self._typed(row) for row in self.rows)
        return workbook({"Info": info, self.form.sheet: [names, *rows]})

    def _parquet(self) -> bytes:
        names = header(self.table, self.form.language)
        columns = zip(*(self._typed(row) for row in self.rows), strict=True)
        arrays = [pa.array(values) for values in columns]
        made = io.BytesIO()
        pq.write_table(pa.table(dict(zip(names, arrays, strict=True))), made)
        return made.getvalue()

    def _typed(self, row: Row) -> list[Cell]:
        return [_typed(column, row[column]) for column in COLUMNS[self.table]]


def _typed(column: str, text: str) -> Cell:
    """Return a clean cell as the type it has in Excel, Parquet or JSON; a planted one as text."""
    kind = kind_of(column)
    if text == "":
        return None
    if kind == "money" and CLEAN_MONEY.fullmatch(text):
        return float(text)
    if kind == "number" and WHOLE.fullmatch(text):
        return int(text)
    return _moment(text) if kind == "time" else text


def _moment(text: str) -> Cell:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if " " in text else moment.date()


def money_of(table: str, row: Row | str) -> Decimal:
    """Return the money a row stands for in the ledger; nothing where it cannot be read.

    Examples
    --------
    >>> money_of("purchases", {"amount": "-12.50"}), money_of("purchases", {"amount": "abc"})
    (Decimal('-12.50'), Decimal('0'))
    """
    text = "" if isinstance(row, str) else row.get(MONEY_OF.get(table, ""), "")
    return Decimal(text) if CLEAN_MONEY.fullmatch(text) else Decimal(0)
