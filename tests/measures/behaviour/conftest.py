"""Purchases of many simulated customers, made without a loop over rows."""

from collections.abc import Callable
from decimal import Decimal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

START = np.datetime64("2020-01-01")


@pytest.fixture(scope="session")
def lines_of() -> Callable[..., ir.Table]:
    """Make purchases of customers' numbers and days (0 is 2020-01-01), each a sale of 10."""
    return _lines


@pytest.fixture(scope="session")
def gamma_buyers(lines_of) -> Callable[..., ir.Table]:
    """Let customers buy with gamma gaps of a known shape, each at a pace of their own."""

    def buyers(shape: float, *, customers: int, mean: float, seed: int, days: int = 1500):
        random = np.random.default_rng(seed)
        pace = mean * random.lognormal(0, 0.6, customers)
        gaps = random.gamma(shape, 1 / shape, (customers, 400)) * pace[:, None]
        times = random.uniform(0, 1, (customers, 1)) + np.cumsum(gaps, axis=1)
        who, which = np.nonzero(times < days)
        return lines_of(who, np.floor(times[who, which]).astype(int))

    return buyers


def _lines(customers: np.ndarray, days: np.ndarray, **columns: np.ndarray) -> ir.Table:
    days = pd.Series(START + np.asarray(days).astype("timedelta64[D]"))
    n = len(days)
    table = {
        "customer_id": pa.array([f"c{one}" for one in customers], pa.string()),
        "day": pa.array(days.dt.date, pa.date32()),
        "amount": pa.array([Decimal(10)] * n, pa.decimal128(18, 4)),
        "kind": pa.array(["sale"] * n, pa.string()),
        "order_id": pa.nulls(n, pa.string()),
        **{name: pa.array(values, pa.string()) for name, values in columns.items()},
    }
    return ibis.memtable(pa.table(table))
