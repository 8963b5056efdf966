"""Shown: the scores of groups, less those that would tell of fewer than ten answers."""

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.suppression import HIDDEN, LEAST, WITHHELD, hidden, hidden_with_sums
from regulars.measures.surveys.scores import estimate_of, scores_of, tallies

__all__ = [
    "MARKS",
    "METRICS",
    "away",
    "hidden_alone",
    "hidden_groups",
    "overall_scores",
    "suppressed_scores",
    "survey_metrics",
]

NUMBERS = ["n", "value", "low", "high"]
SILENT = "No answers to this question in the period."
METRICS = {
    "nps": ("nps", "nps"),
    "csat": ("csat", "top_box"),
    "csat_mean": ("csat", "mean"),
    "ces": ("ces", "mean"),
    "ces_top_box": ("ces", "top_box"),
}
"""The metrics of a page: their question, and what it is measured by."""

MARKS = ["group_hidden", "share_hidden"]


def overall_scores(voices: ir.Table) -> pd.DataFrame:
    """Estimate the scores of all questions, less those that would tell of fewer than ten answers.

    Parameters
    ----------
    voices : ibis.expr.types.Table
        From `answers.newest_answers`.

    Returns
    -------
    pandas.DataFrame
        As `scores`, with n as Int64, missing values where hidden, and ``hidden`` (bool).
    """
    counted = hidden_alone(tallies(voices))
    found = scores_of(counted).astype({"n": "Int64"})
    taken = away(found, found)
    found[NUMBERS] = found[NUMBERS].mask(taken)
    found = found.drop(columns=MARKS)
    return found.assign(note=found.note.mask(taken, ""), **{HIDDEN: taken})


def suppressed_scores(counted: pd.DataFrame, by: str) -> pd.DataFrame:
    """Estimate scores by group, and take out those that would tell of fewer than ten answers.

    Groups of fewer than ten answers are hidden, and as many others as totals would give away. Where
    fewer than ten answers of a group are in the top boxes, or fewer than ten are not, their share
    is hidden too, and as many others as it takes.

    Parameters
    ----------
    counted : pandas.DataFrame
        From `tallies`, by `by`.
    by : str
        The column of the groups.

    Returns
    -------
    pandas.DataFrame
        As `scores_of`, with n as Int64, missing values where hidden, and ``hidden`` (bool).

    Examples
    --------
    >>> counted = pd.DataFrame({"question": "nps", "segment": ["loyal", "lost", "new"],
    ...     "n": [40, 6, 30], "top": [20, 1, 15], "bottom": [5, 3, 5], "total": [300.0, 30, 200],
    ...     "squares": [2400.0, 200, 1500], "cubes": 0.0, "lowest": 0, "highest": 10})
    >>> suppressed_scores(counted, "segment")[["segment", "n", "value", "hidden"]]
      segment     n  value  hidden
    0   loyal    40   37.5   False
    1    lost  <NA>    NaN    True
    2     new  <NA>    NaN    True
    """
    found = scores_of(counted).astype({"n": "Int64"})
    marks = hidden_groups(counted)[["question", by, *MARKS]]
    taken = away(found, found[["question", by]].merge(marks, on=["question", by], how="left"))
    found[NUMBERS] = found[NUMBERS].mask(taken)
    return found.assign(note=found.note.mask(taken, ""), **{HIDDEN: taken})


def away(found: pd.DataFrame, marks: pd.DataFrame) -> pd.Series:
    """Tell which scores are hidden.

    Parameters
    ----------
    found : pandas.DataFrame
        measure, as from `scores`.
    marks : pandas.DataFrame
        group_hidden, share_hidden (bool), as from `hidden_groups`; same index.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> marks = pd.DataFrame({"group_hidden": [False, False], "share_hidden": [True, True]})
    >>> away(pd.DataFrame({"measure": ["mean", "top_box"]}), marks).tolist()
    [False, True]
    """
    return (marks.group_hidden | ((found.measure == "top_box") & marks.share_hidden)).astype(bool)


def hidden_alone(counted: pd.DataFrame) -> pd.DataFrame:
    """Mark what is hidden where no total is shown beside it, such as a period among others.

    Parameters
    ----------
    counted : pandas.DataFrame
        n and top (answers in the top boxes).

    Returns
    -------
    pandas.DataFrame
        The same rows with group_hidden (one to nine answers) and share_hidden (one to nine of them
        are, or are not, in the top boxes).

    Examples
    --------
    >>> hidden_alone(pd.DataFrame({"n": [9, 40], "top": [9, 37]}))[MARKS].to_numpy().tolist()
    [[True, True], [False, True]]
    """
    small = [_few(counted[name]) for name in ("n", "top")]
    small.append(_few(counted.n - counted.top))
    return counted.assign(group_hidden=small[0], share_hidden=small[0] | small[1] | small[2])


def survey_metrics(found: pd.DataFrame | None) -> dict[str, dict]:
    """Return NPS, CSAT and CES as `Facts.record` takes them: each with its value, or why not.

    Parameters
    ----------
    found : pandas.DataFrame or None
        From `overall_scores`, or the rows of one group of `suppressed_scores`; None where there
        are no answers at all.

    Returns
    -------
    dict
        Name of the metric to ``value`` (an Estimate, or None) and ``withheld`` (the reason).

    Examples
    --------
    >>> survey_metrics(None)["nps"]
    {'value': None, 'withheld': 'No answers to this question in the period.'}
    """
    told = {}
    for name, (question, measure) in METRICS.items():
        value = None if found is None else estimate_of(found, question, measure)
        asked = found is not None and (found.question == question).any()
        reason = None if value else WITHHELD if asked else SILENT
        told[name] = {"value": value, "withheld": reason}
    return told


def hidden_groups(counted: pd.DataFrame) -> pd.DataFrame:
    """Mark which groups are hidden, question by question.

    Parameters
    ----------
    counted : pandas.DataFrame
        From `tallies`, by groups that share the answers to a question out.

    Returns
    -------
    pandas.DataFrame
        The same rows with group_hidden (fewer than ten answers, or would give away a group of
        fewer) and share_hidden (the same of the answers in the top boxes and of the others).

    Examples
    --------
    >>> counted = pd.DataFrame({"question": "csat", "n": [40, 90], "top": [37, 50]})
    >>> hidden_groups(counted)[["group_hidden", "share_hidden"]].to_numpy().tolist()
    [[False, True], [False, True]]
    """
    parts = [_marked(part) for _, part in counted.groupby("question", sort=False)]
    if not parts:
        return counted.assign(**dict.fromkeys(MARKS, pd.Series(dtype=bool)))
    return pd.concat(parts).loc[counted.index]


def _few(counts: pd.Series) -> pd.Series:
    return (counts > 0) & (counts < LEAST)


def _marked(part: pd.DataFrame) -> pd.DataFrame:
    boxes = pd.DataFrame({"top": part.top, "others": part.n - part.top})
    totals = boxes.sum()
    # The share of all is shown beside its groups, unless it tells of fewer than ten itself.
    known = pd.Series(bool((totals > 0).all() and (totals < LEAST).any()), index=boxes.columns)
    cells, _, _ = hidden_with_sums(boxes, rows=hidden(part.n), columns=known)
    away = hidden(part.n)
    return part.assign(group_hidden=away, share_hidden=away | cells.any(axis=1))
