"""Permutation: how often a group drawn by lot would differ as much from all others as this one.

A normal curve is a poor judge of a few answers that are nearly all alike: one angry customer among
ten happy ones lies many standard errors off, and is no rarity. Drawing groups of the same size from
the answers at hand needs no curve, and holds its level for any n.
"""

from collections.abc import Mapping

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch

__all__ = ["by_lot", "count_kinds", "drawn_by_lot"]

DRAWS = 20_000
WORTH = {"promoter": 100.0, "detractor": -100.0, "top": 1.0}


def drawn_by_lot(
    mine: np.ndarray, all_: np.ndarray, values: np.ndarray, *, seed: int = 1, draws: int = DRAWS
) -> float:
    """Return the chance that a group drawn by lot has a mean as far from that of all.

    Parameters
    ----------
    mine, all_ : array of int
        How many answers of each kind the group has, and all together with it.
    values : array of float
        What an answer of each kind is worth.
    seed : int
        Of the draws.
    draws : int
        How many groups are drawn.

    Returns
    -------
    float
        The p-value, two-sided; never below 1 / (draws + 1).

    Notes
    -----
    Phipson & Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9, 39: the
    group itself counts as one of the draws, so that the level holds.

    Examples
    --------
    >>> drawn_by_lot(np.array([9, 1]), np.array([95, 5]), np.array([1.0, 0.0])) > .3
    True
    """
    n = int(mine.sum())
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(
        all_.astype("int64"), n, size=draws, method="marginals"
    )
    expected = all_ @ values * n / all_.sum()
    reach = np.abs(mine @ values - expected)
    # Equal sums may differ by what a float cannot hold.
    as_far = np.abs(drawn @ values - expected) >= reach * (1 - 1e-9) - 1e-9
    return float((1 + as_far.sum()) / (1 + draws))


def count_kinds(voices: ir.Table, by: str) -> pd.DataFrame:
    """Count the answers of each group by what was said.

    Parameters
    ----------
    voices : ibis.expr.types.Table
        question, band, score, and `by`.
    by : str
        The column of the groups; answers without one are left out.

    Returns
    -------
    pandas.DataFrame
        question, by, group, band, score, n.
    """
    keys = ["question", by, "band", "score"]
    counted = fetch(voices.group_by(keys).agg(n=voices.count()).order_by(keys))
    return counted.rename(columns={by: "group"}).assign(by=by).dropna(subset="group")


def by_lot(kinds: pd.DataFrame, of: Mapping[str, str], measure: str) -> float:
    """Draw groups by lot for one group among the others; see `drawn_by_lot`.

    Parameters
    ----------
    kinds : pandas.DataFrame
        From `count_kinds`.
    of : mapping
        question, by, group: the one that is looked at.
    measure : str
        nps, top_box or mean: what answers are worth.

    Returns
    -------
    float
        The p-value, two-sided.
    """
    same = kinds[(kinds.question == of["question"]) & (kinds.by == of["by"])]
    mine = same.n.where(same.group == of["group"], 0)
    sums = same.assign(worth=_worth(same, measure), mine=mine).groupby("worth")[["mine", "n"]].sum()
    return drawn_by_lot(sums.mine.to_numpy(), sums.n.to_numpy(), sums.index.to_numpy(float))


def _worth(kinds: pd.DataFrame, measure: str) -> pd.Series:
    if measure == "mean":
        return kinds.score.astype(float)
    return kinds.band.map(WORTH).fillna(0.0)
