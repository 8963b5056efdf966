"""Gamma-Gamma: what a customer's paid days are worth, fitted on spend cells.

It says: a customer's days scatter around a mean of their own, as a Gamma with shape p; the
customers' means differ, and not with how often they buy. Its parameters are p, q and γ (money).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from regulars.errors import ModelError
from regulars.measures.intervals import Estimate, normal_quantile

__all__ = ["FEWEST", "GammaGamma", "fit_gamma_gamma"]

NAMES = ("p", "q", "gamma")
FEWEST = 30
LARGEST = 1e4
STEP = 1e-5
STARTS = ((1.0, 1.0, 0.0), (0.0, 0.5, 1.0), (2.0, 2.0, -1.0))


@dataclass(frozen=True, eq=False)
class GammaGamma:
    """The Gamma-Gamma model with the parameters that suit the customers best.

    Parameters
    ----------
    params : dict of str to float
        p, q, gamma (money).
    covariance : pandas.DataFrame
        Of the logarithms of the parameters, with their names on both axes.
    log_likelihood : float
        Of all customers.
    customers : int
        How many it was fitted on: those with a paid repeat day.
    """

    params: dict[str, float]
    covariance: pd.DataFrame
    log_likelihood: float
    customers: int

    @property
    def mean(self) -> float:
        """Money of a paid day, of the average customer: pγ / (q − 1)."""
        return self.params["p"] * self.params["gamma"] / (self.params["q"] - 1)

    @property
    def needed(self) -> float:
        """Own days that count as much as the mean of all: (q − 1) / p."""
        return (self.params["q"] - 1) / self.params["p"]

    @property
    def estimates(self) -> dict[str, Estimate]:
        """Each parameter with its 95 % interval, made on the log scale since all are above zero."""
        reach = normal_quantile(0.95) * np.sqrt(np.diag(self.covariance))
        return {
            name: Estimate(value, value * np.exp(-one), value * np.exp(one), self.customers)
            for (name, value), one in zip(self.params.items(), reach, strict=True)
        }


def fit_gamma_gamma(cells: pd.DataFrame) -> GammaGamma:
    """Fit the Gamma-Gamma model by maximum likelihood, each cell weighing as many as are in it.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `spend_cells.spend_cells`: days (paid repeat days, at least 1), log_mean (mean
        logarithm of the customers' mean money), customers.

    Returns
    -------
    GammaGamma

    Raises
    ------
    ModelError
        If fewer than 30 customers have a paid repeat day, no parameters are clearly the best, or q
        is not above 1: then the mean would not exist.

    Notes
    -----
    Fader & Hardie (2013), note 025, "The Gamma-Gamma model of monetary value", eq. 1a. Standard
    errors from the curvature of the likelihood. Where a cell holds several customers, their
    means differ by less than a hundredth, and the likelihood by a ten-thousandth at most.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> days = rng.integers(1, 5, 2000)
    >>> rates = rng.gamma(4, 1 / 15, 2000)
    >>> means = rng.gamma(6 * days) / (days * rates)
    >>> cells = pd.DataFrame({"days": days, "log_mean": np.log(means), "customers": 1})
    >>> round(fit_gamma_gamma(cells).mean)  # 6 · 15 / (4 − 1) = 30
    30
    """
    customers = int(cells.customers.sum())
    if customers < FEWEST:
        raise ModelError(
            f"Gamma-Gamma needs at least {FEWEST} customers with a paid purchase day after the "
            f"first, and there are {customers if customers >= 10 else 'fewer than 10'}."
        )
    logs, value = _best(cells)
    covariance = _covariance(logs, cells)
    if covariance is None or np.abs(logs[:2]).max() > np.log(LARGEST):
        raise ModelError(
            "Gamma-Gamma finds no parameters that are clearly the best: the days of a customer, or "
            "the customers, hardly differ in money."
        )
    params = dict(zip(NAMES, map(float, np.exp(logs)), strict=True))
    if not params["q"] > 1:
        raise ModelError(
            "In Gamma-Gamma the mean does not exist here (q is not above 1): a few customers "
            "outspend the others too far."
        )
    frame = pd.DataFrame(covariance, index=NAMES, columns=NAMES)
    return GammaGamma(params, frame, -value, customers)


def _best(cells: pd.DataFrame) -> tuple[np.ndarray, float]:
    """Search from several starts, on logarithms, with money in units of its usual size."""
    scale = float(np.average(cells.log_mean, weights=cells.customers))
    scaled = cells.assign(log_mean=cells.log_mean - scale)
    found = [minimize(_loss, start, (scaled,), jac=True, method="BFGS") for start in STARTS]
    logs = min(found, key=lambda one: one.fun).x + np.array([0.0, 0.0, scale])
    return logs, float(_loss(logs, cells)[0] * cells.customers.sum())


def _loss(logs: np.ndarray, cells: pd.DataFrame) -> tuple[float, np.ndarray]:
    """Return the negative log-likelihood a customer and its slopes by the logs of p, q and γ."""
    p, q, gamma = np.exp(np.clip(logs, -30, 30))
    x, log_mean = cells["days"].to_numpy(float), cells.log_mean.to_numpy(float)
    weight = cells.customers.to_numpy(float) / cells.customers.sum()
    total = np.log(x) + log_mean
    both, share = np.logaddexp(np.log(gamma), total), 1 / (1 + np.exp(total - np.log(gamma)))
    fits = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
    fits += (p * x - 1) * log_mean + p * x * np.log(x) - (p * x + q) * both
    by_p = x * (digamma(p * x + q) - digamma(p * x) + total - both)
    by_q = digamma(p * x + q) - digamma(q) + np.log(gamma) - both
    by_gamma = q - (p * x + q) * share
    slopes = np.array([p * weight @ by_p, q * weight @ by_q, weight @ by_gamma])
    return float(-weight @ fits), -slopes


def _covariance(logs: np.ndarray, cells: pd.DataFrame) -> np.ndarray | None:
    """Invert the curvature at the optimum; None where the likelihood does not fall to all sides."""
    moves = np.eye(len(logs)) * STEP
    rows = [
        (_loss(logs + one, cells)[1] - _loss(logs - one, cells)[1]) / (2 * STEP) for one in moves
    ]
    curvature = (np.array(rows) + np.array(rows).T) / 2 * cells.customers.sum()
    flat = not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature).min() <= 1e-6
    return None if flat else np.linalg.inv(curvature)
