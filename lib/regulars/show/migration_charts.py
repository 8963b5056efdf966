"""Charts of groups that change: who went where, and who grew by more than chance."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.hidden import DOTTED, dot, hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.style import ink_on, palette, sequential
from regulars.show.text import is_missing
from regulars.small_groups import HIDDEN

__all__ = ["migration_heatmap", "net_change_bars"]

MOST_WRITTEN = 14  # with more columns the shares no longer fit into their cells
OUTSIDE = ("not_yet", "no_longer")  # of all groups, and so last


@chart
def migration_heatmap(shares: pd.DataFrame, *, order: Sequence[str] = ()) -> Figure:
    r"""Draw which share of each group went where; who stayed stands on the diagonal.

    Parameters
    ----------
    shares : DataFrame
        ``from``, ``to`` (names), ``share`` (of the group, 0 to 1; missing where there is nobody),
        ``n`` (customers there before) and, where cells are hidden, ``hidden`` (bool).
    order : sequence of str
        How the groups stand, the first above; those not named follow in alphabetical order.

    Examples
    --------
    >>> shares = pd.DataFrame({"from": ["new", "new"], "to": ["new", "loyal"], "n": [40, 40],
    ...                        "share": [.25, .75]})
    >>> ax = migration_heatmap(shares, order=["new"]).axes[0]
    >>> [text.get_text() for text in ax.texts], ax.get_yticklabels()[0].get_text()
    (['25', '75'], 'New (40)')
    """
    rows, columns = _in_order(shares["from"], order), _in_order(shares["to"], order)
    cells = shares.assign(gone=hidden_rows(shares).astype(float))
    # pivot refuses two rows for one cell; pivot_table would average them.
    wide = cells.pivot(index="from", columns="to", values=["share", "gone"])  # noqa: PD010
    values, gone = (wide[part].reindex(index=rows, columns=columns) for part in ("share", "gone"))
    values, gone = values.astype(float), gone.eq(1).to_numpy()
    top = np.nanmax([values.max().max(), 0]) or 1.0
    fig, ax = blank(rows=1.15 * len(rows) + 9)
    sns.heatmap(
        values, ax=ax, cmap=sequential(), vmin=0, vmax=top, cbar=False, linewidths=0.8,
        linecolor="white",
        xticklabels=False,
        yticklabels=False,
    )  # fmt: skip
    _fill(ax, values.to_numpy(), gone, top=top)
    sizes = cells.groupby("from")["n"].max()
    names = [_with_size(name, sizes[name], gone[place].any()) for place, name in enumerate(rows)]
    ax.set_yticks(np.arange(len(rows)) + 0.5, names, rotation=0)
    words = [wrap_name(name, lines=1, width=20) for name in columns]
    ax.set_xticks(np.arange(len(columns)) + 0.5, words, rotation=90)
    ax.tick_params(length=0)
    notes = ["Now [% of the customers of a row]", DOTTED]
    ax.set(xlabel="\n".join(notes[: 1 + gone.any()]), ylabel="Before [customers]")
    return fig


@chart
def net_change_bars(summary: pd.DataFrame) -> Figure:
    r"""Draw by how many customers each group grew or shrank; what exceeds chance is highlighted.

    Parameters
    ----------
    summary : DataFrame
        ``segment``, ``before``, ``now``, ``net``, ``net_low``, ``net_high`` (customers),
        ``net_exceeds_chance`` (yes, no or missing) and, where any are hidden, ``hidden`` (bool).

    Examples
    --------
    >>> summary = pd.DataFrame({"segment": ["new"], "before": [40], "now": [70], "net": [30],
    ...                         "net_low": [10.5], "net_high": [49.5],
    ...                         "net_exceeds_chance": [True]})
    >>> ax = net_change_bars(summary).axes[0]
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['New\n40 to 70']
    """
    rows = summary.assign(gone=hidden_rows(summary))
    rows = rows.sort_values(["net", "segment"], ascending=[False, True], ignore_index=True)
    values = rows[["net", "net_low", "net_high"]].astype(float)
    sure = rows["net_exceeds_chance"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    fig, ax = blank(rows=1.75 * len(rows) + 3)
    places = np.arange(len(rows))
    colours = np.where(sure, palette().highlight, palette().pale)
    ax.barh(places, values["net"].fillna(0), height=0.6, color=colours)
    ax.hlines(places, values["net_low"], values["net_high"], color=palette().ink, linewidth=1.2)
    ax.axvline(0, color=palette().grey, linewidth=0.8)
    for place in places[rows["gone"].to_numpy(dtype=bool)]:
        ax.annotate(HIDDEN, (0, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, [_from_to(row) for _, row in rows.iterrows()])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    _around_zero(ax, values)
    counts(ax.xaxis)
    ax.set_xlabel("Change, with its 95\u00a0% interval [customers]\ndark blue: more than chance")
    return fig


def _in_order(names: pd.Series, order: Sequence[str]) -> list[str]:
    found = {*names}
    last = [name for name in OUTSIDE if name in found]
    first = [name for name in dict.fromkeys(order) if name in found and name not in last]
    return [*first, *sorted(found - {*first, *last}), *last]


def _fill(ax: Axes, values: np.ndarray, gone: np.ndarray, *, top: float) -> None:
    """Write each share into its cell in %, without the sign, and dot what is hidden."""
    for (row, column), value in np.ndenumerate(values):
        if gone[row, column]:
            dot(ax, (column, row))
        elif np.isfinite(value) and value > 0 and values.shape[1] <= MOST_WRITTEN:
            ax.text(
                column + 0.5, row + 0.5, f"{100 * value:.0f}" if value >= 0.005 else "<1",
                ha="center", va="center", color=ink_on(value / top),
                fontsize=mpl.rcParams["figure.labelsize"],
            )  # fmt: skip


def _with_size(name: str, customers: float, hidden: bool) -> str:
    size = HIDDEN if hidden and is_missing(customers) else count(customers)
    return f"{wrap_name(name, lines=1, width=20)} ({size})"


def _from_to(row: pd.Series) -> str:
    before, now = (
        HIDDEN if row["gone"] and is_missing(row[name]) else count(row[name])
        for name in ("before", "now")
    )
    return f"{wrap_name(row['segment'], lines=1, width=22)}\n{before} to {now}"


def _around_zero(ax: Axes, values: pd.DataFrame) -> None:
    known = values.to_numpy()[np.isfinite(values.to_numpy())]
    low, high = known.min(initial=0), known.max(initial=0)
    room = 0.06 * ((high - low) or 1)
    ax.set_xlim(low - room, high + room)
