"""The shifted beta-geometric: each contract ends at a renewal with a chance of its own.

The chances differ between contracts as a beta distribution with α and β says. A contract that has
been renewed m times and then ended (e = 1) or still runs (e = 0) has the likelihood
``B(α + e, β + m) / B(α, β)`` (Fader & Hardie 2007, Journal of Interactive Marketing 21(1), 76-90,
equations 5 and 6), so that counts of contracts by m and e are all it needs.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, digamma, polygamma

from regulars.errors import ModelError
from regulars.measures.intervals import Estimate, normal_quantile

__all__ = [
    "RenewalFit",
    "draws_of",
    "fit_renewals",
    "log_likelihood",
    "retention_rate",
    "survival",
]

LEAST_ENDED = 10
LARGEST = 1000.0  # of α + β: beyond it the contracts differ by nothing that can be seen
STARTS = ((0.0, 1.0), (-1.0, 0.0), (1.0, 3.0), (-2.0, -1.0))


@dataclass(frozen=True, eq=False)
class RenewalFit:
    """α and β that suit the contracts best, and how sure they are.

    Parameters
    ----------
    alpha, beta : float
    covariance : numpy.ndarray
        Of their logarithms, 2 × 2: the inverse of the Hessian.
    log_likelihood : float
    contracts, ended : int
        How many it was fitted on.
    """

    alpha: float
    beta: float
    covariance: np.ndarray
    log_likelihood: float
    contracts: int
    ended: int

    @property
    def params(self) -> tuple[float, float]:
        """α and β."""
        return self.alpha, self.beta

    @property
    def estimates(self) -> dict[str, Estimate]:
        """α and β, each with its 95 % interval, made on the log scale."""
        reach = np.exp(normal_quantile(0.95) * np.sqrt(np.diag(self.covariance)))
        pairs = zip(("alpha", "beta"), self.params, reach, strict=True)
        return {
            name: Estimate(value, float(value / by), float(value * by), self.contracts)
            for name, value, by in pairs
        }


def survival(params: tuple, periods: np.ndarray | int) -> np.ndarray:
    """Return the share of new contracts that come through so many renewals.

    Parameters
    ----------
    params : tuple
        α and β, or arrays of them that broadcast with `periods`.
    periods : array or int
        Whole periods, from 0.

    Notes
    -----
    ``B(α, β + t) / B(α, β)``, Fader & Hardie (2007), equation 6.

    Examples
    --------
    >>> survival((.668, 3.806), np.array([0, 1, 12])).round(3).tolist()
    [1.0, 0.851, 0.378]
    """
    alpha, beta = params
    return np.exp(betaln(alpha, beta + np.asarray(periods, dtype=float)) - betaln(alpha, beta))


def retention_rate(params: tuple, period: np.ndarray | int) -> np.ndarray:
    """Return the share of the contracts that reach a renewal which are renewed.

    Parameters
    ----------
    params : tuple
        As for `survival`.
    period : array or int
        Which renewal, from 1.

    Notes
    -----
    ``(β + t − 1) / (α + β + t − 1)``, Fader & Hardie (2007), equation 8. It rises with t although
    no contract's own chance changes.

    Examples
    --------
    >>> retention_rate((1, 4), np.array([1, 2, 10])).round(3).tolist()
    [0.8, 0.833, 0.929]
    """
    alpha, beta = params
    before = np.asarray(period, dtype=float) - 1
    return (beta + before) / (alpha + beta + before)


def log_likelihood(params: tuple[float, float], counts: pd.DataFrame) -> float:
    """Return the logarithm of how likely such contracts are.

    Parameters
    ----------
    params : tuple of float
        α and β.
    counts : pandas.DataFrame
        From `lives.count_lives`: periods, ended, contracts.

    Examples
    --------
    >>> counts = pd.DataFrame({"periods": [1, 3], "ended": [True, False], "contracts": [2, 5]})
    >>> round(log_likelihood((1, 1), counts), 4)  # 2 ln 1/2 + 5 ln 1/4
    -8.3178
    """
    renewed, ended, contracts = _sufficient(counts)
    return float(_slopes(np.log(params), renewed, ended, contracts)[0])


def fit_renewals(counts: pd.DataFrame) -> RenewalFit:
    """Fit α and β by maximum likelihood.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`: periods, ended, contracts; of one plan or of all.

    Returns
    -------
    RenewalFit

    Raises
    ------
    ModelError
        If fewer than 10 contracts have ended, none was ever renewed, or the contracts do not tell
        how they differ.

    Examples
    --------
    >>> lost = [131, 126, 90, 60, 42, 34, 26]
    >>> counts = pd.DataFrame({"periods": [*range(1, 8), 7], "ended": [True] * 7 + [False],
    ...                        "contracts": [*lost, 491]})
    >>> fitted = fit_renewals(counts)
    >>> round(fitted.alpha, 3), round(fitted.beta, 3), round(fitted.log_likelihood, 2)
    (0.668, 3.806, -1611.16)
    """
    cells = _sufficient(counts)
    _check_enough(*cells)
    for start in STARTS:
        found = minimize(
            lambda at: -_slopes(at, *cells)[0],
            np.array(start),
            jac=lambda at: -_slopes(at, *cells)[1],
            hess=lambda at: -_slopes(at, *cells)[2],
            method="trust-exact",
        )
        value, slope, curve = _slopes(found.x, *cells)
        if _is_clear(found.x, slope, curve):
            alpha, beta = map(float, np.exp(found.x))
            covariance = np.linalg.inv(-curve)
            sizes = (int(cells[2].sum()), int(cells[2] @ cells[1]))
            return RenewalFit(alpha, beta, covariance, float(value), *sizes)
    raise ModelError(
        f"The {int(cells[2].sum()):,} contracts do not tell how they differ in their chance to "
        "end, so nothing is predicted. Wait for more renewals."
    )


def draws_of(fitted: RenewalFit, n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw α and β as far as they are unsure: normal in their logarithms.

    Returns
    -------
    tuple of numpy.ndarray
        n values of α and n of β, each a column, so that they broadcast with periods.

    Examples
    --------
    >>> fitted = RenewalFit(1.0, 4.0, np.eye(2) / 100, -10.0, 100, 50)
    >>> alpha, beta = draws_of(fitted, 1000, seed=1)
    >>> alpha.shape, round(float(np.median(beta)), 1)
    ((1000, 1), 4.0)
    """
    rng = np.random.default_rng(seed)
    at = rng.multivariate_normal(np.log(fitted.params), fitted.covariance, size=n)
    alpha, beta = np.exp(at).T
    return alpha[:, None], beta[:, None]


def _sufficient(counts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return renewals made, 1 where ended, and the contracts, as arrays of float."""
    ended = counts.ended.to_numpy(float)
    return counts.periods.to_numpy(float) - ended, ended, counts.contracts.to_numpy(float)


def _check_enough(renewed: np.ndarray, ended: np.ndarray, contracts: np.ndarray) -> None:
    gone = int(contracts @ ended)
    if gone < LEAST_ENDED:
        raise ModelError(
            f"Fewer than {LEAST_ENDED} contracts have ended, which is too few to say how contracts "
            "end, so nothing is predicted. Wait for more renewals."
        )
    if not contracts @ renewed:
        raise ModelError(
            "No contract was ever renewed, so nothing can be said of later renewals, and nothing "
            "is predicted. Check in what periods contracts are renewed."
        )


def _slopes(
    at: np.ndarray, renewed: np.ndarray, ended: np.ndarray, contracts: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log-likelihood, its gradient and its Hessian, in ln α and ln β."""
    alpha, beta = scale = np.exp(at)
    after, total = (alpha + ended, beta + renewed), alpha + beta
    value = contracts @ (betaln(*after) - betaln(alpha, beta))
    first, second = (
        [[f(new) - f(old) for new, old in zip(after, scale, strict=True)], f(total) - f(sum(after))]
        for f in (digamma, _trigamma)
    )
    slope = scale * np.array([contracts @ (own + first[1]) for own in first[0]])
    curve = np.full((2, 2), contracts @ second[1])
    curve += np.diag([contracts @ own for own in second[0]])
    return float(value), slope, curve * np.outer(scale, scale) + np.diag(slope)


def _trigamma(x: np.ndarray) -> np.ndarray:
    return polygamma(1, x)


def _is_clear(at: np.ndarray, slope: np.ndarray, curve: np.ndarray) -> bool:
    """Say whether the likelihood falls to every side, and the parameters have not run away."""
    if not (np.isfinite(at).all() and np.exp(at).sum() < LARGEST and np.abs(slope).max() < 1e-3):
        return False
    return bool(np.linalg.eigvalsh(-curve).min() > 1e-6)
