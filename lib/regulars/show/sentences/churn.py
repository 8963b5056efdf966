"""Sentences on who is still a customer (06_churn).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping

import pandas as pd

from regulars.measures.churn import Fit
from regulars.measures.intervals import Estimate
from regulars.measures.verdict import Verdict
from regulars.show.findings import count, day, interval, number, share
from regulars.show.names import reader_name

__all__ = [
    "alive_by_model",
    "alive_table",
    "alive_title",
    "cell_table",
    "churn",
    "contest_title",
    "model_name",
    "parameter_table",
    "split",
    "tracking_title",
    "verdict",
]

CELL_HEADERS = {
    "repeat_days": "Repeat days",
    "recency_age": "First to last purchase [days]",
    "age": "First purchase to the cut [days]",
}
SYMBOLS = {"r": "r (shape)", "alpha": "α (weeks)"}


def model_name(name: str) -> str:
    """Return the name of a model or rule as readers know it."""
    return reader_name(name)


def split(cells: pd.DataFrame, calibration_end: str, as_of: str) -> str:
    """Say where history is cut, and how many customers that leaves."""
    n = int(cells["customers"].sum()) if len(cells) else 0
    again = int(cells.loc[cells["repeat_days"] > 0, "customers"].sum()) if len(cells) else 0
    return (
        f"The calibration period ends on {day(calibration_end)}, with {count(n)} customers, "
        f"{count(again)} of them with a repeat purchase; the holdout period ends on {day(as_of)}."
    )


def parameter_table(fits: Mapping[str, Fit]) -> pd.DataFrame:
    """Tabulate each model's parameters, standard errors in brackets, and log-likelihood."""
    return pd.DataFrame(
        {
            "model": model_name(name),
            **{
                SYMBOLS.get(
                    parameter, parameter
                ): f"{number(value, 3)} ({number(one.standard_errors[parameter], 3)})"
                for parameter, value in one.params.items()
            },
            "log-likelihood": number(one.log_likelihood, 2),
        }
        for name, one in fits.items()
    )


def cell_table(cells: pd.DataFrame) -> pd.DataFrame:
    """Put cells under headers that say what they are, and their unit."""
    return cells.rename(columns=CELL_HEADERS)


def alive_table(cells: pd.DataFrame, scored: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return P(alive) by each model in some cells, one column of text for each model."""
    keys = ["repeat_days", "recency_age", "age"]
    table = cells
    for name, frame in scored.items():
        texts = frame["p_alive"].map(lambda p: number(p, 2))
        alive = frame[keys].assign(**{f"{model_name(name)} P(alive)": texts})
        table = table.merge(alive, on=keys, how="left", validate="one_to_one")
    return cell_table(table)


def alive_by_model(alive: Mapping[str, Estimate]) -> list[str]:
    """Give the mean P(alive) by each model at the end of the calibration period."""
    return [
        f"{model_name(name)} calls {share(mean.value)} of {count(mean.n)} customers alive "
        f"(95 % interval {interval(mean)})."
        for name, mean in alive.items()
    ]


def contest_title(judged: Verdict) -> str:
    """Say whether a model won, for a chart (at most ten words)."""
    if judged.best_model is None:
        return "No model could be fitted"
    if not judged.speaks:
        return "No model beats the best plain rule"
    return f"{model_name(judged.best_model)} errs less than every plain rule"


def tracking_title(weekly: pd.DataFrame, judged: Verdict) -> str:
    """Say how far the best model is off at the end, for a chart."""
    if weekly.empty or judged.best_model is None:
        return "Repeat purchases, week by week"
    last = weekly.iloc[-1]
    off = last[judged.best_model] / last["actual"] - 1 if last["actual"] else 0.0
    side = "above" if off > 0 else "below"
    return f"{model_name(judged.best_model)} ends {share(abs(off))} {side} what happened"


def verdict(judged: Verdict) -> str:
    """Say whether a model may speak, and why."""
    rule = (
        f"the best plain rule ({model_name(judged.best_rule)}) by {number(judged.best_rule_mae, 3)}"
    )
    if judged.best_model is None:
        return "No purchase model could be fitted to these customers, so P(alive) is withheld."
    errs = f"{model_name(judged.best_model)} errs by {number(judged.best_model_mae, 3)} purchase days a customer"
    if not judged.speaks:
        return f"{errs}, {rule}: no model beats the plain rules, so P(alive) is withheld."
    return (
        f"{errs}, {rule}: the model may speak. P(alive) is taken from {model_name(judged.model)}."
    )


def alive_title(mean: Estimate) -> str:
    """Give the share who are still customers, for a chart."""
    return f"About {share(mean.value)} are still customers"


def churn(judged: Verdict, estimates: tuple, *, as_of: str, days: int) -> list[str]:
    """Say who is still a customer and what to expect of them, or why we do not say.

    Parameters
    ----------
    judged : Verdict
        Whether a model may speak.
    estimates : tuple
        The share still customers by the model that speaks, the same by the others (dict by name),
        and the purchase days to expect; None where withheld.
    as_of : str
        The day the shares are for (ISO date).
    days : int
        How far ahead the purchase days are counted.
    """
    still, others, total = estimates
    if still is None or total is None:
        return [verdict(judged)]
    beside = [
        f"{model_name(name)} says {share(other.value)}"
        + (", since it takes everyone who bought once for a customer." if name == "bg_nbd" else ".")
        for name, other in others.items()
    ]
    return [
        f"About {share(still.value)} of {count(still.n)} customers were still customers on "
        f"{day(as_of)} (95 % interval {interval(still)}).",
        *beside,
        f"In the next {count(days)} days we expect {count(total.value)} purchase days of them "
        f"(95 % interval of the expectation {interval(total, as_='count')}).",
        verdict(judged),
    ]
