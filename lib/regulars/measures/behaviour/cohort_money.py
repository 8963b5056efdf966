"""Cohort money: what a customer of a cohort spends by age, at ages that all cohorts have reached.

A mean counts all customers of the cohort, also those who bought nothing more.
"""

from collections.abc import Sequence
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.behaviour.equal_ages import EqualAges
from regulars.measures.bootstrap import bootstrap, random_groups
from regulars.measures.calendar_units import Every, number_of
from regulars.measures.retention import aged_spend

__all__ = ["cohort_values", "money_by_age", "shown_money"]

SPENT = ["spend", "spend_low", "spend_high"]
SO_FAR = ["spend_to_age", "low", "high"]


def money_by_age(
    purchases: ir.Table,
    groups: ir.Table,
    kept: Sequence[str],
    *,
    ages: EqualAges,
    as_of: str | date,
    every: Every = "month",
) -> pd.DataFrame:
    """Estimate what a customer of each group spends at each age, and up to it.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind.
    groups : ibis.expr.types.Table
        customer_id (once each), group.
    kept : sequence of str
        The groups asked for, in their order.
    ages : EqualAges
        Which cohorts, and up to which age.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week``, ``month`` or ``quarter``.

    Returns
    -------
    pandas.DataFrame
        One row per group and age: group, age, spend (money per customer in that week, month or
        quarter, net of returns), spend_low, spend_high, spend_to_age (money per customer from the
        first up to the end of it), low, high; ends are 95 %, of a bootstrap over customers, and
        missing where all spent the same.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-01-07", 20),
    ...                           ("ann", "1997-02-09", 30)])
    >>> channels = table_of(pd.DataFrame({"customer_id": ["ann", "bob"], "group": "web"}))
    >>> ages = EqualAges(pd.to_datetime(["1997-01-01"]), age=1, early=False)
    >>> money = money_by_age(purchases, channels, ["web"], ages=ages, as_of="1997-02-28")
    >>> money.spend.tolist(), money.spend_to_age.tolist()
    ([15.0, 15.0], [15.0, 30.0])
    """
    spent = _spent(purchases, ages, as_of=as_of, every=every)
    named = spent.left_join(groups.select("customer_id", "group"), "customer_id")
    cells = [(group, age) for group in kept for age in range(ages.age + 1)]
    wanted = {_n(group): _size(named, named.group == group) for group in kept}
    for group, age in cells:
        here = (named.group == group) & (named.age == age)
        wanted[_name(group, age)] = named.spend.sum(where=here)
    columns = ["group", "age", *SPENT, *SO_FAR]
    if not cells:
        return pd.DataFrame(columns=columns)
    found = bootstrap(random_groups(named, wanted), lambda sums: _means(sums, cells))
    in_age, so_far = found.iloc[: len(cells)], found.iloc[len(cells) :]
    rows = np.column_stack([in_age.to_numpy(), so_far.to_numpy()])
    frame = pd.DataFrame(cells, columns=["group", "age"])
    return _with_width(frame.assign(**dict(zip([*SPENT, *SO_FAR], rows.T, strict=True))))


def cohort_values(
    purchases: ir.Table, *, ages: EqualAges, as_of: str | date, every: Every = "month"
) -> pd.DataFrame:
    """Estimate what a customer of each cohort has spent up to the age that all have reached.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind.
    ages : EqualAges
        Which cohorts, and up to which age.
    as_of : str or datetime.date
        Last day known, inclusive.
    every : str
        ``week``, ``month`` or ``quarter``.

    Returns
    -------
    pandas.DataFrame
        One row per cohort: cohort, age (of all), customers, spend_to_age (money per customer from
        the first week, month or quarter to the end of that age), low, high (95 %, of a bootstrap
        over customers).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10), ("bob", "1997-01-07", 20),
    ...                           ("ann", "1997-02-09", 30)])
    >>> ages = EqualAges(pd.to_datetime(["1997-01-01"]), age=1, early=False)
    >>> found = cohort_values(purchases, ages=ages, as_of="1997-02-28")
    >>> found[["age", "customers", "spend_to_age"]].to_numpy().tolist()
    [[1.0, 2.0, 30.0]]
    """
    columns = ["cohort", "age", "customers", *SO_FAR]
    if not len(ages.cohorts):
        return pd.DataFrame(columns=columns)
    spent = _spent(purchases, ages, as_of=as_of, every=every)
    numbers = number_of(ages.cohorts.to_series(), every).tolist()
    wanted = {_n(one): _size(spent, spent.cohort == one) for one in numbers}
    wanted |= {_name(one, "all"): spent.spend.sum(where=spent.cohort == one) for one in numbers}
    groups = random_groups(spent, wanted)
    found = bootstrap(groups, lambda sums: _ratios(sums, numbers))
    sizes = groups[[_n(one) for one in numbers]].sum().astype("int64").to_numpy()
    frame = pd.DataFrame({"cohort": ages.cohorts, "age": ages.age, "customers": sizes})
    return _with_width(frame.assign(**dict(zip(SO_FAR, found.to_numpy().T, strict=True))))


