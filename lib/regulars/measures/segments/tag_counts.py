"""Counts behind a tag's rule: what is chosen, what is counted of it, and since when that held."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import beside
from regulars.measures.money import customer_money
from regulars.measures.segments.tag_columns import Columns, holds
from regulars.parameters.tag_bounds import COUNTS, SPANS, Condition
from regulars.parameters.tag_rules import Alternative

__all__ = ["About", "Asked"]

ANY_LINE = Condition("", "lines", ">=", ("1",))


@dataclass(frozen=True)
class About:
    """What every rule is asked of: its columns, the known lines, the day, the margin's rate."""

    columns: Columns
    lines: ir.Table
    today: date
    margin_rate: float | None


@dataclass(frozen=True)
class Asked:
    """One alternative of a tag's rule."""

    about: About
    tag: str
    alternative: Alternative
    prefix: str

    def scoped(self, scope: str) -> list[Condition]:
        """Return the conditions of a scope; lines that nothing is counted of are asked to exist."""
        of = self.about.columns.scope_of
        found = [c for c in self.alternative.conditions if of(self.tag, c) == scope]
        if scope == "sum" and not found and (self.alternative.days or self.scoped("line")):
            return [ANY_LINE]
        return found

    def joined_to(self, people: ir.Table) -> ir.Table:
        """Add what is counted, and the days on which counts were reached, to the customers."""
        for table in self._counted() if self.scoped("sum") else ():
            names = {self.prefix + name: name for name in table.columns if name != "customer_id"}
            people = beside(people, table.rename(names))
        return people

    def held(self, people: ir.Table) -> ir.BooleanValue:
        """Return whether all conditions hold."""
        found = ibis.literal(True)
        for condition in self.scoped("sum"):
            found = found & holds(self._sum(people, condition.name), condition, tag=self.tag)
        for scope in ("customer", "class"):
            for condition in self.scoped(scope):
                value = people[f"{scope}_{condition.name}"]
                found = found & holds(value, condition, tag=self.tag)
        return found

    def held_since(self, people: ir.Table) -> ir.DateValue:
        """Return the day since which they do, as far as the chosen lines show."""
        today = ibis.literal(self.about.today)
        if self.scoped("class") or not self.scoped("sum"):
            return today
        days = [day for c in self.scoped("sum") for day in self._days(people, c)]
        days = days or [people[f"{self.prefix}last"]]
        return reduce(ibis.greatest, [ibis.coalesce(day, today) for day in days]).cast("date")

    def _days(self, people: ir.Table, condition: Condition) -> Iterator[ir.DateValue]:
        name, least = condition.name, condition.least
        if name in COUNTS and (least is not None or condition.op[0] == "<"):
            if least:
                yield people[f"{self.prefix}{_reached(name, least)}"]
        elif name in SPANS and least is not None:
            anchor = people[f"{self.prefix}{name.removeprefix('days_since_')}"]
            yield (anchor + ibis.interval(days=least)).cast("date")
        else:
            yield people[f"{self.prefix}{'last' if name in SPANS else 'latest'}"]

    def _sum(self, people: ir.Table, name: str) -> ir.Value:
        if name in SPANS:
            day = people[f"{self.prefix}{name.removeprefix('days_since_')}"]
            return ibis.literal(self.about.today).delta(day, unit="day")
        value = people[f"{self.prefix}{name}"]
        return ibis.ifelse(people[f"{self.prefix}latest"].isnull(), 0, value)

    def _chosen(self) -> ir.Table:
        """Return the chosen lines, with whether each counts."""
        lines, days = self.about.lines, self.alternative.days
        if days:
            lines = lines.filter(lines.day > ibis.literal(self.about.today - timedelta(days=days)))
        asked = self.scoped("line")
        for condition in asked:
            lines = lines.filter(holds(lines[condition.name], condition, tag=self.tag))
        by_kind = any(condition.name == "kind" for condition in asked)
        return lines.mutate(counts=ibis.literal(True) if by_kind else lines.is_sale)

    def _counted(self) -> Iterator[ir.Table]:
        chosen, asked = self._chosen(), self.scoped("sum")
        names = {condition.name for condition in asked}
        yield _sums(chosen, names)
        if names & {"margin", "discount"}:
            money = customer_money(
                chosen, as_of=self.about.today, margin_rate=self.about.margin_rate
            )
            yield money.select("customer_id", *sorted(names & {"margin", "discount"}))
        reached = {(c.name, c.least) for c in asked if c.name in COUNTS and (c.least or 0) > 1}
        for name, rank in sorted(reached):
            yield _day_of(chosen.filter(chosen.counts), name, rank)


def _sums(chosen: ir.Table, names: set[str]) -> ir.Table:
    counts, quantity = chosen.counts, chosen.quantity
    signed = ibis.ifelse(chosen.amount < 0, -quantity.abs(), quantity.abs())
    found = {
        "lines": counts.sum(),
        "orders": chosen.order_key.nunique(where=counts),
        "purchase_days": chosen.day.nunique(where=counts),
        "spend": chosen.amount.sum(),
        "quantity": ibis.ifelse(quantity.isnull().sum() > 0, ibis.null(), signed.sum()),
    }
    return chosen.group_by("customer_id").agg(
        first=chosen.day.min(where=counts),
        last=chosen.day.max(where=counts),
        latest=chosen.day.max(),
        **{name: value for name, value in found.items() if name in names},
    )


def _reached(name: str, rank: int) -> str:
    return "first" if rank == 1 else f"{name}_{rank}"


def _day_of(counted: ir.Table, name: str, rank: int) -> ir.Table:
    """Return the day on which each customer's k-th line, order or purchase day was reached."""
    units = counted.select("customer_id", "day")
    if name == "orders":
        by_order = counted.group_by("customer_id", "order_key")
        units = by_order.agg(day=counted.day.min()).drop("order_key")
    elif name == "purchase_days":
        units = units.distinct()
    order = ibis.window(group_by=units.customer_id, order_by=units.day)
    ranked = units.mutate(place=ibis.row_number().over(order) + 1)
    reached = ranked.filter(ranked.place == rank)
    return reached.select("customer_id", reached.day.name(_reached(name, rank)))
