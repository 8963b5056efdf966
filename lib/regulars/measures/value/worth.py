"""Worth: what is to come of customers, discounted, with what is unsure about it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.value.chance import chance_variance
from regulars.measures.value.day_money import DayMoney, money_draws
from regulars.measures.value.drawn import DRAWS, Drawn, draw_purchases
from regulars.measures.value.grouped import discounted_by_history

__all__ = ["Worth", "cell_worth", "interval_of", "total_worth", "worth_by_group"]

WIDE = 0.5  # of the logarithms of draws; beyond it they are no log-normal
TINY = 1e-12
COLUMNS = ["group", "customers", "value", "low", "high", "comes_low", "comes_high"]


@dataclass(frozen=True)
class Worth:
    """A sum of values, as what is expected and as what may come true.

    Parameters
    ----------
    expected : Estimate
        Its interval holds how unsure the parameters are, of purchases and of money.
    outcome : Estimate
        The same value; its interval holds chance as well: what comes true lies in it in 95 of 100
        cases, if the models are right. Without ends where money is so spread that chance has no
        measure.
    """

    expected: Estimate
    outcome: Estimate


def cell_worth(
    fitted: Fit,
    money: DayMoney,
    own: pd.DataFrame,
    *,
    horizon_days: float,
    discount_rate: float,
) -> pd.DataFrame:
    """Work out what is to come of the customers of each cell.

    Parameters
    ----------
    fitted : Fit
        The purchase model.
    money : DayMoney
        What a purchase day is worth.
    own : pandas.DataFrame
        From `spend_cells.own_cells`: repeat_days, recency_age, age (days), days, customers, money.
    horizon_days : float
        How far ahead value is counted, in days.
    discount_rate : float
        Of a year, as a share.

    Returns
    -------
    pandas.DataFrame
        `own` with discounted (discounted purchase days of one customer) and value (of all
        customers of the cell together).

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> own = few_cells().assign(days=0, money=0.0)
    >>> money = DayMoney("base_mean", 20, np.inf, .5, "margin", {"mean": 0, "rate": 0}, .2)
    >>> found = cell_worth(fit(few_cells()), money, own, horizon_days=365, discount_rate=.1)
    >>> bool(np.allclose(found.value, found.discounted * found.customers * 20 * .5))
    True
    """
    found = own.assign(
        discounted=discounted_by_history(
            fitted, own, horizon_days=horizon_days, discount_rate=discount_rate
        )
    )
    days_money = _day_sums(found, money.mean, money.needed)
    return found.assign(value=money.rate * found.discounted * days_money)


def worth_by_group(
    fitted: Fit,
    money: DayMoney,
    own: pd.DataFrame,
    *,
    horizon_days: float,
    discount_rate: float,
    seed: int,
    drawn: Drawn | None = None,
) -> pd.DataFrame:
    """Sum up what is to come of groups of customers, with intervals by parametric bootstrap.

    Two hundred sets of parameters are drawn, of the purchase model and of money, from how sure
    each is; every set values the base anew. The interval is that of a log-normal with the spread of
    these values, or where they lie far apart it is made of their quantiles. What chance does is
    added for the second interval: variances of the purchase days of each customer, of the money of
    each day and of the customer's own mean.

    Parameters
    ----------
    fitted, money, horizon_days, discount_rate
        As in `cell_worth`.
    own : pandas.DataFrame
        As in `cell_worth`, and squares (sum of the squares of the customers' money) and group.
    seed : int
        Of the draws.
    drawn : Drawn, optional
        Draws of the same model, horizon, discount and seed, for a base that these cells are of.

    Returns
    -------
    pandas.DataFrame
        One row per group, ordered: group, customers, value, low, high (of what is expected),
        comes_low, comes_high (of what comes true; missing where chance has no measure).
    """
    ahead = {"horizon_days": horizon_days, "discount_rate": discount_rate}
    cells = cell_worth(fitted, money, own, **ahead)
    cells = cells.assign(chance=chance_variance(fitted, money, cells, horizon_days=horizon_days))
    drawn = drawn or draw_purchases(fitted, cells, **ahead, seed=seed)
    sums = cells.groupby("group").agg(
        customers=("customers", "sum"),
        value=("value", "sum"),
        chance=("chance", lambda values: values.sum(skipna=False)),
    )
    groups, spread = _spread(money, cells, drawn, seed=seed)
    return _with_intervals(sums.loc[groups], spread).rename_axis("group").reset_index()[COLUMNS]


def total_worth(
    fitted: Fit,
    money: DayMoney,
    own: pd.DataFrame,
    *,
    horizon_days: float,
    discount_rate: float,
    seed: int,
    drawn: Drawn | None = None,
) -> Worth:
    """Sum up what is to come of all customers; see `worth_by_group`.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> own = few_cells().assign(days=0, money=0.0, squares=0.0)
    >>> money = DayMoney("base_mean", 20, np.inf, .5, "margin", {"mean": 0, "rate": 0}, .2)
    >>> ahead = {"horizon_days": 365, "discount_rate": .1, "seed": 1}
    >>> found = total_worth(fit(few_cells()), money, own, **ahead)
    >>> found.outcome.low < found.expected.low < found.expected.value < found.expected.high
    True
    """
    ahead = {"horizon_days": horizon_days, "discount_rate": discount_rate, "seed": seed}
    if own.empty:
        return Worth(Estimate(0.0, None, None, 0), Estimate(0.0, None, None, 0))
    row = worth_by_group(fitted, money, own.assign(group="all"), **ahead, drawn=drawn)
    row = row.iloc[0]
    value, n = float(row["value"]), int(row.customers)
    return Worth(
        Estimate(value, _end(row.low), _end(row.high), n),
        Estimate(value, _end(row.comes_low), _end(row.comes_high), n),
    )


def interval_of(value: float, drawn: np.ndarray, n: int, *, level: float = 0.95) -> Estimate:
    """Put the interval of a log-normal with the spread of the draws around a value above zero.

    Examples
    --------
    >>> interval_of(100.0, np.exp([-.1, .1]), 9).low < 100
    True
    """
    low, high = _factors(np.asarray(drawn)[None, :] / value, level=level)
    return Estimate(float(value), float(value * low[0]), float(value * high[0]), n)


def _day_sums(
    cells: pd.DataFrame, mean: float | np.ndarray, needed: float | np.ndarray
) -> np.ndarray:
    """Sum up, over the customers of each cell, what a purchase day of each is worth."""
    n, days = (cells[one].to_numpy(float) for one in ("customers", "days"))
    if not np.isfinite(needed).all():
        return n * mean
    return (cells.money.to_numpy(float) + needed * mean * n) / (days + needed)


def _spread(
    money: DayMoney, cells: pd.DataFrame, drawn: Drawn, *, seed: int
) -> tuple[pd.Index, np.ndarray]:
    """Value each group by each set of parameters, as a factor of what the fitted ones say."""
    rows = cells.assign(history=drawn.place(cells))
    rows = rows.groupby(["group", "history", "days"], as_index=False)[["customers", "money"]].sum()
    place, groups = pd.factorize(rows.group, sort=True)
    values = money_draws(money, DRAWS, seed=seed + 1).to_numpy()
    sets = zip(drawn.purchases, [(money.mean, money.needed, money.rate), *values], strict=True)
    found = [
        np.bincount(place, rate * bought[rows.history] * _day_sums(rows, mean, needed))
        for bought, (mean, needed, rate) in sets
    ]
    # Where all that is to come is too small for a number, the draws say no more.
    base = np.where(found[0] > 0, found[0], np.nan)
    return groups, (np.array(found[1:]) / base).T


def _with_intervals(sums: pd.DataFrame, drawn: np.ndarray, level: float = 0.95) -> pd.DataFrame:
    low, high = _factors(drawn, level=level)
    value, chance = sums["value"].to_numpy(), sums.chance.to_numpy()
    relative = np.divide(chance, value**2, out=np.full(len(sums), np.nan), where=value**2 > 0)
    reach = normal_quantile(level) * np.sqrt(np.log1p(relative))
    # Reaches of independent causes add up as their squares do.
    both = [np.sqrt(np.log(one) ** 2 + reach**2) for one in (low, high)]
    with np.errstate(over="ignore"):  # no interval is better than an endless one
        comes = value * np.exp(-both[0]), value * np.exp(both[1])
    ends = {"low": value * low, "high": value * high, "comes_low": comes[0], "comes_high": comes[1]}
    return sums.assign(**ends).replace([np.inf], np.nan)


def _factors(drawn: np.ndarray, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of intervals as factors of the value, from draws of the same, a row each.

    They are those of a log-normal while the draws lie near each other, else their quantiles: what
    is next to nothing may be next to nothing by hundreds of digits.
    """
    drawn = np.nan_to_num(drawn, nan=1.0)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(drawn, tails, axis=1)
    low, high = np.clip(low, TINY, 1), np.maximum(high, 1)
    spread = np.log(np.maximum(drawn, TINY)).std(axis=1, ddof=1)
    reach = np.exp(normal_quantile(level) * np.minimum(spread, WIDE))
    near = spread < WIDE
    return np.where(near, 1 / reach, low), np.where(near, reach, high)


def _end(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
