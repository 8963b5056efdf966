"""Missed: by how much a forecast was off on the days held back, beyond what its interval holds."""

import numpy as np
import pandas as pd
from scipy.special import logit

from regulars.measures.forecasts.totals import BUYERS, PURCHASE_DAYS, total_of, totals
from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.purchase_models.fitted import Fit

__all__ = ["missed_totals"]

MOST = 3.0  # of log odds; from 4 on, no distribution of a share has that variance
LEVEL = 0.95


def missed_totals(fitted: Fit, later: pd.DataFrame, *, holdout_days: int) -> dict[str, float]:
    """Return what `totals` has to add to its variance, by what it missed by on the days held back.

    Where the prediction interval held what came, that is nothing. Where it did not, the model is
    wrong by more than its parameters and chance explain, and no reason is known why it should be
    less wrong next time.

    Parameters
    ----------
    fitted : Fit
        Fitted on the calibration period.
    later : pandas.DataFrame
        From `holdout.holdout_cells`.
    holdout_days : int
        Days in the holdout.

    Returns
    -------
    dict of str to float
        ``buyers``: (log odds of the share who came, less those foretold)², less the variance that
        the prediction interval stands for; ``purchase_days``: the same of logarithms. At most 3.

    Notes
    -----
    One period tells little of how wrong a model is: this is the variance of an error with mean 0
    of which this one was seen.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> many = few_cells().assign(customers=few_cells().customers * 100, later=9)
    >>> found = missed_totals(fit(many), many, holdout_days=90)
    >>> {what: round(more, 1) for what, more in found.items()}
    {'buyers': 3.0, 'purchase_days': 3.0}
    """
    told = totals(fitted, later, horizons=[holdout_days], level=LEVEL)
    weights = later.customers
    came = {BUYERS: weights @ (later.later > 0), PURCHASE_DAYS: weights @ later.later}
    estimates = {what: total_of(told, what, holdout_days) for what in came}
    return {
        what: _beyond(estimates[what], float(came[what]), what=what)
        if estimates[what].low is not None
        else 0.0
        for what in came
    }


def _beyond(foretold: Estimate, came: float, *, what: str) -> float:
    if foretold.low <= came <= foretold.high:
        return 0.0
    # Half a customer or a day from the ends of the scale, where logarithms have none.
    values = np.maximum([foretold.value, came, foretold.low, foretold.high], 0.5)
    if what == BUYERS:
        logs = logit(np.minimum(values, foretold.n - 0.5) / foretold.n)
    else:
        logs = np.log(values)
    explained = (logs[3] - logs[2]) / (2 * normal_quantile(LEVEL))
    return float(np.clip((logs[1] - logs[0]) ** 2 - explained**2, 0, MOST))
