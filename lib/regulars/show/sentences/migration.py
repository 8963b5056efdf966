"""Sentences on how customers moved between segments (04_segments).

They are handed what may be shown: a number that is hidden is missing, and then not spoken of.
"""

from typing import Protocol

import pandas as pd

from regulars.show.findings import count, number, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import of_customers, short_name
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = ["CHANCE", "changes", "fallen", "growth", "movement"]

SILENT = "silent"
OUTSIDE = ("not_yet", "no_longer")

CHANCE = (
    "Chance means here: the customers are independent of each other and stand for others like "
    "them, and nothing changes for such customers; then as many come into a segment as leave it, "
    "but for the luck of the draw. The tests hold over all segments together."
)

WHERE_TO = "Where did the customers of each segment go?"


class HasTest(Protocol):
    """The p of a test and the customers behind it."""

    p: float
    n: int


def movement(shares: pd.DataFrame) -> str:
    """Name the most travelled way between two segments, for a chart (at most ten words)."""
    known = shares[~shares["from"].isin(OUTSIDE) & ~shares["to"].isin(OUTSIDE)]
    known = known[(known["from"] != known["to"]) & (known["customers"].fillna(0) > 0)]
    known = known[known["share"].notna()].sort_values(["from", "to"])
    if known.empty:
        return WHERE_TO
    top = known.loc[known["customers"].astype(float).idxmax()]
    names = [short_name(reader_name(top[end]), 2) for end in ("from", "to")]
    return f"{share(top['share'])} of {names[0]} are now {names[1]}"


def growth(summary: pd.DataFrame) -> str:
    """Name the segment that changed most beyond chance, for a chart (at most ten words)."""
    sure = _beyond_chance(summary)
    if sure.empty:
        return "No segment grew or shrank by more than chance"
    grew = sure[sure["net"] > 0]
    top = (grew if len(grew) else sure).iloc[0]
    name = short_name(reader_name(top["segment"]), 3)
    verb = "grew" if top["net"] > 0 else "shrank"
    return f"{name} {verb} most: by {of_customers(abs(int(top['net'])))}"


def changes(summary: pd.DataFrame, test: HasTest) -> list[str]:
    """Say whether the segments changed as a whole, which of them, and how many fell silent."""
    found = [_as_a_whole(test)]
    sure = _beyond_chance(summary)
    for verb, rows in (("grew", sure[sure["net"] > 0]), ("shrank", sure[sure["net"] < 0])):
        if len(rows):
            found.append(f"By more than chance {verb}: {'; '.join(_sizes(rows))}.")
    if sure.empty:
        found.append("New customers counted too, no segment grew or shrank by more than chance.")
    silent = summary[summary["segment"] == SILENT]
    if len(silent) and not is_missing(silent["change"].iloc[0]):
        found.append(_fell_silent(silent.iloc[0]))
    return found


def fallen(summary: pd.DataFrame, segment: str) -> str:
    """Say how many of a segment's customers are in it no more."""
    name = reader_name(segment)
    rows = summary[summary["segment"] == segment]
    if rows.empty or rows["before"].iloc[0] == 0:
        return f"Nobody was in {name} before, so nobody can have left it."
    before, now, stayed = rows[["before", "now", "stayed"]].iloc[0]
    left = before - stayed
    # Who came follows from the size now, which other tables show.
    if is_missing(left) or any(0 < few < LEAST for few in (left, stayed, now - stayed)):
        return f"How many left {name} is not shown, as it would tell of few customers."
    return (
        f"Of {of_customers(int(before))} in {name}, {count(left)} ({share(left / before)}) left it."
    )


def _as_a_whole(test: HasTest) -> str:
    if is_missing(test.p):
        return "No customer was known on both days and moved, so no change can be tested."
    said = "changed by more than chance" if test.p <= 0.05 else "changed by no more than chance"
    p = "p below 0.001" if test.p < 0.001 else f"p = {number(test.p, 3)}"
    return (
        f"Among the {of_customers(test.n)} known on both days, the sizes of the segments {said} "
        f"(Stuart-Maxwell test, {p})."
    )


def _beyond_chance(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the segments that changed, the most first; silence only grows, and is left out."""
    sure = summary["net_exceeds_chance"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    rows = summary[sure & (summary["segment"] != SILENT).to_numpy()]
    rows = rows.assign(size=-rows["net"].astype(float).abs())
    return rows.sort_values(["size", "segment"]).drop(columns="size")


def _sizes(rows: pd.DataFrame) -> list[str]:
    return [
        f"{reader_name(row.segment)} from {count(row.before)} to {count(row.now)} customers"
        for row in rows.itertuples()
    ]


def _fell_silent(silent: pd.Series) -> str:
    points = [number(100 * silent[name], 1) for name in ("change", "low", "high")]
    verb = "rose" if silent["change"] > 0 else "changed"
    beyond = "" if silent["exceeds_chance"] else ", which is no more than chance"
    return (
        f"Of those known on both days, the share who bought nothing in the period {verb} by "
        f"{points[0]} percentage points (95 % interval {points[1]} to {points[2]}){beyond}."
    )
