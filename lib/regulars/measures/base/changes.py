"""Changes: who stayed, came back, came and left between two periods."""

from decimal import Decimal

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.base.periods import Periods
from regulars.measures.engine import fetch
from regulars.measures.money import MONEY
from regulars.measures.purchases import known_lines, with_order_key

__all__ = ["STATUSES", "change_by_status", "customer_changes", "money_total"]

STATUSES = ("stayed", "came_back", "new", "left")


def customer_changes(purchases: ir.Table, *, periods: Periods) -> ir.Table:
    """Compare each customer's last period with the one before.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    periods : Periods
        From `periods.periods_of`; two whole periods have to be known.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer with a line in either period: customer_id, status (``stayed``: a
        purchase day in both; ``left``: only in the one before; ``new``: the first purchase day of
        all is in the last; ``came_back``: in the last, and earlier than the one before, but not
        in that; ``only_returns``: in neither), orders_before, orders_now, spend_before, spend_now
        (decimal; net money of a period with a purchase day), returns_before, returns_now (decimal;
        money of a period without one: returns of earlier purchases).

    Raises
    ------
    ValueError
        If the history is shorter than two periods.

    Examples
    --------
    >>> from regulars.measures.base.periods import periods_of
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 10), ("ann", "1997-01-08", -4, "return"),
    ...                           ("bob", "1997-01-09", 5)])
    >>> periods = periods_of(purchases, as_of="1997-01-10", period_days=5)
    >>> changes = fetch(customer_changes(purchases, periods=periods).order_by("customer_id"))
    >>> changes.status.tolist(), [float(money) for money in changes.returns_now]
    (['left', 'new'], [-4.0, 0.0])
    """
    if periods.full < 2:
        raise ValueError(
            f"Expected a history of two periods of {periods.days} days, found {periods.known_days} "
            "days. A whole period is never compared with a part of one: choose shorter periods."
        )
    sums = _by_period(purchases, periods=periods)
    before, now = sums.sales_before > 0, sums.sales_now > 0
    status = ibis.cases(
        (before & now, "stayed"),
        (before, "left"),
        (now & (sums.first_day >= ibis.literal(periods.first)), "new"),
        (now, "came_back"),
        else_="only_returns",
    )
    zero = ibis.literal(0).cast(MONEY)
    return sums.select(
        "customer_id",
        "orders_before",
        "orders_now",
        status=status,
        spend_before=ibis.ifelse(before, sums.money_before, zero),
        spend_now=ibis.ifelse(now, sums.money_now, zero),
        returns_before=ibis.ifelse(before, zero, sums.money_before),
        returns_now=ibis.ifelse(now, zero, sums.money_now),
    )


def change_by_status(changes: ir.Table) -> pd.DataFrame:
    """Sum up the changes by status; they add up to the money of both periods.

    Parameters
    ----------
    changes : ibis.expr.types.Table
        From `customer_changes`.

    Returns
    -------
    pandas.DataFrame
        Rows stayed, came_back, new, left and only_returns, which holds the money that customers
        brought or took back in a period in which they bought nothing; columns status, customers
        (whole numbers; missing for only_returns, whose customers may have another status as
        well), orders_before, orders_now, spend_before, spend_now, change (each an exact
        ``decimal.Decimal``).

    Examples
    --------
    >>> from regulars.measures.base.periods import periods_of
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 10), ("ann", "1997-01-08", -4, "return"),
    ...                           ("bob", "1997-01-09", 5)])
    >>> periods = periods_of(purchases, as_of="1997-01-10", period_days=5)
    >>> found = change_by_status(customer_changes(purchases, periods=periods))
    >>> dict(zip(found.status, map(float, found.change)))
    {'stayed': 0.0, 'came_back': 0.0, 'new': 5.0, 'left': -10.0, 'only_returns': -4.0}
    """
    parts = ("orders_before", "orders_now", "spend_before", "spend_now")
    returned = ("returns_before", "returns_now")
    sums = {name: changes[name].sum() for name in (*parts, *returned)}
    found = fetch(changes.group_by("status").agg(customers=changes.count(), **sums))
    found = found.set_index("status")
    rows = [(name, *_row(found, name, ["customers", *parts])) for name in STATUSES]
    rows.append(("only_returns", None, 0, 0, *(money_total(found[name]) for name in returned)))
    table = pd.DataFrame(rows, columns=["status", "customers", *parts])
    whole = {"customers": "Int64", "orders_before": "int64", "orders_now": "int64"}
    return table.astype(whole).assign(change=table.spend_now - table.spend_before)


def money_total(money: pd.Series) -> Decimal:
    """Add up amounts exactly.

    Examples
    --------
    >>> money_total(pd.Series([Decimal("0.1"), Decimal("0.2")]))
    Decimal('0.3')
    """
    return sum(money, Decimal(0))


def _by_period(purchases: ir.Table, *, periods: Periods) -> ir.Table:
    """Sum up each customer with a line in either period, and find the first purchase day of all."""
    lines = with_order_key(known_lines(purchases, as_of=periods.last))
    now = lines.day >= ibis.literal(periods.first)
    before = ~now & (lines.day >= ibis.literal(periods.first_before))
    zero = ibis.literal(0).cast(MONEY)
    sums = {
        f"{name}_{when}": value
        for when, within in (("before", before), ("now", now))
        for name, value in {
            "sales": (lines.is_sale & within).sum(),
            "orders": lines.order_key.nunique(where=lines.is_sale & within),
            "money": ibis.ifelse(within, lines.amount, zero).sum().cast(MONEY),
        }.items()
    }
    either = (now | before).sum()
    grouped = lines.group_by("customer_id").agg(
        first_day=lines.day.min(where=lines.is_sale), either=either, **sums
    )
    return grouped.filter(grouped.either > 0)


def _row(found: pd.DataFrame, status: str, columns: list[str]) -> list:
    if status in found.index:
        return found.loc[status, columns].tolist()
    return [0, 0, 0, Decimal(0), Decimal(0)]
