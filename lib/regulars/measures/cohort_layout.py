"""Cohort layout: the counts of a retention triangle as one list, with the sums that bind them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from regulars.measures.calendar_units import Every, first_day_of, number_of
from regulars.measures.protection import Problem, sums_matrix

__all__ = ["CohortLayout", "Sums", "places_of", "problem_of"]

Sums = list[tuple[np.ndarray | list, int]]


class CohortLayout:
    """The triangle as blocks of counts, and the places of each block in one list.

    Parameters
    ----------
    cells : DataFrame
        The cells that are shown: cohort, age, customers, active, complete.
    mean : DataFrame
        Their mean with that of older cohorts, all of a size that is shown: age, active.
    sizes, small : Series of int, Series of bool
        By cohort, of all: its customers, and whether that number is hidden.
    every : str
        ``week``, ``month`` or ``quarter``.

    Attributes
    ----------
    blocks : dict of array
        active, not (of each cell after age 0), pooled (mean over cohorts), older (of it, what is
        of cohorts without shown cells), returning, people (of each week, month or quarter), sizes,
        quarters (of months; else one for all), all.
    after, ages : array of int
        Which rows of `cells` and of `mean` come after age 0.
    """

    def __init__(
        self,
        cells: pd.DataFrame,
        mean: pd.DataFrame,
        *,
        sizes: pd.Series,
        small: pd.Series,
        every: Every,
    ) -> None:
        self.cells, self.mean, self.sizes, self.every = cells, mean, sizes, every
        self.sized = ~small.reindex(sizes.index).to_numpy(dtype=bool)
        self.after = np.flatnonzero(cells.age > 0)
        self.ages = np.flatnonzero(mean.age > 0)
        self.here = cells.iloc[self.after]
        self.cohort_of = sizes.index.get_indexer(self.here.cohort)
        self.periods, period_of = np.unique(
            number_of(cells.cohort, every) + cells.age, return_inverse=True
        )
        self.period_of = period_of[self.after]
        born = number_of(sizes.index.to_series(), every).to_numpy()
        self.born = np.where(np.isin(born, self.periods), np.searchsorted(self.periods, born), -1)
        quarters = sizes.index.to_period("Q")
        self.quarters = pd.factorize(quarters if every == "month" else np.zeros(len(sizes)))[0]
        self.blocks = self._blocks()
        self.at = places_of(self.blocks)

    def sums(self) -> Sums:
        """Return parts and whole of each age, period, quarter, cell of a shown size, and all."""
        at, found = self.at, []
        pooled = zip(at["pooled"], at["older"], self.counted(), strict=True)
        found += [([*at["active"][parts], older], whole) for whole, older, parts in pooled]
        for one in range(len(self.periods)):
            back, new = at["returning"][one], at["sizes"][self.born == one]
            found.append((at["active"][self.period_of == one], back))
            found.append(([*new, back], at["people"][one]))
        sized = self.sized[self.cohort_of]
        pairs = zip(at["active"], at["not"], at["sizes"][self.cohort_of], sized, strict=True)
        found += [((cell, other), size) for cell, other, size, is_shown in pairs if is_shown]
        for place, whole in enumerate(at["quarters"]):
            found.append((at["sizes"][self.quarters == place], whole))
        return [*found, (at["quarters"], at["all"][0])]

    def counted(self, cohorts: pd.Index | None = None) -> list[np.ndarray]:
        """Return for each age of the mean which cells are in it, of some cohorts or of all."""
        inside = self.here.complete.to_numpy(dtype=bool) & self.sized[self.cohort_of]
        if cohorts is not None:
            inside = inside & self.here.cohort.isin(cohorts).to_numpy()
        ages = self.here.age.to_numpy()
        return [np.flatnonzero((ages == age) & inside) for age in self.mean.age.iloc[self.ages]]

    def by_period(self, block: np.ndarray) -> pd.Series:
        """Return numbers of the periods by their first days."""
        days = first_day_of(pd.Series(self.periods, dtype="int64"), self.every)
        return pd.Series(block, index=pd.Index(days, name=self.every))

    def _blocks(self) -> dict[str, np.ndarray]:
        """Return each kind of count; the new customers of a period are the size of its cohort."""
        active, periods = self.here.active.to_numpy(), len(self.periods)
        pooled = self.mean.active.to_numpy()[self.ages]
        returning = np.bincount(self.period_of, weights=active, minlength=periods)
        sizes, known = self.sizes.to_numpy(), self.born >= 0
        new = np.bincount(self.born[known], weights=sizes[known], minlength=periods)
        return {
            "active": active,
            "not": self.here.customers.to_numpy() - active,
            "pooled": pooled,
            "older": pooled - np.array([active[parts].sum() for parts in self.counted()]),
            "returning": returning,
            "people": returning + new,
            "sizes": sizes,
            "quarters": np.bincount(self.quarters, weights=sizes),
            "all": np.array([sizes.sum()]),
        }


def problem_of(
    blocks: Mapping[str, np.ndarray],
    sums: Sums,
    *,
    hidden: Mapping[str, np.ndarray],
    shown: Mapping[str, np.ndarray],
) -> tuple[Problem, np.ndarray]:
    """Put blocks of counts into one problem; blocks that are not named are not decided yet.

    Parameters
    ----------
    blocks : mapping of array
        The counts; sums come after the block ``not``.
    sums : list
        As from `CohortLayout.sums`.
    hidden, shown : mapping of array of bool
        By block: what is hidden, and what is shown whatever it is.

    Returns
    -------
    tuple
        The problem, and what is hidden already.

    Examples
    --------
    >>> counts = {"active": np.array([3, 20]), "not": np.array([7, 30]), "all": np.array([23])}
    >>> last = {"all": np.array([True])}
    >>> problem, before = problem_of(counts, [([0, 1], 4)], hidden={}, shown=last)
    >>> problem.shown.tolist(), before.any()
    ([False, False, False, False, True], np.False_)
    """
    at = places_of(blocks)
    values = np.concatenate(list(blocks.values())).astype("int64")
    before, told = np.zeros(len(values), dtype=bool), np.zeros(len(values), dtype=bool)
    for marks, known in ((before, hidden), (told, shown)):
        for name, mark in known.items():
            marks[at[name]] = mark
    is_sum = np.arange(len(values)) > at["not"].max(initial=-1)
    return Problem(values, sums_matrix(sums, len(values)), told, is_sum), before


def places_of(blocks: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return where each block stands once they are put behind one another.

    Examples
    --------
    >>> places_of({"parts": np.array([3, 20]), "all": np.array([23])})["all"].tolist()
    [2]
    """
    ends = np.cumsum([len(block) for block in blocks.values()])
    return {
        name: np.arange(end - len(block), end)
        for (name, block), end in zip(blocks.items(), ends, strict=True)
    }
