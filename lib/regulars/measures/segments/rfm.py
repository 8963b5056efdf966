"""Segments: scores for recency, frequency and money, and the names given to their cells."""

import warnings
from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import pandas as pd

from regulars.errors import StatisticalDoubt
from regulars.measures.engine import fetch, table_of
from regulars.measures.segments.cut_points import (
    base_cut_points,
    cuts_below,
    given_cut_points,
)
from regulars.measures.segments.grid import check_grid

__all__ = ["name_segments", "rfm_grid", "rfm_scores", "segment_summary"]

SCORED = {"r": "days_since_last", "f": "orders", "m": "spend"}


def rfm_scores(
    customers: ir.Table,
    *,
    bins: int = 5,
    cut_points: Mapping[str, Sequence[float] | None] | None = None,
) -> tuple[ir.Table, pd.DataFrame]:
    """Score every customer's recency, frequency and money from 1 to `bins`.

    The k-th cut point of a measure is its smallest value that at least k / bins of the customers do
    not exceed, unless cut points are given. F and M are 1 plus the number of cut points strictly
    below the customer's value: a value equal to a cut point stays in the lower score, so F 1 is
    whoever bought once where these are many. R is `bins` less that number, `bins` being the most
    recent; at a cut point the better score is kept. Scores depend on the value alone, so equal
    customers get equal scores; where scores stay empty, a doubt says which.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`: days_since_last, orders, spend.
    bins : int
        How many scores, at least 2.
    cut_points : mapping, optional
        From days_since_last (days), orders and spend (money) to bins − 1 numbers that do not fall.
        A measure that is absent or None is cut by the base.

    Returns
    -------
    scored : ibis.expr.types.Table
        `customers` with r, f, m added (1 is worst, `bins` best).
    cuts : pandas.DataFrame
        The cut points: measure (days_since_last, orders, spend), cut (1 to bins − 1), value.

    Raises
    ------
    ParameterError
        Naming the measure whose cut points are not as expected.

    Warns
    -----
    StatisticalDoubt
        Naming the measure and its empty scores, if any are.

    Notes
    -----
    The rule of Hughes (1994), Strategic Database Marketing, with quantiles of the distribution
    function (definition 1 of Hyndman & Fan 1996, The American Statistician 50, 361-365), so that
    a cut point is always a value that occurs. `rfm_r` has another rule, to compare.

    Examples
    --------
    >>> customers = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "orders": [1, 2],
    ...                                    "days_since_last": [9, 3], "spend": [10, 70]}))
    >>> scored, cuts = rfm_scores(customers, bins=2, cut_points={"spend": [20]})
    >>> fetch(scored.order_by("customer_id"))[["customer_id", "r", "f", "m"]]
      customer_id  r  f  m
    0         ann  1  1  1
    1         bob  2  2  2
    >>> cuts
               measure  cut  value
    0  days_since_last    1    3.0
    1           orders    1    1.0
    2            spend    1   20.0
    """
    if bins < 2:
        raise ValueError(f"Expected at least 2 bins, found {bins}. Use 5 for scores 1 to 5.")
    given = given_cut_points(cut_points or {}, known=SCORED.values(), bins=bins)
    others = [measure for measure in SCORED.values() if measure not in given]
    cuts = base_cut_points(customers, others, bins=bins) | given
    below = {score: cuts_below(customers[m], cuts.get(m, [])) for score, m in SCORED.items()}
    scored = customers.mutate(r=bins - below["r"], f=1 + below["f"], m=1 + below["m"])
    _doubt_empty_scores(scored, bins=bins, given=given)
    table = [
        (measure, cut, float(value))
        for measure in SCORED.values()
        for cut, value in enumerate(cuts.get(measure, []), start=1)
    ]
    return scored, pd.DataFrame(table, columns=["measure", "cut", "value"])


def name_segments(scored: ir.Table, grid: Sequence[Mapping], *, bins: int = 5) -> ir.Table:
    """Give every scored customer the segment of the R × F cell it stands in.

    Parameters
    ----------
    scored : ibis.expr.types.Table
        From `rfm_scores`: r, f and whatever else.
    grid : sequence of mapping
        Rectangles name, r, f, action; see `grid.check_grid`, which it has to pass.
    bins : int
        How many scores R and F have.

    Returns
    -------
    ibis.expr.types.Table
        `scored` with segment added; every customer once.

    Examples
    --------
    >>> scored = table_of(pd.DataFrame({"customer_id": ["ann"], "r": [2], "f": [1]}))
    >>> grid = [{"name": "here", "r": "2", "f": "1-2", "action": "thank"},
    ...         {"name": "gone", "r": "1", "f": "1-2", "action": "ask why"}]
    >>> fetch(name_segments(scored, grid, bins=2)).segment.tolist()
    ['here']
    """
    cells = table_of(check_grid(grid, bins=bins)[["r", "f", "segment"]])
    return scored.join(cells, ["r", "f"])


