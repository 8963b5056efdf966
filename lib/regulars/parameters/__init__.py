"""Parameters: what a run may be told, in one schema."""

from regulars.parameters.rules import Cleaning, Intake
from regulars.parameters.schema import (
    Parameters,
    Segment,
    read_parameters,
    read_rules,
    read_sources,
    validate,
)
from regulars.parameters.source import Source

__all__ = [
    "Cleaning",
    "Intake",
    "Parameters",
    "Segment",
    "Source",
    "read_parameters",
    "read_rules",
    "read_sources",
    "validate",
]
