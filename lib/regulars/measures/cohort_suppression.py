"""Cohort suppression: hide the cells of a retention triangle that are about too few customers.

A cell is bound by three sums at once: with those who did not buy it makes its cohort, with the
other cohorts at its age the mean over cohorts, and with the other cohorts of its calendar month the
returning customers of that month.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.calendar_units import Every
from regulars.measures.cohort_layout import CohortLayout, problem_of
from regulars.measures.protection import protect
from regulars.measures.retention import mean_retention
from regulars.measures.suppression import hidden_in_groups
from regulars.small_groups import HIDDEN, LEAST

__all__ = ["NEWEST", "Triangle", "suppressed_retention", "suppressed_triangle"]

NEWEST = {"week": 24}  # cohorts whose cells are shown; of more, nobody could read a cell
RATES = ["rate", "low", "high"]


def suppressed_retention(
    retention: pd.DataFrame, *, k: int = LEAST
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hide small cells of the triangle, and what would give them away there and in the mean.

    A cohort of fewer than k customers is hidden with all its cells, and so is the cohort that its
    size could be told from; the mean leaves both out. A cell is hidden where fewer than k bought or
    fewer than k did not.
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
        The cells, and their mean as `retention.mean_retention` gives it of the cohorts whose size
        is shown; in both with missing values where something is hidden, and the column ``hidden``.

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
        As from `suppressed_retention`; of weeks the newest cohorts only, and the mean of all up
        to the ages these have reached.
    months : DataFrame
        By month, week or quarter (the index): new, returning, customers (bool, True where hidden).
    quarters : Series of bool
        By first day of the quarter: whether the size of its cohort is hidden. Of months only.
    sizes : Series of bool
        By cohort, of all, also of those without cells here: whether its size is hidden.
    """

    cells: pd.DataFrame
    mean: pd.DataFrame
    months: pd.DataFrame
    quarters: pd.Series
    sizes: pd.Series


def suppressed_triangle(
    retention: pd.DataFrame,
    *,
    every: Every = "month",
    sizes: pd.Series | None = None,
    k: int = LEAST,
) -> Triangle:
    """Hide the small cells of the triangle together with the customers of each month.

    The size of a cohort is the number of a month's new customers, the sum over a calendar month
    that of its returning ones. So every page that shows either asks here.

    Parameters
    ----------
    retention : DataFrame
        From `retention.cohort_retention`.
    every : str
        Of what the cohorts are: ``week``, ``month`` or ``quarter``.
    sizes : Series of bool, optional
        By cohort, whether its size is hidden, where that follows from other tables; by default
        sizes are hidden with those of the quarters.
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
    every_size = retention[retention.age == 0].set_index("cohort").customers
    small, small_quarters = _small_sizes(every_size, every, k=k)
    small = small if sizes is None else sizes.reindex(small.index).astype(bool)
    layout = laid_out(retention, small, every=every)
    found = _hide(layout, small_quarters, k=k)
    without_size = layout.cells.cohort.map(small).to_numpy(dtype=bool)
    away, pooled = without_size.copy(), ~(layout.mean.customers > 0).to_numpy()
    away[layout.after] |= found["active"]
    pooled[layout.ages] |= found["pooled"]
    new = np.zeros(len(layout.periods), dtype=bool)
    new[layout.born[layout.born >= 0]] = small.to_numpy()[layout.born >= 0]
    counts = {"new": new, "returning": found["returning"], "customers": found["people"]}
    return Triangle(
        _taken(layout.cells, away=away, sizes=without_size),
        _taken(layout.mean, away=pooled, sizes=~(layout.mean.customers > 0).to_numpy()),
        pd.DataFrame({name: layout.by_period(mark) for name, mark in counts.items()}),
        small_quarters,
        small,
    )


def laid_out(retention: pd.DataFrame, small: pd.Series, *, every: Every = "month") -> CohortLayout:
    """Lay out the cells that are shown, and their mean over the cohorts whose size is.

    With cohorts of hidden size, the customers behind the mean would part these from each other.

    Parameters
    ----------
    retention : DataFrame
        From `retention.cohort_retention`.
    small : Series of bool
        By cohort: whether its size is hidden.
    every : str
        ``week``, ``month`` or ``quarter``.

    Examples
    --------
    >>> first = pd.to_datetime(["1997-01-01"])
    >>> cells = pd.DataFrame({"cohort": first, "age": [0], "customers": [90], "active": [90],
    ...     "complete": [True]})
    >>> laid_out(cells, pd.Series([False], index=first)).blocks["sizes"].tolist()
    [90]
    """
    sizes = retention[retention.age == 0].set_index("cohort").customers
    newest = sizes.index[-NEWEST.get(every, len(sizes)) :]
    cells = retention[retention.cohort.isin(newest)].reset_index(drop=True)
    mean = mean_retention(retention[~retention.cohort.map(small).to_numpy(dtype=bool)])
    ages = pd.Index(cells[cells.complete].age.unique(), name="age").sort_values()
    whole = dict.fromkeys(["cohorts", "customers", "active"], "int64")
    filled = mean.set_index("age").reindex(ages).fillna(dict.fromkeys(whole, 0)).astype(whole)
    return CohortLayout(cells, filled.reset_index(), sizes=sizes, small=small, every=every)


def _small_sizes(sizes: pd.Series, every: Every, *, k: int) -> tuple[pd.Series, pd.Series]:
    """Tell which sizes to hide, of months together with those of quarters."""
    if every == "month":
        quarter = sizes.index.to_period("Q").to_timestamp()
        return hidden_in_groups(sizes, pd.Series(quarter), k=k)
    small, _ = hidden_in_groups(sizes, pd.Series(0, index=sizes.index), k=k)
    return small, pd.Series(np.zeros(0, dtype=bool))


def _hide(layout: CohortLayout, quarters: pd.Series, *, k: int) -> dict[str, np.ndarray]:
    """Return what to hide of each block of the layout."""
    blocks, without = layout.blocks, ~layout.sized
    unsized = without[layout.cohort_of]
    active, others = blocks["active"], blocks["not"]
    # Whoever knows the size and one of the two knows the other.
    few = unsized | ((active > 0) & (active < k)) | ((others > 0) & (others < k))
    monthly = layout.every == "month"
    large = quarters.to_numpy(dtype=bool) if monthly else np.zeros(len(blocks["quarters"]), bool)
    # Those who did not buy are never shown themselves; they are hidden where the cell is. Customers
    # of a week or a quarter stand on no page, and what is of older cohorts neither.
    hidden = {"active": few, "not": few, "sizes": without, "quarters": large}
    hidden |= {"older": blocks["older"] > 0}
    hidden |= {name: np.full(len(blocks[name]), not monthly) for name in ("returning", "people")}
    shown = {"sizes": ~without, "quarters": ~large, "all": np.array([True])}
    shown |= {"older": blocks["older"] == 0}
    problem, before = problem_of(blocks, layout.sums(), hidden=hidden, shown=shown)
    found = protect(problem, k=k, hidden=before)
    return {name: found[places] for name, places in layout.at.items()}


def _taken(frame: pd.DataFrame, *, away: np.ndarray, sizes: np.ndarray) -> pd.DataFrame:
    """Take the counts and rates of hidden rows out, and the number of customers where it is."""
    taken = frame.astype({"customers": "Int64", "active": "Int64"})
    gone = ["active", *RATES]
    taken[gone] = taken[gone].mask(pd.Series(away, index=frame.index))
    taken["customers"] = taken.customers.mask(pd.Series(sizes, index=frame.index))
    return taken.assign(**{HIDDEN: away | sizes})
