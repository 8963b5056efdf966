"""Worth: what winning back each customer who left would bring, and what it has to reach to pay.

An action pays only for returns it causes. A customer who returns within return_days by themselves
with chance p costs an action the contact c, and the offer o if they return; it gains the value V of
each return it causes. With an uplift u, added to p, the gain is u (V − o) − c − p o; it breaks even
at u = (c + p o) / (V − o). What u is, only a control group tells.

One rule says everywhere for whom writing pays: a return brings more than the offer costs, and the
gain is above 0 at the lower end of the uplift's interval.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np

from regulars.errors import ModelError
from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate
from regulars.measures.money import customer_money
from regulars.measures.purchases import purchase_days
from regulars.measures.segments.day_value import day_value
from regulars.parameters.forecasts import WinBack

__all__ = ["NOT_WORTH_IT", "TO_TEST", "WORTH_IT", "margin_share", "points", "valued"]

WORTH_IT, TO_TEST, NOT_WORTH_IT = "worth_it", "to_test", "not_worth_it"


def margin_share(
    purchases: ir.Table, *, as_of: str | date, margin_rate: float | None
) -> tuple[float, str]:
    """Return margin as a share of spend, of all customers whose margin is known.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    as_of : str or datetime.date
        Last day known, inclusive.
    margin_rate : float or None
        What the parameters say of lines without a cost.

    Returns
    -------
    tuple of float and str
        The share (0 to 1) and ``margin``; or 1 and ``spend`` where nobody's margin is known.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30)])
    >>> margin_share(purchases, as_of="1997-12-31", margin_rate=.4)
    (0.4, 'margin')
    >>> margin_share(purchases, as_of="1997-12-31", margin_rate=None)
    (1.0, 'spend')
    """
    money = customer_money(purchases, as_of=as_of, margin_rate=margin_rate)
    known = money.filter(money["margin"].notnull())
    sums = fetch(known.agg(margin=known.margin.sum(), spend=known.spend.sum())).iloc[0]
    margin, spend = (float(part or 0) for part in sums)
    return (min(max(margin / spend, 0.0), 1.0), "margin") if spend > 0 else (1.0, "spend")


def valued(
    left: ir.Table,
    purchases: ir.Table,
    *,
    as_of: str | date,
    share: float,
    rules: WinBack,
    uplift: Estimate | None,
) -> ir.Table:
    """Work out for each customer who left what their return is worth, and what writing would gain.

    The money of a purchase day is the customer's own mean, drawn towards that of all the more the
    fewer days they have (see `segments.day_value`). A measured uplift is carried over in
    proportion: who is twice as likely to return by themselves gains twice the points.

    Parameters
    ----------
    left : ibis.expr.types.Table
        Those who left: customer_id, step, p_return, extra_days; from `returns.with_chances`.
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    as_of : str or datetime.date
        Last day known, inclusive.
    share : float
        Margin as a share of spend, from `margin_share`.
    rules : WinBack
    uplift : Estimate or None
        The measured uplift as a share of the return rate without action; None if unknown.

    Returns
    -------
    ibis.expr.types.Table
        `left` with return_value (money), break_even (uplift in the chance to return that pays;
        missing where none up to certainty does), uplift (expected; missing if unknown),
        expected_gain (money; missing if unknown), win_back: worth_it (writing pays even at the
        lower end of the uplift's interval), to_test (it pays at the upper end, or the uplift is
        unknown and one up to certainty would pay), not_worth_it (all others).
    """
    rows = left.left_join(_bought(purchases, as_of=as_of), "customer_id").drop("customer_id_right")
    rows = rows.mutate(return_value=_day_money(rows, purchases, as_of=as_of) * share)
    rows = rows.mutate(return_value=rows.return_value * rows.extra_days).drop(
        "bought", "bought_days"
    )
    net = rows.return_value - rules.offer_cost
    price = rules.contact_cost + rows.p_return * rules.offer_cost
    needed = ibis.ifelse(net > 0, price / net, ibis.null("float64"))
    possible = needed <= 1 - rows.p_return
    rows = rows.mutate(break_even=ibis.ifelse(possible, needed, ibis.null("float64")))
    added = ibis.null("float64") if uplift is None else points(rows, uplift.value)
    rows = rows.mutate(uplift=added)
    rows = rows.mutate(expected_gain=rows.uplift * net - price)
    return rows.mutate(win_back=_verdict(rows, net, price, uplift))


def points(rows: ir.Table, ratio: float) -> ir.FloatingValue:
    """Return the uplift in the chance to return; nobody can return with more than certainty."""
    if np.isnan(ratio):
        return rows.p_return * ibis.literal(ratio)
    return ibis.least(rows.p_return * ratio, 1 - rows.p_return)


def _bought(purchases: ir.Table, *, as_of: str | date) -> ir.Table:
    days = purchase_days(purchases, as_of=as_of)
    return days.group_by("customer_id").agg(
        bought=days.spend.sum().cast("float64"), bought_days=days.count()
    )


def _day_money(rows: ir.Table, purchases: ir.Table, *, as_of: str | date) -> ir.FloatingValue:
    try:
        day = day_value(purchases, as_of=as_of)
    except ModelError:  # nobody has bought
        return rows.bought
    if not np.isfinite(day.needed):
        own = rows.bought * 0 + day.mean
    else:
        own = (rows.bought + day.needed * day.mean) / (rows.bought_days + day.needed)
    return ibis.greatest(day.kept * own, 0.0)


def _verdict(
    rows: ir.Table, net: ir.FloatingValue, price: ir.FloatingValue, uplift: Estimate | None
) -> ir.StringValue:
    could = rows["break_even"].notnull()
    if uplift is None or uplift.low is None or uplift.high is None:
        return ibis.ifelse(could, TO_TEST, NOT_WORTH_IT)
    pays, might = (
        could & (points(rows, float(end)) * net > price) for end in (uplift.low, uplift.high)
    )
    return ibis.cases((pays, WORTH_IT), (might, TO_TEST), else_=NOT_WORTH_IT)
