"""Heading: finding, subtitle and source around a chart, by one layout for all.

Title and subtitle stand at the left edge over the drawing, the source under it. The figure grows
by what they need, so that long text takes nothing from the drawing and nothing is cut off.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.textpath import text_to_path

from regulars.show.fonts import PLACEHOLDER, drawable
from regulars.show.style import palette
from regulars.show.text import as_sentence, as_source, one_line

__all__ = ["Heading", "headed", "wrapped"]

MOST_WORDS = 10

_MARGIN = 0.1  # inches at the left and right edge
_GAP = 0.1  # inches between the blocks of text and the drawing
_LEADING = 1.3  # line height in font sizes


@dataclass(frozen=True)
class Heading:
    """What every chart says in words.

    Parameters
    ----------
    finding : str
        What the chart shows, in at most ten words; with no finding, the question.
    subtitle : str
        Measure, unit, population, period, n.
    source : str
        Where the data come from.

    Raises
    ------
    ValueError
        If one of them is empty, or the finding has more than ten words.

    Examples
    --------
    >>> Heading("Half come back", "Share of customers, n = 2,357", "CDNOW").alt
    'Half come back. Chart: Share of customers, n = 2,357. Source: CDNOW.'
    """

    finding: str
    subtitle: str
    source: str

    def __post_init__(self) -> None:
        for name in ("finding", "subtitle", "source"):
            text = getattr(self, name)
            if not isinstance(text, str) or not text.strip():
                raise ValueError(
                    f"A chart needs a {name}: found none. "
                    "Give finding (or the question), subtitle and source."
                )
        words = [word for word in self.finding.split() if any(map(str.isalnum, word))]
        if len(words) > MOST_WORDS:
            raise ValueError(
                f"A finding has at most {MOST_WORDS} words; this one has {len(words)}. "
                "Say it shorter, and put the rest into the subtitle."
            )

    @property
    def lines(self) -> tuple[str, str, str]:
        """Finding, subtitle and source, each on one line."""
        return one_line(self.finding), one_line(self.subtitle), as_source(self.source)

    @property
    def alt(self) -> str:
        """The alternative text, not escaped: whoever puts it into markup does that."""
        finding, subtitle, source = self.lines
        return f"{as_sentence(finding)} Chart: {as_sentence(subtitle)} {source}"


@contextmanager
def headed(fig: Figure, heading: Heading) -> Iterator[Figure]:
    """Put the heading around a figure inside the block, and take it away after.

    So a cell that shows the same figure again does not get two headings.

    Examples
    --------
    >>> from regulars.show.style import styled
    >>> fig = Figure()
    >>> with styled(), headed(fig, Heading("Half come back", "Share of customers", "CDNOW")):
    ...     [text.get_text() for text in fig.texts]
    ['Half come back', 'Share of customers', 'Source: CDNOW.']
    >>> fig.texts
    []
    """
    size = tuple(fig.get_size_inches())
    if not isinstance(fig.get_layout_engine(), ConstrainedLayoutEngine):
        fig.set_layout_engine("constrained")
    before = len(fig.texts)
    _place(fig, heading)
    try:
        yield fig
    finally:
        for text in fig.texts[before:]:
            text.remove()
        fig.set_size_inches(size, forward=False)
        fig.get_layout_engine().set(rect=(0, 0, 1, 1))


def wrapped(text: str, font: FontProperties, inches: float) -> list[str]:
    """Break a text into lines no wider than so many inches.

    Lines break at spaces; a word that is wider than a line breaks where it must.

    Examples
    --------
    >>> wrapped("one two three", FontProperties(size=10), .6)
    ['one two', 'three']
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if _width(longer, font) <= inches:
            lines[-1] = longer
            continue
        pieces = _broken(word, font, inches)
        lines = (lines if lines[-1] else []) + pieces
    return lines


def _broken(word: str, font: FontProperties, inches: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and _width(pieces[-1] + letter, font) > inches:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _width(text: str, font: FontProperties) -> float:
    """Return the width of a line in inches."""
    points, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return points / 72


def _place(fig: Figure, heading: Heading) -> None:
    width, body = fig.get_size_inches()
    above, below = _blocks(fig, heading, width - 2 * _MARGIN)
    top = sum(block.height for block in above) + 2 * _GAP
    bottom = below.height + _GAP
    height = body + top + bottom
    fig.set_size_inches(width, height, forward=False)
    y = height - _GAP
    for block in above:
        block.draw(fig, _MARGIN / width, y / height)
        y -= block.height
    below.draw(fig, _MARGIN / width, (bottom - _GAP / 2) / height)
    inner = (_MARGIN / width, bottom / height, 1 - 2 * _MARGIN / width, body / height)
    fig.get_layout_engine().set(rect=inner)


@dataclass(frozen=True)
class _Block:
    """Lines of one size and colour."""

    lines: list[str]
    font: FontProperties
    colour: str

    @property
    def height(self) -> float:
        return len(self.lines) * self.font.get_size_in_points() * _LEADING / 72

    def draw(self, fig: Figure, x: float, y: float) -> None:
        fig.text(
            x,
            y,
            "\n".join(self.lines),
            va="top",
            linespacing=_LEADING,
            fontproperties=self.font,
            color=self.colour,
        ).set_in_layout(False)


def _blocks(fig: Figure, heading: Heading, inches: float) -> tuple[list[_Block], _Block]:
    colours = palette()
    finding, subtitle, source = (drawable(line) for line in heading.lines)
    if any(PLACEHOLDER in text for text in (finding, subtitle, source, *_texts(fig))):
        source += f" {PLACEHOLDER}: a letter that no font on this machine has."

    def block(text: str, size: str, weight: str, colour: str) -> _Block:
        font = FontProperties(
            family=mpl.rcParams["font.family"], size=mpl.rcParams[size], weight=weight
        )
        return _Block(wrapped(text, font, inches), font, colour)

    above = [
        block(finding, "figure.titlesize", mpl.rcParams["figure.titleweight"], colours.ink),
        block(subtitle, "font.size", "normal", colours.grey),
    ]
    return above, block(source, "figure.labelsize", "normal", colours.grey)


def _texts(fig: Figure) -> list[str]:
    found = [text.get_text() for text in fig.findobj(mpl.text.Text)]
    ticks = [
        label.get_text()
        for axes in fig.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in axis.get_ticklabels()
    ]
    return found + ticks
