"""Charts of win-back: who returns by themselves, what an action has to reach, what one did."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import from_zero, shares, under
from regulars.show.dots import dot_columns, dot_rows, name_rows
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.hidden import hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.style import palette
from regulars.small_groups import HIDDEN

__all__ = ["arm_dots", "break_even_dots", "return_dots"]

_GROUPS = {"everybody": "all it drew", "had_left": "had left before"}
_APART = 0.16  # of two markers in one place


@chart
def return_dots(rates: pd.DataFrame) -> Figure:
    """Draw the share of those who had left that came back, by how long they had been silent.

    Parameters
    ----------
    rates : DataFrame
        ``silence`` (text), ``customers`` (whole numbers; missing where hidden), ``rate``, ``low``,
        ``high`` (0 to 1), ``predicted`` (0 to 1; missing without a model), ``hidden`` (bool).

    Examples
    --------
    >>> rates = pd.DataFrame({"silence": ["over 360 days"], "customers": [300], "rate": [.1],
    ...     "low": [.07], "high": [.14], "predicted": [.09], "hidden": [False]})
    >>> [text.get_text() for text in return_dots(rates).axes[0].texts]
    ['300', 'customers']
    """
    fig, ax = blank()
    rows = rates.reset_index(drop=True)
    places = np.arange(len(rows))
    look = {"colour": palette().ink, "label": "came back"}
    dot_columns(ax, places - _APART / 2, rows, value="rate", **look)
    predicted = rows["predicted"].astype(float)
    if predicted.notna().any():
        ax.plot(
            places + _APART / 2,
            predicted,
            marker="s",
            linestyle="none",
            color=palette().highlight,
            label="by the model",
        )
    from_zero(ax, _known(rows[["rate", "high", "predicted"]]))
    shares(ax.yaxis)
    ax.set_xlim(-0.5, len(rows) - 0.5)
    ax.set_xticks(places, [wrap_name(name, width=10) for name in rows["silence"]])
    sizes = zip(rows["customers"], hidden_rows(rows), strict=True)
    ax.set_xlabel("Silent for, when their return began to count")
    ax.set_ylabel("Came back [%]")
    _name_markers(ax)
    _under_two_lines(ax, places, [HIDDEN if gone else count(n) for n, gone in sizes])
    return fig


@chart
def break_even_dots(groups: pd.DataFrame) -> Figure:
    """Draw for each group the uplift at which an action pays, beside the chance to return anyway.

    Parameters
    ----------
    groups : DataFrame
        ``silence``, ``value`` (texts), ``p_return`` (0 to 1), ``break_even``, ``uplift``
        (differences of chances; missing where unknown or hidden).

    Examples
    --------
    >>> groups = pd.DataFrame({"silence": ["over 360 days"], "value": ["high"],
    ...     "p_return": [.03], "break_even": [.01], "uplift": [np.nan]})
    >>> [label.get_text() for label in break_even_dots(groups).axes[0].get_yticklabels()]
    ['Over 360 days, high']
    """
    rows = groups.reset_index(drop=True)
    fig, ax = blank(rows=1.4 * len(rows) + 4)
    places = np.arange(len(rows))
    looks = {
        "p_return": ("come anyway", palette().grey, "o"),
        "break_even": ("uplift that pays", palette().ink, "|"),
        "uplift": ("uplift measured", palette().highlight, "D"),
    }
    for name, (label, colour, marker) in looks.items():
        values = rows[name].astype(float)
        if values.notna().any():
            size = 14 if marker == "|" else 5
            look = {"marker": marker, "markersize": size, "markeredgewidth": 1.8}
            ax.plot(values, places, linestyle="none", color=colour, label=label, **look)
    known = _known(rows[[*looks]])
    from_zero(ax, known.clip(min=0), direction="x")
    if known.min(initial=0) < 0:
        ax.set_xlim(left=1.15 * known.min())
        ax.axvline(0, color=palette().ink, linewidth=0.8)
    shares(ax.xaxis)
    ax.grid(axis="x")
    names = [f"{silence}, {value}" for silence, value in zip(rows.silence, rows.value, strict=True)]
    name_rows(ax, [wrap_name(name, width=26, lines=1) for name in names])
    ax.set_xlabel("Of the customers [%], or points of a hundred")
    _name_markers(ax)
    return fig


@chart
def arm_dots(rates: pd.DataFrame) -> Figure:
    """Draw which share came back of those an action treated, and of those it left alone.

    Parameters
    ----------
    rates : DataFrame
        ``group`` (everybody, had_left), ``arm`` (treated, control), ``customers``, ``rate``,
        ``low``, ``high`` (0 to 1; missing where hidden), ``hidden`` (bool).

    Examples
    --------
    >>> rates = pd.DataFrame({"group": ["everybody"] * 2, "arm": ["treated", "control"],
    ...     "customers": [700, 300], "rate": [.3, .2], "low": [.27, .16], "high": [.33, .25],
    ...     "hidden": [False, False]})
    >>> [label.get_text() for label in arm_dots(rates).axes[0].get_yticklabels()]
    ['Treated, all it drew', 'Control, all it drew']
    """
    fig, ax = blank(rows=1.7 * len(rates) + 3.5)
    paints = [palette().highlight if arm == "treated" else palette().grey for arm in rates["arm"]]
    places, away = np.arange(len(rates)), hidden_rows(rates)
    dot_rows(ax, places, rates, value="rate", colours=paints, hidden=away)
    from_zero(ax, _known(rates[["rate", "high"]]), direction="x")
    shares(ax.xaxis)
    ax.grid(axis="x")
    names = zip(rates["arm"], rates["group"], strict=True)
    name_rows(ax, [wrap_name(f"{arm}, {_GROUPS[group]}", width=26) for arm, group in names])
    ax.set_xlabel("Came back [%]; lines: 95 % intervals")
    return fig


def _known(values: pd.DataFrame) -> np.ndarray:
    flat = values.astype(float).to_numpy().ravel()
    return flat[np.isfinite(flat)]


def _name_markers(ax: Axes) -> None:
    if ax.get_legend_handles_labels()[1]:
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False)


def _under_two_lines(ax: Axes, places: np.ndarray, numbers: list[str]) -> None:
    """Write numbers under ticks whose names may take two lines."""
    lines = max(label.get_text().count("\n") for label in ax.get_xticklabels())
    under(ax, places, numbers, title="customers")
    for text in ax.texts:
        across, down = text.xyann
        text.xyann = (across, down - 12 * lines)
    ax.xaxis.labelpad += 4
