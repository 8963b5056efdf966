"""Diagnosis: why a purchase model cannot be fitted, in a sentence that names the cause."""

import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.purchase_models.cells import CELL
from regulars.model_names import MODEL_NAMES
from regulars.small_groups import told

__all__ = ["FEWEST_REPEATERS", "check_histories", "no_optimum"]

FEWEST_REPEATERS = 20
SATURATED = 0.5  # purchase days per day: the models let a day have more than one purchase
FEWEST_HISTORIES = 5  # one more than a model has parameters
ALIKE = 0.95


def check_histories(cells: pd.DataFrame) -> None:
    """Refuse customers whose histories cannot tell a purchase model's parameters.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cells.count_cells`: repeat_days, recency_age, age (days), customers.

    Raises
    ------
    ModelError
        With too few who bought again, near-daily buyers, or nearly equal histories.

    Examples
    --------
    >>> daily = pd.DataFrame({"repeat_days": [40, 50, 60, 70, 80], "age": 99, "customers": 20,
    ...                       "recency_age": [49, 60, 71, 80, 95]})
    >>> check_histories(daily)
    Traceback (most recent call last):
    ...
    regulars.errors.ModelError: These customers buy on 85 % of all days ...
    """
    repeaters = cells[cells.repeat_days > 0]
    _check_repeaters(int(repeaters.customers.sum()), int(cells.customers.sum()))
    _check_alike(cells, repeaters)
    _check_daily(repeaters)


def no_optimum(model: str, cells: pd.DataFrame, *, alive: float | None = None) -> ModelError:
    """Return the error of a search that found no parameters that are clearly the best.

    Parameters
    ----------
    model : str
    cells : pandas.DataFrame
        From `cells.count_cells`.
    alive : float, optional
        Mean P(alive) at the best that was found.

    Returns
    -------
    ModelError

    Examples
    --------
    >>> cells = pd.DataFrame({"customers": [500]})
    >>> print(no_optimum("bg_nbd", cells, alive=.999))  # doctest: +ELLIPSIS
    BG/NBD finds no parameters that are clearly the best for these 500 customers: hardly anybody ...
    """
    cause = (
        "hardly anybody seems to have stopped buying, so how people stop cannot be told"
        if alive is not None and alive > 0.99
        else "very different parameters (a ridge) suit them nearly as well"
    )
    return ModelError(
        f"{MODEL_NAMES[model]} finds no parameters that are clearly the best for these "
        f"{int(cells.customers.sum()):,} customers: {cause}. Withhold it, or take a longer "
        "calibration period."
    )


def _check_repeaters(repeaters: int, customers: int) -> None:
    if repeaters < FEWEST_REPEATERS:
        raise ModelError(
            f"A purchase model needs at least {FEWEST_REPEATERS} customers who bought again, and "
            f"there are {told(repeaters)} of {told(customers)}. Withhold it, or take a longer "
            "calibration period."
        )


def _check_daily(repeaters: pd.DataFrame) -> None:
    days = repeaters.customers @ np.maximum(repeaters.recency_age, 1)
    often = float(repeaters.customers @ repeaters.repeat_days) / float(days)
    if often > SATURATED:
        raise ModelError(
            f"These customers buy on {often:.0%} of all days from their first purchase to their "
            f"last. A purchase model needs fewer than {SATURATED:.0%}: it expects purchases at "
            "random, and a day has no room for a second. Withhold it, or count in shorter times "
            "than days.".replace("%", " %")
        )


def _check_alike(cells: pd.DataFrame, repeaters: pd.DataFrame) -> None:
    histories = len(cells.drop_duplicates(CELL))
    most = repeaters.groupby(CELL).customers.sum().max() / repeaters.customers.sum()
    if histories < FEWEST_HISTORIES or most > ALIKE:
        raise ModelError(
            "Nearly all customers have the same history, so a purchase model finds no parameters "
            f"that are clearly the best for these {int(cells.customers.sum()):,} customers. It "
            f"needs at least {FEWEST_HISTORIES} different histories. Withhold it."
        )
