"""Charts of the ledger: from what came in to what was accepted, step by step."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero
from regulars.show.figure import blank, chart
from regulars.show.findings import count, number, share
from regulars.show.labels import axis_name
from regulars.show.style import palette
from regulars.show.text import MISSING, is_missing

__all__ = ["ledger_waterfall"]

# The order of the steps, and what readers call them.
_STEPS = {
    "in": "Came in",
    "later": "Left for later",
    "unusable": "Unusable",
    "merged": "Merged",
    "accepted": "Accepted",
}
_ENDS = ("in", "accepted")
_ROOM = 0.4  # of the longest bar, for the words behind it


@chart
def ledger_waterfall(steps: pd.DataFrame, *, xlabel: str, currency: str | None = None) -> Figure:
    """Draw the steps from what came in to what was accepted, each where the one before ended.

    The first and the last bar begin at zero, and what was taken away hangs between them; so a
    ledger that does not add up would show a gap.

    Parameters
    ----------
    steps : DataFrame
        ``step`` (in, later, unusable, merged, accepted) and ``value`` (rows or money; what is
        taken away is a positive number too). Steps that are not there are not drawn.
    xlabel : str
        What is counted.
    currency : str, optional
        For money: the currency, which then stands on the axis.

    Examples
    --------
    >>> steps = pd.DataFrame({"step": ["in", "unusable", "merged", "accepted"],
    ...                       "value": [100, 8, 2, 90]})
    >>> fig = ledger_waterfall(steps, xlabel="Rows")
    >>> [text.get_text().replace("\u00a0", " ") for text in fig.axes[0].texts]
    ['100', '−8 (8.0 %)', '−2 (2.0 %)', '90 (90 %)']
    """
    order = {step: place for place, step in enumerate(_STEPS)}
    rows = steps.sort_values("step", key=lambda names: names.map(order), ignore_index=True)
    fig, ax = blank(rows=1.5 * len(rows) + 3)
    starts, ends = _places(rows)
    is_end = rows["step"].isin(_ENDS)
    colours = np.where(rows["step"] == "accepted", palette().highlight, palette().grey)
    colours = np.where(is_end & (rows["step"] == "in"), palette().pale, colours)
    places = np.arange(len(rows))
    ax.barh(places, ends - starts, left=starts, height=0.62, color=colours)
    _join(ax, ends)
    _write(ax, rows, starts, ends)
    ax.set_yticks(places, [_STEPS[step] for step in rows["step"]])
    ax.set_ylim(len(rows) - 0.45, -0.55)
    counts(ax.xaxis)
    ax.set_xlabel(axis_name(xlabel, currency))
    return fig


def _places(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return where each bar begins and ends; a value that is not known draws nothing."""
    values = rows["value"].astype(float).fillna(0).to_numpy()
    is_end = rows["step"].isin(_ENDS).to_numpy()
    left = np.cumsum(np.where(rows["step"] == "in", values, np.where(is_end, 0, -values)))
    starts = np.where(is_end, 0.0, left + values)
    return starts, np.where(is_end, values, left)


def _join(ax: Axes, ends: np.ndarray) -> None:
    """Draw a thin line from each bar's end to the next bar, behind them, for the eye to follow."""
    for place in range(len(ends) - 1):
        span = [place, place + 1]
        ax.plot([ends[place]] * 2, span, color=palette().grey, linewidth=1, zorder=0)


def _write(ax: Axes, rows: pd.DataFrame, starts: np.ndarray, ends: np.ndarray) -> None:
    """Write each value behind its bar, with its share of what came in where that can be said."""
    came = rows.loc[rows["step"] == "in", "value"].astype(float).sum()
    reach = np.concatenate([starts, ends])
    longest = max(np.abs(reach).max(), 1.0)
    from_zero(ax, [*reach, reach.max() + _ROOM * longest], direction="x")
    for place, (step, value) in enumerate(zip(rows["step"], rows["value"], strict=True)):
        ax.annotate(
            _words(step, value, came),
            (max(starts[place], ends[place], 0), place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )


def _words(step: str, value: float, came: float) -> str:
    if is_missing(value):
        return MISSING
    said = _amount(value if step in _ENDS else -value)
    if step == "in" or not came > 0 or not 0 <= value <= came:
        return said
    return f"{said} ({share(value / came)})"


def _amount(value: float) -> str:
    return count(value) if float(value).is_integer() or abs(value) >= 1000 else number(value, 2)
