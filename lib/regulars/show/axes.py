"""Axes: ticks, labels and notes that several charts share."""

from collections.abc import Iterable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import blended_transform_factory

from regulars.show.fonts import drawable
from regulars.show.formats import decimal
from regulars.show.style import palette
from regulars.show.text import MONTHS, NBSP, as_date

__all__ = [
    "counts",
    "from_zero",
    "label_ends",
    "mark",
    "months",
    "shares",
    "under",
]

# How many points wide and which part of the figure high a drawing is, roughly: words are moved
# apart before the layout is known.
_DRAWN_WIDTH = 350
_DRAWN_HEIGHT = 0.7


def counts(axis: Axis) -> None:
    """Write numbers on an axis with thousands separators, whole numbers where they are large.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> counts(ax.yaxis)
    >>> ax.yaxis.get_major_formatter()(12500, 0), ax.yaxis.get_major_formatter()(1.25, 0)
    ('12,500', '1.25')
    """
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(_number))


def shares(axis: Axis, *, nbins: int = 6) -> None:
    """Write shares on an axis in %, with no more decimals than a tick needs.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> shares(ax.yaxis)
    >>> [ax.yaxis.get_major_formatter()(share, 0).replace(NBSP, " ") for share in (.05, .025)]
    ['5 %', '2.5 %']
    """
    axis.set_major_locator(MaxNLocator(nbins=nbins, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(_percent))


def from_zero(ax: Axes, values: Iterable[float], *, direction: str = "y") -> None:
    """Begin an axis at zero and leave a little room beyond the largest value.

    Room below zero is made only for values that are there; all zeros get an axis up to 1.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> from_zero(ax, [0, 50, float("nan")])
    >>> [float(end) for end in ax.get_ylim()]
    [0.0, 54.0]
    """
    known = np.asarray([value for value in values if np.isfinite(value)], dtype=float)
    high, low = max(known.max(initial=0.0), 0.0), min(known.min(initial=0.0), 0.0)
    limits = (low * 1.08, high * 1.08 if high else (0.0 if low else 1.0))
    getattr(ax, f"set_{direction}lim")(*limits)


def months(ax: Axes, values: Sequence[object]) -> None:
    """Name months at the positions 0, 1, 2, …: at most nine names, the year under the first.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> months(ax, ["1997-12-01", "1998-01-01", "1998-02-01"])
    >>> [label.get_text().split() for label in ax.get_xticklabels()]
    [['Dec', '1997'], ['Jan', '1998'], ['Feb']]
    """
    dates = [as_date(value) for value in values]
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if len(dates) <= 9 * step), 120)
    positions, names, years = [], [], set()
    for position, date in enumerate(dates):
        if (date.year * 12 + date.month - 1) % step and len(dates) > step:
            continue
        # A second line for all, empty or not, keeps the months at one height.
        year = " " if date.year in years else str(date.year)
        years.add(date.year)
        positions.append(position)
        names.append(f"{MONTHS[date.month - 1][:3]}\n{year}")
    ax.set_xticks(positions, names)
    ax.set_xlim(-0.6, len(dates) - 0.4)


def label_ends(ax: Axes, x: float, ends: Sequence[tuple[float, str, str]]) -> None:
    """Name lines at their right end: (y, words, colour) each, moved apart where they would touch.

    Parameters
    ----------
    ax : Axes
        With its limits already set.
    x : float
        Where the lines end.
    ends : sequence of (float, str, str)
        Where each line ends, its words and its colour. Ends that are not known get no name.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> label_ends(ax, 1, [(.5, "actual", "black"), (float("nan"), "model", "grey")])
    >>> [text.get_text() for text in ax.texts]
    ['actual']
    """
    known = sorted(end for end in ends if np.isfinite(end[0]))
    low, high = ax.get_ylim()
    points = _DRAWN_HEIGHT * ax.get_figure().get_size_inches()[1] * 72
    apart = 1.25 * mpl.rcParams["font.size"] * (high - low) / points
    places = _spread([y for y, *_ in known], apart)
    lift = max(low + apart / 2 - places[0], 0) if places else 0
    for (y, words, colour), place in zip(known, places, strict=True):
        # The true end stays in `xy`; only the words move.
        ax.annotate(
            words,
            (x, y),
            xytext=(7, (place + lift - y) / (high - low) * points),
            textcoords="offset points",
            va="center",
            color=colour,
            annotation_clip=False,
        )


def _spread(values: list[float], apart: float) -> list[float]:
    """Move sorted values as little as needed to stand `apart`, around where they were."""
    groups: list[list[float]] = []
    for value in values:
        groups.append([value])
        while len(groups) > 1 and _top(groups[-2], apart) + apart > _bottom(groups[-1], apart):
            groups[-2:] = [groups[-2] + groups[-1]]
    return [
        _bottom(group, apart) + place * apart for group in groups for place in range(len(group))
    ]


def _bottom(group: list[float], apart: float) -> float:
    return sum(group) / len(group) - apart * (len(group) - 1) / 2


def _top(group: list[float], apart: float) -> float:
    return _bottom(group, apart) + apart * (len(group) - 1)


def under(ax: Axes, ticks: Sequence[float], numbers: Sequence[str], *, title: str) -> None:
    """Write a row of numbers under the ticks, such as how many customers are at risk.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from regulars.show.style import styled
    >>> with styled():
    ...     ax = Figure().subplots()
    ...     under(ax, [0, 1], ["2,357", "1,670"], title="at risk")
    >>> [text.get_text() for text in ax.texts]
    ['2,357', '1,670', 'at risk']
    """
    size, colour = mpl.rcParams["figure.labelsize"], palette().grey
    across = blended_transform_factory(ax.transData, ax.transAxes)
    for tick, value in zip(ticks, numbers, strict=True):
        ax.annotate(
            value,
            (tick, 0),
            xycoords=across,
            xytext=(0, -20),
            textcoords="offset points",
            ha="center",
            va="top",
            color=colour,
            fontsize=size,
            annotation_clip=False,
        )
    low, high = ax.get_xlim()
    first = (ticks[0] - low) / (high - low) * _DRAWN_WIDTH
    half = 0.32 * size * len(numbers[0]) + 6
    ax.annotate(
        title,
        (0, 0),
        xycoords="axes fraction",
        xytext=(min(first - half, 0) - 4, -20),
        textcoords="offset points",
        ha="right",
        va="top",
        color=colour,
        fontsize=size,
        annotation_clip=False,
    )
    ax.xaxis.labelpad += 1.3 * size


def mark(ax: Axes, x: float, words: str) -> None:
    """Draw a thin line at x, with its words beside its upper end; nothing if x is off the axis.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from regulars.show.style import styled
    >>> with styled():
    ...     ax = Figure().subplots()
    ...     mark(ax, .5, "half")
    ...     mark(ax, 500, "far away")
    >>> [text.get_text() for text in ax.texts]
    ['half']
    """
    low, high = ax.get_xlim()
    if not low <= x <= high:
        return
    left = x > (low + high) / 2
    ax.axvline(x, color=palette().ink, linewidth=1, linestyle=(0, (3, 2)))
    ax.annotate(
        drawable(words, width=60),
        (x, 1),
        xycoords=ax.get_xaxis_transform(),
        xytext=(-5 if left else 5, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
    )


def _percent(value: float, _: int) -> str:
    return f"{round(100 * value, 6):g}{NBSP}%".replace("-", "−")


def _number(value: float, _: int) -> str:
    if value and abs(value) < 10 and not float(value).is_integer():
        return f"{round(value, 6):g}".replace("-", "−")
    return decimal(value, 0)
