"""Sentences on who buys, and how uneven the base is (03_customer_base).

Each is built from what was measured and claims no more than its numbers.
"""

import pandas as pd

from regulars.measures.intervals import Estimate
from regulars.show.findings import money, month, number, plural, share
from regulars.show.sentences.intake import busiest_month
from regulars.show.sentences.pieces import brackets, is_given, of_customers

__all__ = [
    "base",
    "busiest_month",
    "gini",
    "gini_with_interval",
    "returning",
    "top_tenth",
    "top_tenth_with_interval",
]

NO_SPEND = "The spend of all together is not above zero, so nobody's share of it is given."


def base(
    row: pd.DataFrame, activity: pd.DataFrame, top: Estimate | None, currency: str
) -> list[str]:
    """Say what the customer base looks like.

    Parameters
    ----------
    row : pandas.DataFrame
        One row: customers, orders, spend, orders_per_customer, spend_per_customer, median_spend.
    activity : pandas.DataFrame
        By month: month, new, complete.
    top : Estimate or None
        The share of spend of the top tenth; None where spend is not above zero.
    currency : str
        Three letters.
    """
    one = row.iloc[0]
    if not one["customers"]:
        return ["Nobody has bought anything yet."]
    spent = f"{of_customers(one['customers'])} spent {money(one['spend'], currency)}"
    if one["customers"] == 1:
        return [f"{spent} in {plural(one['orders'], 'order')}."]
    tenth = f"; the top tenth brought {share(top.value)} of it" if is_given(top) else ""
    average = (
        f"On average a customer placed {number(one['orders_per_customer'], 1)} orders and spent "
        f"{money(one['spend_per_customer'], currency)}; half spent "
        f"{money(one['median_spend'], currency)} or less."
    )
    return [f"{spent}{tenth}.", average, *_last_new(activity)]


def returning(activity: pd.DataFrame) -> str:
    """Give the share of the last full month's customers who had bought before, for a chart.

    A month whose numbers are hidden is passed over.
    """
    full = activity[activity["complete"] & (activity["customers"] > 0)]
    shown = full[full["new"].notna()]
    if shown.empty:
        return "No full month with customers yet"
    last = shown.iloc[-1]
    if (full["new"].tail(3) == 0).fillna(False).all() and shown["new"].any():
        newest = shown.loc[shown["new"] > 0, "month"].iloc[-1]
        return f"No new customers since {month(newest)}"
    part = last["returning"] / last["customers"]
    return f"{share(part)} of {month(last['month'])}'s customers had bought before"


def top_tenth(top: Estimate | None) -> str:
    """Say how much of the spend the top tenth brings, for a chart (at most ten words)."""
    if not is_given(top):
        return "There is no spend above zero to share"
    return f"The top tenth brings {share(top.value)} of spend"


def top_tenth_with_interval(top: Estimate | None) -> str:
    """Say how much of the spend the top tenth brings, with interval and n."""
    if not is_given(top):
        return NO_SPEND
    return (
        f"The tenth of customers who spend most bring {share(top.value)} of all spend"
        f"{brackets(top, n=of_customers(top.n))}."
    )


def gini(uneven: Estimate | None) -> str:
    """Give the Gini coefficient, for a chart (at most ten words)."""
    if not is_given(uneven):
        return "There is no spend above zero to share"
    how = "Spend is uneven" if uneven.value >= 0.005 else "All spend alike"
    return f"{how}: Gini coefficient {number(uneven.value, 2)}"


def gini_with_interval(uneven: Estimate | None) -> str:
    """Give the Gini coefficient with its interval, where it has one, and n."""
    if not is_given(uneven):
        return "The Gini coefficient of spend is withheld: spend is not above zero."
    return (
        f"The Gini coefficient of spend is {number(uneven.value, 2)}"
        f"{brackets(uneven, as_='number', n=of_customers(uneven.n))}."
    )


def _last_new(activity: pd.DataFrame) -> list[str]:
    """Name the last month with a new customer, if a full month without one has followed."""
    new = activity.loc[activity["new"] > 0, "month"]
    full = activity.loc[activity["complete"], "month"]
    if new.empty or not (full > new.max()).any():
        return []
    return [f"The last month that brought a new customer is {month(new.max())}."]
