"""Weighted: what the scores would be if those who answered were made up as all customers are.

It mends what is known of everybody, such as the segment. It cannot mend that, of two customers of
one segment, the content one answers.
"""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import ibis.expr.types as ir
import pandas as pd

from regulars.errors import ParameterError, StatisticalDoubt
from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate
from regulars.measures.suppression import HIDDEN, LEAST
from regulars.measures.surveys.cell_scores import moved_by, score_of_cells
from regulars.measures.surveys.raking import Raked, design_effect, merged, raked

__all__ = ["weighted_estimate", "weighted_scores"]

MEASURES = {"nps": ["nps"], "csat": ["top_box"], "ces": ["mean", "top_box"]}
LIMIT = 5.0  # times the mean weight
MOST_OFF = 0.1  # a group's share that is further off than this is not mended
LITTLE = 0.0005  # a share that is this little off is none to speak of
SUMS = ["answers", "up", "down", "total", "squares"]
NUMBERS = ["n", "value", "low", "high", "weighted", "weighted_low", "weighted_high"]
NUMBERS += ["moved", "moved_low", "moved_high", "design_effect", "effective_n"]
COLUMNS = ["question", "measure", *NUMBERS]


class _Notes(NamedTuple):
    strangers: dict[str, int]  # by question, answers of people who are not of the base
    merged: dict[str, list[str]]  # by variable, for which questions
    trimmed: dict[str, float]  # by question, how far a share stays off
    failed: list[str]


def weighted_scores(
    voices: ir.Table, groups: ir.Table, *, by: Sequence[str], level: float = 0.95
) -> pd.DataFrame:
    """Estimate NPS, CSAT and CES as answered, and weighted to all customers by raking.

    Parameters
    ----------
    voices : ibis.expr.types.Table
        From `answers.newest_answers`. Answers of whoever is not in `groups` are left out of both;
        but if they are fewer than ten, so that the score beside that of all would tell of them,
        they stay in with the mean weight.
    groups : ibis.expr.types.Table
        customer_id and the columns `by`, a row for each customer of the base.
    by : sequence of str
        The variables whose shares the weights bring to those of the base.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row per question and measure (nps in points; top_box, a share; mean, in points of the
        scale): n, value, low, high (as answered), weighted, weighted_low, weighted_high, moved
        (weighted − value), moved_low, moved_high, design_effect, effective_n (n over it), hidden
        (bool: fewer than ten answers, or a share that would tell of fewer). Where no weights
        fit, what is weighted is missing.

    Raises
    ------
    ParameterError
        If a variable is not a column of `groups`.

    Warns
    -----
    StatisticalDoubt
        If answers were left out, categories put together or weights trimmed (at five times the
        mean), or if no weights fit, or such that the share of a group stays more than a tenth off.

    Notes
    -----
    Raking: see `raking.rake`; design effect: Kish (1965); intervals: `cell_scores.score_of_cells`.
    """
    by = list(dict.fromkeys(by))
    _check(groups, by)
    base = fetch(groups.group_by(by).agg(base=groups.count())) if by else _whole(groups)
    said, strangers = _answers(voices, groups, by)
    notes = _Notes(strangers.set_index("question").answers.astype(int).to_dict(), {}, {}, [])
    rows = []
    for question in [name for name in MEASURES if name in set(said.question)]:
        cells = _cells(base, said[said.question == question], by)
        found = _weights(cells, by, notes)
        rows += _rows(cells, found, strangers[strangers.question == question], level=level)
    for sentence in _doubts(notes, set(said.question)):
        warnings.warn(sentence, StatisticalDoubt, stacklevel=2)
    found = pd.DataFrame(rows, columns=[*COLUMNS, HIDDEN]).astype({HIDDEN: bool, "n": "Int64"})
    found[NUMBERS] = found[NUMBERS].mask(found[HIDDEN])
    return found


def weighted_estimate(found: pd.DataFrame, question: str, measure: str) -> Estimate | None:
    """Return one weighted score; None where it is hidden or there is none.

    Parameters
    ----------
    found : pandas.DataFrame
        From `weighted_scores`.
    question, measure : str
        Which row, such as nps and nps.

    Examples
    --------
    >>> found = pd.DataFrame({"question": ["nps"], "measure": ["nps"], "n": [90], "weighted": [3.0],
    ...                       "weighted_low": [-2.0], "weighted_high": [7.0]})
    >>> weighted_estimate(found, "nps", "nps")
    Estimate(value=3.0, low=-2.0, high=7.0, n=90)
    """
    rows = found[(found.question == question) & (found.measure == measure)]
    rows = rows.dropna(subset="weighted")
    if rows.empty:
        return None
    value, low, high = rows[["weighted", "weighted_low", "weighted_high"]].iloc[0].astype(float)
    return Estimate(float(value), float(low), float(high), int(rows.n.iloc[0]))


def _check(groups: ir.Table, by: Sequence[str]) -> None:
    unknown = [name for name in by if name not in groups.columns]
    if unknown:
        known = ", ".join(name for name in groups.columns if name != "customer_id")
        raise ParameterError(
            f"weight_by: expected columns known of customers ({known}), found "
            f"{', '.join(unknown)}. Name columns that are there, or none."
        )


def _whole(groups: ir.Table) -> pd.DataFrame:
    return fetch(groups.agg(base=groups.count()))


