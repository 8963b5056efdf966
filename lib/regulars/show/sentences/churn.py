"""Sentences on who is still a customer (06_churn).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping

import pandas as pd

from regulars.measures.contest.verdict import Verdict
from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.fitting import Fit
from regulars.show.findings import count, day, interval, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.show.text import is_missing

__all__ = [
    "alive_by_model",
    "alive_table",
    "alive_title",
    "back_test",
    "cell_table",
    "churn",
    "contest_title",
    "given_up_early",
    "margin",
    "model_name",
    "parameter_table",
    "split",
    "tracking_title",
    "verdict",
    "withheld",
]

CELL_HEADERS = {
    "repeat_days": "Repeat days",
    "recency_age": "First to last purchase [days]",
    "age": "First purchase to the cut [days]",
}
SYMBOLS = {"r": "Shape r", "alpha": "Scale α (weeks)"}


def model_name(name: str) -> str:
    """Return the name of a model or rule as readers know it."""
    return reader_name(name)


def split(
    cells: pd.DataFrame, calibration_end: str, as_of: str, *, hidden: pd.Series | None = None
) -> str:
    """Say where history is cut, and how many customers that leaves.

    How many had a repeat purchase is left out where those who had none are hidden (`hidden`: by
    repeat_days).
    """
    n = int(cells["customers"].sum())
    again = int(cells.loc[cells["repeat_days"] > 0, "customers"].sum())
    back = f", {count(again) if again else 'none'} of them with a repeat purchase"
    if again and hidden is not None and hidden.get(0, default=False):
        back = ""
    who = f"with {of_customers(n)}{back}" if n else "before anybody has bought"
    return (
        f"The calibration period ends on {day(calibration_end)}, {who}; "
        f"the holdout period ends on {day(as_of)}."
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
        f"{model_name(name)} calls {share(mean.value)} of {of_customers(mean.n)} alive"
        f"{brackets(mean)}."
        for name, mean in alive.items()
        if is_given(mean)
    ] or ["No model could be fitted, so none says who is still a customer."]


def contest_title(judged: Verdict) -> str:
    """Say whether a model won, for a chart (at most ten words)."""
    if judged.best_model is None:
        return "No model could be fitted"
    if not judged.speaks:
        return "No model beats the best plain rule"
    return f"{model_name(judged.best_model)} errs less than every plain rule"


def tracking_title(weekly: pd.DataFrame, judged: Verdict) -> str:
    """Say how far the best model is off at the end, for a chart (at most ten words)."""
    if weekly.empty or judged.best_model not in weekly:
        return "Repeat purchases, week by week"
    # Only the weeks the model had not seen: what came before was fitted.
    seen = weekly[weekly["part"] == "calibration"] if "part" in weekly else weekly.iloc[:0]
    said, happened = (
        weekly[name].iloc[-1] - (seen[name].iloc[-1] if len(seen) else 0)
        for name in (judged.best_model, "actual")
    )
    if is_missing(said) or not happened > 0:
        return "Repeat purchases, week by week"
    off, name = said / happened - 1, model_name(judged.best_model)
    if abs(off) < 0.0005:
        return f"{name} ends where the purchases did"
    return f"{name} ends {share(abs(off))} {'above' if off > 0 else 'below'} what happened"


def verdict(judged: Verdict) -> str:
    """Say whether a model may speak, and why."""
    if judged.best_model is None:
        return "No purchase model could be fitted to these customers, so P(alive) is withheld."
    if is_missing(judged.best_model_mae) or is_missing(judged.best_rule_mae):
        return "There was nobody to check the models on, so P(alive) is withheld."
    if not judged.speaks:
        return f"{_errors(judged)}: no model beats the plain rules, so P(alive) is withheld."
    return (
        f"{_errors(judged)}: the models may speak. "
        f"P(alive) is taken from {model_name(judged.model)}."
    )


def withheld(judged: Verdict, *, as_of: str) -> str:
    """Say why there is no P(alive): what the verdict was, or that the final fit failed."""
    if not judged.speaks:
        return verdict(judged)
    return (
        f"{_errors(judged)}, but {model_name(judged.model)} could not be fitted to everything "
        f"up to {day(as_of)}, so P(alive) is withheld."
    )


def margin(difference: Estimate, contested: pd.DataFrame, judged: Verdict) -> str:
    """Say whether the best model's lead over the best plain rule may be chance."""
    rmse = contested.set_index("name")["rmse"]
    chance = " and may be chance" if difference.high > 0 else ""
    return (
        f"The difference of the mean absolute errors is {number(difference.value, 3)} purchase "
        f"days a customer (95 % interval {interval(difference, as_='number:3')}){chance}; the root "
        "mean square error, which minds large misses more, is "
        f"{number(rmse[judged.best_model], 3)} against {number(rmse[judged.best_rule], 3)}."
    )


def back_test(name: str, expected: Estimate, actual: int) -> str:
    """Say how the same forecast did on the holdout."""
    off = actual / expected.value - 1
    said = (
        f"Asked the same about the holdout period, {model_name(name)} expected "
        f"{count(expected.value)} purchase days"
        f"{brackets(expected, as_='count', what='95 % interval of the expectation')}, and "
        f"{count(actual)} came, {share(abs(off))} {'more' if off > 0 else 'fewer'}."
    )
    if expected.low <= actual <= expected.high:
        return said
    return f"{said} The interval is of the parameters only, and did not hold the truth."


def given_up_early(check: pd.DataFrame) -> list[str]:
    """Name the groups of P(alive) in which more people bought than could have been alive."""
    return [
        f"Of {count(row.customers)} customers with P(alive) from {number(row.p_alive_from, 1)} to "
        f"{number(row.p_alive_to, 1)} (mean {number(row.p_alive_mean, 2)}), {share(row.bought)} "
        "bought in the holdout period: the model gives some customers up too early."
        for row in check[check["low"] > check["p_alive_mean"]].itertuples()
    ]


def alive_title(mean: Estimate | None) -> str:
    """Give the share who are still customers, for a chart (at most ten words)."""
    if not is_given(mean):
        return "How many are still customers is withheld"
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
    if not is_given(still):
        return [withheld(judged, as_of=as_of)]
    return [
        f"About {share(still.value)} of {of_customers(still.n)} were still customers on "
        f"{day(as_of)} by {model_name(judged.model)}{brackets(still)}.",
        *_beside(others or {}),
        *([_expected(total, days)] if is_given(total) else []),
        verdict(judged),
    ]


def _errors(judged: Verdict) -> str:
    return (
        f"{model_name(judged.best_model)} errs by {number(judged.best_model_mae, 3)} purchase days "
        f"a customer, the best plain rule ({model_name(judged.best_rule)}) by "
        f"{number(judged.best_rule_mae, 3)}"
    )


def _beside(others: Mapping[str, Estimate]) -> list[str]:
    """Give the other models' share beside it, and why BG/NBD's is higher."""
    why = {"bg_nbd": ", since it takes everyone who bought once for a customer"}
    return [
        f"{model_name(name)} says {share(other.value)}{why.get(name, '')}."
        for name, other in others.items()
        if is_given(other)
    ]


def _expected(total: Estimate, days: int) -> str:
    ahead = "day" if days == 1 else plural(days, "day")
    ends = brackets(total, as_="count", what="95 % interval of the expectation")
    return (
        f"In the next {ahead} we expect {plural(round(total.value), 'purchase day')} of them{ends}."
    )
