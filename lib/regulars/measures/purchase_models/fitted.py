"""A fitted purchase model: its parameters, how sure they are, and the unit of time they are in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.purchase_models.clock import Clock

__all__ = ["Fit", "ahead_in_unit", "days_ahead", "history", "in_unit", "season_of_rules"]


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
    clock : Clock or None
        The season that its time runs by, seen from the last day it was fitted to; None if its days
        are those of the calendar. Histories and horizons are given in days of the calendar either
        way: `history` and `ahead_in_unit` turn them.
    """

    model: str
    params: dict[str, float]
    unit_days: float
    covariance: pd.DataFrame
    log_likelihood: float
    customers: int
    penalty: float = 0.0
    doubts: tuple[str, ...] = ()
    clock: Clock | None = None

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
    """Turn days, of the season where the fit has one, into the unit of time of a fit.

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


def ahead_in_unit(fitted: Fit, days: float | np.ndarray) -> float | np.ndarray:
    """Turn days of the calendar, counted from the last day known, into the unit of time of a fit.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> ahead_in_unit(fit(few_cells()), 91)
    13.0
    """
    return in_unit(fitted, fitted.clock.ahead(days) if fitted.clock else days)


def days_ahead(fitted: Fit, time: np.ndarray) -> np.ndarray:
    """Turn times of a fit, counted from the last day known, into days of the calendar."""
    days = time * fitted.unit_days
    return fitted.clock.calendar_days(days) if fitted.clock else days


def season_of_rules(
    fits: Sequence[Fit], cells: pd.DataFrame, days: float
) -> tuple[pd.DataFrame, float]:
    """Tell plain rules of the season what the models know of it, so that it does not decide.

    Parameters
    ----------
    fits : sequence of Fit
        All fitted to the same customers; may be empty.
    cells : pandas.DataFrame
        From `holdout.holdout_cells`.
    days : float
        Days ahead.

    Returns
    -------
    pandas.DataFrame and float
        The same cells and days, in season days if the fits are.

    Examples
    --------
    >>> cells = pd.DataFrame({"recency_age": [0], "age": [30]})
    >>> season_of_rules([], cells, 90)[1]
    90
    """
    clock = fits[0].clock if fits else None
    return (clock.moved(cells), float(clock.ahead(days))) if clock else (cells, days)


def history(fitted: Fit, cells: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the histories of cells as the formulas take them, times in the unit of the fit.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`: repeat_days, recency_age, age (days), as of the last day the fit
        knew.

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
    cells = fitted.clock.moved(cells) if fitted.clock else cells
    return {
        "repeat_days": cells.repeat_days.to_numpy(),
        "recency_age": in_unit(fitted, cells.recency_age.to_numpy()),
        "age": in_unit(fitted, cells.age.to_numpy()),
    }
