"""Lines of models: the one that speaks is solid and coloured, the others are grey and dashed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from regulars.show.style import palette

__all__ = ["colour_of", "model_line"]

_DASHES = {"bg_nbd": (0, (4, 2)), "mbg_nbd": (0, (1, 1.5)), "pareto_nbd": (0, (6, 2, 1, 2))}


def colour_of(name: str, speaks: str | None) -> str:
    """Return the colour of a model's name and line.

    Examples
    --------
    >>> from regulars.show.style import styled
    >>> with styled():
    ...     colour_of("bg_nbd", "bg_nbd") == colour_of("bg_nbd", "mbg_nbd")
    False
    """
    return palette().highlight if name == speaks else palette().grey


def model_line(
    ax: Axes,
    x: np.ndarray | pd.Series,
    y: pd.Series,
    *,
    name: str,
    speaks: str | None,
    marker: str = "",
) -> str:
    """Draw the line of a model, and return the colour of its name.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from regulars.show.style import styled
    >>> with styled():
    ...     ax = Figure().subplots()
    ...     _ = model_line(ax, [0, 1], pd.Series([1, 2]), name="bg_nbd", speaks="bg_nbd")
    >>> ax.lines[0].get_linestyle()
    '-'
    """
    solid = name == speaks
    ax.plot(
        x,
        y.astype(float),
        color=colour_of(name, speaks),
        linestyle="-" if solid else _DASHES.get(name, (0, (4, 2))),
        linewidth=2 if solid else 1.5,
        marker=marker,
        markersize=4,
    )
    return colour_of(name, speaks)
