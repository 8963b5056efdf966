"""Cross-sell: which things are bought together more often than their makers' luck would have it.

The usual lift, orders with both times all orders by orders with the one times orders with the
other, measures the size of baskets as much as what is in them: where orders of one category abound
every lift is below 1, and where some customers buy everything every lift is above 1. Here baskets
are held against baskets with the same number of different things, and within these the pairs
against what falls together if each thing keeps the number of partners it has: quasi-independence.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.errors import ParameterError
from regulars.measures.engine import fetch
from regulars.measures.segments.baskets import basket_items, sales_between
from regulars.measures.segments.discoveries import q_values

__all__ = ["cross_sell", "expected_pairs"]

FDR = 0.05
MOST_ITEMS = 50
LARGEST = 12  # baskets of more different things than this count as one size
SIZES = range(2, LARGEST + 1)
FEWEST = FEWEST_EXPECTED = 5
MARGIN = np.log(1.1)
ROUNDS = 40
HEX = "0123456789abcdef"
GROUPS = 64
PAIR = ["first", "second"]


def cross_sell(
    purchases: ir.Table,
    *,
    as_of: str | date,
    since: str | date | None = None,
    item: str = "category",
    by: str = "order",
) -> pd.DataFrame:
    """Find the pairs of categories or products that are bought together more or less than by luck.

    By order, a basket is an order. By customer, it is all that a customer bought in the period; who
    bought more different things is then held against others who did, so that two things are no
    pair only because heavy buyers buy both. A pair is tested only if at least 5 baskets are
    expected to hold both, whatever the number that do.

    What falls together by luck is not known to the last digit: things that people take one after
    another without any plan are off quasi-independence by up to a twelfth (checked by simulation).
    So a pair counts as found only if its lift is beyond a tenth more, or less, than by luck.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, kind, order_id, category or product_id. Sales count.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        Only lines of days after this one; unless given, all.
    item : str
        ``category`` or ``product_id``; the 50 in the most baskets are looked at.
    by : str
        ``order`` or ``customer``.

    Returns
    -------
    pandas.DataFrame
        One row per pair that occurs or is tested, the greatest lift first, those not tested last:
        first, second (by name), customers (with such a basket), both (baskets with both), support
        (of all baskets), expected (baskets with both, by luck), lift (both by expected), low and
        high (95 %; missing where not tested), p (if the true lift were between 1 / 1.1 and 1.1),
        q_value, differs (bool: q_value at most .05).

    Raises
    ------
    ParameterError
        If `item` or `by` is none of these.

    Notes
    -----
    Quasi-independence: Bishop, Fienberg and Holland (1975), Discrete Multivariate Analysis, ch. 5.
    The interval is log-normal, with the error of the logarithm of the lift by a jackknife that
    leaves out one of 64 random groups of customers at a time (Wolter 2007, Introduction to Variance
    Estimation, ch. 4), since the orders of one customer are alike; half a basket is added to both
    and to expected there. Below 5 baskets with both, interval and p are those of Poisson counts.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> frame = pd.DataFrame({"customer_id": ["ann"] * 4, "category": ["tea", "jam", "tea", "oil"],
    ...                       "order_id": ["o1", "o1", "o2", "o2"], "kind": "sale"})
    >>> purchases = table_of(frame.assign(day=pd.Timestamp("1997-01-05").date()))
    >>> cross_sell(purchases, as_of="1997-12-31")[["first", "second", "customers", "both"]]
      first second  customers  both
    0   jam    tea          1     1
    1   oil    tea          1     1
    """
    if by not in ("order", "customer"):
        raise ParameterError(f"Expected by to be order or customer, found {by!r}.")
    items = basket_items(sales_between(purchases, as_of=as_of, since=since), item=item)
    if by == "customer":
        items = items.select("customer_id", "item", order_key="customer_id").distinct()
    items = items.mutate(basket=items.customer_id + ibis.literal(" ") + items.order_key)
    baskets = int(items.basket.nunique().to_pyarrow().as_py())
    counts = fetch(_counts(items))
    names = sorted({*counts["first"], *counts["second"]})
    found = _judged(_cube(counts, names), names, baskets=baskets)
    return _with_customers(found, counts)


def expected_pairs(pairs: np.ndarray) -> np.ndarray:
    """Return how often each pair falls together if every thing keeps its number of partners.

    Parameters
    ----------
    pairs : numpy.ndarray
        Square and symmetric with an empty diagonal: baskets with both; further axes before.

    Returns
    -------
    numpy.ndarray
        Of the same shape; products of one number for each thing, with the same sums by row.

    Examples
    --------
    >>> pairs = np.array([[0, 4, 0, 0], [4, 0, 0, 0], [0, 0, 0, 4], [0, 0, 4, 0]])
    >>> expected_pairs(pairs).round(3)[0].tolist()
    [0.0, 1.333, 1.333, 1.333]
    """
    partners = pairs.sum(axis=-1).astype(float)
    total = partners.sum(axis=-1, keepdims=True)
    weight = partners / np.sqrt(np.where(total > 0, total, 1))
    for _ in range(ROUNDS):
        others = weight.sum(axis=-1, keepdims=True) - weight
        # The square root keeps things that nearly everybody has from swinging to and fro.
        ratio = np.divide(partners, others, out=np.zeros_like(others), where=others > 0)
        weight = np.sqrt(weight * ratio)
    found = weight[..., :, None] * weight[..., None, :]
    return found * (1 - np.eye(found.shape[-1]))


def _counts(items: ir.Table) -> ir.Table:
    """Count customers and, by size, baskets with both of two things, by random group."""
    popular = items.group_by("item").agg(baskets=items.basket.nunique())
    popular = popular.order_by(ibis.desc("baskets"), "item").limit(MOST_ITEMS)
    kept = items.semi_join(popular, "item")
    sizes = kept.group_by(["basket", "customer_id"]).agg(size=kept.count())
    sizes = sizes.filter(sizes["size"] > 1)
    sizes = sizes.mutate(size=ibis.least(sizes["size"], LARGEST), part=_part(sizes))
    sized = kept.select("basket", "item").join(sizes, "basket")
    pairs = sized.join(kept.select("basket", second="item"), "basket").rename(first="item")
    pairs = pairs.filter(pairs["first"] < pairs.second)
    both = {f"both{size}": pairs.count(where=pairs["size"] == size) for size in SIZES}
    own = pairs.group_by(["part", "customer_id", *PAIR]).agg(**both)
    sums = {name: own[name].sum().cast("int64") for name in both}
    return own.group_by(["part", *PAIR]).agg(customers=own.count(), **sums)


def _part(sizes: ir.Table) -> ir.IntegerValue:
    """Put each customer by lot into one of 64 groups, the same on every engine."""
    digits = sizes.customer_id.hexdigest("md5")
    places = [ibis.literal(HEX).find(digits.substr(at, 1)) for at in (0, 1)]
    return places[0] * 4 + places[1] // 4


def _cube(counts: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Arrange the counts: group x size x thing x thing."""
    cube = np.zeros((GROUPS, len(SIZES), len(names), len(names)))
    first, second = (pd.Index(names).get_indexer(counts[name]) for name in PAIR)
    part = counts.part.to_numpy(int)
    for place, size in enumerate(SIZES):
        cube[part, place, first, second] = cube[part, place, second, first] = counts[f"both{size}"]
    return cube


