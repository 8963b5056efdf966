"""Columns: arrays of numbers become the text, money and time that stand in a file."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

__all__ = [
    "COLUMNS",
    "WHO",
    "Writer",
    "choose",
    "dates",
    "ids",
    "joined",
    "moments",
    "money",
    "writers",
]

WHO = "__who"
"""The column with the customer's number, from 0, that never reaches a file."""

COLUMNS = {
    "purchases": (
        "customer_id", "ordered_at", "amount", "order_id", "product_id", "category", "quantity",
        "unit_price", "cost", "discount", "channel", "region", "campaign_id", "kind",
    ),
    "customers": (
        "customer_id", "kind", "signed_up_at", "birth_date", "gender", "region", "occupation",
        "income_band", "education", "household", "name", "email", "phone", "address",
    ),
    "surveys": (
        "responded_at", "question", "score", "customer_id", "scale_max", "channel", "invited_at",
        "comment",
    ),
    "interactions": (
        "customer_id", "opened_at", "kind", "topic", "channel", "first_reply_at", "closed_at",
        "resolved", "cost", "csat",
    ),
    "campaigns": ("campaign_id", "starts_on", "ends_on", "name", "channel", "cost", "goal"),
    "campaign_contacts": ("campaign_id", "customer_id", "contacted_at", "arm", "responded_at"),
    "opportunities": (
        "opportunity_id", "stage", "created_at", "customer_id", "owner", "channel", "amount",
        "closed_at", "won",
    ),
    "targets": ("period", "metric", "target", "owner"),
    "subscriptions": ("customer_id", "started_at", "ended_at", "plan", "fee"),
}  # fmt: skip
"""The columns of each table, in the order they stand in a file."""

FREE_TEXT = ("customers", "surveys")  # tables whose text may hold commas and quotes


class Writer:
    """Append tables to one CSV file, block after block."""

    def __init__(self, path: Path, columns: Sequence[str], *, free_text: bool = False) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.columns = list(columns)
        self.options = pacsv.WriteOptions(
            include_header=False, quoting_style="needed" if free_text else "none"
        )
        self.file = path.open("wb")
        self.file.write((",".join(columns) + "\n").encode())

    def append(self, table: pa.Table) -> None:
        """Write a table's rows; columns that have no place in the file are left out."""
        pacsv.write_csv(table.select(self.columns), self.file, self.options)

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def ids(numbers: np.ndarray, letter: str, digits: int) -> pa.Array:
    """Write numbers as ids of at least so many digits after a letter.

    Examples
    --------
    >>> ids(np.array([42]), "C", 6).to_pylist()
    ['C000042']
    """
    text = pc.utf8_lpad(pa.array(np.asarray(numbers)).cast(pa.string()), digits, "0")
    return joined(letter, text)


def joined(*parts: pa.Array | str) -> pa.Array:
    """Join texts element by element; where one is missing, the result is missing."""
    return pc.binary_join_element_wise(*parts, "")


def choose(
    words: Sequence[str], which: np.ndarray, *, missing: np.ndarray | None = None
) -> pa.Array:
    """Return the word each number stands for; missing where `missing` says so.

    Examples
    --------
    >>> choose(["a", "b"], np.array([1, 0]), missing=np.array([False, True])).to_pylist()
    ['b', None]
    """
    return pa.array(list(words)).take(pa.array(np.asarray(which), mask=missing))


def money(cents: np.ndarray, *, missing: np.ndarray | None = None) -> pa.Array:
    """Return whole cents as decimals with two places.

    Examples
    --------
    >>> money(np.array([1250])).to_pylist()
    [Decimal('12.50')]
    """
    whole = pa.array(np.asarray(cents, dtype="int64"), mask=missing).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar(Decimal("0.01")))


def moments(times: np.ndarray, *, missing: np.ndarray | None = None) -> pa.Array:
    """Return points of time to the second."""
    return pa.array(times.astype("datetime64[s]"), mask=missing)


def dates(days: np.ndarray, *, missing: np.ndarray | None = None) -> pa.Array:
    """Return dates."""
    return pa.array(days.astype("datetime64[D]"), mask=missing)


def writers(folder: Path) -> Mapping[str, Writer]:
    """Open a file for each table."""
    return {
        name: Writer(folder / f"{name}.csv", columns, free_text=name in FREE_TEXT)
        for name, columns in COLUMNS.items()
    }
