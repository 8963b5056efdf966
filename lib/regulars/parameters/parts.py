"""Parts: the parameters that have parts of their own, and what these are."""

from regulars.parameters.forecasts import (
    Contracts,
    EarlyWarning,
    Forecasts,
    LifetimeValue,
    WinBack,
)
from regulars.parameters.loyalty import Cohorts, LoyaltyIndex, Surveys
from regulars.parameters.rules import Cleaning, Intake
from regulars.parameters.segments import (
    Costs,
    CutPoints,
    Importance,
    Lists,
    Segment,
    Strategy,
    Tiers,
)
from regulars.parameters.source import Source, Strict

__all__ = ["PARTS"]

PARTS: dict[str, type[Strict]] = {
    "sources": Source,
    "intake": Intake,
    "cleaning": Cleaning,
    "segments": Segment,
    "cut_points": CutPoints,
    "tiers": Tiers,
    "importance": Importance,
    "costs": Costs,
    "strategies": Strategy,
    "lists": Lists,
    "survey_rules": Surveys,
    "loyalty_index": LoyaltyIndex,
    "cohorts": Cohorts,
    "forecasts": Forecasts,
    "lifetime_value": LifetimeValue,
    "early_warning": EarlyWarning,
    "win_back": WinBack,
    "contracts": Contracts,
}
"""The parameters that have parts, and what these are."""
