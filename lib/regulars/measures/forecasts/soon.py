"""Soon: what is to be expected of each cell in the days to come, and of typical customers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.forecasts.by_cell import alive_now, chance_to_buy, if_alive
from regulars.measures.forecasts.moments import buys_if_alive, expected_if_alive, wait_if_alive
from regulars.measures.purchase_models.draws import parameter_draws
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, days_ahead, history
from regulars.measures.purchase_models.formulas import p_alive

__all__ = [
    "WINDOW",
    "expectations",
    "next_purchase",
    "typical_expectations",
]

WINDOW = {"next_from": 0.1, "next_median": 0.5, "next_until": 0.9}


def expectations(fitted: Fit, cells: pd.DataFrame, *, horizons: Sequence[int]) -> pd.DataFrame:
    """Add to each cell how likely and how often it buys in the days to come, and when first.

    Give it to the customers in the engine with `scores.join_scores`.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`.
    horizons : sequence of int
        How far to look ahead (days), at least one.

    Returns
    -------
    pandas.DataFrame
        `cells` with p_alive; for each horizon, such as 30, buys_30 (chance of at least one purchase
        day within it) and expected_30 (purchase days to expect); expected_purchases (those of the
        longest horizon); and the columns of `next_purchase` within the longest horizon.

    Raises
    ------
    ModelError
        If a prediction is not a number.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> told = expectations(fit(few_cells()), few_cells(), horizons=[30, 90])
    >>> bool((told.buys_30 < told.buys_90).all()), bool((told.buys_90 <= told.p_alive).all())
    (True, True)
    """
    columns = {"p_alive": alive_now(fitted, cells)}
    for days in horizons:
        columns[f"buys_{days}"] = chance_to_buy(fitted, cells, days=days)
        columns[f"expected_{days}"] = columns["p_alive"] * if_alive(
            expected_if_alive, fitted, cells, days=days
        )
    told = cells.assign(**columns, expected_purchases=columns[f"expected_{max(horizons)}"])
    _check_numbers(fitted, told[[*columns, "expected_purchases"]])
    return next_purchase(fitted, told, within_days=max(horizons))


def next_purchase(fitted: Fit, cells: pd.DataFrame, *, within_days: int) -> pd.DataFrame:
    """Add to each cell the days in which the next purchase falls, if it comes within a horizon.

    Of those who buy again within the horizon, one in ten has done so by next_from, half by
    next_median, and nine in ten by next_until. Whether they do is another question: `chance_to_buy`
    answers it.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`.
    within_days : int
        The horizon (days).

    Returns
    -------
    pandas.DataFrame
        `cells` with next_from, next_median and next_until: whole days ahead, 1 the first of them.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> told = next_purchase(fit(few_cells()), few_cells(), within_days=365)
    >>> bool((told.next_from <= told.next_median).all() and (told.next_until <= 365).all())
    True
    """
    ends = {
        name: if_alive(wait_if_alive, fitted, cells, days=within_days, share=share)
        for name, share in WINDOW.items()
    }
    _check_numbers(fitted, pd.DataFrame(ends))
    # Time t of the model falls on the day that ends at the next whole number.
    return cells.assign(
        **{
            name: np.maximum(np.ceil(days_ahead(fitted, time) - 1e-9), 1).astype("int64")
            for name, time in ends.items()
        }
    )


def typical_expectations(
    fitted: Fit, typical: pd.DataFrame, *, horizons: Sequence[int], seed: int, draws: int = 400
) -> pd.DataFrame:
    """Tell of a few histories how likely and how often they buy, with 95 % intervals.

    The intervals hold how unsure the parameters are: they are where 95 % of the draws from their
    estimated distribution lie. They do not hold what chance does to one customer.

    Parameters
    ----------
    fitted : Fit
    typical : pandas.DataFrame
        From `cells.typical_histories`.
    horizons : sequence of int
        How far to look ahead (days).
    seed : int
        Of the draws.
    draws : int
        How many.

    Returns
    -------
    pandas.DataFrame
        What `expectations` says of them, and p_alive_low, p_alive_high, and likewise buys_30_low,
        buys_30_high, expected_30_low, expected_30_high for each horizon.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> told = typical_expectations(fit(few_cells()), few_cells(), horizons=[90], seed=1)
    >>> bool((told.buys_90_low < told.buys_90).all() and (told.buys_90 < told.buys_90_high).all())
    True
    """
    told = expectations(fitted, typical, horizons=horizons)
    names = ["p_alive", *(f"{what}_{days}" for days in horizons for what in ("buys", "expected"))]
    drawn = [
        _drawn(fitted, params, typical, horizons=horizons)
        for params in parameter_draws(fitted, draws, seed=seed)
    ]
    ends = np.nanquantile(np.array(drawn), [0.025, 0.975], axis=0)
    for name, low, high in zip(names, *ends, strict=True):
        told[f"{name}_low"], told[f"{name}_high"] = low, high
    return told


def _drawn(
    fitted: Fit, params: np.ndarray, cells: pd.DataFrame, *, horizons: Sequence[int]
) -> list[np.ndarray]:
    pairs = history(fitted, cells)
    alive = p_alive(fitted.model, params, **pairs)
    del pairs["recency_age"]
    told = [
        alive * what(fitted.model, params, horizon=ahead_in_unit(fitted, days), **pairs)
        for days in horizons
        for what in (buys_if_alive, expected_if_alive)
    ]
    return [alive, *told]


def _check_numbers(fitted: Fit, numbers: pd.DataFrame) -> None:
    if not np.isfinite(numbers).all(axis=None):
        raise ModelError(
            f"{fitted.model} gives no number for some customers; its parameters are too extreme. "
            "Withhold its predictions."
        )
