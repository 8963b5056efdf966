"""By cell: what a fitted model says of each cell, computed where cells differ and no more often."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from regulars.measures.forecasts.moments import buys_if_alive, expected_if_alive, pairs_if_alive
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, history
from regulars.measures.purchase_models.formulas import p_alive

__all__ = ["alive_now", "chance_to_buy", "if_alive", "purchase_variance"]


def alive_now(
    fitted: Fit, cells: pd.DataFrame, *, params: Sequence[float] | None = None
) -> np.ndarray:
    """Return P(alive) of each cell, by other parameters than the fitted ones if given.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        repeat_days, recency_age, age (days).
    params : sequence of float, optional
        In the model's order.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> alive_now(fit(few_cells(), model="bg_nbd"), few_cells()).tolist()[0]
    1.0
    """
    return p_alive(fitted.model, _params(fitted, params), **history(fitted, cells))


def if_alive(
    quantity: Callable,
    fitted: Fit,
    cells: pd.DataFrame,
    *,
    days: float,
    params: Sequence[float] | None = None,
    **options: float,
) -> np.ndarray:
    """Return one of the `moments` for each cell, computed once per pair of repeat_days and age.

    Parameters
    ----------
    quantity : function
        Such as `moments.expected_if_alive`; `options` go to it.
    fitted, cells, params
        As in `alive_now`.
    days : float
        How far to look ahead.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> expected = if_alive(expected_if_alive, fit(few_cells()), few_cells(), days=90)
    >>> bool((np.diff(expected) > 0).all())  # who bought more often will
    True
    """
    first = ~cells.duplicated(["repeat_days", "age"]).to_numpy()
    pairs = history(fitted, cells[first])
    del pairs["recency_age"]
    horizon = ahead_in_unit(fitted, days)
    values = quantity(fitted.model, _params(fitted, params), horizon=horizon, **pairs, **options)
    return values[cells.groupby(["repeat_days", "age"], sort=False).ngroup().to_numpy()]


def chance_to_buy(fitted: Fit, cells: pd.DataFrame, *, days: int) -> np.ndarray:
    """Return each cell's chance of at least one purchase day within so many days.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        repeat_days, recency_age, age (days).
    days : int
        How far to look ahead.

    Returns
    -------
    numpy.ndarray
        Between 0 and P(alive).

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> chances = chance_to_buy(fit(few_cells()), few_cells(), days=90)
    >>> bool(((0 < chances) & (chances < 1)).all())
    True
    """
    return alive_now(fitted, cells) * if_alive(buys_if_alive, fitted, cells, days=days)


def purchase_variance(fitted: Fit, cells: pd.DataFrame, *, days: int) -> np.ndarray:
    """Return the variance of the purchase days of a customer of each cell within so many days.

    Parameters
    ----------
    fitted, cells, days
        As in `chance_to_buy`.

    Returns
    -------
    numpy.ndarray
        Of what chance does, were the parameters known.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> fitted, cells = fit(few_cells()), few_cells()
    >>> chance = chance_to_buy(fitted, cells, days=1)  # on one day, nearly a coin
    >>> bool(np.allclose(purchase_variance(fitted, cells, days=1), chance * (1 - chance), rtol=.2))
    True
    """
    alive = alive_now(fitted, cells)
    mean = alive * if_alive(expected_if_alive, fitted, cells, days=days)
    return alive * if_alive(pairs_if_alive, fitted, cells, days=days) + mean - mean**2


def _params(fitted: Fit, params: Sequence[float] | None) -> Sequence[float]:
    return tuple(fitted.params.values()) if params is None else params
