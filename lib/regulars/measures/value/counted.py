"""Counted: what of each unit of money a customer pays counts as value, margin or spend."""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.bootstrap import random_groups

__all__ = ["Counted", "counted", "log_error"]

ENOUGH = 0.5  # of spend with a known cost, for its margin to stand for the rest
SUMS = ("counts", "day_money", "paid_money", "days", "paid_days", "squares", "first", "customers")
SUMMED = ("day_money", "paid_money", "days", "paid_days", "squares", "first_money")
SUMMED += ("spend", "sales", "known_sales", "known_spend", "known_cost")
FIRST_DAY = {"first": 1, "customers": -1, "counts": 1, "day_money": -1}


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
        return log_error(self.groups, _rate_parts(method))

    @property
    def first_day(self) -> tuple[float, float]:
        """What counts of a first purchase day, and the standard error of its logarithm."""
        sums = self.groups.sum()
        value = sums["first"] / sums.customers * sums.counts / sums.day_money
        return float(value), log_error(self.groups, FIRST_DAY)

    def first_with_rate(self, method: str) -> tuple[float, float]:
        """Return how the logarithm of `first_day` goes with that of `rate`, over other customers.

        The slope, and the standard error that is left once the rate is known.
        """
        error, of_rate = log_error(self.groups, FIRST_DAY), self.rate_error(method)
        if not of_rate > 0:
            return 0.0, error
        first, rate = (_influence(self.groups, one) for one in (FIRST_DAY, _rate_parts(method)))
        slope = float(np.cov(first, rate)[0, 1] / rate.var())
        return slope, float(np.sqrt(max(error**2 - (slope * of_rate) ** 2, 0.0)))


def counted(customers: ir.Table, *, margin_rate: float | None = None) -> Counted:
    """Find out whether value is margin or spend, and sum up what there was of it.

    A line's margin is its money less its cost where that is known, else `margin_rate` of its
    money. Without a rate the lines of known cost stand for the others if they make up half of
    spend; if not, spend is counted.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `customer_days.customer_days`.
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
    >>> from regulars.measures.value.customer_days import customer_days
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 10),
    ...                           ("ann", "1997-02-09", -5, "return")])
    >>> found = counted(customer_days(purchases, as_of="1997-12-31"), margin_rate=.4)
    >>> found.what, found.rate("credibility")  # .4 x 35 / 40
    ('margin', 0.35)
    """
    sums = {name: customers[name].sum() for name in SUMMED}
    groups = random_groups(customers, {**sums, "customers": customers.count()})
    known_share, known_rate = _known(groups.sum())
    rate = known_rate if margin_rate is None and known_share >= ENOUGH else margin_rate
    what = "spend" if rate is None else "margin"
    groups = groups.assign(counts=_counts(groups, rate)).rename(columns={"first_money": "first"})
    total = groups.sum()
    if not total.counts > 0 or not total.paid_money > 0 or not total.day_money > 0:
        raise ModelError(
            f"Customers have brought no {what} on the whole, so there is no value to foretell."
        )
    share = float(total.counts / total.spend) if what == "margin" else None
    return Counted(what, share, known_share, groups[list(SUMS)])


def log_error(groups: pd.DataFrame, parts: dict[str, int]) -> float:
    """Return the standard error of the logarithm of a product of sums and their inverses.

    Parameters
    ----------
    groups : pandas.DataFrame
        From `bootstrap.random_groups`.
    parts : dict of str to int
        Which of the sums stand in the product: 1 above the line, -1 below it.

    Examples
    --------
    >>> groups = pd.DataFrame({"money": [9.0, 11.0], "days": [1.0, 1.0]})
    >>> round(log_error(groups, {"money": 1, "days": -1}), 2)  # 1 of 10, as a mean of two has it
    0.1
    """
    if len(groups) < 2:
        return float("nan")
    influence = _influence(groups, parts)
    spread = ((influence - influence.mean()) ** 2).sum()
    return float(np.sqrt(spread * len(groups) / (len(groups) - 1)))


def _known(total: pd.Series) -> tuple[float, float | None]:
    """Return the share of sales whose cost is known, and the margin rate of known lines."""
    share = total.known_sales / total.sales if total.sales > 0 else 0.0
    margin = total.known_spend - total.known_cost
    return float(share), float(margin / total.known_spend) if total.known_spend > 0 else None


def _counts(groups: pd.DataFrame, rate: float | None) -> pd.Series:
    """Return what counts of the lines of each group."""
    if rate is None:
        return groups.spend
    known = groups.known_spend - groups.known_cost
    return known + rate * (groups.spend - groups.known_spend)


def _rate_parts(method: str) -> dict[str, int]:
    if method == "gamma_gamma":
        return {"counts": 1, "paid_money": -1, "paid_days": 1, "days": -1}
    return {"counts": 1, "day_money": -1}


def _influence(groups: pd.DataFrame, parts: dict[str, int]) -> pd.Series:
    sums = groups.sum()
    return sum(sign * groups[name] / sums[name] for name, sign in parts.items())
