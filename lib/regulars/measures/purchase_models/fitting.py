"""Churn: purchase models, fitted on cells.

A cell is all that a purchase model has to know of a customer: (repeat_days, recency_age, age). The
engine counts how many customers share each, lifetimes fits on those counts, and the engine joins
the scores back, so nothing here grows with the number of customers.
"""

import io
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.purchase_models.formulas import MODELS

with warnings.catch_warnings():
    # On import lifetimes sets a pandas option that pandas 3 calls deprecated, and silences every
    # FutureWarning for the whole process.
    warnings.simplefilter("ignore", DeprecationWarning)
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter
    from lifetimes.utils import ConvergenceError

__all__ = [
    "Fit",
    "fit",
    "fit_models",
]

NAMES = ("r", "alpha", "a", "b")
FITTERS = {"bg_nbd": BetaGeoFitter, "mbg_nbd": ModifiedBetaGeoFitter}
# Logarithms of all four parameters. The first is lifetimes' own; in about one simulated shop in
# fifty its search stops in rounding errors beside an optimum that another start finds.
STARTS = (0.1, 0.0, -1.0, 1.0)
FEWEST_REPEATERS = 20
LARGEST = 1000.0


@dataclass(frozen=True, eq=False)
class Fit:
    """A purchase model with the parameters that suit the customers best.

    Parameters
    ----------
    model : {"bg_nbd", "mbg_nbd"}
    params : dict of str to float
        r, alpha (in units of time), a, b.
    unit_days : float
        Days in a unit of time; 7 for weeks.
    covariance : pandas.DataFrame
        Of the parameters, 4 × 4, with their names on both axes.
    log_likelihood : float
        Of all customers, with times in units.
    customers : int
        How many it was fitted on.
    """

    model: str
    params: dict[str, float]
    unit_days: float
    covariance: pd.DataFrame
    log_likelihood: float
    customers: int

    @property
    def standard_errors(self) -> dict[str, float]:
        """The standard error of each parameter."""
        errors = np.sqrt(np.diag(self.covariance))
        return dict(zip(NAMES, map(float, errors), strict=True))

    @property
    def estimates(self) -> dict[str, Estimate]:
        """Each parameter with its 95 % interval, made on the log scale since all are above zero."""
        z = normal_quantile(0.95)
        estimates = {}
        for name, value in self.params.items():
            factor = float(np.exp(z * self.standard_errors[name] / value))
            estimates[name] = Estimate(value, value / factor, value * factor, self.customers)
        return estimates


def fit(cells: pd.DataFrame, *, model: str = "mbg_nbd", unit_days: float = 7) -> Fit:
    """Fit a purchase model by maximum likelihood, each cell weighing as many as are in it.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cells.count_cells`: repeat_days, recency_age, age (days), customers.
    model : {"mbg_nbd", "bg_nbd"}
        See `purchase_models`.
    unit_days : float
        Days in the unit of time that alpha is given in.

    Returns
    -------
    Fit

    Raises
    ------
    ModelError
        If fewer than 20 customers bought again, or no parameters are clearly the best.

    Notes
    -----
    lifetimes fits on ages divided by the oldest and keeps the mean of the likelihood; the
    logarithm of the likelihood is ``−n · mean + Σ x · ln(scale)``. Of its covariance the
    variances are right and the rest is not: it multiplies the inverse Hessian in the logarithms of
    the parameters by p_j², where the delta method asks for p_i p_j. It is put right here.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> sorted(fit(few_cells()).params)
    ['a', 'alpha', 'b', 'r']
    """
    if model not in FITTERS:
        raise ValueError(f"Expected a model of {', '.join(MODELS)}, found {model!r}.")
    _check_enough(cells)
    fitter = _optimum(cells, model=model, unit_days=unit_days)
    params = fitter.params_
    purchases = float((cells.repeat_days * cells.customers).sum())
    customers = int(cells.customers.sum())
    mean = fitter._negative_log_likelihood_
    return Fit(
        model=model,
        params={name: float(params[name]) for name in NAMES},
        unit_days=unit_days,
        covariance=_covariance(fitter),
        log_likelihood=float(-customers * mean + purchases * np.log(fitter._scale)),
        customers=customers,
    )


def fit_models(
    cells: pd.DataFrame, *, models: Iterable[str] = ("bg_nbd", "mbg_nbd"), unit_days: float = 7
) -> tuple[dict[str, Fit], list[str]]:
    """Fit several models; a model that cannot be fitted gives its reason instead.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cells.count_cells`.
    models : iterable of str
        Their names, see `fit`.
    unit_days : float
        Days in the unit of time that alpha is given in.

    Returns
    -------
    tuple of dict and list
        Each model that could be fitted, by name; and a sentence for each that could not.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> fits, reasons = fit_models(few_cells())
    >>> list(fits), reasons
    (['bg_nbd', 'mbg_nbd'], [])
    """
    fits, reasons = {}, []
    for model in models:
        try:
            fits[model] = fit(cells, model=model, unit_days=unit_days)
        except ModelError as error:
            reasons.append(str(error))
    return fits, reasons


def _check_enough(cells: pd.DataFrame) -> None:
    repeaters = int(cells.customers[cells.repeat_days > 0].sum())
    if repeaters < FEWEST_REPEATERS:
        raise ModelError(
            f"A purchase model needs at least {FEWEST_REPEATERS} customers who bought again, and "
            f"there are {repeaters} of {int(cells.customers.sum()):,}. Withhold it, or take a "
            "longer calibration period."
        )


def _optimum(cells: pd.DataFrame, *, model: str, unit_days: float) -> BetaGeoFitter:
    """Return the fitter at the first start that leads to a clear optimum."""
    for start in STARTS:
        fitter = FITTERS[model](penalizer_coef=0.0)
        try:
            with _quiet():
                fitter.fit(
                    cells.repeat_days.to_numpy(),
                    cells.recency_age.to_numpy() / unit_days,
                    cells.age.to_numpy() / unit_days,
                    weights=cells.customers.to_numpy(),
                    initial_params=np.full(len(NAMES), start),
                )
        except (ConvergenceError, np.linalg.LinAlgError):
            continue
        if _is_clear(fitter):
            return fitter
    raise ModelError(
        f"{model} finds no parameters that are clearly the best for these "
        f"{int(cells.customers.sum()):,} customers. That happens when hardly anybody stops buying, "
        "or when nearly all have the same history. Withhold it."
    )


def _is_clear(fitter: BetaGeoFitter) -> bool:
    """Say whether the likelihood falls to every side, and no parameter has run away."""
    covariance, params = _covariance(fitter).to_numpy(), fitter.params_.to_numpy()
    if not (np.isfinite(covariance).all() and np.isfinite(params).all()):
        return False
    curved = np.linalg.eigvalsh(covariance / np.outer(params, params)).min() > 0
    return bool(curved and fitter.params_[["r", "a", "b"]].max() < LARGEST)


def _covariance(fitter: BetaGeoFitter) -> pd.DataFrame:
    params = fitter.params_.to_numpy()
    return fitter.variance_matrix_ * params[:, None] / params[None, :]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep lifetimes' search to itself: it prints on failure, and overflows on the way."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        # lifetimes sets a filter of its own at every step; leaving the block takes it away again.
        warnings.simplefilter("ignore", RuntimeWarning)
        yield
