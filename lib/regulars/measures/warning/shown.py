"""Shown: what of the warnings may stand on a page, where small groups are hidden."""

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.measures.suppression import HIDDEN, LEAST, suppressed
from regulars.measures.warning.watch import Watch

__all__ = ["kinds_shown", "list_estimate", "lists_shown", "new_shown", "warned_shown"]

KINDS = ("overdue", "falling", "both", "none")
NUMBERS = ("share", "low", "high", "lift", "lift_low", "lift_high", "recall")


def kinds_shown(seen: Watch) -> pd.DataFrame:
    """Count the customers looked at by the warning given of them.

    Parameters
    ----------
    seen : Watch

    Returns
    -------
    pandas.DataFrame
        Four rows: warning (overdue, falling, both, none), customers, median_silence (days since the
        last purchase day, the one in the middle), hidden (bool). Small groups are hidden, and
        another one where the total would give them away.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.warning.watch import watch
    >>> from regulars.parameters.forecasts import EarlyWarning
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> kinds_shown(watch(purchases, as_of="1997-07-29", rules=EarlyWarning())).customers.tolist()
    [0, 0, 0, 0]
    """
    kinds = seen.cells.warning.fillna("none")
    rows = [
        {
            "warning": kind,
            "customers": int(seen.cells.customers[kinds == kind].sum()),
            "median_silence": _middle(seen.cells[kinds == kind]),
        }
        for kind in KINDS
    ]
    return suppressed(pd.DataFrame(rows), others=["median_silence"])


def lists_shown(judged: pd.DataFrame) -> pd.DataFrame:
    """Hide the lists that tell of fewer than ten customers.

    Parameters
    ----------
    judged : pandas.DataFrame
        From `judged.lists_judged`.

    Returns
    -------
    pandas.DataFrame
        The same with hidden (bool): a list is hidden if it, its rest, or those of either who were
        silent or came are 1 to 9 customers; parts of those warned of also if the other part is so
        small. If everybody together are so few, all is hidden.

    Examples
    --------
    >>> rows = {"list": ["warned", "everybody"], "customers": [5, 100], "share": [.8, .5]}
    >>> numbers = ["low", "high", "lift", "lift_low", "lift_high", "recall"]
    >>> lists_shown(pd.DataFrame(rows).assign(**dict.fromkeys(numbers, .5))).hidden.tolist()
    [True, False]
    """
    silent = (judged.share.fillna(0) * judged.customers).round()
    counts = pd.DataFrame({"silent": silent, "came": judged.customers - silent})
    counts.index = judged.list
    everybody = counts.loc["everybody"]
    away = _few(counts) | _few(everybody - counts) | _few(everybody.to_frame().T).iloc[0]
    for part in {"overdue", "new_warning"} & set(counts.index):
        away[part] |= _few(counts.loc[["warned"]] - counts.loc[part]).iloc[0]
    return suppressed(judged, others=NUMBERS, mask=away.to_numpy())


def list_estimate(shown: pd.DataFrame, name: str, number: str) -> Estimate | None:
    """Return the share or the lift of a list with its interval.

    Parameters
    ----------
    shown : pandas.DataFrame
        From `lists_shown`.
    name : str
        Of the list.
    number : {"share", "lift"}

    Returns
    -------
    Estimate or None
        None where it is hidden, or there is no number.

    Examples
    --------
    >>> rows = {"list": ["warned"], "customers": [100], "lift": [2.0], "lift_low": [1.5],
    ...         "lift_high": [2.5]}
    >>> list_estimate(pd.DataFrame(rows), "warned", "lift").value
    2.0
    """
    row = shown.set_index("list").loc[name]
    low, high = ("low", "high") if number == "share" else (f"{number}_low", f"{number}_high")
    if pd.isna(row[number]):
        return None
    return Estimate(float(row[number]), float(row[low]), float(row[high]), int(row.customers))


def warned_shown(kinds: pd.DataFrame, *, of: int) -> int | None:
    """Return how many are warned of; None where that is hidden.

    Parameters
    ----------
    kinds : pandas.DataFrame
        From `kinds_shown`.
    of : int
        How many are looked at.

    Examples
    --------
    >>> kinds = {"warning": ["both", "none"], "customers": [20, 80], "hidden": [False, False]}
    >>> warned_shown(pd.DataFrame(kinds), of=100)
    20
    """
    none = kinds.set_index("warning").loc["none"]
    return None if none[HIDDEN] else of - int(none.customers)


def new_shown(seen: Watch, *, warned: int | None) -> int | None:
    """Return how many of those warned of are new; None where that is hidden.

    Parameters
    ----------
    seen : Watch
    warned : int or None
        From `warned_shown`.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.warning.watch import watch
    >>> from regulars.parameters.forecasts import EarlyWarning
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> new_shown(watch(purchases, as_of="1997-07-29", rules=EarlyWarning()), warned=0)
    0
    """
    if warned is None:
        return None
    new = int(seen.cells.customers[seen.cells.is_new].sum())
    return None if any(0 < part < LEAST for part in (new, warned - new)) else new


def _few(counts: pd.DataFrame) -> pd.Series:
    """Say which rows hold or sum up to 1 to 9 customers."""
    parts = counts.assign(all=counts.sum(axis=1))
    return ((parts > 0) & (parts < LEAST)).any(axis=1)


def _middle(cells: pd.DataFrame) -> float:
    if cells.empty:
        return float("nan")
    order = cells.sort_values("days_since_last")
    below = order.customers.cumsum().to_numpy()
    return float(order.days_since_last.iloc[np.searchsorted(below, below[-1] / 2)])
