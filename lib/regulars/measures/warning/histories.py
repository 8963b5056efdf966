"""Histories: the customers an early warning looks at, and what the tests say of each history.

Looked at is whoever has enough purchase days for a rhythm of their own and has bought in the last
year; who has been silent for longer is a case for winning back.
"""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, beside, fetch
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchases import customer_summary, purchase_days
from regulars.measures.warning.rhythm import falling_p, overdue_p
from regulars.parameters.forecasts import EarlyWarning

__all__ = ["HISTORY", "REACH_DAYS", "by_history", "looked_at"]

HISTORY = [*CELL, "recent_days"]

REACH_DAYS = 365
"""Who has been silent for longer is not looked at."""


def looked_at(purchases: ir.Table, *, as_of: str | date, rules: EarlyWarning) -> ir.Table:
    """Return the customers with a rhythm of their own who have bought in the last year.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    rules : EarlyWarning
        `least_days` purchase days make a rhythm; the last window is of `period_days`.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer: customer_id, days_since_last, repeat_days, recency_age, age,
        recent_days.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20)])
    >>> looked_at(purchases, as_of="1997-03-31", rules=EarlyWarning()).count().to_pyarrow().as_py()
    0
    """
    known = customer_summary(purchases, as_of=as_of)
    known = known.filter(
        known.repeat_days + 1 >= rules.least_days, known.days_since_last <= REACH_DAYS
    )
    since = as_date(as_of) - timedelta(days=rules.period_days)
    days = purchase_days(purchases, as_of=as_of)
    days = days.filter(days.day > ibis.literal(since))
    recent = days.group_by("customer_id").agg(in_window=days.count())
    joined = beside(known.select("customer_id", "days_since_last", *CELL), recent)
    # The first purchase day is none of the repeat days, even where it lies in the window.
    within = ibis.least(ibis.coalesce(joined.in_window, 0), joined.repeat_days)
    return joined.mutate(recent_days=within).drop("in_window")


def by_history(
    purchases: ir.Table,
    *,
    as_of: str | date,
    rules: EarlyWarning,
    later_until: str | date | None = None,
) -> pd.DataFrame:
    """Count the customers looked at by history, and test each history.

    Parameters
    ----------
    purchases, as_of, rules
        As in `looked_at`.
    later_until : str or datetime.date, optional
        If given, `came` tells who bought after `as_of` and up to this day; nothing else looks
        beyond `as_of`.

    Returns
    -------
    pandas.DataFrame
        A row per history: repeat_days, recency_age, age, recent_days (purchase days after the first
        in the last `period_days`), came (bool; only if asked for), customers, days_since_last,
        p_overdue, p_falling (see `rhythm`), p_overdue_before (of the same silence a period ago; 1
        for who has bought since).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> days = ("01-01", "01-11", "01-20", "02-01", "02-10")
    >>> purchases = purchases_of([("ann", f"1997-{day}", 10) for day in days])
    >>> by_history(purchases, as_of="1997-04-30", rules=EarlyWarning()).p_overdue.round(4).tolist()
    [0.0115]
    """
    histories = looked_at(purchases, as_of=as_of, rules=rules)
    by = [*HISTORY]
    if later_until is not None:
        histories = _with_later(histories, purchases, as_of=as_of, until=later_until)
        by.append("came")
    cells = fetch(histories.group_by(by).agg(customers=histories.count()).order_by(by))
    x, last, age = (cells[name] for name in CELL)
    before = np.maximum(age - rules.period_days, last)
    return cells.assign(
        days_since_last=age - last,
        p_overdue=overdue_p(x, last, age),
        p_falling=falling_p(x, cells.recent_days, age, window_days=rules.period_days),
        p_overdue_before=overdue_p(x, last, before),
    )


def _with_later(
    histories: ir.Table, purchases: ir.Table, *, as_of: str | date, until: str | date
) -> ir.Table:
    days = purchase_days(purchases, as_of=until)
    days = days.filter(days.day > ibis.literal(as_date(as_of)))
    after = days.group_by("customer_id").agg(later=days.count())
    joined = histories.left_join(after, "customer_id")
    return joined.select(*histories.columns, came=ibis.coalesce(joined.later, 0) > 0)
