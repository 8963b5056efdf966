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
}

# The fixed column names of the measures: header for readers, and format.
_COLUMNS = {
    "action": ("What to do", "text"),
    "active": ("Active customers", "count"),
    "actual": ("Actual", "number:0"),
    "actual_high": ("Actual, 95 % to", "number:2"),
    "actual_low": ("Actual, 95 % from", "number:2"),
    "actual_mean": ("Actual, mean", "number:2"),
    "age": ("Months after the first", "count"),
    "age_days": ("Age", "days"),
    "amount_from": ("Amount from", "money"),
    "amount_to": ("Amount to", "money"),
    "at_risk": ("Customers at risk", "count"),
    "bg_nbd": ("BG/NBD", "number:0"),
    "bias": ("Error of the total", "share"),
    "cohort": ("First purchase in", "month"),
    "cohorts": ("Cohorts", "count"),
    "complete": ("Month over", "text"),
    "complete_share": ("Complete", "share"),
    "consistent_share": ("Consistent", "share"),
    "customers": ("Customers", "count"),
    "customers_share": ("Share of customers", "share"),
    "days": ("Days", "count"),
    "days_since_last_median": ("Days since last, median", "number:0"),
    "decile": ("Tenth of customers", "count"),
    "f": ("F score", "count"),
    "field": ("Column", "text"),
    "gaps": ("Gaps", "count"),
    "high": ("95 % to", "number"),
    "kind": ("Kind", "name"),
    "lines": ("Lines", "count"),
    "low": ("95 % from", "number"),
    "mae": ("Mean absolute error", "number:3"),
    "mbg_nbd": ("MBG/NBD", "number:0"),
    "month": ("Month", "month"),
    "name": ("Model or rule", "name"),
    "new": ("New customers", "count"),
    "newest": ("Newest row", "date"),
    "orders": ("Orders", "count"),
    "orders_mean": ("Orders, mean", "number:1"),
    "p_alive_from": ("P(alive) from", "number:2"),
    "p_alive_to": ("P(alive) to", "number:2"),
    "part": ("Part", "name"),
    "predicted": ("Predicted", "number:0"),
    "predicted_mean": ("Predicted, mean", "number:2"),
    "r": ("R score", "count"),
    "rate": ("Rate", "share"),
    "repeat_days": ("Repeat purchase days", "text"),
    "returning": ("Returning customers", "count"),
    "rmse": ("Root mean square error", "number:3"),
    "score": ("Can be relied on", "share"),
    "segment": ("Segment", "name"),
    "share": ("Share", "share"),
    "spend": ("Spend", "money"),
    "spend_from": ("Spend from", "money"),
    "spend_share": ("Share of spend", "share"),
    "spend_to": ("Spend to", "money"),
    "unique_share": ("Unique", "share"),
    "valid_share": ("Valid", "share"),
    "week": ("Week", "count"),
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
