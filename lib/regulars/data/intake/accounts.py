"""Accounts: what the ledger says of one table and its files, counted in the engine.

What came in is said by each file: the rows its reader counted, the lines that were no rows, and
the money of its own staged rows. Where it went is counted in the tables as they were written. So
the two sides can differ, and then the run fails.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.data.contract import Table
from regulars.data.contract.reasons import sentences

__all__ = ["Written", "account_of", "day_of", "decimal_of", "file_accounts", "twin_account"]

WAYS = ("accepted", "merged", "rejected")
PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Written:
    """The rows of a table as they were staged, and as they were written.

    `staged` is typed, with ``reasons``, ``flags`` and ``source_file``; `accepted` has
    ``source_file``; `merged` and `rejected` have ``source_file``, ``reasons`` and ``money``.
    """

    staged: ir.Table
    accepted: ir.Table
    merged: ir.Table
    rejected: ir.Table


def account_of(
    table: Table, written: Written, *, files: Sequence[Mapping], given: Iterable[str]
) -> dict:
    """Return a table's account.

    Parameters
    ----------
    table : Table
        The contract's.
    written : Written
        Its rows.
    files : sequence of mapping
        See `file_accounts` and `twin_account`.
    given : iterable of str
        The fields that a source gives.

    Returns
    -------
    dict
        ``rows_in``, ``rows_accepted``, ``rows_merged``, ``rows_rejected`` and the same with
        ``money_`` (decimal text); ``money`` (the column that is added up); ``reasons`` and
        ``flags`` with sentence, rows and money (flags of rows that broke no rule); ``fields``
        (rows, filled and valid cells of each given field); ``oldest_day`` and ``newest_day`` of
        the accepted rows; ``files``.
    """
    oldest, newest = _span(table, written.accepted)
    return {
        **{f"rows_{way}": sum(f[f"rows_{way}"] for f in files) for way in ("in", *WAYS)},
        **{f"money_{way}": str(_total(files, f"money_{way}")) for way in ("in", *WAYS)},
        "money": table.money,
        "reasons": _reasons(table, written, files),
        "flags": _flags(table, written.staged),
        "fields": _fields(table, written.staged, set(given)),
        "oldest_day": oldest,
        "newest_day": newest,
        "files": list(files),
    }


def file_accounts(abouts: Sequence[Mapping], table: Table, written: Written) -> list[dict]:
    """Return the account of each file.

    `abouts` say of each ``file`` as it came ``rows_in``, ``money_in``, ``newest_day``, and what
    else the ledger keeps.
    """
    went = {way: _by_file(getattr(written, way), table) for way in WAYS}
    return [_file_account(about, went) for about in abouts]


def twin_account(about: Mapping, first: Mapping) -> dict:
    """Return the account of a file with the content of another: all of it is merged."""
    nothing = {f"rows_{way}": 0 for way in WAYS} | {f"money_{way}": "0.0000" for way in WAYS}
    came = {name: first[name] for name in ("newest_day", "rows_in", "money_in")}
    merged = {"rows_merged": first["rows_in"], "money_merged": first["money_in"]}
    return {**about, **nothing, **came, **merged, "same_as": first["file"]}


def _file_account(about: Mapping, went: Mapping) -> dict:
    nothing = (0, PLACES * 0)
    ways = {way: went[way].get(about["file"], nothing) for way in WAYS}
    return {
        **about,
        **{f"rows_{way}": ways[way][0] for way in WAYS},
        **{f"money_{way}": str(ways[way][1]) for way in WAYS},
    }


def _by_file(rows: ir.Table, table: Table) -> dict[str, tuple[int, Decimal]]:
    """Return rows and money of each file, as they were written."""
    columns = {"rows": rows.count()}
    if table.money:
        columns["money"] = rows["money" if "money" in rows.columns else table.money].sum()
    counted = rows.group_by("source_file").aggregate(**columns).execute()
    return {
        one["source_file"]: (int(one["rows"]), decimal_of(one.get("money")))
        for one in counted.to_dict("records")
    }


def _span(table: Table, accepted: ir.Table) -> tuple[str, str]:
    if not table.time:
        return "", ""
    when = accepted[table.time]
    oldest, newest = accepted.aggregate(oldest=when.min(), newest=when.max()).execute().iloc[0]
    return day_of(oldest), day_of(newest)


def _reasons(table: Table, written: Written, files: Sequence[Mapping]) -> list[dict]:
    found = {**_by_reason(written.merged, "merged"), **_by_reason(written.rejected, "rejected")}
    twins = [file for file in files if "same_as" in file]
    if twins:
        rows = sum(file["rows_in"] for file in twins)
        found["same_file"] = ("merged", rows, _total(twins, "money_in"))
    return [
        {"outcome": way, "reason": reason, "sentence": said, "rows": rows, "money": str(money)}
        for reason, said in sentences(table).items()
        if reason in found
        for way, rows, money in [found[reason]]
    ]


def _by_reason(rows: ir.Table, way: str) -> dict[str, tuple[str, int, Decimal]]:
    first = rows.mutate(reason=rows.reasons.split(" ")[0])
    counted = first.group_by("reason").aggregate(rows=first.count(), total=first.money.sum())
    return {
        one["reason"]: (way, int(one["rows"]), decimal_of(one["total"]))
        for one in counted.execute().to_dict("records")
    }


def _flags(table: Table, staged: ir.Table) -> list[dict]:
    flagged = staged.filter(staged.reasons == "", staged.flags != "")
    columns = {"rows": flagged.count()}
    if table.money:
        columns["total"] = flagged[table.money].sum()
    rows, money = Counter(), Counter()
    for one in flagged.group_by("flags").aggregate(**columns).execute().to_dict("records"):
        for flag in one["flags"].split():
            rows[flag] += int(one["rows"])
            money[flag] += decimal_of(one.get("total"))
    total = {flag: str(decimal_of(sum_)) for flag, sum_ in money.items()}
    return [
        {"reason": flag, "sentence": said, "rows": rows[flag], "money": total[flag]}
        for flag, said in sentences(table).items()
        if flag in rows
    ]


def _fields(table: Table, staged: ir.Table, given: set[str]) -> dict[str, dict[str, int]]:
    """Count filled and valid cells: valid ones parse, and pass the rules of their own field.

    ``rows`` are those that should have the cell: a row that waits for an answer should not.
    """
    names = [name for name in table.kept_fields() if name in given]
    columns = {f"filled_{name}": staged[name].count() for name in names}
    columns["waiting"] = _waiting(staged, table)
    counted = staged.aggregate(all_rows=staged.count(), **columns).execute().iloc[0]
    broken = Counter()
    refused = staged.filter(staged.reasons != "")
    reasons = refused.group_by("reasons").aggregate(rows=refused.count()).execute()
    for one in reasons.to_dict("records"):
        broken.update({reason: int(one["rows"]) for reason in one["reasons"].split()})
    rows, waiting = int(counted["all_rows"]), int(counted["waiting"])
    due = {name: rows - waiting * (name in table.may_wait()) for name in names}
    return {name: _cells(due[name], int(counted[f"filled_{name}"]), name, broken) for name in names}


def _waiting(staged: ir.Table, table: Table) -> ir.IntegerScalar:
    """Count the rows that wait: what they lack is not missing."""
    if not table.waits:
        return ibis.literal(0)
    wrong = staged.reasons.re_search(rf"(^| ){table.time}_(missing|unreadable) ")
    waits = staged[table.time].isnull() & ~wrong  # noqa: PD003 (Ibis has no isna)
    return waits.sum().fill_null(0)


def _cells(rows: int, typed: int, name: str, broken: Counter) -> dict[str, int]:
    filled = typed + broken[f"{name}_unreadable"]
    own = ("unreadable", "spoiled", "unknown", "too_early", "after_as_of", "out_of_scale")
    wrong = sum(broken[f"{name}_{what}"] for what in own)
    return {"rows": rows, "filled": filled, "valid": max(filled - wrong, 0)}


def _total(files: Iterable[Mapping], name: str) -> Decimal:
    return sum((Decimal(file[name]) for file in files), PLACES * 0)


def decimal_of(money: object) -> Decimal:
    """Return a sum of money with four places; a sum of nothing is 0."""
    return (Decimal(0) if money is None or pd.isna(money) else Decimal(money)).quantize(PLACES)


def day_of(moment: object) -> str:
    """Return the ISO day of a moment, or nothing."""
    return "" if moment is None or pd.isna(moment) else str(moment)[:10]
