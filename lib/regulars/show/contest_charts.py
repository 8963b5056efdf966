"""Charts of the contest: how probable what came was, who was ranked first, and week by week."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, label_ends, mark, shares
from regulars.show.dots import dot_rows, name_rows
from regulars.show.figure import blank, chart
from regulars.show.labels import wrap_name
from regulars.show.model_lines import colour_of, model_line
from regulars.show.sentences.warning_lists import ORDERS
from regulars.show.style import palette

__all__ = ["gains_curves", "log_score_dots", "tracking", "tracking_weeks"]

_HALF = 0.5  # of the customers: beyond it hardly anything is left to gain
_REACHED = {
    "purchases_share": (
        "Customers, those of whom most was expected first [%]",
        "Of the purchase days\nin the held-out period [%]",
    ),
    "silent_share": ("Customers looked at, the first so many [%]", "Of all who fell silent [%]"),
}


@chart
def log_score_dots(contest: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw the log score of each forecast against the best plain one, with 95 % intervals.

    Parameters
    ----------
    contest : DataFrame
        ``name`` (text), ``gain`` (log score per customer over the best plain forecast's), and
        ``gain_low``, ``gain_high``; rows without a gain are not drawn.
    speaks : str, optional
        The model that is highlighted.

    Examples
    --------
    >>> contest = pd.DataFrame({"name": ["always_zero", "all_alike", "mbg_nbd"],
    ...     "gain": [None, -.09, .08], "gain_low": [None, -.13, .05],
    ...     "gain_high": [None, -.06, .11]})
    >>> fig = log_score_dots(contest, speaks="mbg_nbd")
    >>> [label.get_text() for label in fig.axes[0].get_yticklabels()]
    ['MBG/NBD', 'All customers alike']
    """
    rows = contest[contest["gain"].notna()].sort_values("gain", ascending=False, kind="stable")
    fig, ax = blank(rows=1.5 * len(rows) + 3.5)
    places = np.arange(len(rows))
    paints = [colour_of(name, speaks) for name in rows["name"]]
    ends = ("gain_low", "gain_high")
    dot_rows(ax, places, rows, value="gain", ends=ends, colours=paints)
    ax.axvline(0, color=palette().ink, linewidth=1, linestyle=(0, (3, 2)))
    name_rows(ax, [wrap_name(name) for name in rows["name"]])
    from_zero(ax, rows[["gain", *ends]].to_numpy(float).ravel(), direction="x")
    counts(ax.xaxis)
    ax.grid(axis="x")
    ax.set_xlabel("Log score less that of the best plain forecast\n[per customer]", loc="right")
    return fig


@chart
def gains_curves(gains: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw which share of what came is from the first so many customers of each order.

    Parameters
    ----------
    gains : DataFrame
        ``name`` (of a forecast, or of an order in `warning_lists.ORDERS`), ``customers_share`` and
        ``purchases_share`` or ``silent_share`` (0 to 1).
    speaks : str, optional
        The order that is highlighted.

    Examples
    --------
    >>> gains = pd.DataFrame({"name": ["mbg_nbd"] * 3, "customers_share": [0, .1, .5],
    ...                       "purchases_share": [0, .4, .9]})
    >>> [text.get_text() for text in gains_curves(gains).axes[0].texts]
    ['by chance', 'MBG/NBD']
    """
    fig, ax = blank()
    share = next(name for name in _REACHED if name in gains)
    rows = gains[gains["customers_share"] <= _HALF + 1e-9]
    ax.plot([0, _HALF], [0, _HALF], color=palette().pale, linewidth=1.2)
    ends = [(_HALF, "by chance", palette().grey)]
    for name, line in rows.groupby("name", sort=True):
        shown = line.sort_values("customers_share")
        x, y = shown["customers_share"], shown[share].astype(float)
        colour = model_line(ax, x, y, name=name, speaks=speaks)
        words = ORDERS.get(name) or wrap_name(name, width=18)
        ends.append((float(y.iloc[-1]), words, colour))
    ax.set_xlim(0, _HALF)
    from_zero(ax, [1 / 1.08, *rows[share].astype(float) / 1.08])
    label_ends(ax, _HALF, ends)
    shares(ax.xaxis)
    shares(ax.yaxis)
    first, came = _REACHED[share]
    ax.set_xlabel(first)
    ax.set_ylabel(came)
    return fig


@chart
def tracking(tracking: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw the cumulative repeat purchase days by week against what the models expect.

    Parameters
    ----------
    tracking : DataFrame
        ``week`` (1, 2, …), ``actual`` and one column per model (cumulative repeat purchase days),
        ``part`` (``calibration`` or ``holdout``).
    speaks : str, optional
        The model that is highlighted.

    Examples
    --------
    >>> rows = pd.DataFrame({"week": [1, 2], "actual": [5, 9], "bg_nbd": [4, 8],
    ...                      "mbg_nbd": [4, 9], "part": ["calibration", "holdout"]})
    >>> [text.get_text() for text in tracking(rows).axes[0].texts][1:]
    ['BG/NBD', 'MBG/NBD', 'actual']
    """
    fig, ax = blank()
    _by_week(ax, tracking, speaks, width=1.5)
    ax.set_ylabel("Repeat purchase days\n[cumulative]")
    return fig


@chart
def tracking_weeks(weeks: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw the repeat purchase days in each week against what the models expect.

    Parameters
    ----------
    weeks : DataFrame
        ``week`` (1, 2, …), ``actual`` and one column per model (repeat purchase days in the week),
        ``part`` (``calibration`` or ``holdout``).
    speaks : str, optional
        The model that is highlighted.

    Examples
    --------
    >>> weeks = pd.DataFrame({"week": [1, 2], "actual": [5, 4], "mbg_nbd": [4, 5],
    ...                       "part": ["calibration", "holdout"]})
    >>> [text.get_text() for text in tracking_weeks(weeks).axes[0].texts][1:]
    ['actual', 'MBG/NBD']
    """
    fig, ax = blank()
    _by_week(ax, weeks, speaks, width=1)
    ax.set_ylabel("Repeat purchase days\n[a week]")
    return fig


def _by_week(ax: Axes, frame: pd.DataFrame, speaks: str | None, *, width: float) -> None:
    """Draw what came and what the models expect by week, and where fitting ended."""
    rows = frame.sort_values("week")
    week, ink = rows["week"].astype(float), palette().ink
    models = [name for name in rows if name not in ("week", "day", "actual", "part")]
    ax.plot(week, rows["actual"].astype(float), color=ink, linewidth=width)
    ends = [(float(rows["actual"].iloc[-1]), "actual", ink)]
    for name in models:
        colour = model_line(ax, week, rows[name], name=name, speaks=speaks)
        ends.append((float(rows[name].iloc[-1]), wrap_name(name, width=18), colour))
    from_zero(ax, rows[["actual", *models]].to_numpy(dtype=float).ravel())
    ax.set_xlim(0, max(week.max(), 1))
    fitted = week[rows["part"] == "calibration"]
    if not fitted.empty:
        mark(ax, fitted.max(), "fitted up to here")
    label_ends(ax, week.iloc[-1], ends)
    counts(ax.xaxis)
    counts(ax.yaxis)
    ax.set_xlabel("Weeks since the first purchase of all")
