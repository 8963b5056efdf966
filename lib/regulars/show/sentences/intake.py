"""Sentences on what came in and what cleaning did with it (01_ingest, 02_clean).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping

import ibis.expr.types as ir
import pandas as pd

from regulars.show.findings import count, money, month, number, plural

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
    came, kept, refused = (entry[f"rows_{way}"] for way in ("in", "accepted", "rejected"))
    if not refused:
        first = f"All {count(came)} rows were accepted."
    else:
        first = f"{count(kept)} of {count(came)} rows were accepted, {count(refused)} rejected."
    days = [file["newest_day"] for file in entry["files"] if file["newest_day"]]
    newest = [f"The newest row is of {max(days)}; nothing after {ledger['as_of']} is known."]
    return [first, _adds_up(entry, currency), *(newest if days else [])]


def ledger(ledger: Mapping, currency: str) -> str:
    """Say that the ledger adds up, with both sides. (One that does not never gets here.)"""
    return _adds_up(ledger["tables"]["purchases"], currency)


def busiest_month(by_month: pd.DataFrame, column: str) -> str:
    """Name the month that stands out, for a chart of `column` (at most ten words)."""
    if by_month.empty or by_month[column].max() <= 0:
        return f"No {column} in any month"
    best = by_month.loc[by_month[column].idxmax()]
    return f"{month(best['month'])} has the most {column}"


def lines_subtitle(by_month: pd.DataFrame) -> str:
    """Give population, period and n for a chart of lines by month."""
    if by_month.empty:
        return "Accepted purchase lines by month, none"
    first, last = by_month["month"].min(), by_month["month"].max()
    return f"Accepted purchase lines by month, {month(first)} to {month(last)}, n = {count(by_month.lines.sum())}"


def usual_amount(lines: ir.Table, currency: str) -> str:
    """Give the amount in the middle, for a chart of amounts."""
    return f"Half of the lines are below {money(float(lines.amount.cast('float64').median().execute()), currency)}"


def lines_to_days(lines: int, days: int, who: str) -> str:
    """Say how many purchase days so many lines make."""
    return (
        f"{plural(lines, 'line')} of {who} make {plural(days, 'purchase day')}, "
        f"{number(lines / days, 2)} lines a day."
    )


def cleaning(steps: pd.DataFrame, lines: int, days: int) -> list[str]:
    """Say what the cleaning rules touched."""
    rows = steps.set_index("rule")["rows"]
    touched = [f"{count(n)} {rule}" for rule, n in rows.items() if n]
    what = f"the rules touched {', '.join(touched)}" if touched else "no rule touched any"
    return [
        f"{count(lines)} clean lines make {count(days)} purchase days; {what}.",
        "The ledger still adds up after cleaning.",
    ]


def _adds_up(entry: Mapping, currency: str) -> str:
    ways = ("accepted", "merged", "rejected")
    parts = [f"{count(entry[f'rows_{way}'])} {way}" for way in ways]
    return (
        f"The ledger adds up: {count(entry['rows_in'])} rows and "
        f"{money(float(entry['money_in']), currency)} came in; {', '.join(parts)}."
    )
