"""Tags: short statements about customers, each by a stated rule, in one tidy table."""

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.errors import DataError, ParameterError
from regulars.measures.engine import as_date, beside, fetch
from regulars.measures.purchases import customer_summary, known_lines, with_order_key
from regulars.measures.segments.tag_columns import Columns, with_age
from regulars.measures.segments.tag_counts import About, Asked
from regulars.parameters.tag_rules import Rule, parse_rule

__all__ = ["customer_tags", "tag_summary"]


def customer_tags(
    purchases: ir.Table,
    rules: Mapping[str, str],
    *,
    as_of: str | date,
    customers: ir.Table | None = None,
    classes: ir.Table | None = None,
    margin_rate: float | None = None,
) -> ir.Table:
    """Say of every customer whether each rule holds, and the class in each grouping.

    Conditions on lines choose lines, and those on numbers count over the chosen lines; a rule with
    no number asks for one such line. Unless a rule chooses by ``kind``, counts and days are of
    sales, while money and quantity are net of returns. Who bought none of the chosen lines has
    counts and money of zero. What is missing meets no condition but ``is missing``, so "no" says
    that the rule is not shown to hold.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id and what the rules ask for.
    rules : mapping of str to str
        Rules by the tag's name; see `regulars.parameters.tag_rules`.
    as_of : str or datetime.date
        Last day known, inclusive; ``since N days`` is this day and the N − 1 before it.
    customers : ibis.expr.types.Table, optional
        Cleaned customers: customer_id, and any attribute; from birth_date comes ``age_years``.
    classes : ibis.expr.types.Table, optional
        One row per customer: customer_id, and groupings. Its text columns come in as tags too.
    margin_rate : float, optional
        Margin as a share of spend, for lines without a cost.

    Returns
    -------
    ibis.expr.types.Table
        One row per tag and customer with a purchase day, ordered by tag and customer_id: tag,
        value ("yes" or "no"; for a grouping its class), rule (for a grouping its name),
        valid_from (day since when, as far as the chosen lines show, a "yes" has been so: the day
        of the k-th order for ``orders >= k``, else of the last chosen line; `as_of` for "no", for
        groupings and for rules that ask of them).

    Raises
    ------
    ParameterError
        By the tag's name: for a rule that cannot be read or met, or a column that is not there.
    DataError
        If `customers` or `classes` has a customer twice.

    Warns
    -----
    StatisticalDoubt
        For values that occur nowhere, and costs that are not known.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20),
    ...                           ("bob", "1997-03-01", 30)])
    >>> tags = customer_tags(purchases, {"often": "orders >= 2"}, as_of="1997-12-31")
    >>> fetch(tags)[["customer_id", "tag", "value", "valid_from"]]
      customer_id    tag value valid_from
    0         ann  often   yes 1997-02-01
    1         bob  often    no 1997-12-31
    """
    parsed = {tag: parse_rule(tag, text) for tag, text in rules.items()}
    today, lines = as_date(as_of), with_order_key(known_lines(purchases, as_of=as_of))
    tables = _tables(purchases, customers, classes, today)
    columns = Columns(tables, parsed, margin_rate=margin_rate)
    columns.check()
    _check_names(parsed, tables)
    people = customer_summary(purchases, as_of=as_of).select("customer_id")
    about = About(columns, lines, today, margin_rate)
    found = [_ask(_beside(people, tables), tag, rule, about) for tag, rule in parsed.items()]
    found += [_grouping(people, tables["class"], name, today) for name in _groupings(tables)]
    if not found:
        nothing = ibis.literal("")
        found = [_row(people.filter(ibis.literal(False)), "", nothing, "", ibis.literal(today))]
    return ibis.union(*found, distinct=False).order_by("tag", "customer_id")


