"""Weights: how the criteria of importance count, and what changes if they count otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.segments.criteria import CRITERIA
from regulars.measures.segments.tiers import places_within
from regulars.parameters.segments import Importance

__all__ = ["Stability", "integer_weights", "weight_stability"]

WHOLE = 1_000_000  # what weights add up to; whole numbers, so that equal customers stay equal
MOST = 5_000
BINS = 20


@dataclass(frozen=True, eq=False)
class Stability:
    """How far being a VIP depends on the weights.

    Parameters
    ----------
    draws : pandas.DataFrame
        Twenty rows: kept_from (included), kept_to (only in the last row included), draws
        (weightings under which such a share of the VIPs stays VIP).
    customers : pandas.DataFrame
        Twenty rows: stays_from, stays_to (likewise), customers (VIPs who stay VIP under such a
        share of the weightings).
    median, low, high : float
        Of the share kept: the median, and the ends that nine in ten weightings lie between.
    vips, looked_at, active : int
        VIPs among the customers looked at; these; and all active customers.
    weightings : int
        How many weightings were drawn.
    """

    draws: pd.DataFrame
    customers: pd.DataFrame
    median: float
    low: float
    high: float
    vips: int
    looked_at: int
    active: int
    weightings: int


def weight_stability(
    scored: ir.Table, rules: Importance, *, draws: int = 1000, seed: int = 1
) -> Stability | None:
    """See how many VIPs stay VIP if the criteria are weighted at random.

    The weightings are drawn evenly from all there are: Dirichlet(1, …, 1) over the criteria that
    are there. Above 5,000 active customers, 5,000 of them are looked at, always the same: those
    whose ids have the smallest MD5. Their VIPs are found anew among themselves.

    Parameters
    ----------
    scored : ibis.expr.types.Table
        From `importance.importance`.
    rules : Importance
        Weights, and the share of VIPs.
    draws : int
        How many weightings.
    seed : int
        Where chance begins.

    Returns
    -------
    Stability or None
        None if nobody is active.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> ranks = {f"{name}_rank": [1, 3, 5, 7, 9] for name in CRITERIA}
    >>> scored = table_of(pd.DataFrame({"customer_id": list("abcde"), "importance": "ordinary",
    ...                                 **ranks}))
    >>> weight_stability(scored, Importance()).median  # the same customer leads in everything
    1.0
    """
    active = scored.filter(scored.importance != "dormant")
    looked_at = _looked_at(active)
    if looked_at.empty:
        return None
    names = [name for name in CRITERIA if looked_at[f"{name}_rank"].notna().all()]
    ranks = looked_at[[f"{name}_rank" for name in names]].to_numpy("int64")
    own = np.array([list(integer_weights(rules, names).values())])
    drawn = np.random.default_rng(seed).dirichlet(np.ones(len(names)), draws)
    places = places_within(rules.vip_share, len(ranks))
    vips = _leaders(ranks, own, places)[:, 0]
    stays = _leaders(ranks[vips], np.rint(drawn * WHOLE).astype("int64"), places, among=ranks)
    kept = stays.mean(axis=0)
    low, median, high = np.quantile(kept, [0.05, 0.5, 0.95])
    return Stability(
        draws=_binned(kept, "kept", "draws"),
        customers=_binned(stays.mean(axis=1), "stays", "customers"),
        median=float(median),
        low=float(low),
        high=float(high),
        vips=int(vips.sum()),
        looked_at=len(ranks),
        active=int(active.count().to_pyarrow().as_py()),
        weightings=draws,
    )


def integer_weights(rules: Importance, criteria: Sequence[str] = CRITERIA) -> dict[str, int]:
    """Return the weights of these criteria as whole numbers that add up to about a million.

    Examples
    --------
    >>> integer_weights(Importance(weights={"volume": 3}))["volume"]
    500000
    """
    weights = {name: getattr(rules.weights, name) for name in criteria}
    total = sum(weights.values())
    # All weight on a criterion that is not there: the others count alike.
    weights = weights if total else dict.fromkeys(weights, 1.0)
    return {name: round(WHOLE * one / (total or len(weights))) for name, one in weights.items()}


def _looked_at(active: ir.Table) -> pd.DataFrame:
    ranks = [f"{name}_rank" for name in CRITERIA]
    marked = active.select("customer_id", *ranks, lot=active.customer_id.hexdigest("md5"))
    return fetch(marked.order_by(["lot", "customer_id"]).limit(MOST))


def _leaders(
    ranks: np.ndarray, weights: np.ndarray, places: int, *, among: np.ndarray | None = None
) -> np.ndarray:
    """Say which customers (rows) are at the top under each weighting (columns).

    As in `importance`: fewer than `places` customers may score higher.
    """
    found = np.empty((len(ranks), len(weights)), dtype=bool)
    for column, weighting in enumerate(weights):
        everybody = (ranks if among is None else among) @ weighting
        least = np.sort(everybody)[::-1][min(places, len(everybody)) - 1]
        found[:, column] = ranks @ weighting >= least
    return found


def _binned(shares: np.ndarray, name: str, counted: str) -> pd.DataFrame:
    edges = np.arange(BINS + 1) / BINS
    # Rounded first: a share of exactly .15 may be a hair below it.
    counts = np.histogram(np.round(shares, 9), bins=edges)[0]
    return pd.DataFrame({f"{name}_from": edges[:-1], f"{name}_to": edges[1:], counted: counts})
