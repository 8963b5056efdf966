"""Rules: what a row has to keep, as frames for a reader."""

from collections.abc import Mapping

import pandas as pd

from regulars.data.contract import TABLES, Rule, Table
from regulars.data.contract.reasons import ANY_ROW, TOTAL, sentences
from regulars.data.intake.totals import may_have_totals
from regulars.parameters import Intake, read_rules, read_sources

__all__ = ["rules_of", "tables_of"]

WHAT = {
    "missing": "The cell is empty",
    "unreadable": "The text is no date or number as declared",
    "spoiled": "The id was spoiled, by a spreadsheet most likely",
    "unknown": "The word is none of those allowed",
    "too_early": "The day lies before 1900",
    "after_as_of": "The day lies after as_of",
    "not_yet_known": "The day lies after as_of, so it is not known yet",
}
SEVERAL = "several together"
REJECTED, FLAGGED = "rejected", "accepted and flagged"
OUTCOMES = {"reject": REJECTED, "fail": "the whole delivery is refused"}
THEN = {"after_as_of": "left for later", "not_yet_known": "accepted, the cell left empty"}


def tables_of(sources: Mapping) -> pd.DataFrame:
    """Return the tables that come in: ``table``, ``one_row_is``, ``needs`` and ``columns``.

    `needs` names the columns a row cannot do without, `columns` counts those that are mapped.

    Examples
    --------
    >>> columns = {"customer_id": "who", "ordered_at": "day", "amount": "paid"}
    >>> tables_of({"purchases": {"files": "a.csv", "columns": columns}}).iloc[0].tolist()[:2]
    ['purchases', 'a line of an order']
    """
    rows = [
        {
            "table": name,
            "one_row_is": TABLES[name].one_row,
            "needs": ", ".join(f.name for f in TABLES[name].fields.values() if f.required),
            "columns": len(_given(sources, name)),
        }
        for name in read_sources(sources)
    ]
    return pd.DataFrame(rows)


def rules_of(name: str, sources: Mapping, rules: Intake | Mapping | None = None) -> pd.DataFrame:
    """Return what can happen to a row of a table: ``rule``, ``columns`` and ``then`` (text).

    Only columns that are mapped stand there, and rules that can be broken by them.

    Parameters
    ----------
    name : str
        The table.
    sources, rules : mapping
        As intake is told.
    """
    table, given = TABLES[name], _given(sources, name)
    switched = read_rules(rules, Intake)
    found = [
        {"rule": f"{WHAT[what]}.", "columns": ", ".join(columns), "then": then}
        for (what, then), columns in _by_what(table, given).items()
    ]
    found += [
        _of_rule(rule, given)
        for rule in table.rules
        if rule.action != "flag" and (not rule.about or rule.about in given)
    ]
    if may_have_totals(table):
        found.append(_across("total_line"))
    if switched.test_customers and "customer_id" in given:
        found.append(_across("test_customer"))
    if switched.conflicts == "reject":
        found.append(_across("conflicts_with_earlier"))
    return pd.DataFrame(found, columns=["rule", "columns", "then"])


def _given(sources: Mapping, name: str) -> list[str]:
    """Return the mapped columns of a table, those made from others too, in the contract's order."""
    table = TABLES[name]
    there = {column for source in read_sources(sources)[name] for column in source.gives()}
    made = {ours for ours, parts in (table.either or {}).items() if there.issuperset(parts)}
    return [field for field in table.kept_fields() if field in there | made]


def _by_what(table: Table, given: list[str]) -> dict[tuple[str, str], list[str]]:
    """Return the columns that each rule for a single cell looks at, with what happens then."""
    known, found = sentences(table), {}
    for what in WHAT:
        for name in given:
            if f"{name}_{what}" in known:
                found.setdefault((what, _then(table, name, what)), []).append(name)
    return found


def _then(table: Table, name: str, what: str) -> str:
    flagged = what == "missing" and table.fields[name].empty == "flag"
    return FLAGGED if flagged else THEN.get(what, REJECTED)


def _named_in(reason: str, given: list[str]) -> str:
    return ", ".join(name for name in given if reason.startswith(f"{name}_")) or SEVERAL


def _of_rule(rule: Rule, given: list[str]) -> dict[str, str]:
    columns, then = _named_in(rule.reason, given), OUTCOMES[rule.action]
    return {"rule": rule.sentence, "columns": columns, "then": then}


def _across(reason: str) -> dict[str, str]:
    columns = "customer_id" if reason == "test_customer" else SEVERAL
    return {"rule": {**TOTAL, **ANY_ROW}[reason], "columns": columns, "then": REJECTED}
