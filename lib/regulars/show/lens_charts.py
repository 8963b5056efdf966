"""Charts of one period and of two: how spend is spread, what makes it up, what changed it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero
from regulars.show.figure import blank, chart
from regulars.show.findings import number, share
from regulars.show.formats import format_values
from regulars.show.hidden import dot_bars, hidden_rows
from regulars.show.labels import axis_name, in_short
from regulars.show.style import palette
from regulars.show.text import is_missing

__all__ = ["change_bars", "driver_bars", "spend_histogram"]

_MOST_NAMED = 8
_EFFECTS = {
    "customers": "Number of customers",
    "orders": "Orders per customer",
    "value": "Value per order",
    "only_returns": "Returns of customers\nwithout a purchase",
    "total": "All together",
}
_DRIVERS = {
    "orders_per_customer": "Orders per customer",
    "value_per_order": "Value per order",
    "margin_share": "Margin share of spend",
}


@chart
def spend_histogram(frame: pd.DataFrame, *, currency: str) -> Figure:
    r"""Draw how many customers spent how much; a bin that is hidden is dotted.

    Parameters
    ----------
    frame : DataFrame
        ``spend_from``, ``spend_to`` (money, ends of a bin; the first or the last may be open, and
        is then missing), ``customers`` (whole numbers; missing where hidden) and, where known,
        ``hidden`` (bool).
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> frame = pd.DataFrame({"spend_from": [0.0, 10.0], "spend_to": [10.0, None],
    ...                       "customers": [30, 12]})
    >>> ax = spend_histogram(frame, currency="USD").axes[0]
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['0', '10 and\nmore']
    """
    fig, ax = blank()
    rows = frame.sort_values(["spend_to", "spend_from"], ignore_index=True)
    values = rows["customers"].astype(float)
    ax.bar(range(len(rows)), values.fillna(0), color=palette().highlight, width=0.9)
    from_zero(ax, values)
    dot_bars(ax, np.flatnonzero(hidden_rows(rows)) - 0.45, 0.9)
    counts(ax.yaxis)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    places, names = _bin_names(rows)
    ax.set_xticks(places, names)
    ax.set_xlim(-0.6, len(rows) - 0.4)
    ax.set_xlabel(axis_name("Spend of a customer in the period, from", currency))
    ax.set_ylabel("Customers")
    return fig


@chart
def driver_bars(drivers: pd.DataFrame, *, currency: str) -> Figure:
    """Draw what the spend of each tenth is made of, a panel a factor; the first is highlighted.

    Parameters
    ----------
    drivers : DataFrame
        ``decile`` (1 = highest spend), ``orders_per_customer``, ``value_per_order`` (money),
        ``margin_share`` (0 to 1; its panel is left out where all are missing).
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> drivers = pd.DataFrame({"decile": [1, 2], "orders_per_customer": [9.0, 2.0],
    ...                         "value_per_order": [50.0, 30.0], "margin_share": [None, None]})
    >>> [ax.get_title("left") for ax in driver_bars(drivers, currency="USD").axes]
    ['Orders per customer', 'Value per order [USD]']
    """
    rows = drivers.sort_values("decile")
    known = [name for name in _DRIVERS if name != "margin_share" or rows[name].notna().any()]
    fig, ax = blank(rows=5 * len(known) + 1.5)
    ax.remove()
    panels = fig.subplots(len(known), 1, sharex=True, squeeze=False)[:, 0]
    for panel, name in zip(panels, known, strict=True):
        _draw_driver(panel, rows, name)
        unit = currency if name == "value_per_order" else "%" if name == "margin_share" else None
        panel.set_title(axis_name(_DRIVERS[name], unit))
    panels[-1].set_xticks(range(len(rows)), [f"{tenth:.0f}" for tenth in rows["decile"]])
    panels[-1].set_xlabel("Tenths of the period's customers, highest spend first")
    return fig


@chart
def change_bars(effects: pd.DataFrame, *, currency: str) -> Figure:
    """Draw what made spend rise or fall, with the interval of each where it has one.

    Parameters
    ----------
    effects : DataFrame
        ``effect`` (``customers``, ``orders``, ``value``, ``only_returns``, ``total``), ``change``
        (money; only_returns is left out where it is 0), ``low``, ``high`` (ends of the 95 %
        interval; may be missing).
    currency : str
        The currency of the amounts.

    Examples
    --------
    >>> effects = pd.DataFrame({"effect": ["customers", "total"], "change": [-50.0, -50.0],
    ...                         "low": [-90.0, None], "high": [-10.0, None]})
    >>> ax = change_bars(effects, currency="USD").axes[0]
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Number of customers', 'All together']
    """
    order = list(_EFFECTS)
    nothing = (effects["effect"] == "only_returns") & (effects["change"].astype(float) == 0)
    rows = effects[effects["effect"].isin(order) & ~nothing]
    rows = rows.assign(place=rows["effect"].map(order.index)).sort_values("place")
    fig, ax = blank(rows=2.1 * len(rows) + 2.5)
    values, places = rows["change"].astype(float), np.arange(len(rows))
    low, high = rows["low"].astype(float), rows["high"].astype(float)
    colours = [palette().highlight if one == "total" else palette().pale for one in rows["effect"]]
    ax.barh(places, values.fillna(0), color=colours, height=0.62)
    ax.hlines(places, low, high, color=palette().ink, linewidth=1.4)
    ax.axvline(0, color=palette().grey, linewidth=0.8)
    _write_amounts(ax, rows, currency)
    ax.set_yticks(places, [_EFFECTS[one] for one in rows["effect"]])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.spines["left"].set_visible(False)
    counts(ax.xaxis)
    ax.set_xlabel(axis_name("Change of spend; line: 95 % interval", currency))
    return fig


def _draw_driver(ax: Axes, rows: pd.DataFrame, name: str) -> None:
    values = rows[name].astype(float)
    paint = [palette().highlight if tenth == 1 else palette().pale for tenth in rows["decile"]]
    bars = ax.bar(range(len(rows)), values.fillna(0), color=paint, width=0.8)
    ax.bar_label(bars, [_driver_text(name, value, values) for value in values], padding=2)
    from_zero(ax, [*values * 1.15])
    ax.set_yticks([])
    ax.set_xlim(-0.6, len(rows) - 0.4)
    ax.spines["left"].set_visible(False)


def _driver_text(name: str, value: float, values: pd.Series) -> str:
    if is_missing(value) or name == "value_per_order":
        return in_short(value)
    if name == "margin_share":
        return share(value).split("\u00a0")[0]
    return in_short(value) if values.abs().max() >= 100 else number(value, 1)


def _bin_names(rows: pd.DataFrame) -> tuple[list[int], list[str]]:
    """Name some bins by where they begin; an open one by what it holds."""
    step = next(step for step in (1, 2, 4, 5, 10, 100) if len(rows) <= _MOST_NAMED * step)
    opens = rows["spend_from"].isna() & rows["spend_to"].notna()
    closed = rows.index[~opens & rows["spend_to"].notna()]
    named = {place: in_short(rows["spend_from"][place]) for place in closed[::step]}
    named |= {place: f"below\n{in_short(rows['spend_to'][place])}" for place in rows.index[opens]}
    last = rows.index[-1]
    if is_missing(rows["spend_to"][last]):
        # What stands too near to the last name would touch it.
        named = {place: name for place, name in named.items() if place < last - step / 2}
        named[last] = f"{in_short(rows['spend_from'][last])} and\nmore"
    places = sorted(named)
    return places, [named[place] for place in places]


def _write_amounts(ax: Axes, rows: pd.DataFrame, currency: str) -> None:
    """Write each amount beside its bar, outside the interval."""
    values = rows[["change", "low", "high"]].astype(float)
    ends = [0.0, *values.to_numpy().ravel()[np.isfinite(values.to_numpy().ravel())]]
    reach = max(ends) - min(ends) or 1.0
    ax.set_xlim(min(ends) - 0.32 * reach * (min(ends) < 0), max(ends) + 0.32 * reach)
    written = format_values(values["change"], f"money:{currency}")
    for place, row in enumerate(values.itertuples()):
        known = [end for end in row[1:] if np.isfinite(end)] or [0.0]
        left = bool(row.change < 0)
        ax.annotate(
            written[place],
            (min(known) if left else max(known), place),
            xytext=(-5 if left else 5, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
        )
