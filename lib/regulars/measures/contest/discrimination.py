"""Discrimination: whether those of whom a forecast expects most are those who come."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.ranking import auc, reached

__all__ = ["discrimination", "gains_curve", "top_tenth_lift"]

TOP = 0.1
STEPS = 20


def discrimination(predicted: Mapping[str, np.ndarray], cells: pd.DataFrame) -> pd.DataFrame:
    """Measure how well each forecast ranks the customers who bought before those who did not.

    Parameters
    ----------
    predicted : mapping of str to numpy.ndarray
        From `holdout.predictions`: a value for each row of `cells`.
    cells : pandas.DataFrame
        From `holdout.holdout_cells`.

    Returns
    -------
    pandas.DataFrame
        One row per forecast that differs between customers: name, auc, auc_low, auc_high, lift,
        lift_low, lift_high (see `ranking.auc` and `top_tenth_lift`), customers.

    Examples
    --------
    >>> cells = pd.DataFrame({"later": [0, 1], "customers": [30, 10]})
    >>> discrimination({"knows": np.array([0.0, 1.0])}, cells)[["name", "auc", "lift"]]
        name  auc  lift
    0  knows  1.0   4.0
    """
    bought, weights = cells.later.to_numpy() > 0, cells.customers.to_numpy(float)
    rows = []
    for name, values in predicted.items():
        if len(values) and np.ptp(values) > 0:
            ranked = auc(values, bought, weights=weights)
            lifted = top_tenth_lift(values, bought, weights=weights)
            rows.append({"name": name, **_row("auc", ranked), **_row("lift", lifted)})
    ends = [f"{one}{end}" for one in ("auc", "lift") for end in ("", "_low", "_high")]
    frame = pd.DataFrame(rows, columns=["name", *ends])
    return frame.astype(dict.fromkeys(ends, "float64")).assign(customers=int(weights.sum()))


def top_tenth_lift(values: np.ndarray, bought: np.ndarray, *, weights: np.ndarray) -> Estimate:
    """Estimate how many times likelier to buy the tenth is of whom most is expected.

    Parameters
    ----------
    values, bought, weights
        As in `ranking.auc`.

    Returns
    -------
    Estimate
        The share who bought in the top tenth by that of all; where the tenth ends among customers
        with the same value, the same part of each of them belongs to it. Interval on the log scale.

    Examples
    --------
    >>> values, weights = np.array([1.0, 2.0]), np.array([90.0, 10.0])
    >>> top_tenth_lift(values, np.array([False, True]), weights=weights).value
    10.0
    """
    n = weights.sum()
    inside = weights * _in_top(values, weights, TOP * n)
    top, rest = (float(part @ bought) for part in (inside, weights - inside))
    if not top + rest:
        return Estimate(np.nan, None, None, int(n))
    shares = top / (TOP * n), rest / ((1 - TOP) * n)
    of_all = (top + rest) / n
    value = float(shares[0] / of_all)
    if not 0 < shares[0] < 1 or not rest:
        return Estimate(value, None, None, int(n))
    slopes = 1 / shares[0] - TOP / of_all, (1 - TOP) / of_all
    variances = (p * (1 - p) / (part * n) for p, part in zip(shares, (TOP, 1 - TOP), strict=True))
    error = np.sqrt(sum(s**2 * v for s, v in zip(slopes, variances, strict=True)))
    factor = float(np.exp(normal_quantile(0.95) * error))
    return Estimate(value, value / factor, value * factor, int(n))


def gains_curve(predicted: Mapping[str, np.ndarray], cells: pd.DataFrame) -> pd.DataFrame:
    """Add up the purchase days that came, from the customers of whom most was expected on.

    Parameters
    ----------
    predicted, cells
        As in `discrimination`.

    Returns
    -------
    pandas.DataFrame
        Twenty-one rows per forecast: name, customers_share (0, .05, … 1), purchases_share (of the
        purchase days in the holdout, those of so many customers); none if nobody bought.

    Examples
    --------
    >>> cells = pd.DataFrame({"later": [0, 1], "customers": [30, 10]})
    >>> float(gains_curve({"knows": np.array([0.0, 1.0])}, cells).purchases_share[5])
    1.0
    """
    weights = cells.customers.to_numpy(float)
    came = weights * cells.later.to_numpy(float)
    steps = np.arange(STEPS + 1) / STEPS
    frames = [pd.DataFrame(columns=["name", "customers_share", "purchases_share"])]
    for name, values in predicted.items():
        if came.sum() and np.ptp(values) > 0:
            share = reached(values, came, weights=weights, shares=steps)
            frame = {"name": name, "customers_share": steps, "purchases_share": share}
            frames.append(pd.DataFrame(frame))
    return pd.concat(frames[1:] or frames, ignore_index=True)


def _row(name: str, estimate: Estimate) -> dict[str, float | None]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def _in_top(values: np.ndarray, weights: np.ndarray, size: float) -> np.ndarray:
    """Return which part of each row belongs to the customers with the largest values."""
    ranks, places = np.unique(-values, return_inverse=True)
    at = np.bincount(places, weights, len(ranks))
    before = at.cumsum() - at
    return np.clip((size - before) / at, 0, 1)[places]
