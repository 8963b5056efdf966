"""Cohorts: what the customers of one month or quarter bring, by how long they have been there."""

from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.bootstrap import bootstrap, random_groups
from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.purchases import known_lines, with_order_key

__all__ = ["Unit", "cohort_cells", "cohort_unit", "first_periods", "largest_cohort", "spend_by_age"]

Unit = Literal["month", "quarter"]

MONTHS = {"month": 1, "quarter": 3}
AT_FIRST = 90  # days from the beginning of the records; who bought before them looks new in these
ENOUGH = 50  # customers in the middle one of the monthly cohorts; below, quarters are clearer


def cohort_unit(activity: pd.DataFrame) -> Unit:
    """Choose months, or quarters where the middle one of the monthly cohorts is below 50.

    Parameters
    ----------
    activity : pandas.DataFrame
        From `purchases.monthly_activity`: new, complete.

    Examples
    --------
    >>> cohort_unit(pd.DataFrame({"new": [90, 30, 12], "complete": True}))
    'quarter'
    """
    sizes = activity.loc[activity.complete & (activity.new > 0), "new"]
    return "month" if len(sizes) and sizes.median() >= ENOUGH else "quarter"


def cohort_cells(purchases: ir.Table, *, as_of: str | date, unit: Unit = "month") -> pd.DataFrame:
    """Follow the customers of each month or quarter through all that came after.

    The age of a cohort is counted on the calendar, so a month in which nobody bought shifts
    nothing.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    unit : str
        ``month`` or ``quarter``.

    Returns
    -------
    pandas.DataFrame
        One row per observed cell, ordered: cohort (first day of the month or quarter of the first
        purchase day), age (months or quarters after it), customers (size of the cohort), active
        (with a purchase day in the cell), orders, spend (net money of all the cohort's lines in
        the cell, returns included), complete (False if `as_of` comes before the cell's last day).
        Cells after `as_of` have no row; in a silent cell active, orders and spend are 0.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-01-07", 20),
    ...                           ("ann", "1997-03-09", 30)])
    >>> cells = cohort_cells(purchases, as_of="1997-03-31")
    >>> cells[["age", "customers", "active", "spend"]].to_numpy().tolist()
    [[0.0, 2.0, 2.0, 30.0], [1.0, 2.0, 0.0, 0.0], [2.0, 2.0, 1.0, 30.0]]
    """
    last = pd.Timestamp(as_date(as_of))
    sums = first_periods(purchases, as_of=as_of, unit=unit)
    sums = sums.filter(sums.period >= sums.cohort)
    found = fetch(
        sums.group_by(["cohort", "period"]).agg(
            active=(sums.sales > 0).sum(),
            orders=sums.orders.sum(),
            spend=sums.spend.sum().cast("float64"),
        )
    )
    found["age"] = found.period - found.cohort
    cells = _observed(found.cohort, now=(last.year * 12 + last.month - 1) // MONTHS[unit])
    cells = cells.merge(found.drop(columns="period"), on=["cohort", "age"], how="left").fillna(0)
    sizes = found[found.age == 0].set_index("cohort").active
    cells.insert(2, "customers", cells.cohort.map(sizes))
    complete = _first_day(cells.cohort + cells.age + 1, unit) <= last + pd.Timedelta(days=1)
    whole = dict.fromkeys(["age", "customers", "active", "orders"], "int64")
    cells = cells.astype(whole).assign(complete=complete)
    return cells.assign(cohort=_first_day(cells.cohort, unit))


def first_periods(purchases: ir.Table, *, as_of: str | date, unit: Unit = "month") -> ir.Table:
    """Sum up each customer's lines by month or quarter, beside the one of the first purchase.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    unit : str
        ``month`` or ``quarter``.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and month or quarter with a line: customer_id, period (how many of
        the unit since the year 0), sales (lines that are sales), orders, spend (decimal; net money
        of all lines), cohort (the period of the first purchase day; missing for whoever never
        bought).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-03-09", 30)])
    >>> found = fetch(first_periods(purchases, as_of="1997-12-31").order_by("period"))
    >>> (found.period - found.cohort).tolist()
    [0, 2]
    """
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    # Whole numbers: their difference is exact on every engine and in every time zone.
    month = lines.day.year() * 12 + lines.day.month() - 1
    lines = lines.mutate(period=(month // MONTHS[unit]).cast("int64"))
    sums = lines.group_by(["customer_id", "period"]).agg(
        sales=lines.is_sale.sum(),
        orders=lines.order_key.nunique(where=lines.is_sale),
        spend=lines.amount.sum(),
    )
    bought = ibis.ifelse(sums.sales > 0, sums.period, ibis.null("int64"))
    return sums.mutate(cohort=bought.min().over(ibis.window(group_by="customer_id")))


def largest_cohort(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of the largest cohort whose own month or quarter is over.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cohort_cells`.

    Returns
    -------
    pandas.DataFrame
        Its rows, with active_share (active / customers), low, high (Wilson 95 %; at age 0, where
        all are active by definition, both 1), orders_per_active, value_per_order (both missing
        where nobody was active) and spend_per_customer, which is the product of the three. Of two
        equally large cohorts the older; no rows where no cohort is full. Hidden cells stay so.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-01-07", 20),
    ...                           ("ann", "1997-03-09", 30)])
    >>> cells = largest_cohort(cohort_cells(purchases, as_of="1997-03-31"))
    >>> cells.active_share.tolist(), cells.spend_per_customer.tolist()
    ([1.0, 0.0, 0.5], [15.0, 0.0, 15.0])
    """
    full = cells[(cells.age == 0) & cells.complete].sort_values(
        ["customers", "cohort"], ascending=[False, True]
    )
    one = cells[cells.cohort.isin(full.cohort.head(1))].sort_values("age", ignore_index=True)
    active, orders, spend, size = (
        one[name].astype("float64") for name in ("active", "orders", "spend", "customers")
    )
    low, high = wilson_bounds(active.to_numpy(), size.to_numpy())
    return one.assign(
        active_share=active / size,
        low=np.where(one.age == 0, 1.0, low),
        high=np.where(one.age == 0, 1.0, high),
        orders_per_active=orders / active.where(active > 0),
        value_per_order=spend / orders.where(orders > 0),
        spend_per_customer=spend / size,
    )


def spend_by_age(
    purchases: ir.Table, cells: pd.DataFrame, *, as_of: str | date, unit: Unit = "month"
) -> pd.DataFrame:
    """Compare the cohorts at the age where the most months of the most cohorts can be compared.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    cells : pandas.DataFrame
        From `cohort_cells`, for the same `as_of` and `unit`.
    as_of : str or datetime.date
        Last day known, inclusive.
    unit : str
        ``month`` or ``quarter``.

    Returns
    -------
    pandas.DataFrame
        One row per cohort that has reached that age in full, ordered: cohort, age (the same for
        all: where the number of cohorts times that of months or quarters is greatest), customers,
        spend_to_age (money per customer of the cohort from its first month or quarter to the end
        of that age), low, high (95 %, bootstrap over customers), compared (False for cohorts that
        begin in the first 90 days of the records: they hold customers of long standing, who only
        look new; the age is chosen by the others, if there are any).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-09", 30),
    ...                           ("bob", "1997-02-07", 20)])
    >>> cells = cohort_cells(purchases, as_of="1997-03-31")
    >>> spend_by_age(purchases, cells, as_of="1997-03-31")[["age", "customers", "spend_to_age"]]
       age  customers  spend_to_age
    0    1          1          40.0
    1    1          1          20.0
    """
    late = cells[_begins_late(purchases, cells)]
    age = _common_age(late if late.complete.any() else cells)
    reached = cells[(cells.age == age) & cells.complete]
    sums = first_periods(purchases, as_of=as_of, unit=unit)
    within = sums.filter((sums.period >= sums.cohort) & (sums.period <= sums.cohort + max(age, 0)))
    wanted = {}
    for cohort in reached.cohort:
        here = within.cohort == (cohort.year * 12 + cohort.month - 1) // MONTHS[unit]
        wanted[f"n {cohort:%Y-%m}"] = (here & (within.period == within.cohort)).sum()
        wanted[f"spend {cohort:%Y-%m}"] = within.spend.sum(where=here)
    if not wanted:
        names = ["cohort", "age", "customers", "spend_to_age", "low", "high", "compared"]
        return pd.DataFrame(columns=names)
    means = bootstrap(random_groups(within, wanted), _mean_by_cohort)
    found = reached[["cohort", "age", "customers"]].reset_index(drop=True)
    means = means.rename(columns={"value": "spend_to_age"}).reset_index(drop=True)
    return pd.concat([found, means], axis=1).assign(compared=_begins_late(purchases, found))


def _observed(cohorts: pd.Series, *, now: int) -> pd.DataFrame:
    rows = [(first, age) for first in sorted(cohorts.unique()) for age in range(now - first + 1)]
    return pd.DataFrame(rows, columns=["cohort", "age"]).astype("int64")


def _first_day(number: pd.Series, unit: Unit) -> pd.Series:
    month = number * MONTHS[unit]
    return pd.to_datetime({"year": month // 12, "month": month % 12 + 1, "day": 1})


def _begins_late(purchases: ir.Table, cells: pd.DataFrame) -> pd.Series:
    """Tell which cohorts begin so long after the records that their customers are new."""
    first = pd.Timestamp(purchases.day.min().to_pyarrow().as_py())
    return pd.to_datetime(cells.cohort) >= first + pd.Timedelta(days=AT_FIRST)


def _common_age(cells: pd.DataFrame) -> int:
    """Return the age where cohorts × months compared is greatest, of two the younger; or -1."""
    reached = cells[cells.complete].groupby("age").cohort.count()
    return int(((reached.index + 1) * reached).idxmax()) if len(reached) else -1


def _mean_by_cohort(sums: pd.DataFrame) -> pd.DataFrame:
    names = [name.removeprefix("n ") for name in sums if name.startswith("n ")]
    return pd.DataFrame({name: sums[f"spend {name}"] / sums[f"n {name}"] for name in names})
