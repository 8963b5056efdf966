"""Sentences on reasons: what is more frequent among those warned of than among the others."""

from collections.abc import Collection

import pandas as pd

from regulars.show.findings import missing, number, plural, share
from regulars.show.names import reader_name
from regulars.small_groups import HIDDEN

__all__ = ["absent", "reason_table", "reasons", "reasons_title"]

_CHANCE = 0.05
_NEEDED = {
    "interactions": (
        ["customer_id", "opened_at", "kind", "closed_at", "resolved"],
        "open complaints of those warned of",
    ),
    "surveys": (["customer_id", "responded_at", "question", "score"], "their low scores"),
}


def reasons_title(rows: pd.DataFrame) -> str:
    """Say which reason stands out, for a chart (at most ten words)."""
    clear = _clear(rows)
    if clear.empty:
        return "No reason is more frequent among those warned of"
    first = clear.sort_values("difference", ascending=False).iloc[0]
    return f"{reader_name(first['reason'])} is more frequent among those warned of"


def reasons(rows: pd.DataFrame) -> list[str]:
    """Say which reasons are more frequent among those warned of.

    Parameters
    ----------
    rows : DataFrame
        From ``warning.compared.reasons_compared``.
    """
    if rows[HIDDEN].astype(bool).all():
        return ["Too few customers are warned of, or have a reason, to compare them by it."]
    said = []
    for row in _clear(rows).itertuples():
        said.append(
            f"{reader_name(row.reason)}: {share(row.share)} of those warned of, "
            f"{share(row.others_share)} of the others (p {_p(row.p_holm)} after Holm for "
            f"{plural(len(rows), 'reason')})."
        )
    return said or [
        f"Of {plural(len(rows), 'reason')} none is more frequent among those warned of than among "
        "the others beyond chance."
    ]


def absent(present: Collection[str]) -> list[str]:
    """Say of the tables that are not there what they would tell; nothing if all are.

    Parameters
    ----------
    present : collection of str
        Names of the tables that the workbook has.
    """
    return [
        missing(table, columns, would_show)
        for table, (columns, would_show) in _NEEDED.items()
        if table not in present
    ]


def reason_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the reasons into the columns of a table."""
    return pd.DataFrame(
        {
            "reason": rows["reason"].map(reader_name),
            "customers": rows["customers"],
            "share": rows["share"],
            "others": rows["others"],
            "others_share": rows["others_share"],
            "p_holm": rows["p_holm"],
            HIDDEN: rows[HIDDEN].astype(bool),
        }
    )


def _clear(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons that are more frequent among those warned of, beyond chance."""
    known = rows[~rows[HIDDEN].astype(bool)]
    return known[(known["p_holm"].astype(float) <= _CHANCE) & (known["difference"] > 0)]


def _p(p: float) -> str:
    return "below 0.001" if p < 0.001 else number(p, 3)
