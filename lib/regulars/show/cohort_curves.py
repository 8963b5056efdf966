"""Cohort curves: retention and money of the same cohorts by age, a line a group."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, label_ends, shares
from regulars.show.cohort_grid import after_first, cohort_size
from regulars.show.figure import blank, chart
from regulars.show.group_looks import Look, group_looks
from regulars.show.hidden import hidden_rows
from regulars.show.labels import axis_name, wrap_name
from regulars.show.text import is_missing

__all__ = ["cohort_money", "retention_by_group"]

MOST = 4  # lines that can be told apart
LETTERS = 16


@chart
def retention_by_group(
    shown: pd.DataFrame, *, every: str = "month", highlight: str | None = None
) -> Figure:
    """Draw the retention of groups of the same cohorts by age, with 95 % bands.

    Age 0 is 100 % by definition and is left out. Of more than four groups the largest are drawn.

    Parameters
    ----------
    shown : DataFrame
        ``group``, ``age`` (after the first), ``customers`` (of the group), ``rate``, ``low``,
        ``high`` (0 to 1) and, where any are hidden, ``hidden`` (bool); these are gaps.
    every : str
        ``week``, ``month`` or ``quarter``.
    highlight : str, optional
        The group that is blue: the one that the page's titles name.

    Examples
    --------
    >>> shown = pd.DataFrame({"group": ["web"] * 3, "age": [0, 1, 2], "customers": 900,
    ...                       "rate": [1, .16, .12], "low": [1, .14, .1], "high": [1, .18, .15]})
    >>> [text.get_text() for text in retention_by_group(shown).axes[0].texts]
    ['Web (900)']
    """
    rows = shown[shown["age"] > 0] if (shown["age"] > 0).any() else shown
    fig, ax = blank()
    _draw(ax, rows, ["rate", "low", "high"], highlight)
    shares(ax.yaxis)
    ax.set_xlabel(after_first(every))
    ax.set_ylabel(f"Bought in the {every} [%]")
    return fig


@chart
def cohort_money(
    money: pd.DataFrame, *, every: str = "month", currency: str = "", highlight: str | None = None
) -> Figure:
    """Draw what a customer has spent up to each age, with 95 % bands.

    Parameters
    ----------
    money : DataFrame
        ``group``, ``age``, ``customers``, ``spend_to_age``, ``low``, ``high`` (money) and, where
        any are hidden, ``hidden`` (bool); where the money is missing then, there are gaps.
    every : str
        ``week``, ``month`` or ``quarter``.
    currency : str
        The currency of the amounts.
    highlight : str, optional
        The group that is blue: the one that the page's titles name.

    Examples
    --------
    >>> money = pd.DataFrame({"group": ["all"] * 2, "age": [0, 1], "customers": 900,
    ...     "spend_to_age": [40.0, 47.5], "low": [37.0, 44.0], "high": [45.0, 52.0]})
    >>> cohort_money(money, currency="USD").axes[0].get_ylabel()
    'Spend per customer so far [USD]'
    """
    fig, ax = blank()
    _draw(ax, money, ["spend_to_age", "low", "high"], highlight)
    counts(ax.yaxis)
    ax.set_xlabel(after_first(every))
    ax.set_ylabel(axis_name("Spend per customer so far", currency or None))
    return fig


def _draw(ax: Axes, rows: pd.DataFrame, columns: list[str], highlight: str | None) -> None:
    """Draw a line with its band for each group, named at its end."""
    groups = list(_largest(rows))
    looks = group_looks([name for name, *_ in groups], highlight)
    ends, drawn = [], []
    for name, size, group in groups:
        look = looks[name]
        middle, low, high = (group[column].astype(float) for column in columns)
        _line(ax, group["age"].astype(float), (middle, low, high), look)
        known = middle.dropna()
        last = known.iloc[-1] if len(known) else np.nan
        words = f"{wrap_name(name, width=LETTERS, lines=1)} ({size})"
        ends.append((float(last), look.named(words), look.colour))
        drawn += [*middle, *low, *high]
    from_zero(ax, drawn)
    _tick(ax, rows["age"])
    label_ends(ax, rows["age"].max(), ends)
    if hidden_rows(rows).any():
        ax.text(0, 1, "gap in a line: hidden", transform=ax.transAxes, va="bottom")


def _line(ax: Axes, age: pd.Series, values: tuple[pd.Series, ...], look: Look) -> None:
    middle, low, high = values
    ax.fill_between(age, low, high, color=look.colour, alpha=0.13, linewidth=0)
    line = {"color": look.colour, "linestyle": look.dashes, "linewidth": look.width}
    # A value between two gaps has no line, only its point.
    ax.plot(age, middle, marker="o", markersize=2.5, **line)


def _largest(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield the name, the customers in words and the ordered rows of the largest groups."""
    sizes = rows.groupby("group")["customers"].max().astype(float).fillna(0)
    for name in sizes.sort_index().sort_values(ascending=False, kind="stable").index[:MOST]:
        group = rows[rows["group"] == name].sort_values("age")
        size = group["customers"].max()
        yield name, cohort_size(size, is_missing(size) and hidden_rows(group).any()), group


def _tick(ax: Axes, ages: pd.Series) -> None:
    first, last = int(ages.min()), int(ages.max())
    step = next((one for one in (1, 2, 3, 6) if last - first < 13 * one), 12)
    ax.set_xticks(range(first, last + 1, step))
    ax.set_xlim(first - 0.4, last + 0.4)
