"""Judging: how well probabilities to buy did, on customers who were not used to make them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from regulars.measures.bootstrap import bootstrap, estimate_of
from regulars.measures.chance_tenths import by_tenth
from regulars.measures.intervals import Estimate
from regulars.measures.ranking import auc

__all__ = ["calibration", "gain", "judged", "log_losses"]

SURE = 1e-6  # no model is surer than this, so that one mistake costs it not everything

Probabilities = Mapping[str, np.ndarray]


def log_losses(probability: np.ndarray, bought: np.ndarray) -> np.ndarray:
    """Return the surprise at what each customer did: −ln of the probability it was given.

    Examples
    --------
    >>> log_losses(np.array([.5, .9]), np.array([True, True])).round(3).tolist()
    [0.693, 0.105]
    """
    sure = np.clip(probability, SURE, 1 - SURE)
    return -np.log(np.where(bought, sure, 1 - sure))


def judged(said: Probabilities, bought: np.ndarray) -> pd.DataFrame:
    """Sum up how each set of probabilities did.

    Parameters
    ----------
    said : mapping of str to numpy.ndarray
        Name of a model, and the probability to buy it gave to each customer.
    bought : numpy.ndarray
        Whether each did; both have to occur.

    Returns
    -------
    pandas.DataFrame
        A row per model: name, log_loss and brier (means a customer; lower is better), auc (0.5:
        no better than a lot; 1: all who bought stand before all others), slope (of what happened on
        what was said, both as logits: 1 is right, below 1 the probabilities are too extreme),
        predicted (share said to buy), customers.

    Notes
    -----
    Log loss: Good (1952), JRSS B 14, 107-114. Brier (1950), Monthly Weather Review 78, 1-3.
    Calibration slope: Cox (1958), Biometrika 45, 562-565.

    Examples
    --------
    >>> bought = np.array([True, True, False, False])
    >>> judged({"lot": np.full(4, .5)}, bought)[["log_loss", "brier", "auc"]].round(3)
       log_loss  brier  auc
    0     0.693   0.25  0.5
    """
    rows = [
        {
            "name": name,
            "log_loss": float(log_losses(probability, bought).mean()),
            "brier": float(((probability - bought) ** 2).mean()),
            "auc": auc(probability, bought).value,
            "slope": _slope(probability, bought),
            "predicted": float(probability.mean()),
            "customers": len(bought),
        }
        for name, probability in said.items()
    ]
    return pd.DataFrame(rows)


def gain(
    said: Probabilities, rows: pd.DataFrame, *, pair: tuple[str, str], seed: int = 1
) -> Estimate:
    """Estimate how much less one model is surprised than another, by the same customers.

    The interval holds which customers happened to be there in the test period; not that the
    models would come out otherwise if trained on others, nor that another period may be different.

    Parameters
    ----------
    said : mapping of str to numpy.ndarray
        As in `judged`.
    rows : pandas.DataFrame
        From `samples.sample`: bought, random_group.
    pair : tuple of str
        Two names: positive if the first is better.
    seed : int
        Of the bootstrap over customers.

    Returns
    -------
    Estimate
        Log loss a customer, of the second model less of the first.

    Examples
    --------
    >>> rows = pd.DataFrame({"bought": [True, False] * 9, "random_group": list("abcdef") * 3})
    >>> said = {"good": np.where(rows.bought, .9, .1), "lot": np.full(18, .5)}
    >>> round(gain(said, rows, pair=("good", "lot")).value, 3)
    0.588
    """
    bought = rows.bought.to_numpy(bool)
    first, second = (log_losses(said[name], bought) for name in pair)
    groups = pd.DataFrame({"gain": second - first, "customers": 1.0})
    groups = groups.groupby(rows.random_group.to_numpy()).sum().reset_index(drop=True)
    numbers = bootstrap(groups, _mean_gain, seed=seed)
    return estimate_of(numbers, "gain", n=len(rows))


def calibration(said: Probabilities, bought: np.ndarray) -> pd.DataFrame:
    """Hold the probabilities of each model against what happened, in tenths of the customers.

    Parameters
    ----------
    said, bought
        As in `judged`.

    Returns
    -------
    pandas.DataFrame
        Per model (name) the rows of `chance_tenths.by_tenth`.

    Examples
    --------
    >>> said = {"lot": np.full(40, .5)}
    >>> calibration(said, np.arange(40) < 20)[["name", "predicted_chance", "bought", "customers"]]
      name  predicted_chance  bought  customers
    0  lot               0.5     0.5         40
    """
    parts = [by_tenth(chance, bought).assign(name=name) for name, chance in said.items()]
    return pd.concat(parts, ignore_index=True)


def _mean_gain(sums: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"gain": sums.gain / sums.customers})


def _slope(probability: np.ndarray, bought: np.ndarray) -> float:
    """Return the slope of what happened on what was said; missing if all was said alike."""
    said = logit(np.clip(probability, SURE, 1 - SURE))
    if np.ptp(said) == 0:
        return np.nan
    regression = LogisticRegression(C=np.inf, max_iter=1000)
    return float(regression.fit(said[:, None], bought).coef_[0, 0])
