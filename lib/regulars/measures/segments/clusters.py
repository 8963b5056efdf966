"""Clusters: whether customers fall into groups by themselves, and which customer is in which.

k-means divides any customers into groups, also where there are none, and it can do so in the same
way again and again: a long blob is always cut across. So a division counts as natural groups only
if it is clearer than that of customers made up without groups, if the ground between any two groups
is thinly settled, and if other customers of the same base would have been divided in the same way.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.cluster.vq import vq

from regulars.measures.intervals import Estimate
from regulars.measures.segments.cluster_space import (
    FEATURES,
    FEWEST_DAYS,
    nearest_cluster,
    sample_logs,
    scale_of,
    standardised,
)
from regulars.measures.segments.separation import (
    adjusted_rand,
    divide,
    gap_depth,
    settle,
    silhouette,
)

__all__ = ["Clusters", "assign_clusters", "find_clusters"]

TRIAL, PAIRED = 2_000, 1_000  # a silhouette looks at all pairs of customers
FEWEST_CUSTOMERS = 100
GROUPS = range(2, 9)
RESAMPLES = REFERENCES = 20
STEADY, THIN = 0.8, 0.8


@dataclass(frozen=True)
class Clusters:
    """A division of the customers, and what is to be thought of it.

    Parameters
    ----------
    k : int
        Groups in the clearest division; 0 if there are too few customers to look for any.
    stable : bool
        Whether these are natural groups.
    reason : str
        Why, as a sentence.
    customers : int
        Customers looked at: those of the sample with enough purchase days.
    centres : pandas.DataFrame
        cluster (1 is the largest), customers (of those looked at), share, and the `FEATURES`
        (geometric means: days, money, number).
    silhouettes : pandas.DataFrame
        k, silhouette of the clearest division into k groups, reference_low and reference_high
        (least and greatest in the samples made up without groups; for the k chosen only).
    ari : Estimate or None
        Adjusted Rand index with divisions found on bootstrap samples: mean and 95 % quantiles.
    gap : float or None
        `separation.gap_depth` of the division.
    scale : pandas.DataFrame
        By feature: low, high, mean, sd of its logarithm; see `cluster_space.scale_of`.
    places : pandas.DataFrame
        The centres on that scale: a row per feature, a column per cluster.
    """

    k: int
    stable: bool
    reason: str
    customers: int
    centres: pd.DataFrame
    silhouettes: pd.DataFrame
    ari: Estimate | None
    gap: float | None
    scale: pd.DataFrame
    places: pd.DataFrame


def find_clusters(customers: ir.Table, *, seed: int = 1) -> Clusters:
    """Look for natural groups in how customers buy.

    Looked at are customers with at least three purchase days: how often others buy is not known. Of
    each three logarithms: of the mean days between purchase days, of the spend by order, and of one
    more than the days since last by the days between; drawn in to their 1 and 99 % quantiles, so
    that no outlier is a group of its own (spend of zero or below too), and standardised. At most
    20,000 customers are looked at, by lot; the first 2,000 decide k and judge the division.

    They are natural groups if the silhouette exceeds those of 20 samples drawn from one normal
    distribution with the same covariances; if the density between any two groups falls to 80 % or
    less of the lower of their peaks, and lower than in each of those samples; and if divisions
    found on 20 bootstrap samples agree with it (mean adjusted Rand index .8 or more).

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`: customer_id, repeat_days, recency_age, days_since_last,
        orders, spend.
    seed : int
        Of the starts, the resamples and the references.

    Returns
    -------
    Clusters

    Notes
    -----
    Reference: Liu, Hayes, Nobel and Marron (2008), Journal of the American Statistical Association
    103, 1281-1293. Stability: Hennig (2007), Computational Statistics & Data Analysis 52, 258-271.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.purchases import customer_summary
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-02-01", 20)])
    >>> found = find_clusters(customer_summary(purchases, as_of="1997-12-31"))
    >>> found.k, found.stable
    (0, False)
    """
    logs = sample_logs(customers)
    scale = scale_of(logs)
    points = standardised(logs, scale)
    trial = points[:TRIAL]
    if len(points) < FEWEST_CUSTOMERS or len(np.unique(trial, axis=0)) < FEWEST_CUSTOMERS:
        return _none(len(points))
    rng = np.random.default_rng(seed)
    tried = {k: divide(trial, k, rng=rng) for k in GROUPS}
    widths = {k: silhouette(trial[:PAIRED], labels[:PAIRED]) for k, (_, labels) in tried.items()}
    k = max(widths, key=widths.__getitem__)
    start, labels = tried[k]
    gap, references = gap_depth(trial, labels, start), _references(trial, k, rng=rng)
    ari = _stability(trial, labels, k, rng=rng)
    centres = settle(points, start)
    centres, frame = _described(points, centres, scale)
    reason, stable = _verdict(k, widths[k], gap, references=references, ari=ari.value)
    return Clusters(
        k=k,
        stable=stable,
        reason=reason,
        customers=len(points),
        centres=frame,
        silhouettes=_table(widths, k, references.silhouette),
        ari=ari,
        gap=gap,
        scale=scale,
        places=pd.DataFrame(centres.T, index=scale.index, columns=frame.cluster.to_numpy()),
    )


def assign_clusters(customers: ir.Table, found: Clusters) -> ir.Table:
    """Put every customer to the nearest centre, in the engine.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`.
    found : Clusters
        From `find_clusters`.

    Returns
    -------
    ibis.expr.types.Table
        `customers` with cluster added (1 to k); missing for customers with fewer than three
        purchase days, whose way of buying is not known, and for all where k is 0.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.purchases import customer_summary
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-02-01", 20)])
    >>> customers = customer_summary(purchases, as_of="1997-12-31")
    >>> assign_clusters(customers, find_clusters(customers)).cluster.notnull().sum().to_pyarrow()
    <pyarrow.Int64Scalar: 0>
    """
    if not found.k:
        return customers.mutate(cluster=ibis.null("int64"))
    return customers.mutate(cluster=nearest_cluster(customers, found.scale, found.places))


def _references(trial: np.ndarray, k: int, *, rng: np.random.Generator) -> pd.DataFrame:
    """Divide made-up customers of one normal distribution into as many groups."""
    lengths, axes = np.linalg.eigh(np.cov(trial.T))
    spread = (axes * np.sqrt(np.maximum(lengths, 0))).T
    rows = []
    for _ in range(REFERENCES):
        made = rng.normal(size=trial.shape) @ spread
        centres, labels = divide(made, k, rng=rng)
        rows.append((silhouette(made[:PAIRED], labels[:PAIRED]), gap_depth(made, labels, centres)))
    return pd.DataFrame(rows, columns=["silhouette", "gap"])


def _stability(
    trial: np.ndarray, labels: np.ndarray, k: int, *, rng: np.random.Generator
) -> Estimate:
    found = []
    for _ in range(RESAMPLES):
        centres, _ = divide(trial[rng.integers(len(trial), size=len(trial))], k, rng=rng)
        found.append(adjusted_rand(labels, vq(trial, centres)[0]))
    low, high = np.quantile(found, [0.025, 0.975])
    return Estimate(float(np.mean(found)), float(low), float(high), len(trial))


def _table(widths: dict[int, float], k: int, reference: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"k": list(widths), "silhouette": list(widths.values())})
    chosen = table.k == k
    low, high = (pd.Series(end, table.index).where(chosen) for end in reference.agg(["min", "max"]))
    return table.assign(reference_low=low, reference_high=high)


def _described(
    points: np.ndarray, centres: np.ndarray, scale: pd.DataFrame
) -> tuple[np.ndarray, pd.DataFrame]:
    """Order the centres by their customers, and write them in the units of the features."""
    sizes = np.bincount(vq(points, centres)[0], minlength=len(centres))
    order = np.lexsort((*centres.T, -sizes))
    centres, sizes = centres[order], sizes[order]
    units = np.exp(centres * scale.sd.to_numpy() + scale["mean"].to_numpy())
    frame = pd.DataFrame(units, columns=list(FEATURES))
    frame["intervals_since_last"] -= 1
    frame.insert(0, "cluster", np.arange(1, len(frame) + 1))
    frame.insert(1, "customers", sizes)
    frame.insert(2, "share", sizes / sizes.sum())
    return centres, frame


def _verdict(
    k: int, width: float, gap: float, *, references: pd.DataFrame, ari: float
) -> tuple[str, bool]:
    against = []
    if width <= references.silhouette.max():
        against.append(
            f"customers made up without groups divide as clearly (silhouette {width:.2f}, theirs "
            f"up to {references.silhouette.max():.2f})"
        )
    if gap > min(THIN, references.gap.min()):
        against.append("no clear gap lies between some of them")
    if ari < STEADY:
        against.append(f"other samples divide otherwise (adjusted Rand index {ari:.2f})")
    if against:
        return f"The clearest division has {k} groups, but {', and '.join(against)}.", False
    return (
        f"{k} groups stand apart, with a gap between any two: silhouette {width:.2f}, without "
        f"groups at most {references.silhouette.max():.2f}; adjusted Rand index {ari:.2f}."
    ), True


def _none(customers: int) -> Clusters:
    reason = (
        f"Groups are looked for among customers with {FEWEST_DAYS} purchase days or more, and at "
        f"least {FEWEST_CUSTOMERS} who differ are needed; here are {customers:,}."
    )
    frame = pd.DataFrame(columns=["cluster", "customers", "share", *FEATURES])
    silhouettes = ["k", "silhouette", "reference_low", "reference_high"]
    silhouettes = pd.DataFrame(columns=silhouettes, dtype="float64")
    return Clusters(0, False, reason, customers, frame, silhouettes, None, None, frame, frame)
