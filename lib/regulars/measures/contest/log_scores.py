"""Log scores: how probable a forecast took what then came to be."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from regulars.measures.contest.paired import weighted_mean
from regulars.measures.contest.rules import FITTED, rule_log_scores
from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitted import (
    Fit,
    ahead_in_unit,
    history,
    season_of_rules,
)
from regulars.measures.purchase_models.predictive import purchase_probabilities

__all__ = ["log_score_difference", "log_score_gains", "log_scores"]

# Rows at a time: with as many outcomes as the busiest of them has, they stay in memory.
ENTRIES = 2_000_000
LEAST_PROBABILITY = np.finfo(float).tiny


def log_scores(
    fits: Sequence[Fit], cells: pd.DataFrame, *, holdout_days: int
) -> dict[str, np.ndarray]:
    """Return the log probability that each forecast gave to the purchase days that came.

    Rules that say one number give every other outcome no probability at all, so they have no log
    score. The plain forecasts here are the two that are fitted on the calibration: everybody alike,
    and everybody at a rate of their own without ever leaving.

    Parameters
    ----------
    fits : sequence of Fit
        Fitted on the calibration period; may be empty.
    cells : pandas.DataFrame
        From `holdout.holdout_cells`.
    holdout_days : int
        Days in the holdout.

    Returns
    -------
    dict of str to numpy.ndarray
        A model's or a fitted rule's name, and a value for each row of `cells`.

    Notes
    -----
    The log score is proper: nobody can do better than by saying the truth (Gneiting & Raftery
    (2007), JASA 102, 359-378). The absolute error is not, for a mean: where most come no more, it
    is least for who says that nobody does.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 2], "recency_age": [0, 20], "age": [40, 40],
    ...                       "later": [0, 1], "customers": [3, 1]})
    >>> {name: len(found) for name, found in log_scores([], cells, holdout_days=40).items()}
    {'all_alike': 2, 'nobody_leaves': 2}
    """
    models = {one.model: _model_scores(one, cells, holdout_days=holdout_days) for one in fits}
    known, days = season_of_rules(fits, cells, holdout_days)
    return {**models, **rule_log_scores(known, holdout_days=days)}


def log_score_difference(
    scores: Mapping[str, np.ndarray],
    weights: np.ndarray,
    *,
    pair: tuple[str, str],
    level: float = 0.95,
) -> Estimate:
    """Estimate how much better one forecast's log score is than another's, customer by customer.

    Parameters
    ----------
    scores : mapping
        From `log_scores`.
    weights : numpy.ndarray
        Customers in each row.
    pair : tuple of str
        The first one's log score less the second one's.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate
        A mean per customer; above 0 if the first is better. If 0 lies within the interval, it is a
        tie.

    Examples
    --------
    >>> scores = {"one": np.array([-1.0, -1.2]), "other": np.array([-1.5, -1.6])}
    >>> round(log_score_difference(scores, np.array([1, 1]), pair=("one", "other")).value, 2)
    0.45
    """
    return weighted_mean(scores[pair[0]] - scores[pair[1]], weights, level=level)


def log_score_gains(scores: Mapping[str, np.ndarray], weights: np.ndarray) -> pd.DataFrame:
    """Compare every forecast with the best of the plain ones.

    Parameters
    ----------
    scores, weights
        As in `log_score_difference`.

    Returns
    -------
    pandas.DataFrame
        The name in the index: log_score (mean per customer), gain (over the best fitted rule; 0 for
        itself), gain_low, gain_high (95 %, paired). Missing where nobody had bought again.

    Examples
    --------
    >>> scores = {"bg_nbd": np.array([-1.0]), "all_alike": np.array([-2.0]),
    ...           "nobody_leaves": np.array([-1.5])}
    >>> log_score_gains(scores, np.array([9])).gain.to_dict()
    {'bg_nbd': 0.5, 'all_alike': -0.5, 'nobody_leaves': 0.0}
    """
    means = {name: weighted_mean(values, weights).value for name, values in scores.items()}
    best = max(FITTED, key=lambda name: (np.nan_to_num(means[name], nan=-np.inf), name))
    gains = {name: log_score_difference(scores, weights, pair=(name, best)) for name in scores}
    rows = {
        name: {"log_score": means[name], "gain": g.value, "gain_low": g.low, "gain_high": g.high}
        for name, g in gains.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", dtype="float64")


def _model_scores(fitted: Fit, cells: pd.DataFrame, *, holdout_days: int) -> np.ndarray:
    found, later = np.empty(len(cells)), cells.later.to_numpy()
    order = np.argsort(later, kind="stable")
    # Customers with few purchases need few outcomes, so like stands with like.
    for rows in _portions(later[order]):
        part = cells.iloc[order[rows]]
        chances = purchase_probabilities(
            fitted.model,
            tuple(fitted.params.values()),
            horizon=ahead_in_unit(fitted, holdout_days),
            most=int(part.later.max()),
            **history(fitted, part[CELL].astype("float64")),
        )
        came = chances[np.arange(len(part)), part.later.to_numpy()]
        found[order[rows]] = np.log(np.maximum(came, LEAST_PROBABILITY))
    return found


def _portions(later: np.ndarray) -> Iterator[slice]:
    """Cut rows in the order of `later` so that rows times outcomes stay bounded."""
    bands = np.searchsorted(later, [0, *2 ** np.arange(12), np.inf])
    for first, last in pairwise(bands.tolist()):
        step = max(ENTRIES // (int(later[last - 1]) + 2), 1) if last > first else 1
        for start in range(first, last, step):
            yield slice(start, min(start + step, last))
