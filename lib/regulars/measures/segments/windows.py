"""Windows: the segments of two days by one rule, so that they can be compared.

Lifetime totals only ever grow, and cut points read anew from each base would only say who overtook
whom. Here customers are told apart by what they did in a period before each day, and the cut points
of the earlier day hold for both.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from regulars.errors import ParameterError
from regulars.measures.engine import as_date
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.cut_points import base_cut_points, cuts_below, given_cut_points
from regulars.measures.segments.rfm import name_segments

__all__ = ["SILENT", "earlier_day", "windowed_segments"]

SILENT = "silent"
"""The segment of a customer who bought before the period and not in it."""

RULING = ("days_since_last", "orders")


def earlier_day(as_of: str | date, *, period_days: int) -> date:
    """Return the day with which `as_of` is compared.

    Examples
    --------
    >>> earlier_day("1998-06-30", period_days=182)
    datetime.date(1997, 12, 30)
    """
    return as_date(as_of) - timedelta(days=period_days)


def windowed_segments(
    purchases: ir.Table,
    *,
    as_of: str | date,
    period_days: int,
    grid: Sequence[Mapping],
    bins: int = 5,
    cut_points: Mapping[str, Sequence[float] | None] | None = None,
) -> tuple[ir.Table, ir.Table]:
    """Put every customer into a segment at `as_of` and a period earlier, by the same cut points.

    R and F are scored on the lines of the period before each day, as in `rfm.rfm_scores`. The cut
    points are those of the customers who bought in the earlier period (where nobody did, of those
    who bought in the later one), unless given.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    period_days : int
        Length of a period; the earlier day is so many days before `as_of`.
    grid : sequence of mapping
        Rectangles name, r, f, action; see `grid.check_grid`.
    bins : int
        How many scores R and F have.
    cut_points : mapping, optional
        From days_since_last or orders to bins − 1 numbers; see `rfm.rfm_scores`.

    Returns
    -------
    before, now : ibis.expr.types.Table
        customer_id and segment, one row for each customer who had bought by that day;
        ``silent`` for those who bought nothing in the period.

    Raises
    ------
    ParameterError
        If the period is shorter than a day, or a segment of the grid is called silent.

    Examples
    --------
    >>> from regulars.measures.engine import fetch
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 9), ("bob", "1997-01-20", 9),
    ...                           ("ann", "1997-02-20", 9), ("cyd", "1997-02-25", 9)])
    >>> grid = [{"name": "late", "r": "2", "f": "1-2", "action": "thank"},
    ...         {"name": "long_ago", "r": "1", "f": "1-2", "action": "ask why"}]
    >>> before, now = windowed_segments(purchases, as_of="1997-02-28", period_days=28, grid=grid,
    ...                                 bins=2)
    >>> fetch(before.order_by("customer_id")).segment.tolist()
    ['long_ago', 'late']
    >>> fetch(now.order_by("customer_id")).segment.tolist()
    ['late', 'silent', 'late']
    """
    _check(period_days, grid)
    given = given_cut_points(
        {name: cuts for name, cuts in (cut_points or {}).items() if name in RULING},
        known=RULING,
        bins=bins,
    )
    last, earlier = as_date(as_of), earlier_day(as_of, period_days=period_days)
    periods = [_period(purchases, day, days=period_days) for day in (earlier, last)]
    others = [name for name in RULING if name not in given]
    cuts = given | _cut_points_of_first(periods, others, bins=bins)
    before, now = (
        _with_silent(purchases, name_segments(_scored(period, cuts, bins), grid, bins=bins), day)
        for period, day in zip(periods, (earlier, last), strict=True)
    )
    return before, now


def _check(period_days: int, grid: Sequence[Mapping]) -> None:
    if period_days < 1:
        raise ParameterError(
            f"Expected a period of at least a day, found {period_days}. Give days, such as 365."
        )
    if SILENT in {entry["name"] for entry in grid}:
        raise ParameterError(
            f"A segment of the grid is called {SILENT!r}, and so are the customers who bought "
            "nothing in a period. Give the segment another name."
        )


def _period(purchases: ir.Table, last: date, *, days: int) -> ir.Table:
    lines = purchases.filter(purchases.day > ibis.literal(last - timedelta(days=days)))
    return customer_summary(lines, as_of=last)


def _cut_points_of_first(
    periods: Sequence[ir.Table], measures: Sequence[str], *, bins: int
) -> dict[str, list[Any]]:
    """Read the cut points of the first period with customers."""
    found = (base_cut_points(period, measures, bins=bins) for period in periods)
    return next((cuts for cuts in found if cuts), {})


def _scored(period: ir.Table, cuts: Mapping[str, Sequence[Any]], bins: int) -> ir.Table:
    days, orders = (cuts_below(period[name], cuts.get(name, [])) for name in RULING)
    return period.mutate(r=bins - days, f=1 + orders)


def _with_silent(purchases: ir.Table, named: ir.Table, day: date) -> ir.Table:
    known = customer_summary(purchases, as_of=day).select("customer_id")
    active = named.select("customer_id", "segment")
    joined = known.left_join(active, "customer_id")
    return joined.select("customer_id", segment=ibis.coalesce(joined.segment, SILENT))
