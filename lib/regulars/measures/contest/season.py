"""Season: how much each month brings, as far as it was to be seen on a day, and fits that know it.

Models know no season: fitted up to the end of its peak, they take part of it for the customers' own
rate. Their time runs by a `clock.Clock` instead, where the months of two years or more differ by
more than the years do.
"""

from collections.abc import Sequence
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.contest.tracking import daily_counts, expected_up_to
from regulars.measures.engine import as_date
from regulars.measures.purchase_models.clock import Season
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.fitting import fit_models

__all__ = ["fit_in_season", "seasonal_index"]

BEFORE = ("pareto_nbd", "mbg_nbd", "bg_nbd")  # what the months are held against; the first there is
YEARS = 2
KNOWN = 28  # days of a month
FEWEST = 30  # expected repeat purchase days of a month that tells anything


def fit_in_season(
    known: pd.DataFrame,
    purchases: ir.Table,
    *,
    as_of: str | date,
    models: Sequence[str],
    seasonal: bool = True,
) -> tuple[dict[str, Fit], list[str], Season | None]:
    """Fit models on what was known on a day, by the season where one was to be seen.

    Parameters
    ----------
    known : pandas.DataFrame
        From `cells.count_cells`, as of that day.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id; later ones are not looked at.
    as_of : str or datetime.date
        Last day known, inclusive.
    models : sequence of str
        See `fitting.fit`.
    seasonal : bool
        False: no season is looked for.

    Returns
    -------
    tuple of dict, list and Season or None
        As from `fitting.fit_models`, and the season; None if there is none to be seen.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells, purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-03-05", 10)])
    >>> fit_in_season(few_cells(), purchases, as_of="1997-12-31", models=["mbg_nbd"])[2] is None
    True
    """
    fits, refused = fit_models(known, models=models)
    plain = next((fits[name] for name in BEFORE if name in fits), None)
    if not seasonal or plain is None or known.age.max() < YEARS * 12 * KNOWN:
        return fits, refused, None
    season = seasonal_index(plain, purchases, as_of=as_of)
    if season is None:
        return fits, refused, None
    return *fit_models(known, models=models, clock=season.clock(as_of)), season


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
        Fitted up to `as_of`, without a season.
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
    return Season(index / index.mean(), as_date(as_of))


def _months(fitted: Fit, purchases: ir.Table, last: date) -> pd.DataFrame:
    """Count repeat purchase days and expect them, in each month that is wholly known."""
    firsts, repeats = daily_counts(purchases, calibration_end=last, as_of=last)
    days = pd.Series(pd.date_range(firsts.index.min(), last))
    frame = pd.DataFrame({"day": days, "month": days.dt.month, "part": days.dt.to_period("M")})
    frame["actual"] = repeats.reindex(days).fillna(0).to_numpy()
    frame["expected"] = np.diff(expected_up_to(fitted, firsts, days), prepend=0.0)
    months = frame.groupby("part").agg(
        month=("month", "first"),
        actual=("actual", "sum"),
        expected=("expected", "sum"),
        known=("day", "size"),
    )
    return months[months.known >= KNOWN].reset_index(drop=True)
