"""Listing: whom a win-back list holds, and how many customers it takes to tell its effect."""

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate
from regulars.measures.win_back.balance import customers_needed
from regulars.measures.win_back.worth import TO_TEST, WORTH_IT
from regulars.parameters.forecasts import WinBack

__all__ = ["WIN_BACK", "left_share", "needed_for", "on_the_list", "worth_writing"]

WIN_BACK = [
    *("customer_id", "win_back", "expected_gain", "return_value", "p_return"),
    *("break_even", "uplift", "days_since_last"),
]
"""The columns of results/win_back: what a list needs of `worth.valued`, and nothing else."""


def left_share(sizes: pd.DataFrame) -> Estimate | None:
    """Return the share of customers who have left, from `left.left_by_silence`; None if hidden.

    Examples
    --------
    >>> sizes = pd.DataFrame({"share": [.6], "customers": [50], "hidden": [False]})
    >>> left_share(sizes)
    Estimate(value=0.6, low=None, high=None, n=50)
    """
    whole = sizes.iloc[-1]
    if whole["hidden"] or pd.isna(whole["share"]):
        return None
    return Estimate(float(whole["share"]), None, None, int(whole["customers"]))


def on_the_list(found: ir.Table) -> ir.Table:
    """Return whom a win-back list holds: for whom writing pays, or else for whom it could.

    Parameters
    ----------
    found : ibis.expr.types.Table
        From `worth.valued`.
    """
    sure = found.filter(found.win_back == WORTH_IT)
    is_any = int(sure.count().to_pyarrow().as_py()) > 0
    return sure if is_any else found.filter(found.win_back == TO_TEST)


def worth_writing(listed: ir.Table) -> int:
    """Count the customers of `on_the_list`."""
    return int(listed.count().to_pyarrow().as_py())


def needed_for(listed: ir.Table, *, rules: WinBack, control_share: float) -> int | None:
    """Say how many customers an action needs to see the uplift at which writing to its list pays.

    It is the uplift, in proportion to the chances to return, at which the gains and losses of all
    on the list add up to nothing. The arms are compared as a whole, so it enters as the difference
    that it makes to the share of the whole list who return.

    Parameters
    ----------
    listed : ibis.expr.types.Table
        From `on_the_list`.
    rules : WinBack
    control_share : float
        Share left alone.

    Returns
    -------
    int or None
        Customers of both arms, see `balance.customers_needed`; None if the list holds nobody, or
        nobody of it ever returns by themselves.
    """
    net = listed.return_value - rules.offer_cost
    price = rules.contact_cost + listed.p_return * rules.offer_cost
    told = listed.agg(
        rate=listed.p_return.mean(), price=price.sum(), gross=(listed.p_return * net).sum()
    )
    rate, price, gross = fetch(told).iloc[0].astype(float)
    if not rate > 0 or not gross > 0 or not price > 0:
        return None
    return customers_needed(rate, rate * price / gross, control_share=control_share)
