"""Charts of the supervised model: what it needs, and how right it is beside the purchase model."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, shares
from regulars.show.figure import blank, chart
from regulars.show.fonts import drawable
from regulars.show.hidden import hidden_rows
from regulars.show.labels import wrap, wrap_name
from regulars.show.sentences.supervised import feature_name
from regulars.show.style import palette

__all__ = ["chance_calibration", "feature_dots"]

_CHOSEN = "supervised"


@chart
def feature_dots(importance: pd.DataFrame) -> Figure:
    r"""Draw how much worse the model gets once a feature is shuffled, the most important first.

    Features whose interval lies above zero stand out.

    Parameters
    ----------
    importance : DataFrame
        ``feature`` (text), ``importance``, ``low``, ``high`` (log loss a customer).

    Examples
    --------
    >>> found = pd.DataFrame({"feature": ["age", "overdue"], "importance": [.01, .2],
    ...                       "low": [-.01, .15], "high": [.03, .25]})
    >>> [label.get_text() for label in feature_dots(found).axes[0].get_yticklabels()][1]
    'Days since the first\npurchase'
    """
    rows = importance.sort_values("importance", ascending=False, kind="stable")
    fig, ax = blank(rows=1.6 * len(rows) + 3)
    for place, row in enumerate(rows.itertuples()):
        low, value, high = (float(end) for end in (row.low, row.importance, row.high))
        colour = palette().highlight if low > 0 else palette().grey
        ax.plot([low, high], [place, place], color=colour)
        ax.plot([value], [place], marker="o", color=colour)
    ax.axvline(0, color=palette().ink, linewidth=1, linestyle=(0, (3, 2)))
    ax.set_yticks(range(len(rows)), [_row_name(name) for name in rows["feature"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_xlim(*_around_zero(rows))
    counts(ax.xaxis)
    ax.set_xlabel("Log loss added by shuffling [a customer]", loc="right")
    return fig


@chart
def chance_calibration(calibration: pd.DataFrame) -> Figure:
    """Draw who bought against who was said to buy, in tenths, a panel a model.

    On the dashed line, what was said is what happened. Hidden tenths are not drawn.

    Parameters
    ----------
    calibration : DataFrame
        ``name`` (model), ``predicted``, ``bought``, ``low``, ``high`` (0 to 1) and, where tenths
        are hidden, ``hidden`` (bool).

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["mbg_nbd", "supervised"], "predicted": [.1, .1],
    ...                      "bought": [.2, .1], "low": [.1, .05], "high": [.3, .2]})
    >>> [ax.get_title("left") for ax in chance_calibration(rows).axes]
    ['MBG/NBD', 'Supervised']
    """
    names = list(dict.fromkeys(calibration["name"]))
    fig, ax = blank()
    ax.remove()
    panels = fig.subplots(1, len(names), sharex=True, sharey=True, squeeze=False)[0]
    for panel, name in zip(panels, names, strict=True):
        _draw_tenths(panel, calibration[calibration["name"] == name], name)
    panels[0].set_ylabel("Bought [%]")
    return fig


def _draw_tenths(ax: Axes, rows: pd.DataFrame, name: str) -> None:
    shown = rows[~hidden_rows(rows)]
    colour = palette().highlight if name == _CHOSEN else palette().grey
    said, low, high = (shown[column].astype(float) for column in ("predicted", "low", "high"))
    ax.plot([0, 1], [0, 1], color=palette().ink, linewidth=1, linestyle=(0, (3, 2)))
    ax.vlines(said, low, high, color=colour, linewidth=1.2)
    ax.plot(said, shown["bought"].astype(float), color=colour, marker="o", linestyle="none")
    away = len(rows) - len(shown)
    if away:
        ax.text(0.98, 0.02, f"{away} hidden", transform=ax.transAxes, ha="right", va="bottom")
    ax.set_title(wrap_name(name, width=16), color=colour)
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.02, 1.02)
    shares(ax.xaxis)
    shares(ax.yaxis)
    ax.set_xticks([0.2, 0.5, 0.8])
    ax.set_xlabel("Said to buy [%]", loc="right")


def _row_name(name: object) -> str:
    return wrap(drawable(feature_name(str(name))), width=24, lines=2)


def _around_zero(rows: pd.DataFrame) -> tuple[float, float]:
    """Return limits that hold zero and every end that is known."""
    ends = rows[["low", "importance", "high"]].astype(float).to_numpy()
    known = ends[np.isfinite(ends)]
    low, high = min(known.min(initial=0.0), 0.0), max(known.max(initial=0.0), 0.0)
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room
