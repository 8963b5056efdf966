"""Intake: files in, accepted, merged and rejected rows and a ledger out.

Every row ends as exactly one of the three; a rejected one with its reasons, its file, its line and
the text it came as. Rows are typed and judged in the engine, once, while the file is read.
"""

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
from filelock import FileLock

from regulars.data import ledger as ledgers
from regulars.data.contract import TABLES, Table
from regulars.data.files import check_source
from regulars.data.intake.accounts import Written, account_of, file_accounts, twin_account
from regulars.data.intake.deliveries import Delivery, read_all, united
from regulars.data.intake.judged import HELD
from regulars.data.intake.masking import masked_texts, without_identifiers
from regulars.data.intake.merging import IN_CONFLICT, ORIGIN, fates
from regulars.data.intake.numbers import MONEY
from regulars.data.intake.refusals import refuse_if_useless
from regulars.data.intake.told import Told
from regulars.data.people.customer_ids import merged_ids
from regulars.data.people.pseudonyms import the_key
from regulars.data.store import Store
from regulars.parameters import Intake, Source, read_rules, read_sources

__all__ = ["take_in"]

REJECTED = ("source_file", "source_line", "reasons", "raw", "money")
INNER = ("file_number", "extra", "key_hash")


def take_in(
    store: Store,
    tables: Mapping[str, object],
    *,
    as_of: str | dt.date,
    currency: str = "",
    rules: Intake | Mapping | None = None,
) -> dict:
    """Take all sources in, write accepted, merged and rejected rows, and return the ledger.

    Parameters
    ----------
    store : Store
        Gets ``accepted/<table>``, ``merged/<table>``, ``rejected/<table>`` and ``ledger.json``.
    tables : mapping of str to Source, to a mapping with its fields, or to a list of them
        Where each table comes from.
    as_of : str or date
        The last day the run knows about, ISO.
    currency : str
        The workbook's currency (three letters); needed where amounts come in several.
    rules : Intake, or a mapping with its fields
        What to do with equal lines, conflicts, ids and test customers; the defaults if not given.

    Returns
    -------
    dict
        The ledger; see `regulars.data.intake.accounts.account_of` for a table's account.

    Raises
    ------
    ParameterError
        If a source or a rule is not declared as the schema says.
    DataError
        If a file cannot be read, if nothing usable is left of the purchases, if more rows were
        rejected than `rules` allows, or if amounts come in a currency without a rate.
    LedgerError
        If rows or money were lost on the way.
    """
    told = _told(as_of, currency, read_rules(rules, Intake))
    declared = read_sources(tables)
    for name, deliveries in declared.items():
        for source in deliveries:
            check_source(source, table=name)
    # A second intake of the same workbook waits; one that fails leaves no ledger that looks whole.
    with FileLock(store.folder / ".intake"):
        store.begin_intake(declared)
        entries = {name: _take_table(store, name, given, told) for name, given in declared.items()}
        ledger = ledgers.balance(
            {
                "as_of": str(told.as_of),
                "currency": currency,
                "pseudonymised": told.rules.pseudonymise,
                "tables": entries,
            }
        )
        refuse_if_useless(ledger, told.rules)
        store.write_ledger(ledger)
    return ledger


def _told(as_of: str | dt.date, currency: str, rules: Intake) -> Told:
    same = rules.same_customers
    merges = merged_ids(same, how=rules.customer_ids) if same else None
    key = the_key() if rules.pseudonymise else None
    return Told(dt.date.fromisoformat(str(as_of)), currency, rules, key, merges)


def _take_table(store: Store, name: str, given: Sequence[Source], told: Told) -> dict:
    folder = store.private(f"staged/{name}")
    try:
        return _judge_and_write(store, TABLES[name], given, told, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judge_and_write(
    store: Store, table: Table, given: Sequence[Source], told: Told, folder: Path
) -> dict:
    delivered, twins = read_all(store.engine, table, given, told=told, folder=folder)
    staged = united(delivered, table)
    written, masked = _write(store, table, delivered, staged, told, folder)
    files = file_accounts([one.about(table) for one in delivered], table, written)
    first = {file["file"]: file for file in files}
    files += [twin_account(about, first[label]) for about, label in twins]
    fields = {name for source in given for name in source.gives()} | set(table.either or {})
    entry = account_of(table, written, files=files, given=fields)
    return {**entry, "identifiers": {"dropped": _dropped(staged), "masked": masked}}


def _write(
    store: Store,
    table: Table,
    delivered: Sequence[Delivery],
    staged: ir.Table,
    told: Told,
    folder: Path,
) -> tuple[Written, dict]:
    dull = ("reasons", "flags", *(name for name in staged.columns if name.startswith(HELD)))
    sound = staged.filter(staged.reasons == "").drop(*dull)
    kept, merged, conflicting = _parted(store, sound, table, told.rules, folder)
    given = {name for one in delivered for name in one.source.gives()}
    kept, masked = without_identifiers(kept.drop(*INNER, "raw"), table, given, key=told.key)
    merged = masked_texts(_as_merged(merged, table), table, given, key=told.key)
    refused = staged.filter(staged.reasons != "")
    refused = refused.mutate(reasons=refused.reasons.strip(), money=_money(refused, table))
    malformed = [_unread(one) for one in delivered if one.malformed is not None]
    rejected = [refused.select(*REJECTED), _as_rejected(conflicting, table), *malformed]
    written = Written(
        staged,
        store.write(f"accepted/{table.name}", kept),
        store.write(f"merged/{table.name}", merged),
        store.write_private(f"rejected/{table.name}", ibis.union(*rejected)),
    )
    return written, masked


def _parted(
    store: Store, sound: ir.Table, table: Table, rules: Intake, folder: Path
) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Part sound rows into those that stand for themselves, merged ones, and those in conflict."""
    found = fates(sound, table, rules=rules)
    if found is None:
        found = sound.filter(ibis.literal(False)).select(*ORIGIN, fate=ibis.literal(""))
    place = folder / "fates.parquet"
    store.engine.to_parquet(found, str(place))
    found = store.engine.read_parquet(str(place))
    gone = sound.inner_join(found, ORIGIN)
    conflict = gone.fate == IN_CONFLICT
    return sound.anti_join(found, ORIGIN), gone.filter(~conflict), gone.filter(conflict)


def _money(rows: ir.Table, table: Table) -> ir.Value:
    return rows[table.money] if table.money else ibis.null().cast(MONEY)


def _as_merged(rows: ir.Table, table: Table) -> ir.Table:
    money = _money(rows, table)
    return rows.mutate(money=money, reasons=rows.fate).drop(*INNER, "fate", "raw")


def _as_rejected(rows: ir.Table, table: Table) -> ir.Table:
    return rows.mutate(reasons=rows.fate, money=_money(rows, table)).select(*REJECTED)


def _unread(one: Delivery) -> ir.Table:
    lines = one.malformed
    return lines.select(
        source_file=ibis.literal(one.origin.label),
        source_line=lines.source_line,
        reasons=lines.reason,
        raw=lines.raw,
        money=ibis.null().cast(MONEY),
    )


def _dropped(staged: ir.Table) -> dict[str, int]:
    kinds = [name for name in staged.columns if name.startswith(HELD)]
    held = staged.aggregate(**{kind.removeprefix(HELD): staged[kind].sum() for kind in kinds})
    return {kind: int(n) for kind, n in held.execute().iloc[0].items() if n and n == n}
