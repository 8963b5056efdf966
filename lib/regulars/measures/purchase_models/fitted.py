"""A fitted purchase model: its parameters, how sure they are, and the unit of time they are in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate, normal_quantile

__all__ = ["Fit", "history", "in_unit"]


@dataclass(frozen=True, eq=False)
class Fit:
    """A purchase model with the parameters that suit the customers best.

    Parameters
    ----------
    model : {"bg_nbd", "mbg_nbd", "pareto_nbd"}
    params : dict of str to float
        r, alpha, a, b; of Pareto/NBD r, alpha, s, beta. alpha and beta are in units of time.
    unit_days : float
        Days in a unit of time; 7 for weeks.
    covariance : pandas.DataFrame
        Of the parameters, 4 × 4, with their names on both axes.
    log_likelihood : float
        Of all customers, with times in units; without the penalty.
    customers : int
        How many it was fitted on.
    penalty : float
        Weight of the penalty without which no parameters were clearly the best; 0 if none was
        needed.
    doubts : tuple of str
        A sentence for each thing a reader should know before trusting the fit.
    """

    model: str
    params: dict[str, float]
    unit_days: float
    covariance: pd.DataFrame
    log_likelihood: float
    customers: int
    penalty: float = 0.0
    doubts: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """The parameters in the order that the formulas take them."""
        return tuple(self.params.values())

    @property
    def relative_covariance(self) -> np.ndarray:
        """The covariance of the logarithms of the parameters."""
        return self.covariance.to_numpy() / np.outer(self.values, self.values)

    @property
    def standard_errors(self) -> dict[str, float]:
        """The standard error of each parameter."""
        errors = np.sqrt(np.diag(self.covariance))
        return dict(zip(self.params, map(float, errors), strict=True))

    @property
    def estimates(self) -> dict[str, Estimate]:
        """Each parameter with its 95 % interval, made on the log scale since all are above zero."""
        z = normal_quantile(0.95)
        estimates = {}
        for name, value in self.params.items():
            factor = float(np.exp(z * self.standard_errors[name] / value))
            estimates[name] = Estimate(value, value / factor, value * factor, self.customers)
        return estimates


def in_unit(fitted: Fit, days: float | np.ndarray) -> float | np.ndarray:
    """Turn days into the unit of time of a fit; the one place where that is done.

    Parameters
    ----------
    fitted : Fit
    days : float or numpy.ndarray

    Returns
    -------
    float or numpy.ndarray

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> in_unit(fit(few_cells()), 91)
    13.0
    """
    return days / fitted.unit_days


def history(fitted: Fit, cells: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the histories of cells as the formulas take them, times in the unit of the fit.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`: repeat_days, recency_age, age (days).

    Returns
    -------
    dict of str to numpy.ndarray
        repeat_days, recency_age, age.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> history(fit(few_cells()), few_cells())["age"].round(2)[:2].tolist()
    [38.57, 38.57]
    """
    return {
        "repeat_days": cells.repeat_days.to_numpy(),
        "recency_age": in_unit(fitted, cells.recency_age.to_numpy()),
        "age": in_unit(fitted, cells.age.to_numpy()),
    }
