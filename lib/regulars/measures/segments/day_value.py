"""Day value: what a purchase day is worth, and how far customers differ in it."""

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.engine import fetch
from regulars.measures.money import MONEY
from regulars.measures.purchases import customer_summary, purchase_days

__all__ = ["DayValue", "day_value"]

BROAD = "decimal(38, 4)"  # money, before it is multiplied by money
WIDE = "decimal(38, 8)"  # squares of money outgrow the 18 digits that money itself is kept in


@dataclass(frozen=True)
class DayValue:
    """What a purchase day is worth, and how far a customer's own days are to be believed.

    Parameters
    ----------
    mean : float
        Money a purchase day, of the average customer.
    needed : float
        Purchase days that make a customer's own mean count as much as that of the base; infinite
        if customers do not differ.
    kept : float
        Share of this money that is not returned on other days (0 to 1).
    correlation : float
        Between how often customers buy and what they spend a day; missing if either is the same
        for all.
    """

    mean: float
    needed: float
    kept: float
    correlation: float


def day_value(purchases: ir.Table, *, as_of: str | date) -> DayValue:
    """Estimate what a purchase day is worth, and how much customers differ in that.

    With s² the variance of a customer's days and t² that between customers, a customer's own mean
    over n days deserves the weight n / (n + k), with k = s² / t².

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    DayValue

    Raises
    ------
    ModelError
        If there is no purchase day.

    Notes
    -----
    Bühlmann & Straub (1970), Mitteilungen der Vereinigung Schweizerischer Versicherungs-
    mathematiker 70, 111-133; estimators of Bühlmann & Gisler (2005), A Course in Credibility
    Theory, theorem 4.3 and section 4.8, with a weight of 1 a day. The Gamma-Gamma model leads to
    the same form, with k = (q − 1) / p (Fader & Hardie 2013, The Gamma-Gamma model of monetary
    value, eq. 5); here k needs no assumption about the shape, and takes days of no value as well.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 9), ("ann", "1997-02-01", 11),
    ...                           ("bob", "1997-01-09", 29), ("bob", "1997-02-09", 31)])
    >>> value = day_value(purchases, as_of="1997-12-31")
    >>> value.mean, round(value.needed, 4)  # s² = 2, t² = (20² / 2) − 2 / 2
    (20.0, 0.0101)
    """
    by_days = _by_days(purchases, as_of=as_of)
    if by_days.empty:
        raise ModelError("Nobody has bought, so a purchase day has no value. Withhold it.")
    needed = _needed(by_days)
    n, weight = by_days["days"], by_days.customers
    belief = n / (n + needed) if np.isfinite(needed) else n
    mean = float((belief * by_days["means"]).sum() / (belief * weight).sum())
    day_money, net = float((n * by_days["means"]).sum()), float(by_days.net.sum())
    kept = min(max(net / day_money, 0.0), 1.0) if day_money > 0 else 1.0
    return DayValue(mean, needed, kept, _correlation(by_days))


def _by_days(purchases: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Sum up customers with equally many purchase days; all that is needed of them."""
    days = purchase_days(purchases, as_of=as_of)
    exact = days.mutate(square=(days.spend.cast(BROAD) * days.spend.cast(BROAD)).cast(WIDE))
    sums = exact.group_by("customer_id").agg(
        days=exact.count(), total=exact.spend.sum().cast(MONEY), squares=exact.square.sum()
    )
    net = customer_summary(purchases, as_of=as_of).select("customer_id", "spend")
    sums = sums.join(net, "customer_id")
    total = sums.total.cast(BROAD)
    groups = sums.group_by("days").agg(
        customers=sums.count(),
        total=sums.total.sum().cast("float64"),
        total_squares=(total * total).cast(WIDE).sum().cast("float64"),
        squares=sums.squares.sum().cast("float64"),
        net=sums.spend.sum().cast("float64"),
    )
    found = fetch(groups.order_by("days"))
    n = found["days"]
    return found.assign(means=found.total / n, mean_squares=found.total_squares / n**2)


def _needed(by_days: pd.DataFrame) -> float:
    """Return k = s² / t²; infinite where t² is not above zero."""
    n, customers = by_days["days"], by_days.customers
    everybody, all_days = customers.sum(), (n * customers).sum()
    inside = (by_days.squares - n * by_days.mean_squares).clip(lower=0).sum()
    if all_days == everybody or everybody == 1:
        return float("inf")
    within = inside / (all_days - everybody)
    mean = by_days.total.sum() / all_days
    spread = (n * by_days.mean_squares).sum() - all_days * mean**2
    between = (spread - (everybody - 1) * within) / (all_days - (n**2 * customers).sum() / all_days)
    return float(within / between) if between > 1e-9 * max(mean**2, 1e-9) else float("inf")


def _correlation(by_days: pd.DataFrame) -> float:
    n, weight, means = by_days["days"], by_days.customers, by_days["means"]
    everybody = weight.sum()
    x, y = (n * weight).sum() / everybody, means.sum() / everybody
    together = (n * means).sum() / everybody - x * y
    spreads = [
        (n**2 * weight).sum() / everybody - x**2,
        by_days.mean_squares.sum() / everybody - y**2,
    ]
    if min(spreads) <= 1e-12 * max(x**2, y**2, 1e-12):
        return float("nan")
    return float(together / np.sqrt(spreads[0] * spreads[1]))
