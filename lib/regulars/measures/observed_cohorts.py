"""Observed cohorts: which of their cells are known by a day, and which begin too early."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.calendar_units import Every, first_day_of, number_of
from regulars.measures.engine import as_date, fetch
from regulars.measures.purchases import known_lines

__all__ = ["begins_early", "observed_cells"]

FIRST_DAYS = 90  # of the records; who bought before them looks new in these


def begins_early(cohorts: pd.Series, purchases: ir.Table, *, as_of: str | date) -> pd.Series:
    """Tell which cohorts begin in the first 90 days of the records.

    They may hold customers from before the records, who only look new.

    Parameters
    ----------
    cohorts : Series of datetime
        The cohorts' first days.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day.
    as_of : str or datetime.date
        Last day known, inclusive.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> months = pd.Series(pd.to_datetime(["1997-04-01", "1997-05-01"]))
    >>> begins_early(months, purchases, as_of="1997-06-30").tolist()
    [True, False]
    """
    starts = fetch(known_lines(purchases, as_of=as_of).agg(day=ibis._.day.min())).day[0]
    return cohorts < starts + pd.Timedelta(days=FIRST_DAYS)


def observed_cells(
    counts: pd.DataFrame, *, as_of: str | date, every: Every = "month"
) -> pd.DataFrame:
    """Make a row of every observed cell, silent ones too, with the size of its cohort.

    Parameters
    ----------
    counts : pandas.DataFrame
        cohort, age (whole numbers, see `calendar_units`), active, and whatever else is counted of
        a cell; no row where nothing was.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week``, ``month`` or ``quarter``.

    Returns
    -------
    pandas.DataFrame
        cohort (its first day), age, customers, the counts (0 in a silent cell), complete.

    Examples
    --------
    >>> counts = pd.DataFrame({"cohort": [23964], "age": [0], "active": [3]})
    >>> observed_cells(counts, as_of="1997-02-15")[["age", "customers", "active", "complete"]]
       age  customers  active  complete
    0    0          3       3      True
    1    1          3       0     False
    """
    last = pd.Timestamp(as_date(as_of))
    now = number_of(pd.Series([last]), every)[0]
    sizes = counts[counts.age == 0].set_index("cohort").active
    rows = [(cohort, age) for cohort in sorted(sizes.index) for age in range(now - cohort + 1)]
    cells = pd.DataFrame(rows, columns=["cohort", "age"]).astype("int64")
    cells = cells.merge(counts, on=["cohort", "age"], how="left").fillna(0).astype(counts.dtypes)
    cells.insert(2, "customers", cells.cohort.map(sizes).astype("int64"))
    after = first_day_of(cells.cohort + cells.age + 1, every)
    begins = first_day_of(cells.cohort, every)
    return cells.assign(cohort=begins, complete=after <= last + pd.Timedelta(days=1))
