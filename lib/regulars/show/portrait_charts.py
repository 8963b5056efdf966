"""Charts of portraits: what tells groups of customers from all others."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from regulars.show.figure import blank, chart
from regulars.show.fonts import drawable
from regulars.show.labels import wrap, wrap_name
from regulars.show.sentences.measured import measure_name
from regulars.show.style import palette

__all__ = ["difference_dots"]

MOST_GROUPS = 4


class _Line(NamedTuple):
    """A line of the chart: a difference, or with nothing but words the name of a group."""

    words: str
    d: float | None = None
    low: float = 0
    high: float = 0


@chart
def difference_dots(differences: pd.DataFrame) -> Figure:
    """Draw what tells groups from all other customers, with intervals; at most four groups.

    Parameters
    ----------
    differences : DataFrame
        ``segment``, ``measure``, ``level`` (the value of a text, else empty), ``d``, ``low``,
        ``high`` (standard deviations); the rows of a group are drawn in the order of |d|.

    Raises
    ------
    ValueError
        If there are more than four groups.

    Examples
    --------
    >>> rows = pd.DataFrame({"segment": ["new"], "measure": ["spend"], "level": [""], "d": [1.2],
    ...                      "low": [1.0], "high": [1.4]})
    >>> [label.get_text() for label in difference_dots(rows).axes[0].get_yticklabels()]
    ['New', 'Spend']
    """
    groups = sorted(set(differences["segment"]))
    if len(groups) > MOST_GROUPS:
        raise ValueError(
            f"Expected at most {MOST_GROUPS} groups in one chart, found {len(groups)}. Draw them "
            "in several charts."
        )
    lines = [line for group in groups for line in _lines(differences, group)]
    fig, ax = blank(rows=1.25 * len(lines) + 3)
    places = np.arange(len(lines))
    for place, line in zip(places, lines, strict=True):
        if line.d is not None:
            ax.hlines(place, line.low, line.high, color=palette().highlight, linewidth=1.6)
            ax.plot([line.d], [place], marker="o", markersize=5, color=palette().highlight)
    ax.axvline(0, color=palette().grey, linewidth=0.8)
    ax.set_yticks(places, [line.words for line in lines])
    for label, line in zip(ax.get_yticklabels(), lines, strict=True):
        label.set_fontweight("bold" if line.d is None else "normal")
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    reach = np.nanmax([*differences[["low", "high"]].astype(float).abs().max(), 0])
    ax.set_xlim(-1.06 * (reach or 1), 1.06 * (reach or 1))
    ax.grid(axis="x")
    ax.set_xlabel("Less or more than all others [standard deviations]")
    return fig


def _lines(differences: pd.DataFrame, group: str) -> list[_Line]:
    rows = differences[differences["segment"] == group]
    rows = rows.assign(size=-rows["d"].astype(float).abs())
    rows = rows.sort_values(["size", "measure", "level"])
    found = [
        _Line(
            wrap(drawable(measure_name(row.measure, row.level)), width=30),
            float(row.d), float(row.low), float(row.high),
        )
        for row in rows.itertuples()
    ]  # fmt: skip
    return [_Line(wrap_name(group, lines=1, width=30)), *found]
