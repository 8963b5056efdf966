"""RFM scores by the rule of R's package rfm, to show why two programs put a customer elsewhere."""

import math
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.segments.cut_points import in_type, order_statistics

__all__ = ["rfm_scores_like_r"]

SCORED = {"r": "days_since_last", "f": "orders", "m": "spend"}


def rfm_scores_like_r(customers: ir.Table, *, bins: int = 5) -> tuple[ir.Table, pd.DataFrame]:
    """Score recency, frequency and money as R's package rfm does.

    The k-th cut point is the quantile at k / bins, interpolated between two customers where it
    falls between them, plus 1. A score holds the values from its lower cut point, inclusive, to
    its upper one, exclusive; for days the scores run backwards. So a cut point need not be a value
    that occurs, the 1 that is added is a day, an order or a unit of money alike, and scores change
    when money is counted in cents. `rfm.rfm_scores` does neither.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`: days_since_last, orders, spend.
    bins : int
        How many scores, at least 2.

    Returns
    -------
    scored : ibis.expr.types.Table
        `customers` with r, f, m added (1 is worst, `bins` best).
    cuts : pandas.DataFrame
        The cut points: measure (days_since_last, orders, spend), cut (1 to bins − 1), value.

    Notes
    -----
    Hebbali (2018), rfm: Recency, Frequency and Monetary Value Analysis, R package,
    `rfm_table_order` and `rfm_table_customer`. Quantiles are definition 7 of Hyndman & Fan (1996),
    The American Statistician 50, 361-365. They are computed exactly here; R computes with rounded
    numbers, and may put a value that stands exactly on an interpolated cut point one score lower.

    Examples
    --------
    >>> from regulars.measures.engine import fetch, table_of
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "orders": [1, 4],
    ...                                    "days_since_last": [9, 3], "spend": [10, 11]}))
    >>> scored, cuts = rfm_scores_like_r(customers, bins=2)
    >>> fetch(scored.order_by("customer_id"))[["customer_id", "r", "f", "m"]]
      customer_id  r  f  m
    0         ann  1  1  1
    1         bob  2  2  1
    >>> cuts.value.tolist()
    [7.0, 3.5, 11.5]
    """
    if bins < 2:
        raise ValueError(f"Expected at least 2 bins, found {bins}. Use 5 for scores 1 to 5.")
    cuts = _cut_points(customers, bins=bins)
    reached = {score: _cuts_reached(customers[m], cuts[m]) for score, m in SCORED.items()}
    scored = customers.mutate(r=bins - reached["r"], f=1 + reached["f"], m=1 + reached["m"])
    table = [
        (measure, cut, float(value))
        for measure, values in cuts.items()
        for cut, value in enumerate(values, start=1)
    ]
    return scored, pd.DataFrame(table, columns=["measure", "cut", "value"])


def _cut_points(customers: ir.Table, *, bins: int) -> dict[str, list[Fraction]]:
    """Interpolate between the customers below and above each quantile, and add 1."""

    def places(n: Any) -> list:
        lower = [(n - 1) * cut // bins + 1 for cut in range(1, bins)]
        return [*lower, *(place + 1 for place in lower), n]

    found = order_statistics(customers, SCORED.values(), places)
    n = int(customers.count().to_pyarrow().as_py())
    weights = [Fraction((n - 1) * cut % bins, bins) for cut in range(1, bins)]
    return {
        measure: [
            1 + _between(values, step, weight, steps=bins - 1)
            for step, weight in enumerate(weights)
        ]
        if (values := found.get(measure))
        else []
        for measure in SCORED.values()
    }


def _between(values: dict[int, Any], step: int, weight: Fraction, *, steps: int) -> Fraction:
    lower = Fraction(values[step])
    return lower + weight * (Fraction(values.get(step + steps, values[step])) - lower)


def _cuts_reached(value: ir.NumericValue, cuts: list[Fraction]) -> ir.NumericValue:
    reached = (value >= in_type(cut, value.type(), math.ceil) for cut in cuts)
    return sum((each.cast("int64") for each in reached), start=ibis.literal(0, "int64"))
