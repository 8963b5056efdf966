"""Charts of contracts: how long they last, how many are renewed, what is to come, and drivers."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from regulars.show.axes import from_zero, label_ends, shares, under
from regulars.show.dots import dot_columns, dot_rows, name_rows
from regulars.show.figure import blank, chart
from regulars.show.findings import count, number
from regulars.show.fonts import drawable
from regulars.show.group_looks import Look, group_looks
from regulars.show.hidden import or_few
from regulars.show.labels import wrap, wrap_name
from regulars.show.names import reader_name
from regulars.show.style import palette
from regulars.show.text import MISSING

__all__ = ["contract_curves", "hazard_ratios", "renewal_points", "renewals_ahead"]

_MOST, _MOST_LINES, _MOST_NAMED, _WIDTH = 4, 14, 8, 14


@chart
def contract_curves(curves: pd.DataFrame, *, every: str = "month") -> Figure:
    """Draw which share of each plan's contracts comes through so many renewals, with its band.

    Under the axis stand, plan by plan, the contracts that came to the renewal.

    Parameters
    ----------
    curves : DataFrame
        ``plan``, ``period`` (from 0), ``survived``, ``low``, ``high`` (0 to 1), ``at_risk``
        (contracts); of more than four plans, the largest are drawn.
    every : str
        What a period is called.

    Examples
    --------
    >>> curves = pd.DataFrame({"plan": ["plus"] * 2, "period": [0, 1], "survived": [1, .8],
    ...                        "low": [1, .7], "high": [1, .9], "at_risk": [50, 50]})
    >>> [text.get_text() for text in contract_curves(curves).axes[0].texts]
    ['Plus', '50', '50', 'Plus']
    """
    fig, ax = blank()
    sizes = curves.groupby("plan")["at_risk"].max()
    names = sorted(sizes.index, key=lambda name: (-sizes[name], str(name)))[:_MOST]
    looks, ends = group_looks(names), []
    for name in names:
        rows = curves[curves["plan"] == name].sort_values("period")
        ends.append(_curve(ax, rows, looks[name], name, step="post"))
    drawn = curves[curves["plan"].isin(names)]
    last = int(drawn["period"].max())
    _shares_over_periods(ax, drawn, every)
    _at_risk(ax, drawn, names)
    label_ends(ax, last, ends)
    ax.set_ylabel("Contracts still running [%]")
    return fig


@chart
def renewal_points(rates: pd.DataFrame, *, every: str = "month") -> Figure:
    """Draw which share was renewed at each renewal, with its interval, and the model's line.

    Parameters
    ----------
    rates : DataFrame
        ``period_from``, ``period_to`` (renewals put together), ``due`` (contracts), ``rate``,
        ``low``, ``high``, ``predicted``, ``predicted_low``, ``predicted_high`` (0 to 1; the last
        three missing where no model speaks).
    every : str
        What a period is called.

    Examples
    --------
    >>> rates = pd.DataFrame({"period_from": [1, 2], "period_to": [1, 4], "due": [90, 200],
    ...     "rate": [.8, .9], "low": [.7, .85], "high": [.9, .95], "predicted": [.82, .89],
    ...     "predicted_low": [.8, .87], "predicted_high": [.84, .91]})
    >>> [label.get_text() for label in renewal_points(rates).axes[0].get_xticklabels()]
    ['1', '2–4']
    """
    fig, ax = blank()
    rows = rates.sort_values("period_from").reset_index(drop=True)
    places, ends = np.arange(len(rows)), []
    if rows["predicted"].notna().any():
        low, high = (rows[f"predicted_{end}"].astype(float) for end in ("low", "high"))
        colour = palette().highlight
        ax.fill_between(places, low, high, color=colour, alpha=0.13, linewidth=0)
        ax.plot(places, rows["predicted"].astype(float), color=colour)
        ends.append((float(rows["predicted"].iloc[-1]), "model", colour))
    dot_columns(ax, places, rows, value="rate", colour=palette().ink)
    ends.append((float(rows["rate"].iloc[-1]), "actual", palette().ink))
    known = rows[["low", "high", "predicted_low", "predicted_high"]].to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    lowest = np.floor(10 * known.min(initial=1.0) - 0.5) / 10
    ax.set_ylim(max(lowest, 0.0), known.max(initial=1.0))
    ax.set_xlim(-0.4, max(len(rows) - 0.6, 0.4))
    _name_renewals(ax, rows)
    label_ends(ax, places[-1], ends)
    shares(ax.yaxis)
    ax.set_ylabel("Renewed [%]")
    ax.set_xlabel(f"Renewal after so many {every}s; line: 95 % interval")
    return fig


@chart
def renewals_ahead(ahead: pd.DataFrame, *, every: str = "month") -> Figure:
    """Draw which share of new contracts is expected to come through so many renewals.

    Parameters
    ----------
    ahead : DataFrame
        ``plan``, ``period`` (from 0), ``survived``, ``low``, ``high`` (0 to 1).
    every : str
        What a period is called.

    Examples
    --------
    >>> ahead = pd.DataFrame({"plan": ["all plans"] * 2, "period": [0, 1], "survived": [1, .8],
    ...                       "low": [1, .75], "high": [1, .85]})
    >>> [text.get_text() for text in renewals_ahead(ahead).axes[0].texts]
    ['All plans']
    """
    fig, ax = blank()
    names = list(dict.fromkeys(ahead["plan"]))[:_MOST]
    looks, ends = group_looks(names), []
    for name in names:
        rows = ahead[ahead["plan"] == name].sort_values("period")
        ends.append(_curve(ax, rows, looks[name], name))
    last = int(ahead["period"].max())
    _shares_over_periods(ax, ahead, every)
    label_ends(ax, last, ends)
    ax.set_ylabel("New contracts still running [%]")
    return fig


@chart
def hazard_ratios(ratios: pd.DataFrame) -> Figure:
    """Draw how much likelier contracts end, each with its interval; beyond chance: highlighted.

    Parameters
    ----------
    ratios : DataFrame
        ``driver``, ``level``, ``against`` (the reference), ``hazard_ratio``, ``low``, ``high``
        (above 0), ``p_holm`` (corrected); of many, the fourteen surest are drawn.

    Examples
    --------
    >>> ratios = pd.DataFrame({"driver": ["plan"], "level": ["plus"], "against": ["basic"],
    ...                        "hazard_ratio": [.7], "low": [.5], "high": [.98], "p_holm": [.04]})
    >>> [label.get_text() for label in hazard_ratios(ratios).axes[0].get_yticklabels()]
    ['Plan: plus (basic)']
    """
    rows = ratios.sort_values("p_holm", kind="stable").head(_MOST_LINES)
    rows = rows.sort_values(["driver", "hazard_ratio"], ignore_index=True)
    fig, ax = blank(rows=1.5 * len(rows) + 4)
    paints = [palette().highlight if p < 0.05 else palette().grey for p in rows["p_holm"]]
    dot_rows(ax, np.arange(len(rows)), rows, value="hazard_ratio", colours=paints)
    ax.axvline(1, color=palette().ink, linewidth=0.8)
    names = [f"{reader_name(row.driver)}: {row.level} ({row.against})" for row in rows.itertuples()]
    name_rows(ax, [wrap(drawable(name), width=30) for name in names])
    ax.grid(axis="x")
    _ratio_axis(ax, rows)
    ax.set_xlabel(
        "Times the chance to end at a renewal\n(against what stands in brackets)", loc="right"
    )
    return fig


def _curve(
    ax: Axes, rows: pd.DataFrame, look: Look, name: str, *, step: str | None = None
) -> tuple[float, str, str]:
    """Draw a curve and its band, and return where its name stands."""
    period, value = rows["period"].astype(float), rows["survived"].astype(float)
    low, high = rows["low"].astype(float), rows["high"].astype(float)
    ax.fill_between(period, low, high, step=step, color=look.colour, alpha=0.13, linewidth=0)
    line = {"color": look.colour, "linestyle": look.dashes, "linewidth": look.width}
    ax.plot(period, value, drawstyle="steps-post" if step else "default", **line)
    return float(value.iloc[-1]), look.named(wrap_name(name, width=_WIDTH)), look.colour


def _shares_over_periods(ax: Axes, curves: pd.DataFrame, every: str) -> None:
    last = int(curves["period"].max())
    ax.set_xlim(0, max(last, 1))
    step = next((one for one in (1, 2, 3, 6, 12, 24, 60) if last <= 6 * one), 120)
    ax.set_xticks(range(0, last + 1, step))
    from_zero(ax, [1.0, *curves["high"].astype(float)])
    shares(ax.yaxis)
    ax.set_xlabel(f"Whole {every}s since the contract began")


def _at_risk(ax: Axes, curves: pd.DataFrame, names: list[str]) -> None:
    """Write a row of numbers a plan under the axis, and the plan's name before it."""
    size = mpl.rcParams["figure.labelsize"]
    across = blended_transform_factory(ax.transData, ax.transAxes)
    look = {"va": "top", "color": palette().grey, "fontsize": size, "annotation_clip": False}
    for place, name in enumerate(names):
        watched = curves[curves["plan"] == name].set_index("period")["at_risk"]
        down = -20 - 1.35 * size * place
        words = wrap_name(name, width=_WIDTH, lines=1)
        ax.annotate(
            words, (0, 0), (-22, down), "axes fraction", "offset points", ha="right", **look
        )
        for tick in ax.get_xticks():
            n = watched.get(int(tick))
            words = MISSING if n is None else or_few(n, count(n))
            ax.annotate(words, (tick, 0), (0, down), across, "offset points", ha="center", **look)
    ax.xaxis.labelpad += 1.35 * size * len(names)


def _name_renewals(ax: Axes, rows: pd.DataFrame) -> None:
    """Name at most eight renewals, the first one among them, and how many contracts came to it."""
    step = -(-len(rows) // _MOST_NAMED)
    ends = rows[["period_from", "period_to"]].iloc[::step].map(count)
    alike = ends["period_from"] == ends["period_to"]
    names = ends["period_from"].where(alike, ends["period_from"] + "–" + ends["period_to"])
    ax.set_xticks(list(names.index), list(names))
    due = rows["due"].iloc[::step]
    under(ax, list(due.index), [or_few(n, count(n)) for n in due], title="came to it")


def _ratio_axis(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw ratios on a log scale, one half as far from one as twice."""
    ends = rows[["low", "high"]].astype(float).to_numpy()
    reach = float(np.exp(np.abs(np.log(ends[np.isfinite(ends) & (ends > 0)])).max(initial=0.1)))
    reach = min(1.08 * reach, 20.0)
    ax.set_xscale("log")
    ax.set_xlim(1 / reach, reach)
    ticks = [one for one in (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10, 20) if 1 / reach <= one <= reach]
    ax.set_xticks(ticks, [f"{one:g}" if one < 1 else number(one, 0) for one in ticks])
    ax.set_xticks([], minor=True)
