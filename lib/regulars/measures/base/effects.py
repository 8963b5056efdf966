"""Effects: what made spend rise or fall between two periods."""

import math
from decimal import Decimal
from fractions import Fraction

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.base.changes import money_total
from regulars.measures.bootstrap import bootstrap, random_groups

__all__ = ["EFFECTS", "change_effects", "change_numbers", "with_intervals"]

EFFECTS = ("customers", "orders", "value")
SUMS = ("customers", "orders", "spend")
CENT, MILL = Decimal("0.01"), Decimal("0.0001")
BOUGHT = {"before": ("stayed", "left"), "now": ("stayed", "came_back", "new")}

Number = Fraction | pd.Series
Pair = tuple[Number, Number]


def change_effects(by_status: pd.DataFrame) -> pd.DataFrame:
    """Split the change of spend into customers, orders per customer and value per order.

    Spend is customers × orders per customer × value per order. Each factor is moved from its old
    to its new value, in each of the six orders in which the three can be moved, and its effect is
    the mean over them; so the three add up to the change. Where one of the periods has no
    customer, the other two factors have no value in it, and the whole change is the customers'.

    Parameters
    ----------
    by_status : pandas.DataFrame
        From `change_by_status`.

    Returns
    -------
    pandas.DataFrame
        Rows customers, orders, value, only_returns (the change of the money of periods without a
        purchase) and total; columns effect, change (``decimal.Decimal``, whole cents where the
        total is, else the four digits money is kept in). The first four add up to the total
        exactly, by the largest remainder.

    Notes
    -----
    Shapley (1953), A value for n-person games; for decompositions: Sun (1998), Energy Economics
    20, 85-100; Shorrocks (2013), Journal of Economic Inequality 11, 99-126.

    Examples
    --------
    >>> by_status = pd.DataFrame({"status": ["stayed", "only_returns"], "customers": [2, None],
    ...     "orders_before": [2, 0], "orders_now": [4, 0],
    ...     "spend_before": [Decimal(20), Decimal(0)], "spend_now": [Decimal(44), Decimal(0)]})
    >>> effects = change_effects(by_status)
    >>> dict(zip(effects.effect, map(float, effects.change)))
    {'customers': 0.0, 'orders': 21.0, 'value': 3.0, 'only_returns': 0.0, 'total': 24.0}
    """
    bought = by_status[by_status.status != "only_returns"]
    others = by_status[by_status.status == "only_returns"]
    exact = _exact_effects(*(_totals(bought, when) for when in BOUGHT))
    returned = money_total(others.spend_now) - money_total(others.spend_before)
    change = money_total(bought.spend_now) - money_total(bought.spend_before)
    amounts = [*_rounded(exact, change), returned, change + returned]
    return pd.DataFrame({"effect": [*EFFECTS, "only_returns", "total"], "change": amounts})


def change_numbers(changes: ir.Table, *, effects: pd.DataFrame) -> pd.DataFrame:
    """Estimate how far the change of spend, and what made it, would differ with other customers.

    Parameters
    ----------
    changes : ibis.expr.types.Table
        From `changes.customer_changes`.
    effects : pandas.DataFrame
        From `change_effects`, for the same customers; its exact amounts stand as the values.

    Returns
    -------
    pandas.DataFrame
        Rows change, customers, orders, value (the three effects; together with the money of
        periods without a purchase they are the change), growth (change as a share of the spend
        before; missing where that is not above zero), old_share (share of the last period's spend
        that customers from before it bring); columns value, low, high (95 %, bootstrap over
        customers), n (customers with a purchase day in either period; for old_share in the last).

    Examples
    --------
    >>> from regulars.measures.base.changes import change_by_status, customer_changes
    >>> from regulars.measures.base.periods import periods_of
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 10), ("ann", "1997-01-08", 30),
    ...                           ("bob", "1997-01-09", 10)])
    >>> periods = periods_of(purchases, as_of="1997-01-10", period_days=5)
    >>> changes = customer_changes(purchases, periods=periods)
    >>> effects = change_effects(change_by_status(changes))
    >>> numbers = change_numbers(changes, effects=effects)
    >>> numbers.value[["change", "growth", "old_share"]].tolist(), numbers.n.tolist()
    ([30.0, 3.0, 0.75], [2, 2, 2, 2, 2, 2])
    """
    before, now = (changes.status.isin(names) for names in BOUGHT.values())
    sums = {
        "customers_before": before.sum(),
        "orders_before": changes.orders_before.sum(),
        "spend_before": changes.spend_before.sum(),
        "customers_now": now.sum(),
        "orders_now": changes.orders_now.sum(),
        "spend_now": changes.spend_now.sum(),
        "all_before": (changes.spend_before + changes.returns_before).sum(),
        "all_now": (changes.spend_now + changes.returns_now).sum(),
        "new_spend": changes.spend_now.sum(where=changes.status == "new"),
        "buyers": (before | now).sum(),
    }
    groups = random_groups(changes, sums)
    numbers = bootstrap(groups, _numbers)
    either, last = (int(groups[name].sum()) for name in ("buyers", "customers_now"))
    exact = effects.set_index("effect").change.astype("float64").rename({"total": "change"})
    numbers["value"] = exact.reindex(numbers.index).fillna(numbers.value)
    return numbers.assign(n=[either] * 5 + [last])


