"""Levels: customers of each group by the values of a text, or by yes and no."""

from collections.abc import Iterator, Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import fetch

__all__ = ["NO", "REST", "UNKNOWN", "YES", "by_level", "counts_of_levels"]

YES, NO = "true", "false"
"""How engines write yes and no."""

REST, UNKNOWN = "\0rest", "\0unknown"
"""The rarer values together, and no value; no text of a customer is ever one of these."""

MOST_LEVELS = 12


def counts_of_levels(joined: ir.Table, names: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Count the customers of each group by value, for all columns in one query.

    Parameters
    ----------
    joined : ibis.expr.types.Table
        segment and the columns `names`, of text or yes and no; one row per customer.
    names : sequence of str
        Which columns.

    Yields
    ------
    tuple of str and pandas.DataFrame
        The column, and its segment, level (None where not known), customers, measure.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> joined = table_of(pd.DataFrame({"segment": ["a", "a"], "active": [True, None]}))
    >>> [(name, len(counts)) for name, counts in counts_of_levels(joined, ["active"])]
    [('active', 2)]
    """
    counts = [
        joined.group_by("segment", level=joined[name].cast("string"))
        .agg(customers=joined.count())
        .mutate(measure=ibis.literal(name))
        for name in names
    ]
    if counts:
        found = fetch(ibis.union(*counts) if len(counts) > 1 else counts[0])
        yield from found.groupby("measure")


def by_level(counts: pd.DataFrame, groups: pd.Index) -> pd.DataFrame:
    r"""Lay counts out as a table: groups by value, the most frequent first.

    Parameters
    ----------
    counts : pandas.DataFrame
        Of one column, from `counts_of_levels`.
    groups : pandas.Index
        The groups, in their order.

    Returns
    -------
    pandas.DataFrame
        Customers; index the groups, columns the twelve most frequent values; if there are any,
        the customers of unknown value and those of rarer values follow.

    Examples
    --------
    >>> counts = pd.DataFrame({"segment": ["a", "a"], "level": ["web", None], "customers": [3, 2]})
    >>> by_level(counts, pd.Index(["a", "b"])).to_numpy().tolist()
    [[3, 2], [0, 0]]
    """
    counts = counts.assign(level=counts.level.fillna(UNKNOWN))
    wide = counts.pivot_table(index="segment", columns="level", values="customers", aggfunc="sum")
    wide = wide.reindex(groups).fillna(0).astype("int64")
    usual = wide.drop(columns=UNKNOWN, errors="ignore").sum().sort_index()
    usual = usual.sort_values(ascending=False, kind="stable").index[:MOST_LEVELS]
    rare = wide.drop(columns=[*usual, UNKNOWN], errors="ignore").sum(axis=1)
    table = wide[[*usual, *({UNKNOWN} & {*wide})]]
    return table.assign(**{REST: rare}) if rare.any() else table
