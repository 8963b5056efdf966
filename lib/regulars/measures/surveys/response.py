"""Response: of those who were invited to answer, how many did.

A customer may be invited often, and whoever answers once is likely to answer again: invitations of
one customer are not independent, and the interval says so.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import Estimate, wilson_bounds
from regulars.measures.suppression import HIDDEN, LEAST, hidden_with_sums

__all__ = ["clustered_bounds", "response_by_quarter", "response_by_question", "response_rate"]

SHOWN = ["invitations", "customers", "rate", "low", "high"]


def response_rate(asked: ir.Table, *, level: float = 0.95) -> Estimate | None:
    """Estimate the share of invitations that were answered in time.

    Parameters
    ----------
    asked : ibis.expr.types.Table
        From `invitations.invitations`; an invitation to several questions at once is one.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    Estimate or None
        n is the number of invitations. None where there is none, or where fewer than ten
        customers, but some, answered or left unanswered.

    Notes
    -----
    The interval is that of `clustered_bounds`.
    """
    found = _rates(_at_once(asked).mutate(all=ibis.literal("all")), "all", level=level)
    if not len(found) or found[HIDDEN].iloc[0]:
        return None
    value, low, high = (float(found[name].iloc[0]) for name in ("rate", "low", "high"))
    return Estimate(value, low, high, int(found.invitations.iloc[0]))


def response_by_question(asked: ir.Table) -> pd.DataFrame:
    """Estimate the response rate of each question.

    Parameters
    ----------
    asked : ibis.expr.types.Table
        From `invitations.invitations`.

    Returns
    -------
    pandas.DataFrame
        question, invitations, customers (who were invited), rate, low, high, hidden (bool);
        the numbers missing where fewer than ten customers could be told from them.
    """
    return _rates(asked, "question")


def response_by_quarter(asked: ir.Table, *, as_of: str | date, response_days: int) -> pd.DataFrame:
    """Estimate the response rate of each calendar quarter of invitation.

    Parameters
    ----------
    asked : ibis.expr.types.Table
        From `invitations.invitations`; an invitation to several questions at once is one.
    as_of : str or datetime.date
        Last day known, inclusive.
    response_days : int
        What `invitations` was told.

    Returns
    -------
    pandas.DataFrame
        quarter (its first day), the columns of `response_by_question`, and complete (False where
        invitations of the quarter are too young to be counted).
    """
    found = _rates(_at_once(asked).mutate(quarter=asked.day.truncate("Q")), "quarter")
    starts = pd.to_datetime(found.quarter)
    ends = starts + pd.offsets.QuarterEnd(startingMonth=3)
    counted = pd.Timestamp(as_date(as_of)) - pd.Timedelta(days=response_days)
    return found.assign(quarter=starts, complete=ends <= counted)


def clustered_bounds(sums: pd.DataFrame, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the interval of a share of cases that come in clusters, row by row.

    Parameters
    ----------
    sums : pandas.DataFrame
        Over clusters: clusters (how many), cases and having (cases, and those with the property),
        cases_squared, having_squared, product (sums of their squares and products).
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Low and high, shares between 0 and 1.

    Notes
    -----
    Wilson's interval with the effective number of cases: the number over the design effect, which
    is the variance of the ratio (Cochran 1977, Sampling Techniques, eq. 2.39) over that of
    independent cases. Dean & Pagano (2015), Journal of Survey Statistics and Methodology 3,
    484-503, find it to cover well. The design effect is kept between 1 and that of clusters all
    alike, which it is where all cases agree.

    Examples
    --------
    >>> alone = pd.DataFrame({"clusters": [20], "cases": [20], "having": [0], "cases_squared": [20],
    ...                       "having_squared": [0], "product": [0]})
    >>> float(clustered_bounds(alone)[1][0].round(3))
    0.161
    """
    n, cases, having = (sums[name].to_numpy(float) for name in ("clusters", "cases", "having"))
    share = having / cases
    parts = ("cases_squared", "having_squared", "product")
    cases_2, having_2, product = (sums[name].to_numpy(float) for name in parts)
    spread = np.maximum(having_2 - 2 * share * product + share**2 * cases_2, 0)
    ratio = spread * n / np.maximum(n - 1, 1)
    independent = cases * share * (1 - share)
    alike = cases_2 / cases
    known = (independent > 0) & (n > 1)
    effect = np.divide(ratio, independent, out=alike.copy(), where=known)
    effective = cases / np.clip(effect, 1, np.maximum(alike, 1))
    return wilson_bounds(share * effective, effective, level=level)


def _at_once(asked: ir.Table) -> ir.Table:
    """Make one invitation of all questions asked of a customer at one moment."""
    keys = ["customer_id", "invited_at", "day"]
    return asked.group_by(keys).agg(answered=asked.answered.any())


def _rates(asked: ir.Table, by: str, *, level: float = 0.95) -> pd.DataFrame:
    each = asked.group_by([by, "customer_id"]).agg(
        cases=asked.count().cast("float64"), having=asked.answered.sum().cast("float64")
    )
    sums = fetch(_over_customers(each, by).order_by(by))
    if not len(sums):
        return pd.DataFrame(columns=[by, *SHOWN, HIDDEN])
    low, high = clustered_bounds(sums, level=level)
    found = sums[[by]].assign(
        invitations=sums.cases.astype("Int64"),
        customers=sums.clusters.astype("Int64"),
        rate=sums.having / sums.cases,
        low=low,
        high=high,
    )
    away = _hides(sums)
    found[SHOWN] = found[SHOWN].mask(away)
    return found.assign(**{HIDDEN: away})


def _over_customers(each: ir.Table, by: str) -> ir.Table:
    return each.group_by(by).agg(
        clusters=each.count(),
        cases=each.cases.sum(),
        having=each.having.sum(),
        cases_squared=(each.cases * each.cases).sum(),
        having_squared=(each.having * each.having).sum(),
        product=(each.cases * each.having).sum(),
        answering=(each.having > 0).sum(),
        silent=(each.having < each.cases).sum(),
    )


def _hides(sums: pd.DataFrame) -> pd.Series:
    """Hide a rate that tells of few who answered or of few who did not, and what gives it away."""
    cells, _, _ = hidden_with_sums(sums[["answering", "silent"]].astype("int64"), k=LEAST)
    return cells.any(axis=1) | (sums.clusters < LEAST)
