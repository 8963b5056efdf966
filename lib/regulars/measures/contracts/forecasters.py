"""Forecasters: what the models and the plain rules say of the further life of contracts.

The plain rule is a constant rate: of the contracts that come to a renewal the same share ends,
however old they are, as it was before the cut.
"""

import numpy as np
import pandas as pd

from regulars.measures.contracts.plan_fits import ALL, Fits, fit_of
from regulars.measures.contracts.shifted_beta_geometric import draws_of, survival

__all__ = ["MODELS", "RULES", "ending_draws", "log_scores"]

MODELS = ("shifted_beta_geometric", "shifted_beta_geometric_by_plan")
RULES = ("constant_rate", "constant_rate_by_plan")
DRAWS = 1000


def log_scores(known: pd.DataFrame, since: pd.DataFrame, fits: Fits) -> dict[str, np.ndarray]:
    """Return the logarithm of the probability that each forecaster gave to what came true.

    Parameters
    ----------
    known : pandas.DataFrame
        From `lives.count_lives`, as of the cut.
    since : pandas.DataFrame
        From `lives.count_since`.
    fits : mapping
        From `plan_fits.fit_plans` of `known`; may be empty.

    Returns
    -------
    dict of str to numpy.ndarray
        The forecaster's name, and a number for each row of `since`.

    Examples
    --------
    >>> known = pd.DataFrame({"plan": "a", "periods": [1, 1], "ended": [True, False],
    ...                       "contracts": [50, 50]})
    >>> since = pd.DataFrame({"plan": "a", "before": 1, "due": 2, "periods": 2, "ended": [True]})
    >>> [round(float(np.exp(score[0])), 2) for score in log_scores(known, since, {}).values()]
    [0.5]
    """
    scores = {}
    for name in _rules(since):
        gone, kept = _so_far(known, since, name)
        rate, renewed = gone / (gone + kept), since.periods - since.before - since.ended
        scores[name] = since.ended * np.log(rate) + renewed * np.log1p(-rate)
    for name, taken in _models(fits).items():
        scores[name] = pd.Series(0.0, index=since.index)
        for plan, rows in since.groupby("plan"):
            scores[name][rows.index] = _model_scores(fit_of(taken, plan).params, rows)
    return {name: told.to_numpy(float) for name, told in scores.items()}


def ending_draws(
    known: pd.DataFrame, since: pd.DataFrame, fits: Fits, *, seed: int
) -> dict[str, np.ndarray]:
    """Draw the chance that contracts end before they are looked at again.

    Parameters
    ----------
    known, since, fits
        As for `log_scores`; of `since` only plan, before and due are read.
    seed : int
        Of the draws.

    Returns
    -------
    dict of str to numpy.ndarray
        The forecaster's name, and 1,000 draws of a chance for each row of `since`: as far as the
        rate, or the parameters, are unsure.

    Examples
    --------
    >>> known = pd.DataFrame({"plan": "a", "periods": [1, 1], "ended": [True, False],
    ...                       "contracts": [50, 50]})
    >>> since = pd.DataFrame({"plan": ["a"], "before": [1], "due": [3]})
    >>> drawn = ending_draws(known, since, {}, seed=1)["constant_rate"]
    >>> drawn.shape, round(float(drawn.mean()), 1)
    ((1000, 1), 0.7)
    """
    draws, more = {}, (since.due - since.before).to_numpy(float)
    for name in _rules(since):
        plans = pd.factorize(since.plan)[0] * (name == RULES[1])
        rates = _rates(*_so_far(known, since, name), plans, seed=seed)
        draws[name] = 1 - (1 - rates) ** more
    for name, taken in _models(fits).items():
        draws[name] = np.zeros((DRAWS, len(since)))
        for plan, rows in since.reset_index(drop=True).groupby("plan"):
            params = draws_of(fit_of(taken, plan), DRAWS, seed=seed)
            kept = survival(params, rows.due) / survival(params, rows.before)
            draws[name][:, rows.index] = 1 - kept
    return draws


def _rules(since: pd.DataFrame) -> tuple[str, ...]:
    return RULES if len(since.plan.unique()) > 1 else RULES[:1]


def _models(fits: Fits) -> dict[str, Fits]:
    """Return the models that take part: by plan only where two plans have a fit."""
    models = {MODELS[0]: {ALL: fits[ALL]}} if ALL in fits else {}
    return {**models, MODELS[1]: fits} if len(fits) > 2 else models


def _so_far(known: pd.DataFrame, since: pd.DataFrame, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row of `since` how many ended and were renewed before the cut.

    Half a contract more of each (Jeffreys' prior) keeps a rate off 0 and 1, where one renewal
    would make the score infinite. A plan that is new since the cut goes by all.
    """
    sums = pd.DataFrame(
        {
            "gone": known.ended * known.contracts,
            "kept": (known.periods - known.ended) * known.contracts,
        }
    )
    by_plan = sums.groupby(known.plan).sum().reindex(since.plan)
    if rule == RULES[0]:
        by_plan = by_plan * np.nan
    told = by_plan.fillna(sums.sum()).to_numpy(float) + 0.5
    return told[:, 0], told[:, 1]


def _rates(gone: np.ndarray, kept: np.ndarray, codes: np.ndarray, *, seed: int) -> np.ndarray:
    """Draw a rate for each plan, which its rows share."""
    firsts = np.unique(codes, return_index=True)[1]
    drawn = np.random.default_rng(seed).beta(gone[firsts], kept[firsts], (DRAWS, len(firsts)))
    return drawn[:, codes]


def _model_scores(params: tuple[float, float], rows: pd.DataFrame) -> np.ndarray:
    alive, before, reached = (
        survival(params, periods)
        for periods in (rows.periods, rows.before, rows.periods - rows.ended)
    )
    return np.log(np.where(rows.ended, reached - alive, alive) / before)
