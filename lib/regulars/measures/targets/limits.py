"""Limits: control charts of monthly KPIs, so that noise is not taken for news.

Retail grows and has seasons, which are no news: so each month is held against what the other
months foretell of it, see `usual`. With many months some point always strays, so the limits widen
with their number: of charts on which nothing happens about one in twenty shows a signal.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.targets.kpis import with_labels
from regulars.measures.targets.usual import ALARMS, SEASON_FROM, YEAR, usual_months

__all__ = ["LEAST_MONTHS", "control_limits", "kpi_limits", "signals"]

LEAST_MONTHS = 8
"""With fewer months there are no limits."""

MONTHS = 36  # the last so many are looked at
LEVEL = 0.95
COLUMNS = ["metric", "month", "value", "centre", "lower", "upper", "signal", "basis"]
POWER = ["in_percent", "fall", "rise"]


def control_limits(reached: pd.DataFrame, *, metric: str) -> pd.DataFrame:
    """Draw the limits of one KPI, and mark the months outside them.

    Parameters
    ----------
    reached : pandas.DataFrame
        From `reached.kpi_months`. Months that are not over, hidden or without a value are left
        out.
    metric : str
        The KPI.

    Returns
    -------
    pandas.DataFrame
        One row per month of the last 36: metric, month, value, centre, lower, upper (what is
        usual, in the unit of the value; missing where the other months do not tell), signal
        (empty; outside; either: this month or its twin of the other year is, and two years do not
        say which; run: of scores, a long run on one side of the mean), basis (line; season: with
        growth and months of the year; answers: the limits follow from how many answered),
        in_percent, fall, rise (how far the limits lie from the centre in half of the months, so
        how large news would have to be: in parts of the centre, or in the unit of the value),
        label and unit (of the KPI). No rows with fewer than 8 months.

    Notes
    -----
    Shewhart (1931), Economic Control of Quality of Manufactured Product. Scores are held against
    their mean at the standard errors of each month, as on a p chart. What the books say is held
    against a shape fitted to it, and runs on one side of a shape tell how well it fits; so they
    are looked for in scores alone. False alarms and power: benchmarks/alarms.py.

    Examples
    --------
    >>> months = pd.date_range("1997-01-01", periods=12, freq="MS")
    >>> reached = pd.DataFrame({"metric": "orders", "month": months, "value": [100.0, 104] * 6,
    ...                         "low": None, "high": None, "basis": "counted", "over": True,
    ...                         "hidden": False})
    >>> reached.loc[7, "value"] = 130.0
    >>> found = control_limits(reached, metric="orders")
    >>> found[found.signal == "outside"].month.dt.month.tolist()
    [8]
    """
    rows = _known(reached, metric)
    if len(rows) < LEAST_MONTHS:
        return with_labels(pd.DataFrame(columns=[*COLUMNS, *POWER]))
    judge = _of_answers if rows.basis.isin(["month", "quarter"]).any() else _of_books
    found = _with_power(judge(rows).assign(metric=metric))
    return with_labels(found[[*COLUMNS, *POWER]].reset_index(drop=True))


def kpi_limits(
    reached: pd.DataFrame,
    *,
    metrics: Sequence[str] = ("revenue", "customers", "value_per_order", "nps"),
) -> pd.DataFrame:
    """Return the limits of several KPIs, one below the other; see `control_limits`."""
    found = [control_limits(reached, metric=metric) for metric in metrics]
    return pd.concat([one for one in found if len(one)] or found, ignore_index=True)


def signals(distance: np.ndarray, reach: np.ndarray | float, *, run: int) -> np.ndarray:
    """Mark what lies further from the centre than it may, and long runs on one side of it.

    Parameters
    ----------
    distance : array
        From the centre, in order of time.
    reach : array or float
        How far a point may lie.
    run : int
        So many in a row on one side are a signal.

    Returns
    -------
    numpy.ndarray
        outside, run or empty.

    Examples
    --------
    >>> signals(np.array([1, 1, 1, -9]), 5, run=3).tolist()
    ['run', 'run', 'run', 'outside']
    """
    sides = pd.Series(np.sign(distance))
    streak = sides.groupby((sides != sides.shift()).cumsum()).transform("size")
    runs = (streak >= run) & (sides != 0)
    return np.where(np.abs(distance) > reach, "outside", np.where(runs, "run", ""))


def _known(reached: pd.DataFrame, metric: str) -> pd.DataFrame:
    rows = reached[(reached.metric == metric) & reached.over & ~reached.hidden]
    rows = rows[rows.value.notna()].sort_values("month")
    since = rows.month.max() - pd.DateOffset(months=MONTHS - 1) if len(rows) else pd.NaT
    return rows[rows.month >= since]


def _of_books(rows: pd.DataFrame) -> pd.DataFrame:
    """Take logarithms where all is above zero: a shop grows and sways in per cent."""
    values = rows.value.to_numpy(dtype=float)
    positive = bool((values > 0).all())
    scaled, back = (np.log(values), np.exp) if positive else (values, np.asarray)
    usual = usual_months(scaled, (rows.month.dt.year * YEAR + rows.month.dt.month - 1).to_numpy())
    ends = {"centre": 0, "lower": -usual.reach, "upper": usual.reach}
    return rows.assign(
        **{name: back(usual.centre + end) for name, end in ends.items()},
        signal=np.select([usual.either, usual.outside], ["either", "outside"], ""),
        basis="season" if len(rows) >= SEASON_FROM else "line",
        in_percent=positive,
    )


def _of_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Hold each month against the mean of all, by its own standard error."""
    error = ((rows.high - rows.low) / (2 * stats.norm.ppf((1 + LEVEL) / 2))).to_numpy(dtype=float)
    values = rows.value.to_numpy(dtype=float)
    known = error > 0
    weights = np.where(known, rows.n.to_numpy(dtype=float), 0)
    centre = np.average(values, weights=weights) if weights.any() else values.mean()
    many = stats.norm.ppf(1 - ALARMS / 2 / len(rows))
    reach = many * np.where(known, error, np.inf)
    return rows.assign(
        centre=centre,
        lower=np.where(known, centre - reach, np.nan),
        upper=np.where(known, centre + reach, np.nan),
        signal=signals(values - centre, reach, run=LEAST_MONTHS + len(rows) // YEAR),
        basis="answers",
        in_percent=False,
    )


def _with_power(found: pd.DataFrame) -> pd.DataFrame:
    whole = found.centre.where(found.in_percent, 1.0).astype(float)
    fall, rise = (found.centre - found.lower) / whole, (found.upper - found.centre) / whole
    return found.assign(fall=fall.median(), rise=rise.median())