def with_intervals(effects: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Put the intervals of the bootstrap beside the exact effects.

    Parameters
    ----------
    effects : pandas.DataFrame
        From `change_effects`.
    numbers : pandas.DataFrame
        From `change_numbers`.

    Returns
    -------
    pandas.DataFrame
        effect, change, low, high (missing for only_returns, and where there is no interval).

    Examples
    --------
    >>> effects = pd.DataFrame({"effect": ["total"], "change": [Decimal(24)]})
    >>> numbers = pd.DataFrame({"low": [-2.0], "high": [50.0]}, index=["change"])
    >>> with_intervals(effects, numbers)[["low", "high"]].to_numpy().tolist()
    [[-2.0, 50.0]]
    """
    rows = effects.effect.replace({"total": "change"})
    ends = numbers[["low", "high"]].reindex(rows).reset_index(drop=True)
    return pd.concat([effects.reset_index(drop=True), ends], axis=1)


def _totals(bought: pd.DataFrame, when: str) -> tuple[Fraction, Fraction, Fraction]:
    """Return customers, orders and spend of one period, exactly."""
    customers = bought.customers[bought.status.isin(BOUGHT[when])].sum()
    orders, spend = bought[f"orders_{when}"].sum(), money_total(bought[f"spend_{when}"])
    return Fraction(int(customers)), Fraction(int(orders)), Fraction(spend)


def _exact_effects(before: tuple, now: tuple) -> list[Fraction]:
    """Return the effects of customers, orders per customer and value per order."""
    if not (before[0] and now[0]):
        return [now[2] - before[2], Fraction(0), Fraction(0)]
    return _shapley(*zip(_factors(*before), _factors(*now), strict=True))


def _factors(customers: Number, orders: Number, spend: Number) -> tuple[Number, Number, Number]:
    return customers, orders / customers, spend / orders


def _shapley(a: Pair, b: Pair, c: Pair) -> list[Number]:
    """Split the change of a product of three factors, each given as its old and new value."""
    return [_effect(a, b, c), _effect(b, a, c), _effect(c, a, b)]


def _effect(moved: Pair, b: Pair, c: Pair) -> Number:
    # The others have both moved in two of the six orders, neither in two, and each alone in one.
    alike, crossed = b[0] * c[0] + b[1] * c[1], b[0] * c[1] + b[1] * c[0]
    return (moved[1] - moved[0]) * (2 * alike + crossed) / 6


def _rounded(parts: list[Fraction], total: Decimal) -> list[Decimal]:
    """Round parts that add up to a total so that they still do."""
    unit = CENT if total % CENT == 0 else MILL
    units = [part / Fraction(unit) for part in parts]
    whole = [math.floor(part) for part in units]
    left = int(total / unit) - sum(whole)
    most_first = sorted(range(len(parts)), key=lambda place: whole[place] - units[place])
    for place in most_first[:left]:
        whole[place] += 1
    return [unit * number for number in whole]


def _numbers(sums: pd.DataFrame) -> pd.DataFrame:
    before, now = ([sums[f"{name}_{when}"] for name in SUMS] for when in BOUGHT)
    both = (before[0] > 0) & (now[0] > 0)
    split = _shapley(*zip(_factors(*before), _factors(*now), strict=True))
    bought = now[2] - before[2]
    effects = [split[0].where(both, bought), *(one.where(both, 0.0) for one in split[1:])]
    change = sums.all_now - sums.all_before
    return pd.DataFrame(
        {
            "change": change,
            **dict(zip(EFFECTS, effects, strict=True)),
            "growth": change / sums.all_before.where(sums.all_before > 0),
            "old_share": 1 - sums.new_spend / sums.spend_now.where(sums.spend_now > 0),
        }
    )
