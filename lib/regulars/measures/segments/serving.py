"""Serving: what each customer cost beside the goods, from contacts and campaigns."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date, fetch
from regulars.measures.money import MONEY
from regulars.parameters.segments import Costs

__all__ = ["amount", "campaign_costs", "contact_costs"]


PLACES = 10_000  # in a unit of money
Tables = Mapping[str, ir.Table]
Period = tuple[str | date | None, str | date]


def amount(money: float | None) -> ir.DecimalScalar:
    """Return an amount from the parameters as money; nothing is 0.

    Examples
    --------
    >>> amount(2.5).to_pyarrow().as_py()
    Decimal('2.5000')
    """
    return ibis.literal(Decimal(str(money or 0)), MONEY)


def contact_costs(
    tables: Tables, costs: Costs, *, period: Period
) -> tuple[ir.Table | None, list[str]]:
    """Sum up what the contacts of each customer cost.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        interactions (customer_id, opened_at, cost), if the workbook has it.
    costs : Costs
        What a contact costs whose row does not say.
    period : tuple
        Contacts of days after the first (none: from the beginning) up to the second, inclusive.

    Returns
    -------
    tuple
        Table of customer_id, contacts, contact_cost (money), or None without interactions; and
        sentences on what is not known.

    Examples
    --------
    >>> contact_costs({}, Costs(), period=(None, "1997-12-31"))[1]
    ['There is no table interactions: what contacts cost is not in the profit.']
    """
    if "interactions" not in tables:
        return None, ["There is no table interactions: what contacts cost is not in the profit."]
    rows = tables["interactions"]
    rows = _within(rows, rows.opened_at.date(), period)
    found = rows.group_by("customer_id").agg(
        contacts=rows.count(),
        contact_cost=rows.cost.fill_null(amount(costs.contact)).sum().cast(MONEY),
    )
    n, without = fetch(rows.agg(n=rows.count(), without=rows.cost.isnull().sum())).iloc[0]
    if not without or costs.contact is not None:
        return found, []
    return found, [
        f"{int(without):,} of {int(n):,} contacts have no cost, and costs.contact does not say "
        "what a contact costs: they count nothing."
    ]


def campaign_costs(tables: Tables, *, period: Period) -> tuple[ir.Table | None, list[str]]:
    """Divide what each campaign cost evenly among its treated contacts, and sum up by customer.

    Of a campaign that is not over, that part of the cost is divided whose days have passed, the
    last day known included, among those treated by then: nothing is known of who will be. Without a
    last day a campaign counts as over. A contact without an arm counts as treated, one without a
    time is dated to the campaign's first day. Ten-thousandths that cannot be divided go to the
    first ids, so that the parts add up to the cost so far.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        campaigns (campaign_id, starts_on, cost, ends_on if known) and campaign_contacts
        (campaign_id, customer_id, contacted_at, arm), if the workbook has them.
    period : tuple
        As in `contact_costs`.

    Returns
    -------
    tuple
        Table of customer_id and campaign_cost (money), or None where a table is missing; and
        sentences on what is not known.

    Examples
    --------
    >>> found, unknown = campaign_costs({}, period=(None, "1997-12-31"))
    >>> found, len(unknown)
    (None, 1)
    """
    if not {"campaigns", "campaign_contacts"} <= set(tables):
        return None, [
            "Campaigns and whom they treated are not both there as tables: what campaigns cost is "
            "not in the profit."
        ]
    treated = _treated(tables, until=period[1])
    priced = treated.mutate(part=_part(treated))
    inside = _within(priced, priced.day, period)
    found = inside.group_by("customer_id").agg(
        campaign_cost=inside.part.sum().fill_null(amount(0)).cast(MONEY)
    )
    return found, [*_without_cost(inside), *_without_contacts(tables["campaigns"], treated, period)]


def _within(table: ir.Table, day: ir.DateValue, period: Period) -> ir.Table:
    since, until = period
    table = table.filter(day <= ibis.literal(as_date(until)))
    return table if since is None else table.filter(day > ibis.literal(as_date(since)))


def _treated(tables: Tables, *, until: str | date) -> ir.Table:
    contacts, campaigns = tables["campaign_contacts"], tables["campaigns"]
    cost = _cost_so_far(campaigns, until=until)
    told = campaigns.select("campaign_id", "starts_on", cost=cost)
    joined = contacts.select("campaign_id", "customer_id", "contacted_at", "arm").left_join(
        told, "campaign_id"
    )
    joined = joined.filter(joined.arm.fill_null("treated") == "treated")
    dated = joined.mutate(day=ibis.coalesce(joined.contacted_at.date(), joined.starts_on))
    return dated.filter(dated.day <= ibis.literal(as_date(until)))


def _cost_so_far(campaigns: ir.Table, *, until: str | date) -> ir.DecimalValue:
    """Return the cost of the days that have passed, to the ten-thousandth."""
    if "ends_on" not in campaigns.columns:
        return campaigns.cost
    days = 1 + campaigns.ends_on.delta(campaigns.starts_on, unit="day")
    passed = 1 + ibis.literal(as_date(until)).delta(campaigns.starts_on, unit="day")
    units = (campaigns.cost * PLACES).cast("int64") * ibis.greatest(passed, 0) // days
    so_far = (units.cast(MONEY) * amount(1 / PLACES)).cast(MONEY)
    running = (days > 0) & (passed < days)
    return ibis.ifelse(running.fill_null(False), so_far, campaigns.cost)


def _part(treated: ir.Table) -> ir.DecimalValue:
    """Return the part of its campaign's cost that falls to each contact."""
    campaign = ibis.window(group_by="campaign_id")
    n = treated.count().over(campaign)
    units = (treated.cost * PLACES).cast("int64")
    order = [treated.customer_id, treated.day]
    place = ibis.row_number().over(ibis.window(group_by=treated.campaign_id, order_by=order))
    each = units // n + (place < units % n).cast("int64")
    return (each.cast(MONEY) * amount(1 / PLACES)).cast(MONEY)


def _without_cost(treated: ir.Table) -> list[str]:
    counted = treated.agg(
        n=treated.campaign_id.nunique(),
        without=treated.campaign_id.nunique(where=treated.cost.isnull()),
    )
    n, without = fetch(counted).iloc[0]
    if not without:
        return []
    return [f"{int(without):,} of {int(n):,} campaigns have no cost: they count nothing."]


def _without_contacts(campaigns: ir.Table, treated: ir.Table, period: Period) -> list[str]:
    silent = _within(campaigns, campaigns.starts_on, period).anti_join(treated, "campaign_id")
    n = int(silent.filter(silent.cost > 0).count().to_pyarrow().as_py())
    if not n:
        return []
    return [
        f"Of {n:,} {'campaign' if n == 1 else 'campaigns'} nobody is named as treated: the cost is "
        "in nobody's profit."
    ]
