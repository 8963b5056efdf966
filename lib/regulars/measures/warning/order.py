"""Order: how well an order of the customers looked at puts those first who fall silent."""

import numpy as np
import pandas as pd

from regulars.measures.ranking import auc, reached
from regulars.measures.suppression import LEAST
from regulars.measures.warning.watch import Watch

__all__ = ["ORDERS", "gains", "ordering"]

ORDERS = {"p_value": -1, "days_since_last": 1, "p_alive": -1}
"""What customers are put in order by, and whether the largest (1) or the smallest comes first."""

STEPS = 20


def gains(seen: Watch) -> pd.DataFrame:
    """Tell which part of all who fell silent is reached by the first so many of each order.

    Parameters
    ----------
    seen : Watch
        From `judged.last_list`.

    Returns
    -------
    pandas.DataFrame
        For each order (see `ordering`) a row per step, twenty or as many as leave ten customers in
        each: name (of the order), customers_share (of those looked at, the first), silent_share (of
        all silent afterwards, those among them). Nothing where fewer than ten fell silent or fewer
        than ten did not.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> from regulars.measures.warning.judged import last_list
    >>> from regulars.parameters.forecasts import EarlyWarning
    >>> gains(last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())).empty
    True
    """
    columns = ["name", "customers_share", "silent_share"]
    steps = min(STEPS, seen.customers // LEAST)
    customers, silent = _weights(seen)
    gone = customers * silent
    if not LEAST <= gone.sum() <= seen.customers - LEAST:
        return pd.DataFrame(columns=columns)
    shares = np.arange(steps + 1) / steps
    parts = {
        name: reached(place, gone, weights=customers, shares=shares)
        for name, place in _places(seen.cells).items()
    }
    curves = [
        pd.DataFrame({"name": name, "customers_share": shares, "silent_share": part})
        for name, part in parts.items()
    ]
    return pd.concat(curves, ignore_index=True)


def ordering(seen: Watch) -> pd.DataFrame:
    """Tell how well each order of the customers puts the silent before the others.

    Parameters
    ----------
    seen : Watch
        From `judged.last_list`.

    Returns
    -------
    pandas.DataFrame
        A row per order: order (``p_value``, the smaller of the two tests; ``days_since_last``;
        ``p_alive`` if there is a model), auc (chance that one who was silent stands before one who
        came; ties count half; missing if all did the same), low, high (95 %), customers; see
        `ranking.auc`.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> from regulars.measures.warning.judged import last_list
    >>> from regulars.parameters.forecasts import EarlyWarning
    >>> ordering(last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())).auc.tolist()
    [nan, nan]
    """
    customers, silent = _weights(seen)
    rows = {
        name: auc(place, silent, weights=customers) for name, place in _places(seen.cells).items()
    }
    found = [
        {"order": name, "auc": one.value, "low": one.low, "high": one.high, "customers": one.n}
        for name, one in rows.items()
    ]
    return pd.DataFrame(found).astype({"low": "float64", "high": "float64"})


def _places(cells: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return for each order a number of which the first customers have the largest."""
    known = cells.assign(p_value=cells[["p_overdue", "p_falling"]].min(axis=1))
    return {name: sign * known[name].to_numpy() for name, sign in ORDERS.items() if name in known}


def _weights(seen: Watch) -> tuple[np.ndarray, np.ndarray]:
    """Return the customers of each row of the cells, and whether they were silent afterwards."""
    return seen.cells.customers.to_numpy(float), ~seen.cells.came.to_numpy(bool)
