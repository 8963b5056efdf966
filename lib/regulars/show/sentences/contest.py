"""Sentences on the contest of the models: who won, by how much, and how far to believe it (06)."""

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from regulars.measures.contest.verdict import Verdict
from regulars.measures.intervals import Estimate
from regulars.show.findings import count, interval, number, plural, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import brackets
from regulars.show.text import is_missing

__all__ = [
    "back_test",
    "contest_title",
    "given_up_early",
    "grade",
    "margin",
    "origins",
    "ranking",
    "ranking_title",
    "slope",
    "tied_models",
    "ties",
    "tracking_title",
    "verdict",
]

MISSED = {
    "gain": "its lead over the best plain forecast may be chance",
    "total": "the total was off by more than {off}, beyond chance",
    "slope": "the calibration slope lies outside {least} to {largest}, beyond chance",
    "few": "these customers are too few to tell whether it deserves an A",
}
WORTH = {
    "A": "its numbers may be used as they stand",
    "B": "its order of customers may be used, and its totals with care",
    "C": "it is better than plain rules, and no more than a rough guide",
}
WEEKS = "Repeat purchases, week by week"


class HasVerdict(Protocol):
    """A forecast with its verdict, such as ``measures.contest.speaking.Forecast``."""

    judged: Verdict
    withheld: str | None


def contest_title(judged: Verdict) -> str:
    """Say whether a model won, for a chart (at most ten words)."""
    if judged.leader is None:
        return "No model could be judged"
    if judged.speaks:
        return f"{reader_name(judged.model)} foretold best what came"
    if judged.reason == "rules":
        return "No model beats the plain rules"
    return "Too little is known to judge the models"


def tracking_title(weekly: pd.DataFrame, judged: Verdict) -> str:
    """Say how far the model is off at the end, for a chart (at most ten words)."""
    model = judged.model or judged.leader
    if weekly.empty or model not in weekly:
        return WEEKS
    # Only the weeks the model had not seen: what came before was fitted.
    seen = weekly[weekly["part"] == "calibration"] if "part" in weekly else weekly.iloc[:0]
    said, happened = (
        weekly[name].iloc[-1] - (seen[name].iloc[-1] if len(seen) else 0)
        for name in (model, "actual")
    )
    if is_missing(said) or not happened > 0:
        return WEEKS
    off, name = said / happened - 1, reader_name(model)
    if abs(off) < 0.0005:
        return f"{name} ends where the purchases did"
    return f"{name} ends {share(abs(off))} {'above' if off > 0 else 'below'} what happened"


def ranking_title(ranked: pd.DataFrame, judged: Verdict) -> str:
    """Say what the tenth is worth of whom most was expected, for a chart (at most ten words)."""
    rows = ranked[(ranked["name"] == (judged.model or judged.leader)) & ranked["lift"].notna()]
    if rows.empty:
        return "Do those come of whom most was expected?"
    return f"Top tenth: {number(rows['lift'].iloc[0], 1)} times as likely to buy"


def verdict(ahead: HasVerdict) -> list[str]:
    """Say which model speaks, and its grade; or why none does."""
    if ahead.withheld:
        return [ahead.withheld]
    judged = ahead.judged
    return [
        f"{reader_name(judged.model)} speaks: of all forecasts it gave what came the highest "
        f"probability (log score {number(judged.log_score, 3)} a customer; of the plain forecasts "
        f"the best, {reader_name(judged.plain)}, has {number(judged.plain_log_score, 3)}).",
        grade(judged),
    ]


def grade(judged: Verdict) -> str:
    """Give the grade of the model that speaks, what it means, and what kept it from the best."""
    said = f"{reader_name(judged.model)} gets grade {judged.grade}: {WORTH[judged.grade]}"
    off, least, largest = judged.limits
    ends = {"off": share(off), "least": number(least), "largest": number(largest)}
    why = _listed([MISSED[name].format(**ends) for name in judged.missed])
    return f"{said}; {why}." if why else f"{said}."


