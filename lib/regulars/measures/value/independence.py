"""Independence: whether how often customers buy says something about what they spend a day."""

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate, normal_quantile

__all__ = ["STRONG", "independence", "ranks_alone"]

STRONG = 0.3
DRAWN = 20_000


def independence(cells: pd.DataFrame, *, level: float = 0.95) -> dict[str, Estimate | None]:
    """Correlate paid repeat days with the mean money of these, over customers who have any.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `spend_cells.spend_cells`: days, mean, customers.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    dict of str to Estimate
        ``pearson`` and ``spearman`` (ranks; ties share theirs), between -1 and 1; None where either
        of the two is the same for all, or there are fewer than ten customers.

    Notes
    -----
    Pearson's interval lets money be as skewed as it is: the variance is that of the correlation's
    influence function, carried to Fisher's z. Spearman's is that of Bonett & Wright (2000),
    Psychometrika 65, 23-28. On CDNOW Pearson's is .11 (Fader, Hardie & Lee 2005, Journal of
    Marketing Research 42, 415-430).

    Examples
    --------
    >>> cells = pd.DataFrame({"days": [1, 2, 3], "mean": [5.0, 3.0, 4.0], "customers": [9, 9, 9]})
    >>> round(independence(cells)["spearman"].value, 3)
    -0.5
    """
    weight = cells.customers.to_numpy(float)
    n = int(weight.sum())
    if n < 10 or cells["days"].nunique() < 2 or cells["mean"].nunique() < 2:
        return {"pearson": None, "spearman": None}
    x, y = (_standard(cells[name].to_numpy(float), weight) for name in ("days", "mean"))
    r = float(weight @ (x * y)) / n
    influence = x * y - r * (x**2 + y**2) / 2
    robust = np.sqrt(weight @ influence**2 / n) / max(1 - r**2, 1e-12) / np.sqrt(n)
    ranks = [_ranks(cells[name].to_numpy(float), weight) for name in ("days", "mean")]
    rank_x, rank_y = (_standard(one, weight) for one in ranks)
    s = float(weight @ (rank_x * rank_y)) / n
    z = normal_quantile(level)
    return {
        "pearson": _on_z(r, z * robust, n),
        "spearman": _on_z(s, z * np.sqrt((1 + s**2 / 2) / (n - 3)), n),
    }


def ranks_alone(cells: pd.DataFrame, *, p: float, q: float, seed: int = 1) -> float:
    """Say which rank correlation days and means have if nothing is related.

    It is not zero: money is skewed, so that the mean of few days lies below the true mean more
    often than that of many.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `spend_cells.spend_cells`: days, customers.
    p, q : float
        Of Gamma-Gamma, by which up to 20,000 customers are drawn with the days of the base.
    seed : int
        Of the draws.

    Returns
    -------
    float
        Spearman's correlation.

    Examples
    --------
    >>> cells = pd.DataFrame({"days": [1, 9], "customers": [500, 500]})
    >>> 0 < ranks_alone(cells, p=.5, q=9) < .4
    True
    """
    rng = np.random.default_rng(seed)
    n, share = int(cells.customers.sum()), cells.customers / cells.customers.sum()
    days = rng.choice(cells["days"].to_numpy(float), size=min(n, DRAWN), p=share.to_numpy())
    means = rng.gamma(p * days) / rng.gamma(q, size=len(days)) / days
    ranks = [
        _standard(_ranks(one, np.ones(len(days))), np.ones(len(days))) for one in (days, means)
    ]
    return float(np.mean(ranks[0] * ranks[1]))


def _standard(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    mean = np.average(values, weights=weight)
    return (values - mean) / np.sqrt(np.average((values - mean) ** 2, weights=weight))


def _ranks(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the middle rank of each value, every customer having a place."""
    different, place = np.unique(values, return_inverse=True)
    many = np.bincount(place, weights=weight, minlength=len(different))
    return (np.cumsum(many) - (many - 1) / 2)[place]


def _on_z(r: float, reach: float, n: int) -> Estimate:
    if abs(r) >= 1:
        return Estimate(r, None, None, n)
    low, high = np.tanh(np.arctanh(r) + np.array([-reach, reach]))
    return Estimate(r, float(low), float(high), n)
