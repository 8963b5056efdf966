"""Recorded: the numbers of the contest and of the fits, as ``facts.record`` takes them."""

from collections.abc import Iterator, Mapping

import pandas as pd

from regulars.measures.contest.speaking import Forecast
from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.fitted import Fit

__all__ = ["recorded_contest", "recorded_fits"]

SCORES = {
    "holdout_predicted": "predicted",
    "holdout_mae": "mae",
    "log_score": "log_score",
    "slope": "slope",
}


def recorded_contest(ahead: Forecast, alive: Mapping[str, Estimate]) -> Iterator[dict]:
    """Give what each model and each plain rule came to on the days held back.

    Parameters
    ----------
    ahead : Forecast
    alive : mapping of str to Estimate
        The mean P(alive) at the end of the calibration, by model.

    Yields
    ------
    dict
        Of a metric of 06_churn: name, value, n, withheld, and model, parameter or rule.
    """
    rows = ahead.contested.set_index("name")
    for name, one in ahead.calibration.items():
        yield from _parameters(one, "calibration.<model>.<parameter>")
        of_model = {"n": one.customers, "model": name}
        numbers = {"log_likelihood": one.log_likelihood, "p_alive_mean": alive[name]}
        numbers |= {metric: rows.loc[name, column] for metric, column in SCORES.items()}
        for metric, value in numbers.items():
            yield {"name": f"calibration.<model>.{metric}", "value": value, **of_model}
    yield from _rules(rows)


def recorded_fits(ahead: Forecast, others: Mapping[str, Estimate]) -> Iterator[dict]:
    """Give the parameters of the fits up to `as_of`, and what the models say that do not speak.

    Parameters
    ----------
    ahead : Forecast
    others : mapping of str to Estimate
        The mean P(alive) by each of them.

    Yields
    ------
    dict
        As `recorded_contest`.
    """
    for one in ahead.fits.values():
        yield from _parameters(one, "<model>.<parameter>")
    for name, value in others.items():
        yield {"name": "p_alive_mean.<model>", "value": value, "model": name}


def _parameters(fitted: Fit, name: str) -> Iterator[dict]:
    for parameter, estimate in fitted.estimates.items():
        yield {"name": name, "value": estimate, "model": fitted.model, "parameter": parameter}


def _rules(rows: pd.DataFrame) -> Iterator[dict]:
    n = int(rows.customers.iloc[0])
    nobody = None if n else "Nobody had bought when the calibration period ended."
    actual = int(rows.actual.iloc[0]) if n else None
    yield {"name": "holdout_actual", "value": actual, "n": n, "withheld": nobody}
    silent = nobody or "Nobody had bought again, so this rule has no rate."
    for rule, mae in rows.mae[rows.kind == "rule"].items():
        known = None if pd.isna(mae) else mae
        why = silent if known is None else None
        metric = {"name": "rule.<rule>.holdout_mae", "value": known, "rule": rule}
        yield {**metric, "n": n, "withheld": why}
