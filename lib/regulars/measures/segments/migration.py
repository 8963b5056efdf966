"""Migration: how customers moved between groups from one day to another.

What exceeds chance is said by `chance`, for the customers known on both days. New ones have no
group before, so no test looks at them; they are counted apart.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import DataError
from regulars.measures.engine import fetch
from regulars.measures.segments.chance import net_interval, paired_difference, sign_tests

__all__ = [
    "NOT_YET",
    "NO_LONGER",
    "fell_from",
    "known_on_both",
    "migration",
    "migration_shares",
    "migration_summary",
]

NOT_YET, NO_LONGER = "not_yet", "no_longer"
"""Where customers stand before their first day in a group, and after their last."""

UNNAMED = "no_segment"


def migration(before: ir.Table, now: ir.Table) -> pd.DataFrame:
    """Count the customers by where they were and where they are.

    Parameters
    ----------
    before, now : ibis.expr.types.Table
        customer_id and segment, one row per customer, by any grouping.

    Returns
    -------
    pandas.DataFrame
        from, to, customers, ordered; pairs without customers are absent. Every customer of either
        table is counted once: from ``not_yet`` who is not in `before`, to ``no_longer`` who is not
        in `now`.

    Raises
    ------
    DataError
        If a customer stands in one of the tables twice.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> before = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "segment": ["vip", "vip"]}))
    >>> now = table_of(pd.DataFrame({"customer_id": ["ann", "cyd"], "segment": ["vip", "new"]}))
    >>> migration(before, now)
          from         to  customers
    0  not_yet        new          1
    1      vip  no_longer          1
    2      vip        vip          1
    """
    pairs = _pairs(before, now)
    groups = pairs.group_by(["was", "segment"])
    counted = fetch(groups.agg(customers=pairs.count(), often=pairs.rows.max()))
    if (counted.often > 1).any():
        raise DataError(
            "Expected every customer in one segment a day, found some in several. Give each "
            "customer one row a table."
        )
    moves = counted.rename(columns={"was": "from", "segment": "to"})[["from", "to", "customers"]]
    moves = moves.astype({"from": "str", "to": "str", "customers": "int64"})
    return moves.sort_values(["from", "to"], ignore_index=True)


def fell_from(before: ir.Table, now: ir.Table, segment: str) -> ir.Table:
    """List the customers who were in a segment and are no more.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, was (the segment left), segment (where they are now).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> before = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "segment": ["vip", "vip"]}))
    >>> now = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "segment": ["vip", "new"]}))
    >>> fetch(fell_from(before, now, "vip"))
      customer_id  was segment
    0         bob  vip     new
    """
    pairs = _pairs(before, now)
    left = pairs.filter(pairs.was == segment, pairs.segment != segment)
    return left.select("customer_id", "was", "segment")


def migration_shares(moves: pd.DataFrame, *, order: Sequence[str] = ()) -> pd.DataFrame:
    """Complete the moves to a full square of groups, with the share of each group that went where.

    Parameters
    ----------
    moves : pandas.DataFrame
        From `migration`.
    order : sequence of str
        How the groups stand; groups not named follow in alphabetical order.

    Returns
    -------
    pandas.DataFrame
        from, to, customers (0 where nobody went), share (of the customers from there; missing where
        there were none), n (customers from there); not_yet is the last row, no_longer the last
        column, each only if there is somebody.

    Examples
    --------
    >>> moves = pd.DataFrame({"from": ["vip", "vip"], "to": ["new", "vip"], "customers": [1, 3]})
    >>> migration_shares(moves, order=["vip"])
      from   to  customers  share  n
    0  vip  vip          3   0.75  4
    1  vip  new          1   0.25  4
    2  new  vip          0    NaN  0
    3  new  new          0    NaN  0
    """
    groups = _groups(moves, order=order)
    rows = [*groups, *({NOT_YET} & {*moves["from"]})]
    columns = [*groups, *({NO_LONGER} & {*moves["to"]})]
    every = pd.MultiIndex.from_product([rows, columns], names=["from", "to"])
    full = moves.set_index(["from", "to"]).reindex(every, fill_value=0).reset_index()
    full["n"] = full.groupby("from").customers.transform("sum")
    full["share"] = full.customers / full.n.where(full.n > 0)
    return full[["from", "to", "customers", "share", "n"]]


def migration_summary(
    moves: pd.DataFrame, *, order: Sequence[str] = (), level: float = 0.95
) -> pd.DataFrame:
    """Say for each group how it changed, and whether its change exceeds chance.

    Parameters
    ----------
    moves : pandas.DataFrame
        From `migration`.
    order : sequence of str
        How the groups stand; groups not named follow in alphabetical order.
    level : float
        Of the intervals, and of the tests of all groups together.

    Returns
    -------
    pandas.DataFrame
        One row per group: segment, before, now (customers), stayed, came_in, went_out (among
        groups), new (from not_yet), gone (to no_longer), n (customers known on both days).

        Of the whole group: net (now − before, with net_low and net_high), net_p_holm (whether as
        many came, new ones too, as left), net_exceeds_chance.

        Of the customers known on both days: change ((came_in − went_out) / n, with low and high),
        p, p_holm, exceeds_chance; change to p_holm are missing without any. Customers fall silent
        as they age, and new ones take their place: these tell of ageing, the net tells of growth.

    Notes
    -----
    See `chance` for the tests, which are held to the level over all groups, and the intervals.

    Examples
    --------
    >>> moves = pd.DataFrame({"from": ["a", "a", "b", "b", "not_yet"], "customers": [5, 9, 1, 5, 4],
    ...                       "to": ["a", "b", "a", "b", "a"]})
    >>> found = migration_summary(moves)
    >>> found[["segment", "before", "now", "came_in", "went_out", "new", "net"]]
      segment  before  now  came_in  went_out  new  net
    0       a      14   10        1         9    4   -4
    1       b       6   14        9         1    0    8
    >>> found.p.round(4).tolist()
    [0.0215, 0.0215]
    """
    known = known_on_both(moves, order=order)
    names, n = known.index, int(known.to_numpy().sum())
    stayed = pd.Series(np.diag(known), names)
    came_in, went_out = known.sum(axis=0) - stayed, known.sum(axis=1) - stayed
    new = moves[moves["from"] == NOT_YET].set_index("to").customers.reindex(names, fill_value=0)
    gone = moves[moves["to"] == NO_LONGER].set_index("from").customers
    gone = gone.reindex(names, fill_value=0)
    before, now = stayed + went_out + gone, stayed + came_in + new
    counts = {"before": before, "now": now, "stayed": stayed, "came_in": came_in}
    counts |= {"went_out": went_out, "new": new, "gone": gone, "net": now - before}
    others = n - stayed - came_in - went_out
    change = paired_difference(np.array([stayed, went_out, came_in, others]), level=level)
    net = net_interval(came_in + new, went_out + gone, level=level)
    tests = sign_tests(came_in, went_out, level=level)
    of_net = sign_tests(came_in + new, went_out + gone, level=level)
    net |= {f"net_{name}": of_net[name] for name in ("p_holm", "exceeds_chance")}
    found = pd.DataFrame(counts | net | {"n": n} | change | tests, names).rename_axis("segment")
    found.loc[found.n == 0, ["p", "p_holm"]] = np.nan
    return found.reset_index()


def known_on_both(moves: pd.DataFrame, *, order: Sequence[str] = ()) -> pd.DataFrame:
    """Lay out the moves of the customers known on both days as a square.

    Returns
    -------
    pandas.DataFrame
        Customers by group before (index) and now (columns), the same groups in the same order.

    Examples
    --------
    >>> moves = pd.DataFrame({"from": ["a", "not_yet"], "to": ["b", "b"], "customers": [9, 1]})
    >>> known_on_both(moves).to_numpy().tolist()
    [[0, 9], [0, 0]]
    """
    groups = _groups(moves, order=order)
    known = moves[moves["from"].isin(groups) & moves["to"].isin(groups)]
    wide = known.pivot_table(index="from", columns="to", values="customers", aggfunc="sum")
    return wide.reindex(index=groups, columns=groups).fillna(0).astype("int64")


def _pairs(before: ir.Table, now: ir.Table) -> ir.Table:
    """Return a row for each customer: customer_id, was, segment, rows (1 unless one is twice)."""
    nowhere = ibis.null("string")
    was, segment = before.segment.fill_null(UNNAMED), now.segment.fill_null(UNNAMED)
    first = before.select("customer_id", was=was, segment=nowhere)
    both = first.union(now.select("customer_id", was=nowhere, segment=segment))
    return both.group_by("customer_id").agg(
        was=ibis.coalesce(both.was.max(), NOT_YET),
        segment=ibis.coalesce(both.segment.max(), NO_LONGER),
        rows=ibis.greatest(both.was.count(), both.segment.count()),
    )


def _groups(moves: pd.DataFrame, *, order: Sequence[str]) -> list[str]:
    """Return the groups customers can be in on either day, in their order."""
    found = ({*moves["from"]} | {*moves["to"]}) - {NOT_YET, NO_LONGER}
    return [*dict.fromkeys(name for name in order if name in found), *sorted(found - {*order})]
