"""Chances: whether those who were said to buy did, on the days held back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.chance_tenths import by_tenth
from regulars.measures.contest.paired import weighted_mean
from regulars.measures.forecasts.by_cell import chance_to_buy
from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.fitted import Fit

__all__ = ["Brier", "brier_score", "calibration_of_chances"]


@dataclass(frozen=True)
class Brier:
    """How far chances to buy were from what came, beside the plainest chance.

    Parameters
    ----------
    value : float
        The Brier score: the mean squared distance of the chance from 1 for who bought, and from 0
        for who did not.
    plain : float
        That of telling everybody the share who bought, which was not known before.
    better : Estimate
        By how much the model's is less, with 95 % interval; n is the customers.
    """

    value: float
    plain: float
    better: Estimate


def calibration_of_chances(fitted: Fit, cells: pd.DataFrame, *, holdout_days: int) -> pd.DataFrame:
    """Compare the chance to buy with the share who bought, by tenths of the customers.

    Parameters
    ----------
    fitted : Fit
        Fitted on the calibration period.
    cells : pandas.DataFrame
        From `holdout.holdout_cells`.
    holdout_days : int
        Days in the holdout.

    Returns
    -------
    pandas.DataFrame
        From `chance_tenths.by_tenth`; bought is the share with a purchase day in the holdout.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> cells = few_cells().assign(later=[0, 1, 1, 1, 1, 1])
    >>> calibration_of_chances(fit(few_cells()), cells, holdout_days=90).bought.tolist()
    [0.0, 1.0, nan, nan, 1.0]
    """
    chance = chance_to_buy(fitted, cells, days=holdout_days)
    return by_tenth(np.asarray(chance), cells.later > 0, weights=cells.customers.to_numpy())


def brier_score(fitted: Fit, cells: pd.DataFrame, *, holdout_days: int) -> Brier | None:
    """Score the chances to buy by what came on the days held back.

    Parameters
    ----------
    fitted, cells, holdout_days
        As in `calibration_of_chances`.

    Returns
    -------
    Brier or None
        None if there is nobody to score.

    Notes
    -----
    Brier (1950), Monthly Weather Review 78, 1-3. The interval of the difference is that of a mean
    over customers.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> cells = few_cells().assign(later=[0, 0, 0, 1, 1, 1])
    >>> score = brier_score(fit(few_cells()), cells, holdout_days=90)
    >>> bool(0 < score.value < score.plain), round(score.plain, 4)
    (True, 0.1476)
    """
    n = int(cells.customers.sum())
    if not n:
        return None
    bought, weights = (cells.later > 0).to_numpy(float), cells.customers.to_numpy(float) / n
    chance = chance_to_buy(fitted, cells, days=holdout_days)
    errors, plain = (chance - bought) ** 2, (weights @ bought - bought) ** 2
    better = weighted_mean(plain - errors, n * weights)
    return Brier(float(weights @ errors), float(weights @ plain), better)