def tag_summary(tags: ir.Table) -> pd.DataFrame:
    """Count who has each tag of a rule; groupings are left to their own tables.

    Parameters
    ----------
    tags : ibis.expr.types.Table
        From `customer_tags`.

    Returns
    -------
    pandas.DataFrame
        One row per rule, by the tag's name, rules that hold for nobody too: tag, customers (with
        "yes"), share (of all customers), n (all customers), rule.

    Examples
    --------
    >>> tags = ibis.memtable({"tag": ["often"] * 2, "value": ["yes", "no"],
    ...                       "rule": ["orders >= 2"] * 2})
    >>> tag_summary(tags)
         tag  customers  share  n         rule
    0  often          1    0.5  2  orders >= 2
    """
    ruled = tags.filter(tags.rule != tags.tag)
    counts = ruled.group_by("tag", "rule").agg(
        customers=(ruled["value"] == "yes").sum(), n=ruled.count()
    )
    found = fetch(counts.order_by("tag"))
    found.insert(1, "share", found.customers / found.n)
    return found[["tag", "customers", "share", "n", "rule"]].astype(
        {"customers": "int64", "n": "int64", "share": "float64"}
    )


def _tables(
    purchases: ir.Table, customers: ir.Table | None, classes: ir.Table | None, today: date
) -> dict[str, ir.Table]:
    tables = {"line": purchases}
    if customers is not None:
        tables["customer"] = with_age(_once_each(customers, "customers"), as_of=today)
    if classes is not None:
        tables["class"] = _once_each(classes, "the groupings")
    return tables


def _once_each(table: ir.Table, called: str) -> ir.Table:
    counts = table.agg(rows_=table.count(), ids=table.customer_id.nunique())
    if fetch(counts.filter(counts.rows_ > counts.ids)).size:
        raise DataError(f"Expected each customer once in {called}, found some twice or without id.")
    return table


def _groupings(tables: Mapping[str, ir.Table]) -> list[str]:
    """Return the groupings that come in as tags: the columns of classes that are text."""
    if "class" not in tables:
        return []
    kinds = tables["class"].schema().items()
    return [name for name, kind in kinds if kind.is_string() and name != "customer_id"]


def _check_names(rules: Mapping[str, Rule], tables: Mapping[str, ir.Table]) -> None:
    for tag in sorted(set(rules) & set(_groupings(tables))):
        raise ParameterError(
            f"tag {tag}: a grouping has this name, and comes in as a tag too. Choose another."
        )


def _beside(people: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """Put what is known of customers beside them, under their scope's name."""
    for scope in ("customer", "class"):
        if scope in tables:
            names = [name for name in tables[scope].columns if name != "customer_id"]
            renamed = tables[scope].rename({f"{scope}_{name}": name for name in names})
            people = beside(people, renamed)
    return people


def _ask(people: ir.Table, tag: str, rule: Rule, about: About) -> ir.Table:
    """Return one tag of all customers; of several alternatives the one that held first counts."""
    since = ibis.literal(about.today)
    people = people.mutate(held=ibis.literal(False), since=since)
    for number, alternative in enumerate(rule.alternatives):
        asked = Asked(about, tag, alternative, f"a{number}_")
        people = asked.joined_to(people)
        now = asked.held(people)
        began = ibis.ifelse(now, asked.held_since(people), about.today)
        people = people.mutate(held=people.held | now, since=ibis.least(people.since, began))
    return _row(people, tag, ibis.ifelse(people.held, "yes", "no"), rule.text, people.since)


def _grouping(people: ir.Table, classes: ir.Table, name: str, today: date) -> ir.Table:
    joined = beside(people, classes.select("customer_id", name))
    return _row(joined, name, joined[name], name, ibis.literal(today))


def _row(
    people: ir.Table, tag: str, value: ir.StringValue, rule: str, since: ir.DateValue
) -> ir.Table:
    return people.select(
        "customer_id",
        tag=ibis.literal(tag),
        value=value,
        rule=ibis.literal(rule),
        valid_from=since,
    )
