"""Dots: values with their intervals in rows or columns, and the names of rows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from regulars.small_groups import HIDDEN

__all__ = ["dot_columns", "dot_rows", "name_rows"]

_ENDS = ("low", "high")


def dot_rows(
    ax: Axes,
    places: np.ndarray,
    rows: pd.DataFrame,
    *,
    value: str,
    colours: Sequence[str],
    ends: tuple[str, str] = _ENDS,
    hidden: np.ndarray | None = None,
) -> None:
    """Draw a dot and its interval in each row; in place of a hidden one the word.

    Parameters
    ----------
    ax : Axes
    places : array of float
        How far down each row stands.
    rows : DataFrame
        The columns `value` and `ends`; a dot without an interval, and an interval without a dot,
        are drawn all the same.
    value : str
        The column of the dots.
    colours : sequence of str
        One a row.
    ends : tuple of str
        The columns of the intervals.
    hidden : array of bool, optional
        Which rows are hidden.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> rows = pd.DataFrame({"share": [.5, np.nan], "low": [.4, np.nan], "high": [.6, np.nan]})
    >>> looks = {"colours": ["black"] * 2, "hidden": np.array([False, True])}
    >>> dot_rows(ax, np.arange(2), rows, value="share", **looks)
    >>> [text.get_text() for text in ax.texts], ax.collections[1].get_offsets().tolist()
    (['hidden'], [[0.5, 0.0]])
    """
    low, dot, high = rows[[ends[0], value, ends[1]]].to_numpy(float, na_value=np.nan).T
    away = np.zeros(len(rows), bool) if hidden is None else hidden
    paints = np.array(colours, dtype=object)
    spans, dots = np.isfinite(low + high) & ~away, np.isfinite(dot) & ~away
    ax.hlines(places[spans], low[spans], high[spans], color=list(paints[spans]), linewidth=1.6)
    ax.scatter(dot[dots], places[dots], s=28, color=list(paints[dots]), zorder=3)
    for place in places[away]:
        ax.annotate(HIDDEN, (0, place), xytext=(4, 0), textcoords="offset points", va="center")


def dot_columns(
    ax: Axes,
    places: np.ndarray | pd.Series,
    rows: pd.DataFrame,
    *,
    value: str,
    colour: str,
    ends: tuple[str, str] = _ENDS,
    label: str | None = None,
) -> None:
    """Draw a dot and its interval at each place along the axis.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> rows = pd.DataFrame({"rate": [.5], "low": [.4], "high": [.6]})
    >>> dot_columns(ax, np.array([7]), rows, value="rate", colour="black")
    >>> ax.lines[0].get_xydata().tolist()
    [[7.0, 0.5]]
    """
    low, dot, high = rows[[ends[0], value, ends[1]]].to_numpy(float, na_value=np.nan).T
    at, known = np.asarray(places, float), np.isfinite(low + high)
    ax.vlines(at[known], low[known], high[known], color=colour, linewidth=1.4)
    ax.plot(at, dot, color=colour, marker="o", linestyle="none", label=label)


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Name the rows 0, 1, 2, …, the first at the top.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> name_rows(ax, ["first", "second"])
    >>> [float(end) for end in ax.get_ylim()]
    [1.5, -0.5]
    """
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(max(len(names), 1) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
