"""Charts of the contest: how probable what came was, who was ranked first, and week by week."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, label_ends, mark, shares
from regulars.show.figure import blank, chart
from regulars.show.labels import wrap_name
from regulars.show.model_lines import colour_of, model_line
from regulars.show.style import palette

__all__ = ["log_score_dots", "ranking_curves", "tracking_weeks"]

_HALF = 0.5  # of the customers: beyond it hardly a purchase is left to gain


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
    value, low, high = (
        rows[name].astype(float).to_numpy() for name in ("gain", "gain_low", "gain_high")
    )
    ax.hlines(places, low, high, color=paints, linewidth=1.6)
    ax.scatter(value, places, s=30, color=paints, zorder=3)
    ax.axvline(0, color=palette().ink, linewidth=1, linestyle=(0, (3, 2)))
    ax.set_yticks(places, [wrap_name(name) for name in rows["name"]])
    ax.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    from_zero(ax, [*value, *low, *high], direction="x")
    counts(ax.xaxis)
    ax.grid(axis="x")
    ax.set_xlabel("Log score less that of the best plain forecast\n[per customer]", loc="right")
    return fig


@chart
def ranking_curves(gains: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw which share of the purchase days came from the customers of whom most was expected.

    Parameters
    ----------
    gains : DataFrame
        ``name`` (text), ``customers_share`` and ``purchases_share`` (0 to 1).
    speaks : str, optional
        The model that is highlighted.

    Examples
    --------
    >>> gains = pd.DataFrame({"name": ["mbg_nbd"] * 3, "customers_share": [0, .1, .5],
    ...                       "purchases_share": [0, .4, .9]})
    >>> [text.get_text() for text in ranking_curves(gains).axes[0].texts]
    ['by chance', 'MBG/NBD']
    """
    fig, ax = blank()
    rows = gains[gains["customers_share"] <= _HALF + 1e-9]
    ax.plot([0, _HALF], [0, _HALF], color=palette().pale, linewidth=1.2)
    ends = [(_HALF, "by chance", palette().grey)]
    for name, line in rows.groupby("name", sort=True):
        shown = line.sort_values("customers_share")
        x, y = shown["customers_share"], shown["purchases_share"]
        colour = model_line(ax, x, y, name=name, speaks=speaks)
        ends.append((float(y.astype(float).iloc[-1]), wrap_name(name, width=18), colour))
    ax.set_xlim(0, _HALF)
    from_zero(ax, [1.0])
    label_ends(ax, _HALF, ends)
    shares(ax.xaxis)
    shares(ax.yaxis)
    ax.set_xlabel("Customers, those of whom most was expected first")
    ax.set_ylabel("Share of the purchase days\nin the held-out period")
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
    rows = weeks.sort_values("week")
    week = rows["week"].astype(float)
    models = [name for name in rows if name not in ("week", "day", "actual", "part")]
    ax.plot(week, rows["actual"].astype(float), color=palette().ink, linewidth=1)
    ends = [(float(rows["actual"].iloc[-1]), "actual", palette().ink)]
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
    ax.set_ylabel("Repeat purchase days\n[a week]")
    return fig
