"""Importance: how much worse the probabilities get once a feature is dealt out at random."""

import numpy as np
import pandas as pd
from scipy.special import expit

from regulars.measures.bootstrap import bootstrap
from regulars.measures.supervised.features import COLUMNS
from regulars.measures.supervised.judging import log_losses
from regulars.measures.supervised.logistic import Logistic, terms

__all__ = ["permutation_importance"]

LEVEL = 0.95


def permutation_importance(
    fitted: Logistic, rows: pd.DataFrame, *, seed: int = 1, repeats: int = 10
) -> pd.DataFrame:
    """Shuffle each feature among the customers of the test period, and see what that costs.

    Features that say nearly the same stand in for each other: shuffling one costs little then, and
    that is no proof that it does not matter.

    Parameters
    ----------
    fitted : Logistic
    rows : pandas.DataFrame
        From `samples.sample`, of a period the model was not trained on.
    seed : int
        Of the shuffling and of the bootstrap over customers.
    repeats : int
        How often each feature is shuffled; the mean counts.

    Returns
    -------
    pandas.DataFrame
        A row per feature that is weighed, the most important first: feature, importance (log loss
        a customer that shuffling adds), low, high (all intervals hold together in 95 %, by
        Bonferroni; they hold which customers happened to be there, not another training),
        customers.

    Notes
    -----
    Breiman (2001), Machine Learning 45, 5-32, in the form of Fisher, Rudin & Dominici (2019),
    JMLR 20 (177), for any model; the columns of one feature are shuffled together.

    Examples
    --------
    >>> from regulars.measures.supervised.logistic import train
    >>> rows = pd.DataFrame({"age": np.arange(40), "bought": np.arange(40) < 20,
    ...                      "random_group": [f"{n:03}" for n in range(40)]})
    >>> found = permutation_importance(train(rows, features=["age"]), rows)
    >>> found.feature.tolist(), bool(found.low[0] > 0)
    (['age'], True)
    """
    rng = np.random.default_rng(seed)
    added, bought = terms(fitted, rows), rows.bought.to_numpy(bool)
    features = [name for name, parts in COLUMNS.items() if set(parts) & set(fitted.columns)]
    logit = fitted.intercept + added.to_numpy().sum(axis=1)
    usual = log_losses(expit(logit), bought)
    cost = {}
    for name in features:
        own = added[[part for part in COLUMNS[name] if part in added]].to_numpy().sum(axis=1)
        shuffled = (rng.permutation(own) for _ in range(repeats))
        losses = (log_losses(expit(logit - own + other), bought) for other in shuffled)
        cost[name] = sum(losses) / repeats - usual
    return _with_intervals(pd.DataFrame(cost), rows, seed=seed)


def _with_intervals(cost: pd.DataFrame, rows: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    groups = cost.assign(customers=1.0).groupby(rows.random_group.to_numpy()).sum()
    level = 1 - (1 - LEVEL) / max(cost.shape[1], 1)
    found = bootstrap(
        groups.reset_index(drop=True), _means, seed=seed, replicates=2000, level=level
    )
    ordered = found.sort_values("value", ascending=False, kind="stable")
    named = ordered.rename_axis("feature").rename(columns={"value": "importance"}).reset_index()
    return named.assign(customers=len(rows))


def _means(sums: pd.DataFrame) -> pd.DataFrame:
    return sums.drop(columns="customers").div(sums.customers, axis=0)
