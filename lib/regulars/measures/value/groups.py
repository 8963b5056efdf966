"""Groups: who holds the value to come, by segment, by tier and by tenth of the customers."""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate
from regulars.measures.value.book import Book, drawn_purchases
from regulars.measures.value.spend_cells import own_cells
from regulars.measures.value.worth import worth_by_group
from regulars.small_groups import LEAST

__all__ = ["GROUP_VALUES", "group_estimates", "value_by_group", "value_deciles"]

GROUP_VALUES = ["value", "low", "high", "comes_low", "comes_high"]
GROUP_VALUES += ["customers_share", "value_share", "per_customer"]
TENTHS = 10


def value_by_group(
    book: Book, groups: ir.Table, *, seed: int, by: str = "segment", order: Sequence[str] = ()
) -> pd.DataFrame:
    """Sum up the lifetime values of groups of customers, with intervals.

    Parameters
    ----------
    book : Book
    groups : ibis.expr.types.Table
        customer_id and the column `by`; every customer once.
    seed : int
        Of the draws.
    by : str
        The grouping, which is held fixed in the intervals.
    order : sequence of str
        The order of the rows; groups that are not in it, or all, by value from the highest.

    Returns
    -------
    pandas.DataFrame
        From `worth.worth_by_group`, with `by` in place of group, and customers_share, value_share,
        per_customer. Groups of few customers are not hidden yet.
    """
    named = groups.select("customer_id", group=groups[by].cast("string"))
    cells = own_cells(book.own.join(named, "customer_id"), by=["group"])
    drawn = drawn_purchases(book, seed=seed)
    found = worth_by_group(book.fitted, book.money, cells, **book.ahead, seed=seed, drawn=drawn)
    found = found.assign(
        customers_share=found.customers / found.customers.sum(),
        value_share=found["value"] / found["value"].sum(),
        per_customer=found["value"] / found.customers,
    )
    places = {name: place for place, name in enumerate(order)}
    found = found.assign(place=found.group.map(places).fillna(len(places)))
    found = found.sort_values(["place", "value"], ascending=[True, False], ignore_index=True)
    return found.drop(columns="place").rename(columns={"group": by})


def group_estimates(groups: pd.DataFrame, *, by: str) -> dict[str, Estimate | None]:
    """Return the value of each group with its interval; None where it is hidden.

    Parameters
    ----------
    groups : pandas.DataFrame
        From `value_by_group`, gone through `suppression.suppressed`.
    by : str
        The grouping.

    Examples
    --------
    >>> groups = pd.DataFrame({"abc": ["A", "B"], "customers": [20, None], "value": [9.0, None],
    ...                        "low": [8.0, None], "high": [10.0, None], "hidden": [False, True]})
    >>> group_estimates(groups, by="abc")
    {'A': Estimate(value=9.0, low=8.0, high=10.0, n=20), 'B': None}
    """
    rows = groups.to_dict("records")
    return {row[by]: None if row["hidden"] else _estimate(row) for row in rows}


def value_deciles(customers: ir.Table) -> pd.DataFrame | None:
    """Say what each tenth of the customers will bring, those with the highest value first.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        `Book.customers`.

    Returns
    -------
    pandas.DataFrame or None
        Ten rows: decile (1 is the most valuable tenth), customers, value, value_share. None with
        so few customers that a tenth must not be shown.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> frame = pd.DataFrame({"customer_id": [str(k) for k in range(100)], "clv": range(100)})
    >>> value_deciles(table_of(frame)).loc[0].tolist()
    [1.0, 10.0, 945.0, 0.19090909090909092]
    """
    order = ibis.window(order_by=[ibis.desc("clv"), "customer_id"])
    placed = customers.mutate(decile=ibis.ntile(TENTHS).over(order) + 1)
    sums = placed.group_by("decile").agg(
        customers=placed.count(), value=placed.clv.cast("float64").sum()
    )
    found = fetch(sums.order_by("decile"))
    if len(found) < TENTHS or found.customers.min() < LEAST:
        return None
    return found.assign(value_share=found["value"] / found["value"].sum())


def _estimate(row: Mapping) -> Estimate:
    ends = (float(row[name]) for name in ("value", "low", "high"))
    return Estimate(*ends, int(row["customers"]))
