"""Raking: weights with which the answers have the same make-up as the customers they stand for.

Deming and Stephan's iterative proportional fitting: the weights are brought to fit one variable
after the other, again and again, until all fit. It works on cells (combinations of categories with
their counts), so that its cost does not grow with the customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from regulars.measures.suppression import LEAST

__all__ = ["UNKNOWN", "Raked", "design_effect", "merged", "rake", "raked"]

UNKNOWN = "\0unknown"
"""The category of customers of whom the variable is not known."""

TOGETHER = "\0together"
CLOSE = 1e-9  # how far a margin may stay off, as a share
MOST_ROUNDS = 500
MOST_TRIMS = 200


@dataclass(frozen=True)
class Raked:
    """Weights, and what had to be done to find them.

    Parameters
    ----------
    weight : pandas.Series or None
        By cell, with mean 1 over the answers; None where the iteration did not settle.
    rounds : int
        How often all variables were fitted in turn.
    trimmed : bool
        Whether weights were above the limit and were cut.
    furthest : float
        By how much the share of a category stays off that of the base at most; 0 unless trimmed.
    """

    weight: pd.Series | None
    rounds: int
    trimmed: bool
    furthest: float


class _Problem(NamedTuple):
    counts: np.ndarray
    variables: list[tuple[np.ndarray, np.ndarray]]  # the cells' codes, and the counts to reach


def merged(
    cells: pd.DataFrame, by: Sequence[str], *, least: int = LEAST
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Put categories with too few answers together, so that every category can be weighted.

    The categories of a variable with fewer than `least` answers become one; if that has fewer than
    `least` too, the one with the fewest answers joins it, and so on.

    Parameters
    ----------
    cells : pandas.DataFrame
        The columns `by` (text; missing is a category of its own), base (customers), answers.
    by : sequence of str
        The variables.
    least : int
        As few answers are enough.

    Returns
    -------
    tuple
        The same rows with the categories as they are weighted, and by variable how many categories
        were put together (0: none).

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["north", "south", "east", None],
    ...                       "base": [50, 40, 5, 5], "answers": [20, 30, 0, 4]})
    >>> found, times = merged(cells, ["region"])
    >>> found.region.nunique(), times
    (2, {'region': 3})
    """
    found, times = cells.copy(), {}
    for name in by:
        values = cells[name].astype(object).where(cells[name].notna(), UNKNOWN)
        counts = cells.answers.groupby(values).sum()
        counts = counts.sort_index().sort_values(kind="stable")
        few = _too_few(counts.to_numpy(), least)
        found[name] = values.mask(values.isin(counts.index[:few]), TOGETHER)
        times[name] = few
    return found, times


def rake(answers: pd.Series, margins: Mapping[str, pd.Series], cells: pd.DataFrame) -> Raked:
    """Find the weights by which the answers have the given shares in every variable.

    Parameters
    ----------
    answers : Series of int
        Answers in each cell.
    margins : mapping
        Variable to a Series of shares (sum 1), its index the categories.
    cells : pandas.DataFrame
        The category of each cell in each variable; same index as `answers`.

    Returns
    -------
    Raked
        weight is None where a share is still off after 500 rounds, as when no weights fit.

    Notes
    -----
    Deming & Stephan (1940), The Annals of Mathematical Statistics 11, 427-444.

    Examples
    --------
    >>> cells = pd.DataFrame({"sex": ["f", "m"]})
    >>> found = rake(pd.Series([30, 10]), {"sex": pd.Series({"f": .5, "m": .5})}, cells)
    >>> found.weight.round(3).tolist()
    [0.667, 2.0]
    """
    problem = _problem(answers, margins, cells)
    weight = np.ones(len(answers))
    for rounds in range(1, MOST_ROUNDS + 1):
        weight = _fitted(weight, problem)
        furthest = _furthest(weight, problem)
        if furthest <= CLOSE:
            return Raked(pd.Series(weight, answers.index), rounds, False, 0.0)
    return Raked(None, MOST_ROUNDS, False, furthest)


