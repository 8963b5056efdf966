"""Charts of drivers: how well each is judged, and how much goes with it."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import shares
from regulars.show.figure import blank, chart
from regulars.show.labels import wrap_name
from regulars.show.style import palette

__all__ = ["importance_performance"]

_WIDTH, _HEIGHT = 24, 18  # about how many letters and lines of a label the axes hold
_SIDES = ((7, 5), (-7, 5), (7, -5), (-7, -5))  # where a label may stand, in points


@chart
def importance_performance(drivers: pd.DataFrame) -> Figure:
    """Draw how drivers are judged (across) and which share of the outcome goes with them (up).

    Lines at the means make four fields. Martilla & James (1977), Importance-performance analysis,
    Journal of Marketing 41, 77-79.

    Parameters
    ----------
    drivers : DataFrame
        ``driver`` (text), ``share``, ``low``, ``high`` (0 to 1), ``place``, ``place_low``,
        ``place_high`` (mean answer as a place on its scale, 0 to 1).

    Examples
    --------
    >>> drivers = pd.DataFrame({"driver": ["price", "quality"], "share": [.1, .3],
    ...                         "low": [.05, .2], "high": [.15, .4], "place": [.8, .6],
    ...                         "place_low": [.7, .5], "place_high": [.9, .7]})
    >>> [text.get_text() for text in importance_performance(drivers).axes[0].texts]
    ['Quality', 'Price', 'larger share, lower answers']
    """
    fig, ax = blank()
    rows = drivers.sort_values(["share", "driver"], ascending=[False, True], ignore_index=True)
    columns = ["place", "share", "place_low", "place_high", "low", "high"]
    numbers = rows[columns].astype(float)
    _limits(ax, numbers)
    colours = [palette().highlight, *[palette().grey] * (len(rows) - 1)]
    ax.hlines(numbers.share, numbers.place_low, numbers.place_high, color=colours, linewidth=1.4)
    ax.vlines(numbers.place, numbers.low, numbers.high, color=colours, linewidth=1.4)
    ax.scatter(numbers.place, numbers.share, color=colours, zorder=3)
    _fields(ax, numbers)
    _name_points(ax, rows.driver, numbers, colours)
    shares(ax.xaxis)
    shares(ax.yaxis)
    ax.set_xlabel("Mean answer [% of the way up its scale]; lines: 95 % intervals")
    ax.set_ylabel("Share of the differences [%]")
    if numbers.share.notna().any() and numbers.place.notna().any():
        ax.annotate(
            "larger share, lower answers",
            (0, 1),
            xycoords="axes fraction",
            xytext=(4, -4),
            textcoords="offset points",
            va="top",
            color=palette().grey,
            fontsize=mpl.rcParams["figure.labelsize"],
        )
    return fig


def _limits(ax: Axes, numbers: pd.DataFrame) -> None:
    """Leave room for labels beside the outer points, and above for the words in the corner."""
    for direction, columns in (("x", ["place", "place_low", "place_high"]),
                               ("y", ["share", "low", "high"])):  # fmt: skip
        known = numbers[columns].to_numpy().ravel()
        known = known[np.isfinite(known)]
        low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
        room = 0.18 * (high - low) or 0.1 * abs(high) or 0.1
        getattr(ax, f"set_{direction}lim")(low - room, high + room)


def _fields(ax: Axes, numbers: pd.DataFrame) -> None:
    for draw, column in ((ax.axvline, "place"), (ax.axhline, "share")):
        mean = numbers[column].mean()
        if np.isfinite(mean):
            draw(mean, color=palette().grey, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)


def _name_points(ax: Axes, names: pd.Series, numbers: pd.DataFrame, colours: list[str]) -> None:
    """Write each name beside its point, on the side where it meets the fewest others."""
    taken: list[tuple[float, float, float]] = []
    for name, x, y, colour in zip(names, numbers.place, numbers.share, colours, strict=True):
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        words = wrap_name(name, lines=1, width=18)
        boxes = [_box(ax, (x, y), side, len(words)) for side in _SIDES]
        met = [sum(_meet(box, other) for other in taken) for box in boxes]
        best = int(np.argmin(met))
        taken.append(boxes[best])
        right, up = _SIDES[best][0] > 0, _SIDES[best][1] > 0
        ax.annotate(
            words,
            (x, y),
            xytext=_SIDES[best],
            textcoords="offset points",
            ha="left" if right else "right",
            va="bottom" if up else "top",
            color=colour,
            fontweight="bold" if colour == colours[0] else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )


def _box(
    ax: Axes, point: tuple[float, float], side: tuple[int, int], letters: int
) -> tuple[float, float, float]:
    """Return where a label begins and ends across, and its height, as parts of the axes."""
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    across, up = (point[0] - low) / (high - low), (point[1] - bottom) / (top - bottom)
    ends = sorted((across, across + np.sign(side[0]) * letters / _WIDTH / 2))
    return (*ends, up + np.sign(side[1]) * 0.5 / _HEIGHT)


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and abs(one[2] - other[2]) < 1 / _HEIGHT
