"""Charts of bridges: from one amount to another, step by step."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero
from regulars.show.figure import blank, chart
from regulars.show.findings import count, share
from regulars.show.labels import axis_name
from regulars.show.style import palette
from regulars.show.text import MISSING, is_missing

__all__ = ["profit_bridge"]

_NAMES = {
    "list_value": "At list price",
    "discounts": "Discounts",
    "spend": "Spend",
    "goods": "Cost of goods",
    "margin": "Margin",
    "contacts": "Contacts",
    "campaigns": "Campaigns",
    "returns": "Handling returns",
    "profit": "Profit",
}
_ROOM = 0.45  # of the longest bar, for the words behind it


@chart
def profit_bridge(bridge: pd.DataFrame, *, currency: str) -> Figure:
    r"""Draw the steps from list value to profit, each where the one before ended.

    Levels begin at zero, and what was taken away hangs between them; so a bridge that does not add
    up would show a gap.

    Parameters
    ----------
    bridge : DataFrame
        From `bridge.profit_bridge`: ``step``, ``kind`` (level, change), ``value`` (money).
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> bridge = pd.DataFrame({"step": ["spend", "goods", "margin"],
    ...                        "kind": ["level", "change", "level"], "value": [100, -60, 40.0]})
    >>> fig = profit_bridge(bridge, currency="EUR")
    >>> [text.get_text().replace("\u00a0", " ") for text in fig.axes[0].texts]
    ['100', '−60 (60 % of spend)', '40 (40 %)']
    """
    order = {step: place for place, step in enumerate(_NAMES)}
    rows = bridge.sort_values("step", key=lambda names: names.map(order), ignore_index=True)
    fig, ax = blank(rows=1.5 * len(rows) + 3)
    colours = palette()
    values = rows["value"].astype(float).fillna(0).to_numpy()
    is_level = (rows["kind"] == "level").to_numpy()
    starts, ends = _places(values, is_level)
    paint = np.where(is_level, colours.pale, colours.grey)
    paint = np.where(rows["step"] == "profit", colours.highlight, paint)
    ax.barh(np.arange(len(rows)), ends - starts, left=starts, height=0.62, color=paint)
    for place in range(len(rows) - 1):
        across = [place, place + 1]
        ax.plot([ends[place]] * 2, across, color=colours.grey, linewidth=1, zorder=0)
    reach = [*starts, *ends]
    longest = max(np.abs(reach).max(), 1.0)
    from_zero(ax, [*reach, max(reach) + _ROOM * longest], direction="x")
    _write(ax, rows, np.maximum(starts, ends))
    ax.set_yticks(range(len(rows)), [_NAMES[step] for step in rows["step"]])
    ax.set_ylim(len(rows) - 0.45, -0.55)
    counts(ax.xaxis)
    ax.set_xlabel(axis_name("Money", currency))
    return fig


def _places(values: np.ndarray, is_level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each bar begins and ends."""
    starts, ends, reached = np.zeros(len(values)), values.copy(), 0.0
    for place, value in enumerate(values):
        if not is_level[place]:
            starts[place], ends[place] = reached, reached + value
        reached = ends[place]
    return starts, ends


def _write(ax: Axes, rows: pd.DataFrame, right: np.ndarray) -> None:
    """Write each value behind its bar, with its share of spend where that can be said."""
    spend = rows.loc[rows["step"] == "spend", "value"].astype(float).sum()
    named = False
    for place, (step, value) in enumerate(zip(rows["step"], rows["value"], strict=True)):
        words = MISSING if is_missing(value) else count(value)
        if step not in ("list_value", "spend") and spend > 0 and not is_missing(value):
            words += f" ({share(abs(value) / spend)}{'' if named else ' of spend'})"
            named = True
        ax.annotate(
            words,
            (max(right[place], 0), place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
