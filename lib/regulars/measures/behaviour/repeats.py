"""Repeats: how many buy again after the first, the second, the third purchase day."""

from datetime import date
from itertools import takewhile

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.behaviour.horizon import share_within
from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate
from regulars.measures.repurchase import waits
from regulars.measures.suppression import LEAST, few, suppressed

__all__ = ["FEWEST", "MOST_PURCHASES", "repeat_rates"]

FEWEST = 30
"""So many customers a rate has to rest on."""

MOST_PURCHASES = 12


def repeat_rates(purchases: ir.Table, *, as_of: str | date, days: int) -> pd.DataFrame:
    """Estimate, after each purchase day, the share who bought again within so many days of it.

    Customers with k purchase days are chosen by what they did: they are those who buy often. So
    the rates rise with k even where no purchase makes anybody more loyal, and say nothing of cause.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    days : int
        The horizon, in days from the k-th purchase day.

    Returns
    -------
    pandas.DataFrame
        One row per k, from 1: purchase (k), customers (with at least k purchase days), rate
        (Kaplan-Meier, so that customers whose k-th purchase is recent count fairly), low, high
        (95 % interval), hidden. The rows end at the twelfth purchase, before fewer than 30
        customers are left or fewer than ten of them still wait on that day, and before a step from
        one row to the next would tell of fewer than ten customers.

    Raises
    ------
    ValueError
        If the horizon is shorter than a day.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> lines = [(f"c{place}", "1997-01-01", 5) for place in range(100)]
    >>> lines += [(f"c{place}", "1997-01-15", 5) for place in range(40)]
    >>> rates = repeat_rates(purchases_of(lines), as_of="1997-03-31", days=30)
    >>> rates[["purchase", "customers", "rate"]].astype(float).round(6).to_numpy().tolist()
    [[1.0, 100.0, 0.4], [2.0, 40.0, 0.0]]
    """
    if days < 1:
        raise ValueError(f"Expected a horizon of at least a day, found {days}. Give days.")
    counts = _counts(waits(purchases, as_of=as_of), most=MOST_PURCHASES + 1)
    customers = counts.groupby("purchase").customers.sum()
    shown = _shown(customers)
    found = (share_within(counts[counts.purchase == k], days=days) for k in shown)
    return _frame([customers[k] for k in shown], list(takewhile(bool, found)))


def _counts(every: ir.Table, *, most: int) -> pd.DataFrame:
    chosen = every.filter(every.purchase <= most)
    counts = chosen.group_by(["purchase", "days", "observed"]).agg(customers=chosen.count())
    return fetch(counts.order_by(["purchase", "days", "observed"]))


def _shown(customers: pd.Series) -> list[int]:
    """Return the first numbers of purchases that may be told one after the other."""
    shown: list[int] = []
    for k in customers.index[customers >= FEWEST]:
        left = customers[k - 1] - customers[k] if k > 1 else 0
        if 0 < left < LEAST or k > MOST_PURCHASES:
            break
        shown.append(int(k))
    return shown


def _frame(customers: list[int], rates: list[Estimate]) -> pd.DataFrame:
    ends = ["rate", "low", "high"]
    rows = [(found.value, found.low, found.high) for found in rates]
    frame = pd.DataFrame(rows, columns=ends, dtype="float64")
    frame.insert(0, "purchase", range(1, len(rates) + 1))
    frame.insert(1, "customers", pd.Series(customers[: len(rates)], dtype="int64"))
    return suppressed(frame, others=ends, mask=[few(found) for found in rates])
