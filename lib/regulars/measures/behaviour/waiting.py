"""Waiting: how long until the second purchase, by how the first came about.

What the first purchase was is known before the waiting begins, so no group is made of what it is
asked about. That groups differ does not say why: other customers come by other ways.
"""

from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.errors import ParameterError
from regulars.measures.behaviour.first_purchase import ATTRIBUTES, first_purchase
from regulars.measures.behaviour.horizon import hidden_waits, share_within
from regulars.measures.engine import fetch
from regulars.measures.intervals import normal_quantile
from regulars.measures.repurchase import median_days_to_second, waits
from regulars.measures.segments.chance import holm
from regulars.measures.suppression import LEAST, suppressed
from regulars.measures.survival import kaplan_meier, kaplan_meier_by, log_rank

__all__ = [
    "DRAWN",
    "NO_CAMPAIGN",
    "waiting_counts",
    "waiting_curves",
    "waiting_groups",
    "waiting_tests",
]

DRAWN = 4
"""So many groups are drawn at most, the largest."""

NO_CAMPAIGN = "no campaign"
POWER = 0.8
GROUP = ["group", "customers", "share", "low", "high", "median_days"]
TEST = ["attribute", "groups", "customers", "statistic", "p", "detectable"]


def waiting_counts(purchases: ir.Table, *, as_of: str | date, by: str) -> pd.DataFrame:
    """Count how long customers waited until their second purchase day, by their first purchase.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id and the column `by`.
    as_of : str or datetime.date
        Last day known, inclusive.
    by : str
        ``channel``, ``category``, ``campaign_id`` or ``region`` of the first purchase.

    Returns
    -------
    pandas.DataFrame
        group, days (until the second purchase day, or watched so far), observed (whether there is
        one), customers. Customers of whose first purchase it is not known are left out; without a
        campaign they are a group of their own where any customer has one.

    Raises
    ------
    ParameterError
        If `by` is none of these.

    Examples
    --------
    >>> import ibis
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("ann", "1997-01-07", 20)])
    >>> waiting_counts(purchases.mutate(channel=ibis.literal("web")), as_of="1997-12-31",
    ...                by="channel")
      group  days  observed  customers
    0   web     2      True          1
    """
    if by not in ATTRIBUTES:
        raise ParameterError(f"Expected one of {', '.join(ATTRIBUTES)}, found {by!r}.")
    every = waits(purchases, as_of=as_of)
    firsts = first_purchase(purchases, as_of=as_of)
    known = firsts.select("customer_id", group=firsts[by])
    joined = every.filter(every.purchase == 1).inner_join(known, "customer_id")
    counts = fetch(
        joined.group_by(["group", "days", "observed"])
        .agg(customers=joined.count())
        .order_by(["group", "days", "observed"])
    )
    if by == "campaign_id" and counts.group.notna().any():
        counts = counts.fillna({"group": NO_CAMPAIGN})
    return counts.dropna(subset="group", ignore_index=True)


