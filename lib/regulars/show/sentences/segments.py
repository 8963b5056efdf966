"""Sentences on which customers belong together (04_segments).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping

import pandas as pd

from regulars.show.findings import count, share
from regulars.show.names import reader_name

__all__ = [
    "coverage",
    "largest_segment",
    "segments",
    "spread_table",
    "strongest_segment",
]


def spread_table(spread: Mapping[str, list[float]]) -> pd.DataFrame:
    """Tabulate where the tenth, fiftieth and ninetieth of a hundred customers lie."""
    names = ["1 in 10 is below", "half are below", "9 in 10 are below"]
    table = pd.DataFrame(spread, index=names).T.reset_index(names="measure")
    return table.assign(measure=table["measure"].str.replace("_", " "))


def largest_segment(summary: pd.DataFrame) -> str:
    """Name the segment with the most customers, for a chart (at most ten words)."""
    top = summary.loc[summary["customers"].idxmax()]
    return f"{share(top['customers_share'])} of customers are {_named(top['segment'])}"


def strongest_segment(summary: pd.DataFrame) -> str:
    """Name the segment that brings the most, for a chart (at most ten words)."""
    top = summary.loc[summary["spend"].idxmax()]
    return f"{_named(top['segment']).capitalize()} bring {share(top['spend_share'])} of spend"


def coverage(summary: pd.DataFrame, customers: int) -> str:
    """Say whether the segments hold every customer once."""
    held = int(summary["customers"].sum())
    verdict = (
        "Every customer is in exactly one segment" if held == customers else "Not all are held"
    )
    return f"{verdict}: {count(held)} of {count(customers)}."


def segments(summary: pd.DataFrame) -> list[str]:
    """Say which segment matters, and which is large and brings little."""
    top = summary.loc[summary["spend"].idxmax()]
    large = summary.loc[summary["customers"].idxmax()]
    found = [
        f"{_named(top['segment']).capitalize()} are {share(top['customers_share'])} of customers and "
        f"bring {share(top['spend_share'])} of spend."
    ]
    if large["segment"] != top["segment"]:
        found.append(
            f"The largest segment is {_named(large['segment'])}: {share(large['customers_share'])} of "
            f"customers with {share(large['spend_share'])} of spend."
        )
    return found


def _named(segment: str) -> str:
    return reader_name(segment).lower()
