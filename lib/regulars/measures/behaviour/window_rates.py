"""Window rates: the repurchase rate of each quarter or year, and which two to compare."""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ParameterError
from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.purchases import known_lines
from regulars.measures.suppression import LEAST, suppressed

__all__ = ["WINDOWS", "Window", "compared_windows", "window_rates"]

WINDOWS = {"quarter": ("Q", "QS"), "year": ("Y", "YS")}

Window = tuple[date, date]
"""Its first and its last day."""


def window_rates(purchases: ir.Table, *, as_of: str | date, every: str = "quarter") -> pd.DataFrame:
    """Estimate the repurchase rate of each calendar quarter or year.

    A rate of a longer window is higher by nature, so only windows of one kind stand together, and
    one that is not wholly known is marked.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, kind.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``quarter`` or ``year``.

    Returns
    -------
    pandas.DataFrame
        One row per window from the first sale to `as_of`, silent ones too: first_day, last_day (of
        the window), customers (who bought in it), again (on two or more days of it), rate (missing
        where nobody bought), low, high (Wilson, 95 %), complete (False if the first sale comes
        after the window begins, or `as_of` before it ends), hidden.

    Raises
    ------
    ParameterError
        If `every` is neither.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> lines = [(f"c{place}", "1997-01-01", 5) for place in range(40)]
    >>> lines += [(f"c{place}", "1997-02-01", 5) for place in range(20)]
    >>> windows = window_rates(purchases_of(lines), as_of="1997-04-30")
    >>> windows[["customers", "rate", "complete"]]
       customers  rate  complete
    0         40   0.5      True
    1          0   NaN     False
    """
    unit, step = _units(every)
    known = known_lines(purchases, as_of=as_of)
    sales = known.filter(known.kind == "sale")
    people = _by_customer(sales, sales.day.truncate(unit))
    counts = fetch(
        people.group_by("window").agg(
            customers=people.count(), again=people.again.sum(), begins=people.begins.min()
        )
    ).set_index("window")
    last = pd.Timestamp(as_date(as_of))
    first_days = pd.date_range(counts.index.min(), last, freq=step) if len(counts) else []
    windows = counts.reindex(pd.DatetimeIndex(first_days, name="first_day")).reset_index()
    whole = windows.fillna({"customers": 0, "again": 0}).astype({"customers": int, "again": int})
    ends = whole.first_day + pd.tseries.frequencies.to_offset(step) - pd.Timedelta(days=1)
    whole.insert(1, "last_day", ends)
    complete = (whole.first_day >= whole.begins.min()) & (whole.last_day <= last)
    return _shown(whole.drop(columns="begins").assign(complete=complete))


def compared_windows(windows: pd.DataFrame) -> tuple[Window, Window] | None:
    """Choose the last whole window, and the one it is compared with.

    That is the same season a year before, where it is wholly known, and else the window before.

    Parameters
    ----------
    windows : pandas.DataFrame
        From `window_rates`.

    Returns
    -------
    tuple of two windows (first and last day), or None
        Before and now, as `rate_change.rate_change` takes them. None where fewer than two windows
        are whole.

    Examples
    --------
    >>> windows = pd.DataFrame({"first_day": pd.date_range("1997-01-01", periods=5, freq="QS"),
    ...                         "last_day": pd.date_range("1997-03-31", periods=5, freq="QE"),
    ...                         "complete": True})
    >>> [str(ends[0]) for ends in compared_windows(windows)]
    ['1997-01-01', '1998-01-01']
    """
    whole = windows[windows.complete]
    if len(whole) < 2:
        return None
    now = whole.iloc[-1]
    year_before = whole[whole.first_day == now.first_day - pd.DateOffset(years=1)]
    before = year_before.iloc[0] if len(year_before) else whole.iloc[-2]
    return tuple((one.first_day.date(), one.last_day.date()) for one in (before, now))


def _units(every: str) -> tuple[str, str]:
    if every not in WINDOWS:
        raise ParameterError(f"Expected windows of {' or '.join(WINDOWS)}, found {every!r}.")
    return WINDOWS[every]


def _by_customer(sales: ir.Table, window: ir.Value) -> ir.Table:
    """Say of each customer in each window whether there were two purchase days, and the first."""
    lines = sales.mutate(window=window)
    people = lines.group_by(["customer_id", "window"]).agg(
        days=lines.day.nunique(), begins=lines.day.min()
    )
    return people.mutate(again=(people.days >= 2).cast("int64"))


def _shown(windows: pd.DataFrame) -> pd.DataFrame:
    """Add the shares, and hide what tells of fewer than ten; no sum over rows is shown."""
    rates = pd.DataFrame(np.nan, index=windows.index, columns=["rate", "low", "high"])
    some = windows.customers > 0
    again, customers = windows.again[some], windows.customers[some]
    rates.loc[some] = np.column_stack([again / customers, *wilson_bounds(again, customers)])
    parts = pd.DataFrame({"again": windows.again, "once": windows.customers - windows.again})
    small = ((parts > 0) & (parts < LEAST)).any(axis=1)
    frame = pd.concat([windows, rates], axis=1)
    columns = ["first_day", "last_day", "customers", "again", "rate", "low", "high", "complete"]
    return suppressed(frame[columns], others=columns[3:7], mask=small)
