"""One period: how different its customers are, and what their spend is made of."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.amounts import round_width
from regulars.measures.base.deciles import with_decile
from regulars.measures.base.periods import Periods
from regulars.measures.bootstrap import bootstrap, random_groups
from regulars.measures.engine import fetch
from regulars.measures.money import customer_money

__all__ = [
    "base_row",
    "base_rows",
    "decile_drivers",
    "period_customers",
    "period_means",
    "spend_histogram",
]

SHOWN = 0.95  # of the customers; those who spend more share the last bin
BINS = 15


def base_row(customers: ir.Table) -> pd.DataFrame:
    """Sum up customers in one row.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        orders, spend; one row per customer.

    Returns
    -------
    pandas.DataFrame
        One row: customers, orders, spend, orders_per_customer, spend_per_customer, median_spend
        (all but customers missing where there is nobody).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> row = base_row(table_of(pd.DataFrame({"orders": [1, 3], "spend": [10.0, 40.0]})))
    >>> row.iloc[0, :4].tolist()
    [2.0, 4.0, 50.0, 2.0]
    """
    spend = customers.spend.cast("float64")
    return fetch(
        customers.agg(
            customers=customers.count(),
            orders=customers.orders.sum(),
            spend=customers.spend.sum().cast("float64"),
            orders_per_customer=customers.orders.mean(),
            spend_per_customer=spend.mean(),
            median_spend=spend.median(),
        )
    )


def base_rows(rows: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put rows of `base_row` below each other, each with its name in the first column, ``what``.

    Examples
    --------
    >>> base_rows({"all": pd.DataFrame({"orders": [4]})})
      what  orders
    0  all       4
    """
    named = [row.assign(what=name) for name, row in rows.items()]
    table = pd.concat(named, ignore_index=True)
    return table[["what", *table.columns.drop("what")]]


def period_customers(
    purchases: ir.Table, *, periods: Periods, margin_rate: float | None = None
) -> ir.Table:
    """Sum up each customer with a purchase day in the last period.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases, as `money.customer_money` needs them.
    periods : Periods
        From `periods.periods_of`.
    margin_rate : float, optional
        Margin as a share of spend (0 to 1), for lines without a cost.

    Returns
    -------
    ibis.expr.types.Table
        The columns of `money.customer_money`, for the lines of the period.

    Examples
    --------
    >>> from regulars.measures.base.periods import periods_of
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-02-01", 20)])
    >>> purchases = purchases.mutate(cost=ibis.null("decimal(18, 4)"), discount=purchases.quantity)
    >>> periods = periods_of(purchases, as_of="1997-02-02", period_days=7)
    >>> fetch(period_customers(purchases, periods=periods)).customer_id.tolist()
    ['bob']
    """
    sums = customer_money(
        purchases, as_of=periods.last, since=periods.since, margin_rate=margin_rate
    )
    return sums.filter(sums.purchase_days > 0)


def period_means(customers: ir.Table) -> pd.DataFrame:
    """Estimate what a customer of the period is worth, and what that is made of.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `period_customers`: customer_id, orders, spend, margin.

    Returns
    -------
    pandas.DataFrame
        Rows spend_per_customer, orders_per_customer, value_per_order (spend / orders) and
        margin_share (margin / spend of the customers whose margin is known; missing where nobody's
        is); columns value, low, high (95 %, bootstrap over customers), n (customers behind it).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "orders": [1, 3],
    ...                                    "spend": [10.0, 30.0], "margin": [5.0, None]}))
    >>> period_means(customers)[["value", "n"]]
                         value  n
    spend_per_customer    20.0  2
    orders_per_customer    2.0  2
    value_per_order       10.0  2
    margin_share           0.5  1
    """
    known = customers.margin.notnull()  # noqa: PD004 (Ibis, not pandas)
    sums = {
        "customers": customers.count(),
        "orders": customers.orders.sum(),
        "spend": customers.spend.sum(),
        "margin": customers.margin.sum(),
        "known": known.sum(),
        "known_spend": customers.spend.sum(where=known),
    }
    groups = random_groups(customers, sums)
    means = bootstrap(groups, _means)
    n = groups.customers.sum()
    return means.assign(n=[int(n)] * 3 + [int(groups.known.sum())])


