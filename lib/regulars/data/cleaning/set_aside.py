"""Setting aside: which rule a line falls under, the first that applies."""

import datetime as dt

import ibis
import ibis.expr.types as ir

from regulars.data.cleaning.cancellations import match_cancellations
from regulars.data.cleaning.lines import ORIGIN
from regulars.data.cleaning.on_the_way import Keep
from regulars.data.cleaning.returns import returns_of_sales
from regulars.parameters import Cleaning

__all__ = ["split", "with_rules"]


def with_rules(lines: ir.Table, rules: Cleaning, as_of: dt.date, *, keep: Keep) -> ir.Table:
    """Give each line the rule that sets it aside.

    In this order, the first counts: ``after_as_of``, ``cancelled_sale`` and ``cancellation``,
    ``non_product``, ``customer_missing``, ``return_without_sale``, ``zero_amount``.

    Parameters
    ----------
    lines : ibis.expr.types.Table
        As `purchase_lines` returns them.
    rules : Cleaning
        The switches.
    as_of : datetime.date
        The last day we know about; a later cancellation is not known yet.
    keep : function
        Keeps what is read more than once; see `on_the_way`.

    Returns
    -------
    ibis.expr.types.Table
        The same lines and ``rule`` (string, missing for a clean line), ``is_non_product`` (bool),
        ``returns_a_sale`` (bool, missing for sales).
    """
    lines = lines.mutate(is_non_product=_is_non_product(lines, rules.non_products, keep))
    marks = keep("marks", _marks(lines.filter(lines.day <= as_of), rules, keep))
    marked = _with_marks(lines, marks)
    zero = (marked.kind == "sale") & (marked.amount == 0)
    rule = ibis.cases(
        (marked.day > as_of, "after_as_of"),
        (marked.taken_back.notnull(), marked.taken_back),
        (marked.is_non_product & _on(rules.non_product_lines), "non_product"),
        (marked.customer_id.isnull(), "customer_missing"),
        (~marked.returns_a_sale & _on(rules.returns_without_sale), "return_without_sale"),
        (zero & _on(rules.zero_amounts), "zero_amount"),
    )
    return marked.mutate(rule=rule).drop("taken_back")


def split(ruled: ir.Table) -> tuple[ir.Table, ir.Table]:
    """Return the lines no rule sets aside, and those that one does."""
    return ruled.filter(ruled.rule.isnull()), ruled.filter(ruled.rule.notnull())


def _on(choice: str) -> ir.BooleanScalar:
    return ibis.literal(choice == "set_aside")


def _marks(lines: ir.Table, rules: Cleaning, keep: Keep) -> ir.Table:
    """Return what only a look at other lines can tell; few rows beside all lines."""
    none = lines.filter(ibis.literal(False)).select(*ORIGIN, taken_back=ibis.literal(""))
    matched = match_cancellations(lines, keep) if rules.cancellations == "match" else none
    returned = returns_of_sales(lines, matched, keep=keep)
    return ibis.union(
        matched.mutate(returns_a_sale=ibis.null("boolean")),
        returned.select(*ORIGIN, taken_back=ibis.null("string"), returns_a_sale="returns_a_sale"),
    )


def _with_marks(lines: ir.Table, marks: ir.Table) -> ir.Table:
    joined = lines.left_join(marks, list(ORIGIN))
    return joined.drop(*(f"{name}_right" for name in ORIGIN))


def _is_non_product(lines: ir.Table, pattern: str, keep: Keep) -> ir.BooleanValue:
    """Hold each product and category against the pattern once, not each line."""
    if not pattern:
        return ibis.literal(False)
    product = lines.product_id.isin(_matching(lines.product_id, pattern, keep))
    category = lines.category.isin(_matching(lines.category, pattern, keep))
    return product.fill_null(False) | category.fill_null(False)


def _matching(column: ir.StringColumn, pattern: str, keep: Keep) -> ir.StringColumn:
    values = column.name("value").as_table().distinct()
    whole = values.filter(values.value.re_search(rf"(?i)\A(?:{pattern})\z"))
    return keep(f"no_{column.get_name()}", whole).value
