"""Hidden numbers: how charts and tables show that there is a number which must not be read.

The measures mark a hidden row by a column ``hidden``. A table writes the word, a chart draws dots;
what was not observed reads otherwise, as a dash or as hatching.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from regulars.small_groups import HIDDEN, LEAST, NOTE

__all__ = ["DOTTED", "dot", "dot_bars", "hidden_rows", "is_marked", "note_on", "or_few"]

DOTTED = "dotted: hidden"
_DOTS = "...."
_STRIP = 0.06  # how high, as a part of the axes, a bar is drawn whose height is hidden


def hidden_rows(frame: pd.DataFrame) -> np.ndarray:
    """Tell which rows are marked as hidden; none where nothing is marked.

    Examples
    --------
    >>> hidden_rows(pd.DataFrame({"customers": [None, 12], "hidden": [True, False]})).tolist()
    [True, False]
    >>> hidden_rows(pd.DataFrame({"customers": [12]})).tolist()
    [False]
    """
    if not is_marked(frame):
        return np.zeros(len(frame), dtype=bool)
    return frame[HIDDEN].to_numpy(dtype=bool)


def is_marked(frame: pd.DataFrame) -> bool:
    """Tell whether a frame has the column that marks hidden rows; text of that name is data.

    Examples
    --------
    >>> is_marked(pd.DataFrame({"hidden": [False]})), is_marked(pd.DataFrame({"hidden": ["a"]}))
    (True, False)
    """
    named = [column for column in frame.columns if isinstance(column, str) and column == HIDDEN]
    return len(named) == 1 and pd.api.types.is_bool_dtype(frame[HIDDEN])


def note_on(*frames: pd.DataFrame) -> list[str]:
    """Return the sentence that says why numbers are hidden, if there are any.

    Examples
    --------
    >>> note_on(pd.DataFrame({"hidden": [False]}))
    []
    """
    return [NOTE] if any(hidden_rows(frame).any() for frame in frames) else []


def or_few(n: float, written: str) -> str:
    """Return a written count, or that it is less than may be told.

    Examples
    --------
    >>> or_few(7, "7"), or_few(12, "12"), or_few(0, "0")
    ('<10', '12', '0')
    """
    return f"<{LEAST}" if 0 < n < LEAST else written


def dot(ax: Axes, corner: tuple[float, float], **options: object) -> None:
    """Fill a cell of a heatmap with dots.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> dot(ax, (0, 0))
    >>> ax.patches[0].get_hatch()
    '....'
    """
    ax.add_patch(Rectangle(corner, 1, 1, facecolor="none", hatch=_DOTS, linewidth=0, **options))


def dot_bars(ax: Axes, places: np.ndarray, widths: np.ndarray | float) -> None:
    """Draw dotted strips at the foot of the axes where bars would stand, and say what they are.

    Their height is the same whatever the number is. Nothing is drawn if there are none.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> dot_bars(ax, np.array([2.0]), .8)
    >>> ax.texts[0].get_text()
    'dotted: hidden'
    """
    across = ax.get_xaxis_transform()
    widths = np.broadcast_to(widths, np.shape(places))
    for place, width in zip(places, widths, strict=True):
        dot(ax, (place, 0), transform=across)
        ax.patches[-1].set(width=width, height=_STRIP)
    if len(places):
        ax.text(1, 1, DOTTED, transform=ax.transAxes, ha="right", va="bottom")
