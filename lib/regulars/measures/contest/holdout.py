"""Holdout: models and plain rules predict a period they have not seen, and are held to it."""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.errors import ParameterError
from regulars.measures.contest.log_scores import log_score_gains, log_scores
from regulars.measures.contest.rules import (
    RULES,
    hiatus,
    learnt_hiatus,
    rule_predictions,
    silent_days,
)
from regulars.measures.contest.slope import calibration_slope
from regulars.measures.engine import as_date, fetch
from regulars.measures.forecasts.totals import PURCHASE_DAYS, total_of, totals
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitted import Fit, season_of_rules
from regulars.measures.purchase_models.scores import score
from regulars.measures.purchases import customer_summary, purchase_days

__all__ = ["calibration_by_past_purchases", "contest", "holdout_cells", "predictions"]

MOST = 7
INNER = 4  # the last-purchase rule learns its hiatus on the last quarter of the calibration


def holdout_cells(
    purchases: ir.Table, *, calibration_end: str | date, as_of: str | date
) -> pd.DataFrame:
    """Count the customers known at the end of the calibration by history and by what came later.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    calibration_end : str or datetime.date
        Last day of the calibration period, inclusive.
    as_of : str or datetime.date
        Last day of the holdout period, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per combination that occurs (none if nobody had bought by then), ordered:
        repeat_days, recency_age, age (days, at the end of the calibration), later (purchase days
        in the holdout), customers, recent (True if they had been silent for no longer than the
        hiatus of the last-purchase rule, which is learnt on the last quarter of the calibration,
        see `rules.learnt_hiatus`).

    Raises
    ------
    ParameterError
        If no day is left for the holdout.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-04", 20),
    ...                           ("bob", "1997-02-05", 30)])
    >>> holdout_cells(purchases, calibration_end="1997-01-31", as_of="1997-02-28")
       repeat_days  recency_age  age  later  customers  recent
    0            0            0   26      1          1   False
    """
    end = as_date(calibration_end)
    if end >= as_date(as_of):
        raise ParameterError(
            f"The calibration ends on {end}, and as_of is {as_of}: no day is left for the holdout. "
            "Take fewer holdout days or a later as_of."
        )
    cells = _counted(purchases, end, as_date(as_of))
    return cells.assign(recent=silent_days(cells) <= _hiatus(cells, purchases, end))


def _counted(purchases: ir.Table, end: date, last: date) -> pd.DataFrame:
    days = purchase_days(purchases, as_of=last)
    after = days.filter(days.day > ibis.literal(end))
    later = after.group_by("customer_id").agg(later=after.count())
    known = customer_summary(purchases, as_of=end).left_join(later, "customer_id")
    known = known.select(*CELL, later=ibis.coalesce(known.later, 0))
    cells = known.group_by([*CELL, "later"]).agg(customers=known.count())
    return fetch(cells.order_by([*CELL, "later"]))


def _hiatus(cells: pd.DataFrame, purchases: ir.Table, end: date) -> float:
    """Return the hiatus by what was known at the end of the calibration."""
    days = int(cells.age.max()) // INNER if len(cells) else 0
    if not days:
        return hiatus(cells)
    before = _counted(purchases, end - timedelta(days=days), end)
    found = learnt_hiatus(before, days=days)
    return hiatus(cells) if found is None else found


def contest(fits: Sequence[Fit], cells: pd.DataFrame, *, holdout_days: int) -> pd.DataFrame:
    """Compare what models and plain rules predicted with what came.

    Parameters
    ----------
    fits : sequence of Fit
        Fitted on the calibration period; may be empty.
    cells : pandas.DataFrame
        From `holdout_cells`.
    holdout_days : int
        Days in the holdout.

    Returns
    -------
    pandas.DataFrame
        A row per model, then per rule of `rules.rule_predictions`: name, kind (model, rule), mae
        and rmse (mean absolute and root mean square error, purchase days a customer; missing if
        there is nobody), log_score, gain, gain_low, gain_high (see `log_scores.log_score_gains`;
        missing for rules that say one number), predicted and actual (purchase days of all), bias
        (predicted / actual − 1; missing if nobody bought), bias_low, bias_high (the same of the
        ends of the prediction interval; missing for rules), slope, slope_low, slope_high (see
        `slope.calibration_slope`), customers.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 2], "recency_age": [0, 20], "age": [40, 40],
    ...                       "later": [0, 1], "customers": [3, 1]})
    >>> contest([], cells, holdout_days=40)[["name", "mae", "predicted", "actual", "bias"]].head(3)
                 name   mae  predicted  actual  bias
    0     always_zero  0.25        0.0       1  -1.0
    1  same_as_before  0.25        2.0       1   1.0
    2       past_rate  0.25        2.0       1   1.0
    """
    predicted = predictions(fits, cells, holdout_days=holdout_days)
    rows = pd.DataFrame([{"name": name, **_errors(predicted[name], cells)} for name in predicted])
    rows.insert(1, "kind", np.where(rows.name.isin(RULES), "rule", "model"))
    scores = log_scores(fits, cells, holdout_days=holdout_days)
    gains = log_score_gains(scores, cells.customers.to_numpy(float))
    return rows.join(gains, on="name").join(_bias_ends(fits, cells, holdout_days), on="name")


