"""Charts of coming back: the share who bought again, and the days between purchases."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, mark, shares, under
from regulars.show.figure import blank, chart
from regulars.show.findings import count, share
from regulars.show.hidden import or_few
from regulars.show.style import palette

__all__ = ["gap_histogram", "repurchase_curve"]

_WEEK = 7
_TICK_STEPS = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730)


@chart
def repurchase_curve(curve: pd.DataFrame, *, mark_days: int | None = None) -> Figure:
    r"""Draw the share who bought again by days since the first purchase, with its 95 % band.

    The numbers under the axis are the customers who could still have bought again on that day.
    Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations.

    Parameters
    ----------
    curve : DataFrame
        ``day`` (int), ``share``, ``low``, ``high`` (0 to 1), ``at_risk`` (customers).
    mark_days : int, optional
        A day to mark on the curve, with its share.

    Examples
    --------
    >>> curve = pd.DataFrame({"day": [0, 90], "share": [0, .31], "low": [0, .29],
    ...                       "high": [0, .33], "at_risk": [2357, 1600]})
    >>> ax = repurchase_curve(curve, mark_days=90).axes[0]
    >>> ax.texts[0].get_text().replace("\u00a0", " ")
    '31 % within 90 days'
    """
    fig, ax = blank()
    rows = curve.sort_values("day")
    day, value = rows["day"].astype(float), rows["share"].astype(float)
    low, high = rows["low"].astype(float), rows["high"].astype(float)
    ax.fill_between(day, low, high, step="post", color=palette().pale, alpha=0.6, linewidth=0)
    ax.step(day, value, where="post", color=palette().highlight)
    ax.set_xlim(0, max(day.max(), 1))
    from_zero(ax, [*value, *high])
    if mark_days is not None:
        _mark_share(ax, rows, mark_days)
    _mark_half(ax, rows)
    _days_with_numbers(ax, rows)
    shares(ax.yaxis)
    ax.set_ylabel("Bought again [%]")
    ax.set_xlabel("Days since the first purchase")
    return fig


@chart
def gap_histogram(gaps: pd.DataFrame, *, marks: dict[str, float] | None = None) -> Figure:
    """Draw how often so many days lie between two purchase days of a customer, by week.

    Parameters
    ----------
    gaps : DataFrame
        ``days`` (int), ``gaps`` (how many).
    marks : dict, optional
        Words to days: thin lines, for example at the median.

    Examples
    --------
    >>> gaps = pd.DataFrame({"days": [3, 5, 20], "gaps": [10, 4, 2]})
    >>> [float(bar.get_height()) for bar in gap_histogram(gaps).axes[0].patches]
    [14.0, 0.0, 2.0]
    """
    fig, ax = blank()
    end = _WEEK * (int(gaps["days"].max()) // _WEEK + 1)
    sns.histplot(
        gaps.astype({"days": float, "gaps": float}),
        x="days",
        weights="gaps",
        bins=list(range(0, end + 1, _WEEK)),
        ax=ax,
        color=palette().highlight,
        alpha=1,
        edgecolor="white",
        linewidth=0.4,
    )
    from_zero(ax, [bar.get_height() for bar in ax.patches])
    ax.set_xlim(0, end)
    ax.set_xticks(_day_ticks(end))
    counts(ax.yaxis)
    for words, days in (marks or {}).items():
        mark(ax, days, words)
    ax.set_xlabel("Days between two purchase days (bars of 7 days)")
    ax.set_ylabel("Gaps")
    return fig


def _mark_share(ax: Axes, rows: pd.DataFrame, mark_days: int) -> None:
    known = rows[rows["day"] <= mark_days]
    if known.empty or mark_days > rows["day"].max():
        return
    value = float(known["share"].iloc[-1])
    low_down = value < 0.15 * ax.get_ylim()[1]
    ax.plot([mark_days], [value], marker="o", color=palette().highlight, clip_on=False)
    ax.annotate(
        f"{share(value)} within {mark_days:,} days",
        (mark_days, value),
        xytext=(8, 6 if low_down else -6),
        textcoords="offset points",
        va="bottom" if low_down else "top",
        color=palette().highlight,
        fontweight="bold",
    )


def _mark_half(ax: Axes, rows: pd.DataFrame) -> None:
    """Mark the day on which half have come back, if the curve gets there."""
    reached = rows[rows["share"] >= 0.5]
    if reached.empty:
        return
    day = float(reached["day"].iloc[0])
    ax.plot([0, day, day], [0.5, 0.5, 0], color=palette().grey, linewidth=1, linestyle=":")
    ax.annotate(
        f"half by day {day:,.0f}",
        (day, 0),
        xytext=(5, 4),
        textcoords="offset points",
        color=palette().grey,
    )


def _days_with_numbers(ax: Axes, rows: pd.DataFrame) -> None:
    ticks = _day_ticks(float(rows["day"].max()))
    ax.set_xticks(ticks)
    at_risk = [rows.loc[rows["day"] >= tick, "at_risk"].iloc[0] for tick in ticks]
    under(ax, ticks, [or_few(n, count(n)) for n in at_risk], title="at risk")


def _day_ticks(last: float) -> list[int]:
    """Return about six ticks at whole weeks, months or years, none after the last day."""
    step = next((step for step in _TICK_STEPS if last <= 7 * step), 1460)
    return list(range(0, int(last) + 1, step))
