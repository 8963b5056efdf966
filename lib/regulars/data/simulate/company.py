"""Company: the calendar of the simulated shop, its seasons, and its streams of chance.

Time inside the simulator is a number: days (float) or seconds (whole) since midnight of the first
day. Customers are made in blocks of a fixed size, each with streams of its own, so that a customer
is the same person whatever the number of customers.
"""

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from regulars.data.simulate.coefficients import coefficient

__all__ = ["BLOCK", "DAY", "LAST_DAY", "Company"]

BLOCK = 1000
"""Customers in a block."""

DAY = 86_400
"""Seconds in a day."""

LAST_DAY = np.datetime64("2025-12-31")
"""The last day of every simulated company."""


@dataclass(frozen=True)
class Company:
    """One company: so many years up to the last day, and one seed."""

    seed: int
    years: int

    @property
    def first_day(self) -> np.datetime64:
        """The first day, a 1 January."""
        year = (LAST_DAY + 1).astype("datetime64[Y]") - self.years
        return year.astype("datetime64[D]")

    @property
    def days(self) -> int:
        """How many days the company has been there.

        Examples
        --------
        >>> Company(seed=7, years=3).days
        1096
        """
        return int((LAST_DAY - self.first_day).astype(int)) + 1

    @property
    def end(self) -> int:
        """The first second after the last day."""
        return self.days * DAY

    @cached_property
    def months(self) -> np.ndarray:
        """The day each month begins on, and the day after the last one."""
        first = self.first_day.astype("datetime64[M]")
        months = first + np.arange(12 * self.years + 1)
        return (months.astype("datetime64[D]") - self.first_day).astype(float)

    @cached_property
    def pace(self) -> np.ndarray:
        """Season-days passed at each of `months`: the integral of the season over the days."""
        season = np.tile(coefficient("season"), self.years)
        return np.concatenate([[0.0], np.cumsum(season * np.diff(self.months))])

    def season_days(self, days: np.ndarray) -> np.ndarray:
        """Turn days into season-days, in which purchases come at an even pace."""
        return np.interp(days, self.months, self.pace)

    def from_season_days(self, season_days: np.ndarray) -> np.ndarray:
        """Turn season-days back into days."""
        return np.interp(season_days, self.pace, self.months)

    def month_of(self, seconds: np.ndarray) -> np.ndarray:
        """Return the month, from 0, that each second lies in."""
        return np.searchsorted(self.months, np.asarray(seconds) / DAY, side="right") - 1

    def moment(self, seconds: np.ndarray) -> np.ndarray:
        """Return seconds since the first day as points of time."""
        return self.first_day.astype("datetime64[s]") + np.asarray(seconds, dtype="int64")

    def day(self, days: np.ndarray) -> np.ndarray:
        """Return days since the first day as dates."""
        return self.first_day + np.floor(days).astype("int64")

    def stream(self, noun: str, block: int = 0) -> np.random.Generator:
        """Return the random numbers of one noun in one block.

        Examples
        --------
        >>> company = Company(seed=7, years=3)
        >>> bool(company.stream("people", 4).random() == company.stream("people", 4).random())
        True
        """
        return np.random.default_rng([self.seed, zlib.crc32(noun.encode()), block])
