"""The likelihood of BG/NBD and MBG/NBD with its gradient, over distinct values.

``ln L = Σ w [ln Γ(r + x) − ln Γ(r) + r ln α + ln B(a, b + y) − ln B(a, b) − (r + x) ln(α + T)
+ ln(1 + a / (b + y − 1) · ((α + T) / (α + t))^(r + x))]`` with w customers, t the recency age and y
the chances to stop that were not taken; y = 0 has no last term (Fader, Hardie & Lee 2005, eq. 6;
Batislam et al. 2007). All but the last term needs only the customers with equal x, or equal T, and
the logarithms of the last are taken once for each distinct time.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import betaln, digamma, expit, gammaln

from regulars.measures.purchase_models.beta_geometric import survived

__all__ = ["beta_geometric_likelihood"]

Likelihood = Callable[[np.ndarray], tuple[float, np.ndarray]]


def beta_geometric_likelihood(cells: pd.DataFrame, *, model: str) -> Likelihood:
    """Return the log-likelihood of cells as a function of ln r, ln α, ln a, ln b.

    Parameters
    ----------
    cells : pandas.DataFrame
        repeat_days, recency_age and age (in any unit of time), customers.
    model : {"bg_nbd", "mbg_nbd"}

    Returns
    -------
    callable
        Gives the log-likelihood and its four slopes.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> value, slopes = beta_geometric_likelihood(few_cells(), model="mbg_nbd")(np.zeros(4))
    >>> round(value, 3), slopes.round(3).tolist()
    (-914.342, [-129.37, 39.062, 4.158, -8.423])
    """
    purchases, ages = _Sums(cells, "repeat_days"), _Sums(cells, "age")
    passed = survived(model, purchases.at)
    open_cells = cells if model == "mbg_nbd" else cells[cells.repeat_days > 0]
    last_term = _last_term(open_cells, model=model)

    def likelihood(logs: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = params = np.exp(logs)
        x, later = purchases.at, np.log(alpha + ages.at)
        value = (
            purchases.customers
            @ (gammaln(r + x) - gammaln(r) + r * logs[1] + betaln(a, b + passed) - betaln(a, b))
            - (r * ages.customers + ages.purchases) @ later
        )
        together = digamma(a + b) - digamma(a + b + passed)
        slopes = [
            purchases.customers @ (digamma(r + x) - digamma(r) + logs[1]) - ages.customers @ later,
            purchases.customers.sum() * r / alpha
            - (r * ages.customers + ages.purchases) @ (1 / (alpha + ages.at)),
            purchases.customers @ together,
            purchases.customers @ (together + digamma(b + passed) - digamma(b)),
        ]
        more, more_slopes = last_term(params)
        return float(value + more), (np.array(slopes) + more_slopes) * params

    return likelihood


class _Sums:
    """The customers and their purchases at each distinct value of a column."""

    def __init__(self, cells: pd.DataFrame, column: str) -> None:
        where, values = pd.factorize(cells[column])
        customers, purchases = cells.customers, cells.customers * cells.repeat_days
        self.at = np.asarray(values, float)
        self.customers = np.bincount(where, customers, len(values))
        self.purchases = np.bincount(where, purchases, len(values))


def _last_term(cells: pd.DataFrame, *, model: str) -> Likelihood:
    """Return the sum of the last terms, as a function of the parameters themselves."""
    columns = (cells[name] for name in ("repeat_days", "recency_age", "age"))
    (of_x, xs), (of_last, lasts), (of_age, ages) = (pd.factorize(column) for column in columns)
    xs, lasts, ages = (np.asarray(values, float) for values in (xs, lasts, ages))
    customers, chances = cells.customers.to_numpy(float), survived(model, xs) - 1

    def last_term(params: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = params
        power, silent = (
            (r + xs)[of_x],
            np.log(alpha + ages)[of_age] - np.log(alpha + lasts)[of_last],
        )
        odds = np.log(a / (b + chances))[of_x] + power * silent
        gone = customers * expit(odds)
        nearer = (1 / (alpha + ages))[of_age] - (1 / (alpha + lasts))[of_last]
        by_x = np.bincount(of_x, gone, len(xs))
        slopes = [_dot(gone, silent), np.einsum("i,i,i->", gone, power, nearer)]
        slopes += [by_x.sum() / a, -by_x @ (1 / (b + chances))]
        return float(_dot(customers, np.logaddexp(0, odds))), np.array(slopes)

    return last_term


def _dot(left: np.ndarray, right: np.ndarray) -> float:
    # `@` would spread so short a sum over threads that wait for each other on a busy machine.
    return np.einsum("i,i->", left, right)
