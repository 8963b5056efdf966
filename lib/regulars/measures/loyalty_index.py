"""Loyalty index: how customers buy, what they say and how long they stay, in one stated number.

Each part is a percentile, so that days, orders and scores can be added. The weights are a choice,
and `index_stability` says how much hangs on it.
"""

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import beside, fetch
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.tiers import places_within
from regulars.parameters.loyalty import LoyaltyIndex

__all__ = ["ENDS", "PARTS", "IndexStability", "index_stability", "loyalty_index"]

ENDS = ("most_loyal", "between", "least_loyal")
"""The two ends of the index, and all others."""

PARTS = ("behaviour", "word", "tenure")
"""What the index is made of, as the parameters name them."""

QUESTIONS = ("nps", "csat", "ces")  # whose newest answer is the word: the first that was answered
BANDS, LEAST_IN_BAND = 10, 50
PLACES = 6  # equal customers stay equal, whatever the last digits of their sums
MOST = 5_000


@dataclass(frozen=True)
class IndexStability:
    """How far being among the most loyal depends on the weights.

    Parameters
    ----------
    median, low, high : float
        Of the share of the most loyal that stay so: the median over the weightings, and the ends
        that nine in ten of them lie between.
    customers, looked_at : int
        All customers with an index, and those looked at.
    weightings : int
        How many were drawn.
    """

    median: float
    low: float
    high: float
    customers: int
    looked_at: int
    weightings: int


def loyalty_index(
    purchases: ir.Table,
    rules: LoyaltyIndex,
    *,
    as_of: str | date,
    voices: ir.Table | None = None,
) -> ir.Table:
    """Give every customer an index from 0 to 100, and say who is at either end.

    Behaviour is the mean of two percentiles, of orders and of how lately the last purchase was,
    each among the customers who have been here about as long: the tenths of the base by age, fewer
    where a tenth would have fewer than 50 customers. So a new customer is not disloyal for having
    had no time, and time counts once, as tenure: the percentile of age. Word is the percentile of
    the newest answer among all who answered the same question: NPS, else CSAT, else CES. Of who
    said nothing the other two parts make the index, by their weights.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    rules : LoyaltyIndex
        Weights of the parts, and the share at either end.
    as_of : str or datetime.date
        Last day known, inclusive.
    voices : ibis.expr.types.Table, optional
        From `surveys.answers.newest_answers` of the answers that still count, such as those of the
        last year: customer_id, question, score.

    Returns
    -------
    ibis.expr.types.Table
        One row for every customer with a purchase day: customer_id, behaviour, word, tenure
        (percentiles, 0 to 100: the share who have less and half of those who have as much; word is
        missing for who said nothing), index (0 to 100), segment (most_loyal, least_loyal: fewer
        than the share are higher, or lower, so that equals stay together; between; who would be
        at both ends is between).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20),
    ...                           ("bob", "1997-01-20", 10)])
    >>> found = loyalty_index(purchases, LoyaltyIndex(word=0), as_of="1997-02-28")
    >>> fetch(found.order_by("customer_id"))[["behaviour", "tenure", "index", "segment"]]
       behaviour  tenure  index      segment
    0       75.0    75.0   75.0   most_loyal
    1       25.0    25.0   25.0  least_loyal
    """
    parts = _parts(purchases, voices, as_of=as_of)
    weights = {name: getattr(rules, name) for name in PARTS}
    known = {name: ibis.ifelse(parts[name] >= 0, one, 0) for name, one in weights.items()}
    total = sum(known.values())
    points = sum(parts[name].fill_null(0) * known[name] for name in PARTS)
    scored = parts.mutate(index=(points / total).round(PLACES))
    return scored.mutate(segment=_end(scored, rules.share))


