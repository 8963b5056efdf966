"""Comparisons: whether scores changed, and which groups say something else than the others.

All comparisons made at once are one family: they are corrected together, so that the chance to
call any of them a difference is 5 % at most if there is none at all.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ParameterError
from regulars.measures.engine import as_date
from regulars.measures.segments.chance import holm
from regulars.measures.suppression import HIDDEN, LEAST
from regulars.measures.surveys.answers import newest_answers
from regulars.measures.surveys.detectable import DETECTABLE
from regulars.measures.surveys.permutation import by_lot, count_kinds
from regulars.measures.surveys.scores import MAIN, first_scores, in_groups, tallies
from regulars.measures.surveys.shown import MARKS, away, hidden_alone, hidden_groups
from regulars.measures.surveys.two_samples import DIFFERENCES

__all__ = ["compare_groups", "compare_waves", "compared"]

SUMS = ["n", "top", "bottom", "total", "squares", "cubes"]
SCORE = ["n", "value", "low", "high"]
WAVES = ("now", "before")


def compare_waves(
    said: ir.Table,
    *,
    as_of: str | date,
    period_days: int,
    questions: Sequence[str] = MAIN,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the scores of the last period with those of the period before, as one family.

    In each period the newest answer of a customer counts. Who answered in both is taken as two
    people, which makes alarms rarer where the answers of a customer agree; see `two_samples`.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `answers.answers`, over both periods or more.
    as_of : str or datetime.date
        Last day of the last period.
    period_days : int
        How long a period is, in days.
    questions : sequence of str
        Which questions, each by what it is first read by.
    level : float
        1 less the chance of a false alarm in the whole family.

    Returns
    -------
    pandas.DataFrame
        One row per question answered in the last period, in the order asked for: question,
        measure, unit; n (Int64), value, low, high of the last period, before_n, before of the one
        before; change, change_low, change_high (of this change alone), p, p_holm, differs,
        detectable (the smallest change found four times in five, after the correction); hidden.
        Where either period has fewer than ten answers there is no change.
    """
    last, days = as_date(as_of), timedelta(days=period_days)
    asked = said.filter(said.question.isin(list(questions)))
    waves = [_wave(asked, since=end - days, until=end) for end in (last, last - days)]
    named = [one.mutate(wave=ibis.literal(name)) for one, name in zip(waves, WAVES, strict=True)]
    kinds = pd.concat([count_kinds(one, "wave") for one in named], ignore_index=True)
    now, before = (_counted(wave, questions) for wave in waves)
    now = now[now.n > 0]
    before = before.loc[now.index].reset_index(drop=True)
    now = now.reset_index(drop=True)
    marked = now.assign(by="wave", group="now")
    found = compared(
        hidden_alone(now),
        before,
        again=lambda row, measure: by_lot(kinds, marked.loc[row].to_dict(), measure),
        level=level,
    )
    earlier = first_scores(before[before.n > 0]).astype({"n": "Int64"})
    taken = away(earlier, hidden_alone(before).loc[earlier.index])
    told = earlier[["n", "value"]].mask(taken).set_axis(["before_n", "before"], axis=1)
    hidden = found[HIDDEN] | taken.reindex(found.index, fill_value=False)
    return found.drop(columns=HIDDEN).join(told).assign(**{HIDDEN: hidden})


