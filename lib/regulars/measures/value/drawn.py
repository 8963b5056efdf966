"""Drawn: what other parameters of a purchase model say of the purchases to come, worked out once.

The base and each of its groups are valued by the same sets of parameters. What a set says of a
history does not depend on whose history it is.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.purchase_models.draws import parameter_draws
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.value.discounting import discounted_purchases
from regulars.measures.value.grouped import HISTORY, group_histories

__all__ = ["DRAWS", "Drawn", "draw_purchases"]

DRAWS = 200


@dataclass(frozen=True, eq=False)
class Drawn:
    """Discounted purchase days by each set of parameters.

    Parameters
    ----------
    histories : pandas.DataFrame
        A row per history of the base: repeat_days, recency_age, age (days), history (the column of
        `purchases` that stands for it).
    purchases : numpy.ndarray
        A row per set of parameters, the fitted ones first; a column per group of like histories.
    """

    histories: pd.DataFrame
    purchases: np.ndarray

    def place(self, cells: pd.DataFrame) -> np.ndarray:
        """Return for each cell, of histories that the base has, the column that stands for it."""
        found = cells[HISTORY].merge(self.histories, "left", HISTORY, validate="many_to_one")
        return found.history.to_numpy()


def draw_purchases(
    fitted: Fit, cells: pd.DataFrame, *, horizon_days: float, discount_rate: float, seed: int
) -> Drawn:
    """Draw two hundred sets of parameters and expect purchases by each.

    Parameters
    ----------
    fitted : Fit
        A purchase model.
    cells : pandas.DataFrame
        repeat_days, recency_age, age (days), customers.
    horizon_days : float
        How far ahead purchases count, in days.
    discount_rate : float
        Of a year, as a share.
    seed : int
        Of the draws.

    Returns
    -------
    Drawn

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> drawn = draw_purchases(fit(few_cells()), few_cells(), horizon_days=365, discount_rate=.1,
    ...                        seed=1)
    >>> len(drawn.purchases), drawn.place(few_cells().tail(1))
    (201, array([5]))
    """
    number, groups = group_histories(cells)
    histories = cells[HISTORY].assign(history=number).drop_duplicates(HISTORY)
    sets = [tuple(fitted.params.values()), *parameter_draws(fitted, DRAWS, seed=seed)]
    ahead = {"horizon_days": horizon_days, "discount_rate": discount_rate}
    found = [discounted_purchases(fitted, groups, params=one, **ahead) for one in sets]
    return Drawn(histories, np.array(found))
