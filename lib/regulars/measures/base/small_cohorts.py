"""Small cohorts: what is hidden of months and cohorts, together with the triangle of retention."""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.base.cohorts import Unit
from regulars.measures.base.layers import band_names
from regulars.measures.base.small import POOLED
from regulars.measures.behaviour.equal_ages import equal_ages
from regulars.measures.behaviour.shown_cohorts import shown_cohorts
from regulars.measures.calendar_units import number_of
from regulars.measures.cohort_layout import problem_of
from regulars.measures.cohort_suppression import Triangle
from regulars.measures.protection import protect
from regulars.measures.suppression import LEAST, hidden, hidden_with_sums, suppressed

__all__ = ["hidden_money", "shown_activity", "shown_cells", "triangle_of"]


def triangle_of(purchases: ir.Table, *, as_of: str | date, unit: Unit = "month") -> Triangle:
    """Find what to hide of a workbook's cohorts, once for every page.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    as_of : str or datetime.date
        Last day known, inclusive.
    unit : str
        ``month`` or ``quarter``. What is hidden of months is hidden beside the quarters.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([(f"c{i}", "1997-01-05", 10) for i in range(20)])
    >>> bool(triangle_of(purchases, as_of="1997-01-31").cells.hidden.any())
    False
    """
    return shown_cohorts(purchases, as_of=as_of, every=unit)


def shown_activity(activity: pd.DataFrame, *, triangle: Triangle | None = None) -> pd.DataFrame:
    """Hide small numbers of new and returning customers, and the months that give them away.

    Parameters
    ----------
    activity : pandas.DataFrame
        From `purchases.monthly_activity`.
    triangle : Triangle, optional
        From `triangle_of`, of months, where cohorts are shown too: then it says what is hidden. Of
        months whose customers are hidden, orders and money are as well.

    Returns
    -------
    pandas.DataFrame
        The same with missing new and returning where hidden, and a column hidden.

    Examples
    --------
    >>> rows = pd.DataFrame({"customers": [60, 55, 70], "new": [30, 3, 40],
    ...                      "returning": [30, 52, 30]})
    >>> shown_activity(rows).hidden.tolist()
    [True, True, False]
    """
    if triangle is None:
        parts = activity[["new", "returning"]]
        never = pd.Series(np.zeros(len(activity), bool), index=activity.index)
        away = hidden_with_sums(parts, rows=never)[0].any(axis=1)
        return suppressed(activity, count="new", others=["returning"], mask=away)
    found = triangle.months.reindex(activity.month, fill_value=False).reset_index(drop=True)
    rows = activity.reset_index(drop=True)
    shown = suppressed(rows, count="new", others=["returning"], mask=found.any(axis=1))
    money = suppressed(shown, others=["orders", "spend"], mask=found.customers)
    return money.assign(hidden=found.any(axis=1))


def shown_cells(
    cells: pd.DataFrame, *, triangle: Triangle | None = None, unit: Unit = "month"
) -> pd.DataFrame:
    """Hide cells with few active customers, and what would give them or their money away.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cohorts.cohort_cells`.
    triangle : Triangle, optional
        From `triangle_of`, of the same unit, where the sizes of cohorts, their cells, or sums of
        their money stand in other tables too.
    unit : str
        ``month`` or ``quarter``, of these cells.

    Returns
    -------
    pandas.DataFrame
        The same with missing active, orders and spend where hidden, missing customers where the
        size of the cohort is, and a column hidden.

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": pd.to_datetime(["1997-01-01"] * 2), "age": [0, 1],
    ...     "customers": [50, 50], "active": [50, 4], "orders": [60, 5], "spend": [900.0, 80.0]})
    >>> shown_cells(cells).spend.tolist()
    [900.0, nan]
    """
    period = number_of(cells.cohort, unit) + cells.age
    if triangle is None:
        small = hidden(cells[cells.age == 0].set_index("cohort").customers)
        away = cells.active.groupby(period).transform(lambda counts: hidden(counts)).astype(bool)
    else:
        small = triangle.sizes
        same = triangle.cells.set_index(["cohort", "age"]).hidden
        told = same.reindex(pd.MultiIndex.from_frame(cells[["cohort", "age"]])).to_numpy(bool)
        away = told | hidden_money(cells, told, unit=unit)
    few = cells.cohort.map(small).astype(bool)
    shown = suppressed(cells, count="active", others=["orders", "spend"], mask=away | few)
    return shown.assign(customers=shown.customers.astype("Int64").mask(few))


def hidden_money(cells: pd.DataFrame, away: np.ndarray, *, unit: Unit = "month") -> np.ndarray:
    """Tell which cells to hide so that no sum of money tells what few customers spent.

    What the cohorts of a band spend in a month stands with the layers, what a cohort spends up to
    an age with the cohorts at equal age, and what all spend at an age with retention. Orders and
    money add up as customers do here, so the cells are protected as their customers are.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cohorts.cohort_cells`, before anything is hidden.
    away : array of bool
        Which are hidden already.
    unit : str
        ``month`` or ``quarter``, of these cells.
    """
    active = cells.active.to_numpy()
    parts = [places for by in _summed(cells, unit) for places in cells.groupby(by).indices.values()]
    wholes = np.array([active[places].sum() for places in parts], dtype="int64")
    sums = [(places, len(cells) + at) for at, places in enumerate(parts)]
    blocks = {"active": active, "not": active[:0], "sums": wholes}
    told = {"sums": np.ones(len(wholes), dtype=bool)}
    problem, before = problem_of(blocks, sums, hidden={"active": away}, shown=told)
    return protect(problem, k=LEAST, hidden=before)[: len(cells)]


def _summed(cells: pd.DataFrame, unit: Unit) -> list:
    """Return by what the money of cells is summed up in other tables; missing: not in these."""
    ages = equal_ages(cells, every=unit)
    reached = cells.cohort[(cells.age == ages.age) & cells.complete]
    in_time = cells.age <= ages.age
    period = number_of(cells.cohort, unit) + cells.age
    band = cells.cohort.map(band_names(cells.cohort)).rename("band")
    sums = cells.active.groupby([period, band]).sum()
    # As the layers do it: what is small in a month is one sum with what would give it away.
    pooled = sums.groupby(level=0).transform(lambda counts: hidden(counts)).astype(bool)
    away = pooled.reindex(pd.MultiIndex.from_arrays([period, band])).to_numpy(bool)
    return [
        [period, band.mask(away, POOLED)],
        cells.cohort.where(in_time & cells.cohort.isin(reached)),
        cells.age.where(in_time & cells.cohort.isin(ages.cohorts)),
    ]
