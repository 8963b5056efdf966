"""Returns: how likely those who left are to come back by themselves, by a model and in the past."""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, fetch, table_of
from regulars.measures.forecasts.by_cell import chance_to_buy, if_alive
from regulars.measures.intervals import wilson_bounds
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit
from regulars.measures.purchase_models.scores import join_scores
from regulars.measures.purchases import purchase_days
from regulars.measures.suppression import HIDDEN, hidden_with_sums
from regulars.measures.win_back.caused import extra_if_caused
from regulars.measures.win_back.left import left_customers, silence_names
from regulars.parameters.forecasts import WinBack

__all__ = ["return_chances", "return_rates", "with_chances", "with_rates"]

RATES = ("rate", "low", "high", "predicted")


def return_chances(fitted: Fit, cells: pd.DataFrame, *, rules: WinBack) -> pd.DataFrame:
    """Tell for each cell how likely a return is, and how many purchase days one is worth.

    A return that an action causes is worth the day itself and what follows it within
    `rules.value_days`, less what the same customer would have bought in that time without it.

    Parameters
    ----------
    fitted : Fit
    cells : pandas.DataFrame
        repeat_days, recency_age, age (days), one row per cell.
    rules : WinBack

    Returns
    -------
    pandas.DataFrame
        `cells` with p_return (chance to buy within `rules.return_days`, with no action) and
        extra_days (purchase days that a return brings more, at least 0), see
        `caused.extra_if_caused`.

    Notes
    -----
    It takes for granted that an action brings back such as come by themselves, sooner, and that
    they go on as those do. Who needs an offer to come may well buy less: extra_days is then too
    high. An action that revives who is gone for good brings more: it is then too low.

    Examples
    --------
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> from regulars.measures.examples import few_cells
    >>> told = return_chances(fit(few_cells()), few_cells(), rules=WinBack())
    >>> bool((told.extra_days >= 0).all()), bool(told.p_return.between(0, 1).all())
    (True, True)
    """
    days = rules.value_days
    window = ahead_in_unit(fitted, min(rules.return_days, days))
    return cells.assign(
        p_return=np.clip(chance_to_buy(fitted, cells, days=rules.return_days), 0, 1),
        extra_days=if_alive(extra_if_caused, fitted, cells, days=days, window=window),
    )


def with_chances(left: ir.Table, fitted: Fit, *, rules: WinBack) -> ir.Table:
    """Give each customer what `return_chances` tells of their cell; runs in the engine."""
    cells = count_cells(left)
    return join_scores(left, return_chances(fitted, cells, rules=rules))


def with_rates(left: ir.Table, rates: pd.DataFrame) -> ir.Table:
    """Give each customer what was seen of their class of silence, where no model may speak.

    Parameters
    ----------
    left : ibis.expr.types.Table
        From `left.left_customers`.
    rates : pandas.DataFrame
        From `return_rates`; where a class has no rate, that of all is taken.

    Returns
    -------
    ibis.expr.types.Table
        `left` with p_return, and extra_days of 1: the purchase day itself, and nothing after it.
    """
    of_all = float(rates.rate.fillna(0.0).iloc[-1])
    chances = rates.rate.iloc[:-1].fillna(of_all)
    told = pd.DataFrame({"step": range(len(chances)), "p_return": chances, "extra_days": 1.0})
    return left.join(table_of(told), "step")


