"""Repurchase: how many come back, how soon, and how long they take between purchases."""

import warnings
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.errors import StatisticalDoubt
from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import Estimate, wilson
from regulars.measures.purchases import known_lines, purchase_days
from regulars.measures.survival import kaplan_meier

__all__ = [
    "gaps_between_purchases",
    "median_days_to_second",
    "repurchase_curve",
    "repurchase_rate",
    "repurchase_within",
    "waits",
]

FEW_AT_RISK = 30


def repurchase_rate(purchases: ir.Table, *, start: str | date, end: str | date) -> Estimate:
    """Estimate, of the customers who bought in a window, the share with two or more purchase days.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, kind.
    start, end : str or datetime.date
        First and last day of the window, both inclusive.

    Returns
    -------
    Estimate
        The share, with Wilson's 95 % interval; n is the customers who bought in the window.

    Raises
    ------
    ValueError
        If nobody bought in the window.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20),
    ...                           ("bob", "1997-01-07", 30)])
    >>> repurchase_rate(purchases, start="1997-01-01", end="1997-12-31").value
    0.5
    """
    lines = known_lines(purchases, as_of=end)
    sales = lines.filter(lines.day >= ibis.literal(as_date(start)), lines.kind == "sale")
    people = sales.group_by("customer_id").agg(days=sales.day.nunique())
    counts = fetch(people.agg(all=people.count(), again=(people.days >= 2).sum())).iloc[0]
    if not counts["all"]:
        raise ValueError(f"Nobody bought from {start} to {end}: withhold the repurchase rate.")
    return wilson(int(counts.again), int(counts["all"]))


def repurchase_curve(purchases: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Estimate the share of customers who have bought again within each number of days.

    Whoever has not bought again by `as_of` counts as long as they were observed, so customers who
    came late are neither left out nor held against the shop.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per day from 0 (the first purchase day) to the longest anybody was observed: day,
        share (who has bought again by then), low, high (95 % band), at_risk (not back yet, and
        still observed, as the day begins); see `survival.kaplan_meier`.

    Raises
    ------
    ValueError
        If nobody had bought by then.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-01-07", 20),
    ...                           ("bob", "1997-01-07", 30)])
    >>> repurchase_curve(purchases, as_of="1997-01-10").share.tolist()
    [0.0, 0.0, 0.5, 0.5]
    """
    every = waits(purchases, as_of=as_of)
    firsts = every.filter(every.purchase == 1)
    counts = firsts.group_by(["days", "observed"]).agg(customers=firsts.count())
    return kaplan_meier(fetch(counts.order_by(["days", "observed"])))


def repurchase_within(curve: pd.DataFrame, *, days: int) -> Estimate:
    """Read off the share who bought again within so many days of their first purchase.

    Parameters
    ----------
    curve : pandas.DataFrame
        From `repurchase_curve`: day, share, low, high, at_risk.
    days : int
        The horizon, in days.

    Returns
    -------
    Estimate
        The share with its 95 % interval, none where the share is 0 or 1 and the curve has no
        variance; n is all customers of the curve.

    Raises
    ------
    ValueError
        If nobody has been observed that long.

    Warns
    -----
    StatisticalDoubt
        If fewer than 30 customers were still waiting and watched on that day.

    Examples
    --------
    >>> counts = pd.DataFrame({"days": [1, 90], "observed": [True, False], "customers": [30, 50]})
    >>> round(repurchase_within(kaplan_meier(counts), days=60).value, 6)
    0.375
    """
    last = int(curve.day.max())
    if not 0 <= days <= last:
        raise ValueError(
            f"No customer has been observed for {days} days (the longest: {last}): withhold the "
            f"share, or ask for {last} days or fewer."
        )
    row = curve.set_index("day").loc[days]
    if row.at_risk < FEW_AT_RISK:
        warnings.warn(
            f"Only {int(row.at_risk)} customers were still waiting and watched {days} days after "
            "their first purchase; the share within that time rests on few.",
            StatisticalDoubt,
            stacklevel=2,
        )
    low, high = (float(row.low), float(row.high)) if 0 < row.share < 1 else (None, None)
    return Estimate(float(row.share), low, high, int(curve.at_risk.iloc[0]))


def median_days_to_second(curve: pd.DataFrame) -> int | None:
    """Return the first day by which half of the customers have bought again, or None.

    Parameters
    ----------
    curve : pandas.DataFrame
        From `repurchase_curve`: day, share.

    Examples
    --------
    >>> counts = pd.DataFrame({"days": [1, 5], "observed": [True, True], "customers": [1, 3]})
    >>> median_days_to_second(kaplan_meier(counts))
    5
    """
    # Products of fractions end a hair below one half where one half is meant.
    reached = curve.day[curve.share >= 0.5 - 1e-12]
    return int(reached.iloc[0]) if len(reached) else None


def gaps_between_purchases(purchases: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Count the days between one purchase day and the customer's next.

    Only gaps that have ended are seen, so long ones are missing more often than short ones; for
    how long it takes to come back, read `repurchase_curve`.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per length that occurs, ascending: days (at least 1), gaps (how many).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-01-07", 20),
    ...                           ("ann", "1997-01-09", 30)])
    >>> gaps_between_purchases(purchases, as_of="1997-01-31")
       days  gaps
    0     2     2
    """
    closed = waits(purchases, as_of=as_of).filter(ibis._.observed)
    return fetch(closed.group_by("days").agg(gaps=closed.count()).order_by("days"))


def waits(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Say of each purchase day how long it took until the next, or has been waited for so far.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and purchase day: customer_id, purchase (1 is the customer's first
        purchase day), day, days (to the customer's next purchase day, to `as_of` where there is
        none yet), observed (whether there is one).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-01-07", 20)])
    >>> found = waits(purchases, as_of="1997-01-31").order_by("purchase")
    >>> fetch(found)[["purchase", "days", "observed"]].to_numpy().tolist()
    [[1, 2, True], [2, 24, False]]
    """
    bought = purchase_days(purchases, as_of=as_of)
    by_customer = ibis.window(group_by="customer_id", order_by="day")
    order = bought.mutate(
        purchase=ibis.row_number().over(by_customer) + 1,
        next_day=bought.day.lead().over(by_customer),
    )
    last = ibis.literal(as_date(as_of))
    until = ibis.coalesce(order.next_day, last)
    return order.select(
        "customer_id",
        "purchase",
        "day",
        days=until.delta(order.day, unit="day"),
        observed=ibis.coalesce(order.next_day <= last, False),
    )
