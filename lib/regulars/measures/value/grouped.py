"""Grouped cells: histories put together that are nearly alike, for what is worked out many times.

An interval takes hundreds of sets of parameters, and each set takes every cell. What sets differ in
is the same for histories near to each other: some hundreds stand for all.
"""

import numpy as np
import pandas as pd

from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.value.discounting import discounted_purchases

__all__ = ["HISTORY", "discounted_by_history", "group_histories"]

EXACT = 4  # so many repeat days are told apart one by one, more by their size
MANY = 20_000  # histories
HISTORY = ["repeat_days", "recency_age", "age"]
STEPS = 8  # of recency age by age, and of age


def group_histories(cells: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Put cells of like histories together.

    Parameters
    ----------
    cells : pandas.DataFrame
        repeat_days, recency_age, age (days), customers.

    Returns
    -------
    numpy.ndarray
        For each cell, the row of the second frame it belongs to.
    pandas.DataFrame
        One row per group: repeat_days, recency_age, age (means over the customers in it).

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 0, 9], "recency_age": [0, 0, 90],
    ...                       "age": [100, 101, 100], "customers": [5, 5, 5]})
    >>> group_histories(cells)[1]
       repeat_days  recency_age    age
    0          0.0          0.0  100.5
    1          9.0         90.0  100.0
    """
    weight = cells.customers.to_numpy(float)
    x, recency, age = (cells[one].to_numpy(float) for one in ("repeat_days", "recency_age", "age"))
    size = np.where(x <= EXACT, x, EXACT + np.floor(4 * np.log(np.maximum(x, 1) / EXACT)) + 1)
    share = np.divide(recency, age, out=np.zeros(len(cells)), where=age > 0)
    # The last part of life is cut finer: there P(alive) moves most.
    silent = np.floor(STEPS * np.sqrt(np.clip(1 - share, 0, 1)))
    young = np.floor(STEPS * age / max(age.max(initial=0), 1) * (1 - 1e-9))
    keys = pd.DataFrame({"size": size, "silent": silent, "young": young})
    number = keys.groupby(["size", "silent", "young"]).ngroup().to_numpy()
    many = np.bincount(number, weights=weight)
    means = {
        name: np.bincount(number, weights=weight * values) / many
        for name, values in (("repeat_days", x), ("recency_age", recency), ("age", age))
    }
    return number, pd.DataFrame(means)


def discounted_by_history(
    fitted: Fit, cells: pd.DataFrame, *, horizon_days: float, discount_rate: float
) -> np.ndarray:
    """Return the discounted purchase days to expect of each cell, each history worked out once.

    With more than 20,000 histories, purchases are still expected of each; which part of them the
    discount leaves is worked out once for those that are nearly alike.

    Parameters
    ----------
    fitted, cells, horizon_days, discount_rate
        As in `discounting.discounted_purchases`; and customers in `cells`. Several cells may have
        the same history.

    Returns
    -------
    numpy.ndarray
    """
    number = cells.groupby(HISTORY, sort=False).ngroup().to_numpy()
    histories = cells.drop_duplicates(HISTORY)
    ahead = {"horizon_days": horizon_days, "discount_rate": discount_rate}
    if len(histories) <= MANY:
        return discounted_purchases(fitted, histories, **ahead)[number]
    place, groups = group_histories(histories)
    plain, whole = (
        discounted_purchases(fitted, rows, horizon_days=horizon_days, discount_rate=0)
        for rows in (histories, groups)
    )
    less = discounted_purchases(fitted, groups, **ahead)
    left = np.divide(less, whole, out=np.ones(len(groups)), where=whole > 0)
    return (plain * left[place])[number]
