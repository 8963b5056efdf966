"""Counted: what of each unit of money a customer pays counts as value, margin or spend."""

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.bootstrap import random_groups
from regulars.measures.engine import fetch
from regulars.measures.purchases import customer_summary, known_lines, purchase_days

__all__ = ["Counted", "counted"]

ENOUGH = 0.5  # of spend with a known cost, for its margin to stand for the rest
SUMS = ("counts", "day_money", "paid_money", "days", "paid_days", "squares", "first", "customers")


@dataclass(frozen=True, eq=False)
class Counted:
    """What counts, and how much of it there was.

    Parameters
    ----------
    what : {"margin", "spend"}
        Margin where costs are known or a rate is given, else spend.
    margin_rate : float or None
        Margin as a share of spend net of returns, of all lines; None if spend is counted.
    known_share : float
        Share of spend (of sales) whose cost is known (0 to 1).
    groups : pandas.DataFrame
        Random groups of customers (see `bootstrap.random_groups`) with the sums counts (margin or
        spend of all lines, returns taken off), day_money (of all purchase days), paid_money,
        paid_days (of purchase days with money above zero), days, squares (of the money of paid
        days), first (money of first purchase days), customers.
    """

    what: str
    margin_rate: float | None
    known_share: float
    groups: pd.DataFrame

    def rate(self, method: str) -> float:
        """Return what counts of each unit of money that a method tells of a purchase day.

        A method that looks at paid days only tells too much of a purchase day: some are not paid.
        """
        sums = self.groups.sum()
        if method != "gamma_gamma":
            return float(sums.counts / sums.day_money)
        return float(sums.counts / sums.paid_money * sums.paid_days / sums.days)

    def rate_error(self, method: str) -> float:
        """Return the standard error of the logarithm of `rate`, over customers."""
        parts = {"counts": 1, "day_money": -1}
        if method == "gamma_gamma":
            parts = {"counts": 1, "paid_money": -1, "paid_days": 1, "days": -1}
        return _log_error(self.groups, parts)

    @property
    def first_day(self) -> tuple[float, float]:
        """What counts of a first purchase day, and the standard error of its logarithm."""
        sums = self.groups.sum()
        value = sums["first"] / sums.customers * sums.counts / sums.day_money
        parts = {"first": 1, "customers": -1, "counts": 1, "day_money": -1}
        return float(value), _log_error(self.groups, parts)


def counted(purchases: ir.Table, *, as_of: str | date, margin_rate: float | None = None) -> Counted:
    """Find out whether value is margin or spend, and sum up what there was of it.

    A line's margin is its money less its cost where that is known, else `margin_rate` of its
    money. Without a rate the lines of known cost stand for the others if they make up half of
    spend; if not, spend is counted.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, cost, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    margin_rate : float, optional
        Margin as a share of spend (0 to 1), for lines without a cost.

    Returns
    -------
    Counted

    Raises
    ------
    ModelError
        If customers have brought nothing on the whole: nothing to foretell.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 10),
    ...                           ("ann", "1997-02-09", -5, "return")])
    >>> found = counted(purchases, as_of="1997-12-31", margin_rate=.4)
    >>> found.what, found.rate("credibility")  # .4 x 35 / 40
    ('margin', 0.35)
    """
    lines = known_lines(purchases, as_of=as_of)
    lines = lines.semi_join(customer_summary(purchases, as_of=as_of), "customer_id")
    known_share, known_rate = _known(lines)
    rate = known_rate if margin_rate is None and known_share >= ENOUGH else margin_rate
    what = "spend" if rate is None else "margin"
    sums = _sums(purchases, _counts(lines, rate), as_of=as_of)
    groups = random_groups(sums, {name: sums[name].sum() for name in SUMS})
    total, spend = groups.sum(), float(fetch(lines.agg(spend=lines.amount.sum())).spend[0] or 0)
    if not total.counts > 0 or not total.paid_money > 0 or not total.day_money > 0:
        raise ModelError(
            f"Customers have brought no {what} on the whole, so there is no value to foretell."
        )
    share = float(total.counts) / spend if what == "margin" else None
    return Counted(what, share, known_share, groups)


def _known(lines: ir.Table) -> tuple[float, float | None]:
    """Return the share of sales whose cost is known, and the margin rate of known lines."""
    sale, known = lines.amount > 0, lines.cost.abs() >= 0
    cost = ibis.ifelse(lines.amount < 0, -lines.cost.abs(), lines.cost.abs())
    found = fetch(
        lines.agg(
            sales=lines.amount.sum(where=sale),
            known=lines.amount.sum(where=sale & known),
            spend=lines.amount.sum(where=known),
            cost=cost.sum(where=known),
        )
    ).astype(float)
    sales, there, spend, costs = found.fillna(0).iloc[0]
    return (there / sales if sales > 0 else 0.0, (spend - costs) / spend if spend > 0 else None)


def _counts(lines: ir.Table, rate: float | None) -> ir.Table:
    """Add to each line what counts of it."""
    amount = lines.amount.cast("float64")
    if rate is None:
        return lines.mutate(counts=amount)
    cost = ibis.ifelse(lines.amount < 0, -lines.cost.abs(), lines.cost.abs()).cast("float64")
    return lines.mutate(counts=ibis.coalesce(amount - cost, amount * ibis.literal(rate)))


def _sums(purchases: ir.Table, lines: ir.Table, *, as_of: str | date) -> ir.Table:
    """Sum up the lines and the purchase days of each customer."""
    whole = lines.group_by("customer_id").agg(counts=lines["counts"].sum())
    days = purchase_days(purchases, as_of=as_of).select("customer_id", "day", "spend")
    first = ibis.window(group_by=days.customer_id)
    days = days.mutate(
        spend=days.spend.cast("float64"), is_first=days.day == days.day.min().over(first)
    )
    paid = days.spend > 0
    by_days = days.group_by("customer_id").agg(
        day_money=days.spend.sum(),
        paid_money=ibis.coalesce(days.spend.sum(where=paid), 0.0),
        days=days.count(),
        paid_days=paid.sum(),
        squares=(days.spend**2).sum(where=paid),
        first=days.spend.sum(where=days.is_first),
        customers=ibis.literal(1),
    )
    return whole.join(by_days, "customer_id")


def _log_error(groups: pd.DataFrame, parts: dict[str, int]) -> float:
    """Return the standard error of the logarithm of a product of sums and their inverses."""
    if len(groups) < 2:
        return float("nan")
    sums = groups.sum()
    influence = sum(sign * groups[name] / sums[name] for name, sign in parts.items())
    spread = ((influence - influence.mean()) ** 2).sum()
    return float(np.sqrt(spread * len(groups) / (len(groups) - 1)))
