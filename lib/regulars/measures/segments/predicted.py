"""Predicted value: what each customer is expected to spend in a time to come."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.contest.speaking import Forecast, forecast
from regulars.measures.contest.verdict import Verdict
from regulars.measures.engine import as_date
from regulars.measures.money import MONEY
from regulars.measures.purchase_models.cells import CELL, count_cells
from regulars.measures.purchase_models.fitting import Fit
from regulars.measures.purchase_models.scores import join_scores, score
from regulars.measures.purchases import customer_summary, known_lines, purchase_days
from regulars.measures.segments.day_value import DayValue, day_value

__all__ = ["Prediction", "predicted_value"]

STRONG = 0.3
OFF = 0.2  # of the money that came


@dataclass(frozen=True, eq=False)
class Prediction:
    """Predicted value by customer, or why there is none.

    Parameters
    ----------
    customers : ibis.expr.types.Table or None
        One row per customer of `purchases.customer_summary`: customer_id, expected_purchases
        (purchase days within the horizon), predicted_spend (decimal money); None if withheld.
    withheld : str or None
        The reason, as a sentence.
    doubts : list of str
        What a reader should know beside it.
    judged : Verdict
        What came of the holdout.
    day : DayValue or None
        What a purchase day is worth; None if withheld.
    """

    customers: ir.Table | None
    withheld: str | None
    doubts: list[str]
    judged: Verdict
    day: DayValue | None


def predicted_value(
    purchases: ir.Table, *, as_of: str | date, horizon_days: int, holdout_days: int
) -> Prediction:
    """Predict what each customer will spend: purchase days to expect, times the value of one.

    The purchase days come from the purchase model of 06_churn, and only if it predicts the days
    held back better than every plain rule (see `verdict`). A customer with n purchase days, of mean
    value m, is expected to spend ``kept · (n m + k μ) / (n + k)`` a day, where μ is the mean and k
    the days needed of `day_value`. It takes for granted that how often customers buy says nothing
    about how much, and that a day is worth the same next year; a doubt says where the first is
    clearly wrong. The money is held to the days held back as well: predicted as of the day before
    them, and a doubt gives both numbers where they differ by more than a fifth. It knows of seasons
    what `contest.season` saw, and nothing of campaigns, prices, who will come new, and what the
    goods will cost.
    Nothing here grows with the customers but the joins in the engine.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    horizon_days : int
        How far to look ahead, in days.
    holdout_days : int
        How many days at the end are held back to check the models.

    Returns
    -------
    Prediction

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 5)])
    >>> when = {"as_of": "1997-03-31", "horizon_days": 90, "holdout_days": 30}
    >>> predicted_value(purchases, **when).withheld[:30]
    "Nobody's value is predicted. A"
    """
    ahead = forecast(purchases, as_of=as_of, holdout_days=holdout_days)
    judged, fitted = ahead.judged, ahead.final
    if fitted is None:
        reason = f"Nobody's value is predicted. {ahead.withheld}"
        return Prediction(None, reason, ahead.doubts, judged, None)
    day = day_value(purchases, as_of=as_of)
    found = _predicted(purchases, fitted, day, as_of=as_of, horizon_days=horizon_days)
    held_back = _money_held_back(purchases, ahead, as_of=as_of)
    return Prediction(found, None, [*ahead.doubts, *held_back, *_dependence(day)], judged, day)


def _predicted(
    purchases: ir.Table, fitted: Fit, day: DayValue, *, as_of: str | date, horizon_days: int
) -> ir.Table:
    customers = customer_summary(purchases, as_of=as_of)
    scored = score(fitted, count_cells(customers), horizon_days=horizon_days)
    rows = join_scores(customers, _with_weights(scored, day))
    rows = rows.join(_bought(purchases, as_of=as_of), "customer_id")
    money = rows.own_weight * rows.bought.cast("float64") + rows.base_value
    return rows.select(
        "customer_id", "expected_purchases", predicted_spend=money.round(4).cast(MONEY)
    )


def _money_held_back(purchases: ir.Table, ahead: Forecast, *, as_of: str | date) -> list[str]:
    """Say what was predicted and what came on the days held back, if far from each other."""
    fitted, holdout_days = ahead.calibration[ahead.judged.model], ahead.holdout_days
    end = as_date(as_of) - timedelta(days=holdout_days)
    day = day_value(purchases, as_of=end)
    then = _predicted(purchases, fitted, day, as_of=end, horizon_days=holdout_days)
    later = known_lines(purchases, as_of=as_of)
    later = later.filter(later.day > ibis.literal(end)).semi_join(then, "customer_id")
    said, came = (
        float(money.sum().to_pyarrow().as_py() or 0)
        for money in (then.predicted_spend, later.amount)
    )
    if abs(said - came) <= OFF * abs(came):
        return []
    return [
        f"Predicted values are to be doubted: for the {holdout_days} days held back {said:,.0f} "
        f"was predicted of the customers known before them, and {came:,.0f} came."
    ]


def _with_weights(scored: pd.DataFrame, day: DayValue) -> pd.DataFrame:
    """Turn each cell's prediction into a weight on the customer's own money, and a rest."""
    days = scored.repeat_days + 1
    own = 1 / (days + day.needed) * np.isfinite(day.needed)
    base = (day.needed / (days + day.needed) if np.isfinite(day.needed) else 1.0) * day.mean
    expected = day.kept * scored.expected_purchases
    columns = [*CELL, "customers", "expected_purchases"]
    return scored[columns].assign(own_weight=expected * own, base_value=expected * base)


def _bought(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    days = purchase_days(purchases, as_of=as_of)
    return days.group_by("customer_id").agg(bought=days.spend.sum().cast(MONEY))


def _dependence(day: DayValue) -> list[str]:
    if not abs(day.correlation) > STRONG:
        return []
    how = "more" if day.correlation > 0 else "less"
    return [
        f"Who buys more often spends {how} a day (correlation {day.correlation:.2f}); predicted "
        "values take no account of that."
    ]
