"""Purchases and customers few enough to follow by hand."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from regulars.measures.engine import as_date

__all__ = ["few_cells", "purchases_of"]

MONEY = pa.decimal128(18, 4)
MONEYS = ("quantity", "unit_price", "cost", "discount")
TEXTS = ("product_id", "category", "channel", "region", "campaign_id")


def purchases_of(rows: Iterable[tuple]) -> ir.Table:
    """Make a purchases table from a few written rows, to try a measure on.

    Parameters
    ----------
    rows : iterable of tuple
        ``(customer_id, day, amount)``, and if wanted ``kind`` (``sale`` unless told) and
        ``order_id`` (none unless told). Days are ISO text, amounts are numbers.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, ordered_at (midnight), day, amount (decimal(18, 4)), kind, order_id, and all
        missing quantity, unit_price, cost, discount, product_id, category, channel, region,
        campaign_id; source_file, source_line: the columns of cleaned purchases.

    Examples
    --------
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", -4, "return")])
    >>> purchases.amount.sum().to_pyarrow()
    <pyarrow.Decimal128Scalar: Decimal('6.0000')>
    """
    filled = [(*row, *("sale", None)[len(row) - 3 :]) for row in rows]
    days = [as_date(row[1]) for row in filled]
    midnights = [datetime(day.year, day.month, day.day) for day in days]
    columns = {
        "customer_id": pa.array([row[0] for row in filled], pa.string()),
        "ordered_at": pa.array(midnights, pa.timestamp("us")),
        "day": pa.array(days, pa.date32()),
        "amount": pa.array([Decimal(str(row[2])) for row in filled], MONEY),
        "kind": pa.array([row[3] for row in filled], pa.string()),
        "order_id": pa.array([row[4] for row in filled], pa.string()),
        **{name: pa.nulls(len(filled), MONEY) for name in MONEYS},
        **{name: pa.nulls(len(filled), pa.string()) for name in TEXTS},
        "source_file": pa.array(["by hand"] * len(filled), pa.string()),
        "source_line": pa.array(range(1, len(filled) + 1), pa.int64()),
    }
    return ibis.memtable(pa.table(columns))


def few_cells() -> pd.DataFrame:
    """Return 100 customers in six cells, enough for a purchase model to be fitted to.

    Returns
    -------
    pandas.DataFrame
        repeat_days, recency_age, age (days), customers; as from `cells.count_cells`.

    Examples
    --------
    >>> int(few_cells().customers.sum())
    100
    """
    rows = [(0, 0, 60), (1, 60, 12), (2, 90, 10), (3, 200, 8), (6, 260, 6), (12, 265, 4)]
    cells = pd.DataFrame(rows, columns=["repeat_days", "recency_age", "customers"])
    cells.insert(2, "age", 270)
    return cells
