"""Charts of the supervised model: what it needs."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from regulars.show.axes import counts
from regulars.show.dots import dot_rows, name_rows
from regulars.show.figure import blank, chart
from regulars.show.fonts import drawable
from regulars.show.labels import wrap
from regulars.show.sentences.supervised import feature_name
from regulars.show.style import palette

__all__ = ["feature_dots"]


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
    paints = [palette().highlight if low > 0 else palette().grey for low in rows["low"]]
    dot_rows(ax, np.arange(len(rows)), rows, value="importance", colours=paints)
    ax.axvline(0, color=palette().ink, linewidth=1, linestyle=(0, (3, 2)))
    name_rows(ax, [_row_name(name) for name in rows["feature"]])
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    ax.set_xlim(*_around_zero(rows))
    counts(ax.xaxis)
    ax.set_xlabel("Log loss added by shuffling [a customer]", loc="right")
    return fig


def _row_name(name: object) -> str:
    return wrap(drawable(feature_name(str(name))), width=24, lines=2)


def _around_zero(rows: pd.DataFrame) -> tuple[float, float]:
    """Return limits that hold zero and every end that is known."""
    ends = rows[["low", "importance", "high"]].astype(float).to_numpy()
    known = ends[np.isfinite(ends)]
    low, high = min(known.min(initial=0.0), 0.0), max(known.max(initial=0.0), 0.0)
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room
