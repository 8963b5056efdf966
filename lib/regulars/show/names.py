"""Names: what readers call the columns, models and rules that the measures name for machines."""

import re

import pandas as pd

from regulars.show.text import one_line

__all__ = ["known_format", "reader_header", "reader_name"]

_NAMES = {
    "bg_nbd": "BG/NBD",
    "mbg_nbd": "MBG/NBD",
    "pareto_nbd": "Pareto/NBD",
    "always_zero": "Nobody buys again",
    "same_as_before": "Same as before",
    "past_rate": "Past rate goes on",
    "cant_lose_them": "Can't lose them",
    "vip": "VIP",
    "goods": "Cost of goods",
    "nps": "NPS",
    "csat": "CSAT",
    "ces": "CES",
}

# The fixed column names of the measures: header for readers, and format.
_COLUMNS = {
    "action": ("What to do", "text"),
    "active": ("Active customers", "count"),
    "active_share": ("Active share", "share"),
    "actual": ("Actual", "number:0"),
    "actual_high": ("Actual, 95 % to", "number:2"),
    "actual_low": ("Actual, 95 % from", "number:2"),
    "actual_mean": ("Actual, mean", "number:2"),
    "again": ("On two or more days", "count"),
    "age": ("Months after the first", "count"),
    "age_days": ("Age", "days"),
    "amount_from": ("Amount from", "money"),
    "amount_to": ("Amount to", "money"),
    "at_risk": ("Customers at risk", "count"),
    "band": ("First purchase", "text"),
    "base_share": ("In orders of all", "share"),
    "before": ("Before", "count"),
    "bg_nbd": ("BG/NBD", "number:0"),
    "bias": ("Error of the total", "share"),
    "both": ("With both", "count"),
    "came_in": ("Came in", "count"),
    "category": ("Category", "text"),
    "change": ("Change of spend", "money"),
    "cluster": ("Cluster", "count"),
    "cohort": ("First purchase in", "month"),
    "cohorts": ("Cohorts", "count"),
    "comments": ("Comments", "count"),
    "compared": ("In the comparison", "text"),
    "complete": ("Month over", "text"),
    "complete_share": ("Complete", "share"),
    "consistent_share": ("Consistent", "share"),
    "customers": ("Customers", "count"),
    "customers_share": ("Share of customers", "share"),
    "days": ("Days", "count"),
    "days_between": ("Days between purchases", "number:1"),
    "days_since_last_median": ("Days since last, median", "number:0"),
    "decile": ("Tenth of customers", "count"),
    "detectable": ("Smallest seen", "number"),
    "detractors": ("Detractors", "share"),
    "differs": ("Beyond chance", "text"),
    "effect": ("Through", "name"),
    "expected": ("Expected by chance", "number:0"),
    "f": ("F score", "count"),
    "field": ("Column", "text"),
    "first": ("First", "text"),
    "first_day": ("From", "date"),
    "from": ("From", "name"),
    "gaps": ("Gaps", "count"),
    "gone": ("No longer", "count"),
    "grade": ("Grade", "name"),
    "group": ("Group", "name"),
    "high": ("95 % to", "number"),
    "importance": ("Class", "name"),
    "index": ("Times as often", "number:2"),
    "intervals_since_last": ("Days since last, by days between", "number:1"),
    "invitations": ("Invitations", "count"),
    "kind": ("Kind", "name"),
    "label": ("Tier", "text"),
    "last_day": ("To", "date"),
    "lift": ("Times chance", "number:2"),
    "lines": ("Lines", "count"),
    "low": ("95 % from", "number"),
    "mae": ("Mean absolute error", "number:3"),
    "margin": ("Margin", "money"),
    "margin_share": ("Margin share", "share"),
    "mbg_nbd": ("MBG/NBD", "number:0"),
    "mean": ("Mean answer", "number:2"),
    "mean_answer": ("Mean answer", "number:2"),
    "median_days": ("Half are back after", "days"),
    "month": ("Month", "month"),
    "name": ("Model or rule", "name"),
    "need": ("Need", "name"),
    "net": ("Change", "count"),
    "net_exceeds_chance": ("Exceeds chance", "text"),
    "new": ("New customers", "count"),
    "newest": ("Newest row", "date"),
    "now": ("Now", "count"),
    "old_share": ("Share of old customers", "share"),
    "orders": ("Orders", "count"),
    "orders_before": ("Orders before", "count"),
    "orders_mean": ("Orders, mean", "number:1"),
    "orders_now": ("Orders now", "count"),
    "orders_per_active": ("Orders per active", "number:2"),
    "orders_per_customer": ("Orders per customer", "number:2"),
    "p_alive_from": ("P(alive) from", "number:2"),
    "p_alive_to": ("P(alive) to", "number:2"),
    "part": ("Part", "name"),
    "predicted": ("Predicted", "number:0"),
    "predicted_mean": ("Predicted, mean", "number:2"),
    "predicted_share": ("Share of predicted spend", "share"),
    "predicted_spend": ("Predicted spend", "money"),
    "profit": ("Profit", "money"),
    "profit_share": ("Share of profit", "share"),
    "purchase": ("Purchase day", "count"),
    "q_value": ("False discovery rate", "number:3"),
    "question": ("Question", "name"),
    "r": ("R score", "count"),
    "rate": ("Rate", "share"),
    "rate_high": ("Rate, 95 % to", "share"),
    "rate_low": ("Rate, 95 % from", "share"),
    "repeat_days": ("Repeat purchase days", "text"),
    "returning": ("Returning customers", "count"),
    "rmse": ("Root mean square error", "number:3"),
    "rule": ("Rule", "text"),
    "score": ("Can be relied on", "share"),
    "second": ("Second", "text"),
    "segment": ("Segment", "name"),
    "share": ("Share", "share"),
    "share_of_margin": ("Share of margin", "share"),
    "silhouette": ("Silhouette", "number:2"),
    "spend": ("Spend", "money"),
    "spend_after": ("Spend after", "money"),
    "spend_before": ("Spend before", "money"),
    "spend_from": ("Spend from", "money"),
    "spend_now": ("Spend now", "money"),
    "spend_per_customer": ("Spend per customer", "money"),
    "spend_share": ("Share of spend", "share"),
    "spend_to": ("Spend to", "money"),
    "spend_to_age": ("Spend up to that age", "money"),
    "status": ("Status", "name"),
    "stayed": ("Stayed", "count"),
    "step": ("Step", "name"),
    "support": ("Share of baskets", "share"),
    "tag": ("Tag", "name"),
    "to": ("To", "name"),
    "topic": ("Topic", "name"),
    "unique_share": ("Unique", "share"),
    "valid_share": ("Valid", "share"),
    "value_per_order": ("Value per order", "money"),
    "variance_inflation": ("Variance inflation", "number:1"),
    "week": ("Week", "count"),
    "went_out": ("Went out", "count"),
    "whole": ("Wholly known", "text"),
}


