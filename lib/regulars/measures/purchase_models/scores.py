"""Scores: what a fitted purchase model says of each cell, and of all customers together."""

from collections.abc import Callable, Mapping

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.special import expit, logit

from regulars.errors import ModelError
from regulars.measures.engine import table_of
from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, history
from regulars.measures.purchase_models.formulas import expected_purchases, p_alive

__all__ = ["expected_total", "join_scores", "p_alive_distribution", "p_alive_mean", "score"]

BINS = 20
STEP = 1e-4


def score(fitted: Fit, cells: pd.DataFrame, *, horizon_days: float) -> pd.DataFrame:
    """Add to each cell P(alive) and the purchase days to expect.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`.
    horizon_days : float
        How far to look ahead, in days.

    Returns
    -------
    pandas.DataFrame
        `cells` with p_alive (0 to 1) and expected_purchases (purchase days within the horizon).

    Raises
    ------
    ModelError
        If a prediction is not a number.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> scored = score(fit(few_cells(), model="bg_nbd"), few_cells(), horizon_days=90)
    >>> float(scored.p_alive[0])  # BG/NBD loses nobody before a second purchase
    1.0
    """
    scored = cells.assign(
        p_alive=_alive(fitted, fitted.values, cells),
        expected_purchases=_expected(fitted, fitted.values, cells, horizon_days=horizon_days),
    )
    if not np.isfinite(scored[["p_alive", "expected_purchases"]]).all(axis=None):
        raise ModelError(
            f"{fitted.model} gives no number for some customers; its parameters are too extreme. "
            "Withhold its predictions."
        )
    return scored


def join_scores(customers: ir.Table, scored: pd.DataFrame) -> ir.Table:
    """Give each customer the scores of the cell it is in; runs in the engine.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`, as of the same day as the scored cells.
    scored : pandas.DataFrame
        From `score`.

    Returns
    -------
    ibis.expr.types.Table
        `customers` with p_alive and expected_purchases.

    Examples
    --------
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann"], "repeat_days": [0],
    ...                                    "recency_age": [0], "age": [9]}))
    >>> from regulars.measures.purchase_models.cells import count_cells
    >>> scored = count_cells(customers).assign(p_alive=.5, expected_purchases=.1)
    >>> join_scores(customers, scored).p_alive.to_pyarrow().to_pylist()
    [0.5]
    """
    return customers.join(table_of(scored.drop(columns="customers")), CELL)


def p_alive_mean(fitted: Fit, cells: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """Estimate the mean P(alive) of the customers: the share who are still customers.

    The interval holds how unsure the parameters are (delta method, on the logit scale); it does not
    hold that the model itself may be wrong.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate
        A share; without an interval if it is 0 or 1.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> alive = p_alive_mean(fit(few_cells()), few_cells())
    >>> 0 < alive.low < alive.value < alive.high < 1
    True
    """

    def mean(params: np.ndarray) -> float:
        return float(np.average(_alive(fitted, params, cells), weights=cells.customers))

    return _delta(fitted, mean, n=int(cells.customers.sum()), scale=(logit, expit), level=level)


def expected_total(
    fitted: Fit, cells: pd.DataFrame, *, horizon_days: float, level: float = 0.95
) -> Estimate:
    """Estimate the purchase days to expect of all customers together.

    The interval is that of the expectation: how unsure the parameters are (delta method, on the log
    scale). The count that comes true scatters more than that, and the model may be wrong.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`.
    horizon_days : float
        How far to look ahead, in days.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate
        Purchase days within the horizon.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> total = expected_total(fit(few_cells()), few_cells(), horizon_days=90)
    >>> total.low < total.value < total.high
    True
    """

    def total(params: np.ndarray) -> float:
        return float(cells.customers @ _expected(fitted, params, cells, horizon_days=horizon_days))

    return _delta(fitted, total, n=int(cells.customers.sum()), scale=(np.log, np.exp), level=level)


def p_alive_distribution(scored: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count the customers by P(alive), in twenty steps of .05, for each model.

    Parameters
    ----------
    scored : mapping of str to pandas.DataFrame
        The model's name, and what `score` says by it: p_alive, customers.

    Returns
    -------
    pandas.DataFrame
        Twenty rows per model in the order given: name, p_alive_from (included), p_alive_to (only
        in the last step included), customers.

    Examples
    --------
    >>> scored = pd.DataFrame({"p_alive": [.02, .5, 1], "customers": [5, 3, 2]})
    >>> p_alive_distribution({"mbg_nbd": scored}).iloc[[0, 10, 19]]
           name  p_alive_from  p_alive_to  customers
    0   mbg_nbd          0.00        0.05          5
    10  mbg_nbd          0.50        0.55          3
    19  mbg_nbd          0.95        1.00          2
    """
    edges = np.arange(BINS + 1) / BINS
    steps = [
        pd.DataFrame(
            {
                "name": name,
                "p_alive_from": edges[:-1],
                "p_alive_to": edges[1:],
                "customers": np.histogram(frame.p_alive, bins=edges, weights=frame.customers)[0],
            }
        )
        for name, frame in scored.items()
    ]
    return pd.concat(steps, ignore_index=True).astype({"customers": "int64"})


def _alive(fitted: Fit, params: np.ndarray, cells: pd.DataFrame) -> np.ndarray:
    return p_alive(fitted.model, params, **history(fitted, cells))


def _expected(
    fitted: Fit, params: np.ndarray, cells: pd.DataFrame, *, horizon_days: float
) -> np.ndarray:
    horizon = ahead_in_unit(fitted, horizon_days)
    return expected_purchases(fitted.model, params, horizon=horizon, **history(fitted, cells))


def _delta(
    fitted: Fit,
    quantity: Callable[[np.ndarray], float],
    *,
    n: int,
    scale: tuple[Callable, Callable],
    level: float,
) -> Estimate:
    """Carry the covariance of the parameters over to a quantity of them, on the given scale."""
    params, (there, back) = np.array(fitted.values), scale
    value = quantity(params)
    if not value > 0 or not np.isfinite(there(value)):
        return Estimate(value, None, None, n)
    moves = np.diag(np.full(len(params), STEP))
    slopes = np.array(
        [
            (there(quantity(params * np.exp(move))) - there(quantity(params * np.exp(-move))))
            / (2 * STEP)
            for move in moves
        ]
    )
    reach = normal_quantile(level) * np.sqrt(slopes @ fitted.relative_covariance @ slopes)
    low, high = back(there(value) - reach), back(there(value) + reach)
    return Estimate(value, float(low), float(high), n)