def waiting_groups(counts: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Estimate for each group the share who bought again within so many days.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `waiting_counts`.
    days : int
        The horizon, in days.

    Returns
    -------
    pandas.DataFrame
        A row per group, the largest first and hidden ones last: group, customers, share
        (Kaplan-Meier; missing where fewer than ten have been watched so long), low, high (95 %
        interval), median_days (missing where fewer than half came back), hidden.

    Examples
    --------
    >>> counts = pd.DataFrame({"group": ["app", "app", "web", "web"], "days": [9, 90] * 2,
    ...                        "observed": [True, False] * 2, "customers": [60, 40, 30, 90]})
    >>> waiting_groups(counts, days=30)[["group", "customers", "share"]].round(2)
      group  customers  share
    0   web        120   0.25
    1   app        100   0.60
    """
    if counts.empty:
        return pd.DataFrame(columns=GROUP).assign(hidden=pd.Series(dtype=bool))
    rows = [_group(name, group, days=days) for name, group in counts.groupby("group")]
    others = GROUP[2:]
    frame = pd.DataFrame(rows, columns=GROUP).astype(dict.fromkeys(others, "float64"))
    mask = hidden_waits(counts, "group", days=days).share.to_numpy()
    shown = suppressed(frame, others=others, mask=mask)
    # Hidden rows stand last, by name: their order must not tell of their size.
    return shown.sort_values(["customers", "group"], ascending=[False, True], ignore_index=True)


def waiting_curves(counts: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Estimate the curves of the largest groups that may be shown.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `waiting_counts`.
    groups : pandas.DataFrame
        From `waiting_groups`.

    Returns
    -------
    pandas.DataFrame
        At most four groups, the largest first: group, day, share (who have bought again by then),
        low, high (95 % band), at_risk; up to the last day with ten still waiting and watched.
    """
    chosen = groups.group[~groups.hidden].head(DRAWN).tolist()
    curves = kaplan_meier_by(counts[counts.group.isin(chosen)], by="group")
    place = curves.group.map({name: place for place, name in enumerate(chosen)})
    ordered = curves.assign(place=place).sort_values(["place", "day"]).drop(columns="place")
    return ordered[ordered.at_risk >= LEAST].reset_index(drop=True)


def waiting_tests(
    counts: Mapping[str, pd.DataFrame], *, days: int, level: float = 0.95
) -> pd.DataFrame:
    """Test for each attribute whether its groups come back equally soon.

    Parameters
    ----------
    counts : mapping
        From attribute, such as ``channel``, to what `waiting_counts` gave. Groups with fewer than
        ten customers are left out, and an attribute with fewer than two groups is not tested.
    days : int
        The horizon for `detectable`.
    level : float
        Of all tests together.

    Returns
    -------
    pandas.DataFrame
        One row per attribute tested: attribute, groups, customers, statistic, p (log-rank),
        detectable (the smallest difference of the shares within `days` that the two largest groups
        show with 80 % power, at the level that holds for as many tests), p_holm (over the
        attributes tested), differs (p_holm at most 1 − level).

    Notes
    -----
    `survival.log_rank`; correction of Holm (1979). Power: Fleiss, Levin & Paik (2003),
    Statistical Methods for Rates and Proportions, equation 4.14, at the share of both together.

    Examples
    --------
    >>> counts = pd.DataFrame({"group": ["app", "app", "web", "web"], "days": [9, 90] * 2,
    ...                        "observed": [True, False] * 2, "customers": [60, 40, 30, 90]})
    >>> waiting_tests({"channel": counts}, days=30)[["attribute", "differs"]]
      attribute  differs
    0   channel     True
    """
    enough = {name: _enough(every) for name, every in counts.items()}
    enough = {name: every for name, every in enough.items() if len(every.group.unique()) > 1}
    of_each = 1 - (1 - level) / max(len(enough), 1)
    rows = [_test(name, every, days=days, level=of_each) for name, every in enough.items()]
    tests = pd.DataFrame(rows, columns=TEST).astype({"p": float, "detectable": float})
    p_holm = holm(tests.p.to_numpy())
    return tests.assign(p_holm=p_holm, differs=p_holm <= 1 - level)


def _enough(counts: pd.DataFrame) -> pd.DataFrame:
    sizes = counts.groupby("group").customers.sum()
    return counts[counts.group.isin(sizes.index[sizes >= LEAST])]


def _test(attribute: str, counts: pd.DataFrame, *, days: int, level: float) -> tuple:
    found = log_rank(counts, by="group")
    about = (attribute, counts.group.nunique(), int(counts.customers.sum()))
    return *about, found.statistic, found.p, _detectable(counts, days, level)


def _group(name: str, counts: pd.DataFrame, *, days: int) -> tuple:
    found = share_within(counts, days=days)
    ends = (found.value, found.low, found.high) if found else (None, None, None)
    curve = kaplan_meier(counts)
    median = median_days_to_second(curve[curve.at_risk >= LEAST])
    return name, int(counts.customers.sum()), *ends, median


def _detectable(counts: pd.DataFrame, days: int, level: float) -> float | None:
    """Return the smallest difference the two largest groups could show; none if too young."""
    sizes = counts.groupby("group").customers.sum().nlargest(2)
    found = share_within(counts[counts.group.isin(sizes.index)], days=days)
    if found is None:
        return None
    error = np.sqrt(found.value * (1 - found.value) * (1 / sizes).sum())
    return float((normal_quantile(level) + stats.norm.ppf(POWER)) * error)
