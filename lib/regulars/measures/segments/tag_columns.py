"""Columns of tag rules: which column a name means, and what its values are compared with."""

import warnings
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from regulars.errors import ParameterError, StatisticalDoubt
from regulars.measures.engine import as_date, fetch
from regulars.parameters.tag_bounds import AGGREGATES, Condition, as_ordered
from regulars.parameters.tag_rules import Rule
from regulars.text import nearest

__all__ = ["Columns", "holds", "with_age"]

NOT_ASKED = ("customer_id", "source_file", "source_line")
NEEDED = {"margin": "cost", "discount": "discount", "quantity": "quantity"}
WORDS = {"yes": True, "true": True, "no": False, "false": False}
CALLED = {"line": "purchases", "customer": "customers", "class": "the groupings"}


class Columns:
    """What the names in a workbook's rules mean: its lines, its customers and their groupings.

    A name without a scope is one of `AGGREGATES`, else a column of the lines, else of customers,
    else of the groupings. A column without a single value counts as not there.

    Parameters
    ----------
    tables : mapping
        Tables by scope: ``line``, ``customer``, ``class``; those that are there.
    rules : mapping
        The parsed rules by tag.
    margin_rate : float, optional
        With it, margins need no costs.
    """

    def __init__(
        self,
        tables: Mapping[str, ir.Table],
        rules: Mapping[str, Rule],
        *,
        margin_rate: float | None = None,
    ) -> None:
        self.tables, self.rules, self.margin_rate = tables, rules, margin_rate
        names = {condition.name for _, condition in self._asked()}
        names |= {NEEDED[name] for name in names if name in NEEDED}
        self.filled = {scope: _filled(table, names) for scope, table in tables.items()}

    def scope_of(self, tag: str, condition: Condition) -> str:
        """Return ``sum``, ``line``, ``customer`` or ``class``, or refuse the tag by name."""
        if condition.is_aggregate:
            return "sum"
        for scope in [condition.scope] if condition.scope else CALLED:
            if condition.name in self.filled.get(scope, {}):
                return scope
        raise ParameterError(f"tag {tag}: {self._not_there(condition)}")

    def check(self) -> None:
        """Refuse rules whose columns are not there, and doubt values that occur nowhere.

        Raises
        ------
        ParameterError
            Naming the tag, the column, the nearest name and all there are.

        Warns
        -----
        StatisticalDoubt
            Naming the tag, the column and the value.
        """
        asked: dict[tuple[str, str], dict[str, str]] = {}
        for tag, condition in self._asked():
            scope = self.scope_of(tag, condition)
            if scope == "sum":
                self._check_aggregate(tag, condition.name)
            elif _is_list_of_texts(condition, self.tables[scope]):
                values = asked.setdefault((scope, condition.name), {})
                values |= {value: tag for value in condition.values if value not in values}
        for (scope, name), values in asked.items():
            _doubt_values(self.tables[scope], scope, name, values)

    def _asked(self) -> Iterator[tuple[str, Condition]]:
        for tag, rule in self.rules.items():
            for alternative in rule.alternatives:
                yield from ((tag, condition) for condition in alternative.conditions)

    def _check_aggregate(self, tag: str, name: str) -> None:
        needed = NEEDED.get(name)
        if needed is None or (name == "margin" and self.margin_rate is not None):
            return
        there, rows = self.filled["line"].get(needed, 0), self.filled["line"][""]
        if not there:
            raise ParameterError(
                f"tag {tag} asks for {name}, but no line of purchases has a {needed}. Map the "
                f"column {needed}{', or set costs.margin_rate' if name == 'margin' else ''}."
            )
        if there < rows and name != "discount":
            _doubt(
                f"Tag {tag}: {rows - there:,} of {rows:,} lines have no {needed}. The {name} of "
                "whoever bought them is not known, and they do not get the tag by it."
            )

    def _not_there(self, condition: Condition) -> str:
        scopes = [condition.scope] if condition.scope else list(CALLED)
        for scope in scopes:
            if scope in self.tables and condition.name in _columns(self.tables[scope]):
                return (
                    f"the column {condition.name} of {CALLED[scope]} has no value in any row. Map "
                    "it in the sources, or take the tag out."
                )
        there = {s: _columns(self.tables[s]) if s in self.tables else [] for s in CALLED}
        known = [*AGGREGATES, *(f"{s}.{name}" for s in there for name in there[s])]
        near = nearest(condition.name, [*AGGREGATES, *(n for s in there for n in there[s])])
        near = (
            nearest(condition.column, known)
            if condition.scope
            else near or _longer(condition.name, known)
        )
        listed = "; ".join(
            f"of {CALLED[scope]}: {', '.join(names) or 'none, the table is not there'}"
            for scope, names in there.items()
        )
        return (
            f"there is no column {condition.column!r}{near or '.'} There are, of the chosen lines "
            f"together: {', '.join(AGGREGATES)}; {listed}."
        )


