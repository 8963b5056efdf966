"""Protection: which counts to hide so that the hidden small ones cannot be worked out.

Whoever reads a page knows its sums. A hidden count is safe if other counts could stand in its
place with the same sums. So for each small count two tables are looked for that have all numbers
that are shown, one with this count as large as a small one can be, and one with it at 1. Where no
such table exists yet, the one that changes the fewest and smallest counts is found by linear
programming, and what it changes is hidden too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

__all__ = ["Problem", "protect", "sums_matrix"]

HIDDEN_COST = 0.01  # far below that of opening a shown count, which is 1 and more
SUM_COST = 2.0  # a sum serves more readers than one of its parts
PASSES = 8
ZERO_COST = 10.0  # a zero is told wherever it can be


@dataclass(frozen=True)
class Problem:
    """Counts with the sums that bind them.

    Parameters
    ----------
    values : array of int
        All counts that could be shown, parts and sums.
    relations : sparse array
        One row per sum and one column per count: 1 for a part, -1 for the sum itself.
    shown : array of bool
        What is shown whatever it is, such as the number of all customers.
    is_sum : array of bool
        What is a sum of others; it is hidden less readily.
    """

    values: np.ndarray
    relations: csr_array
    shown: np.ndarray
    is_sum: np.ndarray


def protect(problem: Problem, *, k: int, hidden: np.ndarray | None = None) -> np.ndarray:
    """Tell which counts to hide: those from 1 to k - 1, and others that would give them away.

    A small count is protected if it could be any number from 1 to k - 1 for somebody who knows
    everything that is shown, and that hidden counts are whole numbers and not 0. Zeros are hidden
    only where nothing else protects a count; where the sums are too small even for that, it is
    protected as far as it can be.

    Parameters
    ----------
    problem : Problem
    k : int
        The smallest count of customers that is shown.
    hidden : array of bool, optional
        What is hidden already, whatever it is.

    Returns
    -------
    numpy.ndarray
        True where a count is to be hidden.

    Notes
    -----
    Complementary cell suppression by linear programming, one small count at a time: Kelly, Golden
    & Assad (1992), Networks 22, 397-417; Fischetti & Salazar (2001), Management Science 47,
    1008-1027. In tables with two ways of adding up, and in groups within groups, the relations are
    those of a network, so the corners of the linear programme are whole numbers, and every whole
    number between the smallest and the largest is possible.

    Examples
    --------
    >>> last = np.array([False, False, False, True])
    >>> three = Problem(np.array([3, 20, 50, 73]), csr_array([[1, 1, 1, -1]]), last, last)
    >>> protect(three, k=10).tolist()
    [True, True, False, False]
    """
    small = (problem.values > 0) & (problem.values < k) & ~problem.shown
    hidden = small if hidden is None else small | hidden
    for end in (k - 1, 1):
        missed = small
        for zeros in (False, True):
            goals = np.clip(end, *_bounds(problem, zeros=zeros))
            hidden = _reach(problem, hidden, missed & (goals != problem.values), goals, zeros=zeros)
            missed = missed & (goals != end)
    return hidden


def sums_matrix(sums: Iterable[tuple[Iterable[int], int]], width: int) -> csr_array:
    """Write sums as relations of a `Problem`: the places of the parts, and that of the whole.

    Examples
    --------
    >>> sums_matrix([([0, 1], 2)], 3).toarray().tolist()
    [[1, 1, -1]]
    """
    rows, columns, signs = [], [], []
    for at, (parts, whole) in enumerate(sums):
        places = [*parts, whole]
        rows += [at] * len(places)
        columns += places
        signs += [1] * (len(places) - 1) + [-1]
    height = max(rows, default=-1) + 1
    return csr_array((signs, (rows, columns)), shape=(height, width))


def _reach(
    problem: Problem,
    hidden: np.ndarray,
    waiting: np.ndarray,
    goals: np.ndarray,
    *,
    zeros: bool,
) -> np.ndarray:
    """Hide until each of the waiting counts could be its goal, or is as near as it gets."""
    waiting = waiting.copy()
    while waiting.any():
        waiting &= ~_together(problem, hidden, waiting, goals)
        if waiting.any():
            place = int(np.flatnonzero(waiting)[0])
            hidden = hidden | (_alone(problem, hidden, (place, goals[place]), zeros=zeros) != 0)
            waiting[place] = False
    return hidden


def _together(
    problem: Problem, hidden: np.ndarray, waiting: np.ndarray, goals: np.ndarray
) -> np.ndarray:
    """Tell which of the waiting counts can reach their goals by what is hidden already.

    Most can, many in one table: so the search of one table for each is spared.
    """
    reached, values = np.zeros_like(waiting), problem.values
    rises = goals > values
    while (still := waiting & ~reached).any():
        up, down = _room(problem, hidden)
        up[still & rises] = (goals - values)[still & rises]
        down[still & ~rises] = (values - goals)[still & ~rises]
        price = -np.concatenate([still & rises, still & ~rises]).astype(float)
        price[np.concatenate([still & ~rises, still & rises])] = 1.0
        found = still & (values + _moves(problem, price, (up, down)) == goals)
        if not found.any():
            break
        reached = reached | found
    return reached


def _alone(
    problem: Problem, hidden: np.ndarray, wanted: tuple[int, int], *, zeros: bool
) -> np.ndarray:
    """Find the cheapest change that brings one count to its goal, or as near as it gets."""
    place, goal = wanted
    up, down = _room(problem, hidden | _can_move(problem, zeros=zeros))
    cost = _cost(problem, hidden)
    price, n = np.tile(cost, 2), len(cost)
    (towards, limit), (back, other) = (place, up), (n + place, down)
    if goal < problem.values[place]:
        (towards, limit), (back, other) = (back, other), (towards, limit)
    limit[place], other[place] = abs(goal - problem.values[place]), 0
    price[towards] = -(1 + cost.sum())
    return _moves(problem, price, (up, down))


def _moves(problem: Problem, price: np.ndarray, room: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the cheapest change of all counts within their room that leaves every sum true."""
    most = np.concatenate(room)
    free, moves = most > 0, np.zeros(len(price))
    both = hstack([problem.relations, -problem.relations], format="csc")
    found = linprog(
        price[free],
        A_eq=both[:, free],
        b_eq=np.zeros(both.shape[0]),
        bounds=np.column_stack([np.zeros(free.sum()), most[free]]),
        method="highs-ds",
    )
    moves[free] = found.x
    up, down = np.split(np.rint(moves).astype("int64"), 2)
    return up - down


