"""Intake: files in, accepted and rejected rows and a ledger out.

Every row becomes accepted or rejected, a rejected one with its reasons, its file, its line and the
text it came as. Rows are typed by the contract, in the engine.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.data import ledger as ledgers
from regulars.data import sources
from regulars.data.contract import MALFORMED, MALFORMED_SENTENCE, TABLES, Table
from regulars.data.files import check_source, files_of
from regulars.data.store import Store
from regulars.data.typed import MONEY, typed
from regulars.errors import DataError
from regulars.parameters import Source, read_sources

__all__ = ["take_in"]

REJECTED = ("source_file", "source_line", "reasons", "raw")


@dataclass(frozen=True)
class _File:
    name: str
    sha256: str
    rows_in: int
    money_in: Decimal
    newest_day: str
    rows: ir.Table
    malformed: pd.DataFrame


def take_in(store: Store, tables: Mapping[str, Source | Mapping], *, as_of: str | dt.date) -> dict:
    """Take all sources in, write accepted and rejected rows, and return the ledger.

    Parameters
    ----------
    store : Store
        Gets ``accepted/<table>``, ``rejected/<table>`` and ``ledger.json``.
    tables : mapping of str to Source, or to a mapping with its fields
        Where each table comes from.
    as_of : str or date
        The last day the run knows about, ISO.

    Raises
    ------
    ParameterError
        If a source is not declared as the schema says.
    DataError
        If a file cannot be read, or nothing usable is left of a table.
    LedgerError
        If rows or money were lost on the way.
    """
    as_of = dt.date.fromisoformat(str(as_of))
    declared = read_sources(tables)
    for name, source in declared.items():
        check_source(source, table=name)
    entries = {name: _take_table(store, name, source, as_of) for name, source in declared.items()}
    ledger = ledgers.balance({"as_of": str(as_of), "tables": entries})
    store.write_ledger(ledger)
    return ledger


def _take_table(store: Store, name: str, source: Source, as_of: dt.date) -> dict:
    paths = files_of(source, table=name)
    prints = {path: sources.fingerprint(path) for path in paths}
    _check_twins(prints, table=name)
    staged = [f"staged/{name}_{number}" for number in range(len(paths))]
    try:
        return _judge_and_write(store, TABLES[name], prints, source, as_of)
    finally:
        for rows in staged:
            store.drop(rows)


def _judge_and_write(
    store: Store, table: Table, prints: dict[Path, str], source: Source, as_of: dt.date
) -> dict:
    read = functools.partial(_read, store, source, table)
    files = [read(path, sha256, number) for number, (path, sha256) in enumerate(prints.items())]
    judged = [_judge(file.rows, table, as_of) for file in files]
    judged = functools.reduce(lambda a, b: a.union(b), judged)
    malformed = pd.concat([file.malformed.assign(source_file=file.name) for file in files])
    kept = judged.filter(judged.reasons == "").drop("reasons", "raw")
    refused = judged.filter(judged.reasons != "").select(*REJECTED, money=judged.amount)
    accepted = store.write(f"accepted/{table.name}", kept)
    refused = refused.union(_as_rejected(malformed, refused))
    entry = _entry(table, files, accepted, store.write(f"rejected/{table.name}", refused))
    if not entry["rows_accepted"]:
        raise DataError(_nothing_left(table.name, entry, judged, as_of))
    return entry


def _check_twins(prints: dict[Path, str], *, table: str) -> None:
    """Refuse the same content twice: its rows would count double."""
    seen: dict[str, Path] = {}
    for path, sha256 in prints.items():
        twin = seen.setdefault(sha256, path)
        if twin != path:
            raise DataError(
                f"sources.{table}.files: {twin.name} and {path.name} have the same content, and "
                "would count double. Take one away, or make the pattern narrower."
            )


def _read(
    store: Store, source: Source, table: Table, path: Path, sha256: str, number: int
) -> _File:
    staging = store.path(f"staged/{table.name}_{number}")
    lines = sources.read_file(store.engine, path, source, staging=staging)
    rows = typed(lines.rows, table, source)
    rows = rows.mutate(source_file=ibis.literal(lines.file), line_hash=rows.raw.hexdigest("md5"))
    came = rows.aggregate(rows=rows.count(), money=rows.amount.sum(), newest=rows.ordered_at.max())
    rows_in, money, newest = came.execute().iloc[0]
    return _File(
        lines.file,
        sha256,
        rows_in + len(lines.malformed),
        _decimal(money),
        "" if pd.isna(newest) else str(newest.date()),
        rows,
        lines.malformed,
    )


def _judge(rows: ir.Table, table: Table, as_of: dt.date) -> ir.Table:
    """Add ``reasons``: the broken rules' names, one blank between them, the first one first."""
    broken = [
        ibis.ifelse(rule.broken(rows, as_of).fill_null(False), f"{rule.reason} ", "")
        for rule in table.rules
    ]
    return rows.mutate(reasons=functools.reduce(lambda a, b: a + b, broken).strip())


