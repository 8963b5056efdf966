"""Cohort suppression: hide the cells of a retention triangle that are about too few customers.

A cell is bound by three sums at once: with those who did not buy it makes its cohort, with the
other cohorts at its age the mean over cohorts, and with the other cohorts of its calendar month the
returning customers of that month.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from regulars.measures.protection import Problem, protect
from regulars.measures.retention import mean_retention
from regulars.measures.suppression import hidden
from regulars.small_groups import HIDDEN, LEAST

__all__ = ["suppressed_retention"]

RATES = ["rate", "low", "high"]


def suppressed_retention(
    retention: pd.DataFrame, *, k: int = LEAST
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hide small cells of the triangle, and what would give them away there and in the mean.

    A cohort of fewer than k customers is hidden with all its cells, and so is the cohort that its
    size could be told from. A cell is hidden where fewer than k bought or fewer than k did not.
    The returning customers of a month count as shown where they are k or more.

    Parameters
    ----------
    retention : DataFrame
        From `retention.cohort_retention`.
    k : int
        The smallest count that is shown.

    Returns
    -------
    tuple of DataFrame
        The cells, and their mean as `retention.mean_retention` gives it; in both with missing
        values where something is hidden, and the column ``hidden``.

    Examples
    --------
    >>> month = pd.to_datetime(["1997-01-01", "1997-01-01", "1997-02-01"])
    >>> cells = pd.DataFrame({"cohort": month, "age": [0, 1, 0], "customers": [90, 90, 40],
    ...     "active": [90, 4, 40], "rate": [1, .04, 1], "low": [1, .02, 1], "high": [1, .1, 1],
    ...     "complete": True})
    >>> shown, mean = suppressed_retention(cells)
    >>> shown.active.tolist(), mean.active.tolist()
    ([90, <NA>, 40], [130, <NA>])
    """
    cells = retention.reset_index(drop=True)
    mean = mean_retention(cells)
    sizes = cells[cells.age == 0].set_index("cohort").customers
    small_cohorts = hidden(sizes, k=k)
    without_size = cells.cohort.map(small_cohorts).to_numpy(dtype=bool)
    layout = _Layout(cells, mean)
    away = layout.hide(without_size, k=k)
    split = _split_sums(cells, mean, small_cohorts)
    return (
        _taken(cells, away=away["cells"], sizes=without_size),
        _taken(mean, away=away["mean"] | split, sizes=split),
    )


class _Layout:
    """The triangle as one list of counts with the sums that bind them."""

    def __init__(self, cells: pd.DataFrame, mean: pd.DataFrame) -> None:
        self.cells, self.mean = cells, mean
        self.after = np.flatnonzero(cells.age > 0)
        self.ages = np.flatnonzero(mean.age > 0)
        month = cells.cohort.dt.year * 12 + cells.cohort.dt.month + cells.age
        self.months, self.month_of = np.unique(month.iloc[self.after], return_inverse=True)

    def hide(self, without_size: np.ndarray, *, k: int) -> dict[str, np.ndarray]:
        """Return what to hide among the cells and among the means."""
        values, sized = self._values(), ~without_size[self.after]
        n, pooled = len(self.after), len(self.ages)
        small = (values > 0) & (values < k)
        before = np.zeros(len(values), dtype=bool)
        # Whoever knows the size and one of the two knows the other.
        before[:n] = before[n : 2 * n] = ~sized | small[:n] | small[n : 2 * n]
        shown = np.zeros(len(values), dtype=bool)
        shown[2 * n + pooled :] = values[2 * n + pooled :] >= k
        shown[-n:] = True
        is_sum = np.arange(len(values)) >= 2 * n
        # Those who did not buy are never shown themselves; they are hidden where the cell is.
        problem = Problem(values, self._relations(sized), shown, is_sum)
        found = protect(problem, k=k, hidden=before)
        cells, means = without_size.copy(), np.zeros(len(self.mean), dtype=bool)
        cells[self.after] |= found[:n]
        means[self.ages] = found[2 * n : 2 * n + pooled]
        return {"cells": cells, "mean": means}

    def _values(self) -> np.ndarray:
        """Return active, not active, pooled by age, returning by month, and the sizes."""
        here = self.cells.iloc[self.after]
        active, sizes = here.active.to_numpy(), here.customers.to_numpy()
        pooled = self.mean.active.to_numpy()[self.ages]
        returning = np.bincount(self.month_of, weights=active, minlength=len(self.months))
        blocks = [active, sizes - active, pooled, returning, sizes]
        return np.concatenate(blocks).astype("int64")

    def _relations(self, sized: np.ndarray) -> csr_array:
        """Return a row for each age, each month, and each cell whose cohort's size is shown."""
        here, n = self.cells.iloc[self.after], len(self.after)
        width = 3 * n + len(self.ages) + len(self.months)
        rows = []
        for place, at in enumerate(self.ages):
            counted = (here.age == self.mean.age[at]) & here.complete.astype(bool)
            rows.append((np.flatnonzero(counted), 2 * n + place))
        for place in range(len(self.months)):
            rows.append((np.flatnonzero(self.month_of == place), 2 * n + len(self.ages) + place))
        rows += [((cell, n + cell), width - n + cell) for cell in np.flatnonzero(sized)]
        return _matrix(rows, width)


def _split_sums(cells: pd.DataFrame, mean: pd.DataFrame, small: pd.Series) -> np.ndarray:
    """Tell at which ages the pooled customers would part the hidden cohorts from each other."""
    counted = cells[cells.complete.astype(bool)].groupby("age").cohort.agg(set)
    hidden_ones = set(small.index[small])
    return np.array(
        [0 < len(hidden_ones & counted[age]) < len(hidden_ones) for age in mean.age], dtype=bool
    )


def _taken(frame: pd.DataFrame, *, away: np.ndarray, sizes: np.ndarray) -> pd.DataFrame:
    """Take the counts and rates of hidden rows out, and the number of customers where it is."""
    taken = frame.astype({"customers": "Int64", "active": "Int64"})
    gone = ["active", *RATES]
    taken[gone] = taken[gone].mask(pd.Series(away, index=frame.index))
    taken["customers"] = taken.customers.mask(pd.Series(sizes, index=frame.index))
    return taken.assign(**{HIDDEN: away | sizes})


def _matrix(sums: Iterable[tuple[Iterable[int], int]], width: int) -> csr_array:
    rows, columns, signs = [], [], []
    for at, (parts, whole) in enumerate(sums):
        rows += [at] * (len(parts) + 1)
        columns += [*parts, whole]
        signs += [1] * len(parts) + [-1]
    return csr_array((signs, (rows, columns)), shape=(len(sums), width))
