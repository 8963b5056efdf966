"""Charts of cohorts: who is still active so many months after the first purchase."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from regulars.show.axes import from_zero, shares, under
from regulars.show.cohort_grid import (
    MOST_WITH_BASE,
    CohortGrid,
    after_first,
    cohort_size,
    grid_of,
    notes_of,
)
from regulars.show.figure import blank, chart
from regulars.show.hidden import dot, hidden_rows
from regulars.show.style import ink_on, palette, sequential
from regulars.show.text import MISSING

__all__ = ["cohort_heatmap", "name_cohorts", "retention_mean"]

MOST_NUMBERED = 18  # with more columns "16*" no longer fits into its cell


@chart
def cohort_heatmap(retention: pd.DataFrame, *, every: str = "month") -> Figure:
    """Draw the retention of cohorts; what was not observed is hatched.

    The base, age 0, is grey: it is 100 % for all, and must not use up the colours. What is not over
    is marked by a star, cohorts from the first days of the records by a dagger. Only the newest 36
    are drawn.

    Parameters
    ----------
    retention : DataFrame
        One row per observed cell: ``cohort`` (datetime), ``age`` (months after the first),
        ``customers`` (size of the cohort), ``rate`` (0 to 1), ``complete`` (bool) and, where
        known, ``hidden`` (bool; these are dotted) and ``early`` (bool).
    every : str
        ``week``, ``month`` or ``quarter``: of what cohorts and ages are.

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": pd.to_datetime(["1997-01-01"] * 2), "age": [0, 1],
    ...     "customers": [781, 781], "rate": [1, .159], "complete": [True, False]})
    >>> ax = cohort_heatmap(cells).axes[0]
    >>> [text.get_text() for text in ax.texts][:2], ax.get_yticklabels()[0].get_text()
    (['100', '16*'], 'Jan 1997 (781)')
    """
    grid = grid_of(retention, every)
    numbered = grid.rates.shape[1] <= MOST_NUMBERED
    fig, ax = blank(rows=(1.15 if numbered else 0.9) * len(grid.names) + 5)
    after_first = grid.rates.where(grid.rates.columns.to_series() > 0, axis=1)
    top = np.nanmax([after_first.max().max(), 0]) or 1.0
    sns.heatmap(
        after_first,
        ax=ax,
        cmap=sequential(),
        vmin=0,
        vmax=top,
        linewidths=0.8,
        linecolor="white",
        cbar=not numbered,
        cbar_kws={"aspect": 40, "fraction": 0.04, "pad": 0.02, "shrink": 0.6},
    )
    _hatch(ax, grid)
    _write(ax, grid, top=top, numbered=numbered)
    if not numbered:
        scale = ax.collections[0].colorbar
        shares(scale.ax.yaxis)
        scale.set_label(f"Bought in the {every} [%]")
    _name(ax, grid, every)
    return fig


@chart
def retention_mean(retention_mean: pd.DataFrame, *, every: str = "month") -> Figure:
    """Draw the mean retention over cohorts by age, with its band and the customers behind it.

    Age 0 is 100 % by definition and is left out.

    Parameters
    ----------
    retention_mean : DataFrame
        ``age`` (months after the first), ``customers`` (behind the mean), ``rate``, ``low``,
        ``high`` (0 to 1) and, where any are hidden, ``hidden`` (bool).
    every : str
        ``week``, ``month`` or ``quarter``.

    Examples
    --------
    >>> mean = pd.DataFrame({"age": [0, 1, 2], "customers": [900, 900, 500],
    ...                      "rate": [1, .16, .12], "low": [1, .14, .1], "high": [1, .18, .15]})
    >>> retention_mean(mean).axes[0].lines[0].get_xdata().tolist()
    [1.0, 2.0]
    """
    fig, ax = blank()
    rows = retention_mean.sort_values("age")
    rows = rows[rows["age"] > 0] if (rows["age"] > 0).any() else rows
    age, rate = rows["age"].astype(float), rows["rate"].astype(float)
    low, high = rows["low"].astype(float), rows["high"].astype(float)
    ax.fill_between(age, low, high, color=palette().pale, alpha=0.6, linewidth=0)
    ax.plot(age, rate, color=palette().highlight, marker="o", markersize=4)
    from_zero(ax, [*rate, *high])
    step = next((step for step in (1, 2, 3, 6, 12) if len(rows) <= 10 * step), 24)
    ticked = rows.iloc[::step]
    ax.set_xticks(ticked["age"].tolist(), [f"{age:.0f}" for age in ticked["age"]])
    behind = [
        cohort_size(n, gone)
        for n, gone in zip(ticked["customers"], hidden_rows(ticked), strict=True)
    ]
    under(ax, ticked["age"].tolist(), behind, title="customers")
    shares(ax.yaxis)
    ax.set_xlabel(after_first(every))
    ax.set_ylabel(f"Bought in the {every} [%]")
    return fig


def name_cohorts(ax: Axes) -> None:
    r"""Say over the names of the rows what they are.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> name_cohorts(ax)
    >>> ax.texts[0].get_text()
    'First purchase in\n[customers]'
    """
    ax.annotate(
        "First purchase in\n[customers]",
        (0, 1),
        xycoords="axes fraction",
        xytext=(-6, 5),
        textcoords="offset points",
        ha="right",
    )


def _hatch(ax: Axes, grid: CohortGrid) -> None:
    """Hatch what was not observed, dot what is hidden, and make the base grey."""
    for (row, column), observed in np.ndenumerate(grid.observed):
        if not observed:
            ax.add_patch(
                Rectangle((column, row), 1, 1, facecolor="none", hatch="////", linewidth=0)
            )
        elif grid.hidden[row, column]:
            dot(ax, (column, row))
        elif grid.rates.columns[column] == 0:
            ax.add_patch(
                Rectangle((column, row), 1, 1, facecolor=palette().faint, edgecolor="white")
            )


def _write(ax: Axes, grid: CohortGrid, *, top: float, numbered: bool) -> None:
    """Write each rate into its cell in %, without the sign, and a star if its month is not over."""
    for (row, column), rate in np.ndenumerate(grid.rates.to_numpy()):
        base = grid.rates.columns[column] == 0
        part = not (base or grid.complete[row, column])
        number = f"{100 * rate:.0f}" if np.isfinite(rate) else MISSING
        fits = numbered and not (base and grid.rates.shape[1] > MOST_WITH_BASE)
        text = (number if fits else "") + ("*" if part else "")
        if text and grid.observed[row, column] and not grid.hidden[row, column]:
            ax.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=mpl.rcParams["figure.labelsize"],
                fontstyle="italic" if part else "normal",
                color=palette().ink if base else ink_on(rate / top),
            )


def _name(ax: Axes, grid: CohortGrid, every: str) -> None:
    """Name rows, columns and marks."""
    ages = list(grid.rates.columns)
    step = next((one for one in (1, 3, 6) if len(ages) <= MOST_NUMBERED * one), 12)
    ax.set_xticks([place + 0.5 for place in range(0, len(ages), step)], map(str, ages[::step]))
    ax.set_yticks([place + 0.5 for place in range(len(grid.names))], grid.names)
    ax.tick_params(length=0, rotation=0)
    notes = notes_of(grid, every, starred=any("*" in text.get_text() for text in ax.texts))
    by_two = [" · ".join(notes[first : first + 2]) for first in range(0, len(notes), 2)]
    ax.set_xlabel("\n".join([after_first(every), *by_two]))
    ax.set_ylabel("")
    name_cohorts(ax)
