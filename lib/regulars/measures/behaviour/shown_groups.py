"""Shown groups: retention of the same cohorts by group, hidden together with the triangle.

The groups share out the customers of the cohorts, so at each age those who bought add up to cells
of the triangle. What the triangle hides must not come back as a sum of groups.
"""

import numpy as np
import pandas as pd

from regulars.measures.behaviour.equal_ages import EqualAges
from regulars.measures.calendar_units import Every
from regulars.measures.cohort_layout import CohortLayout, Sums, places_of, problem_of
from regulars.measures.cohort_suppression import Triangle, laid_out
from regulars.measures.protection import protect
from regulars.measures.retention import rated
from regulars.measures.suppression import suppressed
from regulars.small_groups import LEAST

__all__ = ["ENOUGH", "MOST", "REST", "pooled_groups", "shown_groups"]

ENOUGH = 30  # customers, for a curve that is more than chance
MOST = 4  # curves that can be told apart in one chart
REST = ""  # customers of groups that are not shown, or of none


def pooled_groups(
    cells: pd.DataFrame, ages: EqualAges, *, most: int = MOST, k: int = LEAST
) -> pd.DataFrame:
    """Add up the cohorts of each of the largest groups, at ages that all have reached.

    Parameters
    ----------
    cells : DataFrame
        From `retention.grouped_retention`.
    ages : EqualAges
        Which cohorts, and up to which age.
    most : int
        How many groups to keep, each of 30 customers or more. All others are one rest.
    k : int
        The smallest count that is shown: no group is kept, and no rest left, that holds 1 to k - 1
        customers in these cohorts or outside of them.

    Returns
    -------
    DataFrame
        One row per group and age, the largest group first and the rest last (if anybody is in it):
        group (empty for the rest), age, customers, active.

    Examples
    --------
    >>> cells = pd.DataFrame({"group": ["app", "web"], "cohort": pd.Timestamp("1997-01-01"),
    ...     "age": 0, "customers": [30, 40], "active": [30, 40], "complete": True})
    >>> ages = EqualAges(pd.to_datetime(["1997-01-01"]), age=0, early=False)
    >>> pooled_groups(cells, ages).group.tolist()
    ['web', 'app']
    """
    inside = cells[cells.cohort.isin(ages.cohorts) & (cells.age <= ages.age)]
    kept = _kept(cells[cells.age == 0], inside[inside.age == 0], most=most, k=k)
    named = inside.assign(group=inside.group.where(inside.group.isin(kept), REST))
    sums = named.groupby(["group", "age"])[["customers", "active"]].sum().reset_index()
    place = sums.group.map({name: at for at, name in enumerate([*kept, REST])})
    ordered = sums.assign(place=place).sort_values(["place", "age"], ignore_index=True)
    return ordered.drop(columns="place").astype({"customers": "int64", "active": "int64"})


def shown_groups(
    pooled: pd.DataFrame,
    retention: pd.DataFrame,
    triangle: Triangle,
    *,
    ages: EqualAges,
    every: Every = "month",
    k: int = LEAST,
) -> pd.DataFrame:
    """Hide the small cells of groups, and what would give them or cells of the triangle away.

    Parameters
    ----------
    pooled : DataFrame
        From `pooled_groups`, with the rest.
    retention : DataFrame
        From `retention.cohort_retention`, before anything is hidden.
    triangle : Triangle
        What is hidden of it.
    ages : EqualAges
        The cohorts that were pooled.
    every : str
        ``week``, ``month`` or ``quarter``, of the cohorts.
    k : int
        The smallest count that is shown.

    Returns
    -------
    DataFrame
        One row per group and age, without the rest: group, age, customers, active, rate, low, high
        (Wilson 95 %), hidden (then active, rate, low and high are missing).
    """
    layout = laid_out(retention, triangle.sizes, every=every)
    later = pooled[pooled.age > 0]
    few = (_few(later.active, k) | _few(later.customers - later.active, k)).to_numpy()
    rest = (later.group == REST).to_numpy()
    blocks, sums = _with_groups(layout, later, ages)
    hidden, shown = _settled(layout, triangle)
    hidden |= {"of groups": few | rest, "not of groups": few | rest}
    # What all groups together bought is not written anywhere, but follows where all are shown.
    hidden |= {"together": np.ones(len(blocks["together"]), dtype=bool)}
    hidden |= {name: blocks[name] > 0 for name in ("inside", "outside")}
    shown |= {name: blocks[name] == 0 for name in ("inside", "outside")}
    shown |= {"sizes of groups": np.ones(len(later), dtype=bool)}
    problem, before = problem_of(blocks, sums, hidden=hidden, shown=shown)
    found, at = protect(problem, k=k, hidden=before), places_of(blocks)
    away = pd.Series(found[at["of groups"]] | found[at["not of groups"]], later.index)
    mask = away.reindex(pooled.index, fill_value=False)
    told = suppressed(rated(pooled), count="active", others=["rate", "low", "high"], mask=mask)
    return told[told.group != REST].reset_index(drop=True)


