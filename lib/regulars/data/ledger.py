"""The ledger: every row and every unit of money that came in, and where it went.

``in = accepted + merged + rejected``, for rows and for money, for each table and for each file.
The two sides are counted from different places (the file as it came; the tables as written), so
that the balance can fail.
"""

from decimal import Decimal

import pandas as pd

from regulars.errors import LedgerError

__all__ = ["balance", "by_outcome", "merge", "rejected_rows"]

NOTHING = (0, Decimal(0))


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
        went = sum(read(entry[f"{unit}_{way}"]) for way in ("accepted", "merged", "rejected"))
        if came != went:
            raise LedgerError(
                f"The ledger of {name} does not add up: {came} {unit} came in, {went} went out."
            )


def merge(ledger: dict, table: str, merged: pd.DataFrame) -> dict:
    """Return a ledger in which merged rows are no longer among the accepted ones.

    Parameters
    ----------
    ledger : dict
        As intake wrote it.
    table : str
        The table's name.
    merged : DataFrame
        One row per file: ``source_file`` (str), ``rows`` (int), ``money`` (Decimal).
    """
    entry = ledger["tables"][table]
    found = {row.source_file: (row.rows, row.money) for row in merged.itertuples()}
    files = [_merged(file, *found.get(file["file"], NOTHING)) for file in entry["files"]]
    whole = _merged(
        entry, sum(rows for rows, _ in found.values()), sum(money for _, money in found.values())
    )
    tables = {**ledger["tables"], table: {**whole, "files": files}}
    return balance({**ledger, "tables": tables})


def _merged(entry: dict, rows: int, money: Decimal) -> dict:
    # From what came in, not from what was accepted before, so that cleaning twice changes nothing.
    kept = Decimal(entry["money_in"]) - Decimal(entry["money_rejected"]) - money
    return {
        **entry,
        "rows_accepted": entry["rows_in"] - entry["rows_rejected"] - int(rows),
        "rows_merged": int(rows),
        "money_accepted": str(kept),
        "money_merged": str(money),
    }


def by_outcome(ledger: dict) -> pd.DataFrame:
    """Return the ledger as a frame: ``table``, ``outcome``, ``rows`` (int), ``money`` (float)."""
    return pd.DataFrame(
        {
            "table": name,
            "outcome": outcome,
            "rows": table[f"rows_{outcome}"],
            "money": float(table[f"money_{outcome}"]),
        }
        for name, table in ledger["tables"].items()
        for outcome in ("in", "accepted", "merged", "rejected")
    )


def rejected_rows(ledger: dict) -> pd.DataFrame:
    """Return why rows were rejected: ``table``, ``reason``, ``sentence``, ``rows``, ``money``."""
    columns = ["table", "reason", "sentence", "rows", "money"]
    rows = [
        {"table": name, **reason, "money": float(reason["money"])}
        for name, table in ledger["tables"].items()
        for reason in table["reasons"]
    ]
    return pd.DataFrame(rows, columns=columns)
