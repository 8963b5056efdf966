"""Voices by month: survey scores of each month, each customer with the newest answer in it.

No answer is told twice. A month with few of its own is told with its quarter, in the last month of
it, and the row says so; where another month of the quarter has enough, that one alone is told.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.calendar_units import month_range
from regulars.measures.suppression import LEAST
from regulars.measures.surveys.scores import MAIN, scores_of, tallies
from regulars.measures.surveys.shown import METRICS

__all__ = ["FEW_ANSWERS", "voice_months"]

FEW_ANSWERS = 30
"""A month with fewer answers than this is not told by itself."""

SPANS = {"month": 1, "quarter": 3}
ELSEWHERE = "elsewhere"
NUMBERS = ["value", "low", "high", "n"]
COLUMNS = ["metric", "month", *NUMBERS, "span", "hidden"]


def voice_months(said: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Estimate NPS, CSAT and CES month by month.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `surveys.answers.answers`, of all time.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    pandas.DataFrame
        One row per month and metric of a question that was ever asked, months without answers too:
        metric (nps; csat and csat_mean; ces and ces_top_box), month, value, low, high (95 %
        interval, missing where there is none), n (voices), span, hidden (fewer than 10 voices; the
        numbers are missing). span is month with 30 voices or more; quarter in the last month of a
        quarter of the year of which no month has so many: then of all three; else elsewhere, and
        the numbers are missing: the answers are told in another month, or too few are left over.
        Months up to that of `as_of`.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> said = pd.DataFrame({"customer_id": [f"c{n}" for n in range(40)], "question": "nps",
    ...                      "responded_at": pd.Timestamp("1997-01-05"), "score": 9.0,
    ...                      "lowest": 0, "highest": 10,
    ...                      "band": ["promoter"] * 30 + ["detractor"] * 10})
    >>> said["day"] = said.responded_at.dt.date
    >>> found = voice_months(table_of(said), as_of="1997-02-28")
    >>> found[["metric", "value", "n", "span"]].values.tolist()
    [['nps', 50.0, 40.0, 'month'], ['nps', nan, nan, 'elsewhere']]
    """
    counted = {span: _counts(said, months) for span, months in SPANS.items()}
    asked = [one for one in MAIN if (counted["month"].question == one).any()]
    parts = [_of_question(counted, question, as_of) for question in asked]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _counts(said: ir.Table, months: int) -> pd.DataFrame:
    """Sum up the voices of each question in the so many months that end with each month."""
    asked = said.filter(said.question.isin(MAIN))
    own = asked.day.truncate("M").cast("timestamp")
    shifted = [asked.mutate(month=own + ibis.interval(months=later)) for later in range(months)]
    spread = ibis.union(*shifted) if months > 1 else shifted[0]
    window = ibis.window(
        group_by=["month", "question", "customer_id"],
        order_by=[spread.responded_at.desc(), spread.score],
    )
    placed = spread.mutate(_place=ibis.row_number().over(window))
    anonymous = placed.customer_id.isnull()  # noqa: PD003
    voices = placed.filter((placed._place == 0) | anonymous)
    return tallies(voices, by="month")


def _of_question(
    counted: dict[str, pd.DataFrame], question: str, as_of: str | date
) -> pd.DataFrame:
    of = {span: sums[sums.question == question] for span, sums in counted.items()}
    months = month_range(of["month"].month.min(), as_of)
    by_month, by_quarter = (of[span].set_index("month").reindex(months) for span in SPANS)
    enough = (by_month.n >= FEW_ANSWERS).to_numpy()
    together = _told_together(months, enough)
    span = np.select([enough, together], list(SPANS), ELSEWHERE)
    sums = pd.concat([by_month[enough], by_quarter[together]]).dropna(subset="n").sort_index()
    found = scores_of(sums.rename_axis("month").reset_index())
    found = found[found.n >= LEAST]
    hidden = months.isin(sums.index[sums.n < LEAST])
    frames = []
    for metric, measure in _metrics(question).items():
        numbers = found[found.measure == measure].set_index("month")[NUMBERS].reindex(months)
        labels = {"metric": metric, "month": months, "span": span, "hidden": hidden}
        frames.append(numbers.assign(**labels)[COLUMNS])
    return pd.concat(frames, ignore_index=True)


def _told_together(months: pd.DatetimeIndex, enough: np.ndarray) -> np.ndarray:
    """Return which months end a quarter of which no month is told by itself."""
    alone = pd.Series(enough).groupby(months.to_period("Q")).transform("any").to_numpy()
    return ~alone & (months.month % SPANS["quarter"] == 0)


def _metrics(question: str) -> dict[str, str]:
    """Return the metrics of a question, each with what it is measured by."""
    return {name: measure for name, (asked, measure) in METRICS.items() if asked == question}