def return_rates(
    purchases: ir.Table,
    *,
    as_of: str | date,
    fitted: Fit | None,
    rules: WinBack,
    period_days: int,
    contacts: ir.Table | None = None,
) -> pd.DataFrame:
    """Count how many of those who had left came back by themselves in the last return_days.

    Who had left is told as of `as_of` less `rules.return_days`, by what was known then. Left out
    are those whom a campaign treated since: they did not come by themselves, or not only.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    as_of : str or datetime.date
        Last day known, inclusive.
    fitted : Fit or None
        From `left.fitted_at`, as of that earlier day.
    rules : WinBack
    period_days : int
        A period of the workbook (days).
    contacts : ibis.expr.types.Table, optional
        campaign_contacts: customer_id, contacted_at, arm.

    Returns
    -------
    pandas.DataFrame
        A row per class of silence then, and last one for all: silence (text), customers, returned
        (of them), rate, low, high (95 %, Wilson), predicted (mean chance by the model; missing
        without one), hidden (bool; then missing).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 9), ("ann", "1997-12-01", 9)])
    >>> rates = return_rates(purchases, as_of="1997-12-31", fitted=None, rules=WinBack(),
    ...                      period_days=180)
    >>> rates.silence.tolist()[-1], bool(rates.hidden.all())
    ('all', False)
    """
    cut = as_date(as_of) - timedelta(days=rules.return_days)
    when = {"as_of": cut, "fitted": fitted, "rules": rules, "period_days": period_days}
    left = left_customers(purchases, **when).filter(ibis._.has_left)
    left = _untouched(left, contacts, since=cut, until=as_of)
    told, came = _with_prediction(left, fitted, rules), _buyers(purchases, cut, as_of)
    rows = told.left_join(came, told.customer_id == came.buyer)
    return _rates(_counted(rows), rules)


def _untouched(
    left: ir.Table, contacts: ir.Table | None, *, since: date, until: str | date
) -> ir.Table:
    if contacts is None:
        return left
    day = contacts.contacted_at.date()
    inside = (day > ibis.literal(since)) & (day <= ibis.literal(as_date(until)))
    treated = contacts.arm.fill_null("treated") == "treated"
    return left.anti_join(contacts.filter(inside & treated), "customer_id")


def _with_prediction(left: ir.Table, fitted: Fit | None, rules: WinBack) -> ir.Table:
    if fitted is None:
        return left.select("customer_id", "step", p_return=ibis.null("float64"))
    return with_chances(left, fitted, rules=rules).select("customer_id", "step", "p_return")


def _buyers(purchases: ir.Table, since: date, until: str | date) -> ir.Table:
    days = purchase_days(purchases, as_of=until)
    return days.filter(days.day > ibis.literal(since)).select(buyer="customer_id").distinct()


def _counted(rows: ir.Table) -> pd.DataFrame:
    return fetch(
        rows.group_by("step").agg(
            customers=rows.count(), returned=rows.buyer.count(), expected=rows.p_return.sum()
        )
    )


def _rates(counted: pd.DataFrame, rules: WinBack) -> pd.DataFrame:
    names = silence_names(rules)
    found = counted.set_index("step").reindex(range(len(names)))
    found = found.fillna({"customers": 0, "returned": 0})
    parts = pd.DataFrame({"back": found.returned, "not": found.customers - found.returned})
    cells, by_class, by_side = hidden_with_sums(parts.astype("int64"))
    found = found.assign(silence=names, **{HIDDEN: cells.any(axis=1) | by_class})
    total = found[["customers", "returned", "expected"]].sum(min_count=1).to_dict()
    total |= {"silence": "all", HIDDEN: bool(by_side.any())}
    return _with_shares(pd.concat([found, pd.DataFrame([total])], ignore_index=True))


def _with_shares(found: pd.DataFrame) -> pd.DataFrame:
    found = found.astype({"customers": "int64", "returned": "int64", HIDDEN: bool})
    known = found.customers > 0
    n = found.customers.where(known, 1).to_numpy()
    low, high = wilson_bounds(found.returned.to_numpy(), n)
    found = found.assign(
        rate=found.returned / n, low=low, high=high, predicted=found.expected.astype(float) / n
    )
    found[[*RATES]] = found[[*RATES]].where(known)
    found = found.astype({"customers": "Int64", "returned": "Int64"})
    shown = ["customers", "returned", *RATES]
    found[shown] = found[shown].mask(found[HIDDEN])
    return found[["silence", *shown, HIDDEN]]
