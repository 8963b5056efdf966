"""Responders: whether those who answered are like those who did not.

What is compared was known before the customer was asked. What came after would describe what an
answer, or the reason for it, led to, and not who answers.
"""

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import beside
from regulars.measures.purchases import with_order_key
from regulars.measures.segments.chance import holm
from regulars.measures.segments.differences import differences
from regulars.measures.segments.profiles import with_attributes

__all__ = ["known_before", "who_answered"]

ANSWERED, SILENT = "answered", "not_answered"
POWER = 2.8016  # standard errors: 1.9600 for 5 % on two sides and 0.8416 for a power of 80 %


def known_before(
    asked: ir.Table,
    purchases: ir.Table,
    *,
    customers: ir.Table | None = None,
    groups: ir.Table | None = None,
) -> ir.Table:
    """Sum up what was known of each customer on the day before they were asked.

    Parameters
    ----------
    asked : ibis.expr.types.Table
        From `invitations.first_asked` or `invitations.base_asked`: customer_id, day.
    purchases : ibis.expr.types.Table
        Cleaned purchases; only lines before the customer's day count.
    customers : ibis.expr.types.Table, optional
        customer_id and attributes that do not change, such as birth_date and region.
    groups : ibis.expr.types.Table, optional
        customer_id and segment as of a day before all invitations.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer asked: customer_id, orders, spend (0 for who had not bought yet), age
        and days_since_last (days since first and last purchase; missing for them), birth_year,
        segment_before, and the attributes of text.

    Examples
    --------
    >>> from datetime import date
    >>> from regulars.measures.engine import fetch, table_of
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 30), ("ann", "1997-01-05", 50)])
    >>> asked = table_of(pd.DataFrame({"customer_id": ["ann"], "day": [date(1997, 1, 5)]}))
    >>> fetch(known_before(asked, purchases))[["orders", "spend", "age"]].values.tolist()
    [[1, Decimal('30.0000'), 4]]
    """
    known = _summary(asked, purchases)
    if customers is not None:
        known = with_attributes(known, customers)
    if groups is None:
        return known
    return beside(known, groups.select("customer_id", segment_before=groups.segment))


def who_answered(
    asked: ir.Table, known: ir.Table, *, without: Collection[str] = (), level: float = 0.95
) -> pd.DataFrame:
    """Compare those who answered with those who did not, measure by measure.

    Parameters
    ----------
    asked : ibis.expr.types.Table
        From `invitations.first_asked` or `invitations.base_asked`: customer_id, answered.
    known : ibis.expr.types.Table
        From `known_before`.
    without : collection of str
        Columns that are not compared.
    level : float
        Of the intervals, and of all tests together.

    Returns
    -------
    pandas.DataFrame
        From `differences.differences`, the rows of those who answered, with Holm's correction over
        them, and smallest: the difference in standard deviations that so many customers show in
        80 of 100 cases (two-sided test at 5 %).

    Notes
    -----
    Smallest difference: Cohen (1988), Statistical Power Analysis, section 2.4, in its normal form.
    """
    name = ibis.ifelse(asked.answered, ANSWERED, SILENT)
    found = differences(known, asked.select("customer_id", segment=name), without=without)
    found = found[found.segment == ANSWERED].reset_index(drop=True)
    p_holm = holm(found.p.to_numpy(float))
    smallest = POWER * np.sqrt(1 / found.n.astype(float) + 1 / found.rest_n.astype(float))
    return found.assign(p_holm=p_holm, distinct=p_holm <= 1 - level, smallest=smallest)


def _summary(asked: ir.Table, purchases: ir.Table) -> ir.Table:
    """Sum up the lines before each customer's own day."""
    lines = with_order_key(purchases)
    lines = lines.select("customer_id", "order_key", "is_sale", "amount", bought=lines.day)
    joined = asked.select("customer_id", "day").left_join(lines, "customer_id")
    before = (joined.bought < joined.day).fill_null(False)
    sale = before & joined.is_sale.fill_null(False)
    sums = joined.group_by(["customer_id", "day"]).agg(
        orders=joined.order_key.nunique(where=sale),
        spend=ibis.coalesce(joined.amount.sum(where=before), 0).cast("decimal(18, 4)"),
        first=joined.bought.min(where=sale),
        last=joined.bought.max(where=sale),
    )
    return sums.select(
        "customer_id",
        "orders",
        "spend",
        age=sums.day.delta(sums["first"], unit="day"),
        days_since_last=sums.day.delta(sums["last"], unit="day"),
    )