def _with_groups(layout: CohortLayout, groups: pd.DataFrame, ages: EqualAges) -> tuple[dict, Sums]:
    """Put the groups beside the triangle, with what both say of those who bought at each age."""
    together = groups.groupby("age").active.sum()
    here = layout.here[["cohort", "age", "active"]].reset_index(drop=True)
    here = here[here.cohort.isin(ages.cohorts)]
    # Of cohorts that were pooled some may have no cells in the triangle: they are inside.
    inside = together - here.groupby("age").active.sum().reindex(together.index, fill_value=0)
    in_mean = layout.mean.age.iloc[layout.ages]
    shared = in_mean[in_mean.isin(together.index)]
    older = pd.Series(layout.blocks["older"], index=in_mean.to_numpy())
    blocks = {
        **layout.blocks,
        "together": together.to_numpy(),
        "inside": inside.to_numpy(),
        "outside": (older - inside).reindex(shared).to_numpy(),
        "of groups": groups.active.to_numpy(),
        "not of groups": (groups.customers - groups.active).to_numpy(),
        "sizes of groups": groups.customers.to_numpy(),
    }
    at = places_of(blocks)
    sums = layout.sums()
    pairs = np.transpose([at["of groups"], at["not of groups"]])
    sums += zip(pairs, at["sizes of groups"], strict=True)
    for place, age in enumerate(together.index):
        cells = at["active"][here.index[here.age == age]]
        sums.append(([*cells, at["inside"][place]], at["together"][place]))
        sums.append((at["of groups"][(groups.age == age).to_numpy()], at["together"][place]))
    for place, age in enumerate(shared):
        parts = [at["inside"][together.index.get_loc(age)], at["outside"][place]]
        sums.append((parts, at["older"][in_mean.tolist().index(age)]))
    return blocks, sums


def _settled(layout: CohortLayout, triangle: Triangle) -> tuple[dict, dict]:
    """Return what is hidden and shown of the triangle, which is not to be changed again."""
    cells = triangle.cells.active.isna().to_numpy()[layout.after]
    quarters = triangle.quarters.to_numpy(dtype=bool)
    hidden = {
        "active": cells,
        "not": cells,
        "pooled": triangle.mean.active.isna().to_numpy()[layout.ages],
        "older": layout.blocks["older"] > 0,
        "returning": triangle.months.returning.to_numpy(dtype=bool),
        "people": triangle.months.customers.to_numpy(dtype=bool),
        "sizes": ~layout.sized,
        "quarters": quarters if len(quarters) else np.zeros(len(layout.blocks["quarters"]), bool),
    }
    shown = {name: ~mark for name, mark in hidden.items()}
    return hidden, shown | {"all": np.array([True])}


def _kept(everybody: pd.DataFrame, inside: pd.DataFrame, *, most: int, k: int) -> list[str]:
    """Return the largest groups, such that neither they nor the rest hold few customers."""
    counts = pd.DataFrame({"inside": inside.groupby("group").customers.sum()})
    counts = counts.reindex(sorted(set(everybody.group))).fillna(0).astype("int64")
    counts["outside"] = everybody.groupby("group").customers.sum() - counts.inside
    named = counts.drop(REST, errors="ignore").sort_values("inside", ascending=False, kind="stable")
    enough = (named.inside >= ENOUGH) & ~_few(named.outside, k)
    kept = named.index[enough][:most].tolist()
    while kept and _few(counts.drop(kept).sum(), k).any():
        kept.pop()
    return kept


def _few(counts: pd.Series, k: int) -> pd.Series:
    return (counts > 0) & (counts < k)
