"""Clean: from accepted tables to clean ones, with an account of every purchase line."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal

import ibis.expr.types as ir
import pandas as pd

from regulars.data.cleaning.account import NOT_ASKED, Statement, account, statements
from regulars.data.cleaning.known import known_on
from regulars.data.cleaning.lines import ORIGIN, prefix_speaks, purchase_lines
from regulars.data.cleaning.on_the_way import on_the_way
from regulars.data.cleaning.outliers import is_outlier, spread_of
from regulars.data.cleaning.set_aside import split, with_rules
from regulars.data.contract import TABLES
from regulars.data.store import Store
from regulars.errors import DataError
from regulars.parameters import Cleaning

__all__ = ["Cleaned", "clean_tables"]


@dataclass(frozen=True)
class Cleaned:
    """What cleaning gives: clean lines, lines set aside, what each rule did, and the ledger."""

    purchases: ir.Table
    set_aside: ir.Table
    steps: pd.DataFrame
    ledger: dict


def clean_tables(store: Store, rules: Cleaning, as_of: str | dt.date) -> Cleaned:
    """Write the clean tables to the store, and the account of cleaning to the ledger.

    Every accepted purchase line ends in exactly one of ``clean/purchases`` and
    ``clean/set_aside``. It is set aside by the first rule that applies: after as_of; a cancelled
    sale and its cancellation; no product; no customer; a return without a sale; nothing paid. The
    other tables are written as they were accepted; if intake had a later day, as they were known on
    `as_of`, and the ledger says how many of their rows are left for later.

    Parameters
    ----------
    store : Store
        Must hold the accepted tables and the ledger of intake.
    rules : Cleaning
        The switches.
    as_of : str or date
        The last day we know about.

    Returns
    -------
    Cleaned
        `purchases` has the contract's columns, ``kind`` being sale or return, and ``day`` (date),
        ``is_outlier`` (bool), ``returns_a_sale`` (bool, missing for sales), ``source_file``,
        ``source_line``; its customers are never missing. `set_aside` has the same but
        ``is_outlier``, and ``rule``. `steps` has ``rule``, ``what_happens`` (str), ``rows`` (int),
        ``money`` (float, currency). The ledger has a part ``cleaning`` more.

    Raises
    ------
    DataError
        If no sale is left.
    LedgerError
        If clean and set-aside lines are not what was accepted.
    """
    ledger, day = store.read_ledger(), dt.date.fromisoformat(str(as_of))
    accepted = store.read("accepted/purchases")
    speaks = prefix_speaks(accepted, rules.cancellation_prefix)
    lines = purchase_lines(accepted, rules.cancellation_prefix if speaks else "")
    with on_the_way(store) as keep:
        clean, aside = split(with_rules(lines, rules, day, keep=keep))
        spread = spread_of(clean.filter(clean.kind == "sale"), keep)
        clean = clean.mutate(is_outlier=is_outlier(clean, spread, rules.outliers))
        purchases, set_aside = _write_purchases(store, clean, aside)
        stated = statements(rules, spread, prefix_speaks=speaks)
        found = _counted(clean, (purchases, set_aside), stated)
    _check_sales(purchases, ledger)
    entry = account(purchases, set_aside, ledger["tables"]["purchases"], found)
    if left := _write_others(store, ledger, day):
        entry["left_for_later"] = left
    ledger = {**ledger, "cleaning": entry}
    store.write_ledger(ledger)
    return Cleaned(purchases, set_aside, _steps(found), ledger)


def _write_purchases(store: Store, clean: ir.Table, aside: ir.Table) -> tuple[ir.Table, ir.Table]:
    fields = [*TABLES["purchases"].kept_fields(), "day"]
    last = ["returns_a_sale", *ORIGIN]
    return (
        store.write("clean/purchases", clean.select(*fields, "is_outlier", *last)),
        store.write("clean/set_aside", aside.select(*fields, "rule", *last)),
    )


def _check_sales(purchases: ir.Table, ledger: dict) -> None:
    if not purchases.filter(purchases.kind == "sale").limit(1).count().execute():
        raise DataError(
            "Expected at least one sale of a known customer, but none of the "
            f"{ledger['tables']['purchases']['rows_accepted']} accepted lines is one once cleaned. "
            "Look at the columns mapped to customer_id and kind, at the sign of the amounts, and "
            "at the parameters under cleaning."
        )


def _counted(clean: ir.Table, written: tuple, stated: list[Statement]) -> list[dict]:
    """Add rows and money to each statement, of the lines as they were written."""
    purchases, set_aside = written
    by_rule = set_aside.group_by("rule").aggregate(
        rows=set_aside.count(), money=set_aside.amount.sum()
    )
    aside = {row["rule"]: row for row in by_rule.to_pyarrow().to_pylist()}
    kept = _kept(purchases) | _kept_by_other_lines(clean)
    return [_with_counts(one, aside if one.what == "set aside" else kept) for one in stated]


def _with_counts(stated: Statement, found: dict[str, dict]) -> dict:
    nothing = {"rows": 0, "money": None}
    row = nothing if stated.sentence == NOT_ASKED else found.get(stated.rule, nothing)
    return {**asdict(stated), "rows": row["rows"], "money": str(row["money"] or Decimal(0))}


def _kept(purchases: ir.Table) -> dict[str, dict]:
    """Count what the columns of the clean table tell, in one pass over it."""
    masks = {
        "return_without_sale": ~purchases.returns_a_sale,
        "zero_amount": (purchases.kind == "sale") & (purchases.amount == 0),
        "return": purchases.kind == "return",
        "outlier": purchases.is_outlier,
    }
    counts = {f"{rule} rows": mask.sum().fill_null(0) for rule, mask in masks.items()}
    sums = {f"{rule} money": purchases.amount.sum(where=mask) for rule, mask in masks.items()}
    row = purchases.aggregate(**counts, **sums).to_pyarrow().to_pylist()[0]
    return {rule: {"rows": row[f"{rule} rows"], "money": row[f"{rule} money"]} for rule in masks}


def _kept_by_other_lines(clean: ir.Table) -> dict[str, dict]:
    """Count what is not written; the engine picks these few lines before it joins anything."""
    masks = {
        "cancellation": clean.is_cancellation,
        "cancellation_without_sale": clean.is_cancellation,
        "non_product": clean.is_non_product,
    }
    return {rule: _touched(clean.filter(mask)) for rule, mask in masks.items()}


def _touched(lines: ir.Table) -> dict:
    found = lines.aggregate(rows=lines.count(), money=lines.amount.sum())
    return found.to_pyarrow().to_pylist()[0]


def _steps(found: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rule": one["rule"],
            "what_happens": one["sentence"],
            "rows": one["rows"],
            "money": float(one["money"]),
        }
        for one in found
    )


def _write_others(store: Store, ledger: dict, day: dt.date) -> dict[str, int]:
    """Write the other tables, drop those no longer taken in, and count what is left for later."""
    others = [name for name in TABLES if name != "purchases"]
    for name in (name for name in others if name not in ledger["tables"]):
        store.drop(f"clean/{name}")
    there = [name for name in others if name in ledger["tables"]]
    left = {name: _write_other(store, name, ledger["as_of"], day) for name in there}
    return {name: rows for name, rows in left.items() if rows}


def _write_other(store: Store, name: str, taken_in: str, day: dt.date) -> int:
    accepted = store.read(f"accepted/{name}")
    if str(day) >= taken_in:
        store.write(f"clean/{name}", accepted)
        return 0
    written = store.write(f"clean/{name}", known_on(accepted, name, day))
    return int(accepted.count().execute() - written.count().execute())
