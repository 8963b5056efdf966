"""Charts of KPIs by month: against their targets, and against the limits of what is usual."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from regulars.show.axes import counts, months, shares
from regulars.show.figure import blank, chart
from regulars.show.fonts import drawable
from regulars.show.labels import axis_name
from regulars.show.style import palette
from regulars.show.text import is_missing, one_line

__all__ = ["control_panels", "target_panels"]

MOST_PANELS = 4
_PANEL_ROWS = 6.2
_SIGNALS = {
    "run": ("o", False, "part of a long run"),
    "either": ("s", False, "one of the two outside"),
    "outside": ("D", True, "outside the limits"),
}


@chart
def target_panels(judged: pd.DataFrame, *, currency: str) -> Figure:
    """Draw what was reached against the target, month by month; at most four targets.

    A dot is on track, a triangle behind, a ring not knowable yet; the line through it is the
    interval, the dash the target. What has no value is a question mark at the target.

    Parameters
    ----------
    judged : DataFrame
        From `judged.judged_targets`: ``month``, ``label``, ``unit``, ``owner``, ``target``,
        ``value``, ``low``, ``high``, ``verdict``. A panel for each label and owner.
    currency : str
        The currency of amounts.

    Raises
    ------
    ValueError
        If there are more than four panels.

    Examples
    --------
    >>> judged = pd.DataFrame({"month": pd.to_datetime(["1997-01-01"]), "label": "NPS",
    ...                        "unit": "points", "owner": "service", "target": 30.0,
    ...                        "value": 31.0, "low": 24.0, "high": 38.0,
    ...                        "verdict": "not_knowable"})
    >>> target_panels(judged, currency="EUR").axes[0].get_title("left")
    'NPS (service) [points]'
    """
    rows = judged.assign(owner=[_owner(one) for one in judged["owner"]])
    fig, panels = _panels(rows, ["label", "owner"], currency)
    for ax, part, places in panels:
        _draw_targets(ax, part, places)
    handles = [
        _handle("o", "on track", palette().highlight, fill=True),
        _handle("v", "behind", palette().ink, fill=True),
        _handle("o", "not knowable yet", palette().grey, fill=False),
        _handle("_", "target", palette().ink, fill=True),
    ]
    _key(fig, handles)
    return fig


@chart
def control_panels(limits: pd.DataFrame, *, currency: str) -> Figure:
    """Draw KPIs month by month in the limits of what is usual; at most four.

    Parameters
    ----------
    limits : DataFrame
        From `limits.control_limits`, of one KPI or several: ``month``, ``label``, ``unit``,
        ``value``, ``centre``, ``lower``, ``upper``, ``signal`` (empty, outside, either, run).
    currency : str
        The currency of amounts.

    Raises
    ------
    ValueError
        If there are more than four KPIs.

    Examples
    --------
    >>> limits = pd.DataFrame({"month": pd.to_datetime(["1997-01-01"]), "label": "Orders",
    ...                        "unit": "orders", "value": 140.0, "centre": 100.0, "lower": 80.0,
    ...                        "upper": 120.0, "signal": "outside"})
    >>> control_panels(limits, currency="EUR").axes[0].get_title("left")
    'Orders'
    """
    fig, panels = _panels(limits, ["label"], currency)
    for ax, part, places in panels:
        _draw_limits(ax, part, places)
    found = [signal for signal in _SIGNALS if (limits["signal"] == signal).any()]
    handles = [
        _handle(shape, words, palette().highlight, fill=filled)
        for shape, filled, words in (_SIGNALS[signal] for signal in found or ["outside"])
    ]
    _key(fig, [*handles, Line2D([], [], color=palette().pale, linewidth=6, label="usual")])
    return fig


def _panels(
    rows: pd.DataFrame, by: list[str], currency: str
) -> tuple[Figure, Iterator[tuple[Axes, pd.DataFrame, np.ndarray]]]:
    """Return a figure with a panel for each group, its rows and their places on the months."""
    groups = [part.sort_values("month") for _, part in rows.groupby(by, sort=True)]
    if len(groups) > MOST_PANELS:
        raise ValueError(
            f"Expected at most {MOST_PANELS} panels in one chart, found {len(groups)}. Draw them "
            "in several charts."
        )
    fig, ax = blank(rows=_PANEL_ROWS * len(groups) + 3)
    ax.remove()
    axes = fig.subplots(len(groups), 1, sharex=True, squeeze=False)[:, 0]
    span = pd.date_range(rows["month"].min(), rows["month"].max(), freq="MS")
    for panel, part in zip(axes, groups, strict=True):
        _name_panel(panel, part[[*by, "unit"]].iloc[0], currency)
        months(panel, list(span))
    placed = [span.get_indexer(pd.DatetimeIndex(part["month"])) for part in groups]
    return fig, zip(axes, groups, placed, strict=True)


def _name_panel(ax: Axes, row: pd.Series, currency: str) -> None:
    unit = row["unit"]
    name = row["label"] + (f" ({row['owner']})" if row.get("owner") else "")
    money = currency if unit == "money" else None
    bracket = {"share": " [%]", "points": " [points]"}.get(unit, "")
    ax.set_title(axis_name(drawable(name, width=60), money) + bracket)
    (shares if unit == "share" else counts)(ax.yaxis)


def _draw_targets(ax: Axes, part: pd.DataFrame, places: np.ndarray) -> None:
    colours = palette()
    looks = {
        "on_track": ("o", colours.highlight, colours.highlight),
        "behind": ("v", colours.ink, colours.ink),
        "not_knowable": ("o", colours.grey, "white"),
    }
    for place, row in zip(places, part.itertuples(), strict=True):
        shape, edge, fill = looks[row.verdict]
        ax.plot(
            [place], [row.target], marker="_", markersize=13, markeredgewidth=1.6, color=colours.ink
        )
        if is_missing(row.value):
            over = {"xytext": (0, 4), "textcoords": "offset points", "ha": "center"}
            if not is_missing(row.target):
                ax.annotate("?", (place, row.target), color=colours.grey, **over)
            continue
        ax.vlines(place, row.low, row.high, color=edge, linewidth=1.4)
        ax.plot([place], [row.value], marker=shape, markersize=6, color=edge, markerfacecolor=fill)
    _scale(ax, [part[name] for name in ("target", "value", "low", "high")])


def _draw_limits(ax: Axes, part: pd.DataFrame, places: np.ndarray) -> None:
    colours = palette()
    numbers = part[["value", "centre", "lower", "upper"]].astype(float)
    value = numbers["value"].to_numpy()
    ax.fill_between(
        places, numbers["lower"], numbers["upper"], color=colours.pale, alpha=0.6, linewidth=0
    )
    ax.plot(places, numbers["centre"], color=colours.grey, linewidth=1, linestyle=(0, (4, 3)))
    ax.plot(places, value, color=colours.ink, linewidth=1, marker="o", markersize=3)
    for signal, (shape, filled, _) in _SIGNALS.items():
        marked = (part["signal"] == signal).to_numpy()
        ax.plot(
            places[marked],
            value[marked],
            marker=shape,
            markersize=6,
            linestyle="none",
            color=colours.highlight,
            markerfacecolor=colours.highlight if filled else "white",
        )
    _scale(ax, [numbers[name] for name in numbers])


def _scale(ax: Axes, columns: Sequence[pd.Series]) -> None:
    """Leave room around all that is drawn; intervals and limits too."""
    known = np.concatenate([column.astype(float).to_numpy() for column in columns])
    known = known[np.isfinite(known)]
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    room = 0.12 * (high - low) or 0.12 * abs(high) or 1.0
    ax.set_ylim(low - room, high + room)


def _handle(shape: str, words: str, colour: str, *, fill: bool) -> Line2D:
    inside = colour if fill else "white"
    return Line2D(
        [], [], linestyle="none", marker=shape, color=colour, markerfacecolor=inside, label=words
    )


def _key(fig: Figure, handles: list[Line2D]) -> None:
    fig.axes[-1].legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.28),
        ncols=len(handles),
        frameon=False,
        handletextpad=0.5,
    )


def _owner(name: object) -> str:
    return "" if is_missing(name) else one_line(name, width=30)
