"""Periods: scores by quarter or month, each customer with one voice in each."""

from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import as_date
from regulars.measures.suppression import HIDDEN
from regulars.measures.surveys.scores import MAIN, first_measure, scores_of, tallies
from regulars.measures.surveys.shown import away, hidden_alone

__all__ = ["scores_by_period"]

LETTERS = {"month": "M", "quarter": "Q"}
NUMBERS = ["n", "value", "low", "high"]


def scores_by_period(
    said: ir.Table,
    *,
    as_of: str | date,
    every: Literal["month", "quarter"] = "quarter",
    questions: tuple[str, ...] = MAIN,
) -> pd.DataFrame:
    """Estimate scores by calendar period, from the newest answer of each customer in each.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `answers.answers`.
    as_of : str or datetime.date
        Last day known: a period that it does not reach the end of is not complete.
    every : str
        ``month`` or ``quarter``.
    questions : tuple of str
        Which questions, each by what it is first read by.

    Returns
    -------
    pandas.DataFrame
        One row per question and period with answers, ordered: question, period (its first day),
        measure, unit, n (Int64), value, low, high, note (see `scores_of`),
        complete, hidden (fewer than ten answers, or a share that tells of fewer).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> said = table_of(pd.DataFrame({"customer_id": ["ann", "ann"], "question": "nps",
    ...     "responded_at": pd.to_datetime(["1997-01-05", "1997-05-01"]), "score": [9.0, 4.0],
    ...     "lowest": 0, "highest": 10, "band": ["promoter", "detractor"]}))
    >>> said = said.mutate(day=said.responded_at.date())
    >>> scores_by_period(said, as_of="1997-05-31")[["period", "complete", "hidden"]]
          period  complete  hidden
    0 1997-01-01      True    True
    1 1997-04-01     False    True
    """
    asked = said.filter(said.question.isin(list(questions)))
    asked = asked.mutate(period=asked.day.truncate(LETTERS[every]))
    counted = tallies(_one_voice(asked), by="period")
    place = counted.question.map(list(questions).index)
    counted = counted.loc[place.sort_values(kind="stable").index].reset_index(drop=True)
    found = scores_of(counted)
    found = found[found.measure == found.question.map(first_measure)].set_axis(counted.index)
    taken = away(found, hidden_alone(counted))
    found = found.astype({"n": "Int64"})
    found[NUMBERS] = found[NUMBERS].mask(taken)
    ends = found.period + pd.tseries.frequencies.to_offset(f"{LETTERS[every]}E")
    complete = ends <= pd.Timestamp(as_date(as_of))
    return found.assign(note=found.note.mask(taken, ""), complete=complete, **{HIDDEN: taken})


def _one_voice(asked: ir.Table) -> ir.Table:
    """Keep the newest answer of each customer in each period; anonymous ones are all kept."""
    window = ibis.window(
        group_by=["customer_id", "question", "period"],
        order_by=[asked.responded_at.desc(), asked.score],
    )
    placed = asked.mutate(_place=ibis.row_number().over(window))
    anonymous = placed.customer_id.isnull()  # noqa: PD003 (Ibis, not pandas)
    return placed.filter((placed._place == 0) | anonymous).drop("_place")
