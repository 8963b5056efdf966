"""Comments: what was written along with answers, and by how many; no page shows the words."""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date, fetch

__all__ = ["comments", "how_many_wrote"]

NPS = ("nps", 10)


def comments(surveys: ir.Table, *, as_of: str | date, since: str | date | None = None) -> ir.Table:
    """Return the comments of a period, for `topics.topic_counts`.

    Parameters
    ----------
    surveys : ibis.expr.types.Table
        Cleaned surveys: customer_id, responded_at, question, score, scale_max, comment.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        The period begins after this day; unless given, with the first answer.

    Returns
    -------
    ibis.expr.types.Table
        One row per comment: voice (the customer; an anonymous comment is a voice of its own),
        responded_at, recommends (float64, the answer to nps on 0 to 10; missing for other
        questions), comment.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> surveys = table_of(pd.DataFrame({"customer_id": ["ann", "ann"], "question": "nps",
    ...     "score": [9, 3], "scale_max": [10, 10], "comment": ["Fine", " "],
    ...     "responded_at": pd.to_datetime(["1997-01-05", "1997-02-05"])}))
    >>> fetch(comments(surveys, as_of="1997-12-31"))[["voice", "recommends", "comment"]]
           voice  recommends comment
    0  named ann         9.0    Fine
    """
    kept = surveys.filter(
        surveys.score.notnull(),
        surveys.comment.strip() != "",
        surveys.responded_at.date() <= ibis.literal(as_date(as_of)),
    )
    if since is not None:
        kept = kept.filter(kept.responded_at.date() > ibis.literal(as_date(since)))
    question, highest = NPS
    of_nps = (kept.question == question) & (kept.scale_max.fill_null(highest) == highest)
    number = ibis.row_number().over(ibis.window(order_by=kept.responded_at)).cast("string")
    named = ibis.literal("named ") + kept.customer_id
    return kept.select(
        "responded_at",
        "comment",
        voice=ibis.coalesce(named, ibis.literal("anonymous ") + number),
        recommends=ibis.ifelse(of_nps, kept.score.cast("float64"), None),
    )


def how_many_wrote(told: ir.Table) -> tuple[int, int]:
    """Count comments, and the customers who wrote them.

    Parameters
    ----------
    told : ibis.expr.types.Table
        From `comments`.

    Returns
    -------
    tuple of int
        Comments, and customers (each anonymous comment counts as one).
    """
    found = fetch(told.agg(comments=told.count(), customers=told.voice.nunique())).iloc[0]
    return int(found.comments), int(found.customers)
