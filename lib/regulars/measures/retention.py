"""Retention: how many of the new customers of a week, month or quarter buy in each one after."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.calendar_units import Every, period_of
from regulars.measures.engine import fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.observed_cohorts import begins_early, observed_cells
from regulars.measures.purchases import known_lines

__all__ = [
    "aged_spend",
    "cohort_retention",
    "grouped_retention",
    "mean_retention",
    "rated",
]


def cohort_retention(
    purchases: ir.Table, *, as_of: str | date, every: Every = "month"
) -> pd.DataFrame:
    """Follow the new customers of each week, month or quarter through those that come after.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week`` (from Monday), ``month`` or ``quarter``, of the calendar.

    Returns
    -------
    pandas.DataFrame
        One row per observed cell, ordered: cohort (first day of the week, month or quarter of the
        first purchase day), age (k, how many of them after), customers (size of the cohort),
        active (with a purchase day in that one; 0 in a silent one), rate (active / customers),
        low, high (Wilson 95 %; at age 0, where all are active by definition, both 1), complete
        (False if `as_of` comes before its last day), early (True if the cohort begins in the first
        90 days of the records: it may hold customers from before them, who only look new). What
        comes after `as_of` has no row.

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
    active = _active(purchases, as_of=as_of, every=every)
    counts = fetch(active.group_by(["cohort", "age"]).agg(active=active.count()))
    cells = rated(observed_cells(counts, as_of=as_of, every=every))
    return cells.assign(early=begins_early(cells.cohort, purchases, as_of=as_of))


def grouped_retention(
    purchases: ir.Table, groups: ir.Table, *, as_of: str | date, every: Every = "month"
) -> pd.DataFrame:
    """Follow the cohorts of each group of customers.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind.
    groups : ibis.expr.types.Table
        customer_id (once each), group (text), known at the first purchase, such as its channel.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week``, ``month`` or ``quarter``.

    Returns
    -------
    pandas.DataFrame
        One row per group and observed cell of a cohort with customers of the group, ordered:
        group (empty for customers without one), cohort, age, customers, active, complete.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-01-07", 20),
    ...                           ("ann", "1997-02-09", 30)])
    >>> channels = table_of(pd.DataFrame({"customer_id": ["ann"], "group": ["web"]}))
    >>> cells = grouped_retention(purchases, channels, as_of="1997-02-28")
    >>> cells[["group", "age", "customers", "active"]].to_numpy().tolist()
    [['', 0, 1, 1], ['', 1, 1, 0], ['web', 0, 1, 1], ['web', 1, 1, 1]]
    """
    active = _active(purchases, as_of=as_of, every=every)
    named = active.left_join(groups.select("customer_id", "group"), "customer_id")
    named = named.select("cohort", "age", group=ibis.coalesce(named.group, ""))
    counts = fetch(named.group_by(["group", "cohort", "age"]).agg(active=named.count()))
    cells = [
        observed_cells(of_group.drop(columns="group"), as_of=as_of, every=every).assign(group=group)
        for group, of_group in counts.groupby("group")
    ]
    columns = ["group", "cohort", "age", "customers", "active", "complete"]
    return pd.concat(cells or [pd.DataFrame(columns=columns)], ignore_index=True)[columns]


def mean_retention(retention: pd.DataFrame) -> pd.DataFrame:
    """Pool the cohorts at each age, over the cells whose week, month or quarter is complete.

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
    return rated(pooled.reset_index())


def rated(cells: pd.DataFrame) -> pd.DataFrame:
    """Add the rate and its Wilson interval to counts by age; at age 0 it is 1 by definition.

    Examples
    --------
    >>> rated(pd.DataFrame({"age": [0, 1], "customers": [8, 8], "active": [8, 2]})).rate.tolist()
    [1.0, 0.25]
    """
    low, high = wilson_bounds(cells.active.to_numpy(), cells.customers.to_numpy())
    by_definition = (cells.age == 0).to_numpy()
    return cells.assign(
        rate=cells.active / cells.customers,
        low=np.where(by_definition, 1.0, low),
        high=np.where(by_definition, 1.0, high),
    )


def aged_spend(purchases: ir.Table, *, as_of: str | date, every: Every = "month") -> ir.Table:
    """Sum up each customer's lines by the age of the cohort; those before the first purchase not.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week``, ``month`` or ``quarter``.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and age with a line: customer_id, cohort and age (whole numbers, see
        `calendar_units`), bought (whether there is a sale), spend (decimal; net of returns).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-03-09", 30)])
    >>> fetch(aged_spend(purchases, as_of="1997-12-31").order_by("age")).age.tolist()
    [0, 2]
    """
    lines = known_lines(purchases, as_of=as_of)
    dated = lines.select("customer_id", "kind", "amount", period=period_of(lines.day, every))
    is_sale = dated.kind == "sale"
    sums = dated.group_by(["customer_id", "period"]).agg(
        bought=is_sale.any(), spend=dated.amount.sum()
    )
    begun = ibis.ifelse(sums.bought, sums.period, ibis.null("int64"))
    sums = sums.mutate(cohort=begun.min().over(ibis.window(group_by="customer_id")))
    sums = sums.filter(sums.period >= sums.cohort)
    return sums.select("customer_id", "cohort", "bought", "spend", age=sums.period - sums.cohort)


def _active(purchases: ir.Table, *, as_of: str | date, every: Every) -> ir.Table:
    """Return a row per customer and age with a purchase day: customer_id, cohort, age."""
    spent = aged_spend(purchases, as_of=as_of, every=every)
    return spent.filter(spent.bought).select("customer_id", "cohort", "age")
