"""Newcomers: what a new customer brings, and what may be paid to win one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.draws import parameter_draws
from regulars.measures.value.book import Book
from regulars.measures.value.day_money import money_draws
from regulars.measures.value.discounting import discounted_since_first
from regulars.measures.value.drawn import DRAWS
from regulars.measures.value.worth import interval_of

__all__ = ["NewCustomer", "new_customer", "newcomer_curve", "newcomer_table"]

STEPS = 12  # points of the curve


@dataclass(frozen=True)
class NewCustomer:
    """What a new customer is expected to bring: margin, or spend where margin is not known.

    Parameters
    ----------
    first : Estimate
        On the first purchase day.
    later : Estimate
        On the days after it, within the horizon, discounted.
    value : Estimate
        Both: what may be paid at most to win one, if it need not come back sooner.
    payback : Estimate
        Within the days of payback, the first purchase included: what may be paid at most if it has
        to come back by then.
    """

    first: Estimate
    later: Estimate
    value: Estimate
    payback: Estimate


def new_customer(book: Book, *, seed: int) -> NewCustomer:
    """Value a customer who comes as those in the base have come, from the first purchase on.

    The intervals hold how unsure the parameters of purchases, of money and of the first purchase
    are. They are those of the mean of many new customers; one alone scatters far more.

    Parameters
    ----------
    book : Book
        Which is not withheld.
    seed : int
        Of the draws.

    Returns
    -------
    NewCustomer

    Notes
    -----
    Fader, Hardie & Lee (2005), Journal of Marketing Research 42, 415-430, for a customer of no
    history; a first purchase day is worth what first days were worth, not what later ones are.
    """
    n = book.fitted.customers
    first, firsts = _first_day(book, seed=seed)
    found = {"first": interval_of(first, firsts, n)}
    for name, days in (("value", book.rules.horizon_days), ("payback", book.rules.payback_days)):
        later, laters = _later(book, days, seed=seed)
        found[name] = interval_of(first + later, firsts + laters, n)
        if name == "value":
            found["later"] = interval_of(later, laters, n)
    return NewCustomer(**found)


def newcomer_curve(book: Book, *, seed: int) -> pd.DataFrame:
    """Say what a new customer has brought by each day up to the horizon.

    Parameters
    ----------
    book : Book
        Which is not withheld.
    seed : int
        Of the draws; the same as for `new_customer` gives the same intervals.

    Returns
    -------
    pandas.DataFrame
        Rows from the first purchase to the horizon: day, value, low, high (discounted, the first
        purchase included).
    """
    first, firsts = _first_day(book, seed=seed)
    # Much comes early: the points stand closer there.
    ends = book.rules.horizon_days * (np.arange(STEPS + 1) / STEPS) ** 2
    rows = []
    for day in ends:
        later, laters = _later(book, float(day), seed=seed) if day else (0.0, 0.0)
        one = interval_of(first + later, firsts + laters, book.fitted.customers)
        rows.append((float(day), one.value, one.low, one.high))
    return pd.DataFrame(rows, columns=["day", "value", "low", "high"])


def newcomer_table(found: NewCustomer) -> pd.DataFrame:
    """Return the parts of a new customer's value as a table.

    Examples
    --------
    >>> one = Estimate(5.0, 4.0, 6.0, 90)
    >>> newcomer_table(NewCustomer(one, one, one, one)).part.tolist()
    ['first_purchase', 'later_purchases', 'within_the_horizon', 'within_the_payback']
    """
    parts = {
        "first_purchase": found.first,
        "later_purchases": found.later,
        "within_the_horizon": found.value,
        "within_the_payback": found.payback,
    }
    rows = [(name, one.value, one.low, one.high) for name, one in parts.items()]
    return pd.DataFrame(rows, columns=["part", "value", "low", "high"])


def _later(book: Book, days: float, *, seed: int) -> tuple[float, np.ndarray]:
    """Return what counts of the days after the first, and what other parameters say of it."""
    ahead = {"horizon_days": days, "discount_rate": book.rules.discount_rate}
    later = book.money.rate * book.money.mean * discounted_since_first(book.fitted, **ahead)
    sets = parameter_draws(book.fitted, DRAWS, seed=seed)
    money = _money(book, seed=seed)
    purchases = [discounted_since_first(book.fitted, params=one, **ahead) for one in sets]
    return later, np.array(purchases) * (money["mean"] * money.rate).to_numpy()


def _first_day(book: Book, *, seed: int) -> tuple[float, np.ndarray]:
    """Return what counts of a first purchase day, and draws of it.

    The rate by which money counts is the same as on the days after it, draw by draw.
    """
    first, _ = book.sums.first_day
    slope, left = np.nan_to_num(book.sums.first_with_rate(book.money.method))
    rates = np.log(_money(book, seed=seed).rate / book.money.rate).to_numpy()
    moves = slope * rates + left * np.random.default_rng(seed + 2).normal(size=DRAWS)
    return first, first * np.exp(moves)


def _money(book: Book, *, seed: int) -> pd.DataFrame:
    return money_draws(book.money, DRAWS, seed=seed + 1)