def calibration_by_past_purchases(
    fits: Sequence[Fit], cells: pd.DataFrame, *, holdout_days: int
) -> pd.DataFrame:
    """Compare prediction and outcome for customers with equally many past purchases.

    Parameters
    ----------
    fits, cells, holdout_days
        As in `contest`.

    Returns
    -------
    pandas.DataFrame
        Per model and group that occurs: name, repeat_days (label: 0, 1, … 6, 7+), customers,
        predicted_mean, actual_mean (purchase days a customer), actual_low, actual_high (95 % t
        interval of that mean, not below 0; missing for a single customer).

    Notes
    -----
    The figure of Fader, Hardie & Lee (2005), Marketing Science 24, 275-284, fig. 4, with
    intervals added.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 9], "recency_age": [0, 20], "age": [40, 40],
    ...                       "later": [0, 1], "customers": [3, 1]})
    >>> calibration_by_past_purchases([], cells, holdout_days=40).empty
    True
    """
    labels = [*(str(days) for days in range(MOST)), f"{MOST}+"]
    grouped = cells.assign(group=np.minimum(cells.repeat_days, MOST))
    columns = ["repeat_days", "customers", "predicted_mean", "actual_mean", "actual_low"]
    frames = [pd.DataFrame(columns=["name", *columns, "actual_high"])]
    for fitted in fits:
        scored = score(fitted, grouped, horizon_days=holdout_days)
        rows = [
            {"name": fitted.model, "repeat_days": labels[group], **_means(part)}
            for group, part in scored.groupby("group")
        ]
        frames.append(pd.DataFrame(rows))
    return pd.concat(frames[1:] or frames, ignore_index=True)


def predictions(
    fits: Sequence[Fit], cells: pd.DataFrame, *, holdout_days: int
) -> dict[str, np.ndarray]:
    """Return what each model and each plain rule predicts for each row of `holdout_cells`."""
    models = {
        fitted.model: score(fitted, cells, horizon_days=holdout_days).expected_purchases.to_numpy()
        for fitted in fits
    }
    known, days = season_of_rules(fits, cells, holdout_days)
    return {**models, **rule_predictions(known, holdout_days=days)}


def _errors(predicted: np.ndarray, cells: pd.DataFrame) -> dict[str, float | None]:
    actual, weights = cells.later.to_numpy(float), cells.customers.to_numpy(float)
    total, together = float(actual @ weights), float(predicted @ weights)
    slope = calibration_slope(predicted, cells)
    return {
        "mae": _mean(np.abs(predicted - actual), weights),
        "rmse": np.sqrt(_mean((predicted - actual) ** 2, weights)),
        "predicted": together,
        "actual": int(total),
        "bias": together / total - 1 if total else np.nan,
        "slope": slope.value,
        "slope_low": slope.low,
        "slope_high": slope.high,
        "customers": int(weights.sum()),
    }


def _bias_ends(fits: Sequence[Fit], cells: pd.DataFrame, holdout_days: int) -> pd.DataFrame:
    """Return how far the ends of each model's prediction interval are off."""
    actual, ends = float(cells.later @ cells.customers), {}
    histories = cells.groupby(CELL, as_index=False).customers.sum()
    for one in fits:
        told = totals(one, histories, horizons=[holdout_days])
        comes = total_of(told, PURCHASE_DAYS, holdout_days)
        is_told = actual and comes.low is not None
        ends[one.model] = (comes.low / actual - 1, comes.high / actual - 1) if is_told else None
    columns = ["bias_low", "bias_high"]
    told = {name: both or (np.nan, np.nan) for name, both in ends.items()}
    return pd.DataFrame.from_dict(told, orient="index", columns=columns, dtype="float64")


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() else np.nan


def _means(part: pd.DataFrame) -> dict[str, float]:
    n = int(part.customers.sum())
    mean = np.average(part.later, weights=part.customers)
    low = high = np.nan
    if n > 1:
        variance = part.customers @ (part.later - mean) ** 2 / (n - 1)
        reach = stats.t.ppf(0.975, n - 1) * np.sqrt(variance / n)
        low, high = max(0.0, mean - reach), mean + reach
    return {
        "customers": n,
        "predicted_mean": np.average(part.expected_purchases, weights=part.customers),
        "actual_mean": mean,
        "actual_low": low,
        "actual_high": high,
    }
