"""Answers: what was said to which question by a day, each on its scale and in its band.

A score means nothing without its scale: 5 is the best of five and the middle of ten. A customer who
answers three times is one customer: what is estimated of customers counts each of them once.
"""

import warnings
from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.errors import StatisticalDoubt
from regulars.measures.engine import as_date, fetch
from regulars.measures.suppression import LEAST

__all__ = ["BANDS", "answers", "first_answers", "newest_answers"]

BANDS = ("promoter", "passive", "detractor")
"""The bands of NPS: 9 and 10, 7 and 8, 0 to 6. Other questions have top and rest."""

PROMOTER_FROM, PASSIVE_FROM = 9, 7
USUAL = {"nps": 10, "ces": 7}  # the uppermost point where no row says it; of all others 5
TOP_BOXES = 2


def answers(
    surveys: ir.Table,
    *,
    as_of: str | date,
    since: str | date | None = None,
    top_boxes: Mapping[str, int] | None = None,
) -> ir.Table:
    """Return the answers of a period, each with the ends of its scale and its band.

    Parameters
    ----------
    surveys : ibis.expr.types.Table
        Cleaned surveys: customer_id (missing: anonymous), responded_at, question, score, scale_max
        (missing: 10 for nps, 7 for ces, else 5), channel. Rows without a score are invitations
        and no answers.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        The period begins after this day; unless given, with the first answer.
    top_boxes : mapping, optional
        Question to the number of points at the upper end of its scale that are in the band "top";
        unless given, 2.

    Returns
    -------
    ibis.expr.types.Table
        One row per answer: customer_id, question, responded_at, day, score (float64), lowest and
        highest (ends of the scale, int64), band (promoter, passive or detractor for nps; top or
        rest for all others), asked_by (how it was asked).

    Warns
    -----
    StatisticalDoubt
        If a question was asked on several scales: only the answers on the one with most answers
        are kept (of equals the longer scale).

    Notes
    -----
    Bands of NPS: Reichheld (2003), "The one number you need to grow", Harvard Business Review.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> surveys = pd.DataFrame({"customer_id": ["ann", "bob"], "question": ["nps", "csat"],
    ...                         "score": [9, 3], "scale_max": [10, 5], "channel": ["mail", "mail"],
    ...                         "responded_at": pd.to_datetime(["1997-01-05", "1997-02-01"])})
    >>> said = answers(table_of(surveys), as_of="1997-12-31")
    >>> fetch(said.order_by("day"))[["question", "score", "lowest", "highest", "band"]]
      question  score  lowest  highest      band
    0      nps    9.0       0       10  promoter
    1     csat    3.0       1        5      rest
    """
    day = surveys.responded_at.date()
    kept = surveys.filter(surveys.score.notnull(), day <= ibis.literal(as_date(as_of)))
    if since is not None:
        kept = kept.filter(kept.responded_at.date() > ibis.literal(as_date(since)))
    scaled = kept.select(
        "customer_id",
        "question",
        "responded_at",
        day=kept.responded_at.date(),
        score=kept.score.cast("float64"),
        lowest=ibis.ifelse(kept.question == "nps", 0, 1).cast("int64"),
        highest=_highest(kept),
        asked_by=kept.channel,
    )
    usual = _on_the_usual_scale(scaled)
    return usual.mutate(band=_band(usual, top_boxes or {})).relocate("asked_by", after="band")


def newest_answers(said: ir.Table) -> ir.Table:
    """Keep the newest answer of each customer to each question, so that each has one voice.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `answers`. Anonymous answers are all kept: nobody knows whose they are.

    Returns
    -------
    ibis.expr.types.Table
        Rows of `said`; of answers of one moment the one with the lowest score.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> said = table_of(pd.DataFrame({"customer_id": ["ann", "ann"], "question": ["nps", "nps"],
    ...     "responded_at": pd.to_datetime(["1997-01-05", "1997-02-01"]), "score": [9.0, 4.0]}))
    >>> fetch(newest_answers(said)).score.tolist(), fetch(first_answers(said)).score.tolist()
    ([4.0], [9.0])
    """
    placed = said.mutate(_place=_place(said, said.responded_at.desc()))
    kept = placed.filter((placed._place == 0) | placed.customer_id.isnull())
    return kept.drop("_place")


def first_answers(said: ir.Table) -> ir.Table:
    """Keep the first answer of each customer to each question; anonymous ones are left out.

    What customers do after an answer is told from the first: whoever has stayed answers again, so
    a newest answer knows already that its customer stayed.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `answers`.

    Returns
    -------
    ibis.expr.types.Table
        Rows of `said`; of answers of one moment the one with the lowest score.
    """
    named = said.filter(said.customer_id.notnull())
    placed = named.mutate(_place=_place(named, named.responded_at))
    return placed.filter(placed._place == 0).drop("_place")


def _place(said: ir.Table, first: ir.Value) -> ir.IntegerColumn:
    """Say the place of each answer among those of its customer to its question, from 0."""
    window = ibis.window(group_by=["customer_id", "question"], order_by=[first, said.score])
    return ibis.row_number().over(window)


def _highest(surveys: ir.Table) -> ir.IntegerValue:
    usual = surveys.question.cases(*USUAL.items(), else_=5)
    return ibis.coalesce(surveys.scale_max.cast("int64"), usual.cast("int64"))


def _on_the_usual_scale(scaled: ir.Table) -> ir.Table:
    """Keep, of each question, the scale that most answers are on."""
    counts = scaled.group_by(["question", "highest"]).agg(answers=scaled.count())
    found = fetch(counts.order_by([ibis.desc("answers"), ibis.desc("highest"), "question"]))
    usual = found.drop_duplicates("question")
    others = found.drop(usual.index)
    for question, left_out in others.groupby("question").answers.sum().items():
        highest = usual.set_index("question").highest[question]
        many = f"{left_out:,}" if left_out >= LEAST else f"fewer than {LEAST}"
        warnings.warn(
            f"Question {question} was asked on several scales; {many} answers that are not on the "
            f"scale up to {highest} are left out.",
            StatisticalDoubt,
            stacklevel=3,
        )
    pairs = zip(usual.question, usual.highest, strict=True)
    kept = [(scaled.question == name) & (scaled.highest == int(top)) for name, top in pairs]
    return scaled.filter(ibis.or_(*kept)) if len(others) else scaled


def _band(said: ir.Table, top_boxes: Mapping[str, int]) -> ir.StringValue:
    promoter, passive, detractor = BANDS
    of_nps = ibis.cases(
        (said.score >= PROMOTER_FROM, promoter),
        (said.score >= PASSIVE_FROM, passive),
        else_=detractor,
    )
    points = said.question.cases(*top_boxes.items(), else_=TOP_BOXES) if top_boxes else TOP_BOXES
    top = said.score > said.highest - points
    return ibis.ifelse(said.question == "nps", of_nps, ibis.ifelse(top, "top", "rest"))
