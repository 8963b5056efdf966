"""Products: the sums from which the covariances of any draw of customers can be told."""

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd

__all__ = ["covariances", "products"]

NOTHING = 1e-12  # a covariance nearer to zero is none: answers are places from 0 to 1


def products(table: ir.Table, columns: Sequence[str]) -> dict[str, ir.NumericScalar]:
    """Name what is summed up: how many rows, each column, and each product of two.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> list(products(table_of(pd.DataFrame({"x0": [0.5], "y": [1.0]})), ["x0", "y"]))
    ['n', 'x0', 'y', 'x0*x0', 'x0*y', 'y*y']
    """
    pairs = [(one, other) for at, one in enumerate(columns) for other in columns[at:]]
    sums = {"n": table.count(), **{one: table[one].sum() for one in columns}}
    return sums | {f"{one}*{other}": (table[one] * table[other]).sum() for one, other in pairs}


def covariances(sums: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return the covariances that each row of sums tells.

    Parameters
    ----------
    sums : pandas.DataFrame
        The columns that `products` names: sums over one group, one draw or all.
    columns : sequence of str
        Of which columns.

    Returns
    -------
    numpy.ndarray, rows × columns × columns
        By n, not n - 1, as only their proportions count here; missing where there are no rows.

    Examples
    --------
    >>> sums = pd.DataFrame({"n": [2.0], "x0": [1.0], "x0*x0": [1.0]})
    >>> covariances(sums, ["x0"]).tolist()
    [[[0.25]]]
    """
    n = sums["n"].to_numpy()[:, None, None]
    # Without its only group, a base has nobody.
    n = np.where(n > 0, n, np.nan)
    means = sums[columns].to_numpy()[:, :, None] / n
    found = np.empty((len(sums), len(columns), len(columns)))
    for at, one in enumerate(columns):
        for beyond, other in enumerate(columns[at:], start=at):
            found[:, at, beyond] = found[:, beyond, at] = sums[f"{one}*{other}"]
    found = found / n - means * means.transpose(0, 2, 1)
    return np.where(np.abs(found) < NOTHING, 0, found)
