"""Purchase models fitted on cells, by maximum likelihood, or a sentence that says why not.

A cell is all that a purchase model has to know of a customer: (repeat_days, recency_age, age). The
engine counts how many customers share each, the models are fitted on those counts, and the engine
joins the scores back, so nothing here grows with the number of customers.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.purchase_models.clock import Clock
from regulars.measures.purchase_models.diagnosis import check_histories, no_optimum
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.formulas import MODELS, NAMES
from regulars.measures.purchase_models.ladder import (
    TIMES,
    is_plain,
    ladder,
    likelihood_of,
    penalised,
)
from regulars.measures.purchase_models.search import Objective, Optimum, search
from regulars.model_names import MODEL_NAMES

__all__ = ["Fit", "fit", "fit_models", "refit"]


def fit(
    cells: pd.DataFrame,
    *,
    model: str = "mbg_nbd",
    unit_days: float = 7,
    clock: Clock | None = None,
) -> Fit:
    """Fit a purchase model by maximum likelihood, each cell weighing as many as are in it.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cells.count_cells`: repeat_days, recency_age, age (days), customers.
    model : {"mbg_nbd", "bg_nbd", "pareto_nbd"}
        See `formulas`.
    unit_days : float
        Days in the unit of time that alpha and beta are given in.
    clock : Clock, optional
        The season that its time is to run by, seen from the day that the cells are as of.

    Returns
    -------
    Fit

    Raises
    ------
    ModelError
        If fewer than 20 customers bought again, they buy nearly daily, they are nearly alike, or
        no parameters are clearly the best.

    Notes
    -----
    The search runs over the logarithms of the parameters, from several starts, with analytic
    slopes. If parameters run away although the likelihood hardly rises, it runs again with a small
    penalty on the shape parameters; the fit then says so in `penalty` and `doubts`. The covariance
    is the inverse Hessian in the logarithms, carried over by the delta method.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> sorted(fit(few_cells()).params)
    ['a', 'alpha', 'b', 'r']
    """
    if model not in MODELS:
        raise ValueError(f"Expected a model of {', '.join(MODELS)}, found {model!r}.")
    cells = clock.moved(cells) if clock else cells
    check_histories(cells)
    scale = _scale(cells)
    scaled = _in_unit(cells, scale)
    likelihood = likelihood_of(scaled, model=model)
    best, penalty = ladder(cells, scaled, likelihood, model=model)
    units = (scale, unit_days)
    found = _fit_of(best, penalty, likelihood, cells=cells, model=model, units=units)
    return replace(found, clock=clock)


def fit_models(
    cells: pd.DataFrame,
    *,
    models: Iterable[str] = ("bg_nbd", "mbg_nbd"),
    unit_days: float = 7,
    clock: Clock | None = None,
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
    clock : Clock, optional
        See `fit`.

    Returns
    -------
    tuple of dict and list
        Each model that could be fitted, by name; and a sentence for each that could not, and for
        each doubt about those that could.

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
            fits[model] = fit(cells, model=model, unit_days=unit_days, clock=clock)
            reasons += fits[model].doubts
        except ModelError as error:
            reasons.append(str(error))
    # One cause may stop all models; it is said once.
    return fits, list(dict.fromkeys(reasons))


def refit(fitted: Fit, cells: pd.DataFrame) -> Fit:
    """Fit the same model to other customers, beginning where it ended before.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`, or the same cells with other customers.

    Returns
    -------
    Fit

    Raises
    ------
    ModelError
        If no parameters are clearly the best.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> fitted = fit(few_cells())
    >>> twice = refit(fitted, few_cells().assign(customers=few_cells().customers * 2))
    >>> round(twice.log_likelihood / fitted.log_likelihood, 6)
    2.0
    """
    cells = fitted.clock.moved(cells) if fitted.clock else cells
    scale, model = _scale(cells), fitted.model
    likelihood = likelihood_of(_in_unit(cells, scale), model=model)
    start = np.log(fitted.values)
    start[TIMES[model]] -= np.log(scale / fitted.unit_days)
    best = search(penalised(likelihood, model, fitted.penalty), start)
    if not is_plain(best, model):
        raise no_optimum(model, cells)
    units = (scale, fitted.unit_days)
    found = _fit_of(best, fitted.penalty, likelihood, cells=cells, model=model, units=units)
    return replace(found, clock=fitted.clock)


def _fit_of(
    best: Optimum,
    penalty: float,
    likelihood: Objective,
    *,
    cells: pd.DataFrame,
    model: str,
    units: tuple[float, float],
) -> Fit:
    scale, unit_days = units
    logs = best.logs.copy()
    logs[TIMES[model]] += np.log(scale / unit_days)
    params, names = np.exp(logs), list(NAMES[model])
    covariance = np.linalg.inv(best.curved) * np.outer(params, params)
    # A density of times in another unit: each purchase brings a factor of its length.
    purchases = float(cells.repeat_days @ cells.customers)
    value = likelihood(best.logs)[0] - purchases * np.log(scale / unit_days)
    return Fit(
        model=model,
        params=dict(zip(names, map(float, params), strict=True)),
        unit_days=unit_days,
        covariance=pd.DataFrame(covariance, index=names, columns=names),
        log_likelihood=float(value),
        customers=int(cells.customers.sum()),
        penalty=penalty,
        doubts=_doubts(model, penalty),
    )


def _doubts(model: str, penalty: float) -> tuple[str, ...]:
    if not penalty:
        return ()
    return (
        f"{MODEL_NAMES[model]} was fitted with a small penalty (weight {penalty:g}) on extreme "
        "parameters, since very different ones suit these customers nearly as well; read its "
        "parameters with caution.",
    )


def _scale(cells: pd.DataFrame) -> float:
    """Return the mean age: in it, no parameter is far from 1."""
    return max(float(np.average(cells.age, weights=cells.customers)), 1e-9)


def _in_unit(cells: pd.DataFrame, days: float) -> pd.DataFrame:
    return cells.assign(recency_age=cells.recency_age / days, age=cells.age / days)
