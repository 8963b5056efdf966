"""Charts of word and deed: who comes back after which answer, and what answers foretell."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from regulars.show.axes import counts, from_zero, label_ends, mark, shares
from regulars.show.figure import blank, chart
from regulars.show.findings import count, plural
from regulars.show.hidden import hidden_rows, or_few
from regulars.show.sentences.compared_bands import band_name
from regulars.show.sentences.deeds import ORDER
from regulars.show.sentences.surveys import question_name
from regulars.show.style import palette
from regulars.small_groups import HIDDEN

__all__ = ["comeback_curves", "comeback_dots", "foresight_dots"]

_STEPS = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730)
_LEADING = 1.35  # between rows of numbers, in font sizes


@chart
def comeback_curves(curves: pd.DataFrame, *, mark_days: int | None = None) -> Figure:
    """Draw the share who bought again by days since the answer, a curve a band.

    The curves end where the first of them does. The numbers under the axis are the customers of
    each band who could still have bought again on that day.

    Parameters
    ----------
    curves : DataFrame
        ``band``, ``day`` (int), ``share``, ``low``, ``high`` (0 to 1), ``at_risk`` (customers); of
        one question.
    mark_days : int, optional
        A day to mark.

    Examples
    --------
    >>> curves = pd.DataFrame({"band": ["top", "top", "rest", "rest"], "day": [0, 90] * 2,
    ...                        "share": [0, .5, 0, .3], "low": [0, .4, 0, .2],
    ...                        "high": [0, .6, 0, .4], "at_risk": [100, 50, 80, 60]})
    >>> [text.get_text() for text in comeback_curves(curves).axes[0].texts[:2]]
    ['All others', 'Satisfied']
    """
    bands = [band for band in ORDER if band in set(curves["band"])]
    last = curves.groupby("band")["day"].max().min()
    rows = curves[curves["day"] <= last].sort_values("day")
    fig, ax = blank()
    width, height = fig.get_size_inches()
    fig.set_size_inches(width, height + 0.17 * len(bands))
    ends = [_draw_curve(ax, rows[rows["band"] == band], colour) for band, colour in _colours(bands)]
    ax.set_xlim(0, max(float(last), 1))
    from_zero(ax, rows[["share", "high"]].astype(float).to_numpy().ravel())
    label_ends(ax, float(last), ends)
    if mark_days is not None:
        mark(ax, mark_days, plural(mark_days, "day"))
    _numbers_at_risk(ax, rows, bands)
    shares(ax.yaxis)
    ax.set_ylabel("Bought again [%]")
    ax.set_xlabel("Days since the answer")
    return fig


@chart
def comeback_dots(found: pd.DataFrame) -> Figure:
    """Draw the share of each band that bought again within h days, with intervals.

    Parameters
    ----------
    found : DataFrame
        ``question``, ``band``, ``customers``, ``share``, ``low``, ``high`` (0 to 1; missing where
        hidden) and, where known, ``hidden`` (bool).

    Examples
    --------
    >>> found = pd.DataFrame({"question": "nps", "band": ["passive", "promoter"], "share": [.3, .4],
    ...                       "customers": [743, 631], "low": [.28, .37], "high": [.32, .43]})
    >>> [label.get_text() for label in comeback_dots(found).axes[0].get_yticklabels()]
    ['Promoters (631)', 'Passives (743)']
    """
    place = found["band"].map({band: place for place, band in enumerate(ORDER)})
    rows = found.assign(_place=place, **{HIDDEN: hidden_rows(found)}).sort_values("_place")
    fig, ax = blank(rows=1.9 * len(rows) + 3)
    colours = dict(_colours(list(rows["band"])))
    for at, row in enumerate(rows.itertuples()):
        _draw_interval(ax, at, (row.low, row.share, row.high), colour=colours[row.band])
        if row.hidden:
            ax.annotate(HIDDEN, (0, at), xytext=(4, 0), textcoords="offset points", va="center")
    names = [_with_n(band_name(row.band), row.customers) for row in rows.itertuples()]
    _rows_named(ax, names)
    from_zero(ax, rows[["share", "high"]].astype(float).to_numpy().ravel(), direction="x")
    shares(ax.xaxis)
    ax.set_xlabel("Bought again [%]")
    return fig


@chart
def foresight_dots(judged: pd.DataFrame) -> Figure:
    """Draw by how much an answer makes the prediction of who buys better, with intervals.

    Questions with too few answers to fit anything have no dot, and say so.

    Parameters
    ----------
    judged : DataFrame
        ``question``, ``customers``, ``gain``, ``low``, ``high`` (log-loss a customer; missing where
        nothing was fitted), ``verdict``.

    Examples
    --------
    >>> judged = pd.DataFrame({"question": ["nps"], "customers": [1160], "gain": [.003],
    ...                        "low": [-.003], "high": [.009], "verdict": ["adds_nothing"]})
    >>> [label.get_text() for label in foresight_dots(judged).axes[0].get_yticklabels()]
    ['NPS (1,160)']
    """
    rows = judged.sort_values("question", key=lambda names: names.map(question_name))
    fig, ax = blank(rows=1.9 * len(rows) + 3)
    colours = palette()
    for at, row in enumerate(rows.itertuples()):
        colour = colours.highlight if row.verdict == "adds" else colours.grey
        _draw_interval(ax, at, (row.low, row.gain, row.high), colour=colour)
        if not np.isfinite(float(row.gain)):
            words = "too few answers"
            ax.annotate(words, (0, at), xytext=(4, 0), textcoords="offset points", va="center")
    ax.axvline(0, color=colours.ink, linewidth=1, linestyle=(0, (3, 2)))
    _rows_named(
        ax, [_with_n(question_name(row.question), row.customers) for row in rows.itertuples()]
    )
    reach = np.nan_to_num(rows[["low", "high"]].astype(float).abs().to_numpy()).max()
    ax.set_xlim(-1.08 * (reach or 1), 1.08 * (reach or 1))
    counts(ax.xaxis)
    label = "Log-loss saved by the answer [a customer]\nright of the line: better"
    ax.set_xlabel(label, loc="right")
    return fig


def _colours(bands: list[str]) -> list[tuple[str, str]]:
    """Give each band its colour: those who spoke well stand out, those in between fade."""
    colours = palette()
    fixed = {"promoter": colours.highlight, "top": colours.highlight, "passive": colours.grey}
    return [(band, fixed.get(band, colours.ink)) for band in bands]


def _draw_curve(ax: Axes, rows: pd.DataFrame, colour: str) -> tuple[float, str, str]:
    """Draw a curve with its band, and return where it ends, its name and its colour."""
    day, value = rows["day"].astype(float), rows["share"].astype(float)
    low, high = rows["low"].astype(float), rows["high"].astype(float)
    ax.fill_between(day, low, high, step="post", color=colour, alpha=0.15, linewidth=0)
    ax.step(day, value, where="post", color=colour)
    return float(value.iloc[-1]), band_name(rows["band"].iloc[0]), colour


def _numbers_at_risk(ax: Axes, rows: pd.DataFrame, bands: list[str]) -> None:
    """Write a row of numbers a band under the ticks, in its colour."""
    last = float(rows["day"].max())
    step = next((step for step in _STEPS if last <= 6 * step), 1460)
    ticks = list(range(0, int(last) + 1, step))
    ax.set_xticks(ticks)
    size = mpl.rcParams["figure.labelsize"]
    for line, (band, colour) in enumerate(_colours(bands)):
        of = rows[rows["band"] == band]
        at_risk = [of.loc[of["day"] >= tick, "at_risk"] for tick in ticks]
        words = [or_few(n.iloc[0], count(n.iloc[0])) if len(n) else "" for n in at_risk]
        below = -20 - line * _LEADING * size
        for tick, word in zip(ticks, words, strict=True):
            _note(ax, (tick, 0), word, offset=(0, below), colour=colour)
        # The longest name has to end left of the first number, which stands around the axis.
        side = -0.32 * size * len(words[0]) - 8
        _note(ax, (0, 0), band_name(band), offset=(side, below), colour=colour, ha="right")
    ax.xaxis.labelpad += (len(bands) * _LEADING - 0.1) * size


def _note(
    ax: Axes,
    place: tuple[float, float],
    words: str,
    *,
    offset: tuple[float, float],
    colour: str,
    ha: str = "center",
) -> None:
    ax.annotate(
        words,
        place,
        xycoords=blended_transform_factory(ax.transData, ax.transAxes),
        xytext=offset,
        textcoords="offset points",
        ha=ha,
        va="top",
        color=colour,
        fontsize=mpl.rcParams["figure.labelsize"],
        annotation_clip=False,
    )


def _draw_interval(ax: Axes, place: int, ends: tuple[float, float, float], *, colour: str) -> None:
    low, value, high = (float(end) if pd.notna(end) else np.nan for end in ends)
    ax.plot([low, high], [place, place], color=colour)
    ax.plot([value], [place], marker="o", color=colour)


def _rows_named(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)


def _with_n(name: str, n: float) -> str:
    return name if pd.isna(n) else f"{name} ({count(n)})"
