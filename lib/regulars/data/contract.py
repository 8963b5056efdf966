"""The contract: which tables there are, which fields each has, and the rules a row must pass.

Adding a field or a rule is adding a line. A rule's test is an Ibis expression that is true for a
row that breaks it; the first broken rule of a row is its reason in the ledger.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

__all__ = ["MALFORMED", "MALFORMED_SENTENCE", "TABLES", "Field", "Rule", "Table"]

MALFORMED = "line_malformed"
"""The reason of a line that does not have the number of fields its header promises."""

MALFORMED_SENTENCE = "The line has too few or too many fields, or is no text."

KINDS = ("sale", "return", "cancellation")


@dataclass(frozen=True)
class Field:
    """One column: its type inside the engine, its unit, and what it means."""

    name: str
    type: Literal["id", "text", "time", "money", "number"]
    meaning: str
    unit: str = ""
    required: bool = False


@dataclass(frozen=True)
class Rule:
    """One thing a row must not do, with the reason that stands in the ledger."""

    reason: str
    sentence: str
    broken: Callable[[ir.Table, dt.date], ir.BooleanValue]
    action: Literal["reject"] = "reject"


@dataclass(frozen=True)
class Table:
    """One table of the workbook; `either` names a column and the columns it can be made from."""

    name: str
    one_row: str
    fields: dict[str, Field]
    rules: tuple[Rule, ...]
    either: dict[str, tuple[str, ...]]

    def missing(self, given: Iterable[str]) -> list[str]:
        """Return the required columns that neither stand in `given` nor can be made from it.

        Examples
        --------
        >>> TABLES["purchases"].missing(["customer_id", "ordered_at", "quantity", "unit_price"])
        []
        >>> TABLES["purchases"].missing(["customer_id", "amount"])
        ['ordered_at']
        """
        given = set(given)
        return [
            name
            for name, field in self.fields.items()
            if field.required
            and name not in given
            and not (name in self.either and given.issuperset(self.either[name]))
        ]


def _table(
    name: str, one_row: str, fields: Iterable[Field], rules: Iterable[Rule], **either: tuple
) -> Table:
    return Table(name, one_row, {field.name: field for field in fields}, tuple(rules), either)


def _after(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.ordered_at.date() > ibis.literal(as_of)


def _before_1900(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.ordered_at < ibis.timestamp("1900-01-01 00:00:00")


def _unknown_kind(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.kind.notnull() & t.kind.notin(KINDS)


def _positive_return(t: ir.Table, as_of: dt.date) -> ir.BooleanValue:
    return t.kind.isin(("return", "cancellation")) & (t.amount > 0)


PURCHASES = _table(
    "purchases",
    "a line of an order",
    [
        Field("customer_id", "id", "who bought", required=True),
        Field("ordered_at", "time", "when it was ordered, local time", required=True),
        Field("amount", "money", "what was paid for the line", "currency", required=True),
        Field("order_id", "id", "the order the line belongs to"),
        Field("product_id", "id", "what was bought"),
        Field("category", "text", "the product's category"),
        Field("quantity", "number", "how many", "pieces"),
        Field("unit_price", "money", "price of one piece", "currency"),
        Field("cost", "money", "what the line cost the shop", "currency"),
        Field("discount", "money", "what was taken off, already off the amount", "currency"),
        Field("channel", "text", "where it was bought"),
        Field("region", "text", "where the buyer is"),
        Field("campaign_id", "id", "the campaign it is put down to"),
        Field(
            "kind", "text", f"one of {', '.join(KINDS)}; empty: a return if below 0, else a sale"
        ),
    ],
    [
        Rule(
            "customer_id_missing", "The customer id is empty.", lambda t, _: t.customer_id.isnull()
        ),
        Rule(
            "ordered_at_unreadable", "The date does not parse.", lambda t, _: t.ordered_at.isnull()
        ),
        Rule("ordered_at_too_early", "The date lies before 1900.", _before_1900),
        Rule("ordered_at_after_as_of", "The date lies after as_of.", _after),
        Rule("amount_unreadable", "The amount does not parse.", lambda t, _: t.amount.isnull()),
        Rule("kind_unknown", f"The kind is none of {', '.join(KINDS)}.", _unknown_kind),
        Rule("return_above_zero", "A return's amount must not be above 0.", _positive_return),
    ],
    amount=("quantity", "unit_price"),
)

TABLES = {table.name: table for table in (PURCHASES,)}
"""The tables a workbook can have, by name."""
