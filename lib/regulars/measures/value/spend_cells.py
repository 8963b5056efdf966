"""Spend cells: how many customers share a number of paid days and, nearly, their mean.

The Gamma-Gamma model needs of a customer how many days there were and their mean. Means are put
into steps of a hundredth on the logarithmic scale in the engine, and each step keeps the mean
logarithm of those in it, so that a fit stops growing with the customers.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.money import MONEY

__all__ = ["METHODS", "own_cells", "own_money", "spend_cells"]

METHODS = ("gamma_gamma", "credibility", "base_mean")
STEPS = 100  # for each factor of e
OWN = ["repeat_days", "recency_age", "age", "days"]


def spend_cells(customers: ir.Table) -> pd.DataFrame:
    """Count the customers by their paid repeat days and the mean money of these.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `customer_days.customer_days`.

    Returns
    -------
    pandas.DataFrame
        One row per cell that occurs, ordered: days (purchase days after the first with money above
        zero, at least 1), log_mean (mean logarithm of the customers' means), mean (mean of their
        means), customers.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.value.customer_days import customer_days
    >>> purchases = purchases_of([("ann", "1997-01-05", 9), ("ann", "1997-02-01", 10),
    ...                           ("ann", "1997-03-01", 30), ("bob", "1997-01-09", 7)])
    >>> spend_cells(customer_days(purchases, as_of="1997-12-31")).round(3)
       days  log_mean  mean  customers
    0     2     2.996  20.0          1
    """
    own = own_money(customers, method="gamma_gamma")
    own = own.filter(own["days"] > 0)
    own = own.mutate(mean=own.money.cast("float64") / own["days"])
    own = own.mutate(step=(own["mean"].ln() * STEPS).floor())
    cells = own.group_by(["days", "step"]).agg(
        log_mean=own["mean"].ln().mean(), mean=own["mean"].mean(), customers=own.count()
    )
    return fetch(cells.order_by(["days", "step"])).drop(columns="step")


def own_money(customers: ir.Table, *, method: str) -> ir.Table:
    """Sum up the money of each customer's own days that a method looks at; runs in the engine.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `customer_days.customer_days`.
    method : {"gamma_gamma", "credibility", "base_mean"}
        Gamma-Gamma looks at purchase days after the first with money above zero, the others at
        all purchase days.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer: customer_id, repeat_days,
        recency_age, age (days), days (so many own days, may be 0), money (on them).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.value.customer_days import customer_days
    >>> purchases = purchases_of([("ann", "1997-01-05", 9), ("ann", "1997-02-01", 11),
    ...                           ("ann", "1997-03-01", 0)])
    >>> customers = customer_days(purchases, as_of="1997-12-31")
    >>> fetch(own_money(customers, method="gamma_gamma"))[["days", "money"]]
       days    money
    0     1  11.0000
    """
    if method not in METHODS:
        raise ValueError(f"Expected a method of {', '.join(METHODS)}, found {method!r}.")
    if method != "gamma_gamma":
        return customers.select("customer_id", *OWN, money="day_money")
    first = ibis.greatest(customers.first_money, 0)
    return customers.select(
        "customer_id",
        *OWN[:3],
        days=customers.paid_days - (first > 0).cast("int64"),
        money=(customers.paid_money - first).cast(MONEY),
    )


def own_cells(own: ir.Table, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count the customers who share a history and a number of own days, and sum up their money.

    Parameters
    ----------
    own : ibis.expr.types.Table
        From `own_money`.
    by : sequence of str
        Columns of groups, such as a segment, to be told apart as well.

    Returns
    -------
    pandas.DataFrame
        One row per cell that occurs, ordered: repeat_days, recency_age, age, days, customers,
        money, squares (sums of the customers' money and of its squares).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.value.customer_days import customer_days
    >>> purchases = purchases_of([("ann", "1997-01-05", 9), ("bob", "1997-01-05", 11)])
    >>> customers = customer_days(purchases, as_of="1997-01-31")
    >>> own_cells(own_money(customers, method="credibility"))
       repeat_days  recency_age  age  days  customers  money  squares
    0            0            0   26     1          2   20.0    202.0
    """
    keys = [*OWN, *by]
    cells = own.group_by(keys).agg(
        customers=own.count(),
        money=own.money.sum().cast("float64"),
        squares=(own.money.cast("float64") ** 2).sum(),
    )
    return fetch(cells.order_by(keys))
