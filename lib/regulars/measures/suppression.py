"""Suppression: hide counts of fewer than k customers, and what would give them away.

What is small is hidden, then as many other counts as it takes that nobody can work the small ones
out from the sums. All functions take and return small frames of counts; how counts are chosen
stands in `protection`.
"""

from collections.abc import Sequence
from typing import overload

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from regulars.measures.protection import Problem, protect
from regulars.small_groups import HIDDEN, LEAST, NOTE, WITHHELD, few

__all__ = [
    "HIDDEN",
    "LEAST",
    "NOTE",
    "WITHHELD",
    "few",
    "hidden",
    "hidden_in_groups",
    "hidden_with_sums",
    "suppressed",
]


@overload
def hidden(counts: pd.Series, *, k: int = LEAST) -> pd.Series: ...
@overload
def hidden(counts: pd.DataFrame, *, k: int = LEAST) -> pd.DataFrame: ...
def hidden(counts: pd.Series | pd.DataFrame, *, k: int = LEAST) -> pd.Series | pd.DataFrame:
    """Tell which counts of customers to hide.

    Counts from 1 to k - 1 are hidden, and as many others as it takes that each of them could still
    be any number from 1 to k - 1. Zeros are hidden only where nothing else helps. If all customers
    together are too few for that, everything is hidden that can be.

    Parameters
    ----------
    counts : Series or DataFrame of int
        A Series: groups that share the customers out, whose total is shown. A DataFrame: customers
        by two groupings, whose total and whose row and column sums are shown, except the sums
        that `hidden_with_sums` hides.
    k : int
        The smallest count that is shown.

    Returns
    -------
    Series or DataFrame of bool
        True where the count is to be hidden; same shape and index.

    Examples
    --------
    >>> hidden(pd.Series({"champions": 3, "loyal": 20, "new": 50})).tolist()
    [True, True, False]
    >>> hidden(pd.DataFrame([[3, 20, 40], [30, 25, 60], [50, 80, 70]])).to_numpy().astype(int)
    array([[1, 1, 0],
           [1, 1, 0],
           [0, 0, 0]])
    """
    if isinstance(counts, pd.DataFrame):
        return hidden_with_sums(counts, k=k)[0]
    return hidden_in_groups(counts, pd.Series(0, index=counts.index), k=k)[0]


def hidden_in_groups(
    counts: pd.Series, groups: pd.Series, *, k: int = LEAST
) -> tuple[pd.Series, pd.Series]:
    """Tell which counts to hide where sums over groups of them are shown too.

    It is for a grid of cells that make up segments: cells and segments are hidden together, so
    that neither gives the other away. The total of all is shown.

    Parameters
    ----------
    counts : Series of int
        Customers in each cell.
    groups : Series
        The group each cell belongs to; same index.
    k : int
        The smallest count that is shown.

    Returns
    -------
    tuple of Series of bool
        True where to hide: by cell, in their order; and by group, in the order of the names.

    Examples
    --------
    >>> cells = pd.Series([40, 2, 30, 25])
    >>> of_cells, of_groups = hidden_in_groups(cells, pd.Series(["loyal", "lost", "lost", "new"]))
    >>> of_cells.tolist(), of_groups.to_dict()
    ([False, True, True, False], {'loyal': False, 'lost': False, 'new': False})
    """
    values, names = _whole(counts), pd.Series(groups.to_numpy())
    codes, labels = pd.factorize(names)
    sums = np.bincount(codes, weights=values, minlength=len(labels)).astype("int64")
    relations = [(np.flatnonzero(codes == one), len(values) + one) for one in range(len(labels))]
    relations += [(len(values) + np.arange(len(labels)), len(values) + len(labels))]
    found = _protect([values, sums], relations, k=k)
    cells, totals = found[: len(values)], found[len(values) : -1]
    return pd.Series(cells, index=counts.index), pd.Series(totals, index=pd.Index(labels))


