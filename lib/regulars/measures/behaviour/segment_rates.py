"""Segment rates: who buys again, by the segment customers were in before.

The segments of today are made of the same purchases that are asked about, and would only say that
frequent buyers buy frequently. So customers are grouped by what was known when the period began.

Another page shows how these segments moved, and so how many of each there were. Beside it, who
bought in the period would tell who fell silent in it: so a size is shown here only if it follows
from what is shown there.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.behaviour.horizon import hidden_waits, share_within
from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import Estimate, wilson_bounds
from regulars.measures.repurchase import waits
from regulars.measures.segments.migration import (
    NOT_YET,
    migration,
    migration_shares,
    migration_summary,
)
from regulars.measures.segments.moves_shown import moves_shown
from regulars.measures.segments.windows import SILENT
from regulars.measures.suppression import suppressed

__all__ = ["CAME_SINCE", "segment_estimates", "segment_rates"]

CAME_SINCE = "came_since"
"""Whoever bought for the first time in the period, and was in no segment before it."""

SOON = ["share", "low", "high"]
NUMBERS = ["rate", "rate_low", "rate_high", *SOON]


def segment_rates(
    purchases: ir.Table,
    before: ir.Table,
    now: ir.Table,
    *,
    as_of: str | date,
    since: str | date,
    days: int,
    order: Sequence[str] = (),
) -> pd.DataFrame:
    """Estimate who bought again in a period, by the segment they were in before it.

    Only customers who bought in the period count; their waiting begins with their first purchase
    day in it. Who bought again soon compares segments: all are asked about as many days. The rate
    of the whole period does not, as those who come in late have less of it left.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    before, now : ibis.expr.types.Table
        customer_id, segment, as known at the end of `since` and of `as_of`: from
        `windows.windowed_segments`.
    as_of : str or datetime.date
        Last day of the period, inclusive.
    since : str or datetime.date
        The day before the period.
    days : int
        The h of "within h days".
    order : sequence of str
        How the segments stand in the table of moves: where it could hide one of two, it goes by it.

    Returns
    -------
    pandas.DataFrame
        A row per segment with a customer who bought, or where that is hidden; most customers
        first and hidden ones last, ``came_since`` for those in none: segment, customers, rate (two
        or more purchase days in the period), rate_low, rate_high (Wilson, 95 %), share (bought
        again within `days` of their first purchase day in the period, Kaplan-Meier; missing where
        fewer than ten were watched so long), low, high, hidden (something in the row is: the
        share, or all of it).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> from regulars.measures.examples import purchases_of
    >>> lines = [(f"c{place}", "1997-01-05", 9) for place in range(60)]
    >>> lines += [(f"c{place}", "1997-01-09", 9) for place in range(20)]
    >>> before = table_of(pd.DataFrame({"customer_id": [f"c{place}" for place in range(60)],
    ...                                 "segment": "loyal"}))
    >>> found = segment_rates(purchases_of(lines), before, before, as_of="1997-03-31",
    ...                       since="1996-12-31", days=30)
    >>> found[["segment", "customers", "rate", "share"]].round(2)
      segment  customers  rate  share
    0   loyal         60  0.33   0.33
    """
    counts = _counts(purchases, before, as_of=as_of, since=since)
    if counts.empty:
        empty = pd.DataFrame(columns=["segment", "customers", *NUMBERS])
        return empty.assign(hidden=pd.Series(dtype=bool))
    sizes = _hidden_by_moves(before, now, order=order)
    mask = hidden_waits(counts, "segment", days=days, sizes=sizes)
    rows = pd.DataFrame([_row(*group, days=days) for group in counts.groupby("segment")])
    # That a segment has no row would tell that none of it bought.
    nobody = sizes.index[sizes].difference(mask.index)
    frame = pd.concat([rows, pd.DataFrame({"segment": nobody, "customers": 0})], ignore_index=True)
    frame, mask = frame.astype(dict.fromkeys(NUMBERS, "float64")), mask.reindex(frame.segment)
    share, ever = (mask[name].fillna(True).to_numpy(bool) for name in ("share", "ever"))
    frame.loc[share, SOON] = np.nan
    shown = suppressed(frame, others=NUMBERS, mask=ever).assign(hidden=share)
    # Hidden rows stand last, by name: their order must not tell of their size.
    by = ["customers", "segment"]
    return shown.sort_values(by, ascending=[False, True], ignore_index=True)


def segment_estimates(
    rates: pd.DataFrame,
) -> Iterator[tuple[str, Estimate | None, Estimate | None]]:
    """Go through the segments with their two shares as estimates.

    Parameters
    ----------
    rates : pandas.DataFrame
        From `segment_rates`.

    Returns
    -------
    iterator of tuple
        Segment, its repurchase rate, and the share who bought again soon; None where hidden or not
        known.

    Examples
    --------
    >>> rates = pd.DataFrame({"segment": ["loyal"], "customers": [60], "rate": [.5],
    ...                       "rate_low": [.4], "rate_high": [.6], "share": [None], "low": [None],
    ...                       "high": [None]})
    >>> [(name, rate.value, soon) for name, rate, soon in segment_estimates(rates)]
    [('loyal', 0.5, None)]
    """
    for row in rates.to_dict("records"):
        ends = ([row[name] for name in names] for names in (NUMBERS[:3], SOON))
        yield row["segment"], *(_estimate(values, row["customers"]) for values in ends)


def _estimate(values: list[float], n: int) -> Estimate | None:
    if pd.isna(values[0]):
        return None
    return Estimate(*(None if pd.isna(value) else float(value) for value in values), n=int(n))


def _hidden_by_moves(before: ir.Table, now: ir.Table, *, order: Sequence[str]) -> pd.Series:
    """Tell of which segments the table of moves hides who was in it, or who of it fell silent."""
    moves = migration(before, now)
    whole = migration_shares(moves, order=order), migration_summary(moves, order=order)
    shares = moves_shown(*whole)[0].set_index("from")
    silent = shares.customers[shares.to == SILENT].isna()
    away = shares.n.isna().groupby(level=0).any()
    away |= silent.reindex(away.index, fill_value=False)
    return away.rename({NOT_YET: CAME_SINCE})


def _counts(
    purchases: ir.Table, segments: ir.Table, *, as_of: str | date, since: str | date
) -> pd.DataFrame:
    period = purchases.filter(purchases.day > ibis.literal(as_date(since)))
    every = waits(period, as_of=as_of)
    known = segments.select("customer_id", "segment")
    joined = every.filter(every.purchase == 1).left_join(known, "customer_id")
    named = joined.mutate(segment=ibis.coalesce(joined.segment, CAME_SINCE))
    keys = ["segment", "days", "observed"]
    return fetch(named.group_by(keys).agg(customers=named.count()).order_by(keys))


def _row(name: str, counts: pd.DataFrame, *, days: int) -> dict:
    customers, again = counts.customers.sum(), counts.customers[counts.observed].sum()
    low, high = wilson_bounds([again], [customers])
    found = share_within(counts, days=days)
    ends = (found.value, found.low, found.high) if found else (None, None, None)
    rates = (again / customers, float(low[0]), float(high[0]))
    values = dict(zip(NUMBERS, (*rates, *ends), strict=True))
    return {"segment": name, "customers": int(customers), **values}
