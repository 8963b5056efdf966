"""Told: what intake is told beside the sources."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from regulars.parameters import Intake

__all__ = ["Told"]


@dataclass(frozen=True)
class Told:
    """The day, the currency, the switches, the key, and which ids are one person."""

    as_of: dt.date
    currency: str
    rules: Intake
    key: bytes | None = None
    merges: pd.DataFrame | None = None
