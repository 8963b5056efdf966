"""Loyalty ends: what the most and the least loyal are like, and what sets them apart."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.engine import fetch
from regulars.measures.intervals import normal_quantile
from regulars.measures.loyalty_index import ENDS
from regulars.measures.purchases import known_lines
from regulars.measures.segments.chance import holm
from regulars.measures.segments.differences import differences
from regulars.measures.segments.portraits import Portraits, portraits
from regulars.measures.suppression import LEAST, hidden

__all__ = ["MADE_OF", "began_with", "describe_ends", "sets_apart", "with_word"]

MADE_OF = ("age", "days_since_last", "orders", "purchase_days", "repurchased", "spend", "tier")
MADE_OF += ("complained", "value_per_order")
"""What made the index, or says again what did, and so does not tell what else sets the ends apart.
Who buys often has more occasion to complain; and a mean over many orders is less often far from the
middle than the value of one order is, so its logarithm is larger though nobody spends more."""

POWER = 0.8


def describe_ends(
    profile: ir.Table, indexed: ir.Table, *, voices: ir.Table | None = None, k: int = LEAST
) -> Portraits:
    """Describe the most loyal, the least loyal and those between.

    Parameters
    ----------
    profile : ibis.expr.types.Table
        From `segments.profiles.customer_profile`, with or without attributes.
    indexed : ibis.expr.types.Table
        From `loyalty_index.loyalty_index`.
    voices : ibis.expr.types.Table, optional
        What customers said in the period, from `surveys.answers.newest_answers`.
    k : int
        The smallest count of customers that is shown.

    Returns
    -------
    Portraits
        Size, spend, margin, orders and answers of each; `differences` compare each with all others.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.loyalty_index import loyalty_index
    >>> from regulars.measures.segments.profiles import customer_profile
    >>> from regulars.parameters.loyalty import LoyaltyIndex
    >>> days = pd.date_range("1997-01-01", periods=60).strftime("%Y-%m-%d")
    >>> purchases = purchases_of([(f"c{at}", day, 10) for at, day in enumerate(days)])
    >>> indexed = loyalty_index(purchases, LoyaltyIndex(), as_of="1997-12-31")
    >>> found = describe_ends(customer_profile(purchases, as_of="1997-12-31"), indexed)
    >>> found.groups[["segment", "customers", "orders_mean"]]
           segment  customers  orders_mean
    0   most_loyal         12          1.0
    1      between         36          1.0
    2  least_loyal         12          1.0
    """
    ends = indexed.select("customer_id", "segment")
    return portraits(profile, ends, voices=voices, without=MADE_OF, order=ENDS, k=k)


def began_with(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Tell what each customer bought on the first purchase day, which all have exactly one of.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, channel, category.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, first_spend (money of that day's sales), first_channel, first_category (missing
        where the day has several, or none is known).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-01-05", 5),
    ...                           ("ann", "1997-02-05", 99)])
    >>> fetch(began_with(purchases, as_of="1997-12-31")).first_spend.astype(float).tolist()
    [15.0]
    """
    lines = known_lines(purchases, as_of=as_of)
    sales = lines.filter(lines.kind == "sale")
    began = sales.mutate(_first=sales.day.min().over(ibis.window(group_by="customer_id")))
    first = began.filter(began.day == began._first)
    only = {
        f"first_{name}": ibis.ifelse(
            first[name].min() == first[name].max(), first[name].min(), None
        )
        for name in ("channel", "category")
    }
    return first.group_by("customer_id").agg(first_spend=first.amount.sum(), **only)


def sets_apart(
    profile: ir.Table, indexed: ir.Table, *, level: float = 0.95, k: int = LEAST
) -> pd.DataFrame:
    """Compare the most loyal with the least loyal, measure by measure.

    Parameters
    ----------
    profile : ibis.expr.types.Table
        From `segments.profiles.customer_profile`, with or without attributes; `MADE_OF` is left
        out.
    indexed : ibis.expr.types.Table
        From `loyalty_index.loyalty_index`.
    level : float
        Of the intervals, and of all comparisons together.
    k : int
        Neither end may have fewer customers.

    Returns
    -------
    pandas.DataFrame
        One row per comparison, the clearest first: measure, level, d (of the most loyal over the
        least loyal, in standard deviations), low, high, p, p_holm (over all comparisons), distinct,
        mean, rest_mean (of the most and of the least loyal), detectable (the smallest d that would
        be found with 80 % power, at this level). None where an end is too small to be shown.

    Notes
    -----
    See `segments.differences.differences`. The smallest d by Cohen (1988), Statistical Power
    Analysis, ch. 2, with the normal distribution for Student's.
    """
    ends = indexed.select("customer_id", "segment")
    sizes = fetch(ends.group_by("segment").agg(customers=ends.count())).set_index("segment")
    sizes = sizes.customers.reindex(ENDS).fillna(0).astype("int64")
    most, between, least = ENDS
    away = hidden(sizes, k=k)
    gone = bool(away[most] or away[least] or min(sizes[most], sizes[least]) < k)
    two = ends.filter(ends.segment != between)
    found = differences(
        profile, two, without=MADE_OF, away=pd.Series(gone, [most, least]), level=level, k=k
    )
    # Both ends are compared with each other, and each comparison stands there twice.
    found = found[found.segment == most].drop(columns=["segment", "p_holm", "distinct"])
    found = found.assign(p_holm=holm(found.p.to_numpy(float)))
    z = normal_quantile(level) + stats.norm.ppf(POWER)
    n, rest_n = found.n.astype(float), found.rest_n.astype(float)
    found = found.assign(
        distinct=found.p_holm <= 1 - level, detectable=z * (1 / n + 1 / rest_n) ** 0.5
    )
    found = found.drop(columns=["n", "rest_n"])
    nearer = np.minimum(found.low.abs(), found.high.abs()).where(found.low * found.high > 0, 0)
    order = found.assign(nearer=-nearer).sort_values(["nearer", "measure", "level"]).index
    return found.loc[order].reset_index(drop=True)


def with_word(indexed: ir.Table) -> pd.DataFrame:
    """Count, at each end, the customers and those who said something.

    Parameters
    ----------
    indexed : ibis.expr.types.Table
        From `loyalty_index.loyalty_index`.

    Returns
    -------
    pandas.DataFrame
        segment, in the order of `ENDS`; customers, with_word. Not for pages as it is: small counts
        are not hidden.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> indexed = table_of(pd.DataFrame({"segment": ["between", "between"], "word": [50.0, None]}))
    >>> with_word(indexed).set_index("segment").loc["between"].tolist()
    [2, 1]
    """
    counts = indexed.group_by("segment").agg(
        customers=indexed.count(), with_word=indexed.word.count()
    )
    found = fetch(counts).set_index("segment").reindex(pd.Index(ENDS, name="segment"))
    return found.fillna(0).astype("int64").reset_index()
