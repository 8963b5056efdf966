"""Importance: which customers matter, by four criteria and a stated rule."""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.bootstrap import bootstrap, estimate_of, random_groups
from regulars.measures.engine import as_date, beside, fetch
from regulars.measures.intervals import Estimate
from regulars.measures.money import MONEY
from regulars.measures.purchases import customer_summary
from regulars.measures.segments.criteria import (
    CRITERIA,
    active_customers,
    measure_criteria,
    shop_categories,
)
from regulars.measures.segments.tiers import SHARES, places_within, value_by, with_share
from regulars.measures.segments.weights import integer_weights
from regulars.parameters.segments import Importance

__all__ = ["CLASSES", "importance", "importance_summary", "rule_table", "vip_value_share"]

CLASSES = ("vip", "potential", "ordinary", "dormant")
"""From the most to the least important."""


def importance(
    purchases: ir.Table,
    rules: Importance,
    *,
    as_of: str | date,
    period_days: int,
    predicted: ir.Table | None = None,
    margin_rate: float | None = None,
) -> tuple[ir.Table, list[str]]:
    """Score every customer by four criteria, and call it VIP, potential, ordinary or dormant.

    Active is who has a purchase day in the last `period_days`; `criteria.measure_criteria` says
    what is measured in these days. Each criterion becomes a percentile among the active: the share
    below, and half of those equal. The score is their weighted mean. For the classes see
    `rule_table`; customers of equal score share one.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases, with category and order_id.
    rules : Importance
        Weights and shares.
    as_of : str or datetime.date
        Last day known, inclusive.
    period_days : int
        Length of the period, in days.
    predicted : ibis.expr.types.Table, optional
        customer_id, predicted_spend (money), as in `predicted.Prediction`; without it nobody is
        potential.
    margin_rate : float, optional
        Margin as a share of spend, for lines without a cost.

    Returns
    -------
    scored : ibis.expr.types.Table
        One row for every customer of `purchases.customer_summary`: customer_id, spend and margin
        (money of the period), volume, loyalty, contribution, fit (the measures), volume_rank,
        loyalty_rank, contribution_rank, fit_rank (the percentiles times twice the number of active
        customers, whole numbers), score (0 to 1), predicted_spend, importance. Money of the period,
        measures, ranks and score are missing for the dormant; fit where there are no categories.
    notes : list of str
        A sentence for each criterion or class that had to be left out or changed.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("bob", "1997-11-01", 5)])
    >>> when = {"as_of": "1997-12-31", "period_days": 90}
    >>> scored, notes = importance(purchases, Importance(), **when)
    >>> fetch(scored.order_by("customer_id")).importance.tolist(), len(notes)
    (['dormant', 'vip'], 3)
    """
    since = as_date(as_of) - timedelta(days=period_days)
    active = active_customers(purchases, as_of=as_of, since=since, margin_rate=margin_rate)
    by, n = value_by(active), int(active.count().to_pyarrow().as_py())
    categories = shop_categories(purchases, as_of=as_of, since=since)
    measured = measure_criteria(active, by=by, categories=categories)
    weights = integer_weights(rules, CRITERIA if categories else CRITERIA[:-1])
    ranked = _with_predicted(_scored(measured, weights, n=n), predicted)
    classed = ranked.mutate(importance=_class(ranked, rules, n=n)).drop("predicted_spend")
    everybody = customer_summary(purchases, as_of=as_of).select("customer_id")
    everybody = _with_predicted(everybody, predicted)
    rows = beside(everybody, classed)
    rows = rows.mutate(importance=rows.importance.fill_null("dormant")).drop("_points")
    return rows, _notes(by, categories, predicted)


def importance_summary(scored: ir.Table) -> pd.DataFrame:
    """Say how large each class is and what it brings.

    Parameters
    ----------
    scored : ibis.expr.types.Table
        From `importance`.

    Returns
    -------
    pandas.DataFrame
        One row per class, empty ones too: importance, customers, customers_share; of the active in
        the period spend, spend_share, margin, share_of_margin (missing where it is not known of
        each); predicted_spend, predicted_share (missing without a prediction).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> scored = table_of(pd.DataFrame({"importance": ["vip", "ordinary"], "spend": [30, 10],
    ...                                 "margin": [9, 3], "predicted_spend": [20, 20]}))
    >>> importance_summary(scored)[["importance", "customers", "spend_share"]]
      importance  customers  spend_share
    0        vip          1         0.75
    1  potential          0         0.00
    2   ordinary          1         0.25
    3    dormant          0         0.00
    """
    groups = scored.group_by("importance").agg(
        customers=scored.count(),
        **{name: scored[name].sum().cast("float64") for name in SHARES},
        **{f"known_{name}": scored[name].count() for name in SHARES},
    )
    found = fetch(groups).set_index("importance")
    found = found.reindex(pd.Index(CLASSES, name="importance")).fillna(0)
    table = pd.DataFrame({"customers": found.customers.astype("int64")})
    table["customers_share"] = table.customers / table.customers.sum()
    active = int(table.customers.drop("dormant").sum())
    needed = {"spend": active, "margin": active, "predicted_spend": int(table.customers.sum())}
    for name in SHARES:
        is_known = found[f"known_{name}"].sum() >= needed[name] > 0
        table = with_share(table, name, found[name] if is_known else None)
    return table.reset_index()


