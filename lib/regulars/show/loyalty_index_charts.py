"""Charts of the loyalty index: what sets the most loyal apart from the least loyal."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from regulars.show.figure import blank, chart
from regulars.show.fonts import drawable
from regulars.show.labels import wrap
from regulars.show.sentences.loyalty_index import apart_name
from regulars.show.style import palette

__all__ = ["apart_dots"]

MOST_LINES = 10


@chart
def apart_dots(apart: pd.DataFrame) -> Figure:
    """Draw how far the most loyal lie from the least loyal, the ten clearest measures.

    What is more than chance is highlighted.

    Parameters
    ----------
    apart : DataFrame
        From `measures.loyalty_ends.sets_apart`: ``measure``, ``level`` (the value of a text, else
        empty), ``d``, ``low``, ``high`` (standard deviations), ``distinct`` (bool).

    Examples
    --------
    >>> apart = pd.DataFrame({"measure": ["first_spend", "region"], "level": ["", "north"],
    ...                       "d": [.5, .1], "low": [.4, -.1], "high": [.6, .3],
    ...                       "distinct": [True, False]})
    >>> [label.get_text() for label in apart_dots(apart).axes[0].get_yticklabels()]
    ['Spend on the first day', 'Region: north']
    """
    nearer = np.minimum(apart.low.astype(float).abs(), apart.high.astype(float).abs())
    clear = nearer.where(np.sign(apart.low.astype(float)) == np.sign(apart.high.astype(float)), 0)
    ordered = apart.assign(clear=-clear, size=-apart.d.astype(float).abs())
    rows = ordered.sort_values(["clear", "size", "measure", "level"]).head(MOST_LINES)
    fig, ax = blank(rows=1.25 * len(rows) + 3)
    numbers, places = rows[["d", "low", "high"]].astype(float), np.arange(len(rows))
    colours = [palette().highlight if one else palette().grey for one in rows.distinct]
    ax.hlines(places, numbers.low, numbers.high, color=colours, linewidth=1.6)
    ax.scatter(numbers.d, places, color=colours, s=25, zorder=3)
    ax.axvline(0, color=palette().grey, linewidth=0.8)
    names = [apart_name(row.measure, row.level) for row in rows.itertuples()]
    ax.set_yticks(places, [wrap(drawable(name), width=30) for name in names])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    reach = 1.06 * (np.nanmax([*numbers.abs().max(), 0]) or 1)
    ax.set_xlim(-reach, reach)
    ax.grid(axis="x")
    ax.set_xlabel("Most loyal against least loyal\n[standard deviations]")
    return fig
