"""Subscriptions: the measures of 12_contracts under one name, as the notebook calls them.

They live in `contracts`, a file a noun.
"""

from regulars.measures.contracts.contract_value import (
    EVERY_PLAN,
    base_value,
    new_value,
    running_fees,
    survival_ahead,
    survival_estimates,
)
from regulars.measures.contracts.curves import (
    ended_after,
    kept_after,
    life_curves,
    median_lives,
    plan_test,
    renewal_rates,
)
from regulars.measures.contracts.discounting import Terms
from regulars.measures.contracts.driver_rows import driver_rows
from regulars.measures.contracts.drivers import contract_drivers
from regulars.measures.contracts.lives import MONTHS, contract_lives, count_lives, no_contracts
from regulars.measures.contracts.outlook import contract_outlook
from regulars.measures.contracts.plan_fits import ALL
from regulars.measures.contracts.plans import grouped_plans, plan_table, plan_totals, shown_plans
from regulars.measures.contracts.renewal_contest import back_tested

__all__ = [
    "ALL",
    "EVERY_PLAN",
    "MONTHS",
    "Terms",
    "back_tested",
    "base_value",
    "contract_drivers",
    "contract_lives",
    "contract_outlook",
    "count_lives",
    "driver_rows",
    "ended_after",
    "grouped_plans",
    "kept_after",
    "life_curves",
    "median_lives",
    "new_value",
    "no_contracts",
    "plan_table",
    "plan_test",
    "plan_totals",
    "renewal_rates",
    "running_fees",
    "shown_plans",
    "survival_ahead",
    "survival_estimates",
]
