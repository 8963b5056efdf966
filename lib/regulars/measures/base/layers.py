"""Layers: which cohorts the spend of each month comes from."""

from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.base.cohorts import first_periods
from regulars.measures.calendar_units import month_range, months_over
from regulars.measures.engine import fetch

__all__ = ["NEVER", "band_layers", "band_names", "spend_layers"]

MOST_BANDS = 4
# strftime("%b") follows the machine's language.
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NEVER = "Never bought"
"""The layer of whoever only returned things."""


def spend_layers(purchases: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Split the spend of each month by the month of the customers' first purchase.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per month and cohort with a line in it, ordered: month, cohort (month of the first
        purchase; missing for whoever never bought anything and only returned things), customers
        (with a line in the month), spend (exact ``decimal.Decimal``; net money of all their lines
        in the month, also of returns made before the first purchase). All cohorts of a month
        together are its spend in `purchases.monthly_activity`, to the cent.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-09", 30),
    ...                           ("bob", "1997-02-07", 20)])
    >>> layers = spend_layers(purchases, as_of="1997-03-31")
    >>> layers.customers.tolist(), [float(money) for money in layers.spend]
    ([1, 1, 1], [10.0, 30.0, 20.0])
    """
    sums = first_periods(purchases, as_of=as_of)
    grouped = sums.group_by(["period", "cohort"]).agg(
        customers=sums.count(), spend=sums.spend.sum().cast("decimal(38, 4)")
    )
    found = fetch(grouped.order_by(["period", ibis.asc("cohort", nulls_first=False)]))
    months = {"month": _month(found.period), "cohort": _month(found.cohort)}
    return pd.DataFrame({**months, "customers": found.customers, "spend": found.spend})


def band_layers(layers: pd.DataFrame, *, as_of: str | date) -> pd.DataFrame:
    """Pool the cohorts to at most four bands, of months, quarters or years, and complete months.

    Parameters
    ----------
    layers : pandas.DataFrame
        From `spend_layers`.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per band and calendar month from the first line to `as_of`, ordered by band (the
        oldest first), then month: band (such as ``1997``, ``Q1 1997`` or ``Jan 1997``; where
        there are more than four years, the oldest are pooled; last `NEVER`, if it has a line),
        since (month of its first cohort; missing for `NEVER`), month, customers (with a line in
        the month), spend (``decimal.Decimal``), complete (False if `as_of` comes before the
        month's last day).

    Examples
    --------
    >>> layers = pd.DataFrame({"month": pd.to_datetime(["1997-01-01", "1997-03-01"]),
    ...     "cohort": pd.to_datetime(["1997-01-01"] * 2), "customers": [5, 2],
    ...     "spend": [Decimal(50), Decimal(20)]})
    >>> bands = band_layers(layers, as_of="1997-03-31")
    >>> bands.band.tolist(), [float(money) for money in bands.spend]
    (['Jan 1997', 'Jan 1997', 'Jan 1997'], [50.0, 0.0, 20.0])
    """
    if layers.empty:
        return pd.DataFrame(columns=["band", "since", "month", "customers", "spend", "complete"])
    names = band_names(layers.cohort)
    named = layers.assign(band=[names.get(one, NEVER) for one in layers.cohort])
    sums = named.groupby(["band", "month"]).agg(
        customers=("customers", "sum"), spend=("spend", lambda money: sum(money, Decimal(0)))
    )
    order = [*dict.fromkeys(names[cohort] for cohort in sorted(names)), NEVER]
    order = [band for band in order if band in set(named.band)]
    months = month_range(layers.month.min(), as_of)
    every = pd.MultiIndex.from_product([order, months], names=["band", "month"])
    bands = sums.reindex(every).reset_index()
    bands["spend"] = [Decimal(0) if pd.isna(money) else money for money in bands.spend]
    bands["customers"] = bands.customers.fillna(0).astype("int64")
    bands.insert(1, "since", bands.band.map(named.groupby("band").cohort.min()))
    return bands.assign(complete=months_over(bands.month, as_of))


def band_names(cohorts: pd.Series) -> dict[pd.Timestamp, str]:
    """Name the band of each cohort: the finest of months, quarters and years that gives few.

    Parameters
    ----------
    cohorts : Series of datetime
        First days of months or quarters; missing ones have no band.

    Examples
    --------
    >>> months = pd.Series(pd.date_range("1997-01-01", periods=6, freq="MS"))
    >>> list(dict.fromkeys(band_names(months).values()))
    ['Q1 1997', 'Q2 1997']
    """
    known = sorted(cohorts.dropna().unique())
    for write in (_month_name, _quarter_name, _year_name):
        names = {cohort: write(pd.Timestamp(cohort)) for cohort in known}
        if len(set(names.values())) <= MOST_BANDS:
            return names
    newest = sorted({pd.Timestamp(cohort).year for cohort in known})[1 - MOST_BANDS :]
    pooled = f"until {newest[0] - 1}"
    return {one: name if int(name) in newest else pooled for one, name in names.items()}


def _month(number: pd.Series) -> pd.Series:
    """Turn months since the year 0 into days; missing stays missing."""
    whole = number.astype("Int64")
    text = (whole // 12).astype("string") + "-" + (whole % 12 + 1).astype("string") + "-01"
    return pd.to_datetime(text, format="%Y-%m-%d")


def _month_name(cohort: pd.Timestamp) -> str:
    return f"{MONTH_NAMES[cohort.month - 1]} {cohort.year}"


def _quarter_name(cohort: pd.Timestamp) -> str:
    return f"Q{cohort.quarter} {cohort.year}"


def _year_name(cohort: pd.Timestamp) -> str:
    return str(cohort.year)
