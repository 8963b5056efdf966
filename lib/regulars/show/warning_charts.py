"""Charts of early warning: how right lists were, and reasons."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import from_zero, shares
from regulars.show.dots import dot_rows, name_rows
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.hidden import hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.sentences.warning_lists import LISTS
from regulars.show.style import palette

__all__ = ["list_dots", "reason_dots"]

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
    bright, grey, away = palette().highlight, palette().grey, hidden_rows(lists)
    paints = [bright if name in _HIGHLIGHTED else grey for name in lists["list"]]
    dot_rows(ax, np.arange(len(lists)), lists, value="share", colours=paints, hidden=away)
    rows = zip(lists["list"], lists["customers"], away, strict=True)
    name_rows(ax, [_list_name(name, n, is_hidden=gone) for name, n, gone in rows])
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
    places, away = np.arange(len(reasons)), hidden_rows(reasons)
    sides = {"": (-_APART, palette().highlight), "others_": (_APART, palette().grey)}
    for side, (shift, colour) in sides.items():
        value, ends = f"{side}share", (f"{side}low", f"{side}high")
        paints = [colour] * len(reasons)
        at = places + np.where(away, 0, shift)
        # One word a row says that it is hidden.
        words = away if not side else None
        dot_rows(ax, at, reasons, value=value, ends=ends, colours=paints, hidden=words)
    name_rows(ax, [wrap_name(reason) for reason in reasons["reason"]])
    columns = ["share", "high", "others_share", "others_high"]
    from_zero(ax, reasons[columns].astype(float).to_numpy().ravel(), direction="x")
    shares(ax.xaxis)
    ax.set_xlabel("Has this reason [%]")
    _name_sides(ax)
    return fig


def _list_name(name: str, n: float, *, is_hidden: bool) -> str:
    """Name a list and its size, unless the word in its row says that it is hidden."""
    return wrap_name(LISTS.get(name, name) + ("" if is_hidden else f" ({count(n)})"))


def _name_sides(ax: Axes) -> None:
    """Write above the drawing which colour is whose."""
    colours = palette()
    for x, words, colour in (
        (0, "warned of", colours.highlight),
        (0.3, "the others", colours.grey),
    ):
        ax.text(x, 1.02, words, transform=ax.transAxes, color=colour, va="bottom")
