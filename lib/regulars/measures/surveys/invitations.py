"""Invitations: who was asked, what, when, and whether they answered in time.

An invitation that is too young to have been answered says nothing yet and is left out.
"""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from regulars.measures.engine import as_date

__all__ = ["base_asked", "first_asked", "invitations", "names_unanswered"]

DRIVER = "driver:"


def invitations(
    surveys: ir.Table,
    *,
    as_of: str | date,
    response_days: int,
    since: str | date | None = None,
) -> ir.Table:
    """List the invitations that had time to be answered, and whether they were.

    Parameters
    ----------
    surveys : ibis.expr.types.Table
        Cleaned surveys: customer_id, question, invited_at, responded_at, score; the last two
        missing where nobody answered.
    as_of : str or datetime.date
        Last day known, inclusive.
    response_days : int
        An invitation counts as answered within so many days; younger ones are left out.
    since : str or datetime.date, optional
        Invitations after this day; unless given, from the first on.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer, moment and question: customer_id, question, invited_at, day, answered
        (bool). Questions about drivers are left out where another was asked along with them.
        Invitations without a customer are left out: nobody knows which of them are one person's.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import fetch, table_of
    >>> when = pd.to_datetime(["1997-01-05", "1997-01-05", "1997-01-30"])
    >>> surveys = table_of(pd.DataFrame({"customer_id": ["ann", "bob", "ann"], "question": "nps",
    ...     "invited_at": when, "score": [9, None, None],
    ...     "responded_at": pd.to_datetime(["1997-01-06", None, None])}))
    >>> asked = invitations(surveys, as_of="1997-01-31", response_days=14)
    >>> fetch(asked.order_by("customer_id"))[["customer_id", "answered"]].values.tolist()
    [['ann', True], ['bob', False]]
    """
    last = as_date(as_of) - timedelta(days=response_days)
    named = surveys.filter(surveys.invited_at.notnull(), surveys.customer_id.notnull())
    named = named.mutate(day=named.invited_at.date())
    named = named.filter(named.day <= ibis.literal(last))
    if since is not None:
        named = named.filter(named.day > ibis.literal(as_date(since)))
    late = named.responded_at.date().delta(named.day, unit="day") > response_days
    told = named.score.notnull() & named.responded_at.notnull() & ~late
    rows = named.mutate(told=told.fill_null(False))
    asked = rows.group_by(["customer_id", "question", "invited_at", "day"]).agg(
        answered=rows.told.any()
    )
    driver = asked.question.startswith(DRIVER)
    together = ibis.window(group_by=["customer_id", "invited_at"])
    placed = asked.mutate(driver=driver, alone=driver.all().over(together))
    return placed.filter(~placed.driver | placed.alone).drop("driver", "alone")


def names_unanswered(surveys: ir.Table, *, as_of: str | date, response_days: int) -> bool:
    """Tell whether the file says who was invited and did not answer; without, there is no rate.

    Parameters
    ----------
    surveys, as_of, response_days
        As in `invitations`. Only invitations that had time to be answered are looked at: younger
        ones can be without an answer in a file that holds nothing but answers, if it was cut.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> surveys = pd.DataFrame({"invited_at": [pd.Timestamp("1997-01-05")], "score": [9.0]})
    >>> names_unanswered(table_of(surveys), as_of="1997-01-31", response_days=14)
    False
    """
    last = as_date(as_of) - timedelta(days=response_days)
    old = surveys.filter(surveys.invited_at.date() <= ibis.literal(last))
    return old.filter(old.score.isnull()).count().to_pyarrow().as_py() > 0


def first_asked(asked: ir.Table) -> ir.Table:
    """Take the first invitation of each customer: who stays is asked again, and would count more.

    Parameters
    ----------
    asked : ibis.expr.types.Table
        From `invitations`.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, day (of the invitation), answered (any question of it in time).

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import fetch, table_of
    >>> days = pd.to_datetime(["1997-01-05", "1997-02-05"])
    >>> asked = table_of(pd.DataFrame({"customer_id": ["ann", "ann"], "invited_at": days,
    ...                                "day": days, "answered": [False, True]}))
    >>> fetch(first_asked(asked)).answered.tolist()
    [False]
    """
    first = asked.invited_at.min().over(ibis.window(group_by="customer_id"))
    kept = asked.mutate(first=first).filter(ibis._.invited_at == ibis._.first)
    return kept.group_by(["customer_id", "day"]).agg(answered=kept.answered.any())


def base_asked(purchases: ir.Table, said: ir.Table, *, since: str | date) -> ir.Table:
    """Take all who had bought before a period, and who of them answered in it.

    It stands for the invitations where the file does not say who was invited.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    said : ibis.expr.types.Table
        Answers of the period, from `answers.answers`.
    since : str or datetime.date
        The period begins after this day.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, day (the first of the period), answered.
    """
    first = as_date(since) + timedelta(days=1)
    bought = purchases.filter(purchases.day < ibis.literal(first), purchases.kind == "sale")
    named = said.filter(said.customer_id.notnull()).select("customer_id").distinct()
    joined = bought.select("customer_id").distinct().left_join(named, "customer_id")
    return joined.select(
        "customer_id", day=ibis.literal(first), answered=joined.customer_id_right.notnull()
    )