def segment_summary(named: ir.Table, grid: Sequence[Mapping], *, bins: int = 5) -> pd.DataFrame:
    """Say how large each segment is, what it brings, and what to do for it.

    Parameters
    ----------
    named : ibis.expr.types.Table
        From `name_segments`: segment, orders, spend, days_since_last.
    grid : sequence of mapping
        The grid the segments were named by.
    bins : int
        How many scores R and F have.

    Returns
    -------
    pandas.DataFrame
        One row per segment in the order of the grid, segments without customers too: segment,
        customers, customers_share, spend, spend_share (missing unless all spend is above zero),
        orders_mean, days_since_last_median (both missing without customers), action.

    Examples
    --------
    >>> named = table_of(pd.DataFrame({"segment": ["here", "here"], "orders": [1, 2],
    ...                                "spend": [10, 70], "days_since_last": [9, 3]}))
    >>> grid = [{"name": "here", "r": "2", "f": "1-2", "action": "thank"},
    ...         {"name": "gone", "r": "1", "f": "1-2", "action": "ask why"}]
    >>> segment_summary(named, grid, bins=2)[["segment", "customers", "orders_mean", "action"]]
      segment  customers  orders_mean   action
    0    here          2          1.5    thank
    1    gone          0          NaN  ask why
    """
    check_grid(grid, bins=bins)
    actions = {entry["name"]: entry["action"] for entry in grid}
    groups = named.group_by("segment").agg(
        customers=named.count(),
        spend=named.spend.sum().cast("float64"),
        orders=named.orders.sum().cast("int64"),
        days_since_last_median=named.days_since_last.median().cast("float64"),
    )
    found = fetch(groups).set_index("segment").reindex(pd.Index(actions, name="segment"))
    found = found.fillna({"customers": 0, "spend": 0.0, "orders": 0})
    customers, spend = found.customers.astype("int64"), found.spend
    total = spend.sum()
    return pd.DataFrame(
        {
            "customers": customers,
            "customers_share": customers / customers.sum(),
            "spend": spend,
            "spend_share": spend / total if total > 0 else float("nan"),
            "orders_mean": found.orders / customers,
            "days_since_last_median": found.days_since_last_median,
            "action": pd.Series(actions),
        }
    ).reset_index(names="segment")


def rfm_grid(named: ir.Table, grid: Sequence[Mapping], *, bins: int = 5) -> pd.DataFrame:
    """Count the customers in every cell of R × F.

    Parameters
    ----------
    named : ibis.expr.types.Table
        From `name_segments`: r, f.
    grid : sequence of mapping
        The grid the segments were named by.
    bins : int
        How many scores R and F have.

    Returns
    -------
    pandas.DataFrame
        bins² rows, empty cells too: r, f, customers, segment.

    Examples
    --------
    >>> named = table_of(pd.DataFrame({"r": [2, 2], "f": [1, 1]}))
    >>> grid = [{"name": "all", "r": "1-2", "f": "1-2", "action": "thank"}]
    >>> rfm_grid(named, grid, bins=2).customers.tolist()
    [0, 0, 2, 0]
    """
    cells = check_grid(grid, bins=bins)
    counts = fetch(named.group_by(["r", "f"]).agg(customers=named.count()))
    joined = cells.merge(counts, on=["r", "f"], how="left")
    joined["customers"] = joined.customers.fillna(0).astype("int64")
    return joined[["r", "f", "customers", "segment"]]


def _doubt_empty_scores(scored: ir.Table, *, bins: int, given: Mapping) -> None:
    """Say which scores nobody has; one pass counts them all."""
    numbers = range(1, bins + 1)
    sums = {f"{s}{number}": (scored[s] == number).sum() for s in SCORED for number in numbers}
    counts = fetch(scored.agg(**sums)).fillna(0).iloc[0]
    for score, measure in SCORED.items():
        empty = [str(number) for number in numbers if not counts[f"{score}{number}"]]
        if 0 < len(empty) < bins:
            why = (
                f"Nobody stands between some of the cut points given for {measure}"
                if measure in given
                else f"Too many customers share the same {measure} to fill all scores"
            )
            which = f"{score.upper()} {', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty"
            warnings.warn(f"{why}: {which}.", StatisticalDoubt, stacklevel=3)
