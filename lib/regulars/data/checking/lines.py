"""Lines: a ledger as a few lines for a terminal, so that one look tells whether files are good.

At most 30 lines of at most 100 signs. Tables stand there with rows and, where they have any, money;
then the reasons, rejected ones first; then what was found of identifiers. What does not fit is
added up.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from regulars.data.ledger import identifiers, is_later

__all__ = ["MOST_LINES", "WIDTH", "lines_of", "summary"]

MOST_LINES, WIDTH = 30, 100
WAYS = ("in", "accepted", "merged", "rejected")
LONGEST_AMOUNT = 15  # with cents; longer ones are written without
IDENTIFIER_LINES = 4


def summary(ledger: Mapping, currency: str) -> str:
    """Return a ledger in one line, the purchases first and all other tables together.

    Examples
    --------
    >>> entry = {"rows_in": 6919, "rows_accepted": 6919, "rows_merged": 0, "rows_rejected": 0,
    ...          "money_merged": "0.0000", "money_rejected": "0.0000"}
    >>> summary({"tables": {"purchases": entry}}, "USD")
    'purchases: 6,919 rows in, 6,919 accepted, 0 merged, 0 rejected'
    """
    tables = dict(ledger["tables"])
    said = f"purchases: {_counts([purchases := tables.pop('purchases')])}"
    lost = sum(Decimal(purchases[f"money_{way}"]) for way in ("merged", "rejected"))
    said += f" ({currency} {lost:,.2f} merged or rejected)" if lost else ""
    if tables:
        others = f"{len(tables)} other table{'s' if len(tables) > 1 else ''}"
        said += f"; {others}: {_counts(tables.values())}"
    return said


def lines_of(ledger: Mapping, workbook: str) -> list[str]:
    """Return what became of everything that came in, as lines for a terminal.

    Parameters
    ----------
    ledger : mapping
        As intake made it, also that of a refused delivery.
    workbook : str
        Its name, for the first line.
    """
    head = [_headline(ledger, workbook), "", *_accounts(ledger), ""]
    people = _people(ledger)
    room = MOST_LINES - len(head) - len(people)
    lines = [*head, *_reasons(ledger, room), *people]
    return [one if len(one) <= WIDTH else f"{one[: WIDTH - 1]}…" for one in lines]


def _headline(ledger: Mapping, workbook: str) -> str:
    tables = ledger["tables"].values()
    return f"{workbook}, as of {ledger['as_of']}: {_counts(tables)}"


def _counts(entries: Sequence[Mapping]) -> str:
    total = {way: sum(entry[f"rows_{way}"] for entry in entries) for way in WAYS}
    row = "row" if total["in"] == 1 else "rows"
    return f"{total['in']:,} {row} in, " + ", ".join(f"{total[way]:,} {way}" for way in WAYS[1:])


def _accounts(ledger: Mapping) -> list[str]:
    """Return the table of tables: a line of rows each, and a line of money where there is any."""
    rows = [["", "", *WAYS]]
    for name, entry in ledger["tables"].items():
        rows.append([name, "rows", *(f"{entry[f'rows_{way}']:,}" for way in WAYS)])
        if entry["money"] and any(Decimal(entry[f"money_{way}"]) for way in WAYS):
            money = [Decimal(entry[f"money_{way}"]) for way in WAYS]
            rows.append(["", ledger["currency"] or "money", *_amounts(money)])
    return _aligned(rows, left=2)


def _amounts(amounts: Sequence[Decimal]) -> list[str]:
    written = [f"{amount:,.2f}" for amount in amounts]
    if max(map(len, written)) > LONGEST_AMOUNT:
        return [f"{amount:,.0f}" for amount in amounts]
    return written


def _reasons(ledger: Mapping, room: int) -> list[str]:
    """Return a line for each reason; where there is no room, the smallest are added up."""
    found = [one for way in ("rejected", "merged", "flagged") for one in _of_way(ledger, way)]
    if not found:
        return ["Nothing was rejected, merged or flagged."][:room]
    kept, rest = found, []
    if len(found) > room:
        by_size = sorted(range(len(found)), key=lambda n: -found[n][1])
        places = set(by_size[: room - 1])
        kept = [one for n, one in enumerate(found) if n in places]
        rest = [one for n, one in enumerate(found) if n not in places]
    lines = _aligned([cells for cells, _ in kept], left=2, last_left=True)
    if rest:
        lines.append(f"… and {len(rest)} more reasons, {sum(n for _, n in rest):,} rows")
    return lines


def _of_way(ledger: Mapping, way: str) -> list[tuple[list[str], int]]:
    """Return the cells and the rows of each reason, the largest of a table first."""
    place = "flags" if way == "flagged" else "reasons"
    return [
        (_cells(name, entry, one, way), one["rows"])
        for name, entry in ledger["tables"].items()
        for one in sorted(entry[place], key=lambda one: -one["rows"])
        if one.get("outcome", way) == way
    ]


def _cells(name: str, entry: Mapping, one: Mapping, way: str) -> list[str]:
    money = f"{Decimal(one['money']):,.2f}" if entry["money"] else ""
    later = way == "rejected" and is_later(one["reason"])
    said = one["sentence"].rstrip(".") + (": left for a later report." if later else ".")
    return [way, name, f"{one['rows']:,}", money, said]


def _people(ledger: Mapping) -> list[str]:
    """Return what became of direct identifiers and of customer ids."""
    found = identifiers(ledger)
    lines = []
    for became in ("dropped", "masked"):
        there = found[found["became"] == became]
        said = [
            part for name, rows in there.groupby("table", sort=False) for part in _of(name, rows)
        ]
        lines += _wrapped(f"identifiers {became}: ", said)
    ids = "are pseudonyms" if ledger["pseudonymised"] else "stand as they came, no pseudonyms"
    return [*lines, f"customer ids {ids}"]


def _of(table: str, found: pd.DataFrame) -> list[str]:
    """Return the identifiers of one table, the table's name once."""
    said = [
        f"{one.column} {one.cells:,}" + ("" if one.column == one.kind else f" ({one.kind})")
        for one in found.itertuples()
    ]
    return [f"{table}: {said[0]}", *said[1:]]


def _wrapped(head: str, parts: Sequence[str]) -> list[str]:
    """Return parts in at most two lines; what does not fit is counted."""
    if not parts:
        return []
    lines, blank = [head], " " * len(head)
    for done, part in enumerate(parts):
        more = f"… and {len(parts) - done} more"
        if len(lines[-1]) + len(part) + 2 + len(more) > WIDTH:
            if len(lines) == IDENTIFIER_LINES // 2:
                return [*lines[:-1], lines[-1] + more]
            lines.append(blank)
        lines[-1] += part + (", " if done + 1 < len(parts) else "")
    return [line.rstrip() for line in lines]


def _aligned(rows: Sequence[Sequence[str]], *, left: int, last_left: bool = False) -> list[str]:
    """Return rows of cells with their columns under each other, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lefts = {*range(left), *([len(widths) - 1] if last_left else [])}
    return [
        "  ".join(
            cell.ljust(width) if place in lefts else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
