"""The book of lifetime values: a purchase model, the worth of a day, and each customer's value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.engine import kept, table_of
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.value.counted import Counted, counted
from regulars.measures.value.customer_days import customer_days
from regulars.measures.value.day_money import DayMoney, day_money
from regulars.measures.value.discounting import discounted_purchases, lasting_days
from regulars.measures.value.drawn import Drawn, draw_purchases
from regulars.measures.value.grouped import group_histories
from regulars.measures.value.spend_cells import OWN, own_cells, own_money
from regulars.measures.value.worth import Worth, cell_worth, total_worth
from regulars.parameters.forecasts import LifetimeValue

__all__ = ["Book", "base_value", "drawn_purchases", "open_book", "residual_value"]


class HasForecast(Protocol):
    """What ``measures.contest.speaking.forecast`` returns, as far as it matters here."""

    final: Fit | None
    fits: Mapping[str, Fit]
    withheld: str | None


@dataclass(frozen=True, eq=False)
class Book:
    """What lifetime values are made of, or why there are none.

    Parameters
    ----------
    withheld : str or None
        Why no value is told, as a sentence; then all that follows is None or empty.
    fitted : Fit or None
        The purchase model that speaks.
    fits : dict of str to Fit
        All purchase models that were fitted.
    sums : Counted or None
        What counts as value, margin or spend.
    money : DayMoney or None
        What a purchase day is worth.
    customers : ibis.expr.types.Table or None
        One row per customer: customer_id, expected_purchases (purchase days within the horizon),
        money_a_day (expected of each, what counts of it), clv (expected, discounted).
    own : ibis.expr.types.Table or None
        From `spend_cells.own_money`.
    cells : pandas.DataFrame
        From `worth.cell_worth`.
    rules : LifetimeValue
        The horizon and the discount.
    drawn : dict of int to Drawn
        What other parameters say, by seed, once it was asked for; see `drawn_purchases`.
    """

    withheld: str | None
    rules: LifetimeValue
    fitted: Fit | None = None
    fits: Mapping[str, Fit] = field(default_factory=dict)
    sums: Counted | None = None
    money: DayMoney | None = None
    customers: ir.Table | None = None
    own: ir.Table | None = None
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: dict[int, Drawn] = field(default_factory=dict)

    @property
    def ahead(self) -> dict[str, float]:
        """The horizon in days and the discount of a year, as the measures take them."""
        return {
            "horizon_days": self.rules.horizon_days,
            "discount_rate": self.rules.discount_rate,
        }


def open_book(
    purchases: ir.Table,
    forecast: HasForecast,
    rules: LifetimeValue,
    *,
    as_of: str | date,
    margin_rate: float | None = None,
) -> Book:
    """Value every customer, if a purchase model may speak and money can be told.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, cost, kind, order_id.
    forecast : Forecast
        From `speaking.forecast`, as of the same day.
    rules : LifetimeValue
        horizon_days and discount_rate.
    as_of : str or datetime.date
        Last day known, inclusive.
    margin_rate : float, optional
        Margin as a share of spend, for lines without a cost; see `counted.counted`.

    Returns
    -------
    Book

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from regulars.measures.examples import purchases_of
    >>> forecast = SimpleNamespace(final=None, fits={}, withheld="Too few customers.")
    >>> book = open_book(purchases_of([("ann", "1997-01-05", 9)]), forecast, LifetimeValue(),
    ...                  as_of="1997-12-31")
    >>> book.withheld
    'Too few customers.'
    """
    if forecast.final is None:
        return Book(forecast.withheld or "No purchase model may speak.", rules)
    everybody = customer_days(purchases, as_of=as_of)
    try:
        with kept(everybody) as customers:
            sums = counted(customers, margin_rate=margin_rate)
            money = day_money(purchases, customers, sums=sums, as_of=as_of)
            found = own_cells(own_money(customers, method=money.method))
    except ModelError as error:
        return Book(str(error), rules)
    ahead = {"horizon_days": rules.horizon_days, "discount_rate": rules.discount_rate}
    cells = cell_worth(forecast.final, money, found, **ahead)
    if not np.isfinite(cells["value"]).all():
        return Book("The model's parameters are too extreme to value some customers by.", rules)
    own = own_money(everybody, method=money.method)
    rows = _customers(own, cells, money, _expected(forecast.final, cells, rules))
    return Book(None, rules, forecast.final, forecast.fits, sums, money, rows, own, cells)


def base_value(book: Book, *, seed: int) -> Worth:
    """Sum up the lifetime values of all customers; see `worth.total_worth`."""
    drawn = drawn_purchases(book, seed=seed)
    return total_worth(book.fitted, book.money, book.cells, **book.ahead, seed=seed, drawn=drawn)


def drawn_purchases(book: Book, *, seed: int) -> Drawn:
    """Return what other parameters say of the purchases to come; worked out once for each seed."""
    if seed not in book.drawn:
        drawn = draw_purchases(book.fitted, book.cells, **book.ahead, seed=seed)
        book.drawn[seed] = drawn
    return book.drawn[seed]


def residual_value(book: Book, *, seed: int) -> tuple[Worth | None, float | None]:
    """Value the customers for as long as they may stay, instead of up to a horizon.

    Returns
    -------
    Worth or None
        As `base_value`, up to where less than a thousandth can still come; None if that is more
        than a hundred years away, as without a discount: then it has no end.
    float or None
        So many days.
    """
    rate = book.rules.discount_rate
    number, histories = group_histories(book.cells)
    histories = histories.assign(customers=np.bincount(number, weights=book.cells.customers))
    lasting = lasting_days(book.fitted, histories, discount_rate=rate)
    if lasting is None:
        return None, None
    ahead = {"horizon_days": lasting, "discount_rate": rate, "seed": seed}
    return total_worth(book.fitted, book.money, book.cells, **ahead), lasting


def _expected(fitted: Fit, cells: pd.DataFrame, rules: LifetimeValue) -> np.ndarray:
    """Expect purchase days, not discounted, of each cell."""
    ahead = {"horizon_days": rules.horizon_days, "discount_rate": 0.0}
    return discounted_purchases(fitted, cells, **ahead)


def _customers(
    own: ir.Table, cells: pd.DataFrame, money: DayMoney, expected: np.ndarray
) -> ir.Table:
    """Give each customer the purchases of the cell, and the money of the own days."""
    weights = 1 / (cells["days"] + money.needed) if np.isfinite(money.needed) else 0.0
    base = money.needed * weights if np.isfinite(money.needed) else 1.0
    scores = cells[OWN].assign(
        expected_purchases=expected,
        discounted=cells.discounted,
        own_weight=money.rate * weights,
        base_money=money.rate * money.mean * base,
    )
    joined = own.join(table_of(scores), OWN)
    joined = joined.mutate(
        money_a_day=joined.money.cast("float64") * joined.own_weight + joined.base_money
    )
    return joined.select(
        "customer_id",
        "expected_purchases",
        money_a_day=joined.money_a_day.round(4),
        clv=(joined.money_a_day * joined.discounted).round(4),
    )
