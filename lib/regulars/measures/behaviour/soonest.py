"""Soonest: which group comes back sooner than every other, beyond chance.

That groups differ does not say which of them is first: two may be equally soon, and ahead of a
third. So a group is named only if it stands out against each of the others.
"""

from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd

from regulars.measures.segments.chance import holm
from regulars.measures.suppression import LEAST
from regulars.measures.survival import log_rank

__all__ = ["soonest_group"]


def soonest_group(counts: pd.DataFrame, *, level: float = 0.95) -> str | None:
    """Name the group that comes back sooner than each of the others.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `waiting.waiting_counts`: group, days, observed, customers. Groups with fewer than ten
        customers are left out.
    level : float
        Of all pairs of groups together.

    Returns
    -------
    str or None
        None where no group is ahead of all others beyond chance, or there are no two.

    Notes
    -----
    Log-rank tests of all pairs (`survival.log_rank`), corrected as in Holm (1979), Scandinavian
    Journal of Statistics 6, 65-70. Whom a pair favours is told by its own events beyond those
    expected.

    Examples
    --------
    >>> counts = pd.DataFrame({"group": ["app", "app", "web", "web"], "days": [9, 90] * 2,
    ...                        "observed": [True, False] * 2, "customers": [60, 40, 30, 90]})
    >>> soonest_group(counts)
    'app'
    """
    sizes = counts.groupby("group").customers.sum()
    groups = sizes.index[sizes >= LEAST].tolist()
    pairs = [_sooner(counts, pair) for pair in combinations(groups, 2)]
    apart = holm(np.array([p for _, p in pairs])) <= 1 - level
    won = Counter(first for (first, _), beyond in zip(pairs, apart, strict=True) if beyond)
    return next((one for one in won if won[one] == len(groups) - 1), None)


def _sooner(counts: pd.DataFrame, pair: tuple[str, str]) -> tuple[str, float]:
    """Return who of the two comes back sooner, and how often chance alone would show as much."""
    found = log_rank(counts[counts.group.isin(pair)], by="group")
    return max(pair, key=lambda one: found.excess[one]), found.p
