"""Figure: how a chart begins, and the one way it is shown."""

import base64
import io
import os
from collections.abc import Callable
from functools import wraps
from html import escape
from typing import Concatenate, ParamSpec

import matplotlib as mpl
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show import tables
from regulars.show.heading import Heading, headed
from regulars.show.output import publish
from regulars.show.style import palette, styled

__all__ = ["FORMAT_VARIABLE", "blank", "chart", "show"]

FORMAT_VARIABLE = "REGULARS_FIGURES"
MOST_NUMBERS = 60

# A picture of 144 dots an inch is shown at 96, so that it is sharp on a fine screen.
_SHOWN_DPI = 96

_Options = ParamSpec("_Options")
_Draw = Callable[Concatenate[pd.DataFrame, _Options], Figure]


def show(
    fig: Figure,
    *,
    finding: str,
    subtitle: str,
    source: str,
    numbers: pd.DataFrame | None = None,
    formats: dict[str, str] | None = None,
) -> None:
    """Display a chart with its finding, subtitle and source, and close it.

    The picture is a PNG; with ``REGULARS_FIGURES=svg`` in the environment (when pages are made)
    an SVG, the same bytes each time. The finding, the subtitle and the source also go out as
    plain text, and as the alternative text in the metadata.

    Parameters
    ----------
    fig : Figure
        What one of the chart functions returned, or any other matplotlib figure.
    finding : str
        What the chart shows, in at most ten words; with no finding, the question.
    subtitle : str
        Measure, unit, population, period, n.
    source : str
        Where the data come from.
    numbers : DataFrame, optional
        The numbers behind the chart, at most 7 columns: displayed below it as a folded table of
        at most 60 rows.
    formats : dict, optional
        Column to format for `numbers`, as in `tables.show`.

    Raises
    ------
    ValueError
        If finding, subtitle or source is missing, the finding is longer than ten words, or
        `numbers` has more than 7 columns.

    Examples
    --------
    >>> show(Figure(), finding="Half come back", subtitle="Share of customers", source="CDNOW")
    Half come back
    Share of customers
    Source: CDNOW.
    """
    heading = Heading(finding, subtitle, source)
    folded = None if numbers is None else _folded(numbers, heading, formats)
    with styled(), headed(fig, heading):
        mime, content, size = _picture(fig)
    plt.close(fig)
    publish(
        {"text/plain": "\n".join(heading.lines), mime: content},
        metadata={mime: {"alt": heading.alt, **size}},
    )
    if folded:
        publish(folded)


def chart(draw: "_Draw[_Options]") -> "_Draw[_Options]":
    """Make a function from a frame to a figure draw in the house style, and survive no rows.

    Examples
    --------
    >>> @chart
    ... def points(frame):
    ...     fig, ax = blank()
    ...     ax.plot(frame["x"])
    ...     return fig
    >>> points(pd.DataFrame({"x": []})).axes[0].texts[0].get_text()
    'nothing to show'
    """

    @wraps(draw)
    def drawn(frame: pd.DataFrame, *args: "_Options.args", **options: "_Options.kwargs") -> Figure:
        with styled():
            return draw(frame, *args, **options) if len(frame) else _nothing()

    return drawn


def blank(rows: float | None = None) -> tuple[Figure, Axes]:
    """Return an empty figure with one axes; with `rows`, so high that this many lines fit.

    The figure is not known to pyplot, so a notebook does not show it a second time by itself.

    Examples
    --------
    >>> with styled():
    ...     fig, ax = blank()
    >>> float(fig.get_size_inches()[0])
    6.0
    """
    width, height = mpl.rcParams["figure.figsize"]
    if rows is not None:
        height = rows * 2 * mpl.rcParams["font.size"] / 72
    fig = Figure(figsize=(width, height), layout="constrained")
    return fig, fig.subplots()


def _nothing() -> Figure:
    fig, ax = blank(rows=4)
    ax.set_axis_off()
    ax.text(0.5, 0.5, "nothing to show", ha="center", va="center", color=palette().grey)
    return fig


def _picture(fig: Figure) -> tuple[str, str, dict[str, int]]:
    """Return mime type, content and the size to show it at."""
    buffer = io.BytesIO()
    if os.environ.get(FORMAT_VARIABLE) == "svg":
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return "image/svg+xml", buffer.getvalue().decode(), {}
    fig.savefig(buffer, format="png", metadata={"Software": None})
    width, height = (round(inches * _SHOWN_DPI) for inches in fig.get_size_inches())
    encoded = base64.b64encode(buffer.getvalue()).decode()
    return "image/png", encoded, {"width": width, "height": height}


def _folded(
    numbers: pd.DataFrame, heading: Heading, formats: dict[str, str] | None
) -> dict[str, str]:
    label = "Numbers behind the chart"
    _, subtitle, _ = heading.lines
    words = {"caption": subtitle, "source": heading.source, "formats": formats}
    html = tables.to_html(numbers, rows=MOST_NUMBERS, **words)
    text = tables.to_text(numbers, **words)
    return {
        "text/plain": f"{label}\n{text}",
        "text/html": f'<details class="numbers"><summary>{escape(label)}</summary>{html}</details>',
    }