def spend_histogram(customers: ir.Table) -> pd.DataFrame:
    """Count the customers of a period by what they spent, in bins of one round width.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        spend.

    Returns
    -------
    pandas.DataFrame
        spend_from (inside), spend_to (outside), customers; without gaps. The last bin, whose
        spend_to is missing, holds the twentieth of the customers who spent most; where somebody
        returned more than they bought, the first bin holds all below zero, and its spend_from is
        missing.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> spends = table_of(pd.DataFrame({"spend": [-3.0, 1.0, 2.0, 11.0, 95.0]}))
    >>> histogram = spend_histogram(spends)
    >>> histogram.customers.tolist()[:2], histogram.spend_to.tolist()[:2]
    ([1, 2], [0.0, 10.0])
    """
    spends = customers.select(spend=customers.spend.cast("float64"))
    high = fetch(spends.agg(high=spends.spend.quantile(SHOWN))).high[0]
    if pd.isna(high):
        return pd.DataFrame({"spend_from": [], "spend_to": [], "customers": []}).astype("float64")
    width = round_width(25 * max(high, 0) / BINS)
    top = int(max(high, 0) // width) + 1
    place = (spends.spend / width).floor().cast("int64").clip(-1, top)
    counted = fetch(spends.group_by(bin=place).agg(customers=ibis._.count()))
    counted = counted.set_index("bin").customers
    first = -1 if -1 in counted.index else 0
    counted = counted.reindex(range(first, max(counted.index.max(), 0) + 1), fill_value=0)
    starts = counted.index.to_numpy(float) * width
    histogram = pd.DataFrame(
        {"spend_from": starts, "spend_to": starts + width, "customers": counted.to_numpy()}
    )
    histogram["spend_from"] = histogram.spend_from.where(counted.index.to_numpy() >= 0)
    histogram["spend_to"] = histogram.spend_to.where(counted.index.to_numpy() < top)
    return histogram


def decile_drivers(customers: ir.Table) -> pd.DataFrame:
    """Say what the spend of each tenth is made of: orders × value per order, × margin share.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `period_customers`: customer_id, orders, spend, margin.

    Returns
    -------
    pandas.DataFrame
        One row per tenth that is not empty: decile (1 spends most; as in `deciles.deciles`),
        customers, orders, spend, margin (missing where that of one of its customers is not
        known), spend_per_customer, orders_per_customer, value_per_order, margin_share (missing
        also where spend is not above zero).

    Raises
    ------
    ValueError
        If all spend together is not above zero.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "orders": [4, 1],
    ...                                    "spend": [80.0, 20.0], "margin": [40.0, None]}))
    >>> decile_drivers(customers)[["orders_per_customer", "value_per_order", "margin_share"]]
       orders_per_customer  value_per_order  margin_share
    0                  4.0             20.0           0.5
    1                  1.0             20.0           NaN
    """
    placed = with_decile(customers)
    unknown = placed.margin.count() < placed.count()
    tenths = placed.group_by("decile").agg(
        customers=placed.count(),
        orders=placed.orders.sum(),
        spend=placed.spend.sum().cast("float64"),
        margin=ibis.ifelse(unknown, ibis.null("float64"), placed.margin.sum().cast("float64")),
    )
    found = fetch(tenths.order_by("decile"))
    return found.assign(
        spend_per_customer=found.spend / found.customers,
        orders_per_customer=found.orders / found.customers,
        value_per_order=found.spend / found.orders,
        margin_share=(found.margin / found.spend).where(found.spend > 0).astype("float64"),
    )


def _means(sums: pd.DataFrame) -> pd.DataFrame:
    known = sums.known_spend.where(sums.known_spend > 0)
    return pd.DataFrame(
        {
            "spend_per_customer": sums.spend / sums.customers,
            "orders_per_customer": sums.orders / sums.customers,
            "value_per_order": sums.spend / sums.orders,
            "margin_share": sums.margin / known,
        }
    )
