"""Charts of cohorts and their money: one over time, and all of them at equal age."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from regulars.show.axes import counts, from_zero, shares
from regulars.show.cohort_charts import name_cohorts
from regulars.show.cohort_grid import cohort_name, cohort_size
from regulars.show.figure import blank, chart
from regulars.show.hidden import DOTTED, dot, hidden_rows
from regulars.show.labels import axis_name, in_short
from regulars.show.style import ink_on, palette, sequential
from regulars.show.text import is_missing

__all__ = ["cohort_panels", "cohort_spend_heatmap"]

MOST_COHORTS = 36
MOST_LETTERS = 54  # in the cells of a row; more would touch
MOST_TICKS = 18
_PANELS = {
    "active_share": "Bought in the {unit} [%]",
    "orders_per_active": "Orders per customer who bought",
    "value_per_order": "Value per order [{currency}]",
    "spend_per_customer": "Spend per customer of the cohort [{currency}]",
}


@chart
def cohort_panels(cohort: pd.DataFrame, *, unit: str, currency: str) -> Figure:
    """Draw how one cohort evolves, a panel a measure; hidden cells are gaps.

    The first month or quarter, in which all buy by definition, is left out.

    Parameters
    ----------
    cohort : DataFrame
        ``age`` (months or quarters after the first), ``active_share``, ``low``, ``high`` (0 to
        1), ``orders_per_active``, ``value_per_order``, ``spend_per_customer`` (money), ``complete``
        (bool; what is not over is drawn hollow).
    unit : str
        ``month`` or ``quarter``.
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> cohort = pd.DataFrame({"age": [0, 1], "active_share": [1.0, 0.2], "low": [1.0, 0.1],
    ...     "high": [1.0, 0.3], "orders_per_active": [1.2, 1.1], "value_per_order": [30.0, 35.0],
    ...     "spend_per_customer": [36.0, 7.7], "complete": [True, False]})
    >>> len(cohort_panels(cohort, unit="month", currency="USD").axes)
    4
    """
    rows = cohort.sort_values("age")
    rows = rows[rows["age"] > 0] if (rows["age"] > 0).any() else rows
    fig, ax = blank(rows=4.4 * len(_PANELS) + 1.5)
    ax.remove()
    panels = fig.subplots(len(_PANELS), 1, sharex=True)
    for panel, (name, title) in zip(panels, _PANELS.items(), strict=True):
        _draw_evolution(panel, rows, name)
        panel.set_title(axis_name(title.format(unit=unit, currency=currency)))
    low, high = rows["low"].astype(float), rows["high"].astype(float)
    panels[0].fill_between(rows["age"].astype(float), low, high, color=palette().pale, linewidth=0)
    from_zero(panels[0], [*rows["active_share"].astype(float), *high])
    shares(panels[0].yaxis, nbins=3)
    panels[-1].set_xlabel(f"{unit.capitalize()}s after the {unit} of the first purchase")
    _tick_ages(panels[-1], rows["age"])
    if not rows["complete"].all():
        panels[0].annotate(
            f"hollow: {unit} not over", (1, 1.04), xycoords="axes fraction", ha="right", va="bottom"
        )
    return fig


@chart
def cohort_spend_heatmap(cells: pd.DataFrame, *, unit: str, currency: str) -> Figure:
    """Draw the spend per customer of each cohort at each age; what was not observed is hatched.

    The first month or quarter, in which all buy by definition, is grey and leaves the colours to
    the others. What is not over is marked by a star. Only the newest 36 cohorts are drawn.

    Parameters
    ----------
    cells : DataFrame
        ``cohort`` (datetime), ``age``, ``customers`` (size of the cohort), ``spend`` (money;
        missing where hidden), ``complete`` (bool) and, where known, ``hidden`` (bool).
    unit : str
        ``month`` or ``quarter``.
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> cells = pd.DataFrame({"cohort": pd.to_datetime(["1997-01-01"] * 2), "age": [0, 1],
    ...     "customers": [100, 100], "spend": [3600.0, 500.0], "complete": [True, False]})
    >>> ax = cohort_spend_heatmap(cells, unit="month", currency="USD").axes[0]
    >>> [text.get_text() for text in ax.texts][:2]
    ['36', '5*']
    """
    cohorts = sorted(cells["cohort"].unique())[-MOST_COHORTS:]
    rows = cells[cells["cohort"].isin(cohorts)].sort_values(["cohort", "age"])
    ages = range(int(rows["age"].max()) + 1)
    values = rows["spend"].astype(float) / rows["customers"].astype(float)
    numbered = len(ages) * max(map(len, map(_cell_text, values, rows["complete"]))) <= MOST_LETTERS
    lines = 1.3 * len(cohorts) if numbered else max(0.9 * len(cohorts), 8)
    fig, ax = blank(rows=lines + 5.5)
    ax.add_patch(_hatched((0, 0), len(ages), len(cohorts)))
    top = values[rows["age"] > 0].max()
    top = top if np.isfinite(top) and top > 0 else 1.0
    for cell, value, gone in zip(rows.itertuples(), values, hidden_rows(rows), strict=True):
        row = cohorts.index(cell.cohort)
        _draw_cell(ax, (cell.age, row), value, top=top)
        if gone:
            dot(ax, (cell.age, row))
        else:
            _write_cell(ax, cell, row, value=value, top=top, numbered=numbered)
    if not numbered:
        scale = mpl.cm.ScalarMappable(Normalize(0, top), sequential())
        bar = fig.colorbar(scale, ax=ax, aspect=40, fraction=0.04, pad=0.02, shrink=0.6)
        bar.outline.set_visible(False)
        bar.set_label(axis_name(f"Spend per customer in the {unit}", currency))
        counts(bar.ax.yaxis)
    _name_cells(ax, rows, cohorts, unit=unit)
    return fig


def _draw_evolution(ax: Axes, rows: pd.DataFrame, name: str) -> None:
    ages, values = rows["age"].astype(float), rows[name].astype(float)
    over = rows["complete"].astype(bool).to_numpy()
    ax.plot(ages, values, color=palette().highlight, linewidth=1.6)
    ax.plot(ages[over], values[over], "o", color=palette().highlight, markersize=4)
    ax.plot(ages[~over], values[~over], "o", color=palette().highlight, mfc="white", markersize=5)
    from_zero(ax, values)
    counts(ax.yaxis)
    ax.yaxis.get_major_locator().set_params(nbins=3)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)


def _tick_ages(ax: Axes, ages: pd.Series) -> None:
    step = next((step for step in (1, 2, 3, 6, 12) if len(ages) <= 13 * step), 24)
    ax.set_xticks([age for age in range(int(ages.max()) + 1) if age >= ages.min()][::step])
    ax.set_xlim(ages.min() - 0.5, ages.max() + 0.5)


def _hatched(corner: tuple[float, float], width: float, height: float) -> Rectangle:
    return Rectangle(corner, width, height, facecolor="none", hatch="////", linewidth=0)


def _draw_cell(ax: Axes, corner: tuple[int, int], value: float, *, top: float) -> None:
    """Paint a cell over the hatching; one whose number is hidden or missing gets a white ground."""
    colour = "white"
    if np.isfinite(value):
        at = np.clip(value / top, 0, 1)
        colour = palette().faint if corner[0] == 0 else sequential()(at)
    ax.add_patch(Rectangle(corner, 1, 1, facecolor=colour, edgecolor="white", linewidth=0.8))


def _write_cell(
    ax: Axes, cell: tuple, row: int, *, value: float, top: float, numbered: bool
) -> None:
    text = _cell_text(value if numbered else None, cell.complete)
    ax.text(
        cell.age + 0.5,
        row + 0.5,
        text,
        ha="center",
        va="center",
        fontsize=mpl.rcParams["figure.labelsize"],
        color=palette().ink if cell.age == 0 or not np.isfinite(value) else ink_on(value / top),
    )


def _cell_text(value: float | None, complete: bool) -> str:
    number = "" if value is None else in_short(value)
    return number if complete else number + "*"


def _name_cells(ax: Axes, rows: pd.DataFrame, cohorts: list, *, unit: str) -> None:
    sizes = rows.drop_duplicates("cohort").set_index("cohort").customers
    named = [
        f"{cohort_name(one, unit)} ({cohort_size(sizes[one], is_missing(sizes[one]))})"
        for one in cohorts
    ]
    ages = int(rows["age"].max()) + 1
    step = next((step for step in (1, 3, 6, 12) if ages <= MOST_TICKS * step), 24)
    ax.set_xticks([age + 0.5 for age in range(0, ages, step)], map(str, range(0, ages, step)))
    ax.set_yticks([place + 0.5 for place in range(len(cohorts))], named)
    ax.tick_params(length=0)
    ax.set_xlim(0, ages)
    ax.set_ylim(len(cohorts), 0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel("\n".join([f"{unit.capitalize()}s after the first", _marks(rows, unit)]))
    name_cohorts(ax)


def _marks(rows: pd.DataFrame, unit: str) -> str:
    notes = {
        "hatched: not observed yet": len(set(rows["cohort"])) > 1,
        f"*: {unit} not over": not rows["complete"].all(),
        DOTTED: bool(hidden_rows(rows).any()),
    }
    return " · ".join(note for note, needed in notes.items() if needed)
