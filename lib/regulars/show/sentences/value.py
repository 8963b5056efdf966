"""Sentences on what customers are worth: tiers, importance, profit (04_segments).

Each is built from what was measured and claims no more than its numbers. A frame whose small groups
are hidden gives sentences without their numbers.
"""

from typing import Protocol

import pandas as pd

from regulars.show.findings import count, money, share
from regulars.show.sentences.pieces import of_customers
from regulars.show.text import is_missing

__all__ = [
    "bridge_title",
    "importance",
    "importance_title",
    "profit",
    "pyramid_title",
    "stability",
    "stability_title",
    "tiers",
    "whale_title",
]

HUMP = 1.005  # as in the chart: below it the curve rises no more than a reader can see
WITHHELD = "Profit is not known, as the cost of the goods is not."


class HasStability(Protocol):
    """What ``measures.segments.weights.weight_stability`` returns."""

    median: float
    low: float
    high: float
    vips: int
    looked_at: int
    active: int
    weightings: int


def pyramid_title(summary: pd.DataFrame) -> str:
    """Say what the top of the pyramid brings, for a chart (at most ten words)."""
    _, value, what = _row(summary, "tier", "top")
    if is_missing(value):
        return "What does the top of the pyramid bring?"
    label = summary.loc[summary["tier"] == "top", "label"].iloc[0]
    return f"The {label.lower()} of customers bring {share(value)} of {what}"


def tiers(abc: pd.DataFrame, pyramid: pd.DataFrame) -> list[str]:
    """Say what class A and the top of the pyramid weigh, now and in the prediction."""
    found = []
    for summary, tier, name in ((abc, "A", "Class A"), (pyramid, "top", "The top of the pyramid")):
        customers, value, what = _row(summary, "tier", tier)
        if is_missing(value):
            continue
        one = summary[summary["tier"] == tier].iloc[0]
        ahead = one.get("predicted_share")
        more = "" if is_missing(ahead) else f", and {share(ahead)} of what is predicted"
        found.append(
            f"{name} is {share(customers)} of customers ({count(one['customers'])}) and brings "
            f"{share(value)} of {what}{more}."
        )
    return found or ["What the tiers bring is not shown."]


def importance_title(summary: pd.DataFrame) -> str:
    """Say what the VIPs are and bring, for a chart (at most ten words)."""
    customers, value, what = _row(summary, "importance", "vip")
    if is_missing(value):
        return "Which customers matter most?"
    return f"VIPs: {share(customers)} of customers bring {share(value)} of {what}"


def importance(summary: pd.DataFrame) -> list[str]:
    """Say how many are VIP, potential and dormant, and what they bring."""
    rows = summary.set_index("importance")
    if not rows["customers"].sum() > 0 and not rows["customers"].isna().any():
        return ["There is no customer yet who could be important."]
    customers, value, what = _row(summary, "importance", "vip")
    found = []
    if not is_missing(value):
        found.append(
            f"{share(customers)} of customers are VIP; they bring {share(value)} of the "
            f"{what} of the period."
        )
    potential = rows.loc["potential"]
    if not is_missing(potential.get("predicted_share")) and potential["customers"] > 0:
        found.append(
            f"{of_customers(potential['customers'])} more are potential: not VIP yet, with "
            f"{share(potential['predicted_share'])} of the predicted spend."
        )
    if not is_missing(rows.loc["dormant", "customers_share"]):
        found.append(f"{share(rows.loc['dormant', 'customers_share'])} are dormant.")
    return found or ["The classes are too small to be shown."]


def stability_title(stable: HasStability | None) -> str:
    """Say how many VIPs other weights would keep, for a chart (at most ten words)."""
    if stable is None:
        return "Nobody is active, so nobody is VIP"
    return f"Under other weights, {share(stable.median)} of VIPs stay VIP"


def stability(stable: HasStability | None) -> str:
    """Say how far being a VIP depends on the weights, and what was looked at."""
    if stable is None:
        return "Nobody is active, so there are no VIPs whom other weights could change."
    some = (
        f"all {of_customers(stable.active)} who are active"
        if stable.looked_at == stable.active
        else f"{count(stable.looked_at)} of {of_customers(stable.active)} who are active"
    )
    return (
        f"With the criteria weighted at random {count(stable.weightings)} times, {some} looked at, "
        f"half the weightings keep at least {share(stable.median)} of the VIPs; nine in ten keep "
        f"between {share(stable.low)} and {share(stable.high)}."
    )


def bridge_title(bridge: pd.DataFrame | None) -> str:
    """Say what is left of spend, for a chart (at most ten words)."""
    if bridge is None:
        return "Profit is withheld: the cost of goods is missing"
    steps = bridge.set_index("step")["value"]
    if not steps["spend"] > 0:
        return "There is no spend to begin with"
    if steps["profit"] < 0:
        return f"The loss is {share(-steps['profit'] / steps['spend'])} of spend"
    return f"{share(steps['profit'] / steps['spend'])} of spend is left as profit"


def whale_title(curve: pd.DataFrame | None) -> str:
    """Say how profit is spread, for a chart (at most ten words)."""
    if curve is None:
        return "Profit is withheld: the cost of goods is missing"
    shares = curve["profit_share"].astype(float)
    if not shares.notna().any():
        return "All customers together bring no profit"
    fifth = (curve["customers_share"] - 0.2).abs().idxmin()
    best = shares.idxmax() if shares.max() > HUMP else fifth
    who = share(curve["customers_share"][best])
    return f"The best {who} of customers bring {share(shares[best])} of profit"


def profit(grades: pd.DataFrame | None, bridge: pd.DataFrame | None, *, currency: str) -> list[str]:
    """Say what profit is left, and who takes it away."""
    if grades is None or bridge is None:
        return [WITHHELD]
    steps = bridge.set_index("step")["value"]
    left = (
        f", {share(steps['profit'] / steps['margin'])} of the margin" if steps["margin"] > 0 else ""
    )
    found = [
        f"Of {money(steps['spend'], currency)} of spend, {money(steps['profit'], currency)} are "
        f"left as profit{left}."
    ]
    bad = grades.set_index("grade").loc["bad"]
    if is_missing(bad["customers"]):
        return found
    if not bad["customers"]:
        return [*found, "Nobody costs more than they bring."]
    return [
        *found,
        f"{of_customers(bad['customers'])} ({share(bad['customers_share'])}) cost more than they "
        f"bring, {money(-bad['profit'], currency)} together, by this way of sharing out costs; "
        "what campaigns cost would not go away with them.",
    ]


def _row(summary: pd.DataFrame, column: str, name: str) -> tuple[float, float, str]:
    """Return a group's share of customers and of value, and what value is."""
    by_margin = "share_of_margin" in summary and summary["share_of_margin"].notna().any()
    value, what = ("share_of_margin", "margin") if by_margin else ("spend_share", "spend")
    one = summary[summary[column] == name].iloc[0]
    return one["customers_share"], one[value], what
