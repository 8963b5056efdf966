"""Charts of needs: what groups buy, what goes together, and whether there are natural groups."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from regulars.show.axes import counts, from_zero
from regulars.show.figure import blank, chart
from regulars.show.findings import count, number
from regulars.show.hidden import DOTTED, dot, hidden_rows
from regulars.show.labels import axis_name, in_short, wrap_name
from regulars.show.style import ink_on, palette, sequential

__all__ = ["affinity_heatmap", "cluster_panels", "cross_sell_dots", "silhouette_dots"]

MOST_GROUPS, MOST_CATEGORIES, MOST_PAIRS = 6, 12, 12
DEEPEST = 2.0  # times as often, from which on the colour grows no deeper
PANELS = {
    "days_between": ("Days between", "purchases"),
    "value_per_order": ("Spend per", "order"),
    "intervals_since_last": ("Days since last,", "by days between"),
}


@chart
def affinity_heatmap(affinity: pd.DataFrame) -> Figure:
    r"""Draw how many times as often groups buy categories as others do; hatched: may be chance.

    The six groups with the most customers and the twelve categories in the most orders are shown.

    Parameters
    ----------
    affinity : DataFrame
        ``segment``, ``category`` (text), ``customers``, ``k`` (int), ``index`` (1 = as often as
        all), ``differs`` (bool) and, where cells are hidden, ``hidden`` (bool); these are dotted.

    Examples
    --------
    >>> affinity = pd.DataFrame({"segment": ["vip", "vip"], "category": ["tea", "jam"],
    ...     "customers": [40, 40], "k": [70, 20], "index": [1.61, .9], "differs": [True, False]})
    >>> [text.get_text() for text in affinity_heatmap(affinity).axes[0].texts]
    ['1.6', '0.9']
    """
    groups = _largest(affinity, "segment", "customers", how="max", most=MOST_GROUPS)
    categories = _largest(affinity, "category", "k", how="sum", most=MOST_CATEGORIES)
    fig, ax = blank(rows=1.6 * len(categories) + 5.5)
    gone = hidden_rows(affinity)
    cells = affinity.assign(gone=gone).set_index(["category", "segment"])
    for (y, category), (x, group) in (
        (r, c) for r in enumerate(categories) for c in enumerate(groups)
    ):
        cell = cells.loc[(category, group)] if (category, group) in cells.index else None
        _draw_affinity(ax, x, y, cell)
    ax.set_xlim(0, len(groups))
    ax.set_ylim(len(categories), 0)
    width = max(46 // len(groups), 8)
    names = [wrap_name(name, width=width, lines=3) for name in groups]
    ax.set_xticks(np.arange(len(groups)) + 0.5, names)
    ax.set_yticks(
        np.arange(len(categories)) + 0.5,
        [wrap_name(name, width=18, lines=1) for name in categories],
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if gone.any():
        ax.set_xlabel(DOTTED)
    _name_colours(ax)
    return fig


@chart
def cross_sell_dots(pairs: pd.DataFrame, *, unit: str = "orders") -> Figure:
    r"""Draw how many times as often pairs are bought together as by chance, with intervals.

    The twelve greatest that were tested are shown; those that may be chance are grey.

    Parameters
    ----------
    pairs : DataFrame
        ``first``, ``second`` (text), ``both`` (int), ``lift``, ``low``, ``high`` (1 = as by
        chance), ``differs`` (bool).
    unit : str
        What `both` counts: ``orders`` or ``customers``.

    Examples
    --------
    >>> pairs = pd.DataFrame({"first": ["jam"], "second": ["tea"], "both": [1889], "lift": [1.6],
    ...                       "low": [1.5], "high": [1.7], "differs": [True]})
    >>> [label.get_text() for label in cross_sell_dots(pairs).axes[0].get_yticklabels()]
    ['Jam + Tea\n1,889 orders']
    """
    order = ["lift", "first", "second"]
    rows = pairs[pairs["low"].notna()].sort_values(order, ascending=[False, True, True])
    rows = rows.head(MOST_PAIRS) if len(rows) else pairs.sort_values(order).head(1)
    fig, ax = blank(rows=1.9 * len(rows) + 3)
    colours = palette()
    for place, row in enumerate(rows.itertuples(index=False)):
        colour = colours.highlight if row.differs and row.lift > 1 else colours.grey
        ax.plot([row.low, row.high], [place, place], color=colour)
        ax.plot([row.lift], [place], marker="o", color=colour)
    ax.axvline(1, color=colours.ink, linewidth=1, linestyle=(0, (3, 2)))
    names = [
        f"{wrap_name(a, lines=1, width=14)} + {wrap_name(b, lines=1, width=14)}\n{count(n)} {unit}"
        for a, b, n in zip(rows["first"], rows["second"], rows["both"], strict=True)
    ]
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    from_zero(ax, [*rows["high"].astype(float), 1.0], direction="x")
    counts(ax.xaxis)
    ax.set_xlabel("Bought together [times as often as by chance]")
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    return fig


@chart
def silhouette_dots(silhouettes: pd.DataFrame) -> Figure:
    """Draw how clear the division into each number of groups is, beside one without groups.

    Parameters
    ----------
    silhouettes : DataFrame
        ``k`` (groups), ``silhouette``, ``reference_low``, ``reference_high`` (of customers made up
        without groups; missing but for the clearest division).

    Examples
    --------
    >>> silhouettes = pd.DataFrame({"k": [2, 3], "silhouette": [.3, .5],
    ...     "reference_low": [float("nan"), .25], "reference_high": [float("nan"), .28]})
    >>> silhouette_dots(silhouettes).axes[0].get_xlabel()
    'Groups looked for'
    """
    rows = silhouettes.sort_values(["k", "silhouette"])
    groups, clear = rows["k"].astype(float), rows["silhouette"].astype(float)
    low, high = (rows[f"reference_{end}"].astype(float) for end in ("low", "high"))
    fig, ax = blank()
    colours = palette()
    ax.plot(groups, clear, color=colours.pale, marker="o")
    if clear.notna().any():
        best = clear.idxmax()
        ax.plot([groups[best]], [clear[best]], marker="o", color=colours.highlight)
        words = f"clearest: {number(clear[best])}"
        _beside(ax, groups[best], clear[best], words, colour=colours.highlight, up=1)
    for place, bottom, top in zip(groups, low, high, strict=True):
        ax.plot([place, place], [bottom, top], color=colours.ink, linewidth=4)
        if np.isfinite(bottom):
            _beside(ax, place, bottom, "made up without groups", colour=colours.ink, up=-1)
    ax.set_xticks(groups[groups.notna()].unique())
    from_zero(ax, [*clear * 1.15, *high * 1.15])
    counts(ax.yaxis)
    ax.set_xlabel("Groups looked for")
    ax.set_ylabel("Silhouette [1 = wholly apart]")
    ax.grid(axis="y")
    return fig


@chart
def cluster_panels(centres: pd.DataFrame, *, currency: str) -> Figure:
    r"""Draw what is typical for each cluster, a panel a measure.

    Parameters
    ----------
    centres : DataFrame
        ``cluster`` (1 is the largest), ``customers`` (int), ``days_between`` (days),
        ``value_per_order`` (money), ``intervals_since_last`` (days since last by days between).
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> centres = pd.DataFrame({"cluster": [1], "customers": [420], "days_between": [21.0],
    ...                         "value_per_order": [35.0], "intervals_since_last": [.8]})
    >>> fig = cluster_panels(centres, currency="EUR")
    >>> [label.get_text() for label in fig.axes[0].get_yticklabels()]
    ['1\n420 customers']
    """
    rows = centres.sort_values(["cluster", "customers"])
    fig, ax = blank(rows=2.1 * len(rows) + 3.5)
    ax.remove()
    panels = fig.subplots(1, len(PANELS), sharey=True)
    for panel, (name, (above, below)) in zip(panels, PANELS.items(), strict=True):
        values = rows[name].astype(float)
        bars = panel.barh(range(len(rows)), values.fillna(0), color=palette().highlight, height=0.6)
        panel.bar_label(bars, [_short(value) for value in values], padding=3)
        unit = currency if name == "value_per_order" else None
        panel.set_title(f"{above}\n{axis_name(below, unit)}")
        from_zero(panel, [value * (1.35 if value > 0 else 1.6) for value in values], direction="x")
        panel.set_xticks([])
        panel.spines["bottom"].set_visible(False)
    names = [
        f"{count(one)}\n{count(n)} customers"
        for one, n in zip(rows["cluster"], rows["customers"], strict=True)
    ]
    panels[0].set_yticks(range(len(rows)), names)
    panels[0].set_ylim(len(rows) - 0.5, -0.5)
    return fig


def _largest(frame: pd.DataFrame, name: str, size: str, *, how: str, most: int) -> list:
    """Return the values of a column with the largest size, largest first, equal ones by name."""
    sizes = frame.groupby(name)[size].agg(how).fillna(0).reset_index()
    return sizes.sort_values([size, name], ascending=[False, True])[name].head(most).tolist()


def _draw_affinity(ax: Axes, x: int, y: int, cell: pd.Series | None) -> None:
    if cell is not None and cell["gone"]:
        dot(ax, (x, y))
        return
    index = float("nan") if cell is None else float(cell["index"])
    found = cell is not None and bool(cell["differs"]) and np.isfinite(index)
    depth = min(max(abs(index - 1) / (DEEPEST - 1), 0.12), 1.0) if found else 0.0
    colours = sequential() if index > 1 else _greys()
    look = {"facecolor": colours(depth)} if found else {"facecolor": "white", "hatch": "////"}
    edge = "white" if found else palette().faint
    ax.add_patch(Rectangle((x, y), 1, 1, edgecolor=edge, linewidth=0.8, **look))
    ink = (ink_on(depth) if index > 1 else palette().ink) if found else palette().grey
    box = None if found else {"facecolor": "white", "edgecolor": "none", "pad": 1}
    words = number(index, 1) if abs(index) < 1000 or index != index else in_short(index)
    ax.text(x + 0.5, y + 0.5, words, ha="center", va="center", color=ink, bbox=box)


def _greys() -> mpl.colors.Colormap:
    ends = [palette().faint, palette().pale]
    return mpl.colors.LinearSegmentedColormap.from_list("greys", ends)


def _name_colours(ax: Axes) -> None:
    named = [
        Patch(facecolor=sequential()(0.7), label="more often"),
        Patch(facecolor=palette().pale, label="less often"),
        Patch(facecolor="white", edgecolor=palette().pale, hatch="////", label="may be chance"),
    ]
    ax.legend(handles=named, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)


def _beside(ax: Axes, x: float, y: float, words: str, *, colour: str, up: int) -> None:
    ax.annotate(
        words,
        (x, y),
        xytext=(7, 6 * up),
        textcoords="offset points",
        va="bottom" if up > 0 else "top",
        color=colour,
        fontweight="bold" if up > 0 else "normal",
    )


def _short(value: float) -> str:
    return number(value, 1) if abs(value) < 10 else in_short(value)
