"""The likelihood of each history by itself, and standard errors that do not trust the model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import betaln, gammaln

from regulars.measures.purchase_models.beta_geometric import survived
from regulars.measures.purchase_models.fitted import Fit, history
from regulars.measures.purchase_models.pareto_nbd import log_lost

__all__ = ["log_likelihoods", "with_robust_covariance"]

STEP = 1e-4

Parameters = Sequence[float]


def log_likelihoods(
    model: str,
    parameters: Parameters,
    *,
    repeat_days: np.ndarray,
    recency_age: np.ndarray,
    age: np.ndarray,
) -> np.ndarray:
    """Return the logarithm of the likelihood of each history.

    Parameters
    ----------
    model, parameters, repeat_days, recency_age, age
        As in `formulas.p_alive`.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> history = {"repeat_days": [0, 2], "recency_age": [0, 30.43], "age": [38.86, 38.86]}
    >>> log_likelihoods("bg_nbd", (.243, 4.414, .793, 2.426), **history).round(4)
    array([-0.5547, -9.4586])
    """
    r, alpha, third, fourth = parameters
    x, last, now = (np.asarray(values, float) for values in (repeat_days, recency_age, age))
    buying = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = -(r + x) * np.log(alpha + now)
    if model == "pareto_nbd":
        alive = alive - third * np.log(fourth + now)
        lost = log_lost(parameters, repeat_days=x, since=last, until=now)
        return buying + third * np.log(fourth) + np.logaddexp(alive, lost)
    passed = survived(model, x)
    stays = betaln(third, fourth + passed) - betaln(third, fourth)
    odds = np.log(third / (fourth + np.maximum(passed, 1) - 1))
    lost = np.where(passed > 0, odds - (r + x) * np.log(alpha + last), -np.inf)
    return buying + stays + np.logaddexp(alive, lost)


def with_robust_covariance(fitted: Fit, cells: pd.DataFrame) -> Fit:
    """Return a fit whose covariance also holds where the model is not exactly right.

    The inverse Hessian is right if customers buy and stop exactly as the model says. The sandwich
    ``H⁻¹ S H⁻¹``, S the sum of squared slopes of single customers, is right for the parameters
    nearest to the truth as well (White 1982, Econometrica 50, 1-25); a bootstrap over customers
    comes to the same. Where it is much larger, the model is off.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        What it was fitted on.

    Returns
    -------
    Fit
        The same, but for `covariance`.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> fitted = fit(few_cells())
    >>> with_robust_covariance(fitted, few_cells()).params == fitted.params
    True
    """
    times, inverse = history(fitted, cells), fitted.relative_covariance
    slopes = np.stack([_slopes(fitted, times, move) for move in np.eye(len(inverse)) * STEP])
    squares = (slopes * cells.customers.to_numpy()) @ slopes.T
    spread = inverse @ squares @ inverse * np.outer(fitted.values, fitted.values)
    names = list(fitted.params)
    return replace(fitted, covariance=pd.DataFrame(spread, index=names, columns=names))


def _slopes(fitted: Fit, times: dict[str, np.ndarray], move: np.ndarray) -> np.ndarray:
    above, below = (np.array(fitted.values) * np.exp(step) for step in (move, -move))
    rise = log_likelihoods(fitted.model, above, **times)
    return (rise - log_likelihoods(fitted.model, below, **times)) / (2 * STEP)