def shown_money(money: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Hide the money of hidden cells, and what would tell it as a difference.

    Parameters
    ----------
    money : pandas.DataFrame
        From `money_by_age`.
    shown : pandas.DataFrame
        The same groups and ages, from `shown_groups.shown_groups`.

    Returns
    -------
    pandas.DataFrame
        The money with customers, missing where hidden, and the column hidden. What was spent up to
        an age is hidden where that age is, what was spent in an age also where the one before is:
        it would be the rest of what is shown up to both.

    Examples
    --------
    >>> money = pd.DataFrame({"group": "web", "age": [0, 1, 2], "spend": [9.0, 1, 2],
    ...     "spend_low": 0.0, "spend_high": 20.0, "spend_to_age": [9.0, 10, 12], "low": 0.0,
    ...     "high": 20.0})
    >>> shown = pd.DataFrame({"group": "web", "age": [0, 1, 2], "customers": 50,
    ...                       "hidden": [False, True, False]})
    >>> shown_money(money, shown)[["spend", "spend_to_age"]].to_numpy().tolist()
    [[9.0, 9.0], [nan, nan], [nan, 12.0]]
    """
    both = money.merge(shown[["group", "age", "customers", "hidden"]], on=["group", "age"])
    before = both.groupby("group").hidden.shift(fill_value=False).astype(bool)
    taken = both.assign(hidden=both.hidden | before)
    taken[SPENT] = taken[SPENT].mask(taken.hidden)
    taken[SO_FAR] = taken[SO_FAR].mask(both.hidden)
    return taken


def _spent(purchases: ir.Table, ages: EqualAges, *, as_of: str | date, every: Every) -> ir.Table:
    """Keep what the customers of the cohorts spent up to the age."""
    spent = aged_spend(purchases, as_of=as_of, every=every)
    cohorts = number_of(ages.cohorts.to_series(), every).tolist()
    return spent.filter(spent.cohort.isin(cohorts), spent.age <= ages.age)


def _with_width(frame: pd.DataFrame) -> pd.DataFrame:
    """Take the ends away where all spent the same, which tells nothing of how others differ."""
    known = frame
    for low, high in (SPENT[1:], SO_FAR[1:]):
        if low in frame:
            alike = (frame[high] - frame[low]).abs() <= 1e-9 * frame[high].abs()
            known = known.assign(**{end: known[end].mask(alike) for end in (low, high)})
    return known


def _size(spent: ir.Table, here: ir.BooleanValue) -> ir.IntegerScalar:
    # Everybody has exactly one row at age 0, the one of the first purchase.
    return (here & (spent.age == 0)).sum()


def _means(sums: pd.DataFrame, cells: list[tuple[str, int]]) -> pd.DataFrame:
    """Return money per customer in each age, then up to each age."""
    in_age = pd.DataFrame({_name(*cell): sums[_name(*cell)] / sums[_n(cell[0])] for cell in cells})
    so_far, found = {}, 0.0
    for group, age in cells:
        found = in_age[_name(group, age)] + (found if age else 0.0)
        so_far[f"to {_name(group, age)}"] = found
    return pd.concat([in_age, pd.DataFrame(so_far)], axis=1)


def _ratios(sums: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    return pd.DataFrame({one: sums[_name(one, "all")] / sums[_n(one)] for one in numbers})


def _n(group: object) -> str:
    return f"n {group}"


def _name(group: object, age: object) -> str:
    return f"spend {group} {age}"