def vip_value_share(scored: ir.Table, *, seed: int = 1) -> Estimate | None:
    """Estimate which share of the period's value the VIPs bring.

    Parameters
    ----------
    scored : ibis.expr.types.Table
        From `importance`.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate or None
        Of the margin of the active customers where that of each is known, else of their spend; the
        interval answers what other customers of the same kind would have brought, who is VIP held
        fixed. None unless all value together is above zero.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> scored = table_of(pd.DataFrame({"customer_id": list("abcd"), "spend": [40.0, 50, 5, 5],
    ...                                 "importance": ["vip", "vip", "ordinary", "ordinary"]}))
    >>> vip_value_share(scored).value
    0.9
    """
    active = scored.filter(scored.importance != "dormant")
    value = active[value_by(active)].cast("float64")
    sums = {"vip": value.sum(where=active.importance == "vip"), "all": value.sum()}
    groups = random_groups(active, sums)
    if not groups["all"].sum() > 0:
        return None
    drawn = bootstrap(groups, lambda sums: (sums.vip / sums["all"]).to_frame("share"), seed=seed)
    n = active.count().to_pyarrow().as_py()
    return estimate_of(drawn, "share", n=n)


def rule_table(rules: Importance, *, period_days: int) -> pd.DataFrame:
    """Write the rules of the classes as a table for the page; the first that applies counts.

    Examples
    --------
    >>> rule_table(Importance(), period_days=365).importance.tolist()
    ['dormant', 'vip', 'potential', 'ordinary']
    """
    vip, potential = (
        f"{100 * share:g}\u00a0%" for share in (rules.vip_share, rules.potential_share)
    )
    rows = [
        ("dormant", f"No purchase day in the last {period_days:,} days"),
        ("vip", f"Fewer than {vip} of the active customers have a higher score"),
        ("potential", f"Fewer than {potential} of the active have a higher predicted value"),
        ("ordinary", "All other active customers"),
    ]
    return pd.DataFrame(rows, columns=["importance", "rule"])


def _scored(measured: ir.Table, weights: dict[str, int], *, n: int) -> ir.Table:
    ranks = {f"{name}_rank": _twice_mid_rank(measured, name) for name in weights}
    missing = {f"{name}_rank": ibis.null("int64") for name in CRITERIA if name not in weights}
    ranked = measured.mutate(**ranks, **missing)
    points = sum(ranked[f"{name}_rank"] * weight for name, weight in weights.items())
    most = 2 * max(n, 1) * sum(weights.values())
    return ranked.mutate(_points=points, score=points.cast("float64") / most)


def _twice_mid_rank(measured: ir.Table, name: str) -> ir.IntegerValue:
    """Count those below twice and those equal once: whole, and 2n times the mid-rank percentile."""
    below = ibis.rank().over(ibis.window(order_by=measured[name]))
    return 2 * below + measured.count().over(ibis.window(group_by=measured[name]))


def _with_predicted(ranked: ir.Table, predicted: ir.Table | None) -> ir.Table:
    if predicted is None:
        return ranked.mutate(predicted_spend=ibis.null(MONEY))
    return beside(ranked, predicted.select("customer_id", "predicted_spend"))


def _class(ranked: ir.Table, rules: Importance, *, n: int) -> ir.StringValue:
    higher_score = ibis.rank().over(ibis.window(order_by=ranked._points.desc()))
    expected = ranked.predicted_spend.fill_null(0)
    higher_value = ibis.rank().over(ibis.window(order_by=expected.desc()))
    promising = (expected > 0) & (higher_value < places_within(rules.potential_share, n))
    return ibis.cases(
        (higher_score < places_within(rules.vip_share, n), "vip"),
        (promising, "potential"),
        else_="ordinary",
    )


def _notes(by: str, categories: int, predicted: ir.Table | None) -> list[str]:
    notes = []
    if by == "spend":
        notes.append("Contribution is spend: the margin is not known of every active customer.")
    if not categories:
        notes.append("Fit of needs is left out: no purchase of the period names a category.")
    if predicted is None:
        notes.append("Nobody is potential: no value is predicted.")
    return notes
