"""Cohort grid: the cells of cohorts as a rectangle, and what cohorts and ages are called."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.show.findings import count
from regulars.show.hidden import DOTTED, hidden_rows
from regulars.show.labels import short_month
from regulars.show.text import as_date, is_missing
from regulars.small_groups import HIDDEN

__all__ = [
    "MOST_WITH_BASE",
    "CohortGrid",
    "after_first",
    "cohort_name",
    "cohort_size",
    "grid_of",
    "notes_of",
]

MOST_COHORTS = 36
MOST_WITH_BASE = 14  # with more columns "100" no longer fits into its cell
EARLY = "†"


@dataclass(frozen=True)
class CohortGrid:
    """The observed cells as a rectangle, and what is known about each."""

    rates: pd.DataFrame
    observed: np.ndarray
    hidden: np.ndarray
    complete: np.ndarray
    names: list[str]
    left_out: int
    early: bool


def grid_of(retention: pd.DataFrame, every: str) -> CohortGrid:
    """Lay the newest 36 cohorts out, a row each.

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": pd.to_datetime(["1997-01-01"]), "age": [0],
    ...     "customers": [781], "rate": [1.0], "complete": [True], "early": [True]})
    >>> grid_of(cells, "month").names
    ['Jan 1997† (781)']
    """
    cells = retention.assign(complete=retention["complete"].astype(float), observed=1.0)
    cells = cells.astype({"rate": float}).assign(**{HIDDEN: hidden_rows(retention).astype(float)})
    cohorts = sorted(cells["cohort"].unique())
    ages = range(int(cells["age"].min()), int(cells["age"].max()) + 1)

    def table(column: str) -> pd.DataFrame:
        # pivot refuses two rows for one cell; pivot_table would average them.
        wide = cells.pivot(index="cohort", columns="age", values=column)  # noqa: PD010
        return wide.reindex(index=cohorts[-MOST_COHORTS:], columns=ages)

    sizes = cells.groupby("cohort")["customers"].max()
    gone = hidden_rows(retention).any()
    early = set(cells.loc[cells["early"].astype(bool), "cohort"]) if "early" in cells else set()
    names = [
        f"{cohort_name(one, every)}{EARLY if one in early else ''} "
        f"({cohort_size(sizes[one], gone and is_missing(sizes[one]))})"
        for one in cohorts[-MOST_COHORTS:]
    ]
    return CohortGrid(
        rates=table("rate"),
        observed=table("observed").notna().to_numpy(),
        hidden=(table(HIDDEN) == 1).to_numpy(),
        complete=(table("complete") == 1).to_numpy(),
        names=names,
        left_out=max(len(cohorts) - MOST_COHORTS, 0),
        early=bool(early & set(cohorts[-MOST_COHORTS:])),
    )


def notes_of(grid: CohortGrid, every: str, *, starred: bool) -> list[str]:
    """Return what the marks in a grid mean."""
    unnumbered = grid.rates.shape[1] > MOST_WITH_BASE
    notes = {
        "grey: 100\u00a0% by definition": 0 in grid.rates.columns and unnumbered,
        "hatched: not observed yet": not grid.observed.all(),
        DOTTED: grid.hidden.any(),
        f"*: {every} not over": starred,
        f"{EARLY}: perhaps older customers": grid.early,
        f"{grid.left_out} older cohorts not drawn": grid.left_out > 0,
    }
    return [note for note, needed in notes.items() if needed]


def cohort_name(first_day: object, every: str) -> str:
    """Return a cohort in short; weeks by their ISO number.

    Examples
    --------
    >>> [cohort_name("1997-04-07", every) for every in ("week", "month", "quarter")]
    ['W15 1997', 'Apr 1997', 'Q2 1997']
    """
    day = as_date(first_day)
    if every == "week":
        year, week, _ = day.isocalendar()
        return f"W{week:02d} {year}"
    return short_month(day) if every == "month" else f"Q{(day.month + 2) // 3} {day.year}"


def after_first(every: str) -> str:
    """Return the label of an axis of ages.

    Examples
    --------
    >>> after_first("week")
    'Weeks after the week of the first purchase'
    """
    return f"{every.capitalize()}s after the {every} of the first purchase"


def cohort_size(customers: float, hidden: bool) -> str:
    """Write how many customers a cohort has, or that it is hidden.

    Examples
    --------
    >>> cohort_size(1250, False), cohort_size(None, True)
    ('1,250', 'hidden')
    """
    return HIDDEN if hidden and is_missing(customers) else count(customers)
