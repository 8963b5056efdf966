"""Charts of segments: the R × F grid, and what each segment weighs."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import from_zero
from regulars.show.figure import blank, chart
from regulars.show.findings import count, share
from regulars.show.hidden import DOTTED, dot, hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.style import ink_on, palette, sequential
from regulars.show.text import is_missing
from regulars.small_groups import HIDDEN

__all__ = ["rfm_heatmap", "segment_bars"]

_CELL_LETTERS = 13


@chart
def rfm_heatmap(rfm_grid: pd.DataFrame) -> Figure:
    r"""Draw how many customers each pair of recency and frequency scores has, by segment.

    Parameters
    ----------
    rfm_grid : DataFrame
        ``r``, ``f`` (scores, 5 = best), ``customers`` (int), ``segment`` (text) and, where counts
        are hidden, ``hidden`` (bool); these cells are dotted.

    Examples
    --------
    >>> grid = pd.DataFrame({"r": [5, 5], "f": [1, 2], "customers": [30, 12],
    ...                      "segment": ["new", "potential_loyalists"]})
    >>> [text.get_text() for text in rfm_heatmap(grid).axes[0].texts]
    ['30', '12', 'New', 'Potential\nloyalists']
    """
    rfm_grid = rfm_grid.assign(**{HIDDEN: hidden_rows(rfm_grid).astype(float)})
    table = _wide(rfm_grid, "customers").astype(float)
    away = (_wide(rfm_grid, HIDDEN) == 1).to_numpy()
    segments = _wide(rfm_grid, "segment")
    most = np.nanmax([table.max().max(), 1])
    fig, ax = blank(rows=max(2.6 * len(table) + 2, 11))
    sns.heatmap(
        table,
        ax=ax,
        cmap=sequential(),
        vmin=0,
        vmax=most,
        cbar=False,
        linewidths=0.8,
        linecolor="white",
    )
    for row, column in np.argwhere(away):
        dot(ax, (column, row))
    _write_counts(ax, table.mask(away).to_numpy(), most, away=away)
    _draw_segments(ax, segments.to_numpy())
    words = ["F score: how often they bought [5 = most often]", *([DOTTED] if away.any() else [])]
    ax.set_xlabel("\n".join(words))
    ax.set_ylabel("R score: how lately [5 = most lately]")
    ax.tick_params(length=0, rotation=0)
    return fig


@chart
def segment_bars(summary: pd.DataFrame) -> Figure:
    r"""Draw each segment's share of customers beside its share of spend, by spend.

    Parameters
    ----------
    summary : DataFrame
        ``segment`` (text), ``customers`` (int), ``customers_share``, ``spend_share`` (0 to 1) and,
        where segments are hidden, ``hidden`` (bool); they stand last, without bars.

    Examples
    --------
    >>> summary = pd.DataFrame({"segment": ["champions", "new"], "customers": [200, 800],
    ...                         "customers_share": [.2, .8], "spend_share": [.7, .3]})
    >>> ax = segment_bars(summary).axes[0]
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Champions\n200 customers', 'New\n800 customers']
    """
    rows = summary.sort_values("spend_share", ascending=False, kind="stable")
    fig, ax = blank(rows=1.75 * len(rows) + 1.5)
    colours = palette()
    places = np.arange(len(rows))
    pairs = (
        ("spend_share", -0.2, colours.highlight, "of spend"),
        ("customers_share", 0.2, colours.pale, "of customers"),
    )
    for column, shift, colour, words in pairs:
        values = rows[column].astype(float)
        bars = ax.barh(places + shift, values.fillna(0), height=0.38, color=colour)
        # Only the first bar of each kind is named: the others have the same colour.
        names = [
            HIDDEN if gone else f"{share(value)}{' ' + words if not at else ''}"
            for at, (value, gone) in enumerate(zip(values, hidden_rows(rows), strict=True))
        ]
        ax.bar_label(bars, names, padding=3)
    away = hidden_rows(rows)
    sizes = [
        "customers hidden" if gone else f"{count(n)} customers"
        for n, gone in zip(rows["customers"], away, strict=True)
    ]
    titles = [wrap_name(name, lines=1, width=26) for name in rows["segment"]]
    names = [f"{title}\n{size}" for title, size in zip(titles, sizes, strict=True)]
    ax.set_yticks(places, names)
    ax.set_ylim(len(rows) - 0.45, -0.55)
    both = [*rows["spend_share"], *rows["customers_share"]]
    # Room for the words at the ends of the bars.
    from_zero(ax, [value * (1.1 if value > 0 else 1.4) for value in both], direction="x")
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    return fig


def _wide(rfm_grid: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one column as a square, the best R above and the best F to the right."""
    # pivot refuses two rows for one cell; pivot_table would average them.
    table = rfm_grid.pivot(index="r", columns="f", values=column)  # noqa: PD010
    return table.sort_index(ascending=False).sort_index(axis=1)


def _write_counts(ax: Axes, table: np.ndarray, most: float, *, away: np.ndarray) -> None:
    for (row, column), customers in np.ndenumerate(table):
        ax.text(
            column + 0.5,
            row + 0.7,
            HIDDEN if away[row, column] else count(customers),
            ha="center",
            va="center",
            color=ink_on(customers / most),
            fontsize=mpl.rcParams["axes.titlesize"],
            fontstyle="italic" if away[row, column] else "normal",
        )


def _draw_segments(ax: Axes, segments: np.ndarray) -> None:
    """Draw a border around each segment, and write its name once, in its first cell."""
    colours = {text.get_position(): text.get_color() for text in ax.texts}
    named: set[tuple[int, int]] = set()
    for row, column in np.ndindex(segments.shape):
        _draw_borders(ax, segments, row, column)
        if (row, column) in named or is_missing(segments[row, column]):
            continue
        region = _region(segments, row, column)
        named |= region
        across = sum((row, column + step) in region for step in range(segments.shape[1]))
        name = wrap_name(segments[row, column], width=_CELL_LETTERS)
        if "…" in name:
            name = wrap_name(segments[row, column], width=_CELL_LETTERS * across)
        ax.text(
            column + 0.07,
            row + 0.09,
            name,
            va="top",
            color=colours.get((column + 0.5, row + 0.7), palette().ink),
            fontsize=mpl.rcParams["figure.labelsize"],
        )


def _draw_borders(ax: Axes, segments: np.ndarray, row: int, column: int) -> None:
    rows, columns = segments.shape
    if column + 1 < columns and segments[row, column] != segments[row, column + 1]:
        ax.plot([column + 1] * 2, [row, row + 1], color="white", linewidth=5)
    if row + 1 < rows and segments[row, column] != segments[row + 1, column]:
        ax.plot([column, column + 1], [row + 1] * 2, color="white", linewidth=5)


def _region(segments: np.ndarray, row: int, column: int) -> set[tuple[int, int]]:
    """Return the cells that hang together with this one and have its segment."""
    found, waiting = set(), [(row, column)]
    while waiting:
        at = waiting.pop()
        inside = all(0 <= place < size for place, size in zip(at, segments.shape, strict=True))
        if at in found or not inside or segments[at] != segments[row, column]:
            continue
        found.add(at)
        waiting += [(at[0] + dy, at[1] + dx) for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0))]
    return found
