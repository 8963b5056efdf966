"""Cohort groups: the same cohorts by what their customers' first purchase was.

A group is formed by the first purchase, so nothing later can have put a customer into it.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.measures.behaviour.cohort_money import cohort_values, money_by_age, shown_money
from regulars.measures.behaviour.equal_ages import EqualAges, equal_ages
from regulars.measures.behaviour.first_purchase import first_purchase
from regulars.measures.behaviour.shown_groups import REST, pooled_groups, shown_groups
from regulars.measures.calendar_units import Every
from regulars.measures.cohort_suppression import NEWEST, Triangle
from regulars.measures.retention import cohort_retention, grouped_retention
from regulars.measures.segments.chance import holm
from regulars.measures.surveys.detectable import detectable_share
from regulars.measures.surveys.two_samples import share_difference
from regulars.small_groups import LEAST

__all__ = ["ALL", "CohortGroups", "cohort_groups", "group_differences"]

ALL = "all"  # the one group where customers are not parted
COMPARED = {"week": 13, "month": 3, "quarter": 1}  # about a quarter of a year after the first


@dataclass(frozen=True)
class CohortGroups:
    """What is shown of the groups of cohorts, all at ages that every cohort has reached.

    Parameters
    ----------
    ages : EqualAges
        Which cohorts, and up to which age.
    retention : DataFrame
        From `shown_groups.shown_groups`: group, age, customers, active, rate, low, high, hidden.
    money : DataFrame
        From `cohort_money.shown_money`: group, age, customers, spend, spend_to_age, with ends.
    values : DataFrame
        From `cohort_money.cohort_values`: cohort (of weeks the newest), age, customers,
        spend_to_age, low, high.
    differences : DataFrame
        From `group_differences`, about a quarter of a year after the first purchase.
    """

    ages: EqualAges
    retention: pd.DataFrame
    money: pd.DataFrame
    values: pd.DataFrame
    differences: pd.DataFrame


def cohort_groups(
    purchases: ir.Table,
    triangle: Triangle,
    *,
    as_of: str | date,
    every: Every = "month",
    by: str | None = None,
    k: int = LEAST,
) -> CohortGroups:
    """Compare retention and money of cohorts by an attribute of the first purchase.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    triangle : Triangle
        From `shown_cohorts.shown_cohorts`, for the same `as_of` and `every`.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week``, ``month`` or ``quarter``.
    by : str, optional
        ``channel``, ``category``, ``campaign_id`` or ``region``; none: all customers are one group.
    k : int
        The smallest count that is shown.

    Examples
    --------
    >>> from regulars.measures.behaviour.shown_cohorts import shown_cohorts
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([(f"c{i}", "1997-01-05", 10) for i in range(30)])
    >>> triangle = shown_cohorts(purchases, as_of="1997-01-31")
    >>> cohort_groups(purchases, triangle, as_of="1997-01-31").money.spend_to_age.tolist()
    [10.0]
    """
    retention = cohort_retention(purchases, as_of=as_of, every=every)
    ages = equal_ages(retention, triangle.sizes, every=every)
    groups = _groups(purchases, by, as_of=as_of)
    cells = grouped_retention(purchases, groups, as_of=as_of, every=every)
    pooled = pooled_groups(cells, ages, k=k)
    shown = shown_groups(pooled, retention, triangle, ages=ages, every=every, k=k)
    newest = replace(ages, cohorts=ages.cohorts[-NEWEST.get(every, len(ages.cohorts)) :])
    when = {"ages": ages, "as_of": as_of, "every": every}
    money = money_by_age(purchases, groups, shown.group.unique().tolist(), **when)
    return CohortGroups(
        ages,
        shown,
        shown_money(money, shown),
        cohort_values(purchases, **when | {"ages": newest}),
        group_differences(shown, age=min(COMPARED[every], ages.age)),
    )


def group_differences(shown: pd.DataFrame, *, age: int, level: float = 0.95) -> pd.DataFrame:
    """Compare the retention of each two groups at one age, corrected for how many are compared.

    Parameters
    ----------
    shown : DataFrame
        From `shown_groups.shown_groups`; hidden cells are left out.
    age : int
        At which age; at 0 all have bought, and nothing is compared.
    level : float
        Of all comparisons together.

    Returns
    -------
    DataFrame
        One row per pair, the larger group first: age, one, other, change (share of the first less
        that of the second), low, high (Newcombe 95 %), p, p_holm, detectable (the smallest
        difference so many customers would have shown four times in five), differs (bool).

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Holm (1979).

    Examples
    --------
    >>> shown = pd.DataFrame({"group": ["web", "app"], "age": 3, "customers": [200, 100],
    ...                       "active": [80, 10], "hidden": False})
    >>> group_differences(shown, age=3)[["one", "other", "change", "differs"]]
       one other  change  differs
    0  web   app     0.3     True
    """
    here = shown[(shown.age == age) & ~shown.hidden & (age > 0)]
    pairs = list(combinations(here.group, 2))
    sides = here.set_index("group")[["customers", "active"]].astype("int64")
    sides = sides.rename(columns={"customers": "n", "active": "top"})
    one, other = (sides.loc[[pair[at] for pair in pairs]].reset_index(drop=True) for at in (0, 1))
    names = pd.DataFrame(pairs, columns=["one", "other"])
    names.insert(0, "age", age)
    found = pd.concat([names, share_difference(one, other, level=level)], axis=1)
    p_holm = holm(found.p.to_numpy())
    detectable = detectable_share(one, other, level=level)
    return found.assign(p_holm=p_holm, detectable=detectable, differs=p_holm <= 1 - level)


def _groups(purchases: ir.Table, by: str | None, *, as_of: str | date) -> ir.Table:
    firsts = first_purchase(purchases, as_of=as_of)
    group = ibis.literal(ALL) if by is None else ibis.coalesce(firsts[by], REST)
    return firsts.select("customer_id", group=group)
