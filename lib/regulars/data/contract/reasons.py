"""Reasons: every word the ledger can give for what became of a row, with its sentence."""

from regulars.data.contract.model import Field, Table

__all__ = ["ANY_CELL", "ANY_ROW", "MERGED", "TOTAL", "UNREADABLE", "sentences"]

UNREADABLE = {
    "line_malformed": "The line has too few or too many fields, or is no text.",
    "last_line_cut": "The file's last line has no line end, so it may be cut off.",
    "quote_not_closed": "A quote is opened in this line or around it and not closed.",
    "cell_too_long": "A cell is longer than 64 KB.",
    "control_characters": "The line holds characters that no text has, such as NUL.",
}
"""What a reader can find wrong with a line before it is a row."""

TOTAL = {
    "total_line": "The line is a total: it has no date, no customer, and the money of other lines.",
}
"""What a row can be rejected for before its cells are looked at."""

MERGED = {
    "equal_line": "The same line stands in the same file before.",
    "delivered_again": "The same line came in another file.",
    "replaced_by_later": "A later line has the same key and other values.",
    "answered_meanwhile": "Another line has the answer that this line waits for.",
    "same_file": "The whole file came before, under another name.",
}
"""Why a row is one with another; merged rows are not lost, their money is counted once."""

ANY_CELL = {
    "<column>_missing": "A required cell is empty.",
    "<column>_unreadable": "A cell does not parse as its type.",
    "<column>_spoiled": "An id was spoiled by a spreadsheet (1.23E+15, 42.0).",
    "<column>_unknown": "A cell is none of the allowed words.",
    "<column>_too_early": "A date lies before 1900.",
    "<column>_after_as_of": "The date of the row lies after as_of; left for a later report.",
}
"""The same for a reader of the contract, whatever the column."""

ANY_ROW = {
    "conflicts_with_earlier": "An earlier line has the same key and other values.",
    "test_customer": "The customer is a test.",
}
"""What a row can be rejected for because of what stands elsewhere."""

CELL = {
    "missing": "{Name} is empty.",
    "unreadable": "{Name} does not parse as {type}.",
    "spoiled": "{Name} was spoiled on the way, by a spreadsheet most likely (1.23E+15, 42.0).",
    "unknown": "{Name} is none of {among}.",
    "too_early": "{Name} lies before 1900.",
    "after_as_of": "{Name} lies after as_of.",
    "rounded": "{Name} has more than four decimals, and was rounded to four.",
    "not_yet_known": "{Name} lies after as_of: it is not known yet, and left empty.",
}
TYPES = {"time": "a date", "date": "a date", "month": "a month", "flag": "true or false"}
TIMES = ("time", "date")
LATER = {"reject": ["after_as_of"], "unknown": ["not_yet_known"], "keep": []}


def sentences(table: Table) -> dict[str, str]:
    """Return each reason a row of a table can have, in the order in which they count.

    Examples
    --------
    >>> from regulars.data.contract import TABLES
    >>> sentences(TABLES["purchases"])["ordered_at_unreadable"]
    'ordered_at does not parse as a date.'
    """
    cells = {
        f"{field.name}_{what}": CELL[what].format(
            Name=field.name,
            type=TYPES.get(field.type, "a number"),
            among=", ".join(field.among),
        )
        for field in table.kept_fields().values()
        for what in _possible(field, table)
    }
    rules = {rule.reason: rule.sentence for rule in table.rules}
    return {**UNREADABLE, **TOTAL, **cells, **rules, **ANY_ROW, **MERGED}


def _possible(field: Field, table: Table) -> list[str]:
    found = ["missing"] if field.required else []
    if field.type == "id":
        found.append("spoiled")
    elif field.type == "choice":
        found.append("unknown")
    elif field.type != "text":
        found.append("unreadable")
    if field.type == "money":
        found.append("rounded")
    if field.type in TIMES:
        found += ["too_early", *LATER[field.later]]
    if table.waits and field.name == table.time:
        found.append("not_yet_known")
    return found
