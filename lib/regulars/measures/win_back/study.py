"""Study: a past action, from whom it drew by lot to what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import as_date
from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.clock import Season
from regulars.measures.win_back.actions import people_of
from regulars.measures.win_back.balance import arms_compared, split_share
from regulars.measures.win_back.effects import (
    ARMS,
    EVERYBODY,
    GONE,
    action_effects,
    action_people,
    arm_rates,
    relative_uplift,
)
from regulars.measures.win_back.left import fitted_at, left_customers
from regulars.measures.win_back.seen_worth import reckoned_worth, worth_of_return
from regulars.parameters.forecasts import WinBack

__all__ = ["Study", "study_action"]


@dataclass(frozen=True, eq=False)
class Study:
    """What a past action did.

    Parameters
    ----------
    action : dict
        A row of `actions.past_actions`.
    rates : pandas.DataFrame
        From `effects.arm_rates`.
    effects : dict of str to dict
        From `effects.action_effects`, for everybody and for had_left.
    balance : pandas.DataFrame
        From `balance.arms_compared`.
    control_share : Estimate
        Share of the control group.
    is_off : bool
        Whether that share is another one than was drawn for.
    uplift : Estimate or None
        As a share of the return rate without the action: of those who had left, or of everybody
        where these are too few to be told. None if those are too few as well, or the arms do not
        look like a lot.
    uplift_of : str
        Of whom: had_left or everybody; empty if there is none.
    return_worth : Estimate or None
        From `seen_worth.worth_of_return`, of the same; None if it is too unsure to say.
    reckoned : float or None
        From `seen_worth.reckoned_worth`, of the same as of the day before the action; None without
        a model, or where return_worth is.
    """

    action: dict
    rates: pd.DataFrame
    effects: dict[str, dict[str, Estimate]]
    balance: pd.DataFrame
    control_share: Estimate
    is_off: bool
    uplift: Estimate | None
    uplift_of: str
    return_worth: Estimate | None = None
    reckoned: float | None = None

    @property
    def looks_drawn(self) -> bool:
        """Whether nothing but a lot seems to have made the arms."""
        return not self.is_off and not self.balance.differs.astype(bool).any()


def study_action(
    purchases: ir.Table,
    tables: Mapping[str, ir.Table],
    action: dict,
    *,
    model: str | None,
    rules: WinBack,
    period_days: int,
    share: float,
    season: Season | None = None,
    seed: int = 1,
) -> Study:
    """Evaluate a past action against its control group.

    Who had left is told as of the day before the action, by a model fitted on what was known then.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    tables : mapping of str to ibis.expr.types.Table
        The cleaned table campaign_contacts.
    action : dict
        From `actions.newest_action`.
    model : str or None
        The model that speaks; None for the rule of `left.left_customers`.
    rules : WinBack
    period_days : int
        A period of the workbook (days).
    share : float
        Margin as a share of spend, from `worth.margin_share`.
    season : Season, optional
        Of the forecast, see `left.fitted_at`.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Study
    """
    start = as_date(action["starts_on"])
    before = start - timedelta(days=1)
    fitted = fitted_at(purchases, model=model, day=before, season=season)
    left = left_customers(
        purchases, as_of=before, fitted=fitted, rules=rules, period_days=period_days
    )
    people = people_of(tables, action["campaign_id"])
    rows = action_people(people, purchases, left, starts_on=start, rules=rules, share=share)
    balance = arms_compared(people, left)
    drawn, is_off = split_share(action, control_share=rules.control_share)
    rates, cost = arm_rates(rows), _cost(action, rules)
    effects = {
        group: action_effects(rows, group=group, cost=cost, rules=rules, seed=seed)
        for group in dict.fromkeys(rates.loc[~rates.hidden, "group"])
    }
    found = Study(action, rates, effects, balance, drawn, is_off, None, "")
    if not found.looks_drawn:
        return found
    found = replace(found, **_uplift(rates))
    added = found.uplift is not None and found.uplift.low > 0
    worth = worth_of_return(rows, group=found.uplift_of) if added else None
    if worth is None or fitted is None:
        return replace(found, return_worth=worth)
    rows = left if found.uplift_of == EVERYBODY else left.filter(left.has_left)
    rows, when = rows.semi_join(people, "customer_id"), {"as_of": before, "share": share}
    reckoned = reckoned_worth(rows, purchases, fitted=fitted, rules=rules, **when)
    return replace(found, return_worth=worth, reckoned=reckoned)


def _cost(action: dict, rules: WinBack) -> float:
    return float(action["cost"]) if pd.notna(action["cost"]) else rules.contact_cost


def _uplift(rates: pd.DataFrame) -> dict[str, object]:
    """Return the uplift of the narrowest group that can be told, and of whom it is."""
    for group in (GONE, EVERYBODY):
        rows = rates[(rates.group == group) & ~rates.hidden].set_index("arm")
        if len(rows):
            counts = {arm: (int(rows.returned[arm]), int(rows.customers[arm])) for arm in ARMS}
            found = relative_uplift(counts)
            return {"uplift": found, "uplift_of": group if found else ""}
    return {}
