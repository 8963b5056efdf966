"""Merging: rows that are one with another, within a file and between deliveries.

Four cases, told apart row by row. An *equal line* stands twice in one file. A line is *delivered
again* when a line of an earlier file says the same. A line is *replaced* (or the later one
rejected) when both have one key and say different things. And a line that waits for an answer is
*answered meanwhile* when another line has it, in whatever file.

Only rows whose key comes more than once are looked at: a 64-bit hash finds them in one pass, and
then the rows themselves are compared, so that a collision of hashes merges nothing. Lines of an
order may share a key; one delivery of such a key then counts as a whole.
"""

import ibis
import ibis.expr.types as ir

from regulars.data.contract import Table
from regulars.data.intake.judged import HELD
from regulars.data.readers.model import LINE
from regulars.parameters import Intake

__all__ = ["IN_CONFLICT", "ORIGIN", "fates", "with_key"]

IN_CONFLICT = "conflicts_with_earlier"
ORIGIN = ("file_number", "source_line")
OWN = (*ORIGIN, "source_file", LINE, "extra", "key_hash", "reasons", "flags", "raw")


def with_key(rows: ir.Table, table: Table) -> ir.Table:
    """Add ``key_hash`` (int64), equal for rows that may be one; missing where nothing can tell.

    A row whose first key field is empty has no key, and is told by all it says. If it names no
    customer either, and its time is a bare day, two equal rows are no evidence: two anonymous
    answers of one day may well be equal.
    """
    keyed = ibis.struct(_key_columns(rows, table)).hash()
    said = ibis.struct(_said(rows, table)).hash()
    told = ibis.ifelse(_has_key(rows, table), keyed, said)
    return rows.mutate(key_hash=ibis.ifelse(_telling(rows, table), told, None))


def fates(rows: ir.Table, table: Table, *, rules: Intake) -> ir.Table | None:
    """Return what becomes of the rows that do not stand for themselves.

    Parameters
    ----------
    rows : Table
        Rows that broke no rule, of all files: the kept fields, ``extra`` and ``key_hash``
        (int64), ``file_number`` (int), ``source_line`` (int64).
    table : Table
        Its `key` names what tells one thing from another.
    rules : Intake
        `duplicates` says whether equal lines are one, `conflicts` which of two values counts.

    Returns
    -------
    Table or None
        ``file_number``, ``source_line`` and ``fate``, one row for each row that is merged or in
        conflict; None where nothing can be merged.
    """
    if table.lines and rules.duplicates == "keep":
        return None
    answered = _answered_meanwhile(rows, table) if table.waits else None
    if answered is not None:
        rows = rows.anti_join(answered, ORIGIN)
    counted = rows.group_by("key_hash").aggregate(times=rows.count())
    repeated = counted.filter(counted.times > 1, counted.key_hash.notnull())
    suspects = rows.semi_join(repeated, "key_hash")
    has_key = _has_key(suspects, table)
    says = _text(_said(suspects, table))
    key = ibis.ifelse(has_key, _text(_key_columns(suspects, table)), says)
    suspects = suspects.select(*ORIGIN, "extra", says=says, key=key, has_key=has_key)
    told = _decided(_without_equal_lines(suspects, rules), table, rules)
    return told if answered is None else told.union(answered)


def _answered_meanwhile(rows: ir.Table, table: Table) -> ir.Table:
    """Tell the rows that wait for what another row has; without a customer none can be told."""
    same = [*table.waits.same, table.waits.since]
    has = rows[table.time].notnull()
    found = rows.filter(~has).semi_join(rows.filter(has).select(*same).distinct(), same)
    return found.select(*ORIGIN, fate=ibis.literal("answered_meanwhile"))


def _without_equal_lines(suspects: ir.Table, rules: Intake) -> ir.Table:
    """Tell the second of equal lines of one file; lines may differ in what is not mapped."""
    twins = ibis.window(
        group_by=["key", "says", "extra", "file_number"], order_by=suspects.source_line
    )
    again = (ibis.row_number().over(twins) > 0) & (rules.duplicates == "merge")
    return suspects.mutate(again=again)


def _decided(suspects: ir.Table, table: Table, rules: Intake) -> ir.Table:
    """Let one delivery of each key count: what it does not say again is replaced by what it says.

    Where a key may come several times in a file, its whole set of lines in one file counts, so that
    no total arises that no delivery has. Without a key there is nothing to replace.
    """
    line = suspects.filter(~suspects.again)
    latest = rules.conflicts == "latest"
    origin = [line[name] for name in ORIGIN]
    within = ibis.window(group_by=["key", "says", "file_number"], order_by=line.source_line)
    of_key = ibis.window(group_by="key", order_by=[o.desc() if latest else o for o in origin])
    counts = ibis.row_number().over(of_key) == 0
    if table.lines:
        files = line.file_number
        counts = files == (files.max() if latest else files.min()).over(group_by="key")
    copy = ibis.row_number().over(within)
    line = line.mutate(copy=copy if table.lines else ibis.literal(0), counts=counts)
    same = ["key", "says", "copy"]
    equal = ibis.window(group_by=same, order_by=[line[name] for name in ORIGIN])
    said = line.counts.any().over(group_by=["key", "says"])
    fate = ibis.cases(
        (line.has_key & ~said, "replaced_by_later" if latest else IN_CONFLICT),
        (ibis.row_number().over(equal) > 0, _again(line, equal)),
    )
    line = line.mutate(fate=fate)
    told = line.filter(line.fate.notnull()).select(*ORIGIN, "fate")
    twins = suspects.filter(suspects.again).select(*ORIGIN, fate=ibis.literal("equal_line"))
    return told.union(twins)


def _again(line: ir.Table, equal: object) -> ir.StringValue:
    same_file = line.file_number.lag().over(equal) == line.file_number
    return ibis.ifelse(same_file, "equal_line", "delivered_again")


def _has_key(rows: ir.Table, table: Table) -> ir.BooleanValue:
    there = rows[table.key[0]].notnull()
    if not table.moments:
        return there
    when = rows[table.time]
    if table.waits:
        when = ibis.coalesce(when, rows[table.waits.since])
    return there & _has_clock(when)


def _has_clock(when: ir.Value) -> ir.BooleanValue:
    moment = when.cast("timestamp").time()
    return (moment != ibis.time("00:00:00")).fill_null(False)


def _telling(rows: ir.Table, table: Table) -> ir.BooleanValue:
    told = rows[table.key[0]].notnull()
    if "customer_id" in table.fields:
        told = told | rows.customer_id.notnull()
    if table.time:
        told = told | _has_clock(rows[table.time])
    return told.fill_null(False)


def _key_columns(rows: ir.Table, table: Table) -> dict[str, ir.Value]:
    since = {}
    if table.waits:  # a row that waits is told by when that began
        since = {"since": ibis.ifelse(rows[table.time].isnull(), rows[table.waits.since], None)}
    sign = {"sign": rows[table.money] < 0} if "sign" in table.key else {}
    return {**{name: rows[name] for name in table.key if name != "sign"}, **sign, **since}


def _said(rows: ir.Table, table: Table) -> dict[str, ir.Value]:
    """Return what a row says: every column but where it came from."""
    return {name: rows[name] for name in rows.columns if name not in OWN and name[:5] != HELD}


def _text(columns: dict[str, ir.Value]) -> ir.StringValue:
    return ibis.struct(columns).cast("json").cast("string").hexdigest("md5")
