"""Totals: how many customers will buy in the days to come, and on how many days, with intervals.

There are two kinds of interval, and they answer different questions. That of the expectation holds
how unsure the parameters are. The prediction interval adds what chance will do, and so is the one
to hold what comes. Neither holds that the model may be wrong, or a year unlike those before, but
as far as it was wrong on the days held back (see `missed`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit, logit

from regulars.measures.forecasts.by_cell import alive_now, if_alive
from regulars.measures.forecasts.moments import buys_if_alive, expected_if_alive, pairs_if_alive
from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.purchase_models.fitted import Fit

__all__ = ["BUYERS", "PURCHASE_DAYS", "total_of", "totals"]

BUYERS, PURCHASE_DAYS = "buyers", "purchase_days"
ENDS = {"prediction": ("low", "high"), "expectation": ("expected_low", "expected_high")}
QUANTITIES = {BUYERS: buys_if_alive, PURCHASE_DAYS: expected_if_alive}
PAIRS = {PURCHASE_DAYS: pairs_if_alive}  # who buys, or not, makes no pairs
STEP = 1e-4


def totals(
    fitted: Fit,
    cells: pd.DataFrame,
    *,
    horizons: Sequence[int],
    level: float = 0.95,
    missed: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Foretell how many of these customers will buy, and their purchase days, in days to come.

    Customers who will come for the first time are not among them.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        From `cells.count_cells`.
    horizons : sequence of int
        How far to look ahead (days).
    level : float
        Coverage asked for, between 0 and 1.
    missed : mapping of str to float, optional
        From `missed.missed_totals`: a variance by which the prediction intervals are widened, at
        all horizons alike.

    Returns
    -------
    pandas.DataFrame
        Two rows a horizon: what (buyers, purchase_days), days (the horizon), value (expected),
        expected_low and expected_high (interval of the expectation), low and high (prediction
        interval, whole numbers), widened (True if by what was missed), customers (of whom it is
        foretold). Ends are missing where nothing is expected.

    Notes
    -----
    The variance of the expectation is carried over from the parameters by the delta method, on the
    logarithms of the parameters, and of the purchase days or the log odds of the share of buyers.
    Given the parameters customers are independent, so that their variances add up; to it the
    variance of the expectation is added. The prediction interval is that of the distribution with
    this mean and variance: Gamma for purchase days, Beta times the customers for buyers.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> told = totals(fit(few_cells()), few_cells(), horizons=[90])
    >>> bool((told.low < told.expected_low).all() and (told.expected_high < told.high).all())
    True
    """
    values, variances = _unsure(fitted, cells, horizons=horizons)
    customers = int(cells.customers.sum())
    rows = []
    chances = _chance(fitted, cells, horizons=horizons)
    told = zip(_names(horizons), values, variances, chances, strict=True)
    for (what, days), value, variance, chance in told:
        options = {"bounded": customers if what == BUYERS else None, "level": level}
        expected = _around_expectation(value, variance, **options)
        more = (missed or {}).get(what, 0.0)
        whole = variance + chance + more * _log_slope(value, bounded=options["bounded"]) ** 2
        rows.append((what, days, value, *expected, *_around(value, whole, **options), more > 0))
    columns = ["what", "days", "value", *ENDS["expectation"], *ENDS["prediction"], "widened"]
    return pd.DataFrame(rows, columns=columns).assign(customers=customers)


def total_of(told: pd.DataFrame, what: str, days: int, *, around: str = "prediction") -> Estimate:
    """Return one row of `totals` as an estimate.

    Parameters
    ----------
    told : pandas.DataFrame
        From `totals`.
    what : {"buyers", "purchase_days"}
    days : int
        One of its horizons.
    around : {"prediction", "expectation"}
        Which interval: of what will come, or of what is expected.

    Returns
    -------
    Estimate
        n is the customers of whom it is foretold.

    Examples
    --------
    >>> told = pd.DataFrame({"what": ["buyers"], "days": [30], "value": [20.4], "low": [12],
    ...                      "high": [29], "customers": [100]})
    >>> total_of(told, "buyers", 30)
    Estimate(value=20.4, low=12.0, high=29.0, n=100)
    """
    row = told[(told.what == what) & (told.days == days)].iloc[0]
    ends = [None if pd.isna(row[name]) else float(row[name]) for name in ENDS[around]]
    return Estimate(float(row.value), *ends, int(row.customers))


def _names(horizons: Sequence[int]) -> list[tuple[str, int]]:
    return [(what, days) for days in horizons for what in (BUYERS, PURCHASE_DAYS)]


def _unsure(
    fitted: Fit, cells: pd.DataFrame, *, horizons: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return what is expected, and its variance as the parameters are not known exactly."""
    params = np.array(list(fitted.params.values()))
    values = _sums(fitted, cells, params, horizons=horizons)
    moved = [
        _sums(fitted, cells, params * np.exp(move), horizons=horizons)
        for move in np.diag(np.full(len(params), STEP))
    ]
    slopes = (np.array(moved) - values) / STEP
    variances = np.einsum("iq,ij,jq->q", slopes, fitted.relative_covariance, slopes)
    return values, variances


def _sums(
    fitted: Fit, cells: pd.DataFrame, params: np.ndarray, *, horizons: Sequence[int]
) -> np.ndarray:
    """Return what is expected by these parameters, in the order of `_names`."""
    alive = cells.customers.to_numpy() * alive_now(fitted, cells, params=params)
    return np.array(
        [
            alive @ if_alive(QUANTITIES[what], fitted, cells, days=days, params=params)
            for what, days in _names(horizons)
        ]
    )


def _chance(fitted: Fit, cells: pd.DataFrame, *, horizons: Sequence[int]) -> list[float]:
    """Return the variance of each total, were the parameters known, in the order of `_names`."""
    alive, variances = alive_now(fitted, cells), []
    for what, days in _names(horizons):
        mean = alive * if_alive(QUANTITIES[what], fitted, cells, days=days)
        pairs = alive * if_alive(PAIRS[what], fitted, cells, days=days) if what in PAIRS else 0
        variances.append(float(cells.customers @ (pairs + mean - mean**2)))
    return variances


def _log_slope(value: float, *, bounded: int | None) -> float:
    """Return how fast a total rises with its logarithm, or with the log odds of its share."""
    return value * (1 - value / bounded) if bounded else value


def _around_expectation(
    value: float, variance: float, *, bounded: int | None, level: float
) -> tuple[float, float]:
    share = value / bounded if bounded else value
    if not value > 0 or (bounded and share >= 1):
        return np.nan, np.nan
    reach = normal_quantile(level) * np.sqrt(variance) / value
    if not bounded:
        return value * np.exp(-reach), value * np.exp(reach)
    reach = reach / (1 - share)
    return bounded * expit(logit(share) - reach), bounded * expit(logit(share) + reach)


def _around(
    value: float, variance: float, *, bounded: int | None, level: float
) -> tuple[float, float]:
    share = value / bounded if bounded else value
    if not (value > 0 and variance > 0) or (bounded and share >= 1):
        return np.nan, np.nan
    places = [(1 - level) / 2, (1 + level) / 2]
    if bounded:
        cases = share * (1 - share) * bounded**2 / variance - 1
        ends = bounded * stats.beta.ppf(places, share * cases, (1 - share) * cases)
    else:
        ends = stats.gamma.ppf(places, value**2 / variance, scale=variance / value)
    return float(np.floor(ends[0])), float(np.ceil(ends[1]))
