"""Clock: time measured in what a season brings, for models that know no season.

In a month that brings a quarter more than others, a day counts as a day and a quarter. In such
**season days** purchases come evenly. Histories are kept in days of the calendar; a clock turns
them, and the days ahead, into season days where a model reads them.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from regulars.measures.engine import as_date

__all__ = ["Clock", "Season", "days_in_season"]

CYCLE = 1461  # days after which months fall on the same days again: four years

Days = float | np.ndarray


@dataclass(frozen=True, eq=False)
class Season:
    """How much each calendar month brings.

    Parameters
    ----------
    index : pandas.Series
        Times the usual, by month from 1 to 12; its mean is 1.
    known_on : datetime.date
        The last day of what it was seen in.
    """

    index: pd.Series
    known_on: date

    def clock(self, day: str | date) -> "Clock | None":
        """Return the clock of a last day known; None on a day on which this was not known yet."""
        return Clock(self, as_date(day)) if as_date(day) >= self.known_on else None

    def days(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Return how many season days each of some days is."""
        return self.index.reindex(days.month).to_numpy(float)


@dataclass(frozen=True, eq=False)
class Clock:
    """A season seen from a day: the season days before it, and those after.

    Parameters
    ----------
    season : Season
    day : datetime.date
        The last day known; ages are counted up to it and horizons from it.

    Examples
    --------
    >>> index = pd.Series([.5, 1.5] + [1.0] * 10, index=range(1, 13))
    >>> clock = Clock(Season(index, date(1997, 1, 31)), date(1997, 1, 31))
    >>> float(clock.ahead(10)), float(clock.back(30)), float(clock.calendar_days(15))
    (15.0, 15.0, 10.0)
    """

    season: Season
    day: date

    def ahead(self, days: Days) -> Days:
        """Return how many season days the next so many days are."""
        return _added(self._after, days)

    def back(self, days: Days) -> Days:
        """Return how many season days the last so many days are."""
        return _added(self._before, days)

    def calendar_days(self, season_days: Days) -> Days:
        """Return after how many days so many season days have gone by; turns `ahead` around."""
        cycles, rest = np.divmod(season_days, self._after[-1])
        return cycles * CYCLE + np.interp(rest, self._after, np.arange(CYCLE + 1))

    def moved(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Turn histories as of `day` into season days: recency_age and age of cells."""
        age = self.back(cells.age.to_numpy(float))
        silence = self.back((cells.age - cells.recency_age).to_numpy(float))
        return cells.assign(recency_age=np.maximum(age - silence, 0), age=age)

    def later(self, days: int) -> "Clock":
        """Return the clock so many days later."""
        return Clock(self.season, (pd.Timestamp(self.day) + pd.Timedelta(days=days)).date())

    @cached_property
    def _after(self) -> np.ndarray:
        days = pd.date_range(self.day, periods=CYCLE + 1)[1:]
        return np.concatenate([[0.0], self.season.days(days).cumsum()])

    @cached_property
    def _before(self) -> np.ndarray:
        days = pd.date_range(end=self.day, periods=CYCLE)[::-1]
        return np.concatenate([[0.0], self.season.days(days).cumsum()])


def days_in_season(season: Season | None, days: pd.DatetimeIndex) -> np.ndarray:
    """Place days on a line so that the distance of two is their season days.

    Parameters
    ----------
    season : Season or None
        None: days of the calendar.
    days : pandas.DatetimeIndex
        Not before the first of them.

    Returns
    -------
    numpy.ndarray
        Days since the first, as float.

    Examples
    --------
    >>> index = pd.Series([.5] + [1.0] * 11, index=range(1, 13))
    >>> season = Season(index, date(1996, 12, 31))
    >>> days_in_season(season, pd.DatetimeIndex(["1997-01-01", "1997-01-31"])).tolist()
    [0.0, 15.0]
    """
    plain = (days - days[0]).days.to_numpy() if len(days) else np.empty(0)
    if season is None or not len(days):
        return plain.astype(float)
    clock = Clock(season, days[0].date())
    return np.asarray(clock.ahead(plain.astype(float)))


def _added(sums: np.ndarray, days: Days) -> Days:
    cycles, rest = np.divmod(days, CYCLE)
    return cycles * sums[-1] + np.interp(rest, np.arange(CYCLE + 1), sums)
