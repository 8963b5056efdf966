"""Parameters: what a run may be told, in one schema."""

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
    "Costs",
    "CutPoints",
    "Importance",
    "Intake",
    "Lists",
    "Parameters",
    "Segment",
    "Source",
    "Strategy",
    "Tiers",
    "cards",
    "read_parameters",
    "read_rules",
    "read_sources",
    "validate",
]
