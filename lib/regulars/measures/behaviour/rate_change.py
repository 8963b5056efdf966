"""Rate change: whether the repurchase rate of one window differs from that of another."""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.behaviour.window_rates import Window
from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import Estimate, normal_quantile, wilson
from regulars.measures.purchases import known_lines

__all__ = ["RateChange", "rate_change"]

POWER = 0.8


@dataclass(frozen=True)
class RateChange:
    """A share in two windows, and the difference between them.

    Parameters
    ----------
    before, now : Estimate
        The two shares.
    change, low, high : float
        now − before, and its 95 % interval.
    detectable : float
        The smallest change that so many customers show with 80 % power (two-sided test at 5 %).

    Examples
    --------
    >>> RateChange(wilson(20, 100), wilson(40, 100), .2, .07, .32, .15).exceeds_chance
    True
    """

    before: Estimate
    now: Estimate
    change: float
    low: float
    high: float
    detectable: float

    @property
    def exceeds_chance(self) -> bool:
        """Whether the interval of the change leaves out zero."""
        return not self.low <= 0 <= self.high


def rate_change(purchases: ir.Table, before: Window, now: Window) -> RateChange | None:
    """Estimate by how much the repurchase rate of one window differs from that of an earlier one.

    Many customers buy in both windows, and who buys twice in one is likely to do so in the other.
    That makes the two rates rise and fall together, which the interval takes into account.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, kind.
    before, now : tuple of datetime.date
        First and last day of each window, inclusive; they do not overlap.

    Returns
    -------
    RateChange or None
        None where nobody bought in one of them.

    Notes
    -----
    Wilson's intervals of the two shares, squared and added as in Newcombe (1998), Statistics in
    Medicine 17, 873-890, method 10, less the part that the shares have in common: Zou & Donner
    (2008), Statistics in Medicine 27, 1693-1702, with the correlation of two shares of groups that
    overlap in part. Without overlap it is Newcombe's.

    Examples
    --------
    >>> from datetime import date
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 10), ("ann", "1997-02-01", 20),
    ...                           ("bob", "1997-03-02", 20), ("bob", "1997-05-02", 20)])
    >>> rate_change(purchases, before=(date(1997, 1, 1), date(1997, 3, 31)),
    ...             now=(date(1997, 4, 1), date(1997, 6, 30))).change
    -0.5
    """
    counts = _two_windows(purchases, before, now)
    if not (counts.customers_before and counts.customers_now):
        return None
    first = wilson(int(counts.again_before), int(counts.customers_before))
    second = wilson(int(counts.again_now), int(counts.customers_now))
    together = _correlation(counts, first, second)
    change = second.value - first.value
    down = _reach(second.value - second.low, first.high - first.value, together)
    up = _reach(first.value - first.low, second.high - second.value, together)
    return RateChange(
        first, second, change, change - down, change + up, _detectable(first, second, together)
    )


def _two_windows(purchases: ir.Table, before: Window, now: Window) -> pd.Series:
    """Count who bought in either window and in both, and who did so on two days."""
    known = known_lines(purchases, as_of=now[1])
    sales = known.filter(known.kind == "sale")
    in_before, in_now = (sales.day.between(*map(as_date, ends)) for ends in (before, now))
    people = _days_in(sales, in_before, in_now)
    bought_before, bought_now = people.before >= 1, people.now >= 1
    both = bought_before & bought_now
    return (
        fetch(
            people.agg(
                customers_before=bought_before.sum(),
                customers_now=bought_now.sum(),
                again_before=(people.before >= 2).sum(),
                again_now=(people.now >= 2).sum(),
                both=both.sum(),
                both_again_before=(both & (people.before >= 2)).sum(),
                both_again_now=(both & (people.now >= 2)).sum(),
                both_again=((people.before >= 2) & (people.now >= 2)).sum(),
            )
        )
        .iloc[0]
        .fillna(0)
    )


def _days_in(sales: ir.Table, in_before: ir.BooleanValue, in_now: ir.BooleanValue) -> ir.Table:
    return sales.group_by("customer_id").agg(
        before=sales.day.nunique(where=in_before), now=sales.day.nunique(where=in_now)
    )


def _correlation(counts: pd.Series, first: Estimate, second: Estimate) -> float:
    """Return how far the two shares rise and fall together, from the customers of both windows."""
    spread = first.value * (1 - first.value) * second.value * (1 - second.value)
    if not spread:
        return 0.0
    apart = (
        counts.both_again
        - first.value * counts.both_again_now
        - second.value * counts.both_again_before
        + first.value * second.value * counts.both
    )
    return float(np.clip(apart / np.sqrt(spread * first.n * second.n), -1, 1))


def _reach(one: float, other: float, together: float) -> float:
    return float(np.sqrt(max(one**2 - 2 * together * one * other + other**2, 0)))


def _detectable(first: Estimate, second: Estimate, together: float) -> float:
    shared = (first.value * first.n + second.value * second.n) / (first.n + second.n)
    one, other = (np.sqrt(shared * (1 - shared) / share.n) for share in (first, second))
    return float((normal_quantile(0.95) + stats.norm.ppf(POWER)) * _reach(one, other, together))
