"""Charts of response: in what those who answer are not like the others, and what they write on."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, shares
from regulars.show.figure import blank, chart
from regulars.show.fonts import drawable
from regulars.show.hidden import hidden_rows
from regulars.show.labels import wrap, wrap_name
from regulars.show.sentences.response import compared_name
from regulars.show.style import palette
from regulars.small_groups import HIDDEN

__all__ = ["answering_dots", "topic_bars"]

MOST_LINES, MOST_TOPICS = 14, 12


@chart
def answering_dots(found: pd.DataFrame) -> Figure:
    """Draw in what those who answered differ from those who did not; beyond chance: highlighted.

    Of many differences fourteen are drawn: those beyond chance first, then the largest.

    Parameters
    ----------
    found : DataFrame
        ``measure``, ``level`` (the value of a text, else empty), ``d``, ``low``, ``high`` (in
        standard deviations; may be missing), ``distinct`` (bool).

    Examples
    --------
    >>> found = pd.DataFrame({"measure": ["spend", "region"], "level": ["", "north"],
    ...     "d": [.1, -.4], "low": [-.1, -.6], "high": [.3, -.2], "distinct": [False, True]})
    >>> [label.get_text() for label in answering_dots(found).axes[0].get_yticklabels()]
    ['Spend', 'Region: north']
    """
    size = found["d"].astype(float).abs()
    ranked = found.assign(size=size).sort_values(
        ["distinct", "size", "measure", "level"], ascending=False
    )
    rows = ranked.head(MOST_LINES).sort_values(["d", "measure", "level"], ascending=False)
    fig, ax = blank(rows=1.4 * len(rows) + 3.5)
    paints = [palette().highlight if one else palette().grey for one in rows["distinct"]]
    for place, (row, paint) in enumerate(zip(rows.itertuples(), paints, strict=True)):
        ax.hlines(place, float(row.low), float(row.high), color=paint, linewidth=1.6)
        ax.plot([float(row.d)], [place], marker="o", markersize=5, color=paint)
    ax.axvline(0, color=palette().ink, linewidth=0.8)
    names = [wrap(drawable(compared_name(row.measure, row.level)), width=24) for row in
             rows.itertuples()]  # fmt: skip
    _name_rows(ax, names)
    ends = rows[["d", "low", "high"]].astype(float).abs().to_numpy()
    reach = np.nanmax([ends[np.isfinite(ends)].max(initial=0), 1e-9])
    ax.set_xlim(-1.08 * reach, 1.08 * reach)
    ax.grid(axis="x")
    label = "Less or more among those who answered\n[standard deviations]"
    ax.set_xlabel(label, loc="right")
    return fig


@chart
def topic_bars(topics: pd.DataFrame) -> Figure:
    """Draw how many customers write on each topic, and which share of them are detractors.

    Parameters
    ----------
    topics : DataFrame
        ``topic`` (text), ``customers`` (whole numbers; missing where hidden), ``detractors``,
        ``low``, ``high`` (0 to 1; may be missing) and, where known, ``hidden`` (bool).

    Examples
    --------
    >>> topics = pd.DataFrame({"topic": ["price", "delivery"], "customers": [30, 80],
    ...     "detractors": [.5, .3], "low": [.3, .2], "high": [.7, .4]})
    >>> fig = topic_bars(topics)
    >>> [label.get_text() for label in fig.axes[0].get_yticklabels()]
    ['Delivery', 'Price']
    """
    rows = topics.sort_values(["customers", "topic"], ascending=[False, True]).head(MOST_TOPICS)
    fig, ax = blank(rows=1.7 * len(rows) + 4)
    ax.remove()
    left, right = fig.subplots(1, 2, sharey=True)
    places, values = np.arange(len(rows)), rows["customers"].astype(float)
    left.barh(places, values.fillna(0), color=palette().pale, height=0.62)
    from_zero(left, values, direction="x")
    counts(left.xaxis)
    left.grid(axis="x")
    left.set_xlabel("Customers who write on it")
    _write_hidden(left, np.flatnonzero(hidden_rows(rows) & values.isna()))
    _draw_shares(right, rows)
    _name_rows(left, [wrap_name(name, width=18) for name in rows["topic"]])
    return fig


def _draw_shares(ax: Axes, rows: pd.DataFrame) -> None:
    places = np.arange(len(rows))
    share, low, high = (rows[name].astype(float) for name in ("detractors", "low", "high"))
    ax.hlines(places, low, high, color=palette().highlight, linewidth=1.6)
    ax.plot(share, places, marker="o", markersize=5, linestyle="", color=palette().highlight)
    known = np.array([*share, *low, *high])
    from_zero(ax, known[np.isfinite(known)], direction="x")
    shares(ax.xaxis, nbins=4)
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Detractors [%]\nlines: 95 % intervals", loc="right")
    gone = hidden_rows(rows) & share.isna().to_numpy()
    _write_hidden(ax, np.flatnonzero(gone))


def _write_hidden(ax: Axes, places: np.ndarray) -> None:
    """Say in words what is hidden; a bar of no length would say that nobody did."""
    for place in places:
        ax.text(ax.get_xlim()[0], place, f" {HIDDEN}", va="center", color=palette().grey)


def _name_rows(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(np.arange(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
