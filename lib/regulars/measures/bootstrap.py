"""The bootstrap over customers, without bringing a customer out of the engine.

Customers are put by lot into random groups, the engine sums up each group, and the groups are drawn
again and again. A group's sums are sums over independent customers, so that what differs between
groups tells how sums over other customers would differ; with no more than a few thousand customers,
nearly every one has a group of their own.
"""

from collections.abc import Callable, Mapping

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate

__all__ = ["bootstrap", "estimate_of", "random_groups"]

DIGITS = 3  # of hexadecimal: at most 4,096 groups

Statistic = Callable[[pd.DataFrame], pd.DataFrame]


def random_groups(
    table: ir.Table, sums: Mapping[str, ir.NumericScalar], *, key: str = "customer_id"
) -> pd.DataFrame:
    """Sum up random groups of customers.

    Parameters
    ----------
    table : ibis.expr.types.Table
        `key` and whatever is summed; a customer may have several rows.
    sums : mapping
        Name to aggregate of `table`, such as ``{"spend": table.spend.sum()}``. Only what adds up
        over customers makes sense here: sums and counts of rows.
    key : str
        Whom a group is made of.

    Returns
    -------
    pandas.DataFrame
        A row per group with customers, ordered; the sums as float, missing ones 0.

    Notes
    -----
    The group is the beginning of the MD5 of the key, so that it is the same on every engine and
    does not depend on the order of rows or of ids.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> table = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "spend": [1.0, 3.0]}))
    >>> sorted(random_groups(table, {"spend": table.spend.sum()}).spend)
    [1.0, 3.0]
    """
    group = table[key].hexdigest("md5").substr(0, DIGITS)
    grouped = table.group_by(random_group=group).agg(
        **{name: value.cast("float64") for name, value in sums.items()}
    )
    found = fetch(grouped.order_by("random_group")).set_index("random_group")
    return found.fillna(0.0).reset_index(drop=True)


def bootstrap(
    groups: pd.DataFrame,
    statistic: Statistic,
    *,
    seed: int = 1,
    replicates: int = 1000,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate numbers made of sums over customers, with intervals corrected for bias and skew.

    Parameters
    ----------
    groups : pandas.DataFrame
        From `random_groups`.
    statistic : function
        Takes a frame with the columns of `groups`, each row the sums of one draw of all groups,
        and returns a frame of numbers, a row each.
    seed : int
        Of the draws.
    replicates : int
        How many draws.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row per number, named in the index: value (of the groups as they are), low, high
        (missing where a draw in twenty or more has no value, or there are fewer than two groups).

    Notes
    -----
    BCa of Efron (1987), JASA 82, 171-185, with the acceleration from leaving out each group in
    turn, over random groups as in Wolter (2007), Introduction to Variance Estimation, ch. 2.

    Of skewed money too few are seen of the few who matter: for the mean of log-normal amounts
    (sigma 1 and 1.5) intervals asked for 95 % held the truth in 89 and 83 % of 400 bases of 30
    customers, 93 and 93 % of 300, 94 and 92 % of 1,000 (percentiles: 86 and 76 % of 30).

    Examples
    --------
    >>> groups = pd.DataFrame({"spend": [1.0, 2.0, 3.0, 4.0], "customers": [1.0, 1.0, 1.0, 1.0]})
    >>> bootstrap(groups, lambda sums: pd.DataFrame({"mean": sums.spend / sums.customers})).round(1)
          value  low  high
    mean    2.5  1.5   3.5
    """
    value = statistic(groups.sum().to_frame().T).iloc[0]
    result = pd.DataFrame({"value": value, "low": np.nan, "high": np.nan}, dtype="float64")
    if len(groups) < 2:
        return result
    drawn = statistic(_draws(groups, seed=seed, replicates=replicates))
    without = statistic(groups.sum() - groups)
    for name in drawn.columns[drawn.notna().mean() > 0.95]:
        sure = drawn[name].dropna().to_numpy(float)
        at = _places(sure, value[name], without[name].dropna().to_numpy(float), level=level)
        result.loc[name, ["low", "high"]] = np.quantile(sure, at)
    return result


def estimate_of(numbers: pd.DataFrame, name: str, *, n: int) -> Estimate:
    """Return one row of what `bootstrap` gave as an estimate.

    Examples
    --------
    >>> numbers = pd.DataFrame({"value": [2.5], "low": [1.5], "high": [3.5]}, index=["mean"])
    >>> estimate_of(numbers, "mean", n=4)
    Estimate(value=2.5, low=1.5, high=3.5, n=4)
    """
    value, low, high = (float(number) for number in numbers.loc[name, ["value", "low", "high"]])
    missing = np.isnan(low) or np.isnan(high)
    return Estimate(value, None if missing else low, None if missing else high, int(n))


def _places(drawn: np.ndarray, value: float, without: np.ndarray, *, level: float) -> np.ndarray:
    """Return which quantiles of the draws are the ends, by bias and acceleration."""
    below = ((drawn < value).mean() + (drawn <= value).mean()) / 2
    bias = stats.norm.ppf(np.clip(below, 1 / len(drawn), 1 - 1 / len(drawn)))
    apart = without.mean() - without
    spread = (apart**2).sum()
    skew = (apart**3).sum() / (6 * spread**1.5) if spread > 0 else 0.0
    z = bias + stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
    return stats.norm.cdf(bias + z / np.maximum(1 - skew * z, 1e-9))


def _draws(groups: pd.DataFrame, *, seed: int, replicates: int) -> pd.DataFrame:
    """Draw as many groups as there are, with replacement, and sum each draw."""
    rng = np.random.default_rng(seed)
    n = len(groups)
    times = rng.multinomial(n, np.full(n, 1 / n), size=replicates)
    return pd.DataFrame(times @ groups.to_numpy(float), columns=groups.columns)
