"""Delivered: small files put into a test's project and taken in, with what came of them at hand."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import ibis
import pandas as pd

from regulars.data.contract import TABLES
from regulars.data.intake.judged import judged
from regulars.data.intake.take_in import take_in
from regulars.data.intake.told import Told
from regulars.data.store import Store
from regulars.parameters import Source, read_rules
from regulars.parameters.rules import Intake

AS_OF = "2024-03-31"
COLUMNS = {"customer_id": "who", "ordered_at": "when", "amount": "paid"}
ORDERS = {**COLUMNS, "order_id": "no", "product_id": "what"}
PLAIN = {"pseudonymise": False}


@dataclass(frozen=True)
class Taken:
    """What intake made of the files of one table."""

    store: Store
    ledger: dict
    table: str = "purchases"

    @property
    def account(self) -> dict:
        """The table's account in the ledger."""
        return self.ledger["tables"][self.table]

    @property
    def rows(self) -> tuple[int, int, int, int]:
        """Rows in, accepted, merged, rejected."""
        return tuple(
            self.account[f"rows_{way}"] for way in ("in", "accepted", "merged", "rejected")
        )

    @property
    def money(self) -> tuple[Decimal, ...]:
        """Money in, accepted, merged, rejected."""
        ways = ("in", "accepted", "merged", "rejected")
        return tuple(Decimal(self.account[f"money_{way}"]) for way in ways)

    @property
    def reasons(self) -> dict[str, int]:
        """Rows by reason, rejected and merged."""
        return {one["reason"]: one["rows"] for one in self.account["reasons"]}

    @property
    def flags(self) -> dict[str, int]:
        """Accepted rows by what was flagged."""
        return {one["reason"]: one["rows"] for one in self.account["flags"]}

    def frame(self, what: str = "accepted") -> pd.DataFrame:
        """Return the accepted, merged or rejected rows, by file and line."""
        rows = self.store.read(f"{what}/{self.table}").execute()
        return rows.sort_values(["source_file", "source_line"], ignore_index=True)


def write(root: Path, text: str | bytes, name: str = "shop.csv") -> None:
    """Put a file into the project."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def take(
    root: Path, files: str | dict[str, str | bytes], *, rules: dict | None = None, **options: object
) -> Taken:
    """Write files of purchases (one text: shop.csv) and take them in; ids stay plain."""
    files = {"shop.csv": files} if isinstance(files, str) else files
    for name, text in files.items():
        write(root, text, name)
    currency = options.pop("currency", "EUR")
    source = Source(**{"files": "*.csv", "columns": COLUMNS, **options})
    return take_sources({"purchases": source}, rules=rules, currency=currency)


def take_sources(
    sources: dict, *, table: str = "purchases", rules: dict | None = None, currency: str = "EUR"
) -> Taken:
    """Take sources in whose files are there."""
    store = Store("shop")
    rules = {**PLAIN, **(rules or {})}
    ledger = take_in(store, sources, as_of=AS_OF, currency=currency, rules=rules)
    return Taken(store, ledger, table)


def judge(
    name: str, rows: list[dict[str, str | None]], *, rules: dict | None = None, **options: object
) -> pd.DataFrame:
    """Judge rows of one of our tables, given by our names; each row as a dict of texts.

    A purchase is of amount 1 where it does not say.
    """
    if name == "purchases" and "quantity" not in rows[0]:
        rows = [{"amount": "1", **row} for row in rows]
    frame = pd.DataFrame(rows, dtype="str")
    columns = {column: column for column in frame.columns}
    source = Source(**{"files": "x.csv", "columns": columns, **options})
    intake = read_rules({**PLAIN, **(rules or {})}, Intake)
    told = Told(pd.Timestamp(AS_OF).date(), "EUR", intake)
    lines = ibis.memtable(frame, schema=dict.fromkeys(frame.columns, "string"))
    return judged(lines, TABLES[name], source, told=told, exact=False).execute()


def first_reason(name: str, row: dict[str, str | None], **options: object) -> str:
    """Return the reason that counts for one row, or nothing."""
    return (judge(name, [row], **options).reasons[0].split() or [""])[0]
