"""Parameters: what a run may be told, in one schema."""

from regulars.parameters.forecasts import (
    Contracts,
    EarlyWarning,
    Forecasts,
    LifetimeValue,
    WinBack,
)
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
    "Contracts",
    "Costs",
    "CutPoints",
    "EarlyWarning",
    "Forecasts",
    "Importance",
    "Intake",
    "LifetimeValue",
    "Lists",
    "LoyaltyIndex",
    "Parameters",
    "Segment",
    "Source",
    "Strategy",
    "Surveys",
    "Tiers",
    "WinBack",
    "cards",
    "read_parameters",
    "read_rules",
    "read_sources",
    "validate",
]
