"""Outliers: amounts far from the usual, by a rule that the outliers themselves cannot bend.

B. Iglewicz and D. C. Hoaglin (1993), How to Detect and Handle Outliers, ASQC: the modified z-score
is 0.6745 (x − median) / MAD, where MAD is the median of the distances from the median; they
suggest 3.5 as the limit. Amounts are spread by factors, so x is the logarithm of the amount.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from regulars.data.cleaning.on_the_way import Keep

__all__ = ["Spread", "is_outlier", "spread_of"]

NORMAL_QUARTILE = 0.6745
"""The MAD of a normal distribution with standard deviation 1 is 0.6745."""


@dataclass(frozen=True)
class Spread:
    """The middle of the log amounts and how far they lie from it; None where there is no sale."""

    median: float | None
    mad: float | None


def spread_of(sales: ir.Table, keep: Keep) -> Spread:
    """Return the spread of the amounts above zero.

    Equal amounts are counted first: a shop has many lines and few prices.

    Parameters
    ----------
    sales : ibis.expr.types.Table
        ``amount`` (decimal, currency).
    keep : function
        Keeps what is read more than once; see `on_the_way`.

    Examples
    --------
    >>> sales = ibis.memtable({"amount": [1.0, 10.0, 10.0, 100.0, 0.0]})
    >>> spread = spread_of(sales, keep=lambda name, table: table)
    >>> round(spread.median, 3), round(spread.mad, 3)
    (2.303, 1.151)
    """
    above = sales.filter(sales.amount > 0)
    counted = keep("amounts", above.group_by("amount").aggregate(lines=above.count()))
    log = counted.amount.cast("float64").ln()
    median = _median(counted.select("lines", value=log))
    if median is None:
        return Spread(None, None)
    return Spread(median, _median(counted.select("lines", value=(log - median).abs())))


def is_outlier(lines: ir.Table, spread: Spread, limit: float) -> ir.BooleanValue:
    """Tell which sales lie further out than `limit`; none where `limit` or the MAD is 0.

    A MAD of 0 says that half of the sales have one and the same amount; any other would then be
    infinitely far out.

    Parameters
    ----------
    lines : ibis.expr.types.Table
        ``kind`` (sale or return), ``amount`` (decimal, currency).
    spread : Spread
        Of the sales.
    limit : float
        The largest modified z-score that is still usual.
    """
    if not limit or not spread.mad:
        return ibis.literal(False)
    # The logarithm of nothing is no number, and the engine may look at it before the filter does.
    log = ibis.ifelse(lines.amount > 0, lines.amount, None).cast("float64").ln()
    score = NORMAL_QUARTILE * (log - spread.median).abs() / spread.mad
    return ((lines.kind == "sale") & (score > limit)).fill_null(False)


def _median(counted: ir.Table) -> float | None:
    """Return the median of values that each stand for so many lines."""
    so_far = counted.lines.sum().over(ibis.cumulative_window(order_by=counted.value))
    ranked = counted.mutate(so_far=so_far, all=counted.lines.sum().over())
    lower = ranked.value.min(where=2 * ranked.so_far >= ranked["all"])
    upper = ranked.value.min(where=2 * ranked.so_far > ranked["all"])
    return ranked.aggregate(median=(lower + upper) / 2).to_pyarrow()["median"][0].as_py()
