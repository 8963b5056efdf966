"""Separation: how clear a division into groups is, how stable, and whether gaps lie between."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.vq import ClusterError, kmeans2, vq

__all__ = ["adjusted_rand", "divide", "gap_depth", "settle", "silhouette"]

STARTS, ITERATIONS = 4, 25
GRID = np.linspace(-0.5, 1.5, 121)  # along the line from one centre (0) to another (1)


def divide(
    points: np.ndarray, k: int, *, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Divide points into k groups by k-means, the best of four starts.

    Parameters
    ----------
    points : numpy.ndarray
        A row per point.
    k : int
        How many groups; fewer come back where points are alike.
    rng : numpy.random.Generator
        Draws the starts (k-means++).

    Returns
    -------
    centres, labels : numpy.ndarray
        A row per group, and the group of each point.

    Notes
    -----
    Arthur and Vassilvitskii (2007), k-means++: the advantages of careful seeding.
    Computed by scipy.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> centres, _ = divide(points, 2, rng=np.random.default_rng(1))
    >>> sorted(centres.ravel().tolist())
    [0.5, 10.5]
    """
    tries = []
    for _ in range(STARTS):
        start = _start(points, k, rng=rng)
        centres = settle(points, start)
        labels, distances = vq(points, centres)
        tries.append(((distances**2).sum(), centres, labels))
    _, centres, labels = min(tries, key=lambda one: one[0])
    return centres, labels


def settle(points: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Move centres to the means of the points nearest to them, 25 times.

    Where a centre is left without points, the start is as good as what would follow, and returned.

    Examples
    --------
    >>> settle(np.array([[0.0], [1.0], [10.0], [11.0]]), np.array([[0.0], [10.0]])).ravel().tolist()
    [0.5, 10.5]
    """
    try:
        return kmeans2(points, start, iter=ITERATIONS, minit="matrix", missing="raise")[0]
    except ClusterError:
        return start


def silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """Return how much nearer points lie to their own group than to the next one, on average.

    Notes
    -----
    Rousseeuw (1987), Journal of Computational and Applied Mathematics 20, 53-65; a point alone in
    its group counts 0, and so does a division into one group.

    Examples
    --------
    >>> points, labels = np.array([[0.0], [1.0], [10.0], [11.0]]), np.array([0, 0, 1, 1])
    >>> round(silhouette(points, labels), 3)
    0.9
    """
    groups = np.unique(labels, return_inverse=True)[1]
    rows, members = np.arange(len(points)), np.eye(groups.max() + 1)[groups]
    size = members.sum(axis=0)
    sums = _distances(points) @ members
    own = sums[rows, groups] / np.maximum(size[groups] - 1, 1)
    means = sums / size
    means[rows, groups] = np.inf
    other = means.min(axis=1)
    if len(size) == 1:
        return 0.0
    widths = (other - own) / np.maximum(np.maximum(own, other), 1e-12)
    return float(np.where(size[groups] > 1, widths, 0).mean())


def adjusted_rand(first: Sequence, second: Sequence) -> float:
    """Return how well two divisions of the same points agree: 1 is wholly, 0 as by luck.

    Notes
    -----
    Hubert and Arabie (1985), Journal of Classification 2, 193-218.

    Examples
    --------
    >>> adjusted_rand([1, 1, 2, 2], [8, 8, 9, 9])
    1.0
    >>> round(adjusted_rand([1, 1, 2, 2], [8, 9, 8, 9]), 2)
    -0.5
    """
    one, other = (np.unique(labels, return_inverse=True)[1] for labels in (first, second))
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    together = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    luck, most = rows * columns / _pairs(np.array(len(one))), (rows + columns) / 2
    return float((together - luck) / (most - luck)) if most > luck else 1.0


def gap_depth(points: np.ndarray, labels: np.ndarray, centres: np.ndarray) -> float:
    """Return how thinly the ground between groups is settled, where it is settled most thickly.

    The members of two groups are projected on the line through their centres. Their density (a
    Gaussian kernel, Silverman's bandwidth of the spread within groups) at its lowest between the
    centres is divided by the lower of its peaks to both sides. Returned is the largest such ratio
    of any two groups: 1 or more says that two of them have no gap between them.

    Notes
    -----
    Silverman (1986), Density Estimation for Statistics and Data Analysis, eq. 3.31.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> points = np.r_[rng.normal(0, 1, (200, 1)), rng.normal(8, 1, (200, 1))]
    >>> labels = np.repeat([0, 1], 200)
    >>> gap_depth(points, labels, np.array([[0.0], [8.0]])) < .1
    True
    """
    pairs = zip(*np.triu_indices(len(centres), k=1), strict=True)
    return max(_between(points, labels, centres[[i, j]], (i, j)) for i, j in pairs)


def _between(
    points: np.ndarray, labels: np.ndarray, ends: np.ndarray, pair: tuple[int, int]
) -> float:
    line = ends[1] - ends[0]
    parts = [(points[labels == one] - ends[0]) @ line / (line @ line) for one in pair]
    fewest = min(len(part) for part in parts)
    if fewest < 2:
        return 1.0
    width = 0.9 * np.sqrt(np.mean([part.var() for part in parts])) * fewest**-0.2
    along = np.concatenate(parts)
    density = np.exp(-0.5 * ((GRID[:, None] - along) / max(width, 0.01)) ** 2).sum(axis=1)
    middle = np.flatnonzero((GRID > 0.2) & (GRID < 0.8))
    lowest = middle[np.argmin(density[middle])]
    return float(density[lowest] / min(density[:lowest].max(), density[lowest + 1 :].max()))


def _start(points: np.ndarray, k: int, *, rng: np.random.Generator) -> np.ndarray:
    """Choose k points, each with a chance that grows with its distance from those before."""
    chosen = [points[rng.integers(len(points))]]
    nearest = ((points - chosen[0]) ** 2).sum(axis=1)
    while len(chosen) < k and nearest.sum() > 0:
        chosen.append(points[rng.choice(len(points), p=nearest / nearest.sum())])
        nearest = np.minimum(nearest, ((points - chosen[-1]) ** 2).sum(axis=1))
    return np.array(chosen)


def _distances(points: np.ndarray) -> np.ndarray:
    squares = (points**2).sum(axis=1)
    found = points @ points.T
    found *= -2
    found += squares[:, None]
    found += squares
    return np.sqrt(np.maximum(found, 0, out=found), out=found)


def _pairs(counts: np.ndarray) -> np.ndarray:
    return counts * (counts - 1) / 2
