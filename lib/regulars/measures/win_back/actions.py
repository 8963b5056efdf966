"""Actions: past campaigns that were to win customers back, and whom they treated by lot."""

from collections.abc import Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import as_date, fetch
from regulars.measures.suppression import LEAST
from regulars.parameters.forecasts import WinBack

__all__ = ["goals_of", "newest_action", "past_actions", "people_of"]

COLUMNS = [
    *("campaign_id", "name", "starts_on", "last_day", "treated", "control", "in_both"),
    *("cost", "is_over", "can_tell"),
]


def past_actions(
    tables: Mapping[str, ir.Table], *, as_of: str | date, rules: WinBack
) -> pd.DataFrame:
    """List the campaigns with the goal of winning back, and whether their effect can be told.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        campaigns (campaign_id, starts_on, name, cost, goal) and campaign_contacts (campaign_id,
        customer_id, contacted_at, arm).
    as_of : str or datetime.date
        Last day known, inclusive.
    rules : WinBack
        `rules.goal` names the goal; `rules.return_days` is how long returns are counted.

    Returns
    -------
    pandas.DataFrame
        A row per campaign that had begun, the newest first: campaign_id, name, starts_on, last_day
        (on which returns are counted), treated, control (customers in one arm alone), in_both
        (customers who are in both, and judged by neither), cost (money a treated customer; missing
        where the campaign has none), is_over (all days of returns are known), can_tell (is_over,
        and at least ten customers in each arm).

    Examples
    --------
    >>> past_actions({}, as_of="1997-12-31", rules=WinBack()).empty
    True
    """
    if not {"campaigns", "campaign_contacts"} <= set(tables):
        return pd.DataFrame(columns=COLUMNS)
    campaigns = tables["campaigns"]
    goal = campaigns.goal.strip().lower() == rules.goal.strip().lower()
    listed = campaigns.filter(goal & (campaigns.starts_on <= ibis.literal(as_date(as_of))))
    listed = listed.select("campaign_id", "name", "starts_on", "cost")
    arms = _arms(tables["campaign_contacts"])
    rows = fetch(listed.left_join(arms, "campaign_id").drop("campaign_id_right"))
    return _judged(rows, as_of=as_of, rules=rules)


def goals_of(tables: Mapping[str, ir.Table], *, most: int = 10) -> list[str]:
    """Return the goals that campaigns have, at most so many.

    Examples
    --------
    >>> goals_of({})
    []
    """
    if "campaigns" not in tables:
        return []
    goals = tables["campaigns"].select("goal").distinct().dropna("goal")
    return fetch(goals.order_by("goal").limit(most)).goal.tolist()


def people_of(tables: Mapping[str, ir.Table], campaign_id: str) -> ir.Table:
    """Return who was in a campaign and in which arm; who was in both is left out.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, is_treated (bool).
    """
    contacts = tables["campaign_contacts"]
    mine = _one_arm_each(contacts.filter(contacts.campaign_id == campaign_id))
    return mine.filter(~mine.in_both).select("customer_id", "is_treated")


def newest_action(actions: pd.DataFrame) -> dict | None:
    """Return the newest action whose effect can be told, or None if there is none.

    It is the newest, and not that with the largest effect: chosen by its effect, an action would
    look better than it was.

    Examples
    --------
    >>> newest_action(pd.DataFrame(columns=["can_tell"])) is None
    True
    """
    told = actions[actions.can_tell.astype(bool)]
    return None if told.empty else told.iloc[0].to_dict()


def _one_arm_each(contacts: ir.Table) -> ir.Table:
    """Make one row of each customer in each campaign; a contact without an arm is a treatment."""
    treated = contacts.arm.fill_null("treated") == "treated"
    marked = contacts.mutate(treated=treated)
    people = marked.group_by(["campaign_id", "customer_id"]).agg(
        is_treated=marked.treated.max(), is_control=(~marked.treated).max()
    )
    return people.mutate(in_both=people.is_treated & people.is_control)


def _arms(contacts: ir.Table) -> ir.Table:
    people = _one_arm_each(contacts.drop_null("customer_id"))
    return people.group_by("campaign_id").agg(
        treated=(people.is_treated & ~people.in_both).sum(),
        control=(people.is_control & ~people.in_both).sum(),
        in_both=people.in_both.sum(),
        reached=people.is_treated.sum(),
    )


def _judged(rows: pd.DataFrame, *, as_of: str | date, rules: WinBack) -> pd.DataFrame:
    counts = ["treated", "control", "in_both", "reached"]
    rows = rows.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, "int64"))
    last = rows.starts_on + timedelta(days=rules.return_days - 1)
    is_over = last <= pd.Timestamp(as_date(as_of))
    enough = rows[["treated", "control"]].min(axis=1) >= LEAST
    each = rows.cost.astype(float) / rows.reached.where(rows.reached > 0)
    found = rows.assign(last_day=last, cost=each, is_over=is_over, can_tell=is_over & enough)
    newest = found.sort_values(["starts_on", "campaign_id"], ascending=[False, True])
    return newest[COLUMNS].reset_index(drop=True)
