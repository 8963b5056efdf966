"""Equal ages: which cohorts can be compared, and up to which age all of them have been watched."""

from dataclasses import dataclass

import pandas as pd

from regulars.measures.calendar_units import Every

__all__ = ["EqualAges", "equal_ages"]

LONGEST = {"week": 26, "month": 36, "quarter": 12}


@dataclass(frozen=True)
class EqualAges:
    """Cohorts that have all reached an age in full.

    Parameters
    ----------
    cohorts : DatetimeIndex
        Their first days, ordered; the same at every age, so that a curve over them rises only if
        customers come back.
    age : int
        The last age that is over for all of them; -1 where there is none.
    early : bool
        Whether only cohorts from the first 90 days of the records could be taken, which may hold
        customers from before.

    Examples
    --------
    >>> EqualAges(pd.to_datetime(["1997-01-01"]), age=3, early=False).age
    3
    """

    cohorts: pd.DatetimeIndex
    age: int
    early: bool


def equal_ages(
    retention: pd.DataFrame, hidden: pd.Series | None = None, *, every: Every = "month"
) -> EqualAges:
    """Choose the age at which the most weeks, months or quarters of the most cohorts compare.

    Parameters
    ----------
    retention : DataFrame
        From `retention.cohort_retention`: cohort, age, complete, early.
    hidden : Series of bool, optional
        By cohort: whether its size is hidden; these are left out, as a sum with them would tell it.
    every : str
        ``week``, ``month`` or ``quarter``; the age is at most half a year of weeks, three years of
        months or of quarters.

    Returns
    -------
    EqualAges

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": pd.to_datetime(["1997-01-01"] * 3 + ["1997-02-01"] * 2),
    ...     "age": [0, 1, 2, 0, 1], "complete": [True, True, True, True, False], "early": False})
    >>> found = equal_ages(cells)
    >>> found.age, len(found.cohorts)
    (2, 1)
    """
    over = retention[retention.complete & (retention.age <= LONGEST[every])]
    early = bool(over.early.all())
    taken = over if early else over[~over.early]
    reached = taken.groupby("age").cohort.count()
    # Of two ages at which as many cells compare, the younger.
    age = int(((reached.index + 1) * reached).idxmax()) if len(reached) else -1
    cohorts = pd.DatetimeIndex(taken[taken.age == age].cohort.sort_values())
    if hidden is not None:
        cohorts = cohorts[~hidden.reindex(cohorts).to_numpy(dtype=bool)]
    return EqualAges(cohorts, age if len(cohorts) else -1, early)
