"""Charts of what to expect: whether chances held, when customers come, and how P(alive) moves."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, mark, shares
from regulars.show.dots import dot_columns, name_rows
from regulars.show.figure import blank, chart
from regulars.show.findings import count, share
from regulars.show.hidden import hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.model_lines import colour_of
from regulars.show.style import palette

__all__ = ["chances_by_tenth", "next_windows", "p_alive_curve"]

_AT_THE_RIGHT = {"ha": "right", "va": "center"}


@chart
def chances_by_tenth(tenths: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw the share who bought against the chance they had been given, by tenths of customers.

    On the dashed line as many bought as foretold; above it more. Of several models each has a panel
    of its own, on one scale.

    Parameters
    ----------
    tenths : DataFrame
        ``tenth`` (int), ``predicted_chance``, ``bought``, ``low``, ``high`` (0 to 1; may be
        missing) and, where groups are hidden, ``hidden`` (bool); of several models ``name``.
    speaks : str, optional
        The model that is highlighted; one that is alone always is.

    Examples
    --------
    >>> tenths = pd.DataFrame({"tenth": [1, 10], "predicted_chance": [.1, .7],
    ...                        "bought": [.18, .81], "low": [.14, .76], "high": [.24, .86]})
    >>> ax = chances_by_tenth(tenths).axes[0]
    >>> [text.get_text() for text in ax.texts], ax.lines[1].get_ydata().tolist()
    (['dashed: as foretold'], [0.18, 0.81])
    """
    parts = dict(list(tenths.groupby("name"))) if "name" in tenths else {None: tenths}
    fig, ax = blank()
    ax.remove()
    panels = fig.subplots(1, len(parts), sharex=True, sharey=True, squeeze=False)[0]
    from_zero(panels[0], tenths["predicted_chance"].astype(float) * 1.05, direction="x")
    ends = tenths[["predicted_chance", "bought", "high"]].to_numpy(float, na_value=np.nan)
    from_zero(panels[0], ends.ravel())
    for panel, (name, rows) in zip(panels, parts.items(), strict=True):
        colour = palette().highlight if name is None else colour_of(name, speaks)
        if name is not None:
            panel.set_title(wrap_name(name, width=16), color=colour)
        _draw_tenths(panel, rows.sort_values("tenth"), colour)
    panels[0].set_ylabel("Bought [%]")
    return fig


@chart
def next_windows(windows: pd.DataFrame) -> Figure:
    """Draw the days in which the next purchase of some histories falls, if it comes.

    Parameters
    ----------
    windows : DataFrame
        ``repeat_days`` (int), ``recency_age`` and ``age`` (days), ``next_from``, ``next_median``,
        ``next_until`` (days ahead), ``chance`` to come at all within the horizon (0 to 1).

    Examples
    --------
    >>> windows = pd.DataFrame({"repeat_days": [0, 5], "recency_age": [0, 372],
    ...     "age": [503, 495], "next_from": [26, 10], "next_median": [147, 67],
    ...     "next_until": [314, 221], "chance": [.08, .68]})
    >>> [label.get_text() for label in next_windows(windows).axes[0].get_yticklabels()]
    ['0 repeat days, last 503 days ago', '5 repeat days, last 123 days ago']
    """
    rows = windows.sort_values("repeat_days", kind="stable")
    fig, ax = blank(rows=1.2 * len(rows) + 3.5)
    places = np.arange(len(rows))
    first, median, last = (
        rows[name].astype(float) for name in ("next_from", "next_median", "next_until")
    )
    ax.hlines(places, first, last, color=palette().pale, linewidth=6)
    ax.plot(median, places, color=palette().highlight, marker="o", linestyle="none")
    # In a column of their own, which the room beyond the longest line makes.
    from_zero(ax, last * 1.2, direction="x")
    for place, chance in zip(places, rows["chance"], strict=True):
        ax.text(1, place, share(chance), transform=ax.get_yaxis_transform(), **_AT_THE_RIGHT)
    ax.text(1, 1, "come at all", transform=ax.transAxes, ha="right", va="bottom")
    name_rows(ax, [_history(row) for row in rows.itertuples()])
    counts(ax.xaxis)
    ax.grid(axis="x")
    ax.set_xlabel("Days ahead, of those who come\n(line: the middle 80 %; point: half have come)")
    return fig


@chart
def p_alive_curve(history: pd.DataFrame) -> Figure:
    """Draw how P(alive) moves day by day, with its band, and the purchases that lift it.

    Parameters
    ----------
    history : DataFrame
        ``day`` (since the first purchase), ``p_alive``, ``low``, ``high`` (0 to 1), ``purchase``
        (bool).

    Examples
    --------
    >>> history = pd.DataFrame({"day": [0, 1, 2], "p_alive": [.6, .5, .8], "low": [.5, .4, .7],
    ...                         "high": [.7, .6, .9], "purchase": [True, False, True]})
    >>> curve, points, _ = p_alive_curve(history).axes[0].lines
    >>> points.get_xdata().tolist()
    [0.0, 2.0]
    """
    fig, ax = blank()
    rows = history.sort_values("day")
    day, alive, low, high = (rows[name].astype(float) for name in ("day", "p_alive", "low", "high"))
    bought = rows["purchase"].to_numpy(dtype=bool)
    blue = palette().highlight
    ax.fill_between(day, low, high, color=blue, alpha=0.15, linewidth=0)
    ax.plot(day, alive, color=blue)
    look = {"marker": "o", "linestyle": "none", "clip_on": False, "zorder": 3}
    ax.plot(day[bought], alive[bought], color=palette().ink, **look)
    ax.set_xlim(float(day.min()), max(float(day.max()), 1))
    from_zero(ax, [*alive, *low, *high, 1 / 1.08])
    _mark_last(ax, day[bought])
    shares(ax.yaxis)
    counts(ax.xaxis)
    ax.set_ylabel("P(alive) [%]")
    ax.set_xlabel("Days since the first purchase; points: purchase days; band: 95 %")
    return fig


def _draw_tenths(ax: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw the tenths of one model against the line on which chances hold."""
    low = max(ax.get_xlim()[0], ax.get_ylim()[0])
    high = min(ax.get_xlim()[1], ax.get_ylim()[1])
    ax.plot([low, high], [low, high], color=palette().grey, linewidth=1, linestyle=(0, (3, 2)))
    dot_columns(ax, rows["predicted_chance"].astype(float), rows, value="bought", colour=colour)
    words = ["dashed: as foretold", *(["some groups: hidden"] if hidden_rows(rows).any() else [])]
    # At the lower right, where no tenth stands: the line goes to the upper right.
    ax.text(0.98, 0.02, "\n".join(words), transform=ax.transAxes, ha="right", va="bottom")
    shares(ax.xaxis, nbins=5)
    shares(ax.yaxis)
    ax.set_xlabel("Chance to buy, as foretold [%]")


def _mark_last(ax: Axes, bought: pd.Series) -> None:
    if len(bought):
        mark(ax, float(bought.max()), "the last purchase")


def _history(row: object) -> str:
    days = "repeat day" if row.repeat_days == 1 else "repeat days"
    silent = row.age - row.recency_age
    return wrap_name(f"{count(row.repeat_days)} {days}, last {count(silent)} days ago", width=36)
