"""Charts of the customer base: months, tenths of customers, concentration, amounts."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from regulars.show.axes import counts, from_zero, months, shares, under
from regulars.show.figure import blank, chart
from regulars.show.findings import share
from regulars.show.fonts import drawable
from regulars.show.hidden import dot_bars, hidden_rows
from regulars.show.labels import axis_name, in_short, wrap
from regulars.show.style import palette

__all__ = ["amounts_histogram", "decile_bars", "lorenz", "monthly_bars", "new_and_returning"]

_UNFINISHED = "Month not over"


@chart
def monthly_bars(
    frame: pd.DataFrame, *, column: str, ylabel: str, currency: str | None = None
) -> Figure:
    """Draw one measure by month; a month that is not over is hatched.

    Parameters
    ----------
    frame : DataFrame
        ``month`` (datetime, first of the month), `column` (number) and, where known,
        ``complete`` (bool).
    column : str
        The measure to draw.
    ylabel : str
        Its name for readers.
    currency : str, optional
        For money: the currency, which then stands on the axis.

    Examples
    --------
    >>> frame = pd.DataFrame({"month": pd.to_datetime(["1997-01-01"]), "spend": [120.0]})
    >>> fig = monthly_bars(frame, column="spend", ylabel="Spend", currency="USD")
    >>> fig.axes[0].get_ylabel()
    'Spend [USD]'
    """
    fig, ax = blank()
    rows = frame.sort_values("month")
    values = rows[column].astype(float).fillna(0)
    bars = ax.bar(range(len(rows)), values, color=palette().highlight, width=0.8)
    _hatch_unfinished(ax, rows, [bars], named=[])
    _by_month(ax, rows, values)
    ax.set_ylabel(wrap(axis_name(ylabel, currency), width=34))
    return fig


@chart
def new_and_returning(monthly_activity: pd.DataFrame) -> Figure:
    """Draw returning and new customers by month, stacked; an unfinished month is hatched.

    Parameters
    ----------
    monthly_activity : DataFrame
        ``month`` (datetime), ``new``, ``returning`` (customers), ``complete`` (bool) and, where
        months are hidden, ``hidden`` (bool).

    Examples
    --------
    >>> frame = pd.DataFrame({"month": pd.to_datetime(["1997-01-01"]), "new": [781],
    ...                       "returning": [0], "complete": [True]})
    >>> new_and_returning(frame).axes[0].get_ylabel()
    'Customers'
    """
    fig, ax = blank()
    rows = monthly_activity.sort_values("month")
    places = range(len(rows))
    returning, new = rows["returning"].astype(float), rows["new"].astype(float)
    # Returning customers stand on the baseline: their growth is what a reader should see.
    lower = ax.bar(places, returning, color=palette().highlight, width=0.8)
    upper = ax.bar(places, new, bottom=returning, color=palette().pale, width=0.8)
    named = [
        Patch(facecolor=palette().highlight, label="Returning"),
        Patch(facecolor=palette().pale, label="New"),
    ]
    _hatch_unfinished(ax, rows, [lower, upper], named=named)
    _by_month(ax, rows, returning + new)
    dot_bars(ax, np.flatnonzero(hidden_rows(rows)) - 0.4, 0.8)
    ax.set_ylabel("Customers")
    return fig


@chart
def lorenz(lorenz_curve: pd.DataFrame) -> Figure:
    """Draw which share of spend the poorest x % bring, and mark the top tenth.

    Lorenz, M. O. (1905), Methods of measuring the concentration of wealth.

    Parameters
    ----------
    lorenz_curve : DataFrame
        ``customers_share``, ``spend_share`` (0 to 1, those who spend least first).

    Examples
    --------
    >>> curve = pd.DataFrame({"customers_share": [0, .9, 1], "spend_share": [0, .6, 1]})
    >>> lorenz(curve).axes[0].get_xlabel()
    'Customers, lowest spend first [%]'
    """
    fig, ax = blank(rows=13.5)
    colours = palette()
    curve = lorenz_curve.sort_values("customers_share")
    x, y = curve["customers_share"].astype(float), curve["spend_share"].astype(float)
    ax.plot([0, 1], [0, 1], color=colours.grey, linewidth=1, linestyle=(0, (4, 3)))
    ax.fill_between(x, x, y, color=colours.faint)
    ax.plot(x, y, color=colours.highlight)
    ax.text(0.4, 0.43, "if all spent the same", color=colours.grey, ha="right")
    _mark_top_tenth(ax, x, y)
    ax.set_xlim(0, 1)
    ax.set_ylim(min(0.0, y.min()), 1)
    shares(ax.xaxis, nbins=5)
    shares(ax.yaxis, nbins=5)
    ax.set_xlabel("Customers, lowest spend first [%]")
    ax.set_ylabel("Share of spend [%]")
    return fig


@chart
def decile_bars(deciles: pd.DataFrame, *, currency: str | None = None) -> Figure:
    """Draw the share of spend that each tenth of customers brings; the first is highlighted.

    Parameters
    ----------
    deciles : DataFrame
        ``decile`` (1 = highest spend), ``spend_share`` (0 to 1), with a currency ``spend_from``
        (the lowest spend in the tenth) and, where tenths are hidden, ``hidden`` (bool).
    currency : str, optional
        With it, the spend at which each tenth begins stands under its number.

    Examples
    --------
    >>> deciles = pd.DataFrame({"decile": [1, 2], "spend_share": [.7, .3]})
    >>> decile_bars(deciles).axes[0].get_xlabel()
    'Tenths of customers, highest spend first'
    """
    fig, ax = blank()
    colours = palette()
    rows = deciles.sort_values("decile")
    values = rows["spend_share"].astype(float)
    places = np.arange(len(rows))
    paint = [colours.highlight if tenth == 1 else colours.pale for tenth in rows["decile"]]
    bars = ax.bar(places, values.fillna(0), color=paint, width=0.8)
    over = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.bar_label(bars, [share(value) for value in values], padding=3, bbox=over)
    dot_bars(ax, places[hidden_rows(rows)] - 0.4, 0.8)
    equal = 1 / len(rows)
    ax.axhline(equal, color=colours.grey, linewidth=1, linestyle=(0, (4, 3)))
    ax.annotate(
        "if all spent the same",
        (1, equal),
        xycoords=ax.get_yaxis_transform(),
        xytext=(0, 3),
        textcoords="offset points",
        ha="right",
        color=colours.grey,
    )
    ax.set_xticks(places, [f"{tenth:.0f}" for tenth in rows["decile"]])
    ax.set_xlim(-0.6, places[-1] + 0.6)
    if currency:
        begins = [in_short(spend) for spend in rows["spend_from"]]
        under(ax, places, begins, title=drawable(f"from {currency}", width=20))
    from_zero(ax, [*values * 1.04, equal])
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Tenths of customers, highest spend first")
    ax.set_ylabel("Share of spend [%]")
    return fig


@chart
def amounts_histogram(frame: pd.DataFrame, *, currency: str) -> Figure:
    """Draw how many lines have an amount of each size.

    Parameters
    ----------
    frame : DataFrame
        ``amount_from``, ``amount_to`` (money, ends of a bin), ``lines`` (int).
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> frame = pd.DataFrame({"amount_from": [0, 10], "amount_to": [10, 20], "lines": [3, 9]})
    >>> amounts_histogram(frame, currency="USD").axes[0].get_xlabel()
    'Amount of a line [USD]'
    """
    fig, ax = blank()
    start, end = frame["amount_from"].astype(float), frame["amount_to"].astype(float)
    lines = frame["lines"].astype(float)
    ax.bar(
        start, lines, width=end - start, align="edge", color=palette().highlight, edgecolor="white"
    )
    from_zero(ax, lines)
    ax.set_xlim(start.min(), max(end.max(), start.min() + 1))
    counts(ax.xaxis)
    counts(ax.yaxis)
    ax.set_xlabel(axis_name("Amount of a line", currency))
    ax.set_ylabel("Lines")
    return fig


def _mark_top_tenth(ax: Axes, x: pd.Series, y: pd.Series) -> None:
    if not (x.min() <= 0.9 <= x.max() and y.max() > 0):
        return
    below = float(np.interp(0.9, x, y))
    ax.plot([0.9], [below], marker="o", color=palette().highlight)
    ax.annotate(
        f"the top 10\u00a0% bring\n{share(1 - below)} of spend",
        (0.9, below),
        xytext=(-10, 2),
        textcoords="offset points",
        ha="right",
        va="top" if below < 0 else "bottom" if below < 0.2 else "center",
        color=palette().highlight,
        fontweight="bold",
    )


def _hatch_unfinished(
    ax: Axes, frame: pd.DataFrame, bars: list[BarContainer], *, named: list[Patch]
) -> None:
    """Hatch the months that are not over, and say so in the legend if there are any."""
    unfinished = [] if "complete" not in frame else (~frame["complete"].astype(bool)).tolist()
    for container in bars:
        for bar, open_month in zip(container, unfinished, strict=False):
            if open_month:
                bar.set(hatch="////", edgecolor="white", linewidth=0)
    if any(unfinished):
        named = [*named, Patch(facecolor=palette().grey, edgecolor="white", hatch="////")]
        named[-1].set_label(_UNFINISHED)
    if named:
        ax.legend(handles=named, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(named))


def _by_month(ax: Axes, frame: pd.DataFrame, values: pd.Series) -> None:
    months(ax, frame["month"].tolist())
    from_zero(ax, values)
    counts(ax.yaxis)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    if (values < 0).any():
        ax.axhline(0, color=palette().grey, linewidth=0.8)
