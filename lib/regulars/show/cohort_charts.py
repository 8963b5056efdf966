"""Charts of cohorts: who is still active so many months after the first purchase."""

from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from regulars.show.axes import from_zero, shares, under
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.hidden import DOTTED, dot, hidden_rows
from regulars.show.labels import short_month
from regulars.show.style import ink_on, palette, sequential
from regulars.show.text import MISSING, is_missing
from regulars.small_groups import HIDDEN

__all__ = ["cohort_heatmap", "name_cohorts", "retention_mean"]

MOST_COHORTS = 36
MOST_NUMBERED = 18  # with more columns "16*" no longer fits into its cell
MOST_WITH_BASE = 14  # with more columns "100" no longer does


@chart
def cohort_heatmap(retention: pd.DataFrame) -> Figure:
    """Draw the retention of monthly cohorts; what was not observed is hatched.

    The base, month 0, is grey: it is 100 % for all, and must not use up the colours. A month that
    is not over is marked by a star. Only the newest 36 cohorts are drawn.

    Parameters
    ----------
    retention : DataFrame
        One row per observed cell: ``cohort`` (datetime, month), ``age`` (months after the first),
        ``customers`` (size of the cohort), ``rate`` (0 to 1), ``complete`` (bool) and, where
        cells are hidden, ``hidden`` (bool); these are dotted.

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": pd.to_datetime(["1997-01-01"] * 2), "age": [0, 1],
    ...     "customers": [781, 781], "rate": [1, .159], "complete": [True, False]})
    >>> ax = cohort_heatmap(cells).axes[0]
    >>> [text.get_text() for text in ax.texts][:2], ax.get_yticklabels()[0].get_text()
    (['100', '16*'], 'Jan 1997 (781)')
    """
    grid = _grid(retention)
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
        scale.set_label("Bought in the month [%]")
    _name(ax, grid)
    return fig


@chart
def retention_mean(retention_mean: pd.DataFrame) -> Figure:
    """Draw the mean retention over cohorts by month, with its band and the customers behind it.

    Month 0 is 100 % by definition and is left out.

    Parameters
    ----------
    retention_mean : DataFrame
        ``age`` (months after the first), ``customers`` (behind the mean), ``rate``, ``low``,
        ``high`` (0 to 1) and, where any are hidden, ``hidden`` (bool).

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
        _size(n, gone) for n, gone in zip(ticked["customers"], hidden_rows(ticked), strict=True)
    ]
    under(ax, ticked["age"].tolist(), behind, title="customers")
    shares(ax.yaxis)
    ax.set_xlabel("Months after the month of the first purchase")
    ax.set_ylabel("Bought in the month [%]")
    return fig


@dataclass(frozen=True)
class _Grid:
    """The observed cells as a rectangle, and what is known about each."""

    rates: pd.DataFrame
    observed: np.ndarray
    hidden: np.ndarray
    complete: np.ndarray
    names: list[str]
    left_out: int


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


def _grid(retention: pd.DataFrame) -> _Grid:
    cells = retention.assign(complete=retention["complete"].astype(float), observed=1.0)
    cells = cells.astype({"rate": float}).assign(**{HIDDEN: hidden_rows(retention).astype(float)})
    cohorts = sorted(cells["cohort"].unique())
    ages = range(int(cells["age"].min()), int(cells["age"].max()) + 1)

    def table(column: str) -> pd.DataFrame:
        # pivot refuses two rows for one cell; pivot_table would average them.
        wide = cells.pivot(index="cohort", columns="age", values=column)  # noqa: PD010
        return wide.reindex(index=cohorts[-MOST_COHORTS:], columns=ages)

    sizes = cells.groupby("cohort")["customers"].max()
    gone = {
        cohort for cohort in cohorts if is_missing(sizes[cohort]) and hidden_rows(retention).any()
    }
    return _Grid(
        rates=table("rate"),
        observed=table("observed").notna().to_numpy(),
        hidden=(table(HIDDEN) == 1).to_numpy(),
        complete=(table("complete") == 1).to_numpy(),
        names=[f"{short_month(c)} ({_size(sizes[c], c in gone)})" for c in cohorts[-MOST_COHORTS:]],
        left_out=max(len(cohorts) - MOST_COHORTS, 0),
    )


def _size(customers: float, hidden: bool) -> str:
    return HIDDEN if hidden and is_missing(customers) else count(customers)


def _hatch(ax: Axes, grid: _Grid) -> None:
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


def _write(ax: Axes, grid: _Grid, *, top: float, numbered: bool) -> None:
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


def _name(ax: Axes, grid: _Grid) -> None:
    """Name rows, columns and marks."""
    ages = list(grid.rates.columns)
    step = 1 if len(ages) <= MOST_NUMBERED else 3
    ax.set_xticks([place + 0.5 for place in range(0, len(ages), step)], map(str, ages[::step]))
    ax.set_yticks([place + 0.5 for place in range(len(grid.names))], grid.names)
    ax.tick_params(length=0, rotation=0)
    notes = _notes(grid, starred=any("*" in text.get_text() for text in ax.texts))
    by_two = [" · ".join(notes[first : first + 2]) for first in range(0, len(notes), 2)]
    ax.set_xlabel("\n".join(["Months after the month of the first purchase", *by_two]))
    ax.set_ylabel("")
    name_cohorts(ax)


def _notes(grid: _Grid, *, starred: bool) -> list[str]:
    unnumbered = grid.rates.shape[1] > MOST_WITH_BASE
    notes = {
        "grey: 100\u00a0% by definition": 0 in grid.rates.columns and unnumbered,
        "hatched: not observed yet": not grid.observed.all(),
        DOTTED: grid.hidden.any(),
        "*: month not over": starred,
        f"{grid.left_out} older cohorts not drawn": grid.left_out > 0,
    }
    return [note for note, needed in notes.items() if needed]
