"""Curves: how money adds up over customers in an order, without showing what one of them brings."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import rows_at_ranks
from regulars.small_groups import LEAST

__all__ = ["curve_ranks", "running_at"]

POINTS = 100


def curve_ranks(n: int) -> np.ndarray:
    """Return how many customers stand before each point of a curve over n of them.

    Points are at least `LEAST` customers apart, and at most 101.

    Examples
    --------
    >>> curve_ranks(35).tolist(), curve_ranks(9).tolist(), len(curve_ranks(5_000))
    ([0, 11, 23, 35], [0, 9], 101)
    """
    steps = max(1, min(POINTS, n // LEAST))
    steps -= steps % 10 if steps > 10 else 0  # every tenth has its point
    return np.arange(steps + 1) * n // steps


def running_at(
    customers: ir.Table, ranks: np.ndarray, money: str, *, order_by: Sequence
) -> np.ndarray:
    """Add up money over the customers in an order, up to each rank.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        customer_id and the money.
    ranks : array of int
        From `curve_ranks`.
    money : str
        The column.
    order_by : sequence
        What to order by; it has to settle ties.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "spend": [1, 3]}))
    >>> running_at(customers, np.array([0, 2]), "spend", order_by=["spend"]).tolist()
    [0.0, 4.0]
    """
    ordered = customers.select("customer_id", money)
    window = ibis.cumulative_window(order_by=order_by)
    summed = ordered.mutate(running=ordered[money].sum().over(window).cast("float64"))
    at = rows_at_ranks(summed, [*ranks[1:]], order_by=order_by).running
    return pd.concat([pd.Series({0: 0.0}), at]).reindex(ranks).to_numpy(float)
