"""Seen worth: what each return that a past action caused brought, beside what was reckoned.

What it brought comes from the control group alone, so it is a check of all that the reckoning takes
for granted.
"""

from datetime import date

import ibis.expr.types as ir
import numpy as np

from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.suppression import LEAST
from regulars.measures.win_back.effects import EVERYBODY, of_group
from regulars.measures.win_back.returns import with_chances
from regulars.measures.win_back.worth import valued
from regulars.parameters.forecasts import WinBack

__all__ = ["reckoned_worth", "worth_of_return"]


def worth_of_return(rows: ir.Table, *, group: str = EVERYBODY) -> Estimate | None:
    """Divide an action's uplift in money by its uplift in returns.

    Parameters
    ----------
    rows : ibis.expr.types.Table
        From `effects.action_people`: is_treated, returned (0 or 1), money, had_left.
    group : {"everybody", "had_left"}
        Of whom.

    Returns
    -------
    Estimate or None
        Money a caused return, in the days that returns are counted for; n is the customers of both
        arms. None if it is too unsure to say: an arm has fewer than ten customers, or the uplift in
        returns is not above 0 beyond chance, so that the interval would have no ends.

    Notes
    -----
    The interval of a ratio of two differences of means by Fieller (1954), Journal of the Royal
    Statistical Society B 16, 175-185, with the variances and covariance within the arms. It takes
    for granted that the action changed what people buy only by making them return: what it adds to
    the baskets of those who would have come anyway counts as brought by returns.

    Examples
    --------
    >>> import pandas as pd
    >>> from regulars.measures.engine import table_of
    >>> back = [1] * 80 + [0] * 120 + [1] * 20 + [0] * 180
    >>> people = {"is_treated": [True] * 200 + [False] * 200, "returned": back, "had_left": True}
    >>> rows = table_of(pd.DataFrame(people).assign(money=[30.0 * one for one in back]))
    >>> found = worth_of_return(rows)
    >>> round(found.value, 6), round(found.low, 6), found.n
    (30.0, 30.0, 400)
    """
    arms = fetch(_arms(of_group(rows, group)))
    if len(arms) < 2 or arms.customers.min() < LEAST:
        return None
    arms = arms.sort_values("is_treated")
    money, back = np.diff(arms.money)[0], np.diff(arms.returned)[0]
    spreads = (arms[["money_var", "returned_var", "together"]].div(arms.customers, axis=0)).sum()
    ends = _fieller(money, back, *spreads)
    return None if ends is None else Estimate(float(money / back), *ends, int(arms.customers.sum()))


def reckoned_worth(
    left: ir.Table,
    purchases: ir.Table,
    *,
    as_of: date,
    fitted: Fit,
    rules: WinBack,
    share: float,
) -> float | None:
    """Reckon what a return that an action causes is worth in the mean, by what was known then.

    Who is likelier to return is likelier to be made to, so each counts with their chance.

    Parameters
    ----------
    left : ibis.expr.types.Table
        From `left.left_customers`, those of whom it is asked.
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    as_of : datetime.date
        Last day known, inclusive.
    fitted : Fit
        As of that day.
    rules : WinBack
    share : float
        Margin as a share of spend, from `worth.margin_share`.

    Returns
    -------
    float or None
        Money; None if they are fewer than ten, or none of them ever returns by themselves.
    """
    told = with_chances(left, fitted, rules=rules)
    told = valued(told, purchases, as_of=as_of, share=share, rules=rules, uplift=None)
    value = (told.p_return * told.return_value).sum()
    sums = fetch(told.agg(n=told.count(), chances=told.p_return.sum(), value=value)).iloc[0]
    if sums.n < LEAST or not sums.chances > 0:
        return None
    return float(sums.value / sums.chances)


def _arms(rows: ir.Table) -> ir.Table:
    back, money = rows.returned.cast("float64"), rows.money.cast("float64")
    return rows.group_by("is_treated").agg(
        customers=rows.count(),
        money=money.mean(),
        returned=back.mean(),
        money_var=money.var(how="sample"),
        returned_var=back.var(how="sample"),
        together=money.cov(back, how="sample"),
    )


def _fieller(
    money: float, back: float, money_var: float, back_var: float, together: float
) -> tuple[float, float] | None:
    """Return the ends between which the ratio lies, or None if there are none."""
    z2 = normal_quantile(0.95) ** 2
    sure = back**2 - z2 * back_var
    if back <= 0 or not sure > 0:
        return None
    middle = money * back - z2 * together
    reach = np.sqrt(max(middle**2 - sure * (money**2 - z2 * money_var), 0.0))
    return float((middle - reach) / sure), float((middle + reach) / sure)
