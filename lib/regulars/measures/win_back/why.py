"""Why: what the tables know of customers that may be why they left.

It is what was last seen of each customer, however long ago: who left two years ago left for
something of then. That a thing is more frequent among those who left does not say that it drove
them away. What cannot be known of a customer is missing, and not "no".
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date, beside
from regulars.measures.purchases import known_lines
from regulars.measures.surveys.answers import answers, newest_answers

__all__ = ["WHY", "last_seen"]

WHY = ("complaint_last", "complaint_unresolved", "low_last_score", "mostly_discounted")
"""The last contact a complaint; the last complaint not resolved; the last score in the lowest
quarter of its scale (of NPS: a detractor); more than half of all bought lines discounted."""

LOWER_QUARTER = 0.25
MOSTLY = 0.5


def last_seen(
    left: ir.Table,
    purchases: ir.Table,
    *,
    as_of: str | date,
    interactions: ir.Table | None = None,
    surveys: ir.Table | None = None,
) -> ir.Table:
    """Tell of each customer what was last seen of them, as far as the tables say.

    Parameters
    ----------
    left : ibis.expr.types.Table
        From `left.left_customers`: customer_id, has_left.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, discount, kind.
    as_of : str or datetime.date
        Last day known, inclusive.
    interactions : ibis.expr.types.Table, optional
        Cleaned: customer_id, opened_at, kind, closed_at, resolved.
    surveys : ibis.expr.types.Table, optional
        Cleaned: see `surveys.answers`.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, has_left and a bool column for each of `WHY` whose table is there; missing for
        whom it is not known: who had no contact, no complaint, no answer, no line with a discount
        told.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import fetch, table_of
    >>> from regulars.measures.examples import purchases_of
    >>> left = table_of(pd.DataFrame({"customer_id": ["ann"], "has_left": [True]}))
    >>> fetch(last_seen(left, purchases_of([("ann", "1997-01-05", 9)]), as_of="1997-12-31")).shape
    (1, 3)
    """
    found = left.select("customer_id", "has_left")
    found = beside(found, _discounted(known_lines(purchases, as_of=as_of)))
    if interactions is not None:
        found = beside(found, _contacts(interactions, as_of=as_of))
    if surveys is not None:
        found = beside(found, _scores(surveys, as_of=as_of))
    names = [name for name in WHY if name in found.columns]
    return found.select("customer_id", "has_left", *names)


def _discounted(lines: ir.Table) -> ir.Table:
    sales = lines.filter(lines.kind == "sale")
    told = sales["discount"].notnull()
    with_discount = (sales.discount.abs() > 0).fill_null(False)
    sums = sales.group_by("customer_id").agg(known=told.sum(), reduced=with_discount.sum())
    share = sums.reduced / sums.known.nullif(0)
    return sums.select("customer_id", mostly_discounted=share > MOSTLY)


def _contacts(interactions: ir.Table, *, as_of: str | date) -> ir.Table:
    end = ibis.literal(as_date(as_of))
    known = interactions.filter(interactions.opened_at.date() <= end)
    known = known.mutate(is_complaint=known.kind == "complaint", is_open=_is_open(known, end))
    return known.group_by("customer_id").agg(
        complaint_last=_newest(known, known.is_complaint),
        complaint_unresolved=ibis.ifelse(
            known.is_complaint.any(),
            _newest(known, known.is_open, where=known.is_complaint),
            ibis.null("boolean"),
        ),
    )


def _is_open(known: ir.Table, end: ir.DateScalar) -> ir.BooleanValue:
    """Say of a contact whether it was not closed by then, or closed and not resolved."""
    closed = (known.closed_at.date() <= end).fill_null(False)
    return ~closed | ~known.resolved.fill_null(True)


def _newest(
    known: ir.Table, value: ir.BooleanValue, *, where: ir.BooleanValue | None = None
) -> ir.BooleanScalar:
    """Return the value of the newest row; of rows of one moment true wins."""
    order = [known.opened_at.desc(), value.desc()]
    return value.first(where=where, order_by=order)


def _scores(surveys: ir.Table, *, as_of: str | date) -> ir.Table:
    said = newest_answers(answers(surveys, as_of=as_of))
    said = said.filter(said["customer_id"].notnull(), said.question.isin(["nps", "csat"]))
    bound = said.lowest + LOWER_QUARTER * (said.highest - said.lowest)
    low = ibis.ifelse(said.question == "nps", said.band == "detractor", said.score <= bound)
    said = said.mutate(low=low)
    order = [said.responded_at.desc(), said.low.desc()]
    return said.group_by("customer_id").agg(low_last_score=said.low.first(order_by=order))
