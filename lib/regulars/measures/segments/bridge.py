"""Bridge: from list value to profit step by step, and how profit adds up over the customers."""

from decimal import Decimal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.curves import curve_ranks, running_at
from regulars.measures.engine import fetch
from regulars.small_groups import LEAST

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
        a cost is negative). None if nobody's profit is known.

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
    # How many are behind it is not said: with all customers it gives those of unknown margin.
    return pd.DataFrame(rows, columns=["step", "kind", "value"])


def whale_curve(profits: ir.Table) -> pd.DataFrame | None:
    """Trace how profit adds up from the most to the least profitable customer.

    Where some customers cost more than they bring, the curve rises above all profit and falls back
    to it. Its points are at least ten customers apart, so that no step is one person's profit.

    Parameters
    ----------
    profits : ibis.expr.types.Table
        From `profit.customer_profit`; customers whose profit is not known are left out.

    Returns
    -------
    pandas.DataFrame or None
        At most 101 points: customers_share (the most profitable first), profit (money of all up
        to there), profit_share (of all profit; missing unless that is above zero). None if nobody's
        profit is known, or that of fewer than 100 customers.

    Notes
    -----
    Kaplan & Narayanan (2001), Measuring and managing customer profitability, Journal of Cost
    Management 15(5), 5-15.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> people = {"customer_id": [f"c{i:03}" for i in range(100)], "profit": [12.0, -2.0] * 50}
    >>> curve = whale_curve(table_of(pd.DataFrame(people)))
    >>> curve.profit_share.tolist()[:6]
    [0.0, 0.24, 0.48, 0.72, 0.96, 1.2]
    """
    known = profits.drop_null("profit").select("customer_id", "profit")
    n = int(known.count().to_pyarrow().as_py())
    if n < 10 * LEAST:
        return None
    ranks = curve_ranks(n)
    money = running_at(known, ranks, "profit", order_by=[ibis.desc("profit"), "customer_id"])
    curve = pd.DataFrame({"customers_share": ranks / n, "profit": money})
    return curve.assign(profit_share=money / (money[-1] if money[-1] > 0 else np.nan))