def index_stability(
    indexed: ir.Table, rules: LoyaltyIndex, *, draws: int = 1000, seed: int = 1
) -> IndexStability | None:
    """See how many of the most loyal stay so if the parts are weighted at random.

    The weightings are drawn evenly from all there are: Dirichlet(1, …, 1) over the parts that are
    known of anybody. Above 5,000 customers, 5,000 of them are looked at, always the same: those
    whose ids have the smallest MD5. Their most loyal are found anew among themselves.

    Parameters
    ----------
    indexed : ibis.expr.types.Table
        From `loyalty_index`.
    rules : LoyaltyIndex
        As it was made.
    draws : int
        How many weightings.
    seed : int
        Where chance begins.

    Returns
    -------
    IndexStability or None
        None if there is nobody, or all are equal.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> indexed = table_of(pd.DataFrame({"customer_id": list("abcde"), "word": None,
    ...     "behaviour": [10.0, 30, 50, 70, 90], "tenure": [10.0, 30, 50, 70, 90]}))
    >>> index_stability(indexed, LoyaltyIndex()).median  # the same customer leads in both
    1.0
    """
    looked_at = _looked_at(indexed)
    if looked_at.empty:
        return None
    named = [name for name in PARTS if looked_at[name].notna().any()]
    values = looked_at[named].to_numpy(float)
    own = np.array([[getattr(rules, name) for name in named]])
    drawn = np.random.default_rng(seed).dirichlet(np.ones(len(named)), draws)
    places = places_within(rules.share, len(values))
    loyal = _leaders(values, own, places)[:, 0]
    if loyal.all():
        return None
    kept = _leaders(values, drawn, places)[loyal].mean(axis=0)
    low, median, high = np.quantile(kept, [0.05, 0.5, 0.95])
    return IndexStability(
        median=float(median),
        low=float(low),
        high=float(high),
        customers=int(indexed.count().to_pyarrow().as_py()),
        looked_at=len(values),
        weightings=draws,
    )


def _parts(purchases: ir.Table, voices: ir.Table | None, *, as_of: str | date) -> ir.Table:
    customers = customer_summary(purchases, as_of=as_of)
    customers = customers.select("customer_id", "age", "days_since_last", "orders")
    n = int(customers.count().to_pyarrow().as_py())
    aged = customers.mutate(tenure=_percentile(customers.age))
    bands = min(BANDS, max(n // LEAST_IN_BAND, 1))
    banded = aged.mutate(_band=(aged.tenure * bands / 100).floor().cast("int64"))
    often = _percentile(banded.orders, within="_band")
    lately = _percentile(-banded.days_since_last, within="_band")
    behaved = banded.mutate(behaviour=(often + lately) / 2)
    return _with_word(behaved, voices).select("customer_id", *PARTS)


def _with_word(customers: ir.Table, voices: ir.Table | None) -> ir.Table:
    """Add the percentile of what was said; nobody's word is made up."""
    if voices is None:
        return customers.mutate(word=ibis.null("float64"))
    named = voices.drop_null("customer_id").filter(voices.question.isin(QUESTIONS))
    # Only customers are compared with each other: others who answered have no index.
    named = named.semi_join(customers, "customer_id")
    ranked = named.mutate(
        word=_percentile(named.score, within="question"),
        _turn=named.question.cases(*[(name, at) for at, name in enumerate(QUESTIONS)]),
    )
    # A column of its own: Spark does not find a window that stands in a filter.
    turns = ranked.mutate(_first=ranked._turn.min().over(ibis.window(group_by="customer_id")))
    first = turns.filter(turns._turn == turns._first)
    return beside(customers, first.select("customer_id", "word"))


def _percentile(value: ir.NumericValue, *, within: str | None = None) -> ir.FloatingValue:
    """Return the share who have less, and half of those who have as much, in %."""
    group = [] if within is None else [within]
    below = ibis.rank().over(ibis.window(group_by=group, order_by=value))
    equal = value.count().over(ibis.window(group_by=[*group, value]))
    everybody = value.count().over(ibis.window(group_by=group))
    return (below + equal / 2) / everybody * 100


def _end(scored: ir.Table, share: float) -> ir.StringValue:
    places = places_within(share, int(scored.count().to_pyarrow().as_py()))
    higher = ibis.rank().over(ibis.window(order_by=scored["index"].desc()))
    lower = ibis.rank().over(ibis.window(order_by=scored["index"]))
    most, between, least = ENDS
    return ibis.cases(
        ((higher < places) & (lower < places), between),
        (higher < places, most),
        (lower < places, least),
        else_=between,
    )


def _looked_at(indexed: ir.Table) -> pd.DataFrame:
    marked = indexed.select("customer_id", *PARTS, lot=indexed.customer_id.hexdigest("md5"))
    return fetch(marked.order_by(["lot", "customer_id"]).limit(MOST))


def _leaders(values: np.ndarray, weights: np.ndarray, places: int) -> np.ndarray:
    """Say which customers (rows) are at the top under each weighting (columns)."""
    known = ~np.isnan(values)
    total = known @ weights.T
    # Whose only known parts weigh nothing has no index, and leads nobody.
    points = np.nan_to_num(values) @ weights.T / np.where(total > 0, total, np.inf)
    points = points.round(PLACES)
    least = np.sort(points, axis=0)[::-1][min(places, len(points)) - 1]
    return points >= least
