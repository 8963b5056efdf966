"""Survival: how long until something happens, where some are watched less long than others."""

import pandas as pd
from lifelines import KaplanMeierFitter

__all__ = ["kaplan_meier"]


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
