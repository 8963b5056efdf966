"""Checks: how far a forecast can be believed, from the period held back."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regulars.measures.contest.holdout import predictions
from regulars.measures.contest.paired import weighted_mean
from regulars.measures.intervals import Estimate, wilson_bounds
from regulars.measures.purchase_models.fitting import Fit
from regulars.measures.purchase_models.scores import score
from regulars.measures.suppression import HIDDEN, hidden, suppressed

__all__ = ["alive_check", "error_difference"]

BOUGHT = ["bought", "low", "high"]
EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def alive_check(fitted: Fit, cells: pd.DataFrame, *, holdout_days: int) -> pd.DataFrame:
    """Hold P(alive) against who bought in the holdout, which proves that they were alive.

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
        One row per fifth of the scale with any customers: p_alive_from, p_alive_to, customers,
        p_alive_mean, bought (share who bought in the holdout), low, high (Wilson, 95 %), hidden
        (True where customers, or those who bought, are too few to be shown, and are missing).
        `bought` may lie below p_alive_mean, since the living may wait; where `low` lies
        above it, the model has given up customers too early.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> check = alive_check(fit(few_cells()), few_cells().assign(later=1), holdout_days=90)
    >>> float(check.bought.min()), int(check.hidden.sum())
    (1.0, 2)
    """
    scored = score(fitted, cells, horizon_days=holdout_days)
    groups = pd.cut(scored.p_alive, EDGES, labels=False, include_lowest=True)
    rows = [
        {"p_alive_from": EDGES[int(group)], "p_alive_to": EDGES[int(group) + 1], **_alive(part)}
        for group, part in scored.groupby(groups)
    ]
    columns = ["p_alive_from", "p_alive_to", "customers", "p_alive_mean", *BOUGHT]
    check = pd.DataFrame(rows, columns=columns)
    counts = (check.bought * check.customers).round()
    buyers = (hidden(counts) | hidden(check.customers - counts)).to_numpy()
    check.loc[buyers, BOUGHT] = np.nan
    shown = suppressed(check, others=["p_alive_mean", *BOUGHT])
    return shown.assign(**{HIDDEN: shown[HIDDEN] | buyers})


def error_difference(
    fits: Sequence[Fit], cells: pd.DataFrame, *, holdout_days: int, pair: tuple[str, str]
) -> Estimate:
    """Estimate how much less one prediction errs than another, customer by customer.

    Parameters
    ----------
    fits, cells, holdout_days
        As in `holdout.contest`.
    pair : tuple of str
        Two names of the contest; the difference is the first one's mean absolute error less the
        second one's.

    Returns
    -------
    Estimate
        Purchase days a customer; the interval is that of a mean of paired differences.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 2], "recency_age": [0, 20], "age": [40, 40],
    ...                       "later": [0, 1], "customers": [30, 10]})
    >>> error_difference([], cells, holdout_days=40, pair=("same_as_before", "always_zero")).value
    0.0
    """
    predicted = predictions(fits, cells, holdout_days=holdout_days)
    later, weights = cells.later.to_numpy(float), cells.customers.to_numpy(float)
    first, second = (np.abs(predicted[name] - later) for name in pair)
    return weighted_mean(first - second, weights)


def _alive(part: pd.DataFrame) -> dict[str, float]:
    """Return what is known of the customers with P(alive) in one fifth."""
    n, buyers = int(part.customers.sum()), int(part.customers[part.later > 0].sum())
    low, high = wilson_bounds(np.array([buyers]), np.array([n]))
    return {
        "customers": n,
        "p_alive_mean": float(np.average(part.p_alive, weights=part.customers)),
        "bought": buyers / n,
        "low": float(low[0]),
        "high": float(high[0]),
    }
