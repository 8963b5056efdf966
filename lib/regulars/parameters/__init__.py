"""Parameters: what a run may be told, in one schema."""

from regulars.parameters.loyalty import Cohorts, LoyaltyIndex, Surveys
from regulars.parameters.rules import Cleaning, Intake
from regulars.parameters.schema import (
    Parameters,
    read_parameters,
    read_rules,
    read_sources,
    validate,
)
from regulars.parameters.segments import (
    STRATEGIES,
    Costs,
    CutPoints,
    Importance,
    Lists,
    Segment,
    Strategy,
    Tiers,
    cards,
)
from regulars.parameters.source import Source

__all__ = [
    "STRATEGIES",
    "Cleaning",
    "Cohorts",
    "Costs",
    "CutPoints",
    "Importance",
    "Intake",
    "Lists",
    "LoyaltyIndex",
    "Parameters",
    "Segment",
    "Source",
    "Strategy",
    "Surveys",
    "Tiers",
    "cards",
    "read_parameters",
    "read_rules",
    "read_sources",
    "validate",
]
