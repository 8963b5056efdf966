"""Word and deed: all that 05_loyalty shows of what customers did after they had answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import pandas as pd

from regulars.errors import collect_doubts
from regulars.measures.deeds.after import after_answers, waits, with_segment_before
from regulars.measures.deeds.claims import COMPARED, adjusted, comparisons, confirmed
from regulars.measures.deeds.shown import (
    shown_curves,
    shown_pairs,
    shown_shares,
    shown_spending,
)
from regulars.measures.deeds.spending import spending_around, spending_compared
from regulars.measures.engine import kept
from regulars.measures.surveys.answers import answers

__all__ = ["WordAndDeed", "word_and_deed"]


@dataclass(frozen=True, eq=False)
class WordAndDeed:
    """What customers did after their first answer; frames without rows where nothing is known.

    Parameters
    ----------
    days : int
        The h of "within h days", and the length of the windows of spending.
    shares, curves, spending : pandas.DataFrame
        From `shown`; small groups are taken out.
    compared, adjusted : pandas.DataFrame
        From `claims`, of the bands that are shown.
    spending_compared : pandas.DataFrame
        From `spending`, of the bands that are shown.
    """

    days: int
    shares: pd.DataFrame
    curves: pd.DataFrame
    compared: pd.DataFrame
    adjusted: pd.DataFrame
    spending: pd.DataFrame
    spending_compared: pd.DataFrame


def word_and_deed(
    surveys: ir.Table,
    purchases: ir.Table,
    *,
    as_of: str | date,
    days: int,
    segments: Sequence[Mapping],
    top_boxes: Mapping[str, int] | None = None,
) -> WordAndDeed:
    """Follow customers from their first answer of all time to what they bought next.

    Parameters
    ----------
    surveys : ibis.expr.types.Table
        Cleaned surveys; see `surveys.answers.answers`.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    days : int
        For how long before and after the answer; answers younger than that are left out.
    segments : sequence of mapping
        The grid of RFM segments within which bands are compared a second time.
    top_boxes : mapping, optional
        Question to the number of points that are in the band "top".

    Returns
    -------
    WordAndDeed
    """
    asked = surveys.filter(surveys.question.isin(sorted({question for question, *_ in COMPARED})))
    # Of answers on several scales the notebook speaks where it counts them.
    with collect_doubts():
        said = answers(asked, as_of=as_of, top_boxes=top_boxes)
    # It is asked a dozen times, and would be made of all purchases anew each time.
    with kept(after_answers(said, purchases, as_of=as_of, days=days)) as after:
        counts = waits(after)
        shares = shown_shares(counts, days=days)
        within = adjusted(waits(with_segment_before(after, segments), by=["segment"]), days=days)
        compared = confirmed(comparisons(counts, days=days), within)
        spending = shown_spending(spending_around(after), shares, counts)
        return WordAndDeed(
            days=days,
            shares=shares,
            curves=shown_curves(counts, shares),
            compared=shown_pairs(compared, shares),
            adjusted=shown_pairs(within, shares),
            spending=spending,
            spending_compared=shown_pairs(spending_compared(after), spending.assign(hidden=False)),
        )
