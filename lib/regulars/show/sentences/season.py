"""Sentences on the season that a forecast's time runs by (06, 07)."""

from typing import Protocol

import pandas as pd

from regulars.show.findings import number
from regulars.show.text import MONTHS

__all__ = ["season"]


class HasIndex(Protocol):
    """A season, such as ``measures.purchase_models.clock.Season``."""

    index: pd.Series


def season(found: HasIndex | None) -> list[str]:
    """Say by how much the strongest and the weakest month differ from the usual, if they do.

    Parameters
    ----------
    found : HasIndex or None
        Of the forecast.
    """
    if found is None:
        return [
            "Before the days held back no season was to be seen, which takes two years, and months "
            "that differ by more than the years do. So the models' days are those of the calendar."
        ]
    most, least = (MONTHS[month - 1] for month in (found.index.idxmax(), found.index.idxmin()))
    return [
        f"Before the days held back, a day in {most} brought {number(found.index.max())} times the "
        f"purchases of a usual one, a day in {least} {number(found.index.min())} times. The "
        "models' time runs by that; what they are asked and say is in days of the calendar."
    ]
