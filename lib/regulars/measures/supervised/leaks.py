"""Leaks: whether a feature knows anything of the days after the cut.

The test takes everything away that was not known at the cut, computes the features again, and holds
them against those from the whole tables. A feature that looks ahead differs.
"""

from collections.abc import Callable
from datetime import date

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date, fetch
from regulars.measures.supervised.features import Tables, customer_features

__all__ = ["known_then", "leaks"]

STAMPS = {
    "purchases": "day",
    "interactions": "opened_at",
    "surveys": "responded_at",
    "subscriptions": "started_at",
    "campaign_contacts": "contacted_at",
}
"""The time from which a row of each table is known."""

# What is judged or comes out later, and has no time of its own.
LATER = ("resolved", "csat", "is_outlier", "returns_a_sale")


def known_then(tables: Tables, *, cut: str | date) -> dict[str, ir.Table]:
    """Return the tables as they stood at the end of a day.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        As for `features.customer_features`.
    cut : str or datetime.date
        Last day known, inclusive.

    Returns
    -------
    dict of str to ibis.expr.types.Table
        Without the rows that came later (a row without its time is gone as well); times after the
        cut, and columns that may have been filled in later, are missing.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 10)])
    >>> then = known_then({"purchases": purchases}, cut="1997-01-31")["purchases"]
    >>> then.count().to_pyarrow().as_py()
    1
    """
    day = ibis.literal(as_date(cut))
    return {
        name: _blanked(table.filter(table[STAMPS[name]].cast("date") <= day), day)
        for name, table in tables.items()
        if name in STAMPS
    }


def leaks(
    tables: Tables,
    *,
    cut: str | date,
    features: Callable[..., ir.Table] = customer_features,
) -> list[str]:
    """Name the features that change once the days after the cut are taken away.

    Parameters
    ----------
    tables : mapping of str to ibis.expr.types.Table
        As for `features.customer_features`.
    cut : str or datetime.date
        Last day known, inclusive.
    features : function
        Takes the tables and ``as_of=``, and returns customer_id and numbers.

    Returns
    -------
    list of str
        In the order of the columns; ``customer_id`` is among them if it is not the same customers.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 10)])
    >>> leaks({"purchases": purchases}, cut="1997-01-31")
    []
    """
    whole = features(tables, as_of=cut)
    then = features(known_then(tables, cut=cut), as_of=cut)
    both = whole.outer_join(then, "customer_id", rname="{name}_then")
    differ = {
        name: (~both[name].identical_to(both[f"{name}_then"])).sum() for name in whole.columns
    }
    found = fetch(both.agg(**differ)).iloc[0]
    return [name for name in whole.columns if found[name] > 0]


def _blanked(table: ir.Table, day: ir.DateScalar) -> ir.Table:
    """Take away what cannot have been known yet in rows that were there already."""
    times = {
        name: ibis.ifelse(table[name].cast("date") <= day, table[name], None)
        for name, kind in table.schema().items()
        if kind.is_temporal()
    }
    later = {name: ibis.null(table[name].type()) for name in LATER if name in table.columns}
    return table.mutate(**times, **later)
