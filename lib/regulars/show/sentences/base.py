"""Sentences on who buys, and how uneven the base is (03_customer_base).

Each is built from what was measured and claims no more than its numbers.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import count, interval, money, month, number, share
from regulars.show.sentences.intake import busiest_month

__all__ = [
    "base",
    "busiest_month",
    "gini",
    "gini_with_interval",
    "returning",
    "top_tenth",
    "top_tenth_with_interval",
]


def base(row: pd.DataFrame, activity: pd.DataFrame, top: Estimate, currency: str) -> list[str]:
    """Say what the customer base looks like."""
    one = row.iloc[0]
    customers, spend = count(one["customers"]), money(one["spend"], currency)
    found = [
        f"{customers} customers spent {spend}; the top tenth brought {share(top.value)} of it.",
        f"On average a customer placed {number(one['orders_per_customer'], 1)} orders and spent "
        f"{money(one['spend_per_customer'], currency)}; half spent less than "
        f"{money(one['median_spend'], currency)}.",
    ]
    new = activity[activity["complete"] & (activity["new"] > 0)]
    if len(new) and new["month"].iloc[-1] < activity["month"].iloc[-1]:
        found.append(
            f"The last month that brought a new customer is {month(new['month'].iloc[-1])}."
        )
    return found


def returning(activity: pd.DataFrame) -> str:
    """Give the share of the last full month's customers who had bought before, for a chart."""
    full = activity[activity["complete"] & (activity["customers"] > 0)]
    if full.empty:
        return "No full month with customers yet"
    last = full.iloc[-1]
    part = last["returning"] / last["customers"]
    return f"{share(part)} of {month(last['month'])}'s customers had bought before"


def top_tenth(top: Estimate) -> str:
    """Say how much of the spend the top tenth brings, for a chart (at most ten words)."""
    return f"The top tenth brings {share(top.value)} of spend"


def top_tenth_with_interval(top: Estimate) -> str:
    """Say how much of the spend the top tenth brings, with interval and n."""
    return (
        f"The tenth of customers who spend most bring {share(top.value)} of all spend "
        f"(95 % interval {interval(top)}, {count(top.n)} customers)."
    )


def gini(uneven: Estimate) -> str:
    """Give the Gini coefficient, for a chart."""
    return f"Spend is uneven: Gini coefficient {number(uneven.value, 2)}"


def gini_with_interval(uneven: Estimate) -> str:
    """Give the Gini coefficient with its interval, where it has one."""
    ends = "" if uneven.low is None else f" (95 % interval {interval(uneven, as_='number')})"
    return f"The Gini coefficient of spend is {number(uneven.value, 2)}{ends}."