def with_age(customers: ir.Table, *, as_of: date) -> ir.Table:
    """Add ``age_years``, whole years from the birth date to a day, where there is a birth date.

    Not ``age``, which in this workbook is the days since the first purchase.
    """
    if "birth_date" not in customers.columns or "age_years" in customers.columns:
        return customers
    born = customers.birth_date.cast("date")
    ahead = born.month() * 100 + born.day() > as_of.month * 100 + as_of.day
    return customers.mutate(age_years=as_of.year - born.year() - ahead.cast("int64"))


def holds(value: ir.Value, condition: Condition, *, tag: str) -> ir.BooleanValue:
    """Return whether a condition holds; of what is missing, only ``is missing`` does."""
    if condition.op in ("is missing", "is there"):
        return value.isnull() if condition.op == "is missing" else value.notnull()
    kind = value.type()
    value = value.cast("date") if kind.is_timestamp() else value
    literals = [_literal(text, value, condition, tag) for text in condition.values]
    if condition.op in ("in", "not in"):
        found = value.isin(literals)
        return (found if condition.op == "in" else ~found).fill_null(False)
    if kind.is_boolean() or not (kind.is_numeric() or kind.is_temporal()):
        raise ParameterError(
            f"tag {tag}: {condition.column} has no order, so {condition.op} says nothing of it. "
            "Expected = != in or not in."
        )
    first = literals[0]
    compared = {"<": value < first, "<=": value <= first, ">": value > first, ">=": value >= first}
    return compared[condition.op].fill_null(False)


def _literal(text: str, value: ir.Value, condition: Condition, tag: str) -> ir.Scalar:
    kind, ordered = value.type(), as_ordered(text)
    if kind.is_string():
        return ibis.literal(text)
    if kind.is_boolean() and text.lower() in WORDS:
        return ibis.literal(WORDS[text.lower()])
    if kind.is_temporal() and isinstance(ordered, date):
        return ibis.literal(as_date(ordered))
    if kind.is_numeric() and not kind.is_boolean() and isinstance(ordered, Decimal):
        return _number(ordered, kind)
    expected = "a day such as 2025-12-31" if kind.is_temporal() else "a number"
    raise ParameterError(
        f"tag {tag}: {condition.column} is compared with "
        f"{'yes or no' if kind.is_boolean() else expected}, found {text}."
    )


def _number(number: Decimal, kind: ibis.expr.datatypes.DataType) -> ir.Scalar:
    if kind.is_floating():
        return ibis.literal(float(number))
    if number == int(number):
        return ibis.literal(int(number), "int64")
    return ibis.literal(number, "decimal(18, 4)")


def _is_list_of_texts(condition: Condition, table: ir.Table) -> bool:
    return condition.op in ("in", "not in") and table[condition.name].type().is_string()


def _longer(name: str, known: list[str]) -> str:
    """Return a hint at a longer name, such as age_years for age."""
    found = [one for one in known if one.split(".")[-1].startswith(f"{name}_")]
    return f". Did you mean {found[0]}?" if found else ""


def _columns(table: ir.Table) -> list[str]:
    return [name for name in table.columns if name not in NOT_ASKED]


def _filled(table: ir.Table, names: set[str]) -> dict[str, int]:
    """Count the values of the asked columns, leaving out empty ones; under "" the rows."""
    asked = [name for name in _columns(table) if name in names]
    counts = fetch(table.agg(rows_=table.count(), **{name: table[name].count() for name in asked}))
    found = {name: int(counts[name].iloc[0]) for name in asked}
    return {"": int(counts.rows_.iloc[0])} | {name: n for name, n in found.items() if n}


def _doubt_values(table: ir.Table, scope: str, name: str, values: Mapping[str, str]) -> None:
    found = table.filter(table[name].isin(sorted(values))).select(name).distinct()
    for value in sorted(set(values) - set(fetch(found)[name])):
        _doubt(f"Tag {values[value]}: the value {value!r} of {name} is nowhere in {CALLED[scope]}.")


def _doubt(sentence: str) -> None:
    warnings.warn(sentence, StatisticalDoubt, stacklevel=4)