def compare_groups(
    voices: ir.Table,
    groups: ir.Table,
    *,
    by: Sequence[str],
    questions: Sequence[str] = MAIN,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the score of each group with that of all other groups, as one family.

    Parameters
    ----------
    voices : ibis.expr.types.Table
        From `answers.newest_answers`: one answer a customer and question.
    groups : ibis.expr.types.Table
        customer_id, and the columns of `by`; see `groups.customer_groups`.
    by : sequence of str
        Columns of `groups`; those that it does not have are passed over.
    questions : sequence of str
        Which questions, each by what it is first read by.
    level : float
        1 less the chance of a false alarm in the whole family.

    Returns
    -------
    pandas.DataFrame
        One row per question, column of `by` and group, in this order: question, by, group (missing:
        answers of nobody who is known to be in a group), measure, unit, n (Int64), value, low,
        high; of the score less that of all other groups change, change_low, change_high (of this
        one alone), p, p_holm, differs, detectable (the smallest difference found four times in
        five, after the correction); hidden. Groups that are hidden, or have fewer than ten answers
        beside them, are not compared.

    Raises
    ------
    ParameterError
        If `groups` has none of the columns.
    """
    known = [name for name in by if name in groups.columns]
    if not known:
        raise ParameterError(
            f"Expected a column of groups out of {', '.join(by)}; found none of them. Name columns "
            f"out of {', '.join(one for one in groups.columns if one != 'customer_id')}."
        )
    asked = voices.filter(voices.question.isin(list(questions)))
    parts = [_in_groups(asked, groups, name) for name in known]
    counted = pd.concat(parts, ignore_index=True)
    counted = counted.assign(place=counted.question.map(list(questions).index))
    counted = counted.sort_values("place", kind="stable", ignore_index=True).drop(columns="place")
    kinds = pd.concat(
        [count_kinds(in_groups(asked, groups, name), name) for name in known], ignore_index=True
    )
    return compared(
        counted,
        _others(counted),
        again=lambda row, measure: by_lot(kinds, counted.loc[row].to_dict(), measure),
        level=level,
    )


def compared(
    one: pd.DataFrame,
    other: pd.DataFrame,
    *,
    again: Callable[[int, str], float] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare what was counted, row by row and as one family.

    Parameters
    ----------
    one : pandas.DataFrame
        Counts as from `scores.tallies`, with group_hidden and share_hidden (see `shown`).
    other : pandas.DataFrame
        What each row is compared with: n, top, bottom, total, squares; same index.
    again : function, optional
        Takes the label of a row and its measure and gives the p-value of a second test; it is asked
        where the first finds a difference, and the larger p counts.
    level : float
        1 less the chance of a false alarm in the whole family.

    Returns
    -------
    pandas.DataFrame
        See `compare_groups`.

    Notes
    -----
    Where the formula finds a difference, groups are drawn by lot as well and the larger p counts:
    of small groups that nearly all agree, formulas alone raise false alarms (docs/coverage.md).

    Examples
    --------
    >>> sides = [pd.DataFrame({"question": ["csat"], "n": [n], "top": [top], "bottom": [n - top],
    ...     "total": [0.0], "squares": [0.0], "cubes": [0.0], "lowest": [1], "highest": [5],
    ...     "group_hidden": [False], "share_hidden": [False]}) for n, top in [(70, 56), (80, 48)]]
    >>> compared(*sides).round(3)[["value", "change", "p_holm", "differs", "detectable"]]
       value  change  p_holm  differs  detectable
    0    0.8     0.2   0.008     True       0.227
    """
    found = first_scores(one)
    taken = away(found, one)
    enough = ~taken & (one.n >= LEAST) & (other.n >= LEAST)
    tested = _differences(found.measure[enough], one, other)
    if again:
        for row in tested.index[tested.p <= 1 - level]:
            tested.loc[row, "p"] = max(tested.p[row], again(row, found.measure[row]))
    tested = _judged(tested, level=level)
    alone = 1 - (1 - level) / max(len(tested), 1)
    tested["detectable"] = _detectable(found.measure[tested.index], one, other, level=alone)
    found = found.drop(columns=["note", *MARKS]).astype({"n": "Int64"})
    found[SCORE] = found[SCORE].mask(taken)
    found = found.join(tested)
    return found.assign(differs=found.differs.eq(True), **{HIDDEN: taken})


def _differences(measures: pd.Series, one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Compare the rows of the index of `measures`; those that cannot be tested are left out."""
    parts = [
        difference(one.loc[rows.index], other.loc[rows.index])
        for measure, difference in DIFFERENCES.items()
        for rows in [measures[measures == measure]]
    ]
    found = pd.concat(parts).dropna(subset="p").sort_index()
    return found.rename(columns={"low": "change_low", "high": "change_high"})


def _judged(tested: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Correct the p-values of all rows together."""
    p_holm = holm(tested.p.to_numpy())
    return tested.assign(p_holm=p_holm, differs=p_holm <= 1 - level)


def _detectable(
    measures: pd.Series, one: pd.DataFrame, other: pd.DataFrame, *, level: float
) -> pd.Series:
    found = pd.Series(np.nan, index=measures.index)
    for measure, smallest in DETECTABLE.items():
        rows = measures.index[measures == measure]
        found[rows] = smallest(one.loc[rows], other.loc[rows], level=level)
    return found


def _wave(asked: ir.Table, *, since: date, until: date) -> ir.Table:
    return newest_answers(
        asked.filter(asked.day > ibis.literal(since), asked.day <= ibis.literal(until))
    )


def _counted(wave: ir.Table, questions: Sequence[str]) -> pd.DataFrame:
    """Count a period, a row per question, in the order asked for."""
    counted = tallies(wave).set_index("question").reindex(list(questions))
    counted[SUMS] = counted[SUMS].fillna(0)
    return counted.rename_axis("question").reset_index()


def _in_groups(asked: ir.Table, groups: ir.Table, name: str) -> pd.DataFrame:
    counted = hidden_groups(tallies(in_groups(asked, groups, name), by=name))
    counted = counted.rename(columns={name: "group"})
    counted.insert(1, "by", name)
    # Where nobody is in any group, there is nothing to compare by.
    return counted if counted.group.notna().any() else counted.head(0)


def _others(counted: pd.DataFrame) -> pd.DataFrame:
    """Add up all other groups; answers of no group are in none, and have no others."""
    in_one = counted[SUMS].mask(counted.group.isna(), 0)
    all_ = in_one.groupby([counted.question, counted.by]).transform("sum")
    return (all_ - in_one).mask(counted.group.isna(), 0)
