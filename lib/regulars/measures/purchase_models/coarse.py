"""Coarse cells: histories merged, so that a search may begin where it will nearly end."""

import numpy as np
import pandas as pd

from regulars.measures.purchase_models.cells import CELL

__all__ = ["MANY", "coarse_cells"]

MANY = 20_000  # fewer cells are searched as quickly as they are merged
STEPS = 50


def coarse_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Merge cells whose ages, and whose silence since the last purchase, are nearly the same.

    Parameters
    ----------
    cells : pandas.DataFrame
        repeat_days, recency_age, age, customers.

    Returns
    -------
    pandas.DataFrame
        The same columns; as many customers and purchases in fewer rows. Times are the middle of a
        fiftieth of the greatest age.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 0, 1], "recency_age": [0, 0, 50],
    ...                       "age": [99, 100, 100], "customers": [2, 3, 4]})
    >>> coarse_cells(cells)
       repeat_days  recency_age   age  customers
    0            0          0.0  99.0          5
    1            1         50.0  99.0          4
    """
    width = max(cells.age.max() / STEPS, 1e-9)
    ages = _middle(cells.age, width)
    silences = _middle(cells.age - cells.recency_age, width)
    silences = silences.where(cells.age > cells.recency_age, 0)
    last = np.where(cells.repeat_days > 0, np.maximum(ages - silences, 0), 0)
    merged = cells.assign(recency_age=last, age=ages)
    return merged.groupby(CELL, as_index=False).customers.sum()


def _middle(times: pd.Series, width: float) -> pd.Series:
    return (np.ceil(np.maximum(times / width, 1)) - 0.5) * width
