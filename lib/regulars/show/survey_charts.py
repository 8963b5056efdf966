"""Charts of surveys: scores over time, and who says what."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from regulars.show.axes import counts, months, shares
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.fonts import drawable
from regulars.show.hidden import dot_bars, hidden_rows
from regulars.show.labels import axis_name, wrap_name
from regulars.show.sentences.surveys import question_name
from regulars.show.style import palette

__all__ = ["score_dots", "score_trend"]

MOST_GROUPS = 10
MEASURES = {
    "nps": ("score", "−100 to 100"),
    "top_box": ("answers in the top boxes", "%"),
    "mean": ("mean score", None),
}
HOLLOW = "hollow: period not over"
_MARGIN = 0.12


class _Line(NamedTuple):
    """A line of the chart: a group, or with nothing but words what it is a group by."""

    words: str
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    differs: bool = False
    head: bool = False


@chart
def score_trend(periods: pd.DataFrame) -> Figure:
    """Draw scores over time with their intervals, a panel a question.

    Parameters
    ----------
    periods : DataFrame
        ``question``, ``measure`` (nps, top_box, mean), ``period`` (its first day), ``value``,
        ``low``, ``high`` (may be missing), ``complete`` (bool) and, where known, ``hidden`` (bool).

    Examples
    --------
    >>> periods = pd.DataFrame({"question": ["nps"] * 2, "measure": ["nps"] * 2,
    ...     "period": pd.to_datetime(["1997-01-01", "1997-04-01"]), "value": [10.0, 20.0],
    ...     "low": [0.0, 8.0], "high": [20.0, 31.0], "complete": [True, False]})
    >>> fig = score_trend(periods)
    >>> fig.axes[0].get_title("left"), fig.axes[0].texts[0].get_text()
    ('NPS: score [−100 to 100]', 'hollow: period not over')
    """
    rows = periods.assign(away=hidden_rows(periods)).sort_values("period", kind="stable")
    questions = sorted(set(rows["question"]), key=_place)
    fig, ax = blank(rows=4.6 * len(questions) + 2)
    ax.remove()
    panels = fig.subplots(len(questions), 1, sharex=True, squeeze=False)[:, 0]
    all_months = pd.date_range(rows["period"].min(), rows["period"].max(), freq="MS")
    for panel, question in zip(panels, questions, strict=True):
        _draw_trend(panel, rows[rows["question"] == question], all_months)
    months(panels[-1], list(all_months))
    panels[-1].set_xlabel("First month of the period; lines: 95 % intervals")
    return fig


@chart
def score_dots(groups: pd.DataFrame, *, overall: float | None = None) -> Figure:
    """Draw the scores of groups with their intervals; highlighted is who differs from the others.

    Of many groups ten are drawn: those that differ, then those with most answers.

    Parameters
    ----------
    groups : DataFrame
        Of one question: ``question``, ``measure``, ``by`` (what it is a group by), ``group``
        (missing ones are not drawn), ``n`` (whole numbers), ``value``, ``low``, ``high``,
        ``differs`` (bool) and, where known, ``hidden`` (bool).
    overall : float, optional
        The score of all answers: a thin line.

    Raises
    ------
    ValueError
        If there is more than one question.

    Examples
    --------
    >>> groups = pd.DataFrame({"question": "nps", "measure": "nps", "by": "region",
    ...     "group": ["North", "South"], "n": [80, 40], "value": [5.0, 20.0], "low": [-5.0, 7.0],
    ...     "high": [15.0, 32.0], "differs": [False, True]})
    >>> [label.get_text() for label in score_dots(groups).axes[0].get_yticklabels()]
    ['Region', 'South (40)', 'North (80)']
    """
    if len(set(groups["question"])) > 1:
        raise ValueError("Expected the groups of one question, found several. Draw one at a time.")
    rows = groups.assign(away=hidden_rows(groups))[groups["group"].notna()]
    order = dict.fromkeys(sorted(set(rows["by"]), key=_grouping))
    lines = [line for name in order for line in _lines(rows[rows["by"] == name], name)]
    fig, ax = blank(rows=0.95 * len(lines) + 3.5)
    for place, line in enumerate(lines):
        paint = palette().highlight if line.differs else palette().grey
        ax.hlines(place, line.low, line.high, color=paint, linewidth=1.6)
        ax.plot([line.value], [place], marker="o", markersize=5, color=paint)
    if overall is not None and np.isfinite(overall):
        ax.axvline(overall, color=palette().ink, linewidth=0.8, linestyle=(0, (3, 2)))
    _name_lines(ax, lines)
    first = groups.iloc[0]
    _limits(ax, [*_numbers(rows), np.nan if overall is None else overall], "x")
    _ticks(ax.xaxis, first["measure"])
    ax.grid(axis="x")
    note = "; dashed: all answers" if overall is not None else ""
    label = f"{_title(first['question'], first['measure'])}\nlines: 95 % intervals{note}"
    ax.set_xlabel(label, loc="right")
    return fig


def _draw_trend(ax: Axes, rows: pd.DataFrame, all_months: pd.DatetimeIndex) -> None:
    places = all_months.get_indexer(pd.DatetimeIndex(rows["period"]))
    value, low, high = (rows[name].astype(float).to_numpy() for name in ("value", "low", "high"))
    complete = rows["complete"].to_numpy(bool)
    ax.vlines(places, low, high, color=palette().highlight, linewidth=1.4)
    ax.plot(places, value, color=palette().pale, linewidth=1)
    fills = [palette().highlight if over else "white" for over in complete]
    ax.scatter(places, value, s=30, c=fills, edgecolors=palette().highlight, zorder=3)
    measure = rows["measure"].iloc[0]
    _limits(ax, _numbers(rows), "y")
    _ticks(ax.yaxis, measure)
    ax.grid(axis="y")
    ax.set_title(_title(rows["question"].iloc[0], measure))
    dot_bars(ax, places[rows["away"].to_numpy(bool)] - 0.45, 0.9)
    if not complete.all():
        ax.text(0, 1, HOLLOW, transform=ax.transAxes, va="top", color=palette().grey)


def _lines(rows: pd.DataFrame, name: str) -> list[_Line]:
    size = rows["n"].astype("Float64").fillna(-1).astype(float)
    chosen = rows.assign(_size=size).sort_values(
        ["differs", "_size", "group"], ascending=[False, False, True], kind="stable"
    )
    chosen, more = chosen.head(MOST_GROUPS), len(rows) - MOST_GROUPS
    chosen = chosen.sort_values(["value", "group"], ascending=[False, True], kind="stable")
    found = [
        _Line(
            f"{wrap_name(row.group, lines=1)} ({'hidden' if row.away else count(row.n)})",
            *(float(end) for end in (row.value, row.low, row.high)),
            bool(row.differs),
        )
        for row in chosen.itertuples(index=False)
    ]
    rest = [_Line(f"… and {more} more")] if more > 0 else []
    return [_Line(wrap_name(name, lines=1), head=True), *found, *rest]


def _name_lines(ax: Axes, lines: list[_Line]) -> None:
    ax.set_yticks(range(len(lines)), [line.words for line in lines])
    for label, line in zip(ax.get_yticklabels(), lines, strict=True):
        label.set_fontweight("bold" if line.head else "normal")
    ax.set_ylim(len(lines) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)


def _numbers(rows: pd.DataFrame) -> list[float]:
    return [*rows[["value", "low", "high"]].astype(float).to_numpy().ravel()]


def _limits(ax: Axes, values: list[float], direction: str) -> None:
    known = [value for value in values if np.isfinite(value)] or [0.0]
    reach = (max(known) - min(known)) * _MARGIN or 1.0
    getattr(ax, f"set_{direction}lim")(min(known) - reach, max(known) + reach)


def _ticks(axis: Axis, measure: str) -> None:
    (shares if measure == "top_box" else counts)(axis)


def _title(question: str, measure: str) -> str:
    words, unit = MEASURES[measure]
    return axis_name(f"{drawable(question_name(question), width=30)}: {words}", unit)


def _place(question: str) -> tuple[int, str]:
    known = ("nps", "csat", "ces")
    return (known.index(question) if question in known else len(known), question)


def _grouping(name: str) -> tuple[int, str]:
    known = ("segment", "tier", "region", "channel")
    return (known.index(name) if name in known else len(known), name)
