"""Sentences on what came in and what cleaning did with it (01_ingest, 02_clean).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping

import ibis.expr.types as ir
import pandas as pd

from regulars.show.findings import count, day, money, month, number, plural
from regulars.show.text import is_missing

__all__ = [
    "busiest_month",
    "cleaning",
    "intake",
    "ledger",
    "lines_subtitle",
    "lines_to_days",
    "usual_amount",
]


def intake(ledger: Mapping, currency: str) -> list[str]:
    """Say what became of the rows that came in."""
    entry = ledger["tables"]["purchases"]
    days = [file["newest_day"] for file in entry["files"] if file["newest_day"]]
    newest = (
        f"The newest row in the files is of {day(max(days, default=None))}; "
        f"nothing after {day(ledger['as_of'])} is used."
    )
    return [_accepted(entry), _adds_up(entry, currency), *([newest] if days else [])]


def ledger(ledger: Mapping, currency: str) -> str:
    """Say that the ledger adds up, with both sides; one that does not never gets here."""
    return _adds_up(ledger["tables"]["purchases"], currency)


def busiest_month(by_month: pd.DataFrame, column: str) -> str:
    """Name the month that stands out, for a chart of `column` (at most ten words)."""
    if not by_month[column].max() > 0:  # also where there is no number at all
        return f"No {column} in any month"
    best = by_month.loc[by_month[column].idxmax()]
    return f"{month(best['month'])} has the most {column}"


def lines_subtitle(by_month: pd.DataFrame) -> str:
    """Give population, period and n for a chart of lines by month."""
    if by_month.empty:
        return "Accepted purchase lines by month, n = 0"
    first, last = month(by_month["month"].min()), month(by_month["month"].max())
    period = first if first == last else f"{first} to {last}"
    return f"Accepted purchase lines by month, {period}, n = {count(by_month['lines'].sum())}"


def usual_amount(lines: ir.Table, currency: str) -> str:
    """Give the amount in the middle, for a chart of amounts (at most ten words)."""
    middle = lines.amount.cast("float64").median().execute()
    if is_missing(middle):
        return "No lines with an amount yet"
    return f"Half of the lines are {money(float(middle), currency)} or less"


def lines_to_days(lines: int, days: int, who: str) -> str:
    """Say how many purchase days so many lines make."""
    came = f"{plural(lines, 'line')} of {who} {_make(lines)}"
    if not days:
        return f"{came} no purchase day."
    per_day = "" if lines == days else f", {number(lines / days, 2)} lines a day"
    return f"{came} {plural(days, 'purchase day')}{per_day}."


def cleaning(steps: pd.DataFrame, lines: int, days: int) -> list[str]:
    """Say what the cleaning rules touched."""
    rows = steps.set_index("rule")["rows"]
    touched = [plural(n, rule.removesuffix("s"), rule) for rule, n in rows.items() if n]
    what = f"the rules touched {_listed(touched)}" if touched else "no rule touched any"
    made = f"{plural(days, 'purchase day')}" if days else "no purchase day"
    return [
        f"{plural(lines, 'clean line')} {_make(lines)} {made}; {what}.",
        "The ledger still adds up after cleaning.",
    ]


def _accepted(entry: Mapping) -> str:
    came, kept, refused = (entry[f"rows_{way}"] for way in ("in", "accepted", "rejected"))
    if not came:
        return "No row came in."
    if came == 1:
        return f"The one row was {'accepted' if kept else 'rejected'}."
    if not refused:
        return f"All {count(came)} rows were accepted."
    were = "was" if kept == 1 else "were"
    return f"{count(kept)} of {plural(came, 'row')} {were} accepted, {count(refused)} rejected."


def _adds_up(entry: Mapping, currency: str) -> str:
    ways = ("accepted", "merged", "rejected")
    parts = [f"{count(entry[f'rows_{way}'])} {way}" for way in ways]
    return (
        f"The ledger adds up: {plural(entry['rows_in'], 'row')} and "
        f"{money(float(entry['money_in']), currency)} came in; {', '.join(parts)}."
    )


def _make(lines: int) -> str:
    return "makes" if lines == 1 else "make"


def _listed(parts: list[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
