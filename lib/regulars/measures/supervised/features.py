"""Features: what is known of each customer at the end of a day, at most twelve numbers.

Everything is counted in the engine, and from rows up to that day alone. What happened later to a
row that was there already, such as the end of a contract, is not known yet.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date
from regulars.measures.purchases import customer_summary, known_lines

__all__ = ["COLUMNS", "FEATURES", "PLAIN", "customer_features"]

FEATURES = (
    "days_since_last",
    "repeat_days",
    "age",
    "overdue",
    "year_days",
    "spend_a_day",
    "categories",
    "returned_lines",
    "complaints",
    "last_score",
    "contract",
    "contacts",
)
"""The features by name; those whose table is missing are 0 for everybody."""

COLUMNS = {name: (name,) for name in FEATURES} | {"last_score": ("last_score", "answered")}
"""The columns of each feature: a score needs a second one that says whether there is any."""

PLAIN = frozenset({"last_score", "answered", "contract"})
"""Columns that are taken as they are; all others grow like a logarithm."""

YEAR = 365  # days
SCALES = {"nps": (0, 10), "csat": (1, 5)}  # the ends, where no row says the upper one

Tables = Mapping[str, ir.Table]


def customer_features(tables: Tables, *, as_of: str | date) -> ir.Table:
    """Say of every customer who had bought by a day what was known of them at its end.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        Cleaned tables by name: purchases, and if there are any interactions, surveys,
        subscriptions, campaign_contacts. Others are not looked at.
    as_of : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer: customer_id; recency_age (days, for the purchase model);
        days_since_last, repeat_days, age (days; see `purchases.customer_summary`); overdue (days
        since the last purchase day, in mean gaps of their own so far); spend_a_day (net money a
        purchase day); year_days (purchase days in 365 days); categories (bought so far);
        returned_lines (in 365 days); complaints (opened in 365 days); last_score (the newest answer
        to nps or csat from −.5, the worst, to .5; 0 without one), answered (1 or 0); contract (1
        with a contract that runs); contacts (by campaigns, in 365 days).

    Examples
    --------
    >>> from regulars.measures.engine import fetch
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 10)])
    >>> known = fetch(customer_features({"purchases": purchases}, as_of="1997-01-31"))
    >>> known[["days_since_last", "repeat_days", "spend_a_day", "contract"]].values.tolist()
    [[26.0, 0.0, 30.0, 0.0]]
    """
    cut = as_date(as_of)
    rows = _bought(tables["purchases"], cut=cut)
    for name, (columns, count) in _PARTS.items():
        if name in tables:
            rows = _with(rows, count(tables[name], cut=cut), columns)
        else:
            rows = rows.mutate(**{column: ibis.literal(0.0) for column in columns})
    return rows


def _bought(purchases: ir.Table, *, cut: date) -> ir.Table:
    lines = known_lines(purchases, as_of=cut)
    sold, year = lines.kind == "sale", lines.day > _before(cut, YEAR)
    counted = lines.group_by("customer_id").agg(
        year_days=lines.day.nunique(where=sold & year),
        categories=lines.category.nunique(where=sold),
        returned_lines=((lines.kind == "return") & year).sum(),
    )
    customers = customer_summary(purchases, as_of=cut)
    customers = customers.select(
        "customer_id",
        "repeat_days",
        "recency_age",
        "age",
        "days_since_last",
        overdue=customers.days_since_last
        * (customers.repeat_days + 1)
        / _at_least_one(customers.age),
        spend_a_day=customers.spend.cast("float64") / (customers.repeat_days + 1),
    )
    columns = ("year_days", "categories", "returned_lines")
    return _with(customers, counted, columns)


def _complained(interactions: ir.Table, *, cut: date) -> ir.Table:
    opened = interactions.opened_at.date()
    known = interactions.filter(
        interactions.kind == "complaint", opened > _before(cut, YEAR), opened <= cut
    )
    return known.group_by("customer_id").agg(complaints=known.count())


def _answered(surveys: ir.Table, *, cut: date) -> ir.Table:
    known = surveys.filter(
        surveys.customer_id.notnull(),
        surveys.score.notnull(),
        surveys.question.isin(list(SCALES)),
        surveys.responded_at.date() <= ibis.literal(cut),
    )
    is_nps = known.question == "nps"
    lowest, usual = (ibis.ifelse(is_nps, SCALES["nps"][end], SCALES["csat"][end]) for end in (0, 1))
    highest = ibis.coalesce(known.scale_max.cast("float64"), usual.cast("float64"))
    scaled = known.mutate(share=(known.score.cast("float64") - lowest) / (highest - lowest))
    # Of answers of one moment the lowest counts, so that the order of rows does not.
    first = ibis.row_number().over(
        group_by="customer_id", order_by=[ibis.desc("responded_at"), "share"]
    )
    newest = scaled.mutate(place=first)
    newest = newest.filter(newest.place == 0)
    return newest.select("customer_id", last_score=newest.share - 0.5, answered=ibis.literal(1))


def _under_contract(subscriptions: ir.Table, *, cut: date) -> ir.Table:
    ended = subscriptions.ended_at
    known = subscriptions.filter(
        subscriptions.started_at.date() <= ibis.literal(cut),
        ended.isnull() | (ended.date() > ibis.literal(cut)),
    )
    return known.select("customer_id").distinct().mutate(contract=ibis.literal(1))


def _contacted(contacts: ir.Table, *, cut: date) -> ir.Table:
    reached = contacts.contacted_at.date()
    known = contacts.filter(
        reached > _before(cut, YEAR),
        reached <= ibis.literal(cut),
        # Of those who were held back for comparison nobody heard anything.
        ibis.coalesce(contacts.arm, "") != "control",
    )
    return known.group_by("customer_id").agg(contacts=known.count())


_PARTS: dict[str, tuple[tuple[str, ...], Callable[..., ir.Table]]] = {
    "interactions": (("complaints",), _complained),
    "surveys": (("last_score", "answered"), _answered),
    "subscriptions": (("contract",), _under_contract),
    "campaign_contacts": (("contacts",), _contacted),
}


def _with(customers: ir.Table, counted: ir.Table, columns: tuple[str, ...]) -> ir.Table:
    """Put counts beside the customers; who is not in them has 0."""
    joined = customers.left_join(counted, "customer_id")
    numbers = {name: ibis.coalesce(joined[name].cast("float64"), 0.0) for name in columns}
    return joined.select(*customers.columns, **numbers)


def _at_least_one(days: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.ifelse(days > 0, days, 1)


def _before(cut: date, days: int) -> ir.DateScalar:
    return ibis.literal(cut - timedelta(days=days))
