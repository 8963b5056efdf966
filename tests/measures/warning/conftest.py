"""Customers to warn of: a few written ones, and many whose rhythm is known."""

from collections.abc import Callable
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from regulars.parameters.forecasts import EarlyWarning

FIRST_DAY = pd.Timestamp("2020-01-01")


@pytest.fixture
def rules() -> EarlyWarning:
    """Return the rules as they are unless told: 5 %, four purchase days, 90 days."""
    return EarlyWarning()


@pytest.fixture
def lines_of() -> Callable[[np.ndarray, np.ndarray], ir.Table]:
    """Return a function that makes purchases of customers' numbers and days since FIRST_DAY."""

    def lines(who: np.ndarray, day: np.ndarray, amount: int = 10) -> ir.Table:
        days = FIRST_DAY + pd.to_timedelta(np.asarray(day, int), unit="D")
        frame = pd.DataFrame({"customer_id": [f"c{one}" for one in who], "ordered_at": days})
        frame = frame.assign(day=days.date, kind="sale", order_id=None, category=None)
        table = pa.Table.from_pandas(frame, preserve_index=False)
        for name in ("order_id", "category"):
            table = table.set_column(
                table.column_names.index(name), name, table[name].cast(pa.string())
            )
        money = pa.array([Decimal(amount)] * len(frame), pa.decimal128(18, 4))
        return ibis.memtable(table.append_column("amount", money))

    return lines


@pytest.fixture
def buyers(lines_of) -> Callable[..., ir.Table]:
    """Return a function that simulates customers who go on, each at a pace of their own.

    `shape` 1 is at random; above it more even. They begin on any day of the first half, and gaps
    are rounded up to whole days.
    """

    def simulate(*, customers: int, shape: float, days: int, mean: float, seed: int) -> ir.Table:
        rng = np.random.default_rng(seed)
        pace = mean * np.exp(rng.normal(0, 0.6, customers))
        gaps = rng.gamma(shape, pace[:, None] / shape, (customers, 4 * int(days / mean)))
        begins = rng.integers(0, days // 2, customers)
        at = np.concatenate([np.zeros((customers, 1)), np.ceil(gaps.cumsum(axis=1))], axis=1)
        at += begins[:, None]
        who = np.repeat(np.arange(customers), at.shape[1])
        there = at.ravel() < days
        return lines_of(who[there], at.ravel()[there])

    return simulate
