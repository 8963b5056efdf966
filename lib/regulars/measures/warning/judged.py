"""Judged: a list of last period, and plain rules beside it, held to what then happened.

All are judged on the same customers, those looked at when the list was made, and by the same
outcome: silent in the days after it. Being silent is not having left: who buys twice a year is
often silent for a quarter. So a list of rare buyers looks good without having found anybody who
left, and the plain rule gains by that.
"""

from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.engine import as_date
from regulars.measures.intervals import Estimate, normal_quantile, wilson, wilson_bounds
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.fitting import fit
from regulars.measures.purchases import customer_summary
from regulars.measures.suppression import LEAST, few
from regulars.measures.warning.watch import Watch, watch
from regulars.parameters.forecasts import EarlyWarning

__all__ = ["false_alarms", "last_list", "lift_ratio", "lists_judged"]

EVERYBODY = "everybody"


def last_list(
    purchases: ir.Table, *, as_of: str | date, rules: EarlyWarning, model: str | None = None
) -> Watch:
    """Make the list of a period ago from what was known then, and note who bought after it.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive; the list is of `rules.period_days` before.
    rules : EarlyWarning
    model : {"bg_nbd", "mbg_nbd", "pareto_nbd"}, optional
        Which purchase model stands beside it, fitted to what was known then; it is left out where
        it could not be fitted then.

    Returns
    -------
    Watch
        With `came`.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> days = ("01-01", "01-11", "01-20", "02-01", "02-10")
    >>> purchases = purchases_of([("ann", f"1997-{day}", 10) for day in days])
    >>> seen = last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())
    >>> seen.as_of.isoformat(), seen.cells[["warning", "came"]].to_numpy().tolist()
    ('1997-04-30', [['overdue', False]])
    """
    then = as_date(as_of) - timedelta(days=rules.period_days)
    fitted = None if model is None else _fitted(purchases, model, as_of=then)
    return watch(purchases, as_of=then, rules=rules, fitted=fitted, later_until=as_of)


def lists_judged(seen: Watch, *, level: float = 0.95) -> pd.DataFrame:
    """Tell of each list how many on it were silent afterwards.

    Parameters
    ----------
    seen : Watch
        From `last_list`.
    level : float
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        A row per list: list, customers, share (silent in the days after; missing where nobody is
        listed), low, high (Wilson), lift (share by that of everybody), lift_low, lift_high, recall
        (of all silent afterwards, those on the list). The lists: ``warned``; of these ``overdue``,
        the others' orders only fall, and ``new_warning``, whose silence was no warning a period
        before; ``p_alive_rule``, the model's drop, if there is a model; ``silent_rule``, silent for
        `silent_days`; ``longest_silent``, as many as are warned of, by silence alone, of several
        that are equally long silent an equal part; ``everybody`` looked at.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> days = ("01-01", "01-11", "01-20", "02-01", "02-10")
    >>> purchases = purchases_of([("ann", f"1997-{day}", 10) for day in days])
    >>> seen = last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())
    >>> lists_judged(seen).share.tolist()[:2]
    [1.0, 1.0]
    """
    listed, silent = _lists(seen.cells), ~seen.cells.came.astype(bool)
    rows = [
        {"list": name, **_judged(seen.cells.customers, part, silent, level=level)}
        for name, part in listed.items()
    ]
    return pd.DataFrame(rows)


def lift_ratio(seen: Watch, one: str, other: str, *, level: float = 0.95) -> Estimate | None:
    """Estimate how many times as often those on one list were silent as those on another.

    Parameters
    ----------
    seen : Watch
        From `last_list`.
    one, other : str
        Names of lists, see `lists_judged`. They may have customers in common.
    level : float
        Coverage asked for.

    Returns
    -------
    Estimate or None
        None where a list is empty or nobody on it was silent; n is the customers of the first.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> days = ("01-01", "01-11", "01-20", "02-01", "02-10")
    >>> purchases = purchases_of([("ann", f"1997-{day}", 10) for day in days])
    >>> seen = last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())
    >>> lift_ratio(seen, "warned", "everybody").value
    1.0
    """
    listed, silent = _lists(seen.cells), ~seen.cells.came.astype(bool)
    pair = (listed[one], listed[other])
    return _ratio(seen.cells.customers, pair, silent, level=level)


