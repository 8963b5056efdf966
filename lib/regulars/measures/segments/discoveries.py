"""Discoveries: which of many tests may be called findings."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

__all__ = ["discrete_q_values", "q_values"]

THRESHOLDS = 400
LEAST = 1e-12
FEW_DRAWS = 40


def q_values(p: Sequence[float], counts: Sequence[int] | None = None) -> np.ndarray:
    """Correct p-values for how many there are: the smallest false discovery rate that admits each.

    Calling everything with a q-value of at most .05 a finding keeps the expected share of false
    ones among the findings at .05 or below.

    Parameters
    ----------
    p : sequence of float
        P-values; missing where no test was made, which then does not count.
    counts : sequence of int, optional
        How many tests each p-value stands for; one each unless given.

    Returns
    -------
    numpy.ndarray
        In the order of `p`; missing where `p` is.

    Notes
    -----
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> q_values([.01, .04, .03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    >>> q_values([.01, .04], counts=[1, 3]).round(3).tolist()
    [0.04, 0.04]
    """
    p = np.asarray(p, dtype=float)
    counts = np.ones(len(p)) if counts is None else np.asarray(counts, dtype=float)
    made = np.flatnonzero(~np.isnan(p))
    order = made[np.argsort(p[made], kind="stable")]
    rank = np.cumsum(counts[order])
    steps = p[order] * rank[-1:] / rank
    found = np.full(len(p), np.nan)
    found[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    return found


def discrete_q_values(cells: pd.DataFrame, *, fdr: float = 0.05) -> np.ndarray:
    """Correct exact binomial p-values for how many there are, knowing which values are possible.

    With few draws only few p-values are possible, and most tests could not have given one as small
    as the smallest that were found. The correction counts, at each threshold, how many p-values
    would be below it if nothing were there, where `q_values` counts threshold times tests.

    Parameters
    ----------
    cells : pandas.DataFrame
        n (draws), base (share under the null), p (upper tail; missing where not tested), tests (how
        many tests the row stands for). All tests are there, those with large p too.
    fdr : float
        The largest q-value of interest; larger ones are 1.

    Returns
    -------
    numpy.ndarray
        In the order of `cells`; missing where p is.

    Notes
    -----
    Döhler, Durand and Roquain (2018), Electronic Journal of Statistics 12, 1867-1900, the step-up
    procedure [HSU] with its correction 1 / (1 - F) bounded by 1 / (1 - fdr), on a grid of 400
    thresholds up to `fdr`. Beyond 40 draws a test is counted as if every p-value were possible.

    Examples
    --------
    >>> cells = pd.DataFrame({"n": [6, 6], "base": [.5, .5], "tests": [1, 9]})
    >>> cells["p"] = [.5**6, .5]
    >>> discrete_q_values(cells, fdr=.2).round(3).tolist()
    [0.195, 1.0]
    """
    p = cells.p.to_numpy(float)
    grid = np.geomspace(LEAST, fdr, THRESHOLDS)
    made = cells[~np.isnan(p)]
    expected = _below_by_luck(made, grid)
    order = np.argsort(made.p.to_numpy(), kind="stable")
    counts = np.cumsum(np.r_[0, made.tests.to_numpy()[order]])
    below = counts[np.searchsorted(made.p.to_numpy()[order], grid, side="right")]
    steps = np.where(below > 0, expected / (1 - fdr) / np.maximum(below, 1), 1)
    steps = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    found = np.r_[steps, 1][np.searchsorted(grid, np.nan_to_num(p, nan=1))]
    return np.where(np.isnan(p), np.nan, np.where(found <= fdr, found, 1))


def _below_by_luck(made: pd.DataFrame, grid: np.ndarray) -> np.ndarray:
    """Count the p-values expected at or below each threshold, if nothing is there."""
    kinds = made.groupby(["n", "base"]).tests.sum().reset_index()
    many = kinds.n > FEW_DRAWS
    jumps = np.zeros(THRESHOLDS + 1)
    for n, kind in kinds[~many].groupby("n"):
        possible = stats.binom.sf(np.arange(n, -1, -1) - 1, n, kind.base.to_numpy()[:, None])
        steps = np.diff(possible, axis=1, prepend=0) * kind.tests.to_numpy()[:, None]
        at = np.searchsorted(grid, possible.ravel())
        jumps += np.bincount(at, weights=steps.ravel(), minlength=THRESHOLDS + 1)
    return np.cumsum(jumps)[:-1] + kinds.tests[many].sum() * grid
