"""Lives: how many whole renewal periods each contract has lasted, and whether it has ended.

A contract is renewed on the same day of the month as it began, or on the month's last day where
that is earlier. A period in which a contract ends counts as lived, as it was begun and paid; it
counts only once it is over, so that the period now running is not judged by its endings alone.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from regulars.measures.engine import as_date, fetch

__all__ = [
    "MONTHS",
    "NO_PLAN",
    "contract_lives",
    "count_lives",
    "count_since",
    "lives_at",
    "no_contracts",
]

MONTHS = {"month": 1, "quarter": 3, "year": 12}
NO_PLAN = "not told"
OPTIONAL = {"ended_at": "timestamp", "plan": "string", "fee": "decimal(18, 4)"}


def contract_lives(subscriptions: ir.Table, *, as_of: str | date, every: str = "month") -> ir.Table:
    """Say of each contract how many renewal periods it has lasted and whether it has ended.

    Parameters
    ----------
    subscriptions : ibis.expr.types.Table
        Cleaned subscriptions, a row per contract: customer_id, started_at, and where known
        ended_at, plan, fee (a month).
    as_of : str or datetime.date
        Last day known, inclusive; a contract that ends later is running.
    every : {"month", "quarter", "year"}
        How often a contract is renewed.

    Returns
    -------
    ibis.expr.types.Table
        One row per contract begun by `as_of`: customer_id, started_on (date), plan (text, never
        missing), fee (float, a month), running (not ended by `as_of`), age (whole periods since it
        began), part (of its last period, the share that was over when it ended, 1 on a renewal
        day; while it runs, the share of the period now running that is over), ends_in (the period
        it ended in, from 1; missing while it runs), periods (whole periods lived), ended (its last
        period is over by `as_of`).

    Notes
    -----
    A contract that ended the day before a renewal and one that ended on that day ended in the same
    period.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> contracts = table_of(pd.DataFrame({
    ...     "customer_id": ["ann", "bob"], "started_at": pd.to_datetime(["2024-01-31"] * 2),
    ...     "ended_at": pd.to_datetime(["2024-03-30", None])}))
    >>> lives = contract_lives(contracts, as_of="2024-04-30").order_by("customer_id")
    >>> fetch(lives[["age", "periods", "ended", "running"]])
       age  periods  ended  running
    0    3        2   True    False
    1    3        3  False     True
    """
    today, months = ibis.literal(as_date(as_of)), MONTHS[every]
    rows = _with_all_columns(subscriptions)
    rows = rows.mutate(started_on=rows.started_at.cast("date"), ended_on=rows.ended_at.cast("date"))
    rows = rows.filter(rows.started_on <= today)
    rows = rows.mutate(
        plan=rows.plan.fill_null(NO_PLAN),
        fee=rows.fee.cast("float64"),
        running=(rows.ended_on > today).fill_null(True),
        age=_whole_periods(rows.started_on, today, months),
    )
    ends_in = ibis.ifelse(rows.running, None, _ends_in(rows.started_on, rows.ended_on, months))
    rows = rows.mutate(ends_in=ends_in.cast("int64"))
    begun = ibis.ifelse(rows.running, rows.age, rows.ends_in - 1)
    until = ibis.ifelse(rows.running, today, rows.ended_on)
    rows = rows.mutate(part=_part(rows.started_on, until, begun=begun, months=months))
    columns = ("customer_id", "started_on", "plan", "fee", "running", "age", "part", "ends_in")
    return rows.select(*columns, **_lived(rows.ends_in, rows.age))


def no_contracts() -> ir.Table:
    """Return a table of subscriptions without a row, for a workbook that has none.

    Examples
    --------
    >>> len(fetch(contract_lives(no_contracts(), as_of="2024-01-31")))
    0
    """
    columns = {"customer_id": pa.string(), "started_at": pa.timestamp("us")}
    return ibis.memtable(pa.schema(list(columns.items())).empty_table())


def count_lives(lives: ir.Table) -> pd.DataFrame:
    """Count the contracts that have lasted equally long, in the engine.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `contract_lives`.

    Returns
    -------
    pandas.DataFrame
        One row per plan, periods and ended: plan, periods, ended, contracts; ordered.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> lives = table_of(pd.DataFrame({"plan": ["a", "a"], "periods": [2, 2],
    ...                                "ended": [True, True]}))
    >>> count_lives(lives).to_dict("records")
    [{'plan': 'a', 'periods': 2, 'ended': True, 'contracts': 2}]
    """
    keys = ["plan", "periods", "ended"]
    return fetch(lives.group_by(keys).agg(contracts=lives.count()).order_by(keys))


def lives_at(lives: ir.Table, *, cut: str | date, every: str = "month") -> ir.Table:
    """Turn the lives of contracts back to what was known on an earlier day.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `contract_lives`, as of a later day.
    cut : str or datetime.date
        The earlier day, inclusive.
    every : {"month", "quarter", "year"}
        As for `lives`.

    Returns
    -------
    ibis.expr.types.Table
        The contracts begun by then, with age, periods and ended as they were; plan and fee as they
        are later.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> contracts = table_of(pd.DataFrame({
    ...     "customer_id": ["ann"], "started_at": pd.to_datetime(["2024-01-05"]),
    ...     "ended_at": pd.to_datetime(["2024-05-05"])}))
    >>> then = lives_at(contract_lives(contracts, as_of="2024-06-30"), cut="2024-03-31")
    >>> fetch(then[["periods", "ended"]])
       periods  ended
    0        2  False
    """
    day = ibis.literal(as_date(cut))
    begun = lives.filter(lives.started_on <= day)
    then = begun.mutate(age=_whole_periods(begun.started_on, day, MONTHS[every]))
    return then.mutate(**_lived(then.ends_in, then.age)).drop("running", "part", "ends_in")


def count_since(lives: ir.Table, *, cut: str | date, every: str = "month") -> pd.DataFrame:
    """Count the contracts with a renewal due after a day, by what was known of them on it.

    Parameters
    ----------
    lives, cut, every
        As for `lives_at`.

    Returns
    -------
    pandas.DataFrame
        One row per kind of contract: plan, before (whole periods lived at the cut; 0 if it began
        later), due (whole periods since it began), periods, ended (as of the later day), contracts.
        Contracts whose last period was over by the cut are left out.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> contracts = table_of(pd.DataFrame({
    ...     "customer_id": ["ann"], "started_at": pd.to_datetime(["2024-01-05"])}))
    >>> lives = contract_lives(contracts, as_of="2024-06-30")
    >>> count_since(lives, cut="2024-03-31")[["before", "due", "contracts"]].to_numpy().tolist()
    [[2, 5, 1]]
    """
    day = ibis.literal(as_date(cut))
    at_cut = _whole_periods(lives.started_on, day, MONTHS[every])
    rows = lives.mutate(before=ibis.ifelse(lives.started_on <= day, at_cut, 0), due=lives.age)
    still_there = (rows.ends_in > rows.before).fill_null(True)
    rows = rows.filter(still_there, rows.due > rows.before)
    keys = ["plan", "before", "due", "periods", "ended"]
    return fetch(rows.group_by(keys).agg(contracts=rows.count()).order_by(keys))


def _with_all_columns(subscriptions: ir.Table) -> ir.Table:
    missing = {
        name: ibis.null().cast(kind)
        for name, kind in OPTIONAL.items()
        if name not in subscriptions.columns
    }
    return subscriptions.mutate(**missing) if missing else subscriptions


def _whole_periods(start: ir.DateValue, end: ir.DateValue, months: int) -> ir.IntegerValue:
    """Count the renewal days from one day to another, the last one included."""
    between, short = _months_and_rest(start, end)
    return ibis.greatest(((between - short) / months).floor().cast("int64"), 0)


def _ends_in(start: ir.DateValue, end: ir.DateValue, months: int) -> ir.IntegerValue:
    between, _ = _months_and_rest(start, end)
    on_renewal = (end.day() == _due_day(start, end)) & (between % months == 0)
    whole = _whole_periods(start, end, months)
    return ibis.greatest(whole + ibis.ifelse(on_renewal, 0, 1), 1)


def _part(
    start: ir.DateValue, end: ir.DateValue, *, begun: ir.IntegerValue, months: int
) -> ir.FloatingValue:
    """Return the share of a period that is over, after so many whole ones."""
    first, next_first = (
        (start + (periods * months).as_interval("M")).cast("date") for periods in (begun, begun + 1)
    )
    over = end.delta(first, unit="day") / next_first.delta(first, unit="day")
    return over.cast("float64").clip(0.0, 1.0)


def _months_and_rest(
    start: ir.DateValue, end: ir.DateValue
) -> tuple[ir.IntegerValue, ir.IntegerValue]:
    """Return the months between, and 1 where the last of them is not over."""
    between = (end.year() - start.year()) * 12 + (end.month() - start.month())
    return between.cast("int64"), (end.day() < _due_day(start, end)).cast("int64")


def _due_day(start: ir.DateValue, end: ir.DateValue) -> ir.IntegerValue:
    """Return on which day of the end's month a contract is renewed."""
    last = (end.truncate("M") + ibis.interval(months=1) - ibis.interval(days=1)).day()
    return ibis.least(start.day(), last)


def _lived(ends_in: ir.IntegerColumn, age: ir.IntegerColumn) -> dict[str, ir.Value]:
    over = (ends_in <= age).fill_null(False)
    return {"periods": ibis.ifelse(over, ends_in, age), "ended": over}
