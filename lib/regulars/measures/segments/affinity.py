"""Affinity: who buys a category more often than others do at the same time in as large orders.

A category counts once in an order, so that several lines of one purchase are one piece of evidence.
How often an order holds a category depends on how many categories it holds and on the season; so
customers are held against orders of the same sizes in the same quarters of a year.

For single customers all orders of a month count as one, so that a project of several orders is no
liking. Assumed is that the months of one customer are independent of each other, given what the
customer likes; what goes on for longer looks like a liking, and for that time it is one. Groups are
held against each other by order: their test lets the orders of one customer be as alike as may be.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.engine import fetch, table_of
from regulars.measures.intervals import wilson_bounds
from regulars.measures.segments.baskets import against_base, sales_between
from regulars.measures.segments.discoveries import discrete_q_values, q_values
from regulars.measures.segments.score_tests import score_tests
from regulars.measures.suppression import LEAST, suppressed

__all__ = ["affinity", "affinity_by_group", "judge_cells"]

FDR = 0.05
FINENESS = 100  # steps of the base share, by the logarithm: each is one hundredth above the last
SUMS = ["k", "e", "kk", "ke", "ee"]


def affinity(
    purchases: ir.Table, *, as_of: str | date, since: str | date | None = None, fdr: float = FDR
) -> ir.Table:
    """Test for each customer and category whether the customer likes it: buys it more than others.

    One-sided exact binomial test of k months with the category among n with any against the base
    share: that of all customers' months with as many categories, in the same quarters (the
    customer's own included, which makes the test a little careful). Chances differ between months;
    the binomial with their mean then makes p-values too large, never too small (Hoeffding 1956).
    The base share is rounded up by at most a hundredth of itself: equal tests are made only once.

    A pair of customer and category is tested only if n months out of n would give a p-value of at
    most `fdr`. That depends on n and the base share alone, never on k. The q-values are those of
    Benjamini and Hochberg for tests with few possible results, over all pairs that are tested,
    those of which nothing was bought too; see `discoveries.discrete_q_values`.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, kind, order_id, category. Sales count, returned or not.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        Only lines of days after this one; unless given, all.
    fdr : float
        Expected share of false ones among the likings found.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and category bought: customer_id, category, n (months with any
        category), k (those with this one), share, base_share, lift (share by base_share), low and
        high (of the share; Wilson, 95 %), p and q_value (missing where not tested), likes (bool).

    Notes
    -----
    Hoeffding (1956), Annals of Mathematical Statistics 27, 713-721, theorem 4. Leaving out what can
    never be found: Gilbert (2005), Applied Statistics 54, 143-158.

    Examples
    --------
    >>> months = [pd.Timestamp(1997, month, 5).date() for month in range(1, 10)]
    >>> frame = pd.DataFrame({"customer_id": ["ann"] * 9 + ["bob"] * 9, "kind": "sale",
    ...                       "order_id": [f"o{k}" for k in range(18)], "day": months * 2,
    ...                       "category": ["tea"] * 9 + ["jam"] * 9})
    >>> purchases = table_of(frame)
    >>> found = fetch(affinity(purchases, as_of="1997-12-31").order_by("customer_id"))
    >>> found[["customer_id", "category", "n", "k", "base_share", "likes"]]
      customer_id category  n  k  base_share  likes
    0         ann      tea  9  9         0.5   True
    1         bob      jam  9  9         0.5   True
    """
    sales = sales_between(purchases, as_of=as_of, since=since)
    pairs = against_base(sales.mutate(order_key=sales.day.truncate("M").cast("string")))
    pairs = pairs.filter(pairs.expected > 0)
    # Rounded up, so that a test is never less careful than with the share itself.
    step = ((pairs.expected / pairs.n).ln() * FINENESS).ceil().cast("int64")
    pairs = pairs.mutate(step=ibis.least(step, 0))
    cells = fetch(pairs.group_by(["n", "k", "step"]).agg(tests=pairs.count()))
    tested = judge_cells(cells, fdr=fdr).drop(columns="tests")
    bought = pairs.filter(pairs.k > 0).join(table_of(tested), ["n", "k", "step"])
    return bought.select(
        *("customer_id", "category", "n", "k"),
        share=bought.k / bought.n,
        base_share=bought.expected / bought.n,
        lift=bought.k / bought.expected,
        **{name: bought[name] for name in ("low", "high", "p", "q_value", "likes")},
    )


def judge_cells(cells: pd.DataFrame, *, fdr: float = FDR) -> pd.DataFrame:
    """Make each distinct test once, and correct for how many customers it stands for.

    Parameters
    ----------
    cells : pandas.DataFrame
        n, k, step (the base share is exp(step / 100)), tests (how many pairs share these).
    fdr : float
        Expected share of false ones among the likings found.

    Returns
    -------
    pandas.DataFrame
        `cells`, ordered, with low, high (of k / n), p, q_value (missing where not tested), likes.

    Examples
    --------
    >>> cells = pd.DataFrame({"n": [1, 6], "k": [1, 6], "step": [-100, -100], "tests": [90, 2]})
    >>> judge_cells(cells)[["n", "p", "likes"]].round(4)
       n       p  likes
    0  1     NaN  False
    1  6  0.0025   True
    """
    cells = cells.sort_values(["n", "k", "step"], ignore_index=True)
    base = np.exp(cells.step / FINENESS)
    low, high = wilson_bounds(cells.k, cells.n)
    p = stats.binom.sf(cells.k - 1, cells.n, base)
    p = np.where(base**cells.n <= fdr, p, np.nan)
    q = discrete_q_values(cells.assign(p=p, base=base), fdr=fdr)
    return cells.assign(low=low, high=high, p=p, q_value=q, likes=q <= fdr)


def affinity_by_group(
    purchases: ir.Table,
    groups: ir.Table,
    *,
    as_of: str | date,
    since: str | date | None = None,
    group: str = "segment",
    away: pd.Series | None = None,
) -> pd.DataFrame:
    """Hold what groups of customers buy against orders of the same sizes and quarters of all.

    The index is the number of a group's orders with a category by the number expected; 1 is the
    base. Everybody is in the base, so the index of a group that is nearly everybody is near 1. A
    pair is tested only if 5 orders are expected, and the group and the rest hold at least 30
    customers each, counted as so many equal ones as would vary as much.

    Parameters
    ----------
    purchases, as_of, since
        As for `affinity`.
    groups : ibis.expr.types.Table
        customer_id and `group`; customers without a group count in the base only.
    group : str
        The column that names the group.
    away : Series of bool, optional
        By group, whether its size is hidden where the groups are shown; then all of it is hidden.

    Returns
    -------
    pandas.DataFrame
        One row per group and category, ordered: `group`, category, customers, n (orders), k (those
        with the category), share, base_share, index, low and high (of the index, 95 %; missing
        where not tested), p (two-sided), q_value, differs (bool: q_value at most .05), hidden
        (bool: fewer than ten customers are in the group or bought the category, or `away`; the
        numbers are then missing).

    Notes
    -----
    Score test on sums by customer, since the orders of one customer are alike: the variance is the
    one there is if the index is 1, the reference a t distribution with one degree of freedom less
    than there are equal customers, (sum of e)² / sum of e², in the smaller of group and rest. The
    interval holds the indices that this test does not reject.

    Examples
    --------
    >>> frame = pd.DataFrame({"customer_id": [f"c{k}" for k in range(20)], "kind": "sale",
    ...                       "order_id": "o", "category": ["tea"] * 10 + ["jam"] * 10})
    >>> purchases = table_of(frame.assign(day=pd.Timestamp("1997-01-05").date()))
    >>> groups = table_of(frame.head(10)[["customer_id"]].assign(segment="new"))
    >>> found = affinity_by_group(purchases, groups, as_of="1997-12-31")
    >>> found[["segment", "category", "n", "k", "index", "differs"]]
      segment category   n   k  index  differs
    0     new      jam  10   0    0.0    False
    1     new      tea  10  10    2.0    False
    """
    pairs = against_base(sales_between(purchases, as_of=as_of, since=since))
    named = pairs.left_join(groups.select("customer_id", group), "customer_id")
    sums = fetch(_group_sums(named, group)).sort_values([group, "category"])
    base = sums.groupby("category")[SUMS].transform("sum")
    inside = sums[group].notna()
    found = _tested_groups(sums[inside].reset_index(drop=True), base[inside], group)
    few = found.customers.between(1, LEAST - 1) | found.pop("buyers").between(1, LEAST - 1)
    if away is not None:
        few |= found[group].map(away).eq(True)
    found["differs"] &= ~few
    others = [name for name in found if name not in (group, "category", "differs", "customers")]
    return suppressed(found, others=others, mask=few)


def _group_sums(named: ir.Table, group: str) -> ir.Table:
    k, e = named.k.cast("float64"), named.expected
    return named.group_by([group, "category"]).agg(
        customers=named.count(),
        buyers=named.count(where=named.k > 0),
        n=named.n.sum().cast("int64"),
        k=k.sum(),
        e=e.sum(),
        kk=(k * k).sum(),
        ke=(k * e).sum(),
        ee=(e * e).sum(),
    )


def _tested_groups(found: pd.DataFrame, base: pd.DataFrame, group: str) -> pd.DataFrame:
    inside = found[SUMS].astype(float)
    rest = (base.set_axis(found.index) - inside).clip(lower=0)
    p, low, high = score_tests(inside, rest)
    q = q_values(p)
    return pd.DataFrame(
        {
            **{name: found[name] for name in (group, "category", "customers", "buyers", "n")},
            "k": found.k.astype("int64"),
            "share": found.k / found.n,
            "base_share": found.e / found.n,
            "index": found.k / found.e,
            "low": low,
            "high": high,
            "p": p,
            "q_value": q,
            "differs": q <= FDR,
        }
    )
