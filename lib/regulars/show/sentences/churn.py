"""Sentences on who is still a customer (06_churn).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.fitting import Fit
from regulars.show.findings import count, day, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.contest import HasVerdict, verdict
from regulars.show.sentences.pieces import brackets, is_given, of_customers
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = [
    "alive_by_model",
    "alive_table",
    "alive_title",
    "cell_table",
    "churn",
    "model_name",
    "parameter_table",
    "season",
    "sensitivity",
    "sensitivity_table",
    "split",
]

CELL_HEADERS = {
    "repeat_days": "Repeat days",
    "recency_age": "First to last purchase [days]",
    "age": "First purchase to the cut [days]",
}
WHY = {"bg_nbd": ", since it takes everyone who bought once for a customer"}
MUCH = 0.15
FAR = 1.1  # times the smallest
PARAMETERS = ("rates: r", "rates: α (weeks)", "leaving: a or s", "leaving: b, or β (weeks)")


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
    if 0 < n < LEAST or (again and hidden is not None and hidden.get(0, default=False)):
        back = ""
    some = f"fewer than {LEAST} customers" if n < LEAST else of_customers(n)
    who = f"with {some}{back}" if n else "before anybody has bought"
    return (
        f"The calibration period ends on {day(calibration_end)}, {who}; "
        f"the holdout period ends on {day(as_of)}."
    )


def parameter_table(fits: Mapping[str, Fit]) -> pd.DataFrame:
    """Tabulate each model's parameters, standard errors in brackets, and log-likelihood.

    The four stand in the same columns for all models: two say how rates differ, two how the chance
    to leave does.
    """
    rows = []
    for name, one in fits.items():
        told = [
            f"{number(value, 3)} ({number(one.standard_errors[parameter], 3)})"
            for parameter, value in one.params.items()
        ]
        likelihood = {"log-likelihood": number(one.log_likelihood, 2)}
        rows.append({"model": model_name(name), **dict(zip(PARAMETERS, told, strict=True))})
        rows[-1] |= likelihood
    return pd.DataFrame(rows)


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


def alive_title(mean: Estimate | None) -> str:
    """Give the share who are still customers, for a chart (at most ten words)."""
    if not is_given(mean):
        return "How many are still customers is withheld"
    return f"About {share(mean.value)} are still customers"


def churn(
    ahead: HasVerdict, estimates: tuple, *, as_of: str, days: int, tied: Collection[str] = ()
) -> list[str]:
    """Say who is still a customer and what to expect of them, or why we do not say.

    Parameters
    ----------
    ahead : HasVerdict
        Which model speaks, if any.
    estimates : tuple
        The share still customers by the model that speaks, the same by the others (dict by name),
        and the purchase days to expect; None where withheld.
    as_of : str
        The day the shares are for (ISO date).
    days : int
        How far ahead the purchase days are counted.
    tied : collection of str
        Models that these customers cannot tell from the one that speaks.
    """
    still, others, total = estimates
    if ahead.withheld or not is_given(still):
        return verdict(ahead)
    return [
        f"About {share(still.value)} of {of_customers(still.n)} were still customers on "
        f"{day(as_of)} by {model_name(ahead.judged.model)}{brackets(still)}"
        f"{WHY.get(ahead.judged.model, '')}.{_as_well(others or {}, tied)}",
        *_beside(others or {}),
        *([_expected(total, days)] if is_given(total) else []),
        *verdict(ahead),
    ]


def season(before: float, *, weeks: int = 8) -> list[str]:
    """Warn if the weeks before the cut were unlike what the model expected of them.

    Parameters
    ----------
    before : float
        From `tracking.before_the_cut`; may be missing.
    weeks : int
        How many weeks it is about.
    """
    if is_missing(before) or abs(before) < MUCH:
        return []
    more, much = ("more", "much") if before > 0 else ("fewer", "little")
    return [
        f"In the {plural(weeks, 'week')} before the cut {share(abs(before))} {more} repeat "
        "purchases came than the model expects of such weeks. If that is a season, the model takes "
        f"part of it for the customers' own rate, and expects too {much} of the time to come."
    ]


def sensitivity_table(beside: pd.DataFrame) -> pd.DataFrame:
    """Tabulate what each model would have said, one row a model, the best first."""
    behind = _with_ends(beside.iloc[1:], "behind", partial(number, decimals=4))
    return pd.DataFrame(
        {
            "model": [model_name(name) for name in beside["name"]],
            "log score": [number(score, 3) for score in beside["log_score"]],
            "behind": ["speaks"][: len(beside)] + behind,
            "still customers": _with_ends(beside, "p_alive", share),
            "purchase days ahead": _with_ends(
                beside.rename(columns={"expected_purchases": "expected"}), "expected", count
            ),
        }
    )


def sensitivity(beside: pd.DataFrame, *, days: int) -> list[str]:
    """Say how far the answers would move with another model."""
    if len(beside) < 2:
        return []
    alive, ahead = beside["p_alive"], beside["expected_purchases"]
    said = (
        f"By the model believed in, {share(alive.min())} to {share(alive.max())} are still "
        f"customers, and {count(ahead.min())} to {count(ahead.max())} purchase days are to be "
        f"expected in the next {plural(days, 'day')}"
    )
    agree = ": the models agree more on what will be bought than on who has left"
    return [f"{said}{agree if _apart(alive) > max(_apart(ahead), FAR) else ''}."]


def _apart(values: pd.Series) -> float:
    return float(values.max() / values.min()) if values.min() > 0 else float("inf")


def _with_ends(beside: pd.DataFrame, name: str, write: Callable[[float], str]) -> list[str]:
    ends = zip(beside[name], beside[f"{name}_low"], beside[f"{name}_high"], strict=True)
    return [
        write(value) if is_missing(low) else f"{write(value)} ({write(low)} to {write(high)})"
        for value, low, high in ends
    ]


def _as_well(others: Mapping[str, Estimate], tied: Collection[str]) -> str:
    """Give the shares of models that are tied: what purchases cannot tell more closely."""
    alike = {name: other for name, other in others.items() if name in tied and is_given(other)}
    if not alike:
        return ""
    names = " and ".join(map(model_name, alike))
    shares = " and ".join(share(other.value) for other in alike.values())
    which = "as well, and says" if len(alike) == 1 else "as well, and say"
    foretell = "foretells" if len(alike) == 1 else "foretell"
    return f" {names} {foretell} {which} {shares}: purchases do not tell it more closely."


def _beside(others: Mapping[str, Estimate]) -> list[str]:
    """Give the other models' share beside it."""
    return [
        f"{model_name(name)} says {share(other.value)}{WHY.get(name, '')}."
        for name, other in others.items()
        if is_given(other)
    ]


def _expected(total: Estimate, days: int) -> str:
    ahead = "day" if days == 1 else plural(days, "day")
    ends = brackets(total, as_="count", what="95 % prediction interval")
    return (
        f"In the next {ahead} we expect {plural(round(total.value), 'purchase day')} of them{ends}."
    )
