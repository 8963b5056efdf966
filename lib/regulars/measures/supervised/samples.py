"""Samples: what was known of customers at a cut, and who of them bought in the days after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import as_date, beside, fetch, kept
from regulars.measures.purchases import known_lines, purchase_days
from regulars.measures.supervised.features import Tables, customer_features

__all__ = ["MOST", "drawn", "sample"]

MOST = 100_000
GROUP_DIGITS = 3  # of hexadecimal: at most 4,096 random groups


def sample(tables: Tables, *, cut: str | date, horizon_days: int, most: int = MOST) -> pd.DataFrame:
    """Fetch the features of customers at a cut, and whether they bought in the days after it.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        As for `features.customer_features`.
    cut : str or datetime.date
        Last day known, inclusive.
    horizon_days : int
        How many days after the cut are looked at.
    most : int
        At most so many customers: those whose ids have the lowest MD5, which is as good as a lot
        and draws the same ones each time.

    Returns
    -------
    pandas.DataFrame
        One row per customer, without the id: the columns of `features.customer_features`, bought
        (bool), random_group (text, as in `bootstrap.random_groups`).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 10)])
    >>> sample({"purchases": purchases}, cut="1997-01-31", horizon_days=28).bought.tolist()
    [True]
    """
    end = as_date(cut) + timedelta(days=horizon_days)
    with drawn(tables, cut=cut, most=most) as theirs:
        return fetch(_rows(theirs, cut=as_date(cut), end=end))


@contextmanager
def drawn(tables: Tables, *, cut: str | date, most: int = MOST) -> Iterator[dict[str, ir.Table]]:
    """Keep the rows of the customers of `sample` alone, within a ``with`` block.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("bob", "1997-02-01", 10)])
    >>> with drawn({"purchases": purchases}, cut="1997-02-28", most=1) as theirs:
    ...     theirs["purchases"].count().to_pyarrow().as_py()
    1
    """
    lines = known_lines(tables["purchases"], as_of=cut)
    sales = lines.filter(lines.kind == "sale")
    # Not distinct(): for Spark, Ibis 12 makes that the distinct rows of all columns looked at.
    everybody = sales.group_by("customer_id").agg(sales=sales.count())
    lot = everybody.customer_id.hexdigest("md5")
    with kept(everybody.order_by(lot).limit(most)) as customers:
        yield {
            name: table.semi_join(customers, "customer_id")
            for name, table in tables.items()
            if "customer_id" in table.columns
        }


def _rows(tables: Tables, *, cut: date, end: date) -> ir.Table:
    known = customer_features(tables, as_of=cut)
    days = purchase_days(tables["purchases"], as_of=end)
    came = days.filter(days.day > ibis.literal(cut)).select("customer_id").distinct()
    rows = beside(known, came.mutate(bought=ibis.literal(value=True)))
    rows = rows.mutate(bought=ibis.coalesce(rows.bought, ibis.literal(value=False)))
    lot = rows.customer_id.hexdigest("md5")
    ordered = rows.mutate(random_group=lot.substr(0, GROUP_DIGITS)).order_by(lot)
    return ordered.drop("customer_id")
