"""Pair suppression: groups that are each other's rest, such as yes and no, or active and dormant.

The number of all customers is always shown, so whoever knows one of a pair knows the other.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regulars.measures.suppression import hidden, hidden_in_groups
from regulars.small_groups import LEAST

__all__ = ["hidden_pairs", "hidden_parts"]


def hidden_pairs(counts: pd.Series, n: pd.Series | int, *, k: int = LEAST) -> pd.Series:
    """Tell which counts to hide because they, or the rest of all customers, are few.

    Each row is a pair of its own: unlike groups that share the customers out, other rows give
    nothing away.

    Parameters
    ----------
    counts : Series of int
        Customers who have something.
    n : Series of int or int
        All customers.
    k : int
        The smallest count that is shown.

    Examples
    --------
    >>> hidden_pairs(pd.Series([995, 4, 600, 1000]), 1000).tolist()
    [True, True, False, False]
    """
    return counts.between(1, k - 1) | (n - counts).between(1, k - 1)


def hidden_parts(counts: pd.Series, *, rest: Sequence[str], k: int = LEAST) -> pd.Series:
    """Tell which classes to hide where the sum of some of them is shown elsewhere.

    It is for classes of which one, such as dormant, is the rest of a number that another page
    shows, such as the active customers. That page shows it if neither of the two is few; then
    the classes must not be told from that sum either. Else both are hidden here and there.

    Parameters
    ----------
    counts : Series of int
        Customers by class (the index).
    rest : sequence of str
        The classes that are the rest; the others are its counterpart.
    k : int
        The smallest count that is shown.

    Examples
    --------
    >>> sizes = pd.Series({"vip": 3, "ordinary": 90, "potential": 40, "dormant": 20})
    >>> hidden_parts(sizes, rest=["dormant"]).to_dict()
    {'vip': True, 'ordinary': False, 'potential': True, 'dormant': False}
    """
    is_rest = pd.Series(counts.index.isin(rest), index=counts.index)
    n, few = counts.sum(), pd.Series(np.zeros(len(counts), dtype=bool), index=counts.index)
    if hidden_pairs(pd.Series([counts[is_rest].sum()]), n, k=k).any():
        away, _ = hidden_in_groups(counts, is_rest, k=k)
        return away | (is_rest & (counts > 0))
    for part in (is_rest, ~is_rest):
        few[part] = hidden(counts[part], k=k).to_numpy()
    return few
