"""Sentences on what cleaning did, and how good the information is (02_clean).

Each is built from what was measured and claims no more than its numbers.
"""

from collections.abc import Mapping

import ibis.expr.types as ir
import pandas as pd

from regulars.show.findings import count, day, days, money, number, plural, share
from regulars.show.text import is_missing

__all__ = [
    "cancellations",
    "cleaning",
    "known_customers",
    "lines_to_days",
    "outliers",
    "quality",
    "returns",
    "set_aside",
    "usual_amount",
    "weakest_columns",
]

NOT_ASKED = "Not looked for."


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


def cleaning(ledger: Mapping, days_made: int, known: pd.DataFrame, currency: str) -> list[str]:
    """Say what cleaning left, where the rest went, and how much of the sales has a customer."""
    clean = ledger["cleaning"]["rows_clean"]
    made = plural(days_made, "purchase day") if days_made else "no purchase day"
    return [
        f"{plural(clean, 'clean line')} {_make(clean)} {made}.",
        set_aside(ledger, currency),
        known_customers(known, currency),
    ]


def set_aside(ledger: Mapping, currency: str) -> str:
    """Say that clean and set-aside lines are what was accepted; else it never gets here."""
    account = ledger["cleaning"]
    aside, came = account["rows_set_aside"], account["rows_accepted"]
    if not aside:
        return f"No line of {count(came)} was set aside."
    were = "was" if aside == 1 else "were"
    return (
        f"{count(aside)} of {plural(came, 'accepted line')} {were} set aside, with "
        f"{money(float(account['money_set_aside']), currency)} of "
        f"{money(float(account['money_accepted']), currency)}; with the clean ones they add up."
    )


def known_customers(known: pd.DataFrame, currency: str) -> str:
    """Say how much of the sales has a customer; see `regulars.data.cleaning.known_customers`."""
    told, nobody = (known.set_index("customer").loc[who] for who in ("known", "unknown"))
    if not nobody["sales"]:
        return f"Each of {plural(told['sales'], 'sale line')} has a customer."
    of_money = "" if is_missing(told["money_share"]) else f", {share(told['money_share'])} of money"
    return (
        f"{share(told['sales_share'])} of sale lines{of_money}, have a customer; "
        f"{plural(nobody['sales'], 'line')} without one, "
        f"{money(nobody['money'], currency)}, stay in the totals only."
    )


def cancellations(steps: pd.DataFrame, currency: str) -> str:
    """Say how many cancellations found their sale."""
    found = _by_rule(steps)
    if found["cancelled_sale"]["what_happens"] == NOT_ASKED:
        lines = found["cancellation"]["rows"]
        return f"Cancellations are not matched here: {plural(lines, 'line')} stay returns."
    matched, alone = (
        found[rule]["rows"] for rule in ("cancelled_sale", "cancellation_without_sale")
    )
    if not matched + alone:
        return "There is no cancellation among the lines."
    took = money(found["cancelled_sale"]["money"], currency)
    return (
        f"{count(matched)} of {plural(matched + alone, 'cancellation')} found the sale taken back, "
        f"{took} in all; {count(alone)} stay as returns."
    )


def returns(steps: pd.DataFrame, currency: str) -> str:
    """Say how much was brought back, and for how much of it no sale is known."""
    found = _by_rule(steps)
    kept, alone = found["return"], found["return_without_sale"]
    aside = alone["what_happens"].startswith("Set aside")
    lines = kept["rows"] + (alone["rows"] if aside else 0)
    if not lines:
        return "There is no return among the lines."
    brought = money(abs(kept["money"] + (alone["money"] if aside else 0)), currency)
    then = "are set aside" if aside else "are kept all the same"
    return (
        f"{plural(lines, 'return')} gave back {brought}; {count(alone['rows'])} of them, with no "
        f"earlier sale of the customer and product, {then}."
    )


def outliers(steps: pd.DataFrame, currency: str) -> str:
    """Say how much of the money stands in unusual amounts."""
    found = _by_rule(steps)["outlier"]
    if not found["rows"]:
        return f"No sale is flagged. {found['what_happens']}"
    are = "sale is" if found["rows"] == 1 else "sales are"
    return (
        f"{count(found['rows'])} {are} far from the usual amount and flagged, "
        f"{money(found['money'], currency)} in all; none is dropped."
    )


def quality(tables: pd.DataFrame) -> str:
    """Name the table that can be relied on least, and the oldest; see `quality.of_tables`."""
    scored = tables.dropna(subset="score")
    if scored.empty:
        return "No table has a row to judge."
    worst = scored.loc[scored["score"].idxmin()]
    # The weakest column: rows can be wrong in different ones.
    most = "" if worst["score"] == 1 else "at most "
    said = f"In {worst['table']}, {most}{share(worst['score'])} of rows can be relied on"
    if len(scored) > 1:
        said += f", the least of {plural(len(scored), 'table')}"
    dated = tables.dropna(subset="age_days")
    if dated.empty:
        return f"{said}."
    old = dated.loc[dated["age_days"].idxmax()]
    ago = f"{days(old['age_days'])} before we look" if old["age_days"] else "the day we look"
    return f"{said}; the newest row of {old['table']} is of {day(old['newest'])}, {ago}."


def weakest_columns(columns: pd.DataFrame, most: int = 3) -> str:
    """Name the columns that most need work; see `quality.of_columns`."""
    poor = columns[columns["score"] < 1].head(most)
    if poor.empty:
        return "Every column that came can be relied on in all of its rows."
    named = [
        f"{one.table}.{one.field} ({share(one.score)} of {plural(one.rows, 'row')})"
        for one in poor.itertuples()
    ]
    return f"Most work is needed in {_listed(named)}."


def _by_rule(steps: pd.DataFrame) -> dict[str, dict]:
    return {one["rule"]: one for one in steps.to_dict("records")}


def _make(lines: int) -> str:
    return "makes" if lines == 1 else "make"


def _listed(parts: list[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
