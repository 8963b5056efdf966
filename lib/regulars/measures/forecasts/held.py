"""Held: whether the next purchase fell in the days it was expected in, on the days held back."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, fetch, table_of
from regulars.measures.forecasts.moments import buys_if_alive
from regulars.measures.forecasts.soon import next_purchase
from regulars.measures.intervals import wilson_bounds
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, history
from regulars.measures.purchases import customer_summary, purchase_days
from regulars.measures.suppression import suppressed

__all__ = ["windows_held"]

PLACES = ("earlier", "within", "later")


def windows_held(
    fitted: Fit,
    purchases: ir.Table,
    cells: pd.DataFrame,
    *,
    calibration_end: str | date,
    as_of: str | date,
) -> pd.DataFrame:
    """Count whose next purchase came earlier than foretold, within its days, or later.

    Only customers who bought in the holdout are counted, as the days are foretold for them alone.
    The customers stay in the engine.

    Parameters
    ----------
    fitted : Fit
        Fitted on the calibration period.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    cells : pandas.DataFrame
        From `holdout.holdout_cells`.
    calibration_end, as_of : str or datetime.date
        Last days of the calibration and of the holdout, inclusive.

    Returns
    -------
    pandas.DataFrame
        Three rows: place (earlier, within, later), customers, expected_share (by the model; about
        .1, .8, .1, as far as whole days allow), share, low, high (Wilson, 95 %), hidden. No rows
        if nobody bought in the holdout.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells, purchases_of
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> lines = [(f"c{n}", day, 5) for n in range(20) for day in ("2024-01-01", "2024-03-01")]
    >>> ends = {"calibration_end": "2024-01-31", "as_of": "2024-03-31"}
    >>> cells = pd.DataFrame({"repeat_days": [0], "recency_age": [0], "age": [30]})
    >>> windows_held(fit(few_cells()), purchases_of(lines), cells, **ends).customers.tolist()
    [0, 20, 0]
    """
    end = as_date(calibration_end)
    told = _foretold(fitted, cells[CELL].drop_duplicates(), days=(as_date(as_of) - end).days)
    days = purchase_days(purchases, as_of=as_of)
    days = days.filter(days.day > ibis.literal(end))
    came = days.group_by("customer_id").agg(next_day=days.day.min())
    known = customer_summary(purchases, as_of=end).select("customer_id", *CELL)
    rows = known.join(came, "customer_id").join(table_of(told), CELL)
    return _places(rows.mutate(wait=rows.next_day.delta(ibis.literal(end), unit="day")))


def _places(rows: ir.Table) -> pd.DataFrame:
    found = fetch(
        rows.agg(
            earlier=(rows.wait < rows.next_from).sum(),
            later=(rows.wait > rows.next_until).sum(),
            all=rows.count(),
            expected_earlier=rows.expected_earlier.mean(),
            expected_later=rows.expected_later.mean(),
        )
    ).iloc[0]
    n = int(found["all"])
    columns = ["place", "customers", "expected_share", "share", "low", "high"]
    if not n:
        return suppressed(pd.DataFrame(columns=columns).astype({"customers": "int64"}))
    counts = np.array([found.earlier, n - found.earlier - found.later, found.later]).astype(int)
    within = 1 - found.expected_earlier - found.expected_later
    expected = [found.expected_earlier, within, found.expected_later]
    low, high = wilson_bounds(counts, np.full(len(counts), n))
    parts = (PLACES, counts, expected, counts / n, low, high)
    places = pd.DataFrame(dict(zip(columns, parts, strict=True)))
    return suppressed(places, others=["share", "low", "high"])


def _foretold(fitted: Fit, cells: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Add the days in which the next purchase is foretold, and how likely it is before and after.

    Days are whole, so that it is not a tenth before them, and a tenth after them, exactly.
    """
    told = next_purchase(fitted, cells, within_days=days)
    before = _bought_by(fitted, told, told.next_from - 1)
    until = _bought_by(fitted, told, told.next_until)
    ever = _bought_by(fitted, told, pd.Series(days, index=told.index))
    return told.assign(expected_earlier=before / ever, expected_later=1 - until / ever)


def _bought_by(fitted: Fit, cells: pd.DataFrame, days: pd.Series) -> np.ndarray:
    pairs = history(fitted, cells)
    del pairs["recency_age"]
    params = tuple(fitted.params.values())
    return buys_if_alive(
        fitted.model, params, horizon=ahead_in_unit(fitted, days.to_numpy()), **pairs
    )
