"""Profit: what is left of each customer's margin after serving them, and grades by it."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import beside, fetch
from regulars.measures.money import MONEY, customer_money
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.serving import Tables, amount, campaign_costs, contact_costs
from regulars.parameters.segments import Costs
from regulars.small_groups import LEAST

__all__ = ["customer_profit", "profit_grades"]


GRADES = ("good", "not_good", "bad", "not_known")
PARTS = ("contact_cost", "campaign_cost", "return_cost")


def customer_profit(
    purchases: ir.Table,
    tables: Tables,
    costs: Costs,
    *,
    as_of: str | date,
    since: str | date | None = None,
) -> tuple[ir.Table, list[str]]:
    """Work out each customer's profit, and grade it.

    Profit is margin less what serving the customer cost: contacts, campaigns and the handling of
    returns. Discounts are in spend already. A customer is bad below zero, good with a profit above
    zero of at least `good_from` of spend, not good between, and not known where the margin is not.
    Costs that are not known count nothing, and a sentence says so; profit is then too high.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    tables : mapping of str to ibis.expr.types.Table
        The cleaned tables interactions, campaigns and campaign_contacts, as far as they are there.
    costs : Costs
        What no table says, and where grades begin.
    as_of : str or datetime.date
        Last day known, inclusive.
    since : str or datetime.date, optional
        Only money of days after this one; unless given, all.

    Returns
    -------
    profits : ibis.expr.types.Table
        One row for every customer of `purchases.customer_summary`: customer_id, spend, discount
        (missing where no line has one), margin (missing where not known), return_lines, contacts,
        contact_cost, campaign_cost, return_cost, profit (missing with the margin), grade (good,
        not_good, bad, not_known). Money is decimal(18, 4).
    unknown : list of str
        A sentence for each part of the costs that is not known.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", -5, "return")])
    >>> costs = Costs(margin_rate=.4, return_line=12)
    >>> profits, unknown = customer_profit(purchases, {}, costs, as_of="1997-12-31")
    >>> fetch(profits)[["margin", "return_cost", "profit"]].astype(float).to_numpy().tolist()
    [[10.0, 12.0, -2.0]]
    """
    contacts, no_contacts = contact_costs(tables, costs, period=(since, as_of))
    campaigns, no_campaigns = campaign_costs(tables, period=(since, as_of))
    rows = _with_money(purchases, costs, as_of=as_of, since=since)
    rows = _with_cost(_with_cost(rows, contacts, "contact_cost"), campaigns, "campaign_cost")
    rows = rows.mutate(return_cost=(rows.return_lines * amount(costs.return_line)).cast(MONEY))
    left = rows.margin - rows.contact_cost - rows.campaign_cost - rows.return_cost
    rows = rows.mutate(profit=left.cast(MONEY))
    unknown = _unknown(rows, costs) + no_contacts + no_campaigns
    reached = [table for table in (contacts, campaigns) if table is not None]
    return rows.mutate(grade=_grade(rows, costs)), unknown + _to_others(rows, reached)


def profit_grades(profits: ir.Table) -> pd.DataFrame | None:
    """Say how many customers have each grade, and what they bring.

    Parameters
    ----------
    profits : ibis.expr.types.Table
        From `customer_profit`.

    Returns
    -------
    pandas.DataFrame or None
        One row per grade, empty ones too (not_known only if somebody is): grade, customers,
        customers_share, spend, margin, profit (missing for not_known), profit_share (of all
        profit that is known; missing unless that is above zero). None if nobody's profit is known.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> profits = table_of(pd.DataFrame({"grade": ["good", "bad"], "spend": [50, 10],
    ...                                  "margin": [20, 4], "profit": [12, -2]}))
    >>> profit_grades(profits)[["grade", "customers", "profit_share"]]
          grade  customers  profit_share
    0      good          1           1.2
    1  not_good          0           0.0
    2       bad          1          -0.2
    """
    groups = profits.group_by("grade").agg(
        customers=profits.count(),
        **{name: profits[name].sum().cast("float64") for name in ("spend", "margin", "profit")},
    )
    found = fetch(groups).set_index("grade")
    if not set(found.index) - {"not_known"}:
        return None
    grades = [name for name in GRADES if name != "not_known" or name in found.index]
    found = found.reindex(pd.Index(grades, name="grade"))
    empty = found.customers.isna()
    found = found.mask(empty, 0.0).astype({"customers": "int64"})
    found.insert(1, "customers_share", found.customers / found.customers.sum())
    total = found.profit.sum()
    found["profit_share"] = found.profit / (total if total > 0 else float("nan"))
    return found.reset_index()


def _with_money(
    purchases: ir.Table, costs: Costs, *, as_of: str | date, since: str | date | None
) -> ir.Table:
    """Give every customer the money of the period; who did nothing in it has zero."""
    money = customer_money(purchases, as_of=as_of, since=since, margin_rate=costs.margin_rate)
    everybody = customer_summary(purchases, as_of=as_of).select("customer_id")
    joined = everybody.left_join(money, "customer_id")
    there = joined.customer_id_right == joined.customer_id
    return joined.select(
        "customer_id",
        spend=joined.spend.fill_null(amount(0)),
        discount=joined.discount,
        margin=ibis.ifelse(there, joined.margin, amount(0)),
        return_lines=joined.return_lines.fill_null(0),
    )


def _with_cost(rows: ir.Table, found: ir.Table | None, name: str) -> ir.Table:
    counted = {"contact_cost": ["contacts"]}.get(name, [])
    if found is None:
        return rows.mutate(**dict.fromkeys(counted, 0), **{name: amount(0)})
    joined = beside(rows, found)
    zeros = {one: joined[one].fill_null(0) for one in counted}
    return joined.mutate(**zeros, **{name: joined[name].fill_null(amount(0))})


def _grade(rows: ir.Table, costs: Costs) -> ir.StringValue:
    least = rows.spend * amount(round(costs.good_from, 4))
    return ibis.cases(
        (rows.profit < 0, "bad"),
        ((rows.profit > 0) & (rows.profit >= least), "good"),
        (rows.profit >= 0, "not_good"),
        else_="not_known",
    )


def _unknown(rows: ir.Table, costs: Costs) -> list[str]:
    counted = rows.agg(
        n=rows.count(),
        without=rows.count() - rows.margin.count(),
        discount=rows.discount.count(),
        returns=rows.return_lines.sum(),
    )
    found = fetch(counted).fillna(0).iloc[0].astype("int64")
    said = []
    if found.without:
        said.append(
            f"What the goods cost is not known for {_few(found.without)} of {found.n:,} customers, "
            "and costs.margin_rate does not say what part of spend is margin: nor is their profit."
        )
    if found.n and not found.discount:
        said.append("No line says what discount was given: the list value is the spend.")
    if found.returns and costs.return_line is None:
        said.append("What handling a return costs is not known (costs.return_line): it counts 0.")
    return said


def _to_others(rows: ir.Table, reached: list[ir.Table]) -> list[str]:
    """Say which part of these costs went to people who have bought nothing."""
    costs = [
        table.select("customer_id", cost=next(table[n] for n in PARTS if n in table.columns))
        for table in reached
    ]
    if not costs:
        return []
    costs = ibis.union(*costs) if len(costs) > 1 else costs[0]
    others = costs.anti_join(rows, "customer_id")
    total, lost = (float(one.cost.sum().to_pyarrow().as_py() or 0) for one in (costs, others))
    if not lost > 0:
        return []
    return [
        f"{100 * lost / total:.1f}\u00a0% of what contacts and campaigns cost went to people who "
        "have not bought: it is in nobody's profit."
    ]


def _few(n: int) -> str:
    return f"{n:,}" if n >= LEAST else f"fewer than {LEAST}"
