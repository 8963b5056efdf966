"""Sentences on what came in (01_ingest).

Each is built from what was measured and claims no more than its numbers.
"""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from regulars.show.findings import count, day, money, month, plural, share

__all__ = [
    "accepted_part",
    "busiest_month",
    "form",
    "identifiers",
    "intake",
    "later",
    "ledger",
    "lines_subtitle",
    "other_tables",
    "pseudonyms",
    "steps_subtitle",
    "unusable",
]

WAYS = ("accepted", "merged", "rejected")
KINDS = {"csv": "CSV", "json lines": "JSON lines"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
MARKS = {".": "point", ",": "comma", " ": "blank", "'": "apostrophe"}
EXAMPLE = dt.datetime(2024, 12, 31, 18, 30, 5)
DATES = {
    "excel": "Excel day numbers",
    "excel1904": "Excel day numbers from 1904",
    "ISO": "ISO dates",
}


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


def other_tables(ledger: Mapping) -> str:
    """Say what became of the rows of all tables but the purchases."""
    others = [entry for name, entry in ledger["tables"].items() if name != "purchases"]
    if not others:
        return "Purchases are the only table that came in."
    total = {way: sum(entry[f"rows_{way}"] for entry in others) for way in ("in", *WAYS)}
    parts = ", ".join(f"{count(total[way])} {way}" for way in WAYS)
    return f"{plural(len(others), 'other table')} brought {plural(total['in'], 'row')}: {parts}."


def later(rejected: pd.DataFrame, as_of: str) -> str:
    """Say how many rows lie after the day we look; see `regulars.data.ledger.rejected_rows`."""
    rows = int(rejected.loc[rejected["later"], "rows"].sum())
    if not rows:
        return f"No row lies after {day(as_of)}."
    lie, are = ("lies", "is") if rows == 1 else ("lie", "are")
    return (
        f"{plural(rows, 'row')} {lie} after {day(as_of)} and {are} left for a later report: "
        "nothing is wrong there."
    )


def unusable(rejected: pd.DataFrame) -> str:
    """Say how many rows cannot be used, and the most frequent reason."""
    wrong = rejected[~rejected["later"]]
    rows = int(wrong["rows"].sum())
    if not rows:
        return "Every row can be used."
    most = wrong.loc[wrong["rows"].idxmax()]
    why = f"{most['table']}, {count(most['rows'])}: {most['sentence']}"
    if len(wrong) == 1:
        return f"{plural(rows, 'row')} cannot be used. In {why}"
    return f"{plural(rows, 'row')} cannot be used. The most frequent reason, in {why}"


def pseudonyms(ledger: Mapping) -> str:
    """Say whether customer ids are pseudonyms from here on."""
    if ledger["pseudonymised"]:
        return "Customer ids are pseudonyms from here on."
    return "Customer ids stand here as they came: pseudonyms are switched off."


def identifiers(found: pd.DataFrame) -> str:
    """Say what became of direct identifiers; see `regulars.data.ledger.identifiers`."""
    cells = found.groupby("became")["cells"].sum()
    if cells.empty:
        return "No direct identifier was found in the columns and texts that came."
    said = [f"{plural(n, 'cell')} {became}" for became, n in cells.items()]
    return f"Direct identifiers do not go further: {' and '.join(said)}."


def accepted_part(steps: pd.DataFrame, what: str) -> str:
    """Say which part was accepted, for a chart (at most ten words).

    `steps` is as `regulars.data.ledger.steps` makes it; `what` is ``rows`` or ``the money``.
    """
    value = steps.set_index("step")["value"]
    came, kept = value["in"], value["accepted"]
    was = "was" if what == "the money" else "were"
    if not value.drop(["in", "accepted"]).any():
        everything = f"All of {what}" if what == "the money" else f"All {count(came)} {what}"
        return f"{everything} {was} accepted" if came else "Nothing came in"
    if not 0 <= kept <= came:
        return f"What became of {what}"
    return f"{share(kept / came)} of {what} {was} accepted"


def steps_subtitle(ledger: Mapping, unit: str) -> str:
    """Give measure, population, period and n for a chart of the ledger's steps."""
    entry = ledger["tables"]["purchases"]
    measure, what = ("Rows", "them") if unit == "rows" else ("Money", "it")
    return (
        f"{measure} of purchases by what became of {what}, as of {day(ledger['as_of'])}, "
        f"n = {count(entry['rows_in'])}"
    )


def form(form: Mapping) -> str:
    """Say how a file is written; see the ledger's ``form``.

    Examples
    --------
    >>> form({"kind": "csv", "encoding": "utf-8", "delimiter": ";", "decimal": ",",
    ...       "date_format": "%d.%m.%Y"})
    'CSV, utf-8, semicolon, decimal comma, dates as 31.12.2024'
    >>> form({})
    'not read again'
    """
    if not form:
        return "not read again"
    parts = [KINDS.get(form["kind"], form["kind"].capitalize())]
    parts += [form[name] for name in ("encoding", "sheet") if name in form]
    if "delimiter" in form:
        parts.append(DELIMITERS.get(form["delimiter"], f"delimiter {form['delimiter']}"))
    if "decimal" in form:
        parts.append(f"decimal {MARKS[form['decimal']]}")
    if "thousands" in form:
        parts.append(f"thousands {MARKS[form['thousands']]}")
    dates = form.get("date_format", "ISO")
    if dates != "ISO" or form["kind"] in KINDS:  # others have days that are no text
        parts.append(_dates(dates))
    return ", ".join(parts)


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


def _accepted(entry: Mapping) -> str:
    came, kept, refused = (entry[f"rows_{way}"] for way in ("in", "accepted", "rejected"))
    if not came:
        return "No row came in."
    if came == 1:
        return f"The one row was {next(way for way in WAYS if entry[f'rows_{way}'])}."
    if kept == came:
        return f"All {count(came)} rows were accepted."
    were = "was" if kept == 1 else "were"
    merged = f", {count(entry['rows_merged'])} merged" if entry["rows_merged"] else ""
    lost = f", {count(refused)} rejected" if refused else ""
    return f"{count(kept)} of {plural(came, 'row')} {were} accepted{merged}{lost}."


def _dates(formats: str) -> str:
    """Return date formats as a day written in them."""
    written = [
        DATES.get(one) or f"dates as {EXAMPLE.strftime(one)}" for one in formats.split(" or ")
    ]
    return " or ".join(written)


def _adds_up(entry: Mapping, currency: str) -> str:
    parts = [f"{count(entry[f'rows_{way}'])} {way}" for way in WAYS]
    return (
        f"The ledger adds up: {plural(entry['rows_in'], 'row')} and "
        f"{money(float(entry['money_in']), currency)} came in; {', '.join(parts)}."
    )
