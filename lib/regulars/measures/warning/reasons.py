"""Reasons: what is known of customers that may be why they buy less or stay away.

A reason is a thing that can be seen in the tables, no more: that it stands beside a warning does
not say that it led to it. What cannot be known of a customer is missing and not "no".
"""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date, beside
from regulars.measures.purchases import customer_summary, known_lines, purchase_days
from regulars.measures.surveys.answers import answers, newest_answers

__all__ = ["REASONS", "customer_reasons", "with_reasons"]

REASONS = (
    "open_complaint",
    "delivery_trouble",
    "low_score",
    "smaller_basket",
    "fewer_categories",
)

SINCE_DAYS = 365  # what is older is no reason for today
LAST = 2  # so many purchase days are held against those before
CLEARLY_LESS = 0.7  # of what it was before
LOWER_QUARTER = 0.25  # of a scale: 1 and 2 of 5, 0 to 2 of 10
DELIVERY = "deliver|shipping|shipment|lieferung|versand|配送|物流|快递|快遞|送货|送貨"


def customer_reasons(
    purchases: ir.Table,
    *,
    as_of: str | date,
    interactions: ir.Table | None = None,
    surveys: ir.Table | None = None,
) -> ir.Table:
    """Tell of each customer which reasons there are; runs in the engine.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, category, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    interactions : ibis.expr.types.Table, optional
        Cleaned: customer_id, opened_at, kind, topic, closed_at, resolved.
    surveys : ibis.expr.types.Table, optional
        Cleaned: see `answers`.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer: customer_id and a bool column for each reason whose table is there,
        missing where it cannot be known. `open_complaint`: a complaint of the last 365 days, not
        closed by then, or closed and not resolved. `delivery_trouble`: a complaint of the last 365
        days about delivery, or a newest answer on delivery in the lowest quarter of its scale; no
        table says when a delivery came. `low_score`: the newest answer of the last 365 days is that
        of a detractor (NPS) or in the lowest quarter (CSAT). `smaller_basket`: the last two
        purchase days brought less than 70 % of those before, a day; missing with fewer than four
        purchase days. `fewer_categories`: likewise the different categories a day.

    Examples
    --------
    >>> from regulars.measures.engine import fetch
    >>> from regulars.measures.examples import purchases_of
    >>> days = zip(("01-01", "01-11", "01-20", "02-01"), (30, 30, 10, 20), strict=True)
    >>> purchases = purchases_of([("ann", f"1997-{day}", money) for day, money in days])
    >>> fetch(customer_reasons(purchases, as_of="1997-04-30")).smaller_basket.tolist()
    [True]
    """
    customers = customer_summary(purchases, as_of=as_of).select("customer_id")
    found = beside(customers, _baskets(purchases, as_of=as_of))
    if interactions is not None:
        complained = beside(found, _complaints(interactions, as_of=as_of))
        none = {
            name: ibis.coalesce(complained[name], False)
            for name in ("open_complaint", "delivery_complaint")
        }
        found = complained.mutate(**none)
    if surveys is not None:
        found = beside(found, _low_answers(surveys, as_of=as_of))
    return _with_delivery(found)


def with_reasons(
    people: ir.Table,
    purchases: ir.Table,
    *,
    as_of: str | date,
    interactions: ir.Table | None = None,
    surveys: ir.Table | None = None,
) -> ir.Table:
    """Put the reasons beside the customers looked at, and whether they are warned of.

    Parameters
    ----------
    people : ibis.expr.types.Table
        From `watch.watched_customers`.
    purchases, as_of, interactions, surveys
        As in `customer_reasons`.

    Returns
    -------
    ibis.expr.types.Table
        `people` with the columns of `customer_reasons`, and is_warned (bool).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.purchases import customer_summary
    >>> purchases = purchases_of([("ann", "1997-01-05", 30)])
    >>> people = customer_summary(purchases, as_of="1997-12-31").mutate(warning=ibis.null("string"))
    >>> with_reasons(people, purchases, as_of="1997-12-31").is_warned.to_pyarrow().to_pylist()
    [False]
    """
    tables = {"interactions": interactions, "surveys": surveys}
    told = beside(people, customer_reasons(purchases, as_of=as_of, **tables))
    return told.mutate(is_warned=told.warning.notnull())


