"""Amounts: how the money of single lines is spread."""

import math

import ibis.expr.types as ir
import pandas as pd

__all__ = ["amount_histogram", "round_width"]

BINS = 25


def amount_histogram(lines: ir.Table, *, up_to: float = 0.99) -> pd.DataFrame:
    """Count lines by amount, in bins of one round width.

    Parameters
    ----------
    lines : ibis.expr.types.Table
        ``amount`` (decimal, currency).
    up_to : float, default .99
        The share of lines to show: the largest amounts above it would leave one long empty axis.

    Returns
    -------
    pandas.DataFrame
        ``amount_from``, ``amount_to`` (float, currency; from is inside, to is not) and ``lines``
        (int), without gaps. The lines above the last bin are left out.

    Examples
    --------
    >>> import ibis
    >>> lines = ibis.memtable({"amount": [-5.0, 0.0, 1.0, 9.0, 12.0]})
    >>> frame = amount_histogram(lines, up_to=1)
    >>> float(frame.amount_from.iloc[0]), float(frame.amount_to.iloc[-1]), int(frame.lines.sum())
    (-5.0, 13.0, 5)
    """
    amounts = lines.select(amount=lines.amount.cast("float64"))
    ends = amounts.aggregate(low=amounts.amount.min(), high=amounts.amount.quantile(up_to))
    low, high = ends.execute().iloc[0]
    width = round_width(high - min(low, 0))
    bins = amounts.mutate(bin=(amounts.amount / width).floor().cast("int64"))
    bins = bins.filter(bins.bin <= math.floor(high / width))
    counted = bins.group_by("bin").aggregate(lines=bins.count()).execute().set_index("bin").lines
    every = range(int(counted.index.min()), int(counted.index.max()) + 1)
    counted = counted.reindex(every, fill_value=0)
    starts = counted.index.to_numpy() * width
    return pd.DataFrame(
        {"amount_from": starts, "amount_to": starts + width, "lines": counted.to_numpy()}
    )


def round_width(span: float) -> float:
    """Return the width 1, 2 or 5 times a power of ten that cuts a span into at most 25 bins.

    Examples
    --------
    >>> round_width(100), round_width(0)
    (5.0, 1.0)
    """
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / BINS))
    return next(step * power for step in (1, 2, 5, 10) if span / (step * power) <= BINS)
