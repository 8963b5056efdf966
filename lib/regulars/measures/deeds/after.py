"""After an answer: who buys again and how soon, of those who said this or that.

It is told from the first answer a customer gave as a customer. Whoever stays is asked again, so a
later answer knows already that its customer stayed.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import collect_doubts
from regulars.measures.engine import as_date, fetch
from regulars.measures.intervals import wilson_bounds
from regulars.measures.money import MONEY
from regulars.measures.purchases import known_lines, with_order_key
from regulars.measures.segments.rfm import name_segments, rfm_scores
from regulars.measures.surveys.answers import first_answers

__all__ = ["after_answers", "bought_within", "waits", "with_segment_before"]


def after_answers(said: ir.Table, purchases: ir.Table, *, as_of: str | date, days: int) -> ir.Table:
    """Put beside each customer's first answer what they bought before and after it.

    The first answer is the first given on or after the day of the first purchase: who has not
    bought yet cannot come back. Answers younger than `days` are left out, so that everybody was
    watched for as long. What was bought on the day of the answer counts as before it.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `surveys.answers.answers`, of all time: customer_id, question, responded_at, day,
        score, band.
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    days : int
        For how long after the answer, at least.

    Returns
    -------
    ibis.expr.types.Table
        One row per customer and question: customer_id, question, band, answered (day), whole (True
        if the customer had bought `days` days before the answer or earlier); up to the answer:
        days_since_last, orders, spend (decimal, net), spend_before (of the last `days` days);
        after it: spend_after (of the next `days` days), observed (True if there was another
        purchase day), waited (days to it, or to `as_of`).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.surveys.answers import answers
    >>> surveys = pd.DataFrame({"customer_id": ["ann"], "question": ["nps"], "score": [9],
    ...                         "scale_max": [10], "channel": ["mail"],
    ...                         "responded_at": pd.to_datetime(["1997-01-07"])})
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-01-20", 30)])
    >>> said = answers(table_of(surveys), as_of="1997-03-31")
    >>> after = after_answers(said, purchases, as_of="1997-03-31", days=30)
    >>> fetch(after)[["band", "observed", "waited", "whole"]].values.tolist()
    [['promoter', True, 13, False]]
    """
    today, window = ibis.literal(as_date(as_of)), ibis.interval(days=days)
    lines = with_order_key(known_lines(purchases, as_of=as_of))
    lines = lines.select("customer_id", "amount", "order_key", "is_sale", bought=lines.day)
    firsts = _first_as_customer(said, lines)
    firsts = firsts.filter(firsts.answered + window <= today)
    joined = firsts.join(lines, "customer_id")
    before, sold = joined.bought <= joined.answered, joined.is_sale
    near = before & (joined.bought > joined.answered - window)
    soon = ~before & (joined.bought <= joined.answered + window)
    sums = joined.group_by(["customer_id", "question", "band", "answered"]).agg(
        first_day=joined.bought.min(where=sold),
        last_day=joined.bought.max(where=sold & before),
        next_day=joined.bought.min(where=sold & ~before),
        orders=joined.order_key.nunique(where=sold & before),
        spend=_sum(joined.amount, before),
        spend_before=_sum(joined.amount, near),
        spend_after=_sum(joined.amount, soon),
    )
    return sums.mutate(
        whole=sums.first_day <= sums.answered - window,
        days_since_last=sums.answered.delta(sums.last_day, unit="day"),
        observed=ibis.coalesce(sums.next_day > sums.answered, False),
        waited=ibis.coalesce(sums.next_day, today).delta(sums.answered, unit="day"),
    ).drop("first_day", "last_day", "next_day")


def with_segment_before(after: ir.Table, segments: Sequence[Mapping]) -> ir.Table:
    """Add the RFM segment that each customer was in on the day of the answer.

    Parameters
    ----------
    after : ibis.expr.types.Table
        From `after_answers`.
    segments : sequence of mapping
        The grid of segments: name, r, f; scores are fifths of those who answered the question.

    Returns
    -------
    ibis.expr.types.Table
        `after` with segment added.
    """
    # A customer stands in the table once a question: fifths are those of customers.
    questions = sorted(fetch(after.select("question").distinct()).question)
    parts = [after.filter(after.question == one) for one in questions] or [after]
    # Scores that stay empty make a stratum less, and are no doubt about the comparison.
    with collect_doubts():
        scored = [rfm_scores(part)[0] for part in parts]
    named = [name_segments(part, segments).drop("r", "f", "m") for part in scored]
    return ibis.union(*named) if len(named) > 1 else named[0]


def waits(after: ir.Table, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Count how many waited how long, by what they had said.

    Parameters
    ----------
    after : ibis.expr.types.Table
        From `after_answers`.
    by : sequence of str
        Further columns to count by, such as segment.

    Returns
    -------
    pandas.DataFrame
        question, band, `by`, days, observed (bool), customers; ordered. It is what
        `survival.kaplan_meier` needs.
    """
    keys = ["question", "band", *by, "days", "observed"]
    named = after.mutate(days=after.waited)
    return fetch(named.group_by(keys).agg(customers=named.count()).order_by(keys))


def bought_within(counts: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Estimate for each band the share that bought again within so many days of the answer.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `waits`, of answers at least `days` days old.
    days : int
        The h of "within h days".

    Returns
    -------
    pandas.DataFrame
        One row per question and band, in the order of their names: question, band, customers,
        bought, share, low, high (Wilson, 95 %).

    Examples
    --------
    >>> counts = pd.DataFrame({"question": "nps", "band": "promoter", "days": [5, 60, 90],
    ...                        "observed": [True, True, False], "customers": [20, 10, 10]})
    >>> bought_within(counts, days=30)[["customers", "bought", "share"]]
       customers  bought  share
    0         40      20    0.5
    """
    bought = counts.customers.where(counts.observed & (counts.days <= days), 0)
    grouped = counts.assign(bought=bought).groupby(["question", "band"])[["customers", "bought"]]
    found = grouped.sum().reset_index()
    n, x = found.customers.to_numpy(), found.bought.to_numpy()
    low, high = wilson_bounds(x, n) if len(n) else (np.array([]), np.array([]))
    return found.assign(share=x / n, low=low, high=high)


def _first_as_customer(said: ir.Table, lines: ir.Table) -> ir.Table:
    begins = lines.group_by("customer_id").agg(begins=lines.bought.min(where=lines.is_sale))
    known = said.join(begins, "customer_id")
    firsts = first_answers(known.filter(known.day >= known.begins))
    return firsts.select("customer_id", "question", "band", answered="day")


def _sum(amount: ir.DecimalColumn, where: ir.BooleanValue) -> ir.DecimalValue:
    return ibis.coalesce(amount.sum(where=where), 0).cast(MONEY)
