"""The space clusters are looked for in: three logarithms of how a customer buys."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import fetch

__all__ = ["FEATURES", "FEWEST_DAYS", "nearest_cluster", "sample_logs", "scale_of", "standardised"]

FEATURES = ("days_between", "value_per_order", "intervals_since_last")
"""Mean days between purchase days, spend by order, days since last by the days between."""

FEWEST_DAYS = 3
"""Purchase days from which on a customer's way of buying is taken as known."""

SAMPLE = 20_000
OUTER = 0.01


def sample_logs(customers: ir.Table) -> pd.DataFrame:
    """Return the logarithms of the features of at most 20,000 customers with three purchase days.

    Those whose ids have the lowest MD5 are taken, lowest first, so that the sample is by lot and
    yet the same on every engine.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.purchases import customer_summary
    >>> days = ["1997-01-05", "1997-01-15", "1997-01-25"]
    >>> purchases = purchases_of([("ann", day, 10) for day in days])
    >>> np.exp(sample_logs(customer_summary(purchases, as_of="1997-02-04"))).round(6)
       days_between  value_per_order  intervals_since_last
    0          10.0             10.0                   2.0
    """
    known = customers.filter(customers.repeat_days >= FEWEST_DAYS - 1)
    known = known.mutate(lot=known.customer_id.hexdigest("md5"))
    order = ["lot", "customer_id"]
    chosen = known.order_by(order).limit(SAMPLE)
    found = fetch(chosen.select(*order, **_logs(chosen)).order_by(order))
    return found[list(FEATURES)].astype(float)


def scale_of(logs: pd.DataFrame) -> pd.DataFrame:
    """Return by feature its 1 and 99 % quantiles, and mean and sd of what is drawn in to them.

    Examples
    --------
    >>> scale_of(pd.DataFrame({"days_between": [1.0, 3.0]})).round(2)
                   low  high  mean    sd
    days_between  1.02  2.98   2.0  0.98
    """
    low, high = (logs.quantile(part) for part in (OUTER, 1 - OUTER))
    inner = logs.clip(low, high, axis=1)
    sd = inner.std(ddof=0)
    scale = {"low": low, "high": high, "mean": inner.mean(), "sd": sd.where(sd > 1e-9, 1.0)}
    return pd.DataFrame(scale)


def standardised(logs: pd.DataFrame, scale: pd.DataFrame) -> np.ndarray:
    """Return the points k-means works on, a row per customer.

    Examples
    --------
    >>> logs = pd.DataFrame({"days_between": [1.0, 3.0]})
    >>> standardised(logs, scale_of(logs)).round(6).tolist()
    [[-1.0], [1.0]]
    """
    inner = logs.clip(scale.low, scale.high, axis=1)
    return ((inner - scale["mean"]) / scale.sd).to_numpy(float)


def nearest_cluster(
    customers: ir.Table, scale: pd.DataFrame, centres: pd.DataFrame
) -> ir.IntegerValue:
    """Return, for the engine, the cluster whose centre a customer is nearest to.

    Parameters
    ----------
    customers : ibis.expr.types.Table
        From `purchases.customer_summary`.
    scale : pandas.DataFrame
        From `scale_of`.
    centres : pandas.DataFrame
        A row per feature, a column per cluster: its standardised centre.

    Returns
    -------
    ibis.expr.types.IntegerValue
        Missing for customers with fewer than three purchase days.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> from regulars.measures.purchases import customer_summary
    >>> days = ["1997-01-05", "1997-01-15", "1997-01-25"]
    >>> purchases = purchases_of([("ann", day, 10) for day in days])
    >>> customers = customer_summary(purchases, as_of="1997-02-04")
    >>> scale = scale_of(sample_logs(customers))
    >>> centres = pd.DataFrame({1: [5.0] * 3, 2: [0.0] * 3}, index=list(FEATURES))
    >>> fetch(customers.select(cluster=nearest_cluster(customers, scale, centres)))
       cluster
    0        2
    """
    logs = _logs(customers)
    far = {name: _distance(logs, scale, centres[name]) for name in centres}
    nearest = ibis.least(*far.values())
    cluster = ibis.cases(*((one == nearest, int(name)) for name, one in far.items()))
    known = customers.repeat_days >= FEWEST_DAYS - 1
    return ibis.ifelse(known, cluster, None).cast("int64")


def _logs(customers: ir.Table) -> dict[str, ir.FloatingValue]:
    between = customers.recency_age / customers.repeat_days.nullif(0)
    value = customers.spend.cast("float64") / customers.orders
    return {
        "days_between": between.nullif(0).ln(),
        # Far below any money, so that spend of zero or below is drawn in to the lowest there is.
        "value_per_order": ibis.ifelse(value > 0, value, 1e-9).ln(),
        "intervals_since_last": (1 + customers.days_since_last / between.nullif(0)).ln(),
    }


def _distance(
    logs: dict[str, ir.FloatingValue], scale: pd.DataFrame, centre: pd.Series
) -> ir.FloatingValue:
    parts = []
    for name, of in scale.iterrows():
        inner = ibis.least(ibis.greatest(logs[name], float(of.low)), float(of.high))
        parts.append((inner - float(of["mean"])) / float(of.sd) - float(centre[name]))
    return sum((part * part for part in parts[1:]), start=parts[0] * parts[0])
