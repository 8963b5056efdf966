"""Periods: the last so many days, and the same number of days before them."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import as_date, fetch
from regulars.measures.purchases import known_lines, with_order_key

__all__ = ["MOST_PERIODS", "Periods", "period_history", "periods_of"]

MOST_PERIODS = 6


@dataclass(frozen=True)
class Periods:
    """The last period, the one before, and how far the history reaches back.

    Parameters
    ----------
    days : int
        How long a period is.
    last : datetime.date
        The last day of the last period: `as_of`.
    begins : datetime.date or None
        The first day with a line; None where there is none.

    Examples
    --------
    >>> periods = Periods(182, date(1998, 6, 30), begins=date(1997, 1, 1))
    >>> periods.first.isoformat(), periods.first_before.isoformat(), periods.full
    ('1997-12-31', '1997-07-02', 3)
    """

    days: int
    last: date
    begins: date | None

    @property
    def first(self) -> date:
        """The first day of the last period."""
        return self.since + timedelta(days=1)

    @property
    def since(self) -> date:
        """The day before the last period; it is the last day of the one before."""
        return self.last - timedelta(days=self.days)

    @property
    def first_before(self) -> date:
        """The first day of the period before."""
        return self.since_before + timedelta(days=1)

    @property
    def since_before(self) -> date:
        """The day before the period before."""
        return self.last - timedelta(days=2 * self.days)

    @property
    def known_days(self) -> int:
        """How many days the history has, from the first line to `last`."""
        return 0 if self.begins is None else (self.last - self.begins).days + 1

    @property
    def full(self) -> int:
        """How many whole periods the history holds, counted back from `last`."""
        return self.known_days // self.days


def periods_of(purchases: ir.Table, *, as_of: str | date, period_days: int) -> Periods:
    """Lay periods of so many days back from a day.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: day.
    as_of : str or datetime.date
        Last day known, inclusive; the last day of the last period.
    period_days : int
        How long a period is (days).

    Returns
    -------
    Periods

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-02-01", 20)])
    >>> periods_of(purchases, as_of="1997-02-03", period_days=10).full
    3
    """
    begins = fetch(known_lines(purchases, as_of=as_of).agg(begins=ibis._.day.min())).begins[0]
    return Periods(period_days, as_date(as_of), None if pd.isna(begins) else begins.date())


def period_history(purchases: ir.Table, *, periods: Periods) -> pd.DataFrame:
    """Sum up each whole period of the history, counted back from the last.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    periods : Periods
        From `periods_of`.

    Returns
    -------
    pandas.DataFrame
        At most six rows, the newest last: first_day, last_day (of the period), customers (with a
        purchase day in it), new (whose first purchase day of all is in it), orders, spend (net
        money of these customers' lines in it), old_spend (of those who bought before it). Where
        the history begins with the period, all of its customers count as new.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 10), ("ann", "1997-01-08", 20),
    ...                           ("bob", "1997-01-09", 5)])
    >>> periods = periods_of(purchases, as_of="1997-01-10", period_days=5)
    >>> period_history(purchases, periods=periods)[["customers", "new", "spend", "old_spend"]]
       customers  new  spend  old_spend
    0          1    1   10.0        0.0
    1          2    1   25.0       20.0
    """
    sums = _customers_by_period(purchases, periods=periods)
    bought = sums.filter(sums.sales > 0)
    is_new = bought.back == bought.first_back
    found = fetch(
        bought.group_by("back").agg(
            customers=bought.count(),
            new=is_new.sum(),
            orders=bought.orders.sum(),
            spend=bought.spend.sum().cast("float64"),
            old_spend=ibis.coalesce(bought.spend.sum(where=~is_new), 0).cast("float64"),
        )
    )
    whole = range(min(periods.full, MOST_PERIODS) - 1, -1, -1)
    rows = found.set_index("back").reindex(whole).fillna(0).rename_axis("back").reset_index()
    counts = rows.astype({"customers": "int64", "new": "int64", "orders": "int64"})
    ends = [pd.Timestamp(periods.last) - pd.Timedelta(days=periods.days * back) for back in whole]
    counts.insert(0, "first_day", [end - pd.Timedelta(days=periods.days - 1) for end in ends])
    counts.insert(1, "last_day", ends)
    return counts.drop(columns="back")


def _customers_by_period(purchases: ir.Table, *, periods: Periods) -> ir.Table:
    """Sum up each customer's lines by how many periods back they lie; 0 is the last."""
    lines = with_order_key(known_lines(purchases, as_of=periods.last))
    ago = ibis.literal(periods.last).delta(lines.day, unit="day")
    lines = lines.mutate(back=(ago // periods.days).cast("int64"))
    sums = lines.group_by(["customer_id", "back"]).agg(
        sales=lines.is_sale.sum(),
        orders=lines.order_key.nunique(where=lines.is_sale),
        spend=lines.amount.sum(),
    )
    # The oldest period with a sale has the highest number.
    of_sales = ibis.ifelse(sums.sales > 0, sums.back, ibis.null("int64"))
    first = of_sales.max().over(ibis.window(group_by="customer_id"))
    return sums.mutate(first_back=first)
