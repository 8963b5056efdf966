"""Effects: what a past action did, from those it treated against those it left alone by lot.

Intention to treat: everybody counts in the arm they were drawn for, whether or not a letter came,
from the action's first day on. The lot alone makes the arms alike, so nobody may be left out for
what came after it.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from regulars.measures.bootstrap import bootstrap, estimate_of, random_groups
from regulars.measures.engine import as_date, beside, fetch
from regulars.measures.intervals import Estimate, newcombe, wilson_bounds
from regulars.measures.money import customer_money
from regulars.measures.suppression import HIDDEN, LEAST
from regulars.parameters.forecasts import WinBack

__all__ = [
    "ARMS",
    "EVERYBODY",
    "GONE",
    "action_effects",
    "action_people",
    "arm_rates",
    "of_group",
    "relative_uplift",
]

ARMS = ("treated", "control")
EVERYBODY, GONE = "everybody", "had_left"
OUTCOMES = ("returned", "orders", "money")


def action_people(
    people: ir.Table,
    purchases: ir.Table,
    left: ir.Table,
    *,
    starts_on: str | date,
    rules: WinBack,
    share: float,
) -> ir.Table:
    """Put beside everybody in an action whether they had left before, and what they bought in it.

    Parameters
    ----------
    people : ibis.expr.types.Table
        From `actions.people_of`: customer_id, is_treated.
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    left : ibis.expr.types.Table
        From `left.left_customers`, as of the day before the action.
    starts_on : str or datetime.date
        The action's first day, from which purchases count.
    rules : WinBack
        `rules.return_days` says for how many days they count.
    share : float
        Margin as a share of spend, for lines without a cost; from `worth.margin_share`.

    Returns
    -------
    ibis.expr.types.Table
        customer_id, is_treated, had_left (bool; False for who had never bought), returned (bought
        on a day that counts: 0 or 1), orders, money (margin).
    """
    before = as_date(starts_on) - timedelta(days=1)
    last = before + timedelta(days=rules.return_days)
    found = customer_money(purchases, as_of=last, since=before, margin_rate=share)
    found = found.select("customer_id", "orders", "purchase_days", "margin")
    rows = beside(beside(people, left.select("customer_id", "has_left")), found)
    return rows.select(
        "customer_id",
        "is_treated",
        had_left=rows.has_left.fill_null(False),
        returned=(rows.purchase_days.fill_null(0) > 0).cast("int64"),
        orders=rows.orders.fill_null(0),
        money=rows.margin.cast("float64").fill_null(0.0),
    )


def arm_rates(rows: ir.Table) -> pd.DataFrame:
    """Count who came back in each arm, of everybody and of those who had left before.

    Parameters
    ----------
    rows : ibis.expr.types.Table
        From `action_people`.

    Returns
    -------
    pandas.DataFrame
        Four rows: group (everybody, had_left), arm (treated, control), customers, returned, rate,
        low, high (95 %, Wilson), hidden (bool; then missing, in all rows of the group).
    """
    told = [_arms(of_group(rows, group)).assign(group=group) for group in (EVERYBODY, GONE)]
    # What is shown of everybody, less what is shown of those who had left, is told of the others.
    others = _arms(rows.filter(~rows.had_left))
    for part in told:
        few = _few(part) or (part.group.iloc[0] == GONE and _few(others))
        part[HIDDEN] = few
    found = pd.concat(told, ignore_index=True)
    n = found.customers.clip(lower=1).to_numpy()
    low, high = wilson_bounds(found.returned.to_numpy(), n)
    found = found.assign(rate=found.returned / n, low=low, high=high)
    shown = ["customers", "returned", "rate", "low", "high"]
    found = found.astype({"customers": "Int64", "returned": "Int64"})
    found[shown] = found[shown].mask(found[HIDDEN])
    return found[["group", "arm", *shown, HIDDEN]]


def action_effects(
    rows: ir.Table, *, group: str, cost: float, rules: WinBack, seed: int
) -> dict[str, Estimate]:
    """Estimate what the action changed, a customer it treated.

    Parameters
    ----------
    rows : ibis.expr.types.Table
        From `action_people`.
    group : {"everybody", "had_left"}
        Of whom.
    cost : float
        Money a treated customer; the offer of `rules` comes on top for each who came.
    rules : WinBack
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict of str to Estimate
        returned (difference of the shares who came back, Newcombe), orders and money (differences
        of the means, bootstrap over customers), cost (money a treated customer, offers included),
        profit (money less cost). Empty if an arm has fewer than ten customers.
    """
    chosen = of_group(rows, group)
    counts = _arms(chosen).set_index("arm")
    if counts.customers.min() < LEAST:
        return {}
    treated, control = (tuple(counts.loc[arm, ["returned", "customers"]]) for arm in ARMS)
    groups = random_groups(chosen, _sums(chosen))
    numbers = bootstrap(groups, lambda sums: _differences(sums, cost, rules), seed=seed)
    n = int(counts.customers.sum())
    flat = numbers.high <= numbers.low  # of what is the same in all draws nothing is unsure
    numbers[["low", "high"]] = numbers[["low", "high"]].mask(flat)
    found = {name: estimate_of(numbers, name, n=n) for name in numbers.index}
    return {"returned": newcombe(treated, control), **found}


def relative_uplift(counts: Mapping[str, tuple[int, int]]) -> Estimate | None:
    """Estimate the uplift as a share of the return rate without the action.

    Parameters
    ----------
    counts : mapping
        Arm (treated, control) to customers who came back and all customers.

    Returns
    -------
    Estimate or None
        Rate of the treated over that of the control group, less 1; n is the customers of both.
        None if nobody of the control group came back, or an arm is empty.

    Notes
    -----
    Score interval of a ratio of two shares: Miettinen & Nurminen (1985), Statistics in Medicine 4,
    213-226; computed by statsmodels.

    Examples
    --------
    >>> found = relative_uplift({"treated": (60, 400), "control": (20, 200)})
    >>> round(found.value, 3), found.low < 0 < found.high
    (0.5, True)
    """
    (one, n_one), (other, n_other) = (counts[arm] for arm in ARMS)
    if not one or not other or not n_one or not n_other:
        return None
    low, high = confint_proportions_2indep(
        one, n_one, other, n_other, compare="ratio", method="score"
    )
    value = (one / n_one) / (other / n_other) - 1
    return Estimate(float(value), float(low) - 1, float(high) - 1, int(n_one + n_other))


def of_group(rows: ir.Table, group: str) -> ir.Table:
    """Return those of an action's people who had left before, or everybody."""
    return rows.filter(rows.had_left) if group == GONE else rows


