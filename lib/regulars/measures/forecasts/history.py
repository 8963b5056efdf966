"""History: how one customer's P(alive) moves day by day, down in silence and up on a purchase.

The customer is made up, or looked at by somebody who may; no page shows a person.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from regulars.errors import ParameterError
from regulars.measures.forecasts.by_cell import alive_now
from regulars.measures.purchase_models.draws import parameter_draws
from regulars.measures.purchase_models.fitted import Fit

__all__ = ["made_up_customer", "p_alive_history", "regular_customer", "typical_gap"]

LONGEST = 3660  # days that are drawn
SILENCES = (1, 1, 1, 4, 1, 6)  # in typical gaps: between purchases, and after the last


def p_alive_history(
    fitted: Fit, days: Sequence[int], until: int, *, seed: int, draws: int = 400
) -> pd.DataFrame:
    """Follow P(alive) from a customer's first purchase day on, as known at the end of each day.

    Parameters
    ----------
    fitted : Fit
    days : sequence of int
        The purchase days, in days since the first, which is 0; ascending.
    until : int
        The last day to look at, not before the last purchase day.
    seed : int
        Of the draws of the parameters.
    draws : int
        How many draws.

    Returns
    -------
    pandas.DataFrame
        One row a day from 0 to `until`: day, p_alive, low, high (95 % band of how unsure the
        parameters are, day by day), purchase (bool).

    Raises
    ------
    ParameterError
        If the days do not begin with 0 or do not ascend, or `until` comes before the last.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> moved = p_alive_history(fit(few_cells()), [0, 20], 60, seed=1).p_alive
    >>> bool(moved[19] < moved[0]), bool(moved[20] > moved[19]), bool(moved[60] < moved[20])
    (True, True, True)
    """
    _check_days(days, until)
    # A customer who is made up lives in no season.
    fitted = replace(fitted, clock=None)
    each = np.arange(until + 1)
    bought = np.searchsorted(days, each, side="right") - 1
    cells = pd.DataFrame(
        {"repeat_days": bought, "recency_age": np.asarray(days)[bought], "age": each}
    )
    drawn = [
        alive_now(fitted, cells, params=params)
        for params in parameter_draws(fitted, draws, seed=seed)
    ]
    low, high = np.nanquantile(np.array(drawn), [0.025, 0.975], axis=0)
    moved = {"day": each, "p_alive": alive_now(fitted, cells), "low": low, "high": high}
    return pd.DataFrame(moved).assign(purchase=np.isin(each, days))


def typical_gap(cells: pd.DataFrame) -> int | None:
    """Return the days between purchases of the customer in the middle of all who came again.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cells.count_cells`.

    Returns
    -------
    int or None
        The lower median of recency_age / repeat_days, rounded, at least 1; None if nobody came
        again.

    Examples
    --------
    >>> typical_gap(pd.DataFrame({"repeat_days": [0, 1, 3], "recency_age": [0, 20, 90],
    ...                           "age": [99, 99, 99], "customers": [50, 10, 30]}))
    30
    """
    again = cells[cells.repeat_days > 0]
    if again.empty:
        return None
    gaps = (again.recency_age / again.repeat_days).to_numpy()
    order = np.argsort(gaps, kind="stable")
    below = again.customers.to_numpy()[order].cumsum()
    return max(1, round(float(gaps[order][np.searchsorted(below, below[-1] / 2)])))


def made_up_customer(gap: int) -> tuple[list[int], int]:
    """Make up a customer who comes with a rhythm, pauses, comes again, and falls silent.

    Parameters
    ----------
    gap : int
        The days between purchases that are usual, from `typical_gap`.

    Returns
    -------
    tuple of list of int and int
        The purchase days, in days since the first, and the last day to look at.

    Examples
    --------
    >>> made_up_customer(30)
    ([0, 30, 60, 90, 210, 240], 420)
    """
    gap = min(gap, LONGEST // sum(SILENCES))
    ends = np.cumsum([0, *SILENCES]) * gap
    return ends[:-1].tolist(), int(ends[-1])


def regular_customer(history: pd.Series) -> tuple[list[int], int]:
    """Spread the purchase days of a typical history evenly.

    Parameters
    ----------
    history : pandas.Series
        A row of `cells.typical_histories`.

    Returns
    -------
    tuple of list of int and int
        As from `made_up_customer`; the last day to look at is the history's age.

    Examples
    --------
    >>> regular_customer(pd.Series({"repeat_days": 3, "recency_age": 90, "age": 200}))
    ([0, 30, 60, 90], 200)
    """
    repeats, last, age = (int(history[name]) for name in ("repeat_days", "recency_age", "age"))
    return np.linspace(0, last, repeats + 1).round().astype(int).tolist(), age


def _check_days(days: Sequence[int], until: int) -> None:
    given = np.asarray(days)
    if not len(given) or given[0] != 0 or (np.diff(given) <= 0).any():
        raise ParameterError(
            "Expected a customer's purchase days as days since the first, each later than the one "
            "before, beginning with 0. Count every purchase day once, in order."
        )
    if not given[-1] <= until <= LONGEST:
        raise ParameterError(
            f"Expected the last day to look at between the last purchase day and {LONGEST:,} days "
            f"after the first, found {until:,}. Choose a day between them."
        )