def raked(cells: pd.DataFrame, by: Sequence[str], *, limit: float = 5.0) -> Raked:
    """Weight the answers to the base in every variable, and trim the largest weights.

    Weights above `limit` times the mean are cut to it and the answers are raked again from there,
    until none is above it. What no such weights can reach stays off, by `furthest`.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `merged`: the columns `by`, base, answers.
    by : sequence of str
        The variables.
    limit : float
        Times the mean weight, above 1.

    Returns
    -------
    Raked
        weight by row of `cells`; it means nothing where a cell has no answers.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["n", "s"], "base": [90, 10], "answers": [10, 90]})
    >>> found = raked(cells, ["region"])
    >>> found.weight.round(2).tolist(), found.trimmed, round(found.furthest, 2)
    ([5.0, 0.56], True, 0.4)
    """
    margins = {name: cells.base.groupby(cells[name]).sum() / cells.base.sum() for name in by}
    found = rake(cells.answers, margins, cells)
    if found.weight is None or _largest(found.weight, cells.answers) <= limit:
        return found
    problem = _problem(cells.answers, margins, cells)
    weight, rounds = _cut(found.weight.to_numpy(), problem.counts, limit), found.rounds
    while _furthest(weight, problem) > CLOSE and rounds < found.rounds + MOST_TRIMS:
        weight, rounds = _cut(_fitted(weight, problem), problem.counts, limit), rounds + 1
    return Raked(pd.Series(weight, cells.index), rounds, True, _furthest(weight, problem))


def design_effect(weight: pd.Series, answers: pd.Series) -> float:
    """Return by how much weights raise the variance of a mean.

    Parameters
    ----------
    weight, answers : Series
        By cell.

    Notes
    -----
    Kish (1965), Survey Sampling, section 11.7: 1 + the squared coefficient of variation.

    Examples
    --------
    >>> design_effect(pd.Series([.5, 1.5]), pd.Series([10, 10]))
    1.25
    """
    total, squares = (weight * answers).sum(), (weight**2 * answers).sum()
    return float(answers.sum() * squares / total**2)


def _too_few(counts: np.ndarray, least: int) -> int:
    """Say how many of the rising counts have to be put together."""
    few = int((counts < least).sum())
    if few == 0:
        return 0
    together = np.cumsum(counts)
    while few < len(counts) and together[few - 1] < least:
        few += 1
    return few


def _problem(answers: pd.Series, margins: Mapping[str, pd.Series], cells: pd.DataFrame) -> _Problem:
    counts = answers.to_numpy(float)
    codes = [target.index.get_indexer(cells[name]) for name, target in margins.items()]
    targets = [target.to_numpy(float) * counts.sum() for target in margins.values()]
    return _Problem(counts, list(zip(codes, targets, strict=True)))


def _fitted(weight: np.ndarray, problem: _Problem) -> np.ndarray:
    """Fit the weights to each variable once."""
    for code, target in problem.variables:
        reached = np.bincount(code, weights=weight * problem.counts, minlength=len(target))
        ratio = np.divide(target, reached, out=np.ones_like(reached), where=reached > 0)
        # What nobody answered in has no bound: its weight would grow without end.
        weight = np.where(problem.counts > 0, weight * ratio[code], 1.0)
    return weight


def _furthest(weight: np.ndarray, problem: _Problem) -> float:
    """Return how far the share of a category is off at most."""
    off = [
        np.abs(np.bincount(code, weights=weight * problem.counts, minlength=len(target)) - target)
        for code, target in problem.variables
    ]
    return float(max((one.max() for one in off), default=0.0) / problem.counts.sum())


def _largest(weight: pd.Series, answers: pd.Series) -> float:
    return float(weight[answers > 0].max())


def _cut(weight: np.ndarray, counts: np.ndarray, limit: float) -> np.ndarray:
    """Cut weights to the limit, and raise the others so that the mean is 1 again."""
    cut = np.zeros(len(weight), dtype=bool)
    weight = weight * counts.sum() / (weight * counts).sum()
    while (weight[counts > 0] > limit * (1 + CLOSE)).any():
        cut |= weight > limit
        rest = counts.sum() - limit * counts[cut].sum()
        scaled = weight * rest / (weight * counts)[~cut].sum()
        weight = np.where(cut, limit, scaled)
    return weight
