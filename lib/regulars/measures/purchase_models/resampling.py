"""Resampling: how far the parameters move when other customers of the same kind are drawn."""

import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.fitting import refit

__all__ = ["bootstrap_parameters"]


def bootstrap_parameters(
    cells: pd.DataFrame, fitted: Fit, *, replicates: int, seed: int
) -> pd.DataFrame:
    """Draw as many customers anew from the cells, and fit the model to each draw.

    The standard deviation of a column is a standard error that rests on no curvature; it should be
    near `Fit.standard_errors`.

    Parameters
    ----------
    cells : pandas.DataFrame
        What the model was fitted on.
    fitted : Fit
        Each search begins at its parameters, with its penalty.
    replicates : int
        How many draws.
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row per draw, a column per parameter; missing where no parameters were clearly the best.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> bootstrap_parameters(few_cells(), fit(few_cells()), replicates=3, seed=1).shape
    (3, 4)
    """
    customers = cells.customers.to_numpy()
    shares = customers / customers.sum()
    draws = np.random.default_rng(seed).multinomial(customers.sum(), shares, replicates)
    rows = [_refitted(fitted, cells.assign(customers=draw)[draw > 0]) for draw in draws]
    return pd.DataFrame(rows, columns=list(fitted.params))


def _refitted(fitted: Fit, cells: pd.DataFrame) -> dict[str, float]:
    try:
        return refit(fitted, cells).params
    except ModelError:
        return dict.fromkeys(fitted.params, np.nan)