def _answers(
    voices: ir.Table, groups: ir.Table, by: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sum up the answers by question: of the base by cell, and of all others."""
    asked = voices.filter(voices.question.isin(list(MEASURES)))
    known = groups.select("customer_id", *by).mutate(in_base=True)
    joined = asked.left_join(known, "customer_id")
    joined = joined.mutate(in_base=joined.in_base.fill_null(False))
    sums = joined.group_by("question", "in_base", *by).agg(
        answers=joined.count(),
        up=joined.band.isin(["promoter", "top"]).sum(),
        down=joined.band.isin(["detractor", "rest"]).sum(),
        total=joined.score.sum(),
        squares=(joined.score * joined.score).sum(),
    )
    found = fetch(sums.order_by(["question", "in_base", *by]))
    found[SUMS] = found[SUMS].astype(float)
    inside = found.in_base.astype(bool)
    others = found[~inside].groupby("question", as_index=False)[SUMS].sum()
    return found[inside].drop(columns="in_base"), others


def _cells(base: pd.DataFrame, said: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Put the sums of one question beside the customers of each cell."""
    options = {"on": list(by), "how": "left"} if by else {"how": "cross"}
    cells = base.merge(said, **options)
    cells[SUMS] = cells[SUMS].fillna(0.0)
    return cells


def _weights(cells: pd.DataFrame, by: Sequence[str], notes: _Notes) -> Raked | None:
    """Weight the answers to one question, and note what had to be done for it."""
    question = cells.question.dropna().iloc[0].upper()  # as readers know it
    if cells.answers.sum() < LEAST:
        return None
    together, times = merged(cells, by)
    found = raked(together, by, limit=LIMIT)
    for name in [name for name in by if times[name]]:
        notes.merged.setdefault(name, []).append(question)
    if found.weight is None:
        notes.failed.append(question)
    elif found.trimmed:
        notes.trimmed[question] = found.furthest
    return found if found.furthest <= MOST_OFF else None


def _rows(
    cells: pd.DataFrame, found: Raked | None, others: pd.DataFrame, *, level: float
) -> list[dict]:
    """Estimate all measures of a question; few answers of others stay in with the mean weight."""
    if others.answers.sum() < LEAST:
        cells, others = pd.concat([cells, others], ignore_index=True), others.head(0)
    if found is not None and found.weight is not None:
        found = replace(found, weight=found.weight.reindex(cells.index, fill_value=1.0))
    asked = MEASURES[cells.question.dropna().iloc[0]]
    rows = [_row(cells, found, measure=one, level=level) for one in asked]
    # The share of all stands on another page, and beside it that of the base tells of the others.
    return [row | {HIDDEN: row[HIDDEN] or _few_kind(others, row["measure"])} for row in rows]


def _few_kind(sums: pd.DataFrame, measure: str) -> bool:
    """Tell whether a share of these answers would tell of fewer than ten."""
    kinds = [sums[name].sum() for name in ("up", "down")]
    return measure == "top_box" and any(0 < kind < LEAST for kind in kinds)


def _row(cells: pd.DataFrame, found: Raked | None, *, measure: str, level: float) -> dict:
    """Estimate one measure as answered and weighted."""
    n, plain = cells.answers.sum(), pd.Series(1.0, cells.index)
    row = {"question": cells.question.dropna().iloc[0], "measure": measure, "n": int(n)}
    few = bool(n < LEAST) or _few_kind(cells, measure)
    row |= score_of_cells(cells, plain, measure, level=level) | {HIDDEN: few}
    if found is None or found.weight is None:
        return row
    score = score_of_cells(cells, found.weight, measure, level=level)
    row |= {"weighted": score["value"]}
    row |= {f"weighted_{end}": score[end] for end in ("low", "high")}
    effect = design_effect(found.weight, cells.answers)
    row |= {"design_effect": effect, "effective_n": n / effect}
    return row | moved_by(cells, found.weight, measure, level=level)


def _doubts(notes: _Notes, of_base: set[str]) -> list[str]:
    said = []
    few = [one for one in MEASURES if one in of_base and 0 < notes.strangers.get(one, 0) < LEAST]
    left_out = sum(many for many in notes.strangers.values() if many >= LEAST)
    if left_out:
        said.append(
            f"{left_out:,} answers are not weighted: they are anonymous, or of people who had not "
            "bought."
        )
    if few:
        said.append(
            f"Fewer than {LEAST} answers to {', '.join(few).upper()} are anonymous, or of people "
            "who had not bought: they count with the mean weight."
        )
    for name, questions in notes.merged.items():
        said.append(
            f"For the weights of {', '.join(questions)}, values of {name} with fewer than {LEAST} "
            "answers were put together with others."
        )
    said += [_trimmed(question, furthest) for question, furthest in notes.trimmed.items()]
    for question in notes.failed:
        said.append(f"No weights fit the answers to {question}: it is shown unweighted only.")
    return said


def _trimmed(question: str, furthest: float) -> str:
    off = f"{100 * furthest:.1f} percentage points off that of all customers"
    if furthest > MOST_OFF:
        return (
            f"The answers to {question} cannot stand for all customers: weights of up to "
            f"{LIMIT:g} times the mean leave their make-up {off}. It is shown unweighted only."
        )
    rest = f"stays {off}" if furthest >= LITTLE else "still agrees with that of all customers"
    return (
        f"The weights of {question} were trimmed at {LIMIT:g} times the mean; the make-up of the "
        f"answers {rest}."
    )
