"""Cells: how many customers share a purchase history, which is all that purchase models need."""

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch

__all__ = ["CELL", "count_cells", "typical_histories"]

CELL = ["repeat_days", "recency_age", "age"]
FEWEST_SHOWN = 10


def count_cells(customers: ir.Table) -> pd.DataFrame:
    """Count the customers who share repeat_days, recency_age and age; runs in the engine.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`.

    Returns
    -------
    pandas.DataFrame
        One row per cell that occurs, ordered: repeat_days, recency_age, age (days), customers.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"repeat_days": [0, 1, 0], "recency_age": [0, 5, 0],
    ...                                    "age": [9, 9, 9]}))
    >>> count_cells(customers)
       repeat_days  recency_age  age  customers
    0            0            0    9          2
    1            1            5    9          1
    """
    cells = customers.group_by(CELL).agg(customers=customers.count())
    return fetch(cells.order_by(CELL))


def typical_histories(cells: pd.DataFrame, *, most: int = 6) -> pd.DataFrame:
    """Return the history in the middle of all customers with equally many repeat days.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `count_cells`.
    most : int
        How many rows at the most, from no repeat day upwards.

    Returns
    -------
    pandas.DataFrame
        One row for each number of repeat_days that at least ten customers have: repeat_days,
        recency_age and age (days, the lower median of each by itself), customers (with so many).

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 0, 1], "recency_age": [0, 0, 9],
    ...                       "age": [30, 40, 40], "customers": [4, 8, 2]})
    >>> typical_histories(cells)
       repeat_days  recency_age  age  customers
    0            0            0   40         12
    """
    rows = [
        {
            "repeat_days": repeat_days,
            "recency_age": _lower_median(group.recency_age, group.customers),
            "age": _lower_median(group.age, group.customers),
            "customers": int(group.customers.sum()),
        }
        for repeat_days, group in cells.groupby("repeat_days")
        if group.customers.sum() >= FEWEST_SHOWN
    ]
    return pd.DataFrame(rows[:most], columns=[*CELL, "customers"])


def _lower_median(values: pd.Series, weights: pd.Series) -> int:
    order = np.argsort(values.to_numpy(), kind="stable")
    below = weights.to_numpy()[order].cumsum()
    return int(values.to_numpy()[order][np.searchsorted(below, below[-1] / 2)])