def _arms(rows: ir.Table) -> pd.DataFrame:
    counted = rows.group_by("is_treated").agg(customers=rows.count(), returned=rows.returned.sum())
    found = fetch(counted).set_index("is_treated").reindex([True, False], fill_value=0)
    return found.astype("int64").reset_index(drop=True).assign(arm=list(ARMS))


def _few(arms: pd.DataFrame) -> bool:
    parts = pd.concat([arms.returned, arms.customers - arms.returned])
    return bool(parts.between(1, LEAST - 1).any())


def _sums(rows: ir.Table) -> dict[str, ir.NumericScalar]:
    sums = {"treated": rows.is_treated.sum(), "control": (~rows.is_treated).sum()}
    for name in OUTCOMES:
        sums[f"{name}_treated"] = rows[name].sum(where=rows.is_treated)
        sums[f"{name}_control"] = rows[name].sum(where=~rows.is_treated)
    return sums


def _differences(sums: pd.DataFrame, cost: float, rules: WinBack) -> pd.DataFrame:
    n = {arm: sums[arm].where(sums[arm] > 0, np.nan) for arm in ARMS}
    change = {
        name: sums[f"{name}_treated"] / n["treated"] - sums[f"{name}_control"] / n["control"]
        for name in ("orders", "money")
    }
    # What all treated cost who came, whether the action brought them or not.
    spent = cost + rules.offer_cost * sums.returned_treated / n["treated"]
    return pd.DataFrame({**change, "cost": spent, "profit": change["money"] - spent})
