"""Stake: what those warned of would spend if they went on."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, beside, fetch, table_of
from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.money import MONEY, customer_money
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, history
from regulars.measures.purchase_models.formulas import expected_purchases, p_alive
from regulars.measures.purchases import purchase_days
from regulars.measures.segments.day_value import day_value
from regulars.measures.warning.reasons import REASONS

__all__ = ["Stake", "at_stake", "warning_list"]

HORIZON_DAYS = 365
STEP = 1e-4


@dataclass(frozen=True, eq=False)
class Stake:
    """What is at stake, by customer and in total.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        One row per customer warned of: customer_id, at_stake (decimal money).
    total : Estimate
        Money of all of them; n is how many they are.
    by_model : bool
        Whether it is what a purchase model expects of the days to come; if not, it is what they
        spent in as many days before.
    horizon_days : int
    """

    customers: ir.Table
    total: Estimate
    by_model: bool
    horizon_days: int


def at_stake(
    purchases: ir.Table,
    warned: ir.Table,
    fitted: Fit | None,
    *,
    as_of: str | date,
    horizon_days: int = HORIZON_DAYS,
) -> Stake:
    """Estimate what customers would spend in the time to come if they were still customers.

    With a model that speaks: the purchase days to expect of one with this history who is still a
    customer, times what a day of theirs is worth (see `day_value`). Without: what they spent in the
    same time before `as_of`, as it is.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    warned : ibis.expr.types.Table
        One row per customer: customer_id, repeat_days, recency_age, age as of `as_of`.
    fitted : Fit or None
        The model that speaks, fitted to everything up to `as_of`.
    as_of : str or datetime.date
        Last day known, inclusive.
    horizon_days : int
        How far to look ahead, in days.

    Returns
    -------
    Stake
        The interval of the total holds how unsure the model's parameters are (delta method, on the
        log scale; none where the total is not above zero). It holds neither what chance will do,
        nor the value of a day, nor that the model may be wrong. What was spent has none.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.purchases import customer_summary
    >>> purchases = purchases_of([("ann", "1996-01-05", 30), ("ann", "1997-02-01", 5)])
    >>> warned = customer_summary(purchases, as_of="1997-03-31")
    >>> at_stake(purchases, warned, None, as_of="1997-03-31").total.value
    5.0
    """
    if fitted is None:
        return _spent(purchases, warned, as_of=as_of, horizon_days=horizon_days)
    if not fetch(warned.agg(n=warned.count())).n[0]:
        empty = warned.select("customer_id", at_stake=warned.age.cast(MONEY))
        return Stake(empty, Estimate(0.0, None, None, 0), True, horizon_days)
    days = _day_money(purchases, warned, as_of=as_of)
    sums = days.group_by(CELL).agg(money=days.day_money.sum(), customers=days.count())
    cells = fetch(sums.order_by(CELL))
    expected = _if_customer(fitted, fitted.values, cells, horizon_days)
    joined = days.join(table_of(cells[CELL].assign(expected=expected)), CELL)
    money = (joined.day_money * joined.expected).round(4).cast(MONEY)
    estimate = _total(fitted, cells, horizon_days)
    return Stake(joined.select("customer_id", at_stake=money), estimate, True, horizon_days)


def warning_list(told: ir.Table, stake: Stake) -> ir.Table:
    """Return the customers warned of as they are listed, what is at stake and the reasons beside.

    Parameters
    ----------
    told : ibis.expr.types.Table
        From `reasons.with_reasons`.
    stake : Stake
        Of those warned of.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer warned of, by customer_id: customer_id, warning (falling, overdue,
        both), is_new, days_since_last, at_stake, and a bool column for each reason that is known.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.purchases import customer_summary
    >>> from regulars.measures.warning.reasons import with_reasons
    >>> purchases = purchases_of([("ann", "1997-01-05", 30)])
    >>> people = customer_summary(purchases, as_of="1997-03-31")
    >>> stake = at_stake(purchases, people, None, as_of="1997-03-31")
    >>> import ibis
    >>> people = people.mutate(warning=ibis.literal("both"), is_new=True)
    >>> told = with_reasons(people, purchases, as_of="1997-03-31")
    >>> warning_list(told, stake).to_pyarrow().num_rows
    1
    """
    reasons = [name for name in REASONS if name in told.columns]
    columns = ["customer_id", "warning", "is_new", "days_since_last", "at_stake", *reasons]
    warned = beside(told.filter(told.is_warned), stake.customers)
    return warned.select(columns).order_by("customer_id")


def _spent(purchases: ir.Table, warned: ir.Table, *, as_of: str | date, horizon_days: int) -> Stake:
    since = as_date(as_of) - timedelta(days=horizon_days)
    money = customer_money(purchases, as_of=as_of, since=since).select("customer_id", "spend")
    people = beside(warned.select("customer_id"), money)
    people = people.select("customer_id", at_stake=people.spend.fill_null(0).cast(MONEY))
    sums = fetch(people.agg(total=people.at_stake.sum().cast("float64"), n=people.count())).iloc[0]
    n = int(sums.n)
    total = float(sums.total) if n else 0.0
    return Stake(people, Estimate(total, None, None, n), False, horizon_days)


def _day_money(purchases: ir.Table, warned: ir.Table, *, as_of: str | date) -> ir.Table:
    """Put beside each customer what a purchase day of theirs is worth."""
    value = day_value(purchases, as_of=as_of)
    days = purchase_days(purchases, as_of=as_of)
    bought = days.group_by("customer_id").agg(bought=days.spend.sum().cast("float64"))
    people = beside(warned.select("customer_id", *CELL), bought)
    n = people.repeat_days + 1
    if np.isfinite(value.needed):
        own = (people.bought + value.needed * value.mean) / (n + value.needed)
    else:
        own = n / n * value.mean
    return people.mutate(day_money=value.kept * own).drop("bought")


def _if_customer(
    fitted: Fit, params: tuple[float, ...], cells: pd.DataFrame, horizon_days: int
) -> np.ndarray:
    """Expect purchase days of one who is still a customer: the expected ones by P(alive)."""
    past = history(fitted, cells)
    horizon = ahead_in_unit(fitted, horizon_days)
    expected = expected_purchases(fitted.model, params, horizon=horizon, **past)
    alive = p_alive(fitted.model, params, **past)
    rate = cells.repeat_days.to_numpy(float) / np.maximum(cells.age.to_numpy(float), 1)
    # Where P(alive) is too small to be a number, the customer's own rate goes on.
    return np.divide(expected, alive, out=rate * horizon_days, where=alive > 1e-200)


def _total(fitted: Fit, cells: pd.DataFrame, horizon_days: int) -> Estimate:
    """Estimate the money of all with its interval, carrying over the covariance of parameters."""
    values, n = np.array(fitted.values), int(cells.customers.sum())

    def total(params: np.ndarray) -> float:
        return float(_if_customer(fitted, tuple(params), cells, horizon_days) @ cells.money)

    value, moves = total(values), STEP * np.eye(len(values))
    ends = [(total(values * np.exp(move)), total(values * np.exp(-move))) for move in moves]
    if min(value, *map(min, ends)) <= 0:
        return Estimate(value, None, None, n)
    slopes = np.array([np.log(up / down) / (2 * STEP) for up, down in ends])
    reach = normal_quantile(0.95) * np.sqrt(slopes @ fitted.relative_covariance @ slopes)
    return Estimate(value, float(value * np.exp(-reach)), float(value * np.exp(reach)), n)
