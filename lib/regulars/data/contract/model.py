"""The words of the contract: field, rule, table.

A field carries what its own cells must keep (filled, readable, among the allowed, not after
``as_of``); a rule is about the whole row, an Ibis expression that is true for a row that breaks it.
The first thing a row breaks is its reason in the ledger.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import ibis.expr.types as ir

__all__ = ["Field", "Rule", "Table", "Waiting", "table"]

Action = Literal["reject", "flag", "fail"]


@dataclass(frozen=True)
class Field:
    """One column: its type inside the engine, its unit, what it means, what files call it.

    Parameters
    ----------
    name : str
        Our name.
    type : str
        ``id`` and ``text`` stay text; ``choice`` is text, one of `among`; ``time`` is a local
        timestamp, ``date`` a day, ``month`` a month (2025-03); ``money`` and ``number`` are
        decimals, ``flag`` true or false.
    meaning, unit : str
        For the data dictionary.
    required : bool
        Whether a row without it is of no use.
    empty : {"reject", "flag"}
        What becomes of a row whose required cell is empty: rejected, or accepted and counted.
    later : {"reject", "unknown", "keep"}
        For times after ``as_of``: the row is rejected; the cell is not known yet and becomes
        missing; or it is a plan, and kept.
    known_with : str
        The time field on which this one became known; later than ``as_of``, both are missing. A
        time that names itself is missing then too, where the row is waiting; see `Waiting`.
    among : tuple of str
        The values a choice can have, in small letters.
    person : {"", "pseudonym", "drop"}
        Whether it tells who somebody is: ``customer_id`` becomes a pseudonym, names and
        addresses are counted and dropped.
    aliases : str
        What files call it, in English and Chinese, parted by ``|``.
    """

    name: str
    type: Literal["id", "text", "choice", "time", "date", "month", "money", "number", "flag"]
    meaning: str
    unit: str = ""
    required: bool = False
    empty: Literal["reject", "flag"] = "reject"
    later: Literal["reject", "unknown", "keep"] = "keep"
    known_with: str = ""
    among: tuple[str, ...] = ()
    person: Literal["", "pseudonym", "drop"] = ""
    aliases: str = ""


@dataclass(frozen=True)
class Rule:
    """One thing a row must not do, with the reason that stands in the ledger.

    `about` names the one field it is about, if any: where a file does not give that, the rule is
    not asked. `refusal` is what a delivery is told that a rule with the action ``fail`` stops; it
    goes on after "7 rows".
    """

    reason: str
    sentence: str
    broken: Callable[[ir.Table, dt.date], ir.BooleanValue]
    action: Action = "reject"
    about: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Waiting:
    """What rows of a table may wait for, such as an invitation for its answer.

    A row in which all of `empty` are empty and the time `since` is filled is waiting, and accepted.
    If the table's time lies after ``as_of`` and `since` is known, the row is waiting on that day. A
    waiting row is one with the row that has what it waits for: the same `same`, the same `since`.
    """

    since: str
    empty: tuple[str, ...]
    same: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table of the workbook.

    `key` names the columns that tell one thing from another; where `lines` is true, a key may come
    several times in one file (lines of an order). Where
    `moments` is true, the key holds the moment it happened, and a bare day is none: two complaints of
    one day are two. `money` is the column the ledger adds up, and
    `time` the one that says when a row happened; `either` names a column and the columns it can be
    made from. `waits` says what its rows may wait for.
    """

    name: str
    one_row: str
    fields: dict[str, Field]
    rules: tuple[Rule, ...]
    key: tuple[str, ...]
    time: str = ""
    money: str = ""
    lines: bool = False
    moments: bool = False
    either: dict[str, tuple[str, ...]] | None = None
    waits: Waiting | None = None

    def missing(self, given: Iterable[str]) -> list[str]:
        """Return the required columns that neither stand in `given` nor can be made from it.

        Examples
        --------
        >>> from regulars.data.contract import TABLES
        >>> TABLES["purchases"].missing(["customer_id", "ordered_at", "quantity", "unit_price"])
        []
        >>> TABLES["purchases"].missing(["customer_id", "amount"])
        ['ordered_at']
        """
        given, either = set(given), self.either or {}
        return [
            name
            for name, field in self.fields.items()
            if field.required
            and name not in given
            and not (name in either and given.issuperset(either[name]))
        ]

    def may_wait(self) -> tuple[str, ...]:
        """Return the fields that are empty in a row that is waiting; none where no row may."""
        return self.waits.empty if self.waits else ()

    def kept_fields(self) -> dict[str, Field]:
        """Return the fields that reach the accepted table; direct identifiers do not."""
        return {name: field for name, field in self.fields.items() if field.person != "drop"}


def table(
    name: str, one_row: str, fields: Iterable[Field], rules: Iterable[Rule] = (), **about: object
) -> Table:
    """Make a table of its fields and rules, as the contract writes them."""
    return Table(name, one_row, {field.name: field for field in fields}, tuple(rules), **about)