def _as_rejected(malformed: pd.DataFrame, like: ir.Table) -> ir.Table:
    texts = malformed.assign(reasons=MALFORMED)[list(REJECTED)]
    schema = {name: like.schema()[name] for name in REJECTED}
    return ibis.memtable(texts, schema=schema).mutate(money=ibis.null().cast(MONEY))


def _entry(table: Table, files: list[_File], accepted: ir.Table, rejected: ir.Table) -> dict:
    kept = _by_file(accepted.rename(money="amount"))
    refused = _by_file(rejected)
    entries = [_file_entry(file, kept, refused) for file in files]
    return {
        **_total(entries),
        "reasons": _reasons(table, rejected),
        "files": entries,
    }


def _file_entry(file: _File, kept: dict, refused: dict) -> dict:
    rows_kept, money_kept = kept.get(file.name, (0, Decimal(0)))
    rows_refused, money_refused = refused.get(file.name, (0, Decimal(0)))
    return {
        "file": file.name,
        "sha256": file.sha256,
        "newest_day": file.newest_day,
        "rows_in": int(file.rows_in),
        "rows_accepted": rows_kept,
        "rows_merged": 0,
        "rows_rejected": rows_refused,
        "money_in": str(file.money_in),
        "money_accepted": str(money_kept),
        "money_merged": "0.0000",
        "money_rejected": str(money_refused),
    }


def _total(entries: list[dict]) -> dict:
    rows = {name: sum(e[name] for e in entries) for name in entries[0] if name.startswith("rows_")}
    money = {
        name: str(sum((Decimal(e[name]) for e in entries), Decimal(0)))
        for name in entries[0]
        if name.startswith("money_")
    }
    return {**rows, **money}


def _by_file(rows: ir.Table) -> dict[str, tuple[int, Decimal]]:
    counted = rows.group_by("source_file").aggregate(rows=rows.count(), money=rows.money.sum())
    return {r.source_file: (int(r.rows), _decimal(r.money)) for r in counted.execute().itertuples()}


def _reasons(table: Table, rejected: ir.Table) -> list[dict]:
    first = rejected.mutate(reason=rejected.reasons.split(" ")[0])
    counted = first.group_by("reason").aggregate(rows=first.count(), money=first.money.sum())
    found = counted.execute().set_index("reason")
    sentences = {MALFORMED: MALFORMED_SENTENCE, **{r.reason: r.sentence for r in table.rules}}
    return [
        {
            "reason": reason,
            "sentence": sentence,
            "rows": int(found.rows[reason]),
            "money": str(_decimal(found.money[reason])),
        }
        for reason, sentence in sentences.items()
        if reason in found.index
    ]


def _nothing_left(name: str, entry: dict, judged: ir.Table, as_of: dt.date) -> str:
    if not entry["rows_in"]:
        return f"{name}: the files have a header and no rows. Expected at least one row."
    first = judged.ordered_at.min().execute()
    if not pd.isna(first) and first.date() > as_of:
        return (
            f"as_of is {as_of}, but the first row of {name} is of {first.date()}: nothing is left. "
            f"Set as_of to {first.date()} or a later day."
        )
    reasons = ", ".join(f"{r['reason']} {r['rows']:,}" for r in entry["reasons"])
    return (
        f"{name}: expected usable rows, but all {entry['rows_in']:,} were rejected ({reasons}). "
        f"Compare sources.{name} (columns, date_format, delimiter) with the file."
    )


def _decimal(money: object) -> Decimal:
    return Decimal(0) if pd.isna(money) else Decimal(money).quantize(Decimal("0.0001"))