def _with_customers(found: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    customers = counts.groupby(PAIR, as_index=False).customers.sum()
    counted = found[PAIR].merge(customers, on=PAIR, how="left").customers.fillna(0)
    found.insert(len(PAIR), "customers", counted.to_numpy("int64"))
    return found


def _judged(cube: np.ndarray, names: list[str], *, baskets: int) -> pd.DataFrame:
    at = np.triu_indices(len(names), k=1)
    cube = cube[cube.sum(axis=(1, 2, 3)) > 0]
    both, expected = _both_and_expected(cube.sum(axis=0), at)
    tested = (expected >= FEWEST_EXPECTED) & (len(cube) > 1)
    found = pd.DataFrame(
        {
            **{
                name: np.array(names, dtype=object)[ends]
                for name, ends in zip(PAIR, at, strict=True)
            },
            "both": both.astype("int64"),
            "support": both / max(baskets, 1),
            "expected": expected,
            "lift": np.divide(both, expected, out=np.full(len(both), np.nan), where=expected > 0),
            **_tests(both, expected, error=_jackknife(cube, at), groups=len(cube), tested=tested),
        }
    )
    found = found.assign(q_value=q_values(found.p), untested=~tested)
    found = found.assign(differs=found.q_value <= FDR)[(both > 0) | tested]
    order = ["untested", "lift", *PAIR]
    found = found.sort_values(order, ascending=[True, False, True, True], ignore_index=True)
    return found.drop(columns="untested")


def _tests(
    both: np.ndarray,
    expected: np.ndarray,
    *,
    error: np.ndarray,
    groups: int,
    tested: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return low, high and p; exact by Poisson where too few baskets show how much they vary."""
    error = np.where(tested & (error > 0), error, np.nan)
    lift, freedom = both / np.where(tested, expected, np.nan), max(groups - 1, 1)
    reach = np.exp(stats.t.ppf(0.975, freedom) * error)
    beyond = (np.abs(_log_lift(both, expected)) - MARGIN) / error
    p = np.minimum(2 * stats.t.sf(beyond, freedom), 1)
    few = tested & (both < FEWEST)
    exact = 2 * np.minimum(stats.poisson.cdf(both, expected * np.exp(-MARGIN)), 0.5)
    low, high = stats.chi2.ppf([[0.025], [0.975]], 2 * both + [[0], [2]]) / 2
    return {
        "low": np.where(few, np.nan_to_num(low) / np.where(few, expected, 1), lift / reach),
        "high": np.where(few, high / np.where(few, expected, 1), lift * reach),
        "p": np.where(few, exact, p),
    }


def _jackknife(cube: np.ndarray, at: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the error of the logarithm of each lift, leaving out one group at a time."""
    total = cube.sum(axis=0)
    logs = [_log_lift(*_both_and_expected(total - one, at)) for one in cube]
    return np.sqrt((len(cube) - 1) * np.var(logs, axis=0)) if logs else np.zeros(len(at[0]))


def _both_and_expected(
    cube: np.ndarray, at: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    return cube.sum(axis=0)[at], expected_pairs(cube).sum(axis=0)[at]


def _log_lift(both: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.log((both + 0.5) / (expected + 0.5))
