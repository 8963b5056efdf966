"""Charts of value: what tiers, classes and grades weigh beside how many they are."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, mark, shares
from regulars.show.figure import blank, chart
from regulars.show.findings import count, share
from regulars.show.hidden import hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.style import palette
from regulars.small_groups import HIDDEN

__all__ = ["importance_bars", "tier_bars", "vip_stability", "whale_curve"]

_TIERS = ("A", "B", "C", "top", "second", "third", "rest")
_CLASSES = ("vip", "potential", "ordinary", "dormant")
_WORDS = {
    "customers_share": "of customers",
    "spend_share": "of spend",
    "share_of_margin": "of margin",
    "predicted_share": "of predicted spend",
    "profit_share": "of profit",
}
_HUMP = 1.005  # below it the curve rises no more above all profit than a reader can see
_HEIGHT = 0.84  # of all bars of a group together; the distance between groups is 1


@chart
def tier_bars(summary: pd.DataFrame) -> Figure:
    r"""Draw each tier's share of customers beside its shares of spend, margin and predicted spend.

    Parameters
    ----------
    summary : DataFrame
        From `tiers.tier_summary`: ``tier``, ``label``, ``customers`` (int), ``customers_share``,
        ``spend_share`` and, where known, ``share_of_margin``, ``predicted_share`` (0 to 1); where
        tiers are hidden, ``hidden`` (bool).

    Examples
    --------
    >>> summary = pd.DataFrame({"tier": ["A", "B"], "label": ["A", "B"], "customers": [20, 80],
    ...                         "customers_share": [.2, .8], "spend_share": [.7, .3]})
    >>> [label.get_text() for label in tier_bars(summary).axes[0].get_yticklabels()]
    ['A\n20 customers', 'B\n80 customers']
    """
    rows = _in_order(summary, "tier", _TIERS)
    names = ["customers_share", "spend_share", "share_of_margin", "predicted_share"]
    return _share_bars(rows, rows["label"].tolist(), names)


@chart
def importance_bars(summary: pd.DataFrame) -> Figure:
    r"""Draw each class of importance: its share of customers, spend, margin and predicted spend.

    Parameters
    ----------
    summary : DataFrame
        From `importance.importance_summary`: ``importance``, and else as in `tier_bars`.

    Examples
    --------
    >>> summary = pd.DataFrame({"importance": ["vip", "dormant"], "customers": [20, 80],
    ...                         "customers_share": [.2, .8], "spend_share": [1.0, 0.0]})
    >>> [label.get_text() for label in importance_bars(summary).axes[0].get_yticklabels()]
    ['VIP\n20 customers', 'Dormant\n80 customers']
    """
    rows = _in_order(summary, "importance", _CLASSES)
    names = ["customers_share", "spend_share", "share_of_margin", "predicted_share"]
    return _share_bars(rows, [wrap_name(one) for one in rows["importance"]], names)


@chart
def whale_curve(curve: pd.DataFrame) -> Figure:
    r"""Draw how profit adds up from the most to the least profitable customer.

    Parameters
    ----------
    curve : DataFrame
        From `bridge.whale_curve`: ``customers_share`` (0 to 1, the most profitable first),
        ``profit_share`` (of all profit).

    Examples
    --------
    >>> curve = pd.DataFrame({"customers_share": [0, .5, 1], "profit_share": [0, 1.2, 1]})
    >>> whale_curve(curve).axes[0].texts[-1].get_text().replace("\u00a0", " ")
    'the best 50 %\nbring 120 %'
    """
    fig, ax = blank()
    colours = palette()
    rows = curve.sort_values("customers_share", ignore_index=True)
    x, y = rows["customers_share"].astype(float), rows["profit_share"].astype(float)
    ax.axhline(1, color=colours.grey, linewidth=1, linestyle=(0, (4, 3)))
    ax.fill_between(x, 1, y, where=y > 1, color=colours.faint, interpolate=True)
    ax.plot(x, y, color=colours.highlight)
    from_zero(ax, [*y, 1])
    ax.set_xlim(0, 1)
    ax.text(0.008, 1, "all profit", color=colours.grey, va="bottom")
    _mark_peak(ax, x, y)
    shares(ax.xaxis, nbins=5)
    shares(ax.yaxis, nbins=5)
    ax.set_xlabel("Customers, most profitable first [%]")
    ax.set_ylabel("Share of all profit [%]")
    return fig


@chart
def vip_stability(draws: pd.DataFrame, *, median: float) -> Figure:
    """Draw which share of the VIPs stays VIP if the criteria are weighted at random.

    Parameters
    ----------
    draws : DataFrame
        `weights.Stability.draws`: ``kept_from``, ``kept_to`` (0 to 1), ``draws`` (weightings).
    median : float
        Of the share kept.

    Examples
    --------
    >>> draws = pd.DataFrame({"kept_from": [.8, .9], "kept_to": [.9, 1], "draws": [300, 700]})
    >>> vip_stability(draws, median=.93).axes[0].get_xlabel()
    'Share of VIPs who stay VIP [%]'
    """
    fig, ax = blank()
    start, end = draws["kept_from"].astype(float), draws["kept_to"].astype(float)
    values = draws["draws"].astype(float).fillna(0)
    ax.bar(
        start,
        values,
        width=end - start,
        align="edge",
        color=palette().highlight,
        edgecolor="white",
    )
    from_zero(ax, values * 1.1)
    # From zero on: how near to all the bars stand is the message.
    ax.set_xlim(0, 1)
    mark(ax, median, f"half keep {share(median)} or more")
    shares(ax.xaxis, nbins=5)
    counts(ax.yaxis)
    ax.grid(axis="y")
    ax.set_xlabel("Share of VIPs who stay VIP [%]")
    ax.set_ylabel("Random weightings")
    return fig


def _in_order(frame: pd.DataFrame, column: str, names: Sequence[str]) -> pd.DataFrame:
    order = {name: place for place, name in enumerate(names)}
    return frame.sort_values(column, key=lambda values: values.map(order), ignore_index=True)


def _share_bars(rows: pd.DataFrame, names: Sequence[str], columns: Sequence[str]) -> Figure:
    """Draw bars of several shares for each row, the first of each kind with its words."""
    there = [name for name in columns if name in rows and rows[name].notna().any()]
    there = there or [columns[0]]
    fig, ax = blank(rows=(0.9 + 0.75 * len(there)) * len(rows) + 1)
    height, away = _HEIGHT / len(there), hidden_rows(rows)
    looks = _looks(there)
    for kind, column in enumerate(there):
        values = rows[column].astype(float)
        places = np.arange(len(rows)) - _HEIGHT / 2 + (kind + 0.5) * height
        bars = ax.barh(places, values.fillna(0), height=0.86 * height, **looks[column])
        words = [HIDDEN if gone else share(one) for one, gone in zip(values, away, strict=True)]
        words[0] = f"{words[0]} {_WORDS[column]}"
        ax.bar_label(bars, words, padding=3)
    sizes = [HIDDEN if gone else count(n) for n, gone in zip(rows["customers"], away, strict=True)]
    ticks = [f"{name}\n{size} customers" for name, size in zip(names, sizes, strict=True)]
    ax.set_yticks(range(len(rows)), ticks)
    ax.set_ylim(len(rows) - 0.45, -0.55)
    _leave_room(ax, rows[there].astype(float).to_numpy().ravel())
    return fig


def _looks(columns: Sequence[str]) -> Mapping[str, dict]:
    """Give the value that the groups are made by the highlight; what is predicted, an outline."""
    colours = palette()
    values = ("profit_share", "share_of_margin", "spend_share")
    made_by = next((name for name in values if name in columns), None)
    looks = {name: {"color": colours.grey} for name in columns}
    looks |= {"customers_share": {"color": colours.pale}, made_by: {"color": colours.highlight}}
    looks["predicted_share"] = {"facecolor": colours.faint, "edgecolor": colours.grey}
    return looks


def _leave_room(ax: Axes, values: np.ndarray) -> None:
    """Leave room for the words at the ends of the bars, and draw where zero is if bars cross it."""
    known = values[np.isfinite(values)]
    high, low = max(known.max(initial=0), 0), min(known.min(initial=0), 0)
    span = (high - low) or 1
    ax.set_xlim(low - (0.22 * span if low < 0 else 0), high + 0.42 * span)
    if low < 0:
        ax.axvline(0, color=palette().grey, linewidth=0.8)
        ax.spines["left"].set_visible(False)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)


def _mark_peak(ax: Axes, x: pd.Series, y: pd.Series) -> None:
    """Mark the highest point, or what the best fifth bring if nobody takes anything away."""
    if not y.notna().any():
        return
    best = float(x[y.idxmax()]) if y.max() > _HUMP else 0.2
    height = float(np.interp(best, x, y))
    ax.plot([best], [height], marker="o", color=palette().highlight)
    right = best > 0.5
    ax.annotate(
        f"the best {share(best)}\nbring {share(height)}",
        (best, height),
        xytext=(-6 if right else 10, -16),
        textcoords="offset points",
        ha="right" if right else "left",
        va="top",
        color=palette().highlight,
        fontweight="bold",
    )
