"""Limits: control charts of monthly KPIs, so that noise is not taken for news.

A chart of individual values after Shewhart: what varies from one month to the next sets the limits
of what is usual. Retail grows and has seasons, which are no news either: so a month is held against
the same month of the year before where two years are known, and against a straight line where one
climbs beyond noise. With many months some point always strays, so limits and runs widen with their
number: of charts on which nothing happens at most one in twenty shows a signal.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.targets.kpis import with_labels

__all__ = ["LEAST_MONTHS", "RULES", "control_limits", "kpi_limits", "limit_rule", "signals", "xmr"]

LEAST_MONTHS = 8
"""With fewer months there are no limits."""

WHEELER = 2.66  # 3 / 1.128: three standard deviations, from the mean moving range of pairs
RULES = ((12, 2.66, 8), (18, 2.85, 9), (24, 2.95, 9), (36, 3.1, 10), (60, 3.2, 11))
"""Up to so many months: limits in mean moving ranges, and how many on one side are a run."""

CLIMBS = 0.05  # a line is fitted where its slope differs from 0 at this level
ROUNDING = 1e-9  # of the largest value: equal months differ by no more
YEAR = 12
MONTHS = 36  # the last so many are looked at
LEVEL = 0.95
COLUMNS = ["metric", "month", "value", "centre", "lower", "upper", "signal", "basis"]


def control_limits(reached: pd.DataFrame, *, metric: str) -> pd.DataFrame:
    """Draw the limits of one KPI, and mark the months outside them and long runs on one side.

    Parameters
    ----------
    reached : pandas.DataFrame
        From `reached.kpi_months`. Months that are not over, hidden or without a value are left
        out, and of scores the months that are told from three.
    metric : str
        The KPI.

    Returns
    -------
    pandas.DataFrame
        One row per month, at most the last 36: metric, month, value, centre, lower, upper (what is
        usual, in the unit of the value), signal (empty, outside, or run: the last month of a run
        and all of it), basis (year_before, line, mean; answers: the limits follow from how many
        answered), label and unit (of the KPI). No rows with fewer than 8 months.

    Notes
    -----
    Shewhart (1931), Economic Control of Quality of Manufactured Product; limits at 2.66 mean moving
    ranges and runs of eight: Wheeler (1993), Understanding Variation. On charts of more than 12
    months both are wider here, see `RULES`, found by benchmarks/alarms.py. Scores: limits at three
    standard errors of each month, as for a p chart.

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
        return with_labels(pd.DataFrame(columns=COLUMNS))
    judge = _of_answers if rows.basis.iloc[0] == "month" else _of_books
    found = judge(rows)
    return with_labels(found.assign(metric=metric)[COLUMNS].reset_index(drop=True))


def kpi_limits(
    reached: pd.DataFrame,
    *,
    metrics: Sequence[str] = ("revenue", "customers", "value_per_order", "nps"),
) -> pd.DataFrame:
    """Return the limits of several KPIs, one below the other; see `control_limits`."""
    return pd.concat(
        [control_limits(reached, metric=metric) for metric in metrics], ignore_index=True
    )


def xmr(values: np.ndarray, *, factor: float = WHEELER) -> tuple[float, float, float]:
    """Return centre, lower and upper limit of a chart of individual values.

    Notes
    -----
    Mean ± 2.66 times the mean of the absolute differences of neighbours.

    Examples
    --------
    >>> [round(end, 2) for end in xmr(np.array([10, 12, 11, 13]))]
    [11.5, 7.07, 15.93]
    """
    centre, reach = np.mean(values), factor * np.mean(np.abs(np.diff(values)))
    return float(centre), float(centre - reach), float(centre + reach)


def limit_rule(months: int) -> tuple[float, int]:
    """Return the factor of the limits and the length of a run for so many months.

    Examples
    --------
    >>> limit_rule(12), limit_rule(24)
    ((2.66, 8), (2.95, 9))
    """
    return next((rule[1:] for rule in RULES if months <= rule[0]), RULES[-1][1:])


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
    """
    sides = pd.Series(np.sign(distance))
    streak = sides.groupby((sides != sides.shift()).cumsum()).transform("size")
    runs = (streak >= run) & (sides != 0)
    return np.where(np.abs(distance) > reach, "outside", np.where(runs, "run", ""))


def _known(reached: pd.DataFrame, metric: str) -> pd.DataFrame:
    rows = reached[(reached.metric == metric) & reached.over & ~reached.hidden]
    rows = rows[rows.value.notna() & (rows.basis != "quarter")]
    return rows.sort_values("month").tail(MONTHS)


def _of_books(rows: pd.DataFrame) -> pd.DataFrame:
    """Take logarithms where all is above zero: a shop grows and sways in per cent."""
    values = rows.value.to_numpy(dtype=float)
    positive = bool((values > 0).all())
    scaled = np.log(values) if positive else values
    usual, basis = _usual(scaled, rows.month)
    judged = ~np.isnan(usual)
    left = (scaled - usual)[judged]
    left = np.where(np.abs(left) > ROUNDING * np.abs(scaled).max(), left, 0)
    factor, run = limit_rule(len(left))
    _, _, reach = xmr(left - left.mean(), factor=factor)
    back = np.exp if positive else np.asarray
    ends = {"centre": 0, "lower": -reach, "upper": reach}
    found = rows[judged].assign(
        **{name: back(usual[judged] + end) for name, end in ends.items()},
        signal=signals(left, reach, run=run),
    )
    return found.assign(basis=basis)


def _usual(scaled: np.ndarray, months: pd.Series) -> tuple[np.ndarray, str]:
    """Return the centre of each month, missing where nothing is to be held against, and its kind.

    Growth on the year before may itself climb or fall: most shops grow fastest when they are young.
    """
    place = (months.dt.year * YEAR + months.dt.month).to_numpy()
    gapless = len(place) == place[-1] - place[0] + 1
    if gapless and len(scaled) >= 2 * YEAR:
        before = np.concatenate([np.full(YEAR, np.nan), scaled[:-YEAR]])
        growth = scaled[YEAR:] - scaled[:-YEAR]
        return before + np.append(
            np.full(YEAR, np.nan), _level(place[YEAR:], growth)[0]
        ), "year_before"
    return _level(place, scaled)


def _level(place: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, str]:
    """Return a straight line where it climbs or falls beyond noise, else the mean."""
    line = stats.linregress(place, values)
    if line.pvalue < CLIMBS:
        return line.intercept + line.slope * place, "line"
    return np.full(len(values), values.mean()), "mean"


def _of_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Hold each month against the mean of all, by its own standard error."""
    error = ((rows.high - rows.low) / (2 * stats.norm.ppf((1 + LEVEL) / 2))).to_numpy(dtype=float)
    values = rows.value.to_numpy(dtype=float)
    known = error > 0
    weights = np.where(known, rows.n.to_numpy(dtype=float), 0)
    centre = np.average(values, weights=weights) if weights.any() else values.mean()
    factor, run = limit_rule(len(rows))
    reach = 3 * factor / WHEELER * np.where(known, error, np.inf)
    return rows.assign(
        centre=centre,
        lower=np.where(known, centre - reach, np.nan),
        upper=np.where(known, centre + reach, np.nan),
        signal=signals(values - centre, reach, run=run),
        basis="answers",
    )
