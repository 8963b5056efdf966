"""Charts of the purchase models: what they expect, what came, and who is still a customer."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, label_ends, under
from regulars.show.dots import dot_columns
from regulars.show.figure import blank, chart
from regulars.show.findings import count
from regulars.show.hidden import dot_bars, hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.model_lines import colour_of, model_line
from regulars.show.style import palette
from regulars.small_groups import HIDDEN

__all__ = ["calibration", "p_alive_histogram"]


@chart
def calibration(calibration: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw predicted and actual purchase days by the number of past ones.

    Parameters
    ----------
    calibration : DataFrame
        ``name`` (model), ``repeat_days`` (label of the group), ``customers`` (int),
        ``predicted_mean``, ``actual_mean``, ``actual_low``, ``actual_high`` (days per customer)
        and, where groups are hidden, ``hidden`` (bool).
    speaks : str, optional
        The model that is highlighted.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["mbg_nbd"] * 2, "repeat_days": ["0", "1"],
    ...     "customers": [1411, 439], "predicted_mean": [.2, .6], "actual_mean": [.24, .7],
    ...     "actual_low": [.2, .6], "actual_high": [.28, .8]})
    >>> [text.get_text() for text in calibration(rows).axes[0].texts]
    ['1,411', '439', 'customers', 'MBG/NBD', 'actual']
    """
    fig, ax = blank()
    actual = calibration.drop_duplicates("repeat_days").set_index("repeat_days")
    places = np.arange(len(actual))
    ends = []
    for name, rows in calibration.groupby("name", sort=True):
        predicted = rows.set_index("repeat_days")["predicted_mean"].reindex(actual.index)
        line = model_line(ax, places, predicted, name=name, speaks=speaks, marker="s")
        ends.append((_last(predicted), wrap_name(name, width=18), line))
    ends_of = ("actual_low", "actual_high")
    dot_columns(ax, places, actual, value="actual_mean", ends=ends_of, colour=palette().ink)
    ends.append((_last(actual["actual_mean"]), "actual", palette().ink))
    from_zero(ax, [*calibration["predicted_mean"], *actual["actual_mean"], *actual["actual_high"]])
    counts(ax.yaxis)
    ax.set_xlim(-0.3, len(actual) - 0.7)
    ax.set_xticks(places, [wrap_name(label, width=7, lines=1) for label in actual.index])
    sizes = zip(actual["customers"], hidden_rows(actual), strict=True)
    under(ax, places, [HIDDEN if gone else count(n) for n, gone in sizes], title="customers")
    label_ends(ax, places[-1], ends)
    ax.set_xlabel("Repeat purchase days before the held-out period")
    ax.set_ylabel("Later purchase days\n[mean per customer]")
    return fig


@chart
def p_alive_histogram(p_alive_distribution: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw how many customers have which P(alive), one panel a model, on the same scale.

    The model that speaks comes first.

    Parameters
    ----------
    p_alive_distribution : DataFrame
        ``name`` (model), ``p_alive_from``, ``p_alive_to`` (0 to 1), ``customers`` (int) and, where
        counts are hidden, ``hidden`` (bool).
    speaks : str, optional
        The model that is highlighted.

    Examples
    --------
    >>> bins = pd.DataFrame({"name": ["bg_nbd", "mbg_nbd"], "p_alive_from": [.95, .4],
    ...                      "p_alive_to": [1, .45], "customers": [1411, 900]})
    >>> [ax.get_title("left") for ax in p_alive_histogram(bins, speaks="mbg_nbd").axes]
    ['MBG/NBD, 900 customers', 'BG/NBD, 1,411 customers']
    """
    names = sorted(p_alive_distribution["name"].unique(), key=lambda name: (name != speaks, name))
    fig, ax = blank(rows=6 * len(names) + 1.5)
    ax.remove()
    panels = fig.subplots(len(names), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    for panel, name in zip(panels, names, strict=True):
        rows = p_alive_distribution[p_alive_distribution["name"] == name]
        start, end = rows["p_alive_from"].astype(float), rows["p_alive_to"].astype(float)
        panel.bar(
            start,
            rows["customers"].astype(float),
            width=end - start,
            align="edge",
            color=palette().highlight if name == speaks else palette().pale,
            edgecolor="white",
        )
        away = hidden_rows(rows)
        dot_bars(panel, start[away].to_numpy(), (end - start)[away].to_numpy())
        # The sum of what is shown would give away what is not.
        total = "" if away.any() else f", {count(rows['customers'].sum())} customers"
        panel.set_title(wrap_name(name, width=20, lines=1) + total, color=colour_of(name, speaks))
        panel.grid(axis="y")
        panel.set_ylabel("Customers")
    from_zero(panels[0], p_alive_distribution["customers"].astype(float))
    counts(panels[0].yaxis)
    panels[0].set_xlim(0, 1)
    panels[-1].set_xlabel("P(alive): probability of still being a customer")
    return fig


def _last(values: pd.Series) -> float:
    """Return the last value that is known, where the name of a line stands."""
    known = values.astype(float).dropna()
    return float(known.iloc[-1]) if len(known) else float("nan")
