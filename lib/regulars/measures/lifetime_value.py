"""Lifetime value: the measures of 07_lifetime_value under one name, as the notebook calls them.

They live in `value`, a file a noun; the purchase models and the groups are those of 06 and 04.
"""

from regulars.measures.contest.speaking import forecast
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.profit import customer_profit
from regulars.measures.segments.rfm import name_segments, rfm_scores
from regulars.measures.segments.tiers import ABC, PYRAMID, value_by, value_tiers
from regulars.measures.value.book import base_value, open_book, residual_value
from regulars.measures.value.groups import (
    GROUP_VALUES,
    group_estimates,
    value_by_group,
    value_deciles,
)
from regulars.measures.value.held_back import money_held_back
from regulars.measures.value.newcomers import new_customer, newcomer_curve, newcomer_table
from regulars.measures.value.recorded import recorded_money, recorded_value
from regulars.measures.value.sensitivity import sensitivity, value_moves

__all__ = [
    "ABC",
    "GROUP_VALUES",
    "PYRAMID",
    "base_value",
    "customer_profit",
    "customer_summary",
    "forecast",
    "group_estimates",
    "money_held_back",
    "name_segments",
    "new_customer",
    "newcomer_curve",
    "newcomer_table",
    "open_book",
    "recorded_money",
    "recorded_value",
    "residual_value",
    "rfm_scores",
    "sensitivity",
    "value_by",
    "value_by_group",
    "value_deciles",
    "value_moves",
    "value_tiers",
]
