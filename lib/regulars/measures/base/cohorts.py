"""Cohorts: what the customers of one month or quarter bring, by how long they have been there."""

from dataclasses import replace
from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.behaviour.cohort_money import cohort_values
from regulars.measures.behaviour.equal_ages import equal_ages
from regulars.measures.calendar_units import period_of
from regulars.measures.engine import fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.observed_cohorts import begins_early, observed_cells
from regulars.measures.purchases import known_lines, with_order_key

__all__ = ["Unit", "cohort_cells", "cohort_unit", "first_periods", "largest_cohort", "spend_by_age"]

Unit = Literal["month", "quarter"]

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
        the cell, returns included), complete (False if `as_of` comes before the cell's last day),
        early (True if the cohort begins in the first 90 days of the records, see
        `retention.cohort_retention`). Cells after `as_of` have no row; in a silent cell active,
        orders and spend are 0.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-01-07", 20),
    ...                           ("ann", "1997-03-09", 30)])
    >>> cells = cohort_cells(purchases, as_of="1997-03-31")
    >>> cells[["age", "customers", "active", "spend"]].to_numpy().tolist()
    [[0.0, 2.0, 2.0, 30.0], [1.0, 2.0, 0.0, 0.0], [2.0, 2.0, 1.0, 30.0]]
    """
    sums = first_periods(purchases, as_of=as_of, unit=unit)
    sums = sums.filter(sums.period >= sums.cohort).mutate(age=sums.period - sums.cohort)
    counts = fetch(
        sums.group_by(["cohort", "age"]).agg(
            active=(sums.sales > 0).sum(),
            orders=sums.orders.sum().cast("int64"),
            spend=sums.spend.sum().cast("float64"),
        )
    )
    cells = observed_cells(counts, as_of=as_of, every=unit)
    return cells.assign(early=begins_early(cells.cohort, purchases, as_of=as_of))


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
    lines = lines.mutate(period=period_of(lines.day, unit))
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
        of that age), low, high (95 %, bootstrap over customers; missing where all spent the same),
        compared (False for cohorts that begin in the first 90 days of the records: they hold
        customers of long standing, who only look new; the age is chosen by the others, if there
        are any).

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
    ages = equal_ages(cells, every=unit)
    reached = cells[(cells.age == ages.age) & cells.complete]
    # Those that retention shows too are drawn alone there: so both pages have the same intervals.
    too = reached.cohort.isin(ages.cohorts) & reached.customers.notna()
    parts = [pd.DatetimeIndex(reached.cohort[rows]) for rows in (~too, too)]
    found = [
        cohort_values(purchases, ages=replace(ages, cohorts=part), as_of=as_of, every=unit)
        for part in parts
        if len(part)
    ] or [cohort_values(purchases, ages=ages, as_of=as_of, every=unit)]
    values = pd.concat(found).sort_values("cohort", ignore_index=True)
    known = reached.reset_index(drop=True)
    return values.assign(customers=known.customers, compared=~known.early)
