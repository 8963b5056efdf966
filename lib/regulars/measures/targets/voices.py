"""Voices by month: survey scores of each month, each customer with the newest answer in it.

Where a month has few answers, the newest ones of the three months that end with it are taken, and
the row says so.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.suppression import LEAST
from regulars.measures.surveys.bounds import POINTS, mean_bounds, nps_bounds
from regulars.measures.targets.months import month_range

__all__ = ["FEW_ANSWERS", "voice_months"]

FEW_ANSWERS = 30
"""A month with fewer answers than this is told from three months."""

SPANS = {"month": 1, "quarter": 3}
QUESTIONS = ("nps", "csat", "ces")
COLUMNS = ["metric", "month", "value", "low", "high", "n", "span", "hidden"]


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
        interval, missing where there is none), n (voices), span (month, or quarter where the month
        has fewer than 30 voices: then the three months that end with it), hidden (fewer than 10
        voices; the numbers are missing). Months up to that of `as_of`.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> said = pd.DataFrame({"customer_id": [f"c{n}" for n in range(40)], "question": "nps",
    ...                      "responded_at": pd.Timestamp("1997-01-05"), "score": 9.0,
    ...                      "band": ["promoter"] * 30 + ["detractor"] * 10})
    >>> said["day"] = said.responded_at.dt.date
    >>> found = voice_months(table_of(said), as_of="1997-02-28")
    >>> found[["metric", "value", "n", "span"]].values.tolist()
    [['nps', 50.0, 40.0, 'month'], ['nps', 50.0, 40.0, 'quarter']]
    """
    counted = {span: _counts(said, months) for span, months in SPANS.items()}
    asked = [one for one in QUESTIONS if (counted["month"].question == one).any()]
    parts = [_of_question(counted, question, as_of) for question in asked]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _counts(said: ir.Table, months: int) -> pd.DataFrame:
    """Sum up the voices of each question in the so many months that end with each month."""
    asked = said.filter(said.question.isin(QUESTIONS))
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
    sums = voices.group_by(["question", "month"]).agg(
        n=voices.count(),
        total=voices.score.sum(),
        squares=(voices.score * voices.score).sum(),
        top=voices.band.isin(["promoter", "top"]).sum(),
        bottom=(voices.band == "detractor").sum(),
    )
    return fetch(sums.order_by(["question", "month"]))


def _of_question(
    counted: dict[str, pd.DataFrame], question: str, as_of: str | date
) -> pd.DataFrame:
    of = {span: sums[sums.question == question] for span, sums in counted.items()}
    months = month_range(of["month"].month.min(), as_of)
    by_month, by_quarter = (of[span].set_index("month").reindex(months) for span in SPANS)
    enough = (by_month.n >= FEW_ANSWERS).to_numpy()
    columns = ["n", "total", "squares", "top", "bottom"]
    sums = by_month[columns].mul(enough, axis=0).fillna(0)
    sums += by_quarter[columns].mul(~enough, axis=0).fillna(0)
    span = np.where(enough, *SPANS)
    hidden = sums.n.between(1, LEAST - 1).to_numpy()
    frames = []
    for name, ends in _estimates(question, sums).items():
        parts = dict(zip(["value", "low", "high"], map(np.asarray, ends), strict=True))
        numbers = pd.DataFrame({**parts, "n": sums.n.to_numpy()})
        numbers.loc[hidden] = np.nan
        labels = {"metric": name, "month": months, "span": span, "hidden": hidden}
        frames.append(numbers.assign(**labels)[COLUMNS])
    return pd.concat(frames, ignore_index=True)


def _estimates(question: str, sums: pd.DataFrame) -> dict[str, tuple[np.ndarray, ...]]:
    """Return value, low and high of each metric that a question gives; missing without voices."""
    n = sums.n.where(sums.n > 0)
    if question == "nps":
        middle = n - sums.top - sums.bottom
        bounds = nps_bounds(sums.top.where(sums.n > 0), middle, sums.bottom)
        return {"nps": (POINTS * (sums.top - sums.bottom) / n, *bounds)}
    mean = (sums.total / n, *mean_bounds(sums.total, sums.squares, sums.n))
    top = (sums.top / n, *wilson_bounds(sums.top, n))
    names = ("csat_mean", "csat") if question == "csat" else ("ces", "ces_top_box")
    return dict(zip(names, (mean, top), strict=True))
