"""Style: the style file, in force only while a chart is drawn, and its palette by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import NamedTuple

import matplotlib as mpl
import seaborn as sns
from matplotlib import style
from matplotlib.colors import Colormap

from regulars.show.fonts import families

__all__ = ["Palette", "ink_on", "palette", "sequential", "styled"]


class Palette(NamedTuple):
    """The colours of the style file, in the order of its colour cycle."""

    highlight: str
    ink: str
    grey: str
    pale: str
    faint: str


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the house style inside the block, whatever style is set outside.

    Examples
    --------
    >>> with styled():
    ...     mpl.rcParams["axes.spines.top"]
    False
    """
    sheet = str(files("regulars.show") / "regulars.mplstyle")
    with style.context(["default", sheet, {"font.family": families()}]):
        yield


def palette() -> Palette:
    """Return the palette of the style in force.

    Examples
    --------
    >>> with styled():
    ...     palette().highlight
    '#0b62ad'
    """
    colours = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    return Palette(*(f"#{colour.removeprefix('#')}" for colour in colours))


def sequential() -> Colormap:
    """Return the colour map of heatmaps: from nearly white to the highlight.

    Examples
    --------
    >>> with styled():
    ...     sequential().N
    256
    """
    return sns.light_palette(palette().highlight, as_cmap=True)


def ink_on(fraction: float) -> str:
    """Return the colour of text on the heatmap's colour so far up its scale (0 to 1).

    Up to three quarters the dark ink has the higher contrast, beyond it white.

    Examples
    --------
    >>> with styled():
    ...     ink_on(.2), ink_on(.9)
    ('#24292e', 'white')
    """
    return "white" if fraction > 0.75 else palette().ink