def reader_name(name: str) -> str:
    """Return the name of a model, rule or segment as readers know it.

    A machine's name begins with a capital here, and its underscores become spaces. Any other name
    is somebody's own; at most it gets its capital.

    Examples
    --------
    >>> reader_name("mbg_nbd"), reader_name("at_risk"), reader_name("VIP_2024")
    ('MBG/NBD', 'At risk', 'VIP_2024')
    """
    words = _NAMES.get(name, one_line(name))
    if len(words) < 2 or not words.islower():
        return words
    if re.fullmatch(r"[a-z][a-z0-9_]*", words):
        words = words.replace("_", " ")
    return words[0].upper() + words[1:]


def reader_header(name: object) -> str:
    """Return the header of a column: its words for readers if a measure made it, else its name.

    Examples
    --------
    >>> reader_header("spend_share"), reader_header("rows_in"), reader_header("Shop [m²]")
    ('Share of spend', 'Rows in', 'Shop [m²]')
    """
    header, _ = _COLUMNS.get(name, (None, None)) if isinstance(name, str) else (None, None)
    return header or one_line(reader_name(str(name)), width=60)


def known_format(frame: pd.DataFrame, name: object) -> str | None:
    """Return the format of a column that a measure made, or None for any other.

    The ends of an interval are shares where they stand beside a share or a rate.

    Examples
    --------
    >>> known_format(pd.DataFrame({"rate": [.4], "low": [.3]}), "low")
    'share'
    """
    if name in ("low", "high") and {"rate", "share"} & set(frame.columns):
        return "share"
    _, spec = _COLUMNS.get(name, (None, None)) if isinstance(name, str) else (None, None)
    return spec
