"""Chance tenths: whether as many bought as were said to, from the least to the most likely."""

import numpy as np
import pandas as pd

from regulars.measures.intervals import wilson_bounds
from regulars.measures.suppression import hidden, suppressed

__all__ = ["by_tenth"]

TENTHS = 10
MEASURED = ["predicted_chance", "bought", "low", "high"]


def by_tenth(
    chance: np.ndarray, bought: np.ndarray, *, weights: np.ndarray | None = None
) -> pd.DataFrame:
    """Hold chances to buy against who bought, in tenths of the customers by chance.

    Parameters
    ----------
    chance : array of float
        Said of the customers of each row.
    bought : array of bool
        Whether they bought.
    weights : array of int, optional
        Customers a row; one by default.

    Returns
    -------
    pandas.DataFrame
        One row per tenth, the lowest chance first: tenth (1 to 10; customers with equal chances
        stand in one, so that some are larger and some are not there), customers, predicted_chance
        (mean), bought (share), low, high (Wilson, 95 %), hidden (True where customers, buyers or
        the others are too few to be shown, or would give away such a number: all are missing).

    Examples
    --------
    >>> by_tenth(np.full(40, .5), np.arange(40) < 20)[["tenth", "bought", "customers"]]
       tenth  bought  customers
    0      6     0.5         40
    """
    n = np.ones(len(chance), int) if weights is None else weights
    rows = pd.DataFrame({"chance": chance, "customers": n, "expected": chance * n})
    rows["buyers"] = np.where(bought, n, 0)
    sums = rows.groupby(_tenths(rows))[["customers", "expected", "buyers"]].sum()
    sums = sums.rename_axis("tenth").reset_index()
    low, high = wilson_bounds(sums.buyers, sums.customers)
    shares = sums.assign(
        predicted_chance=sums.expected / sums.customers,
        bought=sums.buyers / sums.customers,
        low=low,
        high=high,
    )
    # Each for itself: the totals of all three are known, so that one hidden number would come out.
    away = hidden(sums.customers) | hidden(sums.buyers) | hidden(sums.customers - sums.buyers)
    return suppressed(shares[["tenth", "customers", *MEASURED]], others=MEASURED, mask=away)


def _tenths(rows: pd.DataFrame) -> np.ndarray:
    """Return the tenth in which the middle of each group of equal chances stands."""
    sizes = rows.groupby("chance").customers.sum()
    middle = sizes.cumsum() - sizes / 2
    tenths = np.floor(TENTHS * middle / max(sizes.sum(), 1)).astype(int) + 1
    return rows.chance.map(tenths).to_numpy()
