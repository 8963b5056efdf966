"""Weighted: what the scores would be if those who answered were made up as all customers are.

It mends what is known of everybody, such as the segment. It cannot mend that, of two customers of
one segment, the content one answers.
"""

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import ibis.expr.types as ir
import pandas as pd

from regulars.errors import ParameterError, StatisticalDoubt
from regulars.measures.engine import fetch
from regulars.measures.suppression import HIDDEN, LEAST
from regulars.measures.surveys.cell_scores import moved_by, score_of_cells
from regulars.measures.surveys.raking import Raked, design_effect, merged, raked

__all__ = ["weighted_scores"]

MEASURES = {"nps": ["nps"], "csat": ["top_box"], "ces": ["mean", "top_box"]}
LIMIT = 5.0  # times the mean weight
MOST_OFF = 0.1  # a group's share that is further off than this is not mended
LITTLE = 0.0005  # a share that is this little off is none to speak of
SUMS = ["answers", "up", "down", "total", "squares"]
NUMBERS = ["n", "value", "low", "high", "weighted", "weighted_low", "weighted_high"]
NUMBERS += ["moved", "moved_low", "moved_high", "design_effect", "effective_n"]
COLUMNS = ["question", "measure", *NUMBERS]


class _Notes(NamedTuple):
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
        From `answers.newest_answers`. Answers of whoever is not in `groups` are left out of both.
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
    said, left_out = _answers(voices, groups, by)
    rows, notes = [], _Notes({}, {}, [])
    for question in [name for name in MEASURES if name in set(said.question)]:
        cells = _cells(base, said[said.question == question], by)
        found = _weights(cells, by, notes)
        rows += [_row(cells, found, measure=one, level=level) for one in MEASURES[question]]
    for sentence in _doubts(left_out, notes):
        warnings.warn(sentence, StatisticalDoubt, stacklevel=2)
    found = pd.DataFrame(rows, columns=[*COLUMNS, HIDDEN]).astype({HIDDEN: bool, "n": "Int64"})
    found[NUMBERS] = found[NUMBERS].mask(found[HIDDEN])
    return found


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


def _answers(voices: ir.Table, groups: ir.Table, by: Sequence[str]) -> tuple[pd.DataFrame, int]:
    """Sum up the answers of the base by question and cell, and count those of others."""
    asked = voices.filter(voices.question.isin(list(MEASURES)))
    known = groups.select("customer_id", *by).mutate(in_base=True)
    joined = asked.left_join(known, "customer_id")
    inside = joined.in_base.fill_null(False)
    sums = joined.group_by("question", *by).agg(
        answers=inside.sum(),
        up=(inside & joined.band.isin(["promoter", "top"])).sum(),
        down=(inside & joined.band.isin(["detractor", "rest"])).sum(),
        total=joined.score.sum(where=inside),
        squares=(joined.score * joined.score).sum(where=inside),
        others=(~inside).sum(),
    )
    found = fetch(sums.order_by(["question", *by]))
    found[SUMS] = found[SUMS].astype(float).fillna(0.0)
    return found[found.answers > 0], int(found.others.sum())


def _cells(base: pd.DataFrame, said: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Put the sums of one question beside the customers of each cell."""
    options = {"on": list(by), "how": "left"} if by else {"how": "cross"}
    cells = base.merge(said, **options)
    cells[SUMS] = cells[SUMS].fillna(0.0)
    return cells


def _weights(cells: pd.DataFrame, by: Sequence[str], notes: _Notes) -> Raked | None:
    """Weight the answers to one question, and note what had to be done for it."""
    question = cells.question.dropna().iloc[0]
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


def _row(cells: pd.DataFrame, found: Raked | None, *, measure: str, level: float) -> dict:
    """Estimate one measure as answered and weighted."""
    n, plain = cells.answers.sum(), pd.Series(1.0, cells.index)
    row = {"question": cells.question.dropna().iloc[0], "measure": measure, "n": int(n)}
    few = measure == "top_box" and any(0 < cells[name].sum() < LEAST for name in ("up", "down"))
    row |= score_of_cells(cells, plain, measure, level=level) | {HIDDEN: bool(n < LEAST or few)}
    if found is None or found.weight is None:
        return row
    score = score_of_cells(cells, found.weight, measure, level=level)
    row |= {"weighted": score["value"]}
    row |= {f"weighted_{end}": score[end] for end in ("low", "high")}
    effect = design_effect(found.weight, cells.answers)
    row |= {"design_effect": effect, "effective_n": n / effect}
    return row | moved_by(cells, found.weight, measure, level=level)


def _doubts(left_out: int, notes: _Notes) -> list[str]:
    said = []
    if left_out:
        many = f"{left_out:,}" if left_out >= LEAST else f"Fewer than {LEAST}"
        said.append(
            f"{many} answers are not weighted: they are anonymous, or of people who had not bought."
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
