"""Cells: how many customers share a purchase history, which is all that purchase models need."""

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.suppression import hidden

__all__ = ["CELL", "MOST_REPEATS", "count_cells", "hidden_histories", "typical_histories"]

CELL = ["repeat_days", "recency_age", "age"]
MOST_REPEATS = 7  # from here on, customers are counted together


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


def hidden_histories(cells: pd.DataFrame) -> pd.Series:
    """Tell which groups of customers with equally many repeat days are too small to be shown.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `count_cells`, or with the same columns from `holdout.holdout_cells`.

    Returns
    -------
    pandas.Series
        True where a group is to be hidden; the index is repeat_days, 7 standing for 7 and more.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 1, 2], "recency_age": [0, 9, 9],
    ...                       "age": [30, 40, 40], "customers": [400, 20, 2]})
    >>> hidden_histories(cells).to_dict()
    {0: False, 1: True, 2: True}
    """
    groups = cells.groupby(np.minimum(cells.repeat_days, MOST_REPEATS)).customers.sum()
    return hidden(groups)


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
        One row for each number of repeat_days below 7 whose customers are not hidden (see
        `hidden_histories`): repeat_days, recency_age and age (days, the lower median of each by
        itself), customers (with so many).

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 0, 1], "recency_age": [0, 0, 9],
    ...                       "age": [30, 40, 40], "customers": [4, 8, 12]})
    >>> typical_histories(cells)
       repeat_days  recency_age  age  customers
    0            0            0   40         12
    1            1            9   40         12
    """
    away = hidden_histories(cells)
    rows = [
        {
            "repeat_days": repeat_days,
            "recency_age": _lower_median(group.recency_age, group.customers),
            "age": _lower_median(group.age, group.customers),
            "customers": int(group.customers.sum()),
        }
        for repeat_days, group in cells.groupby("repeat_days")
        if repeat_days < MOST_REPEATS and not away[repeat_days]
    ]
    return pd.DataFrame(rows[:most], columns=[*CELL, "customers"])


def _lower_median(values: pd.Series, weights: pd.Series) -> int:
    order = np.argsort(values.to_numpy(), kind="stable")
    below = weights.to_numpy()[order].cumsum()
    return int(values.to_numpy()[order][np.searchsorted(below, below[-1] / 2)])
