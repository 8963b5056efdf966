"""Comparing: whether a supervised model predicts who buys better than the purchase model does.

It is trained on who bought in one period, and judged on the period after it, which it has not seen.
The purchase model knows the purchases up to the same day.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.engine import as_date, fetch
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, history
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchase_models.predictive import buy_probability
from regulars.measures.purchases import customer_summary
from regulars.measures.ranking import auc
from regulars.measures.supervised.comparison import Comparison
from regulars.measures.supervised.features import FEATURES, Tables, customer_features
from regulars.measures.supervised.importance import permutation_importance
from regulars.measures.supervised.judging import calibration, gain, judged
from regulars.measures.supervised.leaks import leaks
from regulars.measures.supervised.logistic import predict, scored, train, varying
from regulars.measures.supervised.samples import drawn, sample

__all__ = [
    "BESIDE",
    "OF_PURCHASES",
    "Comparison",
    "chance_to_buy",
    "supervised_beside",
    "supervised_chances",
]

BESIDE, ON_PURCHASES = "supervised", "supervised_purchases"
"""The names of the two regressions: on everything, and on purchases alone."""

OF_PURCHASES = FEATURES[: FEATURES.index("complaints")]
"""The features that the purchases alone tell."""

LEAST_DAYS = 30  # a shorter horizon is hardly worth a forecast
EVENTS = 10  # customers of the rarer outcome for each weight (Peduzzi and others 1996)
YEAR = 365  # days


def supervised_beside(
    tables: Tables,
    *,
    as_of: str | date,
    horizon_days: int,
    model: str | None,
    fits: Mapping[str, Fit] | None = None,
    seed: int = 1,
) -> Comparison:
    """Train a regression on one period, and hold it and the purchase model to the next one.

    The test period is the last one; the features for training are taken a year before those for the
    test, so that both periods are of the same season, where the periods are no longer than that
    and the history reaches back so far, and else one period before. If the history is shorter than
    three periods, the periods are a third of it.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        As for `features.customer_features`.
    as_of : str or datetime.date
        Last day known, inclusive.
    horizon_days : int
        How long the periods are, at most.
    model : str or None
        The purchase model that speaks, see `fitting.fit`; None if there is none.
    fits : mapping of str to Fit, optional
        Purchase models fitted up to `horizon_days` before `as_of`; where the periods are shorter,
        or it is not among them, the purchase model is fitted here.
    seed : int
        Of the shuffling and of the bootstrap over customers.

    Returns
    -------
    Comparison
        With a reason in `withheld` where there is no purchase model, too little history, or too few
        customers who bought or did not buy in one of the two periods.
    """
    history = _days_known(tables["purchases"], as_of=as_of)
    horizon = min(horizon_days, history // 3)
    reason = _too_soon(model, history=history, horizon=horizon)
    if reason:
        return Comparison(reason, horizon)
    cuts = _cuts(as_date(as_of), horizon=horizon, history=history)
    before, after = (sample(tables, cut=cut, horizon_days=horizon) for cut in cuts)
    begun = Comparison(None, horizon, *cuts, model)
    reason = _refused(before, after) or _leaking(tables, cuts[0])
    if reason:
        return replace(begun, withheld=reason)
    given = fits if fits and horizon == horizon_days else {}
    try:
        fitted = given.get(model) or _fit(tables["purchases"], model, as_of=cuts[1])
        rival = chance_to_buy(fitted, after, horizon_days=horizon)
    except ModelError as error:
        return replace(begun, withheld=str(error))
    return replace(begun, **_findings(before, after, rival=rival, model=model, seed=seed))


def supervised_chances(compared: Comparison, tables: Tables, *, as_of: str | date) -> ir.Table:
    """Say how likely every customer is to buy in the days to come; runs in the engine.

    The regression is trained anew, on the newest period whose outcome is known.

    Parameters
    ----------
    compared : Comparison
        One that is kept.
    tables, as_of
        As for `supervised_beside`.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, p_buy (0 to 1, in the next `compared.horizon_days` days).

    Raises
    ------
    ModelError
        If the regression was not kept.
    """
    if not compared.kept:
        raise ModelError(
            "The supervised model did not predict better than the purchase model. Take the "
            "purchase model's probabilities."
        )
    newest = sample(tables, cut=compared.tested_at, horizon_days=compared.horizon_days)
    return scored(train(newest), customer_features(tables, as_of=as_of))


def chance_to_buy(fitted: Fit, rows: pd.DataFrame, *, horizon_days: int) -> np.ndarray:
    """Return the probability to buy at all within a horizon, by a purchase model.

    Parameters
    ----------
    fitted : Fit
    rows : pandas.DataFrame
        repeat_days, recency_age, age (days), in rows such as `samples.sample` gives.
    horizon_days : int
        How far to look ahead.

    Returns
    -------
    numpy.ndarray
        0 to 1.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> chance = chance_to_buy(fit(few_cells(), model="bg_nbd"), few_cells(), horizon_days=90)
    >>> bool(((0 < chance) & (chance < 1)).all())
    True
    """
    return buy_probability(
        fitted.model,
        tuple(fitted.params.values()),
        horizon=ahead_in_unit(fitted, horizon_days),
        **history(fitted, rows),
    )


def _findings(
    before: pd.DataFrame, after: pd.DataFrame, *, rival: np.ndarray, model: str, seed: int
) -> dict:
    """Train on what came before, and judge it on what came after, beside the purchase model."""
    trained, on_purchases = train(before), train(before, features=OF_PURCHASES)
    bought, said = after.bought.to_numpy(bool), {model: rival, BESIDE: predict(trained, after)}
    three = {**said, ON_PURCHASES: predict(on_purchases, after)}
    more = trained.columns != on_purchases.columns
    return {
        "trained": trained,
        "judged": judged(three if more else said, bought),
        "gain": gain(said, after, pair=(BESIDE, model), seed=seed),
        "beyond": gain(three, after, pair=(BESIDE, ON_PURCHASES), seed=seed) if more else None,
        "auc": auc(said[BESIDE], bought),
        "calibration": calibration(said, bought),
        "importance": permutation_importance(trained, after, seed=seed),
    }


def _fit(purchases: ir.Table, model: str, *, as_of: date) -> Fit:
    return fit(count_cells(customer_summary(purchases, as_of=as_of)), model=model)


def _cuts(as_of: date, *, horizon: int, history: int) -> tuple[date, date]:
    """Return when the features are taken, for training and for the test."""
    tested_at = as_of - timedelta(days=horizon)
    season = max(horizon, YEAR)
    apart = season if history - horizon - season >= horizon else horizon
    return tested_at - timedelta(days=apart), tested_at


def _too_soon(model: str | None, *, history: int, horizon: int) -> str | None:
    if model is None:
        return "No purchase model speaks, so there is nothing to compare with."
    if horizon < LEAST_DAYS:
        return f"Purchases of at least {3 * LEAST_DAYS} days are needed, and there are {history}."
    return None


def _days_known(purchases: ir.Table, *, as_of: str | date) -> int:
    """Return how many days lie between the first purchase day of all and `as_of`."""
    customers = customer_summary(purchases, as_of=as_of)
    first = fetch(customers.agg(age=customers.age.max())).age.iloc[0]
    return 0 if pd.isna(first) else int(first)


def _refused(before: pd.DataFrame, after: pd.DataFrame) -> str | None:
    """Say which period has too few customers of one kind for so many columns."""
    least = EVENTS * max(len(varying(before)), 1)
    for rows, period in ((before, "to learn from"), (after, "to be judged on")):
        buyers = int(rows.bought.sum())
        if min(buyers, len(rows) - buyers) < least:
            return (
                f"At least {least} customers who bought and as many who did not are needed in the "
                f"period {period}; there are fewer."
            )
    return None


def _leaking(tables: Tables, cut: date) -> str | None:
    with drawn(tables, cut=cut) as theirs:
        found = leaks(theirs, cut=cut)
    if not found:
        return None
    return f"{', '.join(found)} would look ahead: they change once later days are taken away."
