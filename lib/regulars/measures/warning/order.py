"""Order: how well an order of the customers looked at puts those first who fall silent."""

import numpy as np
import pandas as pd

from regulars.measures.suppression import LEAST
from regulars.measures.warning.watch import Watch

__all__ = ["ORDERS", "gains", "ordering"]

ORDERS = {"p_value": 1, "days_since_last": -1, "p_alive": 1}
"""What customers are put in order by, and whether the smallest (1) or the largest comes first."""

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
        each: order, customers_share (of those looked at, the first), silent_share (of all silent
        afterwards, those among them). Nothing where fewer than ten fell silent or fewer than ten
        did not.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> from regulars.measures.warning.judged import last_list
    >>> from regulars.parameters.forecasts import EarlyWarning
    >>> gains(last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())).empty
    True
    """
    columns = ["order", "customers_share", "silent_share"]
    steps = min(STEPS, seen.customers // LEAST)
    came = int((seen.cells.customers * seen.cells.came.astype(bool)).sum())
    if min(came, seen.customers - came) < LEAST:
        return pd.DataFrame(columns=columns)
    shares = np.arange(steps + 1) / steps
    curves = [
        pd.DataFrame({"order": name, columns[1]: shares, columns[2]: _reached(seen, place, shares)})
        for name, place in _places(seen.cells).items()
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
        came; ties count half; missing if all did the same), customers.

    Notes
    -----
    The area under the ROC curve is the Mann-Whitney statistic: Hanley & McNeil (1982), Radiology
    143, 29-36.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> from regulars.measures.warning.judged import last_list
    >>> from regulars.parameters.forecasts import EarlyWarning
    >>> ordering(last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())).auc.tolist()
    [nan, nan]
    """
    rows = [
        {"order": name, "auc": _auc(seen.cells, place), "customers": seen.customers}
        for name, place in _places(seen.cells).items()
    ]
    return pd.DataFrame(rows)


def _places(cells: pd.DataFrame) -> dict[str, pd.Series]:
    """Return for each order a number by which the first customers have the smallest."""
    known = cells.assign(p_value=cells[["p_overdue", "p_falling"]].min(axis=1))
    return {name: sign * known[name] for name, sign in ORDERS.items() if name in known}


def _counted(cells: pd.DataFrame, place: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Count those silent afterwards, and the others, at each place in order."""
    came = cells.customers * cells.came.astype(bool)
    by = pd.DataFrame({"silent": cells.customers - came, "came": came}).groupby(place).sum()
    return by.silent.to_numpy(float), by.came.to_numpy(float)


def _auc(cells: pd.DataFrame, place: pd.Series) -> float:
    silent, others = _counted(cells, place)
    if not silent.sum() * others.sum():
        return float("nan")
    after = others.sum() - others.cumsum() + others / 2
    return float(silent @ after / (silent.sum() * others.sum()))


def _reached(seen: Watch, place: pd.Series, shares: np.ndarray) -> np.ndarray:
    """Return the part of the silent reached by each share; those at one place come evenly."""
    silent, others = _counted(seen.cells, place)
    listed = np.concatenate([[0], (silent + others).cumsum()]) / seen.customers
    return np.interp(shares, listed, np.concatenate([[0], silent.cumsum()]) / silent.sum())