def _baskets(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Hold the last purchase days of each customer against those before."""
    days = _days_with_categories(purchases, as_of=as_of)
    newest = ibis.window(group_by="customer_id", order_by=ibis.desc("day"))
    placed = days.mutate(is_last=ibis.row_number().over(newest) < LAST)
    sums = placed.group_by("customer_id").agg(
        earlier=(~placed.is_last).sum(),
        spend_last=placed.spend.mean(where=placed.is_last),
        spend_before=placed.spend.mean(where=~placed.is_last),
        categories_last=placed.categories.mean(where=placed.is_last),
        categories_before=placed.categories.mean(where=~placed.is_last),
    )
    return sums.select(
        "customer_id",
        smaller_basket=_is_less(sums, "spend"),
        fewer_categories=_is_less(sums, "categories"),
    )


def _days_with_categories(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    """Return the purchase days with spend, and categories where any is known."""
    lines = known_lines(purchases, as_of=as_of)
    lines = lines.filter(lines.kind == "sale")
    known = lines.group_by(["customer_id", "day"]).agg(
        categories=lines.category.nunique().nullif(0)
    )
    days = purchase_days(purchases, as_of=as_of)
    return days.left_join(known, ["customer_id", "day"]).select(
        "customer_id", "day", spend=days.spend.cast("float64"), categories=known.categories
    )


def _is_less(sums: ir.Table, what: str) -> ir.BooleanValue:
    """Say whether the last days brought clearly less; missing where there is nothing to hold to."""
    last, before = sums[f"{what}_last"], sums[f"{what}_before"]
    return ibis.ifelse((sums.earlier >= LAST) & (before > 0), last < CLEARLY_LESS * before, None)


def _complaints(interactions: ir.Table, *, as_of: str | date) -> ir.Table:
    end = as_date(as_of)
    opened = interactions.opened_at.date()
    recent = interactions.filter(
        interactions.kind == "complaint",
        opened <= ibis.literal(end),
        opened > ibis.literal(end - timedelta(days=SINCE_DAYS)),
    )
    closed = ibis.coalesce(recent.closed_at.date() <= ibis.literal(end), False)
    is_open = ~closed | ~ibis.coalesce(recent.resolved, True)
    about = ibis.coalesce(recent.topic.lower().re_search(DELIVERY), False)
    return recent.group_by("customer_id").agg(
        open_complaint=is_open.any(), delivery_complaint=about.any()
    )


def _low_answers(surveys: ir.Table, *, as_of: str | date) -> ir.Table:
    """Say of each customer whether the newest answers are low; missing for who gave none."""
    since = as_date(as_of) - timedelta(days=SINCE_DAYS)
    said = answers(surveys, as_of=as_of, since=since)
    newest = newest_answers(said.filter(said.customer_id.notnull()))
    bound = newest.lowest + LOWER_QUARTER * (newest.highest - newest.lowest)
    is_nps = newest.question == "nps"
    low = ibis.ifelse(is_nps, newest.band == "detractor", newest.score <= bound)
    delivery = newest.question.lower().re_search(f"^driver:.*({DELIVERY})")
    return newest.group_by("customer_id").agg(
        low_score=low.any(where=is_nps | (newest.question == "csat")),
        delivery_answer=low.any(where=delivery),
    )


def _with_delivery(found: ir.Table) -> ir.Table:
    """Put complaints and answers on delivery together, and the reasons in their order."""
    names = [name for name in ("delivery_complaint", "delivery_answer") if name in found.columns]
    if len(names) == 2:
        answered = ibis.coalesce(found.delivery_answer, False)
        found = found.mutate(delivery_trouble=found.delivery_complaint | answered)
    elif names:
        found = found.rename(delivery_trouble=names[0])
    return found.select("customer_id", *(name for name in REASONS if name in found.columns))
