"""Charts of the purchase models: whether they beat plain rules, and what they say."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regulars.show.axes import counts, from_zero, label_ends, mark, under
from regulars.show.figure import blank, chart
from regulars.show.findings import count, number
from regulars.show.hidden import dot_bars, hidden_rows
from regulars.show.labels import wrap_name
from regulars.show.model_lines import colour_of, model_line
from regulars.show.style import palette
from regulars.small_groups import HIDDEN

__all__ = ["calibration", "contest_bars", "p_alive_histogram", "tracking"]

_AT_THE_RIGHT = {"ha": "right", "va": "center"}


@chart
def contest_bars(contest: pd.DataFrame) -> Figure:
    """Draw the holdout error of models and plain rules, the best first.

    Parameters
    ----------
    contest : DataFrame
        ``name`` (text), ``kind`` (``model`` or ``rule``), ``mae`` (purchase days per customer).

    Examples
    --------
    >>> contest = pd.DataFrame({"name": ["always_zero", "mbg_nbd"], "kind": ["rule", "model"],
    ...                         "mae": [.7985, .7648]})
    >>> [label.get_text() for label in contest_bars(contest).axes[0].get_yticklabels()]
    ['MBG/NBD', 'Nobody buys again']
    """
    rows = contest.sort_values("mae", kind="stable")
    fig, ax = blank(rows=1.2 * len(rows) + 3)
    places, errors = np.arange(len(rows)), rows["mae"].astype(float)
    paint = {"model": palette().highlight, "rule": palette().pale}
    ax.barh(places, errors.fillna(0), color=[paint[kind] for kind in rows["kind"]], height=0.7)
    # In a column of their own, so that the line of the best rule does not cross them.
    for place, error in zip(places, errors, strict=True):
        ax.text(1, place, number(error, 3), transform=ax.get_yaxis_transform(), **_AT_THE_RIGHT)
    ax.set_yticks(places, [wrap_name(name) for name in rows["name"]])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    from_zero(ax, errors * 1.15, direction="x")
    counts(ax.xaxis)
    _mark_best_rule(ax, rows)
    ax.set_xlabel("Mean absolute error\n[purchase days per customer]")
    return fig


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
    _draw_actual(ax, places, actual)
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
def tracking(tracking: pd.DataFrame, *, speaks: str | None = None) -> Figure:
    """Draw the cumulative repeat purchase days by week against what the models expect.

    Parameters
    ----------
    tracking : DataFrame
        ``week`` (1, 2, …), ``actual`` and one column per model (cumulative repeat purchase days),
        ``part`` (``calibration`` or ``holdout``).
    speaks : str, optional
        The model that is highlighted.

    Examples
    --------
    >>> rows = pd.DataFrame({"week": [1, 2], "actual": [5, 9], "bg_nbd": [4, 8],
    ...                      "mbg_nbd": [4, 9], "part": ["calibration", "holdout"]})
    >>> [text.get_text() for text in tracking(rows).axes[0].texts][1:]
    ['BG/NBD', 'MBG/NBD', 'actual']
    """
    fig, ax = blank()
    rows = tracking.sort_values("week")
    weeks = rows["week"].astype(float)
    models = [name for name in rows if name not in ("week", "day", "actual", "part")]
    ax.plot(weeks, rows["actual"].astype(float), color=palette().ink)
    ends = [(float(rows["actual"].iloc[-1]), "actual", palette().ink)]
    for name in models:
        colour = model_line(ax, weeks, rows[name], name=name, speaks=speaks)
        ends.append((float(rows[name].iloc[-1]), wrap_name(name, width=18), colour))
    from_zero(ax, rows[["actual", *models]].to_numpy(dtype=float).ravel())
    ax.set_xlim(0, max(weeks.max(), 1))
    fitted = weeks[rows["part"] == "calibration"]
    if not fitted.empty:
        mark(ax, fitted.max(), "fitted up to here")
    label_ends(ax, weeks.iloc[-1], ends)
    counts(ax.xaxis)
    counts(ax.yaxis)
    ax.set_xlabel("Weeks since the first purchase of all")
    ax.set_ylabel("Repeat purchase days\n[cumulative]")
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


def _draw_actual(ax: Axes, places: np.ndarray, actual: pd.DataFrame) -> None:
    """Draw the actual means as points with their 95 % interval, where there is one."""
    low, high = actual["actual_low"].astype(float), actual["actual_high"].astype(float)
    mean = actual["actual_mean"].astype(float)
    ax.vlines(places, low, high, color=palette().ink, linewidth=1.2)
    ax.plot(places, mean, color=palette().ink, marker="o", linestyle="none")


def _mark_best_rule(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw a line at the error that a model has to stay under."""
    rules = rows.loc[rows["kind"] == "rule", "mae"].astype(float)
    if rules.notna().any():
        ax.axvline(rules.min(), color=palette().ink, linewidth=1, linestyle=(0, (3, 2)))
        ax.annotate(
            "best plain rule",
            (rules.min(), 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(0, 3),
            textcoords="offset points",
            ha="right",
        )
