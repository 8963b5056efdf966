"""Defects: what goes wrong with files, planted as extra rows and written down as it is planted.

What is accepted after rejecting and merging is the clean company, row for row: a planted row is
rejected or is one with another row. For each there is one reason that counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from regulars.data.contract.reasons import MERGED, UNREADABLE
from regulars.data.simulate.columns import COLUMNS
from regulars.data.simulate.drafts import Draft, Row, money_of

__all__ = ["Plan", "half_line", "misshapen", "open_quote"]

FIRST_PLANTED_ORDER = 900_000_000


@dataclass
class Plan:
    """What has been planted so far, and the chance that says where."""

    rng: np.random.Generator
    defects: list[dict[str, object]] = field(default_factory=list)
    orders: int = FIRST_PLANTED_ORDER

    def note(self, defect: str, draft: Draft, *, rows: int, money: Decimal, reason: str) -> None:
        """Write down planted rows; what is no merging reason is a rejection."""
        outcome = "merged" if reason in MERGED else "rejected"
        self.defects.append(
            {
                "defect": defect,
                "table": draft.table,
                "file": draft.name,
                "rows": rows,
                "money": str(money),
                "outcome": outcome,
                "reason": reason,
            }
        )

    def insert(self, draft: Draft, rows: Iterable[Row | str]) -> None:
        """Put rows at places of their own in a file."""
        for row in rows:
            if draft.final:
                raise ValueError(
                    f"{draft.name}: a row would fall between lines that belong together."
                )
            draft.rows.insert(int(self.rng.integers(1, len(draft.rows))), row)

    def pick(self, rows: Sequence[Row], count: int) -> list[Row]:
        """Return some of the rows, each at most once."""
        which = self.rng.choice(len(rows), min(count, len(rows)), replace=False)
        return [rows[k] for k in sorted(which)]

    def spoil(
        self,
        defect: str,
        draft: Draft,
        *,
        column: str,
        values: Sequence[str],
        reason: str,
        among: Sequence[Row] = (),
    ) -> None:
        """Plant one row for each value, a copy of some row with that value in one column."""
        models = self.pick(among or draft.clean, len(values))
        made = [
            self._copy(row) | {column: value} for row, value in zip(models, values, strict=True)
        ]
        self.insert(draft, made)
        self.rows(defect, draft, made, reason=reason)

    def rows(self, defect: str, draft: Draft, rows: Sequence[Row], *, reason: str) -> None:
        """Write down planted rows with their money."""
        # A line that is no row is not typed, and so has no money.
        typed = [] if reason in UNREADABLE else rows
        money = sum((money_of(draft.table, row) for row in typed), Decimal(0))
        self.note(defect, draft, rows=len(rows), money=money, reason=reason)

    def again(self, draft: Draft, rows: Sequence[Row]) -> None:
        """Plant rows of a file once more in the same file."""
        self.insert(draft, [dict(row) for row in rows])
        self.rows("a line twice", draft, rows, reason="equal_line")

    def lines(self, defect: str, draft: Draft, lines: Sequence[str], *, reason: str) -> None:
        """Plant lines that are no rows, each at a place of its own."""
        self.insert(draft, lines)
        self.note(defect, draft, rows=len(lines), money=Decimal(0), reason=reason)

    def quote(self, draft: Draft, rows: Sequence[Row], *, column: str) -> None:
        """Plant copies of rows that a quote binds together; nothing may be put in after.

        The lines with the quote are spoiled; those between are whole, and so come a second time.
        """
        at = int(self.rng.integers(1, len(draft.rows)))
        draft.rows[at:at] = open_quote(draft, rows, column=column)
        draft.final = True
        what = "a quote that closes lines later"
        self.note(what, draft, rows=2, money=Decimal(0), reason="quote_not_closed")
        self.rows("lines between two quotes", draft, rows[1:-1], reason="equal_line")

    def cut(self, draft: Draft, half: str) -> None:
        """End a file in the middle of a line."""
        draft.cut = half
        self.note("half a line at the end", draft, rows=1, money=Decimal(0), reason="last_line_cut")

    def _copy(self, row: Row) -> Row:
        """Copy a row; an order gets a number that no clean order has."""
        if "order_id" not in row:
            return dict(row)
        self.orders += 1
        return row | {"order_id": str(self.orders)}


def misshapen(draft: Draft, row: Row, *, missing: int = 0) -> str:
    """Return a row's line with a field too many, or with so many too few."""
    mark = draft.form.delimiter
    fields = [text.replace(mark, " ").replace('"', "") for text in draft.cells(row)]
    return mark.join(fields[: len(fields) - missing] if missing else [*fields, "x"])


def half_line(draft: Draft, row: Row) -> str:
    """Return the first half of a row's line; the row has no field that needs a quote."""
    whole = draft.line(row)
    return whole[: len(whole) // 2]


def open_quote(draft: Draft, rows: Sequence[Row], *, column: str) -> list[str]:
    """Return the rows' lines, with a quote that opens in the first and closes in the last one.

    The rows have no field that needs a quote. Each line keeps the right number of fields, and so
    does the one record that a reader sees who follows the quote: it has the fields before the
    quote of the first line, and those after it of the last.
    """
    place = COLUMNS[draft.table].index(column)
    lines = [draft.cells(row) for row in rows]
    lines[0][place] = '"' + lines[0][place]
    lines[-1][place] = lines[-1][place] + '"'
    mark = draft.form.delimiter
    return [mark.join(cells) for cells in lines]
