"""Horizon: the share to whom something has happened within so many days, by groups.

All start from counts of waits, as `survival.kaplan_meier` takes them, so that customers who have
been watched for less than the horizon are neither left out nor held against the shop.
"""

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.measures.suppression import LEAST, few, hidden_with_sums
from regulars.measures.survival import kaplan_meier

__all__ = ["hidden_waits", "share_within"]

PARTS = ["within", "later", "never"]


def share_within(counts: pd.DataFrame, *, days: int) -> Estimate | None:
    """Estimate the share to whom it has happened within so many days.

    Parameters
    ----------
    counts : pandas.DataFrame
        How many waited how long: days (whole), observed (True if it happened, False if watching
        ended), customers.
    days : int
        The horizon, in days.

    Returns
    -------
    Estimate or None
        The Kaplan-Meier share with its 95 % interval, none where the share is 0 or 1; n is all
        customers. None where fewer than ten are still waiting and watched on that day, as a share
        that rests on so few would say what each of them did.

    Examples
    --------
    >>> counts = pd.DataFrame({"days": [1, 90], "observed": [True, False], "customers": [30, 50]})
    >>> round(share_within(counts, days=60).value, 6)
    0.375
    >>> share_within(counts, days=91) is None
    True
    """
    if counts.customers[counts.days >= days].sum() < LEAST:
        return None
    row = kaplan_meier(_capped(counts, days)).set_index("day").loc[days]
    low, high = (float(row.low), float(row.high)) if 0 < row.share < 1 else (None, None)
    return Estimate(float(row.share), low, high, int(counts.customers.sum()))


def hidden_waits(
    counts: pd.DataFrame, by: str, *, days: int, sizes: pd.Series | None = None
) -> pd.DataFrame:
    """Tell which groups to hide, so that nothing gives away what fewer than ten customers did.

    Parameters
    ----------
    counts : pandas.DataFrame
        days, observed, customers, and the column `by`; the groups share the customers out.
    by : str
        The column that names the group.
    days : int
        The horizon, in days.
    sizes : Series of bool, optional
        By group: whether its size is hidden already, where another table shows those of the others.

    Returns
    -------
    pandas.DataFrame of bool
        By group, in the order of their names: ever (hide how many came back at all, and with it
        all there is), share (hide how many did so within the horizon).

    Examples
    --------
    >>> counts = pd.DataFrame({"channel": ["app", "app", "web", "web"], "days": [1, 90] * 2,
    ...                        "observed": [True, False] * 2, "customers": [30, 50, 3, 90]})
    >>> hidden_waits(counts, "channel", days=60).share.to_dict()
    {'app': True, 'web': True}
    """
    parts = np.select(
        [counts.observed & (counts.days <= days), counts.observed], PARTS[:2], PARTS[2]
    )
    table = counts.assign(part=parts).pivot_table("customers", by, "part", "sum", fill_value=0)
    table = table.reindex(columns=PARTS, fill_value=0)
    shares = {name: share_within(group, days=days) for name, group in counts.groupby(by)}
    estimated = pd.Series({name: few(share) for name, share in shares.items()}, dtype=bool)
    ever = table.assign(ever=table.within + table.later)[["ever", "never"]]
    known = None if sizes is None else sizes.reindex(table.index, fill_value=False)
    of_ever = _hidden_rows(ever, known)
    # Who came back at all is a sum that is shown with the size.
    of_share = _hidden_rows(table[["within", "later"]], of_ever) | estimated.reindex(table.index)
    return pd.DataFrame({"ever": of_ever, "share": of_share | of_ever})


def _hidden_rows(table: pd.DataFrame, sums: pd.Series | None) -> pd.Series:
    """Tell in which rows something is to be hidden: a cell, or the sum."""
    cells, of_rows, _ = hidden_with_sums(table, rows=sums)
    return cells.any(axis=1) | of_rows


def _capped(counts: pd.DataFrame, days: int) -> pd.DataFrame:
    """Stop watching at the horizon: what happens later does not matter to it."""
    later = counts.days > days
    ended = counts.assign(days=counts.days.clip(upper=days), observed=counts.observed & ~later)
    return ended.groupby(["days", "observed"], as_index=False).customers.sum()
