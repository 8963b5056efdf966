"""Bridge: from list value to profit step by step, and how profit adds up over the customers."""

from decimal import Decimal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch, rows_at_ranks

__all__ = ["profit_bridge", "whale_curve"]


BRIDGE = (
    ("list_value", "list_value", "level"),
    ("discounts", "discount", "change"),
    ("spend", "spend", "level"),
    ("goods", "goods", "change"),
    ("margin", "margin", "level"),
    ("contacts", "contact_cost", "change"),
    ("campaigns", "campaign_cost", "change"),
    ("returns", "return_cost", "change"),
    ("profit", "profit", "level"),
)
COSTS = ("contact_cost", "campaign_cost", "return_cost")
POINTS = 100


def profit_bridge(profits: ir.Table) -> pd.DataFrame | None:
    """Lead from what everything would have cost at list price to profit.

    Parameters
    ----------
    profits : ibis.expr.types.Table
        From `profit.customer_profit`; customers whose margin is not known are left out.

    Returns
    -------
    pandas.DataFrame or None
        One row per step: step (list_value, discounts, spend, goods, margin, contacts, campaigns,
        returns, profit), kind (level; change, which is added to the level before), value (money;
        a cost is negative), customers. None if nobody's profit is known.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.segments.profit import customer_profit
    >>> from regulars.parameters.segments import Costs
    >>> purchases = purchases_of([("ann", "1997-01-05", 30)])
    >>> profits, _ = customer_profit(purchases, {}, Costs(margin_rate=.4), as_of="1997-12-31")
    >>> bridge = profit_bridge(profits).set_index("step").value
    >>> bridge[["spend", "goods", "margin", "profit"]].tolist()
    [30.0, -18.0, 12.0, 12.0]
    """
    known = profits.drop_null("profit")
    names = ("spend", "discount", "margin", *COSTS, "profit")
    sums = known.agg(n=known.count(), **{name: known[name].sum() for name in names})
    sums = fetch(sums).iloc[0].to_dict()
    if not sums["n"]:
        return None
    sums = {name: value if pd.notna(value) else Decimal(0) for name, value in sums.items()}
    sums["list_value"] = sums["spend"] + sums["discount"]
    sums["goods"] = sums["spend"] - sums["margin"]
    rows = [
        (step, kind, float(sums[name] if kind == "level" else -sums[name]))
        for step, name, kind in BRIDGE
    ]
    bridge = pd.DataFrame(rows, columns=["step", "kind", "value"])
    return bridge.assign(customers=int(sums["n"]))


def whale_curve(profits: ir.Table) -> pd.DataFrame | None:
    """Trace how profit adds up from the most to the least profitable customer.

    Where some customers cost more than they bring, the curve rises above all profit and falls back
    to it. Between two customers it runs straight.

    Parameters
    ----------
    profits : ibis.expr.types.Table
        From `profit.customer_profit`; customers whose profit is not known are left out.

    Returns
    -------
    pandas.DataFrame or None
        101 points: customers_share (the most profitable first), profit (money of all up to there),
        profit_share (of all profit; missing unless that is above zero). None if nobody's profit
        is known.

    Notes
    -----
    Kaplan & Narayanan (2001), Measuring and managing customer profitability, Journal of Cost
    Management 15(5), 5-15.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> profits = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "profit": [12.0, -2.0]}))
    >>> whale_curve(profits).loc[[0, 50, 100], "profit_share"].tolist()
    [0.0, 1.2, 1.0]
    """
    known = profits.drop_null("profit").select("customer_id", "profit")
    n = int(known.count().to_pyarrow().as_py())
    if not n:
        return None
    order = [ibis.desc("profit"), "customer_id"]
    running = known.profit.sum().over(ibis.cumulative_window(order_by=order)).cast("float64")
    below, part = np.divmod(np.arange(POINTS + 1) * n, POINTS)
    found = rows_at_ranks(known.mutate(running=running), [*below, *(below + 1)], order_by=order)
    at = pd.concat([pd.Series({0: 0.0}), found.running])
    start, end = at.reindex(below).to_numpy(), at.reindex(np.minimum(below + 1, n)).to_numpy()
    money = start + (end - start) * part / POINTS
    curve = pd.DataFrame({"customers_share": np.arange(POINTS + 1) / POINTS, "profit": money})
    return curve.assign(profit_share=money / (money[-1] if money[-1] > 0 else np.nan))
