"""Charts of early warning: how right lists were, which order finds the silent, and reasons."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import from_zero, shares
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.group_looks import group_looks
from regulars.show.hidden import hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.sentences.warning_lists import LISTS, ORDERS
from regulars.show.style import palette
from regulars.small_groups import HIDDEN

__all__ = ["gains_curves", "list_dots", "reason_dots"]

_HIGHLIGHTED = ("warned", "overdue", "new_warning")
_APART = 0.2  # between the two dots of a reason, where the distance of rows is 1


@chart
def list_dots(lists: pd.DataFrame) -> Figure:
    """Draw the share of each list that bought nothing afterwards, with its interval.

    Parameters
    ----------
    lists : DataFrame
        ``list`` (see `warning_lists.LISTS`), ``customers``, ``share``, ``low``, ``high`` (0 to 1;
        missing where hidden) and, where known, ``hidden`` (bool).

    Examples
    --------
    >>> lists = pd.DataFrame({"list": ["warned", "everybody"], "customers": [226, 1599],
    ...                       "share": [.76, .4], "low": [.7, .38], "high": [.81, .42]})
    >>> [label.get_text() for label in list_dots(lists).axes[0].get_yticklabels()]
    ['Warned of (226)', 'All looked at (1,599)']
    """
    fig, ax = blank(rows=1.9 * len(lists) + 3)
    colours, away = palette(), hidden_rows(lists)
    rows = zip(lists["list"], _ends(lists), strict=True)
    for place, (name, ends) in enumerate(rows):
        colour = colours.highlight if name in _HIGHLIGHTED else colours.grey
        _dot(ax, place, ends, colour=colour, is_hidden=away[place])
    sizes = [HIDDEN if gone else count(n) for n, gone in zip(lists["customers"], away, strict=True)]
    names = [
        wrap_name(f"{LISTS.get(name, name)} ({size})")
        for name, size in zip(lists["list"], sizes, strict=True)
    ]
    _rows_named(ax, names)
    from_zero(ax, lists[["share", "high"]].astype(float).to_numpy().ravel(), direction="x")
    shares(ax.xaxis)
    ax.set_xlabel("Bought nothing in the period after [%]")
    return fig


@chart
def reason_dots(reasons: pd.DataFrame) -> Figure:
    """Draw how frequent each reason is among those warned of, and among the others.

    Parameters
    ----------
    reasons : DataFrame
        From `compared.reasons_compared`: ``reason``, ``share``, ``low``, ``high``,
        ``others_share``, ``others_low``, ``others_high`` (0 to 1), ``hidden`` (bool).

    Examples
    --------
    >>> reasons = pd.DataFrame({"reason": ["low_score"], "share": [.24], "low": [.16],
    ...     "high": [.34], "others_share": [.16], "others_low": [.14], "others_high": [.19]})
    >>> [text.get_text() for text in reason_dots(reasons).axes[0].texts]
    ['warned of', 'the others']
    """
    fig, ax = blank(rows=2.4 * len(reasons) + 3.5)
    colours, away = palette(), hidden_rows(reasons)
    sides = {"": (-_APART, colours.highlight), "others_": (_APART, colours.grey)}
    for side, (shift, colour) in sides.items():
        for place, ends in enumerate(_ends(reasons, side)):
            # One word a row says that it is hidden.
            is_hidden = away[place] and not side
            at = place if is_hidden else place + shift
            _dot(ax, at, ends, colour=colour, is_hidden=is_hidden)
    _rows_named(ax, [wrap_name(reason) for reason in reasons["reason"]])
    columns = ["share", "high", "others_share", "others_high"]
    from_zero(ax, reasons[columns].astype(float).to_numpy().ravel(), direction="x")
    shares(ax.xaxis)
    ax.set_xlabel("Has this reason [%]")
    _name_sides(ax)
    return fig


@chart
def gains_curves(gains: pd.DataFrame) -> Figure:
    """Draw which part of the silent is found among the first so many customers of each order.

    Parameters
    ----------
    gains : DataFrame
        From `order.gains`: ``order`` (see `warning_lists.ORDERS`), ``customers_share``,
        ``silent_share`` (0 to 1).

    Examples
    --------
    >>> gains = pd.DataFrame({"order": ["p_value", "p_value"], "customers_share": [0, 1],
    ...                       "silent_share": [0, 1]})
    >>> [text.get_text() for text in gains_curves(gains).axes[0].texts]
    ['by the tests']
    """
    fig, ax = blank()
    ax.plot([0, 1], [0, 1], color=palette().pale, linewidth=1)
    looks = group_looks(list(ORDERS), "p_value")
    orders = [order for order in ORDERS if order in set(gains["order"])]
    for line, order in enumerate(reversed(orders)):
        rows, look = gains[gains["order"] == order], looks[order]
        x, y = (rows[name].astype(float) for name in ("customers_share", "silent_share"))
        ax.plot(x, y, color=look.colour, linestyle=look.dashes, linewidth=look.width)
        # All curves end in one point, so their names stand in the corner no curve goes through.
        words = look.named(ORDERS[order])
        ax.text(0.97, 0.05 + 0.09 * line, words, color=look.colour, ha="right")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    shares(ax.xaxis, nbins=5)
    shares(ax.yaxis, nbins=5)
    ax.set_xlabel("Customers looked at, the first so many [%]")
    ax.set_ylabel("Of all who fell silent [%]")
    return fig


def _ends(rows: pd.DataFrame, side: str = "") -> list[tuple[float, float, float]]:
    columns = [f"{side}{name}" for name in ("low", "share", "high")]
    return [tuple(one) for one in rows[columns].astype(float).to_numpy()]


def _dot(
    ax: Axes, at: float, ends: tuple[float, float, float], *, colour: str, is_hidden: bool
) -> None:
    """Draw a share and its interval; in place of a hidden one the word."""
    low, share, high = ends
    if is_hidden:
        ax.annotate(HIDDEN, (0, at), xytext=(4, 0), textcoords="offset points", va="center")
        return
    if np.isfinite(low) and np.isfinite(high):
        ax.hlines(at, low, high, color=colour, linewidth=1.6)
    ax.plot(share, at, marker="o", markersize=5, color=colour, linestyle="none")


def _rows_named(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)


def _name_sides(ax: Axes) -> None:
    """Write above the drawing which colour is whose."""
    colours = palette()
    for x, words, colour in (
        (0, "warned of", colours.highlight),
        (0.3, "the others", colours.grey),
    ):
        ax.text(x, 1.02, f"{words}", transform=ax.transAxes, color=colour, va="bottom")
