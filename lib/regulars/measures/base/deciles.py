"""Deciles: ten equally large groups of customers, by what they spend."""

import warnings

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.errors import StatisticalDoubt
from regulars.measures.engine import fetch
from regulars.small_groups import LEAST

__all__ = ["deciles", "shown_limits", "size_and_total", "with_decile"]


def deciles(customers: ir.Table) -> pd.DataFrame:
    """Divide the customers into ten groups, from those who spend most to those who spend least.

    The customer at place i of n (0 is first) goes to decile ``10 i // n + 1``, so sizes differ by
    at most one. Equal spends are put in the order of their ids, so the same customers always fall
    into the same group.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`: customer_id, spend.

    Returns
    -------
    pandas.DataFrame
        Ten rows: decile (1 spends most), customers, spend, spend_share (of all spend), spend_from
        and spend_to (lowest and highest spend of a customer in it; missing if it is empty, which
        happens below ten customers).

    Raises
    ------
    ValueError
        If all spend together is not above zero.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": list("abcdefghij"),
    ...                                    "spend": [55, 9, 8, 7, 6, 5, 4, 3, 2, 1]}))
    >>> deciles(customers).loc[0, ["customers", "spend", "spend_share"]].tolist()
    [1.0, 55.0, 0.55]
    """
    n, total = size_and_total(customers)
    placed = _placed(customers, n)
    groups = placed.group_by("decile").agg(
        customers=placed.count(),
        spend=placed.spend.sum().cast("float64"),
        spend_from=placed.spend.min().cast("float64"),
        spend_to=placed.spend.max().cast("float64"),
    )
    found = fetch(groups).set_index("decile").reindex(pd.RangeIndex(1, 11, name="decile"))
    filled = found.fillna({"customers": 0, "spend": 0.0}).astype({"customers": "int64"})
    filled.insert(2, "spend_share", filled.spend / total)
    return filled.reset_index()


def shown_limits(tenths: pd.DataFrame) -> pd.DataFrame:
    """Round where tenths begin and end to two digits: exactly, it is what one customer spent.

    Parameters
    ----------
    tenths : pandas.DataFrame
        From `deciles`.

    Examples
    --------
    >>> rows = pd.DataFrame({"spend_from": [1234.56, 0.0], "spend_to": [9876.5, None]})
    >>> shown_limits(rows).to_numpy().tolist()
    [[1200.0, 9900.0], [0.0, nan]]
    """
    limits = ["spend_from", "spend_to"]
    rounded = {
        name: [amount if pd.isna(amount) else float(f"{amount:.1e}") for amount in tenths[name]]
        for name in limits
    }
    return tenths.assign(**rounded)


def with_decile(customers: ir.Table) -> ir.Table:
    """Add each customer's tenth, as in `deciles`.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        customer_id, spend.

    Raises
    ------
    ValueError
        If all spend together is not above zero.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "spend": [1, 3]}))
    >>> fetch(with_decile(customers).order_by("customer_id")).decile.tolist()
    [6, 1]
    """
    n, _ = size_and_total(customers)
    return _placed(customers, n)


def size_and_total(customers: ir.Table) -> tuple[int, float]:
    """Return the number of customers and all their spend, having looked for what spoils a share.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`: spend.

    Raises
    ------
    ValueError
        If all spend together is not above zero.

    Warns
    -----
    StatisticalDoubt
        If somebody's spend is negative.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> size_and_total(table_of(pd.DataFrame({"spend": [1, 3]})))
    (2, 4.0)
    """
    sums = customers.agg(
        n=customers.count(),
        total=customers.spend.sum().cast("float64"),
        negative=(customers.spend < 0).sum(),
    )
    n, total, negative = fetch(sums).iloc[0]
    if n == 0 or not total > 0:
        raise ValueError(
            "Shares of spend need a total above zero, and there is none: withhold them, and look "
            "at the returns."
        )
    if negative:
        many = f"{int(negative):,}" if negative >= LEAST else f"Fewer than {LEAST}"
        warnings.warn(
            f"{many} of {int(n):,} customers returned more than they bought; their "
            "spend counts as negative in the shares.",
            StatisticalDoubt,
            stacklevel=3,
        )
    return int(n), float(total)


def _placed(customers: ir.Table, n: int) -> ir.Table:
    place = ibis.row_number().over(order_by=[ibis.desc("spend"), "customer_id"])
    return customers.mutate(decile=(place * 10) // n + 1)