def _can_move(problem: Problem, *, zeros: bool) -> np.ndarray:
    return ~problem.shown & ((problem.values > 0) | zeros)


def _room(problem: Problem, movable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each count may rise and fall; who is not 0 stays at least 1."""
    values = problem.values
    up = np.where(movable, float(values.max(initial=0)), 0.0)
    down = np.where(movable, np.maximum(values - 1, 0), 0).astype(float)
    return up, down


def _bounds(problem: Problem, *, zeros: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return between what each count lies if everything that can be hidden is.

    The sums are gone through a few times; what they say together may be narrower. It spares the
    search for tables that cannot be, such as one with 9 in a cell whose sum is shown as 4.
    """
    up, down = _room(problem, _can_move(problem, zeros=zeros))
    low, high = problem.values - down, problem.values + up
    listed = problem.relations.tocoo()
    (rows, columns), signs = listed.coords, listed.data
    for _ in range(PASSES):
        least = np.minimum(signs * low[columns], signs * high[columns])
        rest = -(np.bincount(rows, weights=least)[rows] - least)
        parts = signs > 0
        np.minimum.at(high, columns[parts], rest[parts])
        np.maximum.at(low, columns[~parts], -rest[~parts])
        most = np.maximum(signs * low[columns], signs * high[columns])
        rest = -(np.bincount(rows, weights=most)[rows] - most)
        np.maximum.at(low, columns[parts], rest[parts])
        np.minimum.at(high, columns[~parts], -rest[~parts])
    return low.astype("int64"), high.astype("int64")


def _cost(problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """Price each move: few and small counts are to be hidden; ties go to the first."""
    values, n = problem.values, len(problem.values)
    size = 1 + np.log10(1 + values) + SUM_COST * problem.is_sum + ZERO_COST * (values == 0)
    return np.where(hidden, HIDDEN_COST, size) + 1e-4 * np.arange(n) / n
