"""Charts of repeat buying: rates by quarter or year, and after each purchase of a customer."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import from_zero, shares, under
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.hidden import dot_bars, hidden_rows
from regulars.show.style import palette
from regulars.show.text import as_date, is_missing
from regulars.small_groups import HIDDEN

__all__ = ["repeat_rates", "window_rates"]

_MOST_NAMED = 12


@chart
def window_rates(windows: pd.DataFrame) -> Figure:
    r"""Draw the repurchase rate of each quarter or year with its interval; a part one is hollow.

    Parameters
    ----------
    windows : DataFrame
        ``first_day``, ``last_day`` (of the window), ``rate``, ``low``, ``high`` (0 to 1; missing
        where nobody bought), ``complete`` (bool) and, where any are hidden, ``hidden`` (bool).

    Examples
    --------
    >>> windows = pd.DataFrame({"first_day": pd.to_datetime(["1997-01-01", "1997-04-01"]),
    ...                         "last_day": pd.to_datetime(["1997-03-31", "1997-06-30"]),
    ...                         "rate": [.2, .4], "low": [.1, .3], "high": [.3, .5],
    ...                         "complete": [True, False]})
    >>> [name.get_text() for name in window_rates(windows).axes[0].get_xticklabels()]
    ['Q1\n1997', 'Q2*\n ']
    """
    fig, ax = blank()
    rows = windows.sort_values("first_day", ignore_index=True)
    whole = rows["complete"].to_numpy(dtype=bool)
    _points(ax, rows, filled=whole)
    names = _window_names(rows)
    step = -(-len(rows) // _MOST_NAMED)
    places = range((len(rows) - 1) % step, len(rows), step)
    ax.set_xticks(list(places), [names[place] for place in places])
    part = "" if whole.all() else "; *, hollow: not wholly known"
    ax.set_xlabel(f"Window{part}; line: 95 % interval")
    ax.set_ylabel("Bought on two or more days [%]")
    return fig


@chart
def repeat_rates(rates: pd.DataFrame) -> Figure:
    """Draw the share who bought again after the first, second, third purchase, with its interval.

    The numbers under the axis are the customers with at least so many purchase days.

    Parameters
    ----------
    rates : DataFrame
        ``purchase`` (1 is the first), ``customers``, ``rate``, ``low``, ``high`` (0 to 1) and,
        where any are hidden, ``hidden`` (bool).

    Examples
    --------
    >>> rates = pd.DataFrame({"purchase": [1, 2], "customers": [2357, 1139], "rate": [.29, .43],
    ...                       "low": [.27, .4], "high": [.31, .46]})
    >>> [text.get_text() for text in repeat_rates(rates).axes[0].texts]
    ['2,357', '1,139', 'customers']
    """
    fig, ax = blank()
    rows = rates.sort_values("purchase", ignore_index=True)
    _points(ax, rows, filled=np.full(len(rows), True))
    step = -(-len(rows) // _MOST_NAMED)
    places = list(range(0, len(rows), step))
    names = ["–" if is_missing(k) else f"{k:.0f}" for k in rows["purchase"]]
    ax.set_xticks(places, [names[place] for place in places])
    behind = zip(rows["customers"], hidden_rows(rows), strict=True)
    sizes = [HIDDEN if gone and is_missing(n) else count(n) for n, gone in behind]
    under(ax, places, [sizes[place] for place in places], title="customers")
    ax.set_xlabel("Purchase day of a customer; line: 95 % interval")
    ax.set_ylabel("Bought again [%]")
    return fig


def _points(ax: Axes, rows: pd.DataFrame, *, filled: Sequence[bool]) -> None:
    """Draw a point and its interval a row, side by side, from zero up."""
    places, colour = np.arange(len(rows)), palette().highlight
    value, low, high = (rows[name].astype(float) for name in ("rate", "low", "high"))
    ax.vlines(places, low, high, color=palette().grey, linewidth=1.6)
    faces = [colour if whole else "white" for whole in filled]
    ax.scatter(places, value, s=20, c=faces, edgecolors=colour, zorder=3)
    ax.set_xlim(-0.6, len(rows) - 0.4)
    from_zero(ax, [*value, *high])
    shares(ax.yaxis)
    ax.grid(axis="y")
    dot_bars(ax, np.flatnonzero(hidden_rows(rows)) - 0.4, 0.8)


def _window_names(rows: pd.DataFrame) -> list[str]:
    """Name quarters as Q1 over the year, the year once; years by their number."""
    names, years = [], set()
    for first, last, whole in zip(
        rows["first_day"], rows["last_day"], rows["complete"], strict=True
    ):
        day, star = as_date(first), "" if whole else "*"
        if (as_date(last) - day).days > 100:
            names.append(f"{day.year}{star}")
            continue
        # A second line for all, empty or not, keeps the quarters at one height.
        year = " " if day.year in years else str(day.year)
        years.add(day.year)
        names.append(f"Q{(day.month + 2) // 3}{star}\n{year}")
    return names
