"""Sentences on how customers moved between segments (04_segments).

They are handed what may be shown: a number that is hidden is missing, and then not spoken of.
"""

import pandas as pd

from regulars.show.findings import count, number, share
from regulars.show.names import reader_name
from regulars.show.sentences.pieces import of_customers, short_name
from regulars.show.text import is_missing
from regulars.small_groups import LEAST

__all__ = ["changes", "fallen", "growth", "movement", "net_changes"]

SILENT = "silent"
OUTSIDE = ("not_yet", "no_longer")

WHERE_TO = "Where did the customers of each segment go?"


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
    if sure.empty and len(_not_judged(summary)):
        return "Which segments grew?"
    if sure.empty:
        return "No segment of buyers changed by more than chance"
    grew = sure[sure["net"] > 0]
    top = (grew if len(grew) else sure).iloc[0]
    name = short_name(reader_name(top["segment"]), 3)
    verb = "grew" if top["net"] > 0 else "shrank"
    return f"{name} {verb} most: by {of_customers(abs(int(top['net'])))}"


def changes(summary: pd.DataFrame) -> list[str]:
    """Say how many of those known on both days fell silent, and which segments grew or shrank."""
    silent = summary[summary["segment"] == SILENT]
    known = len(silent) and not is_missing(silent["change"].iloc[0])
    return [*([_fell_silent(silent.iloc[0])] if known else []), *net_changes(summary)]


def net_changes(summary: pd.DataFrame) -> list[str]:
    """Say which segments grew or shrank beyond chance, new customers counted too."""
    found, sure = [], _beyond_chance(summary)
    for verb, rows in (("grew", sure[sure["net"] > 0]), ("shrank", sure[sure["net"] < 0])):
        if len(rows):
            found.append(f"By more than chance {verb}: {'; '.join(_sizes(rows))}.")
    hidden = _not_judged(summary)
    if sure.empty and not len(hidden):
        found.append(
            "New customers counted too, no segment of those who still buy grew or shrank by more "
            "than chance."
        )
    elif sure.empty:
        buyers = (summary["segment"] != SILENT).sum()
        found.append(
            f"Whether a segment changed by more than chance is not said for {len(hidden)} of "
            f"{buyers}, as it would tell of few customers; none of the others did."
        )
    return found


def fallen(
    summary: pd.DataFrame, segment: str, *, a_period_before: pd.DataFrame | None = None
) -> str:
    """Say how many of a segment's customers are in it no more, beside the period before.

    Some leave any segment of the best, whatever happens: their best time is over. So the share
    says something only beside that of another period.
    """
    said = _left(summary, segment)
    if _share_left(summary, segment) is None:
        return said
    usual = None if a_period_before is None else _share_left(a_period_before, segment)
    if usual is None:
        return f"{said} Whether that is many cannot be said: there is no earlier period to compare."
    return f"{said} In the period before, {share(usual)} left it."


def _left(summary: pd.DataFrame, segment: str) -> str:
    name = reader_name(segment)
    rows = summary[summary["segment"] == segment]
    if rows.empty or rows["before"].iloc[0] == 0:
        return f"Nobody was in {name} before, so nobody can have left it."
    part = _share_left(summary, segment)
    if part is None:
        return f"How many left {name} is not shown, as it would tell of few customers."
    before = int(rows["before"].iloc[0])
    left = count(round(part * before))
    return f"Of {of_customers(before)} in {name}, {left} ({share(part)}) left it."


def _share_left(summary: pd.DataFrame, segment: str) -> float | None:
    """Return the share who left, None if nobody was there or it would tell of few customers."""
    rows = summary[summary["segment"] == segment]
    if rows.empty or rows["before"].iloc[0] == 0:
        return None
    before, now, stayed = rows[["before", "now", "stayed"]].iloc[0]
    left = before - stayed
    # Who came follows from the size now, which other tables show.
    if is_missing(left) or any(0 < few < LEAST for few in (left, stayed, now - stayed)):
        return None
    return float(left / before)


def _beyond_chance(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the segments that changed, the most first; silence only grows, and is left out."""
    sure = summary["net_exceeds_chance"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    rows = summary[sure & (summary["segment"] != SILENT).to_numpy()]
    rows = rows.assign(size=-rows["net"].astype(float).abs())
    return rows.sort_values(["size", "segment"]).drop(columns="size")


def _not_judged(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the segments of which it is hidden whether they changed beyond chance."""
    return summary[summary["net_exceeds_chance"].isna() & (summary["segment"] != SILENT)]


def _sizes(rows: pd.DataFrame) -> list[str]:
    return [
        f"{reader_name(row.segment)} from {count(row.before)} to {count(row.now)} customers"
        for row in rows.itertuples()
    ]


def _fell_silent(silent: pd.Series) -> str:
    points = [number(100 * silent[name], 1) for name in ("change", "low", "high")]
    verb = "rose" if silent["change"] > 0 else "changed"
    return (
        f"Of those known on both days, the share who bought nothing in the period {verb} by "
        f"{points[0]} percentage points (95 % interval {points[1]} to {points[2]}). Customers fall "
        "silent as they age, in a steady shop too: only with the new ones does it tell of the base."
    )