def false_alarms(seen: Watch) -> Estimate | None:
    """Estimate the share warned of among those who are known to have gone on: they bought again.

    The tests promise the false-alarm rate each, so both together at most twice that.

    Parameters
    ----------
    seen : Watch
        From `last_list`.

    Returns
    -------
    Estimate or None
        None where fewer than ten bought again, or it would tell of fewer than ten customers.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> false_alarms(last_list(purchases, as_of="1997-07-29", rules=EarlyWarning())) is None
    True
    """
    came = seen.cells[seen.cells.came.astype(bool)]
    n = int(came.customers.sum())
    share = wilson(int(came.customers[came.warning.notna()].sum()), n) if n >= LEAST else None
    return None if few(share) else share


def _fitted(purchases: ir.Table, model: str, *, as_of: date) -> Fit | None:
    try:
        return fit(count_cells(customer_summary(purchases, as_of=as_of)), model=model)
    except ModelError:
        return None


def _lists(cells: pd.DataFrame) -> dict[str, pd.Series]:
    """Say of each list which part of the customers of each cell is on it."""
    warned = cells.warning.notna().astype(float)
    overdue = cells.warning.isin(["overdue", "both"]).astype(float)
    lists = {"warned": warned, "overdue": overdue, "new_warning": cells.is_new.astype(float)}
    if "is_dropped" in cells:
        lists["p_alive_rule"] = cells.is_dropped.astype(float)
    return {
        **lists,
        "silent_rule": cells.is_silent.astype(float),
        "longest_silent": _longest(cells, float(cells.customers @ warned)),
        EVERYBODY: pd.Series(1.0, index=cells.index),
    }


def _longest(cells: pd.DataFrame, most: float) -> pd.Series:
    """Take so many of the longest silent; of those equally long silent an equal part."""
    sizes = cells.groupby("days_since_last").customers.sum().sort_index(ascending=False)
    before = sizes.cumsum() - sizes
    part = ((most - before) / sizes).clip(0, 1)
    return cells.days_since_last.map(part).astype(float)


def _judged(
    customers: pd.Series, part: pd.Series, silent: pd.Series, *, level: float
) -> dict[str, float]:
    n, right = float(customers @ part), float((customers * part) @ silent)
    everybody = pd.Series(1.0, index=part.index)
    lift = _ratio(customers, (part, everybody), silent, level=level)
    low, high = wilson_bounds(right, n, level=level) if n else (np.nan, np.nan)
    all_silent = float(customers @ silent)
    return {
        "customers": round(n),
        "share": right / n if n else np.nan,
        "low": float(low),
        "high": float(high),
        "lift": lift.value if lift else np.nan,
        "lift_low": lift.low if lift else np.nan,
        "lift_high": lift.high if lift else np.nan,
        "recall": right / all_silent if all_silent else np.nan,
    }


def _ratio(
    customers: pd.Series, pair: tuple[pd.Series, pd.Series], silent: pd.Series, *, level: float
) -> Estimate | None:
    """Estimate the ratio of two shares whose groups may overlap, by the delta method on logs."""
    slopes, value = 0.0, 1.0
    for part, power in zip(pair, (1, -1), strict=True):
        n, right = float(customers @ part), float((customers * part) @ silent)
        if not right:
            return None
        value *= (right / n) ** power
        slopes = slopes + power * part * (silent / right - 1 / n)
    # The slopes sum to zero over the customers, so their total needs no correction.
    reach = normal_quantile(level) * float(np.sqrt(customers @ slopes**2))
    n = round(float(customers @ pair[0]))
    return Estimate(value, value * float(np.exp(-reach)), value * float(np.exp(reach)), n)
