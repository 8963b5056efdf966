"""Sentences and tables on what changed since the last report (00_overview)."""

from collections.abc import Mapping

import pandas as pd

from regulars.show.findings import day, interval, number, plural
from regulars.show.overview import value_text
from regulars.show.text import MISSING, NBSP, is_missing

__all__ = ["NO_REPORT", "change_text", "judged_table", "not_judged_table", "what_changed"]

NO_REPORT = (
    "There is no earlier report of this workbook for this run: what changed is said from the "
    "second report on."
)

_REASONS = {
    "no_interval": "counted, no interval",
    "not_in_the_last_report": "not in the last report",
    "defined_anew": "defined anew",
    "withheld_before": "was withheld",
    "withheld_now": "withheld now",
    "name": "a name",
}
_TECHNICAL = ("intake", "clean")
_YES = "yes"
_NO_CHANGE = "None of {n} that can be judged changed by more than noise since the report of {day}."


def what_changed(changes: pd.DataFrame, report: Mapping | None) -> list[str]:
    """Say which headline numbers are news, how many are not, and how many cannot be judged.

    Parameters
    ----------
    changes : DataFrame
        From `news.news`.
    report : mapping, optional
        The earlier report: its ``as_of`` is said.

    Examples
    --------
    >>> what_changed(pd.DataFrame(), None) == [NO_REPORT]
    True
    """
    if report is None:
        return [NO_REPORT]
    judged = changes[changes["news"] != "not_judged"]
    grew = judged[judged["news"] == _YES]
    since = day(report["as_of"])
    if judged.empty:
        found = [f"No headline number has an interval both now and in the report of {since}."]
    elif grew.empty:
        numbers = plural(len(judged), "headline number")
        found = [_NO_CHANGE.format(n=numbers, day=since)]
    else:
        found = [f"Changed by more than noise since the report of {since}: {_listed(grew)}."]
    anew = changes.loc[changes["reason"] == "defined_anew", "label"]
    return found + _renamed(changes) + ([_defined_anew(anew)] if len(anew) else [])


def judged_table(changes: pd.DataFrame) -> pd.DataFrame:
    """Return as text the numbers that are judged, those that are news first.

    Columns: ``number``, ``last report``, ``this report``, ``changed by``, ``95 % interval of the
    change``, ``exceeds noise``.
    """
    rows = changes[changes["news"] != "not_judged"]
    rows = rows.sort_values("news", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            **_values(rows),
            "95 % interval of the change": [_ends(row) for _, row in rows.iterrows()],
            "exceeds noise": rows["news"].to_numpy(),
        }
    )


def not_judged_table(changes: pd.DataFrame) -> pd.DataFrame:
    """Return as text the numbers that are not judged, and why: counts, sums, and what is new.

    Counts and names that did not change are left out; those of intake and cleaning stand last.
    """
    same = (changes["reason"] == "no_interval") & (changes["change"] == 0)
    same |= (changes["reason"] == "name") & (changes["before"] == changes["now"])
    rows = changes[(changes["news"] == "not_judged") & ~same]
    technical = rows["metric"].str.split(".").str[0].isin(_TECHNICAL)
    rows = rows.loc[technical.sort_values(kind="stable").index]
    return pd.DataFrame(
        {**_values(rows), "not judged": [_REASONS[reason] for reason in rows["reason"]]}
    )


def change_text(change: float, unit: str) -> str:
    """Write a change with its sign; that of a share in percentage points.

    Examples
    --------
    >>> [change_text(.012, "share").replace(NBSP, " "), change_text(-35.5, "EUR")]
    ['+1.2 points', '−€35.50']
    """
    if is_missing(change):
        return MISSING
    sign = "+" if change > 0 else ""
    if unit == "share":
        return f"{sign}{number(100 * change, 1)}{NBSP}points"
    return sign + value_text(change, {"unit": unit})


def _values(rows: pd.DataFrame) -> dict[str, list[str]]:
    units = rows["unit"].tolist()
    written = {"number": rows["label"].tolist()}
    for header, name in (("last report", "before"), ("this report", "now")):
        written[header] = [
            MISSING if is_missing(value) else value_text(value, {"unit": unit})
            for value, unit in zip(rows[name], units, strict=True)
        ]
    changes = zip(rows["change"], units, strict=True)
    return written | {"changed by": [change_text(change, unit) for change, unit in changes]}


def _ends(row: pd.Series) -> str:
    return interval(row, as_=lambda value: change_text(value, row["unit"]))


def _listed(rows: pd.DataFrame) -> str:
    values = _values(rows)
    parts = zip(*values.values(), strict=True)
    return "; ".join(f"{name} from {was} to {now} ({by})" for name, was, now, by in parts)


def _renamed(changes: pd.DataFrame) -> list[str]:
    """Say of each name that is another one now what it was, and what it is."""
    rows = changes[(changes["reason"] == "name") & (changes["before"] != changes["now"])]
    parts = zip(*list(_values(rows).values())[:3], strict=True)
    return [f"{label} was {was}, is {now}." for label, was, now in parts]


def _defined_anew(labels: pd.Series) -> str:
    return f"Not compared, as their definition is another one now: {', '.join(labels)}."
