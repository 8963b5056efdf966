"""Small cohorts: what is hidden of months and cohorts, together with the triangle of retention."""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.base.cohorts import Unit
from regulars.measures.cohort_suppression import Triangle, suppressed_triangle
from regulars.measures.retention import cohort_retention
from regulars.measures.suppression import hidden, hidden_with_sums, suppressed

__all__ = ["shown_activity", "shown_cells", "triangle_of"]


def triangle_of(purchases: ir.Table, *, as_of: str | date) -> Triangle:
    """Find what to hide of a workbook's cohorts, by month, once for every page.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    as_of : str or datetime.date
        Last day known, inclusive.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([(f"c{i}", "1997-01-05", 10) for i in range(20)])
    >>> bool(triangle_of(purchases, as_of="1997-01-31").cells.hidden.any())
    False
    """
    return suppressed_triangle(cohort_retention(purchases, as_of=as_of))


def shown_activity(activity: pd.DataFrame, *, triangle: Triangle | None = None) -> pd.DataFrame:
    """Hide small numbers of new and returning customers, and the months that give them away.

    Parameters
    ----------
    activity : pandas.DataFrame
        From `purchases.monthly_activity`.
    triangle : Triangle, optional
        From `cohort_suppression.suppressed_triangle`, where cohorts are shown too: then it says
        what is hidden. Of months whose customers are hidden, orders and money are as well.

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
    """Hide cells with few active customers, and those that a month's customers would give away.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cohorts.cohort_cells`.
    triangle : Triangle, optional
        From `cohort_suppression.suppressed_triangle`, where the sizes of cohorts, or their monthly
        cells, stand in other tables too.
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
    cohorts = sorted(cells.cohort.unique())
    # Of one unit, cohorts follow each other as ages do: the same sum, the same month or quarter.
    ages = cells.groupby("cohort").age.max()
    when = cells.age - cells.cohort.map(ages)
    away = cells.active.groupby(when).transform(lambda counts: hidden(counts)).astype(bool)
    if triangle is None:
        small = hidden(cells[cells.age == 0].set_index("cohort").customers.reindex(cohorts))
    elif unit == "quarter":
        small = triangle.quarters
    else:
        small = triangle.cells.groupby("cohort").customers.apply(lambda sizes: sizes.isna().any())
        same = triangle.cells.set_index(["cohort", "age"]).hidden
        away = same.reindex(pd.MultiIndex.from_frame(cells[["cohort", "age"]])).to_numpy(bool)
    few = cells.cohort.map(small).astype(bool)
    shown = suppressed(cells, count="active", others=["orders", "spend"], mask=away | few)
    return shown.assign(customers=shown.customers.astype("Int64").mask(few))
