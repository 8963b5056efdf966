"""Charts of waiting: how soon groups of customers buy again, a curve each."""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from regulars.show.axes import from_zero, label_ends, shares
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.group_looks import Look, group_looks
from regulars.show.hidden import or_few
from regulars.show.labels import wrap_name
from regulars.show.style import palette
from regulars.show.text import is_missing

__all__ = ["waiting_curves"]

_MOST = 4
_TICK_STEPS = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730)
_WIDTH = 14  # letters of a group's name


@chart
def waiting_curves(curves: pd.DataFrame, *, soonest: str | None = None) -> Figure:
    """Draw the share of each group who bought again by days since the first purchase.

    Each curve has its 95 % band, and under the axis the customers still waiting and watched. All
    end where the first of them does. The dashes before a name are those of its curve.

    Parameters
    ----------
    curves : DataFrame
        ``group``, ``day`` (int), ``share``, ``low``, ``high`` (0 to 1), ``at_risk`` (customers);
        of more than four groups, the largest are drawn.
    soonest : str, optional
        The group that is highlighted, as it is ahead of all others beyond chance. The highest curve
        may be so by chance, and is not singled out.

    Examples
    --------
    >>> curves = pd.DataFrame({"group": ["app", "app", "web", "web"], "day": [0, 90] * 2,
    ...                        "share": [0, .5, 0, .4], "low": [0, .45, 0, .36],
    ...                        "high": [0, .55, 0, .44], "at_risk": [800, 400, 900, 540]})
    >>> ax = waiting_curves(curves).axes[0]
    >>> [text.get_text() for text in ax.texts][:2]
    ['– – Web', '– · App']
    """
    fig, ax = blank()
    groups = _largest(curves)
    last = float(min(rows["day"].max() for rows in groups.values()))
    seen = {name: rows[rows["day"] <= last] for name, rows in groups.items()}
    looks = group_looks(list(seen), soonest)
    ends = []
    for name, rows in seen.items():
        _draw(ax, rows, looks[name])
        words = looks[name].named(wrap_name(name, width=_WIDTH))
        ends.append((float(rows["share"].iloc[-1]), words, looks[name].colour))
    ax.set_xlim(0, max(last, 1))
    drawn = pd.concat(seen.values())
    from_zero(ax, [*drawn["share"].astype(float), *drawn["high"].astype(float)])
    label_ends(ax, max(last, 1), ends)
    _at_risk(ax, seen, _ticks(last))
    shares(ax.yaxis)
    ax.set_ylabel("Bought again [%]")
    ax.set_xlabel("Days since the first purchase; numbers: still waiting and watched")
    return fig


def _largest(curves: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of the largest groups, the largest first."""
    rows = curves.sort_values(["group", "day"]).astype({"share": float})
    sizes = rows.groupby("group")["at_risk"].max().fillna(0).sort_values(ascending=False)
    order = sorted(sizes.index, key=lambda name: (-sizes[name], str(name)))
    return {name: rows[rows["group"] == name] for name in order[:_MOST]}


def _draw(ax: Axes, rows: pd.DataFrame, look: Look) -> None:
    day, low, high = (rows[name].astype(float) for name in ("day", "low", "high"))
    ax.fill_between(day, low, high, step="post", color=look.colour, alpha=0.13, linewidth=0)
    line = {"color": look.colour, "linestyle": look.dashes, "linewidth": look.width}
    ax.step(day, rows["share"], where="post", **line)


def _at_risk(ax: Axes, groups: dict[str, pd.DataFrame], ticks: list[int]) -> None:
    """Write a row of numbers a group under the axis, and the group's name before it."""
    ax.set_xticks(ticks)
    size = mpl.rcParams["figure.labelsize"]
    across = blended_transform_factory(ax.transData, ax.transAxes)
    look = {"va": "top", "color": palette().grey, "fontsize": size, "annotation_clip": False}
    for place, (name, rows) in enumerate(groups.items()):
        down = -20 - 1.35 * size * place
        words = wrap_name(name, width=_WIDTH, lines=1)
        ax.annotate(
            words, (0, 0), (-22, down), "axes fraction", "offset points", ha="right", **look
        )
        for tick in ticks:
            at = rows.loc[rows["day"] >= tick, "at_risk"].iloc[0]
            number = count(at) if is_missing(at) else or_few(at, count(at))
            ax.annotate(number, (tick, 0), (0, down), across, "offset points", ha="center", **look)
    ax.xaxis.labelpad += 1.35 * size * len(groups)


def _ticks(last: float) -> list[int]:
    """Return about five ticks at whole weeks, months or years, none after the last day."""
    step = next((step for step in _TICK_STEPS if last <= 6 * step), 1460)
    return list(range(0, int(last) + 1, step))
