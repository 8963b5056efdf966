"""Chance: how far what comes true may lie from what is expected, the parameters being right."""

import numpy as np
import pandas as pd

from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, history
from regulars.measures.purchase_models.predictive import purchase_variance
from regulars.measures.value.day_money import DayMoney
from regulars.measures.value.discounting import discounted_purchases
from regulars.measures.value.grouped import group_histories

__all__ = ["chance_variance"]


def chance_variance(
    fitted: Fit, money: DayMoney, cells: pd.DataFrame, *, horizon_days: float
) -> np.ndarray:
    """Return the variance of what comes true of each cell, the parameters being right.

    Parameters
    ----------
    fitted : Fit
    money : DayMoney
    cells : pandas.DataFrame
        From `worth.cell_worth`, with squares.
    horizon_days : float
        How far ahead value is counted, in days.

    Returns
    -------
    numpy.ndarray
        Money squared; missing where a customer's true mean has no variance (p x + q not above 2).

    Notes
    -----
    With Y purchase days and a true mean ζ that is not known: ``E[Y] v E[ζ²] + E[Y²] E[ζ²] −
    (E[Y] E[ζ])²``, where v is the squared coefficient of variation of a day. All days of a customer
    are discounted as their mean day is.
    """
    number, histories = group_histories(cells)
    times = {"horizon": ahead_in_unit(fitted, horizon_days), **history(fitted, histories)}
    expected = discounted_purchases(fitted, histories, horizon_days=horizon_days, discount_rate=0)
    scatter = purchase_variance(fitted.model, tuple(fitted.params.values()), **times)
    expected, scatter = expected[number], scatter[number]
    squares, spread = _squares(money, cells)
    variance = expected * money.variation * squares * spread
    variance += scatter * squares + (scatter + expected**2) * squares * (spread - 1)
    later = np.divide(
        cells.discounted.to_numpy(), expected, out=np.ones(len(cells)), where=expected > 0
    )
    return (money.rate * later) ** 2 * variance


def _squares(money: DayMoney, cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum of squared means over the customers, and how far above it their squares are.

    The second is E[ζ²] / E[ζ]² of a customer's true mean ζ: given x paid days, Gamma-Gamma makes
    it an inverse Gamma with shape p x + q.
    """
    n, days = (cells[one].to_numpy(float) for one in ("customers", "days"))
    if money.gamma is None:
        return n * money.mean**2, np.ones(len(cells))
    own = money.needed * money.mean
    sums = cells.squares + 2 * own * cells.money + n * own**2
    shape = money.gamma.params["p"] * days + money.gamma.params["q"]
    spread = np.where(shape > 2, (shape - 1) / np.maximum(shape - 2, 1e-12), np.nan)
    return sums.to_numpy() / (days + money.needed) ** 2, spread
