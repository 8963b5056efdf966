"""Profiles: one row per customer of what a portrait is drawn from."""

from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date, beside
from regulars.measures.money import customer_money
from regulars.measures.purchases import customer_summary, known_lines

__all__ = ["customer_profile", "with_attributes"]

ADDED_UP = ("orders", "purchase_days", "spend", "margin", "discount", "returned")
OWN = {"customer_id", "source_file", "source_line"}


def customer_profile(
    purchases: ir.Table,
    *,
    as_of: str | date,
    since: str | date | None = None,
    margin_rate: float | None = None,
    interactions: ir.Table | None = None,
) -> ir.Table:
    """Sum up every customer who had bought by a day: what they brought and did in a period.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, cost, discount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        The period begins after this day; unless given, with the first line.
    margin_rate : float, optional
        Margin as a share of spend (0 to 1), for lines without a cost.
    interactions : ibis.expr.types.Table, optional
        customer_id, opened_at, kind; with it, who complained in the period is known.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, age, days_since_last (days, over all time); orders, purchase_days, spend,
        margin, discount, returned of the period, 0 for who has no line in it, margin and discount
        missing where they are not known; value_per_order, discount_share (of what would have been
        paid without discounts), return_share (of what was bought), margin_rate (of spend), each
        missing where there is nothing to divide by; repurchased (bought on two days or more;
        missing for who did not buy in the period), complained (missing without `interactions`).

    Examples
    --------
    >>> from regulars.measures.engine import fetch
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 10),
    ...                           ("bob", "1996-07-01", 50)])
    >>> profile = customer_profile(purchases, as_of="1997-02-28", since="1996-12-31")
    >>> fetch(profile.order_by("customer_id"))[["orders", "value_per_order", "repurchased"]]
       orders  value_per_order repurchased
    0       2             20.0        True
    1       0              NaN        None
    """
    customers = customer_summary(purchases, as_of=as_of)
    customers = customers.select("customer_id", "age", "days_since_last")
    money = customer_money(purchases, as_of=as_of, since=since, margin_rate=margin_rate)
    joined = customers.left_join(money, "customer_id")
    # Who has no line brought nothing; who has lines without a cost brought nobody knows what.
    sums = {
        name: ibis.ifelse(joined.customer_id_right.isnull(), 0, joined[name]).cast(
            money[name].type()
        )
        for name in ADDED_UP
    }
    rows = joined.select("customer_id", "age", "days_since_last", **sums)
    complaints = _complaints(purchases, interactions, as_of=as_of, since=since)
    return beside(_with_ratios(rows), complaints)


def with_attributes(profile: ir.Table, *tables: ir.Table) -> ir.Table:
    """Add what is known of customers from other tables, such as region or preferred channel.

    Parameters
    ----------
    profile : ibis.expr.types.Table
        From `customer_profile`.
    *tables : ibis.expr.types.Table
        customer_id and columns of text, numbers or yes and no, one row per customer. A column that
        is already there is not added again; a birth_date becomes birth_year; other dates are left
        out.

    Returns
    -------
    ibis.expr.types.Table
        One row per row of `profile`.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> profile = table_of(pd.DataFrame({"customer_id": ["ann"], "orders": [3]}))
    >>> regions = table_of(pd.DataFrame({"customer_id": ["ann"], "region": ["north"]}))
    >>> with_attributes(profile, regions).columns
    ('customer_id', 'orders', 'region')
    """
    for table in tables:
        kept = {name: table[name] for name in table.columns if _can_be_compared(table[name])}
        if "birth_date" in table.columns:
            kept["birth_year"] = table.birth_date.year()
        new = {name: column for name, column in kept.items() if name not in profile.columns}
        added = table.select(table.customer_id, **new)
        profile = beside(profile, added)
    return profile


def _with_ratios(rows: ir.Table) -> ir.Table:
    active = rows.purchase_days > 0
    return rows.mutate(
        value_per_order=_ratio(rows.spend, rows.orders),
        discount_share=_ratio(rows.discount, rows.spend + rows.discount),
        return_share=_ratio(rows.returned, rows.spend + rows.returned),
        margin_rate=_ratio(rows.margin, rows.spend),
        repurchased=ibis.ifelse(active, rows.purchase_days >= 2, None),
    )


def _ratio(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    return part.cast("float64") / ibis.ifelse(whole > 0, whole, None).cast("float64")


def _complaints(
    purchases: ir.Table,
    interactions: ir.Table | None,
    *,
    as_of: str | date,
    since: str | date | None,
) -> ir.Table:
    """Tell of each buyer whether they complained in the period."""
    buyers = known_lines(purchases, as_of=as_of).select("customer_id").distinct()
    if interactions is None:
        return buyers.mutate(complained=ibis.null("boolean"))
    contacts = _between(interactions, interactions.opened_at, as_of=as_of, since=since)
    complaints = contacts.filter(contacts.kind == "complaint").select("customer_id").distinct()
    joined = buyers.left_join(complaints, "customer_id")
    return joined.select("customer_id", complained=joined.customer_id_right.notnull())


def _between(
    table: ir.Table, at: ir.TimestampValue, *, as_of: str | date, since: str | date | None
) -> ir.Table:
    day = at.date()
    kept = table.filter(day <= ibis.literal(as_date(as_of)))
    return kept if since is None else kept.filter(day > ibis.literal(as_date(since)))


def _can_be_compared(column: ir.Column) -> bool:
    kind = column.type()
    return column.get_name() not in OWN and (
        kind.is_string() or kind.is_numeric() or kind.is_boolean()
    )
