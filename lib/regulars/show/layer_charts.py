"""Charts of layers: which cohorts the spend of each month comes from."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from regulars.show.axes import counts, from_zero, months
from regulars.show.figure import blank, chart
from regulars.show.labels import axis_name, wrap
from regulars.show.style import palette, sequential

__all__ = ["spend_layers"]


@chart
def spend_layers(bands: pd.DataFrame, *, currency: str) -> Figure:
    """Draw the spend of each month in layers, by when the customers first bought.

    What lowers spend hangs below zero. A month that is not over is hatched.

    Parameters
    ----------
    bands : DataFrame
        ``band`` (text), ``since`` (datetime, month of its first cohort; missing for what is no
        cohort), ``month`` (datetime), ``spend`` (money; missing where hidden), ``complete`` (bool).
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> bands = pd.DataFrame({"band": ["1997"], "since": pd.to_datetime(["1997-01-01"]),
    ...     "month": pd.to_datetime(["1997-01-01"]), "spend": [90.0], "complete": [True]})
    >>> spend_layers(bands, currency="USD").axes[0].get_ylabel()
    'Spend [USD per month]'
    """
    fig, ax = blank(rows=15)
    rows = bands.sort_values(["since", "band", "month"]).assign(spend=bands["spend"].astype(float))
    order = sorted(rows["month"].unique())
    names = list(dict.fromkeys(rows["band"]))
    up, down = np.zeros(len(order)), np.zeros(len(order))
    for name, colour in zip(names, _shades(rows, names), strict=True):
        layer = rows[rows["band"] == name].groupby("month").spend.sum().reindex(order).fillna(0)
        values = layer.to_numpy()
        bottom = np.where(values >= 0, up, down)
        ax.bar(range(len(order)), values, bottom=bottom, color=colour, width=0.86, label=name)
        up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
    _hatch_part_months(ax, rows, order)
    months(ax, order)
    from_zero(ax, [*up, *down])
    _finish_layers(ax, currency, below=bool((down < 0).any()))
    return fig


def _shades(rows: pd.DataFrame, names: list[str]) -> list:
    """Return a tint for each cohort, the oldest darkest, and grey for what is no cohort."""
    dated = set(rows.loc[rows["since"].notna(), "band"])
    tints = iter(sequential()(np.linspace(1, 0.15, max(len(dated), 2))))
    return [next(tints) if name in dated else palette().grey for name in names]


def _hatch_part_months(ax: Axes, rows: pd.DataFrame, order: list) -> None:
    part = set(rows.loc[~rows["complete"].astype(bool), "month"])
    for container in ax.containers:
        for month, bar in zip(order, container, strict=True):
            if month in part:
                bar.set(hatch="////", edgecolor="white", linewidth=0)


def _finish_layers(ax: Axes, currency: str, *, below: bool) -> None:
    handles = [Patch(facecolor=c[0].get_facecolor(), label=c.get_label()) for c in ax.containers]
    if any(bar.get_hatch() for bar in ax.patches):
        handles.append(Patch(facecolor="white", hatch="////", label="Month not over"))
    words = {"title": "First purchase in", "alignment": "left", "title_fontsize": 10}
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, **words)
    counts(ax.yaxis)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    if below:
        ax.axhline(0, color=palette().grey, linewidth=0.8)
    ax.set_ylabel(wrap(axis_name("Spend", f"{currency} per month"), width=34))
