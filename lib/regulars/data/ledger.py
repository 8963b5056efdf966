"""The ledger: every row and every unit of money that came in, and where it went.

``in = accepted + merged + rejected``, for rows and for money, for each table and for each file.
The two sides are counted from different places (the file as it came; the tables as written), so
that the balance can fail.
"""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pandas as pd

from regulars.errors import LedgerError

__all__ = [
    "balance",
    "by_table",
    "flagged_rows",
    "identifiers",
    "is_later",
    "merged_rows",
    "rejected_rows",
    "steps",
]

WAYS = ("accepted", "merged", "rejected")


def balance(ledger: dict) -> dict:
    """Return the ledger unchanged if every table and file of it adds up.

    Parameters
    ----------
    ledger : dict
        ``{"tables": {name: {"rows_in", "rows_accepted", "rows_merged", "rows_rejected", and the
        same with money_, "files": [the same for each file]}}}``; money is decimal text.

    Raises
    ------
    LedgerError
        Naming the table or file, and both sides.

    Examples
    --------
    >>> entry = {"rows_in": 3, "rows_accepted": 2, "rows_merged": 0, "rows_rejected": 0,
    ...          "money_in": "0", "money_accepted": "0", "money_merged": "0", "money_rejected": "0"}
    >>> balance({"tables": {"purchases": {**entry, "files": []}}})
    Traceback (most recent call last):
    regulars.errors.LedgerError: The ledger of purchases does not add up: 3 rows came in, ...
    """
    for name, table in ledger["tables"].items():
        _balance_one(name, table)
        for file in table["files"]:
            _balance_one(f"{name}, {file['file']}", file)
    return ledger


def _balance_one(name: str, entry: dict) -> None:
    for unit, read in (("rows", int), ("money", Decimal)):
        came = read(entry[f"{unit}_in"])
        went = sum(read(entry[f"{unit}_{way}"]) for way in WAYS)
        if came != went:
            raise LedgerError(
                f"The ledger of {name} does not add up: {came} {unit} came in, {went} went out."
            )


def by_table(ledger: Mapping, unit: str) -> pd.DataFrame:
    """Return the ledger as a frame, a row for each table: ``table``, ``in`` and where it went.

    `unit` is ``rows`` (int) or ``money`` (float); tables without money are then left out.

    Examples
    --------
    >>> entry = {"rows_in": 3, "rows_accepted": 1, "rows_merged": 0, "rows_rejected": 2}
    >>> by_table({"tables": {"targets": entry}}, "rows").to_numpy().tolist()
    [['targets', 3, 1, 0, 2]]
    """
    read = int if unit == "rows" else float
    rows = [
        {"table": name, **{way: read(entry[f"{unit}_{way}"]) for way in ("in", *WAYS)}}
        for name, entry in ledger["tables"].items()
        if unit == "rows" or _has_money(entry)
    ]
    return pd.DataFrame(rows, columns=["table", "in", *WAYS])


def rejected_rows(ledger: Mapping) -> pd.DataFrame:
    """Return why rows were rejected, in the order of the tables and of their rules.

    Returns
    -------
    DataFrame
        ``table``, ``reason``, ``sentence``, ``rows`` (int), ``money`` (float; missing where the
        table has no money) and ``later`` (bool: the row lies after ``as_of``; nothing is wrong
        with it, and it is left for a later report).
    """
    found = _reasons(ledger, "reasons", "rejected")
    later = [is_later(reason) for reason in found["reason"]]
    return found.assign(later=pd.Series(later, dtype=bool))


def merged_rows(ledger: Mapping) -> pd.DataFrame:
    """Return why rows are one with another; columns as in `rejected_rows`, but ``later``."""
    return _reasons(ledger, "reasons", "merged")


def flagged_rows(ledger: Mapping) -> pd.DataFrame:
    """Return what was accepted and counted all the same; columns as in `merged_rows`."""
    return _reasons(ledger, "flags")


def identifiers(ledger: Mapping) -> pd.DataFrame:
    """Return which direct identifiers were found, and what became of them.

    Returns
    -------
    DataFrame
        ``table``, ``column`` (ours), ``kind`` (such as phone), ``became`` (dropped: the column
        went no further; masked: its kind stands in the text, or a pseudonym in place of the id),
        ``cells`` (int, how many).
    """
    columns = ["table", "column", "kind", "became", "cells"]
    rows = [
        (name, *found)
        for name, entry in ledger["tables"].items()
        for found in _found(entry.get("identifiers", {}))
    ]
    return pd.DataFrame(rows, columns=columns)


def steps(ledger: Mapping, table: str, unit: str) -> pd.DataFrame:
    """Return the way from what came in to what was accepted, for a waterfall.

    Parameters
    ----------
    ledger : mapping
        As intake wrote it.
    table : str
        Whose account.
    unit : str
        ``rows`` or ``money``.

    Returns
    -------
    DataFrame
        ``step`` (in, later, unusable, merged, accepted) and ``value`` (float). later is what lies
        after ``as_of``, and stands there only where there is some; unusable is what else was
        rejected.
    """
    entry = ledger["tables"][table]
    refused = [one for one in entry["reasons"] if one["outcome"] == "rejected"]
    later = [one for one in refused if is_later(one["reason"])]
    put_off = sum((Decimal(one[unit]) for one in later), Decimal(0))
    values = {
        "in": Decimal(entry[f"{unit}_in"]),
        **({"later": put_off} if later else {}),
        "unusable": Decimal(entry[f"{unit}_rejected"]) - put_off,
        "merged": Decimal(entry[f"{unit}_merged"]),
        "accepted": Decimal(entry[f"{unit}_accepted"]),
    }
    return pd.DataFrame({"step": list(values), "value": [float(v) for v in values.values()]})


def is_later(reason: str) -> bool:
    """Tell whether a row was rejected only because it lies after ``as_of``.

    Examples
    --------
    >>> is_later("ordered_at_after_as_of"), is_later("ordered_at_unreadable")
    (True, False)
    """
    return reason.endswith("_after_as_of")


def _reasons(ledger: Mapping, place: str, outcome: str = "") -> pd.DataFrame:
    rows = [
        (name, one["reason"], one["sentence"], one["rows"], _money(one, entry))
        for name, entry in ledger["tables"].items()
        for one in entry[place]
        if outcome in ("", one.get("outcome"))
    ]
    return pd.DataFrame(rows, columns=["table", "reason", "sentence", "rows", "money"])


def _money(one: Mapping, entry: Mapping) -> float:
    return float(one["money"]) if _has_money(entry) else math.nan


def _has_money(entry: Mapping) -> bool:
    return bool(entry.get("money"))


def _found(there: Mapping) -> Iterator[tuple[str, str, str, int]]:
    for column, cells in there.get("dropped", {}).items():
        yield column, column, "dropped", cells
    for column, kinds in there.get("masked", {}).items():
        for kind, cells in kinds.items():
            yield column, kind, "masked", cells
