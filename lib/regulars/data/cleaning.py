"""Cleaning: one meaning for each column, one row for each thing.

Every rule is a step that says what it touched. A rule that takes rows away moves them to *merged*
in the ledger; nothing is dropped here.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.data import ledger as ledgers
from regulars.data.store import Store
from regulars.errors import DataError, LedgerError

__all__ = ["Cleaned", "clean_purchases"]

ORIGIN = ("source_file", "source_line")


@dataclass(frozen=True)
class Cleaned:
    """What cleaning gives: the clean lines, the steps that made them, and the ledger after them."""

    purchases: ir.Table
    steps: pd.DataFrame
    ledger: dict


def clean_purchases(store: Store, *, duplicates: Literal["keep", "merge"]) -> Cleaned:
    """Clean the accepted purchase lines and write them to the store as ``clean/purchases``.

    Parameters
    ----------
    store : Store
        Must hold ``accepted/purchases`` and the ledger.
    duplicates : {"keep", "merge"}
        Whether lines that are equal in every column are one line (a double delivery) or several
        (a customer bought the same thing twice).

    Returns
    -------
    Cleaned
        `purchases` has the contract's columns and ``day`` (date), ``kind`` (sale or return),
        ``source_file``, ``source_line``. `steps` has ``rule``, ``what_happens`` (str), ``rows``
        (int), ``money`` (float): what each rule touched.
    """
    numbered = _number_copies(store.read("accepted/purchases"))
    copies = numbered.filter(numbered.copy > 0)
    merged = copies if duplicates == "merge" else copies.filter(ibis.literal(False))
    kept = numbered.filter(numbered.copy == 0) if duplicates == "merge" else numbered
    purchases = store.write("clean/purchases", _with_kind(kept.drop("copy")).order_by(*ORIGIN))
    if not purchases.filter(purchases.kind == "sale").limit(1).count().execute():
        raise DataError(
            f"Expected at least one sale, but all {numbered.count().execute()} accepted lines are "
            "returns. Look at the column mapped to kind, and at the sign of the amounts."
        )
    ledger = ledgers.merge(store.read_ledger(), "purchases", _by_file(merged))
    _check_written(purchases, ledger)
    store.write_ledger(ledger)
    return Cleaned(purchases, _steps(purchases, copies, duplicates), ledger)


def _number_copies(accepted: ir.Table) -> ir.Table:
    """Add ``copy``: 0 for the first of several lines equal in every column, then 1, 2, 3.

    Equal means equal in the file, also in columns that are not mapped.
    """
    first = ibis.window(group_by="line_hash", order_by=[accepted[name] for name in ORIGIN])
    return accepted.mutate(copy=ibis.row_number().over(first)).drop("line_hash")


def _with_kind(lines: ir.Table) -> ir.Table:
    given = lines.kind.isin(("return", "cancellation")) | (lines.amount < 0)
    kind = ibis.ifelse(given.fill_null(False), "return", "sale")
    return lines.mutate(day=lines.ordered_at.date(), kind=kind)


def _steps(purchases: ir.Table, copies: ir.Table, duplicates: str) -> pd.DataFrame:
    about = {
        "keep": "Kept: equal lines are separate purchases here.",
        "merge": "Merged: equal lines are one line delivered again.",
    }
    sales = purchases.filter(purchases.kind == "sale")
    steps = [
        ("equal lines", about[duplicates], copies),
        (
            "returns",
            "Net money, but make no purchase day.",
            purchases.filter(purchases.kind == "return"),
        ),
        (
            "zero amounts",
            "Kept: the customer came, and paid nothing.",
            sales.filter(sales.amount == 0),
        ),
    ]
    return pd.DataFrame(
        {"rule": rule, "what_happens": what, **_touched(rows)} for rule, what, rows in steps
    )


def _touched(rows: ir.Table) -> dict:
    found = rows.aggregate(rows=rows.count(), money=rows.amount.sum().fill_null(0).cast("float64"))
    return found.execute().iloc[0].to_dict()


def _by_file(merged: ir.Table) -> pd.DataFrame:
    counted = merged.group_by("source_file").aggregate(
        rows=merged.count(), money=merged.amount.sum()
    )
    return counted.execute()


def _check_written(purchases: ir.Table, ledger: dict) -> None:
    """Hold the clean table, as read back, against what the ledger says was accepted."""
    entry = ledger["tables"]["purchases"]
    rows, money = (
        purchases.aggregate(rows=purchases.count(), money=purchases.amount.sum()).execute().iloc[0]
    )
    if rows != entry["rows_accepted"] or money != Decimal(entry["money_accepted"]):
        raise LedgerError(
            f"Cleaning should have left {entry['rows_accepted']} rows and "
            f"{entry['money_accepted']} of money, but wrote {rows} and {money}."
        )
