"""Survival: how long until something happens, where some are watched less long than others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from scipy import stats

__all__ = ["LogRank", "kaplan_meier", "kaplan_meier_by", "log_rank"]


@dataclass(frozen=True)
class LogRank:
    """Whether groups differ in how soon something happens to them.

    Parameters
    ----------
    statistic : float
        Chi-square; 0 where nothing can be compared.
    degrees : int
        Its degrees of freedom: the groups that can be compared, less one.
    p : float
        How often chance alone would make groups differ as much.
    excess : mapping of str to float
        Group to the events that happened in it less those expected if groups did not differ.
    """

    statistic: float
    degrees: int
    p: float
    excess: Mapping[str, float]


def kaplan_meier(counts: pd.DataFrame) -> pd.DataFrame:
    """Estimate the share to whom something has happened by each day, some being watched less long.

    Parameters
    ----------
    counts : pandas.DataFrame
        How many waited how long: days (whole), observed (True if it happened, False if watching
        ended), customers.

    Returns
    -------
    pandas.DataFrame
        One row per day from 0 to the last observed: day, share (1 less the Kaplan-Meier survival
        after that day), low, high (95 % band, point by point), at_risk (still waiting and watched
        as the day begins).

    Raises
    ------
    ValueError
        If there is nobody.

    Notes
    -----
    Kaplan & Meier (1958), JASA 53, 457-481; band on the log(−log) scale with Greenwood's variance
    (Kalbfleisch & Prentice 1980, The Statistical Analysis of Failure Time Data, section 1.3), as
    computed by lifelines on weighted counts. Where the share is 0 or 1 that variance does not
    exist, and the band has no width.

    Examples
    --------
    >>> counts = pd.DataFrame({"days": [1, 2], "observed": [True, False], "customers": [1, 3]})
    >>> kaplan_meier(counts)[["day", "share", "at_risk"]]
       day  share  at_risk
    0    0   0.00        4
    1    1   0.25        4
    2    2   0.25        3
    """
    if counts.empty:
        raise ValueError("There is nobody to wait for: withhold the curve.")
    days = pd.RangeIndex(int(counts.days.max()) + 1, name="day")
    fitted = KaplanMeierFitter(alpha=0.05).fit(
        counts.days, event_observed=counts.observed, weights=counts.customers, timeline=days
    )
    survival = fitted.survival_function_.iloc[:, 0].to_numpy()
    lowest, highest = fitted.confidence_interval_.to_numpy().T
    gone_by = counts.groupby("days").customers.sum().reindex(days, fill_value=0).cumsum()
    return pd.DataFrame(
        {
            "day": days.astype("int64"),
            "share": 1 - survival,
            "low": 1 - highest,
            "high": 1 - lowest,
            "at_risk": counts.customers.sum() - gone_by.shift(fill_value=0).to_numpy(),
        }
    )


def kaplan_meier_by(counts: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Estimate the curve of `kaplan_meier` for each group.

    Parameters
    ----------
    counts : pandas.DataFrame
        As for `kaplan_meier`, with the column `by`.
    by : str
        Which column tells groups apart.

    Returns
    -------
    pandas.DataFrame
        `by` (in the order of the names), and the columns of `kaplan_meier`; no row without groups.

    Examples
    --------
    >>> counts = pd.DataFrame({"arm": ["a", "b"], "days": [1, 2], "observed": [True, True],
    ...                        "customers": [4, 4]})
    >>> kaplan_meier_by(counts, by="arm").groupby("arm").share.max().to_dict()
    {'a': 1.0, 'b': 1.0}
    """
    columns = ["day", "share", "low", "high", "at_risk"]
    curves = {name: kaplan_meier(group) for name, group in counts.groupby(by)}
    if not curves:
        return pd.DataFrame(columns=[by, *columns])
    return pd.concat(curves, names=[by]).reset_index(level=by).reset_index(drop=True)


def log_rank(counts: pd.DataFrame, *, by: str, strata: str | None = None) -> LogRank:
    """Test whether something happens equally soon in all groups.

    Parameters
    ----------
    counts : pandas.DataFrame
        As for `kaplan_meier`, with the column `by`.
    by : str
        Which column tells groups apart.
    strata : str, optional
        A column within whose values alone groups are compared, such as what customers were before.

    Returns
    -------
    LogRank

    Notes
    -----
    Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; with several groups and strata as in
    Kalbfleisch & Prentice (1980), The Statistical Analysis of Failure Time Data, section 1.4.

    Examples
    --------
    >>> counts = pd.DataFrame({"arm": ["a", "a", "b"], "days": [1, 2, 9], "customers": [5, 5, 10],
    ...                        "observed": True})
    >>> found = log_rank(counts, by="arm")
    >>> round(found.statistic, 2), found.degrees, found.p < .001, round(found.excess["a"], 2)
    (19.11, 1, True, 5.83)
    """
    groups = sorted(counts[by].unique())
    layers = [counts] if strata is None else [layer for _, layer in counts.groupby(strata)]
    excess, variance = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for layer in layers:
        apart, spread = _beyond_expected(layer, groups, by=by)
        excess, variance = excess + apart, variance + spread
    degrees = int(np.linalg.matrix_rank(variance))
    statistic = float(excess @ np.linalg.pinv(variance, hermitian=True) @ excess)
    p = float(stats.chi2.sf(statistic, degrees)) if degrees else 1.0
    found = dict(zip(groups, map(float, excess), strict=True))
    return LogRank(statistic if degrees else 0.0, degrees, p, found)


def _beyond_expected(
    counts: pd.DataFrame, groups: list[str], *, by: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the events of each group less those expected, and their covariance."""
    wide = counts.pivot_table("customers", "days", [by, "observed"], "sum", fill_value=0)
    parts = [(group, seen) for group in groups for seen in (False, True)]
    wide = wide.reindex(columns=pd.MultiIndex.from_tuples(parts), fill_value=0).to_numpy(float)
    events, leaving = wide[:, 1::2], wide[:, ::2] + wide[:, 1::2]
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    happened, there = events.sum(axis=1), at_risk.sum(axis=1)
    part = at_risk / np.maximum(there, 1)[:, None]
    tied = happened * (there - happened) / np.maximum(there - 1, 1)
    among = part[:, :, None] * np.eye(len(groups)) - part[:, :, None] * part[:, None, :]
    return (events - happened[:, None] * part).sum(axis=0), np.einsum("t,tij->ij", tied, among)
