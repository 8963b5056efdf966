"""Shown cohorts: weekly, monthly or quarterly cohorts with what is hidden of them on every page.

Months stand on other pages too, so the sizes of weeks and quarters are hidden with theirs.
"""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.calendar_units import Every, first_day_of, number_of, period_of
from regulars.measures.cohort_layout import Sums, places_of, problem_of
from regulars.measures.cohort_suppression import Triangle, suppressed_triangle
from regulars.measures.engine import fetch
from regulars.measures.protection import protect
from regulars.measures.purchases import known_lines
from regulars.measures.retention import cohort_retention
from regulars.small_groups import LEAST

__all__ = ["hidden_weeks", "shown_cohorts"]


def shown_cohorts(
    purchases: ir.Table, *, as_of: str | date, every: Every = "month", k: int = LEAST
) -> Triangle:
    """Follow cohorts, and hide what is about too few customers.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week``, ``month`` or ``quarter``.
    k : int
        The smallest count that is shown.

    Returns
    -------
    Triangle
        With the cells of `retention.cohort_retention`, of weeks the newest only.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([(f"c{i}", "1997-01-05", 10) for i in range(20)])
    >>> shown_cohorts(purchases, as_of="1997-01-31", every="week").cells.customers.tolist()
    [20, 20, 20, 20, 20]
    """
    by_month = cohort_retention(purchases, as_of=as_of)
    months = suppressed_triangle(by_month, k=k)
    if every == "month":
        return months
    sizes = months.quarters
    if every == "week":
        sizes = hidden_weeks(_pieces(purchases, as_of=as_of), months, k=k)
    cells = cohort_retention(purchases, as_of=as_of, every=every)
    return suppressed_triangle(cells, every=every, sizes=sizes, k=k)


def hidden_weeks(pieces: pd.DataFrame, months: Triangle, *, k: int = LEAST) -> pd.Series:
    """Tell which weeks' new customers to hide, beside those of months and quarters.

    A week that lies in two months is the sum of two pieces, and so are months of weeks and pieces:
    where a piece is small, neither weeks nor months may give it away.

    Parameters
    ----------
    pieces : DataFrame
        week, month (first days), customers: who came first in both, and no row where nobody did.
    months : Triangle
        Of the monthly cohorts: what is hidden of months and quarters is already settled.
    k : int
        The smallest count that is shown.

    Returns
    -------
    Series of bool
        By first day of the week, ordered.
    """
    weeks, week_of = np.unique(pieces.week, return_inverse=True)
    starts, month_of = np.unique(pieces.month, return_inverse=True)
    quarters, quarter_of = np.unique(_quarter_of(starts), return_inverse=True)
    counts = pieces.customers.to_numpy()
    by_month = np.bincount(month_of, weights=counts)
    blocks = {
        "not": counts,  # a piece stands on no page, like those of a cohort who did not buy
        "weeks": np.bincount(week_of, weights=counts),
        "months": by_month,
        "quarters": np.bincount(quarter_of, weights=by_month),
        "all": np.array([counts.sum()]),
    }
    at = places_of(blocks)
    sums = [
        *_sums(at["not"], week_of, at["weeks"]),
        *_sums(at["not"], month_of, at["months"]),
        *_sums(at["months"], quarter_of, at["quarters"]),
        (at["quarters"], at["all"][0]),
    ]
    hidden = {
        "not": np.ones(len(counts), dtype=bool),
        "months": months.months.new.reindex(starts).to_numpy(dtype=bool),
        "quarters": months.quarters.reindex(quarters).to_numpy(dtype=bool),
    }
    shown = {name: ~hidden[name] for name in ("months", "quarters")} | {"all": np.array([True])}
    problem, before = problem_of(blocks, sums, hidden=hidden, shown=shown)
    found = protect(problem, k=k, hidden=before)[at["weeks"]]
    return pd.Series(found, index=pd.DatetimeIndex(weeks, name="week"))


def _pieces(purchases: ir.Table, *, as_of: str | date) -> pd.DataFrame:
    """Count new customers by the week and the month of their first purchase."""
    lines = known_lines(purchases, as_of=as_of)
    sales = lines.filter(lines.kind == "sale")
    firsts = sales.group_by("customer_id").agg(day=sales.day.min())
    both = firsts.select(week=period_of(firsts.day, "week"), month=period_of(firsts.day, "month"))
    counts = fetch(both.group_by(["week", "month"]).agg(customers=both.count()))
    days = {name: first_day_of(counts[name], name) for name in ("week", "month")}
    return counts.assign(**days).sort_values(["week", "month"], ignore_index=True)


def _quarter_of(months: np.ndarray) -> np.ndarray:
    numbers = number_of(pd.Series(pd.DatetimeIndex(months)), "quarter")
    return first_day_of(numbers, "quarter").to_numpy()


def _sums(parts: np.ndarray, of_part: np.ndarray, wholes: np.ndarray) -> Sums:
    return [(parts[of_part == place], whole) for place, whole in enumerate(wholes)]
