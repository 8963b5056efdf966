"""Cohort suppression: hide the cells of a retention triangle that are about too few customers.

A cell is bound by three sums at once: with those who did not buy it makes its cohort, with the
other cohorts at its age the mean over cohorts, and with the other cohorts of its calendar month the
returning customers of that month.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.protection import Problem, protect, sums_matrix
from regulars.measures.retention import mean_retention
from regulars.measures.suppression import hidden_in_groups
from regulars.small_groups import HIDDEN, LEAST

__all__ = ["Triangle", "suppressed_retention", "suppressed_triangle"]

RATES = ["rate", "low", "high"]


def suppressed_retention(
    retention: pd.DataFrame, *, k: int = LEAST
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hide small cells of the triangle, and what would give them away there and in the mean.

    A cohort of fewer than k customers is hidden with all its cells, and so is the cohort that its
    size could be told from. A cell is hidden where fewer than k bought or fewer than k did not.
    The new and the returning customers of a month count as shown: see `suppressed_triangle`.

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
    found = suppressed_triangle(retention, k=k)
    return found.cells, found.mean


@dataclass(frozen=True)
class Triangle:
    """A triangle with what is hidden in it, and in the tables whose sums it shares.

    Parameters
    ----------
    cells, mean : DataFrame
        As from `suppressed_retention`.
    months : DataFrame
        By month (the index): new, returning, customers (bool, True where hidden).
    quarters : Series of bool
        By first day of the quarter: whether the size of its cohort is hidden.
    """

    cells: pd.DataFrame
    mean: pd.DataFrame
    months: pd.DataFrame
    quarters: pd.Series


def suppressed_triangle(retention: pd.DataFrame, *, k: int = LEAST) -> Triangle:
    """Hide the small cells of the triangle together with the customers of each month.

    The size of a cohort is the number of a month's new customers, the sum over a calendar month
    that of its returning ones. So every page that shows either asks here.

    Parameters
    ----------
    retention : DataFrame
        From `retention.cohort_retention`.
    k : int
        The smallest count that is shown.

    Examples
    --------
    >>> month = pd.to_datetime(["1997-01-01", "1997-01-01", "1997-02-01"])
    >>> cells = pd.DataFrame({"cohort": month, "age": [0, 1, 0], "customers": [90, 90, 40],
    ...     "active": [90, 4, 40], "rate": [1, .04, 1], "low": [1, .02, 1], "high": [1, .1, 1],
    ...     "complete": True})
    >>> suppressed_triangle(cells).months.to_numpy().astype(int).tolist()
    [[0, 0, 0], [0, 1, 1]]
    """
    cells = retention.reset_index(drop=True)
    mean = mean_retention(cells)
    sizes = cells[cells.age == 0].set_index("cohort").customers
    quarter = sizes.index.to_period("Q").to_timestamp()
    small_cohorts, small_quarters = hidden_in_groups(sizes, pd.Series(quarter), k=k)
    without_size = cells.cohort.map(small_cohorts).to_numpy(dtype=bool)
    away = _Layout(cells, mean).hide(small_cohorts, small_quarters, k=k)
    split = _split_sums(cells, mean, small_cohorts)
    return Triangle(
        _taken(cells, away=away["cells"], sizes=without_size),
        _taken(mean, away=away["mean"] | split, sizes=split),
        away["months"],
        small_quarters,
    )


class _Layout:
    """The triangle as one list of counts with the sums that bind them."""

    def __init__(self, cells: pd.DataFrame, mean: pd.DataFrame) -> None:
        self.cells, self.mean = cells, mean
        self.after = np.flatnonzero(cells.age > 0)
        self.ages = np.flatnonzero(mean.age > 0)
        month = cells.cohort.dt.year * 12 + cells.cohort.dt.month - 1 + cells.age
        self.months, month_of = np.unique(month, return_inverse=True)
        self.month_of = month_of[self.after]
        self.sizes = cells[cells.age == 0].set_index("cohort").customers
        self.cohort_of = self.sizes.index.get_indexer(cells.cohort.iloc[self.after])
        self.born = month_of[np.flatnonzero(cells.age == 0)]
        self.quarters = pd.factorize(self.sizes.index.to_period("Q"))[0]

    def hide(self, cohorts: pd.Series, quarters: pd.Series, *, k: int) -> dict:
        """Return what to hide among the cells, among the means, and of the months."""
        blocks, without = self._blocks(), cohorts.to_numpy(dtype=bool)
        values = np.concatenate(list(blocks.values())).astype("int64")
        ends = np.cumsum([len(block) for block in blocks.values()])
        at = {
            name: np.arange(end - len(blocks[name]), end)
            for name, end in zip(blocks, ends, strict=True)
        }
        unsized, small = without[self.cohort_of], (values > 0) & (values < k)
        before, shown = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
        # Whoever knows the size and one of the two knows the other.
        before[at["active"]] = unsized | small[at["active"]] | small[at["not"]]
        before[at["not"]] = before[at["active"]]
        before[at["sizes"]], shown[at["sizes"]] = without, ~without
        before[at["quarters"]], shown[at["quarters"]] = quarters, ~quarters
        shown[at["all"]] = True
        is_sum = np.arange(len(values)) >= at["pooled"].min(initial=len(values))
        # Those who did not buy are never shown themselves; they are hidden where the cell is.
        relations = sums_matrix(self._sums(at, ~unsized), len(values))
        found = protect(Problem(values, relations, shown, is_sum), k=k, hidden=before)
        cells = self.cells.cohort.map(cohorts).to_numpy(dtype=bool, copy=True)
        means = np.zeros(len(self.mean), dtype=bool)
        cells[self.after] |= found[at["active"]]
        means[self.ages] = found[at["pooled"]]
        return {"cells": cells, "mean": means, "months": self._by_month(found, at, without)}

    def _blocks(self) -> dict[str, np.ndarray]:
        """Return each kind of count; new customers of a month are the size of its cohort."""
        here, months = self.cells.iloc[self.after], len(self.months)
        active = here.active.to_numpy()
        returning = np.bincount(self.month_of, weights=active, minlength=months)
        sizes = self.sizes.to_numpy()
        return {
            "active": active,
            "not": here.customers.to_numpy() - active,
            "pooled": self.mean.active.to_numpy()[self.ages],
            "returning": returning,
            "people": returning + np.bincount(self.born, weights=sizes, minlength=months),
            "sizes": sizes,
            "quarters": np.bincount(self.quarters, weights=sizes),
            "all": np.array([sizes.sum()]),
        }

    def _sums(self, at: dict[str, np.ndarray], sized: np.ndarray) -> list[tuple[list, int]]:
        """Return parts and whole of each age, month, cell of a shown size, quarter, and all."""
        here = self.cells.iloc[self.after]
        sums = []
        for place, age in zip(at["pooled"], self.mean.age.iloc[self.ages], strict=True):
            counted = (here.age == age) & here.complete.astype(bool)
            sums.append((at["active"][counted.to_numpy()], place))
        for month in range(len(self.months)):
            back, new = at["returning"][month], at["sizes"][self.born == month]
            sums.append((at["active"][self.month_of == month], back))
            sums.append(([*new, back], at["people"][month]))
        cells = zip(at["active"], at["not"], at["sizes"][self.cohort_of], sized, strict=True)
        sums += [((cell, other), size) for cell, other, size, is_shown in cells if is_shown]
        for place, whole in enumerate(at["quarters"]):
            sums.append((at["sizes"][self.quarters == place], whole))
        return [*sums, (at["quarters"], at["all"][0])]

    def _by_month(
        self, found: np.ndarray, at: dict[str, np.ndarray], without: np.ndarray
    ) -> pd.DataFrame:
        days = pd.to_datetime({"year": self.months // 12, "month": self.months % 12 + 1, "day": 1})
        new = np.zeros(len(self.months), dtype=bool)
        new[self.born] = without
        counts = {"new": new, "returning": found[at["returning"]], "customers": found[at["people"]]}
        return pd.DataFrame(counts, index=pd.Index(days, name="month"))


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
