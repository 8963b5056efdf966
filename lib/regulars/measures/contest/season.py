"""Season: time measured in what a season brings, so that models that know no season hold.

In a month that brings a quarter more than others, a day counts as a day and a quarter. Purchases
moved to such **season days** come evenly, and everything that measures purchases can be asked of
them as they are.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.contest.tracking import daily_counts, expected_up_to
from regulars.measures.engine import as_date, table_of
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitting import Fit, fit_models
from regulars.measures.purchases import customer_summary

__all__ = ["Evened", "Season", "evened", "in_season_days", "seasonal_index"]

MODELS = ("pareto_nbd", "mbg_nbd", "bg_nbd")  # the first that can be fitted
YEARS = 2
FEWEST = 30  # expected repeat purchase days of a month that tells anything


@dataclass(frozen=True, eq=False)
class Season:
    """How much each calendar month brings.

    Parameters
    ----------
    index : pandas.Series
        Times the usual, by month from 1 to 12; over a year its mean is 1.
    origin : datetime.date
        The day from which season days are counted; it is the same in both.
    """

    index: pd.Series
    origin: date

    def moved(self, day: str | date) -> date:
        """Return the season day of a day not before the origin."""
        return self.origin + timedelta(days=int(self._since(as_date(day))[-1]))

    def days_ahead(self, day: str | date, days: int) -> float:
        """Return how many season days the days after a day are, such as the next 30."""
        end = as_date(day) + timedelta(days=days)
        return float(np.diff(self._sums(end)[[-1 - days, -1]])[0])

    def _sums(self, until: date) -> np.ndarray:
        later = pd.date_range(self.origin, until)[1:]
        return np.concatenate([[0.0], self.index.reindex(later.month).to_numpy().cumsum()])

    def _since(self, until: date) -> np.ndarray:
        return self._sums(until).round().astype(int)


@dataclass(frozen=True, eq=False)
class Evened:
    """Purchases in season days, with the days that go with them; or as they are.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
    as_of : datetime.date
        The last day known, as a season day.
    holdout_days : int
        The days held back, in season days.
    season : Season or None
        None if there is no season to be seen, and nothing was moved.
    """

    purchases: ir.Table
    as_of: date
    holdout_days: int
    season: Season | None


def evened(purchases: ir.Table, *, as_of: str | date, holdout_days: int) -> Evened:
    """Move purchases to season days, if what was known before the days held back shows a season.

    The days held back are not looked at, so a contest on what comes out is a fair one.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    holdout_days : int
        How many days at the end are held back.

    Returns
    -------
    Evened
        Its `purchases`, `as_of` and `holdout_days` go to `speaking.forecast` together.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 5)])
    >>> evened(purchases, as_of="1997-03-31", holdout_days=30).season is None
    True
    """
    last = as_date(as_of)
    end = last - timedelta(days=holdout_days)
    fits, _ = fit_models(count_cells(customer_summary(purchases, as_of=end)), models=MODELS)
    one = next(iter(fits.values()), None)
    season = seasonal_index(one, purchases, as_of=end) if one else None
    if season is None:
        return Evened(purchases, last, holdout_days, None)
    moved = season.moved(last)
    held_back = (moved - season.moved(end)).days
    return Evened(in_season_days(purchases, season, as_of=last), moved, held_back, season)


def seasonal_index(
    fitted: Fit, purchases: ir.Table, *, as_of: str | date, level: float = 0.95
) -> Season | None:
    """Estimate how much each calendar month brings, from what was known on a day.

    The repeat purchase days of each month are held against what a model expects of it that knows
    no season. What the same months of different years share is the season; it is believed as far
    as it stands out of what they do not share.

    Parameters
    ----------
    fitted : Fit
        Fitted up to `as_of`.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    level : float
        How sure it has to be that there is a season at all.

    Returns
    -------
    Season or None
        None if some calendar month was not seen in two years, with at least 30 repeat purchase days
        to expect, or if the months differ no more than the years do.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells, purchases_of
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-03-05", 10)])
    >>> seasonal_index(fit(few_cells()), purchases, as_of="1997-12-31") is None
    True
    """
    months = _months(fitted, purchases, as_date(as_of))
    told = months[months.expected >= FEWEST]
    seen = told.groupby("month").size().reindex(range(1, 13), fill_value=0)
    if (seen < YEARS).any() or not (told.actual > 0).all():
        return None
    logs = np.log(told.actual / told.expected)
    means = logs.groupby(told.month).mean()
    within = ((logs - told.month.map(means)) ** 2).sum() / (len(logs) - 12)
    between, years = means.var(), len(logs) / 12
    if stats.f.sf(years * between / within, 11, len(logs) - 12) > 1 - level:
        return None
    believed = max(1 - within / years / between, 0)
    index = np.exp(believed * (means - means.mean()))
    return Season(index / index.mean(), pd.Timestamp(months.day.min()).date())


def in_season_days(purchases: ir.Table, season: Season, *, as_of: str | date) -> ir.Table:
    """Move each purchase to its season day; runs in the engine.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases; `day` is moved.
    season : Season
    as_of : str or datetime.date
        Purchases after this day are left out, and so are those before the origin.

    Returns
    -------
    ibis.expr.types.Table
        The columns of `purchases`. Two days in a row may become one where a month brings little.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> season = Season(pd.Series([.5, 1.5] + [1.0] * 10, index=range(1, 13)), date(1997, 1, 1))
    >>> purchases = purchases_of([("ann", "1997-01-31", 10)])
    >>> in_season_days(purchases, season, as_of="1997-12-31").day.to_pyarrow().to_pylist()
    [datetime.date(1997, 1, 16)]
    """
    days = pd.date_range(season.origin, as_date(as_of))
    moved = pd.Timestamp(season.origin) + pd.to_timedelta(season._since(as_date(as_of)), unit="D")
    places = table_of(pd.DataFrame({"day": days, "season_day": moved}))
    places = places.mutate(day=places.day.cast("date"), season_day=places.season_day.cast("date"))
    joined = purchases.inner_join(places, "day")
    return joined.mutate(day=joined.season_day).select(*purchases.columns)


def _months(fitted: Fit, purchases: ir.Table, last: date) -> pd.DataFrame:
    """Count repeat purchase days and expect them, in each month that is wholly known."""
    firsts, repeats = daily_counts(purchases, calibration_end=last, as_of=last)
    days = pd.Series(pd.date_range(firsts.index.min(), last))
    frame = pd.DataFrame({"day": days, "month": days.dt.month, "part": days.dt.to_period("M")})
    frame["actual"] = repeats.reindex(days).fillna(0).to_numpy()
    frame["expected"] = np.diff(expected_up_to(fitted, firsts, days), prepend=0.0)
    months = frame.groupby("part").agg(
        day=("day", "min"),
        month=("month", "first"),
        actual=("actual", "sum"),
        expected=("expected", "sum"),
        known=("day", "size"),
    )
    return months[months.known >= 28].reset_index(drop=True)
