"""Held back: what was foretold of the money of days not seen, and what came."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from regulars.errors import ModelError
from regulars.measures.engine import as_date, fetch, kept
from regulars.measures.money import MONEY
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchases import customer_summary, known_lines
from regulars.measures.value.counted import counted
from regulars.measures.value.customer_days import customer_days
from regulars.measures.value.day_money import day_money
from regulars.measures.value.spend_cells import own_cells, own_money
from regulars.measures.value.worth import Worth, total_worth

__all__ = ["HeldBack", "money_held_back"]


@dataclass(frozen=True)
class HeldBack:
    """Spend of the customers known at the cut, in the days held back.

    Parameters
    ----------
    said : Worth
        What was foretold, not discounted, with what chance may do.
    came : float
        Net spend, returns taken off.
    method : str
        How money was told at the cut, see `day_money.day_money`.
    """

    said: Worth
    came: float
    method: str

    @property
    def error(self) -> float | None:
        """How far too much was foretold, as a share of what came; None if nothing came."""
        value = self.said.expected.value
        return value / self.came - 1 if self.came > 0 else None

    @property
    def within(self) -> bool | None:
        """Whether what came lies in the interval of what was to come true; None without one."""
        ends = self.said.outcome
        return None if ends.low is None else bool(ends.low <= self.came <= ends.high)


def money_held_back(
    purchases: ir.Table, fitted: Fit, *, as_of: str | date, holdout_days: int, seed: int
) -> HeldBack | None:
    """Foretell the money of the days held back from what was known before, and hold it to them.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    fitted : Fit
        The purchase model that speaks, fitted on the calibration period only.
    as_of : str or datetime.date
        Last day known, inclusive.
    holdout_days : int
        How many days at the end are held back.
    seed : int
        Of the draws.

    Returns
    -------
    HeldBack or None
        None where money could not be told at the cut.
    """
    end = as_date(as_of) - timedelta(days=holdout_days)
    spend = purchases.mutate(cost=ibis.null(MONEY))
    try:
        with kept(customer_days(spend, as_of=end)) as customers:
            money = day_money(spend, customers, sums=counted(customers), as_of=end)
            own = own_cells(own_money(customers, method=money.method))
    except ModelError:
        return None
    ahead = {"horizon_days": holdout_days, "discount_rate": 0.0, "seed": seed}
    later = known_lines(spend, as_of=as_of).filter(purchases.day > ibis.literal(end))
    later = later.semi_join(customer_summary(spend, as_of=end), "customer_id")
    came = fetch(later.agg(came=later.amount.sum().cast("float64"))).came.fillna(0)
    return HeldBack(total_worth(fitted, money, own, **ahead), float(came[0]), money.method)
