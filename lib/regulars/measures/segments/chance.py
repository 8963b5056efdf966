"""Chance: whether the groups of the same customers, looked at twice, differ by more than it.

Chance means: the customers are independent and stand for others like them; if nothing changes for
such customers, as many move into a group as out of it, and only the luck of the draw makes the two
differ.
"""

import numpy as np
from scipy import stats

from regulars.measures.intervals import normal_quantile, wilson_bounds

__all__ = [
    "holm",
    "net_interval",
    "paired_difference",
    "sign_tests",
]


def paired_difference(counts: np.ndarray, *, level: float = 0.95) -> dict[str, np.ndarray]:
    """Estimate how a share changed when the same customers were looked at twice.

    Parameters
    ----------
    counts : array of int, 4 × any
        Customers with the property both times, before only, now only, and neither time.
    level : float
        Coverage asked for.

    Returns
    -------
    dict of numpy.ndarray
        change (share now − share before), low, high; missing where there are no customers.

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10: Wilson's intervals of the two
    shares, squared and added, with the correlation between them corrected for continuity.

    Examples
    --------
    >>> found = paired_difference(np.array([[14], [0], [5], [22]]))
    >>> {name: float(values[0].round(3)) for name, values in found.items()}
    {'change': 0.122, 'low': 0.011, 'high': 0.226}
    """
    both, before, now, neither = np.asarray(counts, dtype=float)
    n = both + before + now + neither
    if not (n > 0).all():
        return dict.fromkeys(("change", "low", "high"), np.full(n.shape, np.nan))
    first, second = (both + before) / n, (both + now) / n
    (low_1, high_1), (low_2, high_2) = (
        wilson_bounds(x, n, level=level) for x in (both + before, both + now)
    )
    phi = _correlation(both, before, now, neither)
    down = _reach(second - low_2, high_1 - first, phi)
    up = _reach(first - low_1, high_2 - second, phi)
    change = second - first
    return {"change": change, "low": change - down, "high": change + up}


def net_interval(
    came: np.ndarray, went: np.ndarray, *, level: float = 0.95
) -> dict[str, np.ndarray]:
    """Estimate by how many customers groups change, from how many came and how many went.

    Parameters
    ----------
    came, went : array of int
        Customers who came into each group, new ones too, and who left it.
    level : float
        Coverage asked for.

    Returns
    -------
    dict of numpy.ndarray
        net_low, net_high: around came − went.

    Notes
    -----
    Both counts as Poisson, each with its score interval, squared and added: Zou & Donner (2008),
    Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> found = net_interval(np.array([30, 0]), np.array([10, 0]))
    >>> found["net_low"].round(1).tolist(), found["net_high"].round(1).tolist()
    ([7.7, -3.8], [33.6, 3.8])
    """
    came, went = np.asarray(came, dtype=float), np.asarray(went, dtype=float)
    z = normal_quantile(level)
    (low_1, high_1), (low_2, high_2) = (
        (x + z**2 / 2 - z * np.sqrt(x + z**2 / 4), x + z**2 / 2 + z * np.sqrt(x + z**2 / 4))
        for x in (came, went)
    )
    net = came - went
    return {
        "net_low": net - np.hypot(came - low_1, high_2 - went),
        "net_high": net + np.hypot(high_1 - came, went - low_2),
    }


def sign_tests(
    came_in: np.ndarray, went_out: np.ndarray, *, level: float = 0.95
) -> dict[str, np.ndarray]:
    """Test for each group whether as many came in as went out.

    Parameters
    ----------
    came_in, went_out : array of int
        Customers of each group who changed, among those known on both days.
    level : float
        Of the tests of all groups together.

    Returns
    -------
    dict of numpy.ndarray
        p, p_holm (over all groups), exceeds_chance (p_holm at most 1 − level). Where nobody moved,
        p is 1.

    Notes
    -----
    The exact test of McNemar (1947), Psychometrika 12, 153-157.

    Examples
    --------
    >>> found = sign_tests(np.array([1, 9, 2]), np.array([9, 1, 2]))
    >>> found["p_holm"].round(4).tolist(), found["exceeds_chance"].tolist()
    ([0.0645, 0.0645, 1.0], [False, False, False])
    """
    came_in, went_out = np.asarray(came_in), np.asarray(went_out)
    fewer, moved = np.minimum(came_in, went_out), came_in + went_out
    p = np.minimum(1, 2 * stats.binom.cdf(fewer, moved, 0.5))
    p_holm = holm(p)
    return {"p": p, "p_holm": p_holm, "exceeds_chance": p_holm <= 1 - level}


def holm(p: np.ndarray) -> np.ndarray:
    """Adjust p-values so that a false one among all is as unlikely as each was.

    Notes
    -----
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70. That of statsmodels gives the same,
    and collects garbage on each call, which takes longer than all else here.

    Examples
    --------
    >>> holm(np.array([.01, .5, .02])).round(2).tolist()
    [0.03, 0.5, 0.04]
    """
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)
    times = np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(times * p[order]), 1)
    return adjusted


def _correlation(
    both: np.ndarray, before: np.ndarray, now: np.ndarray, neither: np.ndarray
) -> np.ndarray:
    n = both + before + now + neither
    excess = both * neither - before * now
    excess = np.where(excess > 0, np.maximum(excess - n / 2, 0), excess)
    margins = (both + before) * (now + neither) * (both + now) * (before + neither)
    return np.divide(excess, np.sqrt(margins), out=np.zeros_like(n), where=margins > 0)


def _reach(one: np.ndarray, other: np.ndarray, phi: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(one**2 - 2 * phi * one * other + other**2, 0))
