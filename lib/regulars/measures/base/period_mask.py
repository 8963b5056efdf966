"""Period mask: which numbers of customers in the periods are hidden, found once for all tables.

The same customers are counted as all of a period, as new and old ones, and by what became of them
since the period before. Whoever reads one table knows sums of the next, so all stand in one
problem.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.base.changes import STATUSES
from regulars.measures.pair_suppression import hidden_pairs
from regulars.measures.protection import Problem, protect, sums_matrix
from regulars.small_groups import LEAST

__all__ = ["PeriodMask", "period_mask"]


@dataclass(frozen=True)
class PeriodMask:
    """What to hide.

    Parameters
    ----------
    now, before : bool
        The customers of the last period and of the one before, with all that they did.
    statuses : bool
        Who stayed, came back, came and left; so is then who bought in either period.
    customers, new : array of bool
        By period of the history: its customers, and the new ones among them.
    """

    now: bool
    before: bool
    statuses: bool
    customers: np.ndarray
    new: np.ndarray


def period_mask(
    customers: int,
    active: int,
    history: pd.DataFrame,
    by_status: pd.DataFrame | None = None,
    *,
    k: int = LEAST,
) -> PeriodMask:
    """Tell what to hide of the last period, of the one before, and of the history.

    Parameters
    ----------
    customers : int
        All customers, whose number is always shown.
    active : int
        Those of the last period. They and the others are a pair: both are hidden where one is few.
    history : pandas.DataFrame
        From `periods.period_history`.
    by_status : pandas.DataFrame, optional
        From `changes.change_by_status`, where two whole periods are known.
    k : int
        The smallest count that is shown.

    Examples
    --------
    >>> history = pd.DataFrame({"customers": [70, 60], "new": [70, 30]})
    >>> mask = period_mask(100, 60, history)
    >>> mask.now, mask.new.tolist()
    (False, [False, False])
    >>> period_mask(61, 60, history.tail(1)).now
    True
    """
    counts = _Counts(customers, active, history, by_status)
    names = list(counts.sizes)
    at = {name: place for place, name in enumerate(names)}
    values = np.array([counts.sizes[name] for name in names], dtype="int64")
    relations = sums_matrix(
        (([at[part] for part in parts], at[whole]) for parts, whole in counts.sums), len(names)
    )
    of_pair = [name in ("now", "dormant") for name in names]
    pair = bool(hidden_pairs(pd.Series([active]), customers, k=k).any())
    told = np.array(names) == "all"
    shown = told if pair else told | of_pair
    before = np.isin(names, [*counts.unseen, *(["now", "dormant"] if pair else [])])
    if any(0 < counts.sizes.get(status, 0) < k for status in STATUSES):
        before |= np.isin(names, [*STATUSES, "either", counts.newest])
    problem = Problem(values, relations, shown, np.isin(names, [whole for _, whole in counts.sums]))
    found = dict(zip(names, protect(problem, k=k, hidden=before).tolist(), strict=True))
    return counts.mask(found)


class _Counts:
    """All counts by name, the sums that bind them, and which of them no table shows."""

    def __init__(
        self, customers: int, active: int, history: pd.DataFrame, by_status: pd.DataFrame | None
    ) -> None:
        rows = range(len(history))
        self.people = [*(f"people {row}" for row in rows[:-1]), *["now"][: len(history)]]
        self.new = [f"new {row}" for row in rows]
        self.newest = "new" if by_status is None else self.new[-1]
        self.by_status = by_status is not None
        olds = [f"old {row}" for row in rows]
        old_counts = history.customers - history.new
        self.sizes = {"all": customers, "now": active, "dormant": customers - active}
        self.sizes |= dict(zip(self.people, history.customers, strict=True))
        self.sizes |= dict(zip(self.new, history.new, strict=True))
        self.sizes |= dict(zip(olds, old_counts, strict=True))
        self.sizes["earlier"] = customers - int(history.new.sum())
        self.unseen = [*olds, "earlier", "neither"]
        self.sums: list[tuple[list[str], str]] = [(["now", "dormant"], "all")]
        self.sums += [([*self.new, "earlier"], "all")]
        parts = zip(self.new, olds, self.people, strict=True)
        self.sums += [([new, old], people) for new, old, people in parts]
        if by_status is not None:
            self._add_statuses(by_status.set_index("status").customers, last_old=olds[-1])

    def _add_statuses(self, of: pd.Series, *, last_old: str) -> None:
        stayed, back, left = (int(of[name]) for name in ("stayed", "came_back", "left"))
        either = self.sizes["now"] + left
        self.sizes |= {"stayed": stayed, "came_back": back, "left": left, "either": either}
        self.sizes |= {"neither": self.sizes["all"] - either}
        self.sums += [
            (["stayed", "left"], self.people[-2]),
            (["stayed", "came_back"], last_old),
            (["now", "left"], "either"),
            (["either", "neither"], "all"),
        ]

    def mask(self, found: dict[str, bool]) -> PeriodMask:
        """Return what is hidden; who is hidden in one table is so in all."""
        statuses = [*STATUSES, "either", self.newest]
        away = self.by_status and any(found.get(name, False) for name in statuses)
        new = _of(found, self.new)
        if away:
            new[-1] = True
        return PeriodMask(
            now=found["now"],
            before=len(self.people) > 1 and found[self.people[-2]],
            statuses=away,
            customers=_of(found, self.people),
            new=new,
        )


def _of(found: dict[str, bool], names: Iterable[str]) -> np.ndarray:
    return np.array([found[name] for name in names], dtype=bool)