def hidden_with_sums(
    counts: pd.DataFrame,
    *,
    k: int = LEAST,
    rows: pd.Series | None = None,
    columns: pd.Series | None = None,
) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Tell which counts of a table with two groupings to hide, and which row and column sums.

    Parameters
    ----------
    counts : DataFrame of int
        Customers by row and column.
    k : int
        The smallest count that is shown.
    rows, columns : Series of bool, optional
        Which row or column sums are hidden already because the same sums stand in another table;
        the others are then shown there, and will not be hidden here.

    Returns
    -------
    tuple
        True where to hide: the cells (DataFrame), the row sums and the column sums (Series).

    Examples
    --------
    >>> counts = pd.DataFrame({"new": [2, 0, 40], "lost": [3, 60, 50], "loyal": [0, 70, 80]})
    >>> cells, rows, columns = hidden_with_sums(counts)
    >>> rows.tolist(), columns.tolist()
    ([True, False, True], [False, False, False])
    """
    values = _whole(counts.to_numpy().ravel()).reshape(counts.shape)
    height, width = counts.shape
    places = np.arange(height * width).reshape(counts.shape)
    row_sums, column_sums = values.sum(axis=1), values.sum(axis=0)
    after = height * width
    relations = [(places[one], after + one) for one in range(height)]
    relations += [(places[:, one], after + height + one) for one in range(width)]
    last = after + height + width
    relations += [(after + np.arange(height), last), (after + height + np.arange(width), last)]
    given = [None, rows, columns]
    found = _protect([values.ravel(), row_sums, column_sums], relations, k=k, given=given)
    cells, by_row, by_column = np.split(found[:-1], [after, after + height])
    return (
        pd.DataFrame(cells.reshape(counts.shape), index=counts.index, columns=counts.columns),
        pd.Series(by_row, index=counts.index),
        pd.Series(by_column, index=counts.columns),
    )


def suppressed(
    frame: pd.DataFrame,
    *,
    count: str = "customers",
    others: Sequence[str] = (),
    mask: Sequence[bool] | pd.Series | None = None,
    k: int = LEAST,
) -> pd.DataFrame:
    """Take the hidden counts out of a table, and all that was computed of these customers.

    Parameters
    ----------
    frame : DataFrame
        One row per group.
    count : str
        The column with the number of customers.
    others : sequence of str
        Columns that follow from the same customers: shares, spend, means, ends of intervals.
    mask : sequence of bool, optional
        Which rows are hidden, where that was found with other tables together; by default the
        rows share the customers out, and `hidden` says it.
    k : int
        The smallest count that is shown.

    Returns
    -------
    DataFrame
        The frame with missing values in these columns of the hidden rows, whole numbers as Int64,
        and a column ``hidden`` (bool) by which tables and charts tell hidden from missing.

    Examples
    --------
    >>> sizes = pd.DataFrame({"segment": ["new", "lost", "loyal"], "customers": [3, 20, 50]})
    >>> suppressed(sizes)
      segment  customers  hidden
    0     new       <NA>    True
    1    lost       <NA>    True
    2   loyal         50   False
    """
    away = hidden(frame[count], k=k) if mask is None else mask
    away = pd.Series(np.asarray(away, dtype=bool), index=frame.index)
    columns = [count, *others]
    whole = [name for name in columns if pd.api.types.is_integer_dtype(frame[name])]
    taken = frame.astype(dict.fromkeys(whole, "Int64"))
    taken[columns] = taken[columns].mask(away)
    return taken.assign(**{HIDDEN: away})


def _protect(
    blocks: list[np.ndarray],
    relations: list[tuple[np.ndarray, int]],
    *,
    k: int,
    given: Sequence[pd.Series | None] = (),
) -> np.ndarray:
    """Put parts, sums and the total of all, which is always shown, into one problem."""
    values = np.concatenate([*blocks, [blocks[0].sum()]])
    masks = [*given, *[None] * len(blocks)][: len(blocks)]
    known = [
        np.zeros(len(block), bool) if mask is None else ~mask.to_numpy(bool)
        for block, mask in zip(blocks, masks, strict=True)
    ]
    before = [
        np.zeros(len(block), bool) if mask is None else mask.to_numpy(bool)
        for block, mask in zip(blocks, masks, strict=True)
    ]
    problem = Problem(
        values=values,
        relations=_matrix(relations, len(values)),
        shown=np.concatenate([*known, [True]]),
        is_sum=np.arange(len(values)) >= len(blocks[0]),
    )
    return protect(problem, k=k, hidden=np.concatenate([*before, [False]]))


def _matrix(relations: list[tuple[np.ndarray, int]], width: int) -> csr_array:
    rows = np.concatenate([np.full(len(parts) + 1, at) for at, (parts, _) in enumerate(relations)])
    columns = np.concatenate([np.append(parts, whole) for parts, whole in relations])
    signs = np.concatenate([np.append(np.ones(len(parts)), -1) for parts, _ in relations])
    return csr_array((signs, (rows, columns)), shape=(len(relations), width))


def _whole(counts: pd.Series | np.ndarray) -> np.ndarray:
    """Return counts as whole numbers; a missing one is nobody, and below zero is a mistake."""
    values = np.nan_to_num(pd.array(np.asarray(counts)).to_numpy(dtype=float, na_value=0))
    if (values < 0).any() or (values != np.floor(values)).any():
        raise ValueError("Expected counts of customers, whole and not below 0; hand in counts.")
    return values.astype("int64")