def ties(beside: pd.DataFrame) -> list[str]:
    """Say which other models these customers cannot tell from the one that speaks.

    Parameters
    ----------
    beside : DataFrame
        From `sensitivity.sensitivity`; the first row is the one that speaks.
    """
    if len(beside) < 2:
        return []
    speaker, others = reader_name(beside["name"].iloc[0]), beside.iloc[1:]
    tied = [reader_name(name) for name in tied_models(beside)]
    beaten = [reader_name(row.name) for row in _rows(others) if row.behind_high < 0]
    said = []
    if beaten:
        said.append(f"{speaker} is ahead of {_listed(beaten)} beyond chance.")
    if tied:
        said.append(
            f"{speaker} is tied with {_listed(tied)}: their log scores differ by no more than "
            "chance would make them."
        )
    chosen = f"{speaker} was chosen on the same days, which favours it a little."
    return [*said, chosen]


def tied_models(beside: pd.DataFrame) -> list[str]:
    """Return the models of `sensitivity.sensitivity` that are tied with its first row."""
    return [row.name for row in _rows(beside.iloc[1:]) if not row.behind_high < 0]


def margin(difference: Estimate, contested: pd.DataFrame, judged: Verdict) -> str:
    """Say how far apart the smallest errors of a model and of a plain rule are."""
    rmse = contested.set_index("name")["rmse"]
    chance = " and may be chance" if difference.low <= 0 <= difference.high else ""
    return (
        f"The mean absolute errors of {reader_name(judged.best_model)} and of the best plain rule "
        f"({reader_name(judged.best_rule)}) differ by {number(difference.value, 3)} purchase days "
        f"a customer (95 % interval {interval(difference, as_='number:3')}){chance}; the root mean "
        "square error, which minds large misses more, is "
        f"{number(rmse[judged.best_model], 3)} against {number(rmse[judged.best_rule], 3)}."
    )


def slope(contested: pd.DataFrame, model: str) -> str:
    """Say how much more came where the model expected one purchase day more."""
    row = contested.set_index("name").loc[model]
    found = Estimate(row.slope, row.slope_low, row.slope_high, int(row.customers))
    if is_missing(found.value):
        return "All customers were predicted the same, so nothing tells who was expected to buy."
    return (
        f"Where {reader_name(model)} expected one purchase day more of a customer, "
        f"{number(found.value)} more came{brackets(found, as_='number')}."
    )


def ranking(ranked: pd.DataFrame, model: str) -> list[str]:
    """Say how well the model ranks customers, and how well plain rules do."""
    rows = ranked[ranked["auc"].notna()].set_index("name")
    if model not in rows.index:
        return [
            "Nobody bought in the held-out period, or everybody did: there is no order to check."
        ]
    own = rows.loc[model]
    ends = Estimate(own.auc, own.auc_low, own.auc_high, int(own.customers))
    said = (
        f"Of two customers, one who bought and one who did not, {reader_name(model)} expected more "
        f"of the one who bought in {share(own.auc)} of cases{brackets(ends)}"
    )
    plain = rows.loc[[name for name in ("past_rate", "last_purchase") if name in rows.index]]
    return [
        f"{said}; the past rate alone does so in {share(plain.auc.iloc[0])}."
        if len(plain)
        else f"{said}."
    ]


def origins(across: pd.DataFrame, *, days: int) -> list[str]:
    """Say how the models did at earlier days.

    Parameters
    ----------
    across : DataFrame
        From `origins.across_origins`.
    days : int
        Length of a period.
    """
    held = int(across["periods"].max()) if len(across) else 0
    if held < 2:
        return [f"The history is too short for an earlier contest of {plural(days, 'day')}."]
    lead = (
        "its lead over the best plain forecast was {} a customer in the mean, with a spread of {}"
    )
    return [
        f"{reader_name(row.name)} had the highest log score in {count(row.won)} of "
        f"{count(row.periods)} periods of {plural(days, 'day')}; "
        f"{lead.format(number(row.gain_mean, 3), number(row.gain_spread, 3))}."
        for row in _rows(across.sort_values(["won", "gain_mean"], ascending=False))
    ]


def back_test(name: str, expected: Estimate, actual: int) -> str:
    """Say how the same forecast did on the holdout."""
    off = actual / expected.value - 1
    said = (
        f"Asked the same about the holdout period, {reader_name(name)} expected "
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


def _rows(frame: pd.DataFrame) -> list:
    return list(frame.itertuples(index=False))


def _listed(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> _listed(["one", "two", "three"]), _listed(["one"]), _listed([])
    ('one, two and three', 'one', '')
    """
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
