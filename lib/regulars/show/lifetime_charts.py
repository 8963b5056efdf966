"""Charts of lifetime value: who holds it, what it hangs on, and what a new customer brings."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, mark, shares
from regulars.show.dots import dot_rows, name_rows
from regulars.show.figure import blank, chart
from regulars.show.findings import days, name, share
from regulars.show.hidden import hidden_rows
from regulars.show.labels import axis_name, wrap_name
from regulars.show.style import palette
from regulars.show.text import is_missing

__all__ = ["newcomer_curve", "value_dots", "value_moves", "value_tenths"]

_ROOM = 1.3  # of the longest interval, for the words at its end


@chart
def value_tenths(tenths: pd.DataFrame) -> Figure:
    """Draw the share of all lifetime value that each tenth of the customers holds.

    Parameters
    ----------
    tenths : DataFrame
        From `book.value_deciles`: ``decile`` (1 is the most valuable tenth), ``value_share`` (0 to
        1).

    Examples
    --------
    >>> tenths = pd.DataFrame({"decile": [1, 2], "value_share": [.8, .2]})
    >>> [float(bar.get_height()) for bar in value_tenths(tenths).axes[0].patches]
    [0.8, 0.2]
    """
    fig, ax = blank()
    rows = tenths.sort_values("decile", ignore_index=True)
    values = rows["value_share"].astype(float)
    colours = [palette().highlight if tenth == 1 else palette().pale for tenth in rows["decile"]]
    bars = ax.bar(range(len(rows)), values.fillna(0), color=colours, width=0.8)
    ax.bar_label(bars, [share(one) for one in values], padding=2)
    from_zero(ax, [1.05 * one for one in values])
    shares(ax.yaxis)
    ax.grid(axis="y")
    ax.set_xticks(range(len(rows)), [f"{tenth:.0f}" for tenth in rows["decile"]])
    ax.set_xlabel("Tenth of customers, the most valuable first")
    ax.set_ylabel("Share of all value [%]")
    return fig


@chart
def value_dots(groups: pd.DataFrame, *, by: str, what: str, currency: str) -> Figure:
    r"""Draw the lifetime value of each group with its interval, and its share of all.

    Parameters
    ----------
    groups : DataFrame
        From `book.value_by_group`: the column `by`, ``value``, ``low``, ``high`` (money),
        ``value_share`` (0 to 1) and, where groups are hidden, ``hidden`` (bool).
    by : str
        The column that names the groups.
    what : str
        What is counted, such as margin.
    currency : str
        Of the money.

    Examples
    --------
    >>> groups = pd.DataFrame({"segment": ["loyal", "new"], "value": [600.0, 400.0],
    ...                        "low": [500, 300], "high": [700, 500], "value_share": [.6, .4]})
    >>> ax = value_dots(groups, by="segment", what="margin", currency="EUR").axes[0]
    >>> [text.get_text().replace("\u00a0", " ") for text in ax.texts]
    ['60 %', '40 %']
    """
    rows = groups.sort_values("value", ascending=False, ignore_index=True, na_position="last")
    fig, ax = blank(rows=1.1 * len(rows) + 2)
    places, away = np.arange(len(rows)), hidden_rows(rows)
    value, high = rows["value"].astype(float), rows["high"].astype(float)
    paints = [palette().highlight] * len(rows)
    dot_rows(ax, places, rows, value="value", colours=paints, hidden=away)
    from_zero(ax, [*(_ROOM * high), *value], direction="x")
    for place in places[~away]:
        end = high[place] if np.isfinite(high[place]) else value[place]
        _beside(ax, end, place, share(rows["value_share"][place]))
    name_rows(ax, [wrap_name(one, width=20) for one in rows[by]])
    counts(ax.xaxis)
    ax.grid(axis="x")
    words = axis_name(f"Lifetime value, {what}", currency)
    ax.set_xlabel(f"{words}\n(line: 95 % interval)", loc="right")
    return fig


@chart
def value_moves(moves: pd.DataFrame) -> Figure:
    """Draw where the value of the base goes if one assumption is changed.

    Parameters
    ----------
    moves : DataFrame
        From `sensitivity.value_moves`: ``what`` (discount, margin, model), ``change`` (text),
        ``share`` (of the value as it stands).

    Examples
    --------
    >>> moves = pd.DataFrame({"assumption": ["discount", "model"], "changed_to": ["0", "bg_nbd"],
    ...                       "share": [1.2, .9]})
    >>> [label.get_text() for label in value_moves(moves).axes[0].get_yticklabels()]
    ['No discount', 'By BG/NBD']
    """
    fig, ax = blank(rows=1.2 * len(moves) + 2)
    rows = moves.reset_index(drop=True)
    places, values = np.arange(len(rows)), rows["share"].astype(float) - 1
    ax.axvline(0, color=palette().ink, linewidth=1)
    ax.barh(places, values.fillna(0), height=0.55, color=palette().highlight)
    span = 1.7 * max([abs(one) for one in values if np.isfinite(one)] or [1]) or 1.0
    ax.set_xlim(-span, span)
    for place in places:
        _beside(ax, float(values[place]), place, _signed(values[place]))
    name_rows(ax, [_change(row) for _, row in rows.iterrows()])
    shares(ax.xaxis)
    ax.set_xlabel("Change of the value of the base [%]")
    return fig


@chart
def newcomer_curve(curve: pd.DataFrame, *, what: str, currency: str, payback_days: int) -> Figure:
    r"""Draw what a new customer has brought by each day, with its interval.

    Parameters
    ----------
    curve : DataFrame
        From `newcomers.newcomer_curve`: ``day``, ``value``, ``low``, ``high`` (money).
    what : str
        What is counted, such as margin.
    currency : str
        Of the money.
    payback_days : int
        The day that is marked.

    Examples
    --------
    >>> curve = pd.DataFrame({"day": [0, 400], "value": [30.0, 90.0], "low": [28, 80],
    ...                       "high": [32, 100]})
    >>> ax = newcomer_curve(curve, what="margin", currency="EUR", payback_days=365).axes[0]
    >>> ax.texts[0].get_text().replace("\u00a0", " ")
    'payback: 365 days'
    """
    fig, ax = blank()
    rows = curve.sort_values("day", ignore_index=True)
    day, value, low, high = (rows[one].astype(float) for one in ("day", "value", "low", "high"))
    ax.fill_between(day, low, high, color=palette().highlight, alpha=0.15, linewidth=0)
    ax.plot(day, value, color=palette().highlight)
    from_zero(ax, [*value, *high])
    ax.set_xlim(0, max(float(day.max()), 1))
    mark(ax, payback_days, f"payback: {days(payback_days)}")
    counts(ax.yaxis)
    ax.grid(axis="y")
    ax.set_xlabel("Days since the first purchase; band: 95 % interval")
    ax.set_ylabel(axis_name(f"Brought so far, {what}", currency))
    return fig


def _beside(ax: Axes, x: float, y: float, words: str) -> None:
    """Write words beyond the end of a bar or a line."""
    if is_missing(x) or not np.isfinite(x):
        return
    left = x < 0
    ax.annotate(
        words,
        (x, y),
        xytext=(-5 if left else 5, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
    )


def _change(row: Mapping) -> str:
    """Name a changed assumption."""
    change = str(row["changed_to"])
    if row["assumption"] == "model":
        return f"By {name(change)}"
    if row["assumption"] == "margin":
        return f"Value of a purchase × {change}"
    return "No discount" if float(change) == 0 else f"Discount {share(float(change))} a year"


def _signed(change: float) -> str:
    """Write a change with its sign, also above zero."""
    return f"+{share(change)}" if change > 0 else share(change)
