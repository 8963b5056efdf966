"""Levels: how small a p-value has to be so that the false-alarm rate holds in this shop.

The tests are exact for who buys at random. Where purchases come in bunches, or a quiet season has
begun, more of those who go on would be warned of than was promised. So the tests are tried on the
period before, whose outcome is known, and made stricter where they clearly warned of too many.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import as_date
from regulars.measures.intervals import wilson
from regulars.measures.warning.histories import by_history
from regulars.parameters.forecasts import EarlyWarning

__all__ = ["TESTS", "Levels", "levels"]

TESTS = ("overdue", "falling")
FEWEST = 100  # who came again: fewer tell too little about one in twenty


@dataclass(frozen=True)
class Levels:
    """At which p-value each test warns, and how it would have done a period ago.

    Parameters
    ----------
    overdue, falling : float
        The largest p-value that is a warning; at most the false-alarm rate.
    went_on : int
        Customers looked at a period ago who have bought since; 0 if too few to try the tests on.
    found_overdue, found_falling : float
        Share of them that each test would have warned of at the false-alarm rate; missing where it
        was not tried.
    """

    overdue: float
    falling: float
    went_on: int
    found_overdue: float
    found_falling: float


def levels(purchases: ir.Table, *, as_of: str | date, rules: EarlyWarning) -> Levels:
    """Find the level of each test at which, a period ago, few enough had been warned of.

    Whoever bought in the period went on. If a test would have warned of a larger share of them than
    the false-alarm rate, and clearly so (Wilson's 95 % interval lies above it), its level is the
    largest that would have kept the rate. It holds for the period to come as far as that is like
    the one before. With fewer than a hundred who went on, the false-alarm rate is the level.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    rules : EarlyWarning

    Returns
    -------
    Levels

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> levels(purchases, as_of="1997-12-31", rules=EarlyWarning()).overdue
    0.05
    """
    then = as_date(as_of) - timedelta(days=rules.period_days)
    cells = by_history(purchases, as_of=then, rules=rules, later_until=as_of)
    came, rate = cells[cells.came.astype(bool)], rules.false_alarm_rate
    n = int(came.customers.sum())
    if n < FEWEST:
        return Levels(rate, rate, 0, float("nan"), float("nan"))
    tried = [_tried(came.customers, came[f"p_{test}"], rate) for test in TESTS]
    return Levels(*(level for level, _ in tried), n, *(found for _, found in tried))


def _tried(customers: pd.Series, p: pd.Series, rate: float) -> tuple[float, float]:
    """Return the largest level that would have kept the rate, and the share found at the rate."""
    shares = customers.groupby(p).sum().sort_index().cumsum() / customers.sum()
    small = shares[shares.index <= rate]
    found = float(small.iloc[-1]) if len(small) else 0.0
    # By chance alone more than the rate is found in every second shop.
    if wilson(round(found * customers.sum()), int(customers.sum())).low <= rate:
        return rate, found
    kept = small[small <= rate]
    return (float(kept.index[-1]) if len(kept) else 0.0), found
