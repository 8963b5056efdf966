"""Refusals: deliveries that add up and are of no use all the same, said in a sentence.

The ledger is complete at that point and goes with the error, so that it can still be shown.
"""

from collections.abc import Mapping

from regulars.data.contract import TABLES
from regulars.data.ledger import is_later
from regulars.errors import RefusedDeliveryError
from regulars.parameters import Intake

__all__ = ["refuse_if_useless"]

USE_OF = "Compare sources.{name} (columns, date_format, decimal, delimiter) with the file."


def refuse_if_useless(ledger: Mapping, rules: Intake) -> None:
    """Raise if nothing usable is left, too much was rejected, or amounts cannot be added up.

    Rows after ``as_of`` are left for a later report; they do not count as rejected here.
    """
    for name, entry in ledger["tables"].items():
        message = (
            _failing(name, entry)
            or _nothing_left(name, entry, ledger["as_of"])
            or _too_much(name, entry, rules.most_rejected)
        )
        if message:
            raise RefusedDeliveryError(message, ledger)


def _failing(name: str, entry: Mapping) -> str:
    """Return what a rule that stops the run says, if a row breaks one."""
    found = _rejected(entry)
    for rule in TABLES[name].rules:
        if rule.action == "fail" and rule.reason in found:
            return f"{name}: {found[rule.reason]:,} rows {rule.refusal}"
    return ""


def _nothing_left(name: str, entry: Mapping, as_of: str) -> str:
    if entry["rows_accepted"] or name != "purchases":
        return ""
    if not entry["rows_in"]:
        return f"{name}: the files have a header and no rows. Expected at least one row."
    reasons = _rejected(entry)
    later = sum(rows for reason, rows in reasons.items() if is_later(reason))
    if later == entry["rows_in"] - entry["rows_merged"]:
        return (
            f"as_of is {as_of}, but all {later:,} rows of {name} lie after it; the newest is of "
            f"{_newest(entry)}. Set as_of to the last day your files are complete for."
        )
    return (
        f"{name}: expected usable rows, but all {entry['rows_in']:,} were rejected "
        f"({_listed(reasons)}). {USE_OF.format(name=name)}"
    )


def _too_much(name: str, entry: Mapping, most: float) -> str:
    reasons = {r: rows for r, rows in _rejected(entry).items() if not is_later(r)}
    rejected, rows_in = sum(reasons.values()), entry["rows_in"]
    if rejected <= most * rows_in:
        return ""
    return (
        f"{name}: {rejected:,} of {rows_in:,} rows were rejected ({_listed(reasons)}), more than "
        f"the share {most:g} that intake.most_rejected allows. {USE_OF.format(name=name)}"
        f"{_comma_hint(reasons)}"
    )


def _comma_hint(reasons: Mapping[str, int]) -> str:
    if any(reason.endswith("amount_unreadable") for reason in reasons):
        return ' If amounts have a decimal comma, say decimal: ",".'
    return ""


def _rejected(entry: Mapping) -> dict[str, int]:
    return {r["reason"]: r["rows"] for r in entry["reasons"] if r["outcome"] == "rejected"}


def _listed(reasons: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} {rows:,}" for reason, rows in reasons.items())


def _newest(entry: Mapping) -> str:
    return max(file["newest_day"] for file in entry["files"])
