"""Small groups in the lenses: what is hidden, so that no handful of customers can be seen."""

from decimal import Decimal

import numpy as np
import pandas as pd

from regulars.measures.base.period_mask import PeriodMask
from regulars.measures.pair_suppression import hidden_pairs
from regulars.measures.suppression import LEAST, hidden, hidden_with_sums, suppressed

__all__ = [
    "POOLED",
    "band_table",
    "shown_ages",
    "shown_bands",
    "shown_history",
    "shown_means",
    "shown_numbers",
    "shown_statuses",
    "tenths_withheld",
]

POOLED = "Small groups together"
"""The band that holds the money of a month's hidden bands."""


def shown_statuses(by_status: pd.DataFrame, *, mask: PeriodMask | None = None) -> pd.DataFrame:
    """Hide all four statuses if one of them is small: the customers of both periods are shown.

    Parameters
    ----------
    by_status : pandas.DataFrame
        From `changes.change_by_status`.
    mask : PeriodMask, optional
        From `period_mask.period_mask`, where other tables show the same customers.

    Returns
    -------
    pandas.DataFrame
        As from `suppression.suppressed`; the money of periods without a purchase stays.

    Examples
    --------
    >>> rows = pd.DataFrame({"status": ["stayed", "left"], "customers": [40, 3],
    ...     "orders_before": [50, 3], "orders_now": [40, 0], "spend_before": [5, 6],
    ...     "spend_now": [5, 0], "change": [0, -6]})
    >>> shown_statuses(rows).customers.isna().tolist()
    [True, True]
    """
    counted = by_status.customers.notna()
    some_are_few = by_status.customers[counted].between(1, LEAST - 1).any()
    away = some_are_few or (mask is not None and mask.statuses)
    others = ["orders_before", "orders_now", "spend_before", "spend_now", "change"]
    return suppressed(by_status, others=others, mask=counted & away)


def shown_history(history: pd.DataFrame, *, mask: PeriodMask | None = None) -> pd.DataFrame:
    """Hide small numbers of new or old customers of a period, with the money they brought.

    Parameters
    ----------
    history : pandas.DataFrame
        From `periods.period_history`.
    mask : PeriodMask, optional
        From `period_mask.period_mask`, where other tables show the same customers.

    Returns
    -------
    pandas.DataFrame
        The same with missing new and old_spend where hidden, of a period whose customers are
        hidden also customers, orders and spend; and a column hidden.

    Examples
    --------
    >>> rows = pd.DataFrame({"customers": [60, 55, 70], "new": [30, 25, 40],
    ...                      "old_spend": [300.0, 500.0, 200.0]})
    >>> shown_history(rows).hidden.tolist()
    [False, False, False]
    """
    if mask is None:
        parts = pd.DataFrame({"new": history.new, "old": history.customers - history.new})
        away = hidden_with_sums(parts, rows=_never(history))[0].any(axis=1)
        return suppressed(history, count="new", others=["old_spend"], mask=away)
    away = mask.new | mask.customers
    shown = suppressed(history, count="new", others=["old_spend"], mask=away)
    money = suppressed(shown, others=["orders", "spend"], mask=mask.customers)
    return money.assign(hidden=away)


def shown_numbers(numbers: pd.DataFrame, *, mask: PeriodMask) -> pd.DataFrame:
    """Take out how many bought in either period where that would give a status away.

    Parameters
    ----------
    numbers : pandas.DataFrame
        From `effects.change_numbers`.
    mask : PeriodMask
        From `period_mask.period_mask`.
    """
    n = numbers.n.astype("Int64")
    return numbers.assign(n=n.mask((numbers.index != "old_share") & mask.statuses))


def shown_means(means: pd.DataFrame) -> pd.DataFrame:
    """Take the margin out where the margin of few customers is known, or of few is not.

    Parameters
    ----------
    means : pandas.DataFrame
        From `one_period.period_means`.

    Examples
    --------
    >>> means = pd.DataFrame({"value": [20.0, .5], "n": [40, 36]},
    ...                      index=["spend_per_customer", "margin_share"])
    >>> shown_means(means).n.tolist()
    [40, <NA>]
    """
    few = hidden_pairs(means.n, means.n.max()) & (means.index == "margin_share")
    return means.astype({"n": "Int64"}).mask(few)


