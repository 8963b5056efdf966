"""Sentences on which customers belong together (04_segments).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping

import pandas as pd

from regulars.show.findings import count, share
from regulars.show.hidden import hidden_rows
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import short_name

__all__ = [
    "coverage",
    "largest_segment",
    "segments",
    "spread_table",
    "strongest_segment",
]

NOBODY = "No customer is in any segment yet"
NO_SPEND = "No segment brings any spend"


def spread_table(spread: Mapping[str, list[float]]) -> pd.DataFrame:
    """Tabulate where the tenth, fiftieth and ninetieth of a hundred customers lie."""
    names = ["1 in 10 is at most", "half are at most", "9 in 10 are at most"]
    measures = [measure.replace("_", " ") for measure in spread]
    rows = [dict(zip(names, values, strict=True)) for values in spread.values()]
    table = pd.DataFrame(rows, columns=names)
    table.insert(0, "measure", measures)
    return table


def largest_segment(summary: pd.DataFrame) -> str:
    """Name the segment with the most customers, for a chart (at most ten words)."""
    top = _first_by(summary, "customers")
    if _is_open(summary, "customers", top):
        return "Which segment is the largest?"
    if top is None:
        return NOBODY
    name = short_name(reader_name(top["segment"]), 5)
    return f"Largest segment: {name}, {share(top['customers_share'])} of customers"


def strongest_segment(summary: pd.DataFrame) -> str:
    """Name the segment that brings the most, for a chart (at most ten words)."""
    top = _first_by(summary, "spend")
    if _is_open(summary, "spend", top):
        return "Which segment brings the most?"
    if top is None:
        return NO_SPEND
    name = short_name(reader_name(top["segment"]), 4)
    return f"The most spend, {share(top['spend_share'])}, comes from {name}"


def coverage(summary: pd.DataFrame, customers: int) -> str:
    """Say whether the segments hold every customer once."""
    held = int(summary["customers"].sum())
    if not held and not customers:
        return "There are no customers to put into segments."
    said = "Every customer is in exactly one segment"
    if held != customers:
        said = "Not every customer is in exactly one segment"
    return f"{said}: {count(held)} of {count(customers)}."


def segments(summary: pd.DataFrame) -> list[str]:
    """Say which segment matters, and which is large and brings little."""
    top, large = _first_by(summary, "spend"), _first_by(summary, "customers")
    if _is_open(summary, "customers", large) or _is_open(summary, "spend", top):
        return ["Which segment matters most is not said: it may be one that is not shown."]
    if large is None:
        return [f"{NOBODY}."]
    if top is None:
        return [
            f"{NO_SPEND}. The largest is {reader_name(large['segment'])}, with "
            f"{share(large['customers_share'])} of customers."
        ]
    found = [
        f"{reader_name(top['segment'])} is the segment that brings the most: "
        f"{share(top['spend_share'])} of spend, from {share(top['customers_share'])} of customers."
    ]
    if large["segment"] != top["segment"]:
        found.append(
            f"{reader_name(large['segment'])} is the largest segment: "
            f"{share(large['customers_share'])} of customers, with "
            f"{share(large['spend_share'])} of spend."
        )
    return found


def _first_by(summary: pd.DataFrame, column: str) -> pd.Series | None:
    """Return the row with the most, if that is above zero."""
    if not summary[column].max() > 0:  # also where there is no number at all
        return None
    return summary.loc[summary[column].idxmax()]


def _is_open(summary: pd.DataFrame, column: str, top: pd.Series | None) -> bool:
    """Tell whether a hidden segment may have more than the first of those shown."""
    if not hidden_rows(summary).any():
        return False
    rest = 1 - summary[f"{column}_share"].sum()
    return top is None or not top[f"{column}_share"] >= rest
