"""Retention: how many of a month's new customers buy in each month after."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.purchases import known_lines

__all__ = ["cohort_retention", "mean_retention", "retention_matrix"]


def cohort_retention(purchases: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Follow each month's new customers through the calendar months after.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, kind.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per observed cell, ordered: cohort (first of the month of the first purchase day),
        age (k, calendar months after), customers (size of the cohort), active (with a purchase
        day in that month; 0 in a silent one), rate (active / customers), low, high (Wilson 95 %;
        at age 0, where all are active by definition, both 1), complete (False if `as_of` comes
        before that month's last day). Months after `as_of` have no row.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-01-07", 20),
    ...                           ("ann", "1997-03-09", 30)])
    >>> retention = cohort_retention(purchases, as_of="1997-03-15")
    >>> retention[["cohort", "age", "customers", "active", "rate", "complete"]]
          cohort  age  customers  active  rate  complete
    0 1997-01-01    0          2       2   1.0      True
    1 1997-01-01    1          2       0   0.0      True
    2 1997-01-01    2          2       1   0.5     False
    """
    last = pd.Timestamp(as_date(as_of))
    counts = fetch(_active_by_cell(purchases, as_of=as_of))
    sizes = counts[counts.age == 0].set_index("cohort").active
    cells = _observed_cells(sizes.index, last=last).merge(counts, on=["cohort", "age"], how="left")
    cells["active"] = cells.active.fillna(0).astype("int64")
    cells.insert(2, "customers", cells.cohort.map(sizes).astype("int64"))
    years, months = np.divmod(cells.cohort + cells.age, 12)
    ends = pd.to_datetime({"year": years, "month": months + 1, "day": 1}) + pd.offsets.MonthEnd(0)
    rated = _rate(cells.assign(cohort=_month_of(cells.cohort)))
    return rated.assign(complete=ends <= last)


def mean_retention(retention: pd.DataFrame) -> pd.DataFrame:
    """Pool the cohorts at each age, over the cells whose month is complete.

    Every customer weighs the same, so it is the mean of the cohorts' rates weighted by their
    sizes. Which cohorts stand behind an age changes from age to age, so a rise along the row need
    not mean that anybody came back.

    Parameters
    ----------
    retention : pandas.DataFrame
        From `cohort_retention`.

    Returns
    -------
    pandas.DataFrame
        One row per age with a complete cell: age, cohorts (how many), customers (their sizes
        together), active, rate, low, high (Wilson 95 %; at age 0 both 1).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-02-07", 20),
    ...                           ("ann", "1997-02-09", 30)])
    >>> retention = cohort_retention(purchases, as_of="1997-03-31")
    >>> mean_retention(retention)[["age", "cohorts", "customers", "active", "rate"]]
       age  cohorts  customers  active  rate
    0    0        2          2       2   1.0
    1    1        2          2       1   0.5
    2    2        1          1       0   0.0
    """
    ages = retention[retention.complete].groupby("age")
    pooled = ages.agg(
        cohorts=("cohort", "size"), customers=("customers", "sum"), active=("active", "sum")
    )
    return _rate(pooled.reset_index())


def retention_matrix(retention: pd.DataFrame, *, values: str = "active") -> pd.DataFrame:
    """Lay the cells out with a row per cohort and a column per age; unobserved is missing.

    Parameters
    ----------
    retention : pandas.DataFrame
        From `cohort_retention`.
    values : str
        The column to lay out, such as ``active`` or ``rate``.

    Returns
    -------
    pandas.DataFrame
        Index cohort, columns age; counts are Int64, so that missing is not zero.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-02-07", 20)])
    >>> retention_matrix(cohort_retention(purchases, as_of="1997-02-28")).to_numpy()
    array([[1, 0],
           [1, <NA>]], dtype=object)
    """
    cells = retention.astype({"active": "Int64", "customers": "Int64"})
    return cells.pivot_table(index="cohort", columns="age", values=values, aggfunc="first")


def _active_by_cell(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Count the active customers by cohort (months since year 0) and age (months)."""
    lines = known_lines(purchases, as_of=as_of)
    sales = lines.filter(lines.kind == "sale")
    # Months as whole numbers: their difference is exact on every engine and in every time zone.
    month = (sales.day.year() * 12 + sales.day.month() - 1).cast("int64")
    months = sales.select("customer_id", month=month).distinct()
    cohort = months.month.min().over(ibis.window(group_by="customer_id"))
    cells = months.select(cohort=cohort, age=months.month - cohort)
    return cells.group_by(["cohort", "age"]).agg(active=cells.count())


def _observed_cells(cohorts: pd.Index, *, last: pd.Timestamp) -> pd.DataFrame:
    now = last.year * 12 + last.month - 1
    cells = [(cohort, age) for cohort in sorted(cohorts) for age in range(now - cohort + 1)]
    return pd.DataFrame(cells, columns=["cohort", "age"]).astype("int64")


def _month_of(number: pd.Series) -> pd.Series:
    return pd.to_datetime({"year": number // 12, "month": number % 12 + 1, "day": 1})


def _rate(cells: pd.DataFrame) -> pd.DataFrame:
    low, high = wilson_bounds(cells.active.to_numpy(), cells.customers.to_numpy())
    by_definition = (cells.age == 0).to_numpy()
    return cells.assign(
        rate=cells.active / cells.customers,
        low=np.where(by_definition, 1.0, low),
        high=np.where(by_definition, 1.0, high),
    )