def shown_bands(bands: pd.DataFrame) -> pd.DataFrame:
    """Pool the bands of a month that are small, with those that would give them away.

    Parameters
    ----------
    bands : pandas.DataFrame
        From `layers.band_layers`.

    Returns
    -------
    pandas.DataFrame
        The same with missing customers and spend where hidden and a column hidden; where
        something is hidden, with a last band `POOLED` that holds it, so that a month's bands still
        add up.

    Examples
    --------
    >>> bands = pd.DataFrame({"band": ["1996", "1997"], "since": pd.to_datetime(["1996", "1997"]),
    ...     "month": pd.to_datetime(["1997-01-01"] * 2), "customers": [4, 30],
    ...     "spend": [Decimal(40), Decimal(900)], "complete": True})
    >>> shown_bands(bands)[["band", "customers", "spend"]].to_numpy().tolist()
    [['1996', <NA>, nan], ['1997', <NA>, nan], ['Small groups together', 34, Decimal('940')]]
    """
    if bands.empty:
        return bands.assign(hidden=False)
    away = bands.customers.groupby(bands.month).transform(lambda counts: hidden(counts))
    shown = suppressed(bands, others=["spend"], mask=away)
    if not shown.hidden.any():
        return shown
    pooled = bands.assign(
        customers=bands.customers.where(shown.hidden, 0),
        spend=bands.spend.where(shown.hidden, Decimal(0)),
    )
    sums = pooled.groupby("month", as_index=False).agg(
        customers=("customers", "sum"), spend=("spend", _add), complete=("complete", "first")
    )
    sums = sums.assign(band=POOLED, since=pd.NaT, hidden=False)
    return pd.concat([shown, sums[shown.columns]], ignore_index=True)


def band_table(bands: pd.DataFrame) -> pd.DataFrame:
    """Lay bands out as a table: month, a column of spend for each band, and hidden.

    Parameters
    ----------
    bands : pandas.DataFrame
        From `shown_bands`.

    Examples
    --------
    >>> bands = pd.DataFrame({"band": ["1996", "1997"], "since": pd.to_datetime(["1996", "1997"]),
    ...     "month": pd.to_datetime(["1997-01-01"] * 2), "customers": [40, 30],
    ...     "spend": [400.0, 900.0], "complete": True, "hidden": False})
    >>> band_table(bands).columns.tolist()
    ['month', '1996', '1997', 'hidden']
    """
    order = list(dict.fromkeys(bands.band))
    wide = bands.set_index(["month", "band"]).spend.unstack("band")[order]  # noqa: PD010
    away = bands.groupby("month").hidden.any()
    return wide.astype("float64").assign(hidden=away).rename_axis(columns=None).reset_index()


def shown_ages(by_age: pd.DataFrame) -> pd.DataFrame:
    """Hide what cohorts spent whose size is hidden.

    Parameters
    ----------
    by_age : pandas.DataFrame
        From `cohorts.spend_by_age`, with the cells of `shown_cells`.

    Examples
    --------
    >>> by_age = pd.DataFrame({"customers": pd.array([None, 60], "Int64"),
    ...     "spend_to_age": [9.0, 8.0], "low": [7.0, 7.0], "high": [11.0, 9.0]})
    >>> shown_ages(by_age).spend_to_age.tolist()
    [nan, 8.0]
    """
    away = by_age.customers.isna()
    return suppressed(by_age, others=["spend_to_age", "low", "high"], mask=away)


def tenths_withheld(row: pd.DataFrame) -> str | None:
    """Say why tenths of these customers cannot be shown; None where they can.

    Parameters
    ----------
    row : pandas.DataFrame
        From `one_period.base_row`.

    Examples
    --------
    >>> tenths_withheld(pd.DataFrame({"customers": [99], "spend": [500.0]}))
    'Fewer than 100 customers: a tenth of them would be fewer than 10.'
    """
    customers, spend = row.customers[0], row.spend[0]
    if not (customers and spend > 0):
        return "All spend together is not above zero."
    if customers < 10 * LEAST:
        return f"Fewer than {10 * LEAST} customers: a tenth of them would be fewer than {LEAST}."
    return None


def _add(money: pd.Series) -> Decimal:
    return sum(money, Decimal(0))


def _never(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(np.zeros(len(frame), bool), index=frame.index)
