"""Watch: whom of the customers looked at a warning is given of.

Warned of is whoever's silence, or whose fall in purchase days, is more than chance at the level
which keeps the false-alarm rate.
"""

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import as_date, table_of
from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.scores import score
from regulars.measures.warning.histories import HISTORY, by_history, looked_at
from regulars.measures.warning.levels import TESTS, Levels, levels
from regulars.parameters.forecasts import EarlyWarning

__all__ = ["Watch", "watch", "watched_customers"]


@dataclass(frozen=True, eq=False)
class Watch:
    """The customers looked at on a day, by history, and whom a warning is given of.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `histories.by_history`, with warning (falling, overdue, both; missing: not warned of),
        is_new (bool: warned of, and the silence was no warning a period ago), is_silent (bool:
        silent for `silent_days` or longer); with a model p_alive and is_dropped (bool: P(alive) at
        or below `given_up_at`).
    rules : EarlyWarning
        What a warning is.
    as_of : datetime.date
        Last day known.
    levels : Levels
        At which p-value the tests warn.
    given_up_at : float or None
        The P(alive) at and below which the model gives a customer up, so that of those who are
        still customers no larger share than the false-alarm rate is given up; None without a model.
    """

    cells: pd.DataFrame
    rules: EarlyWarning
    as_of: date
    levels: Levels
    given_up_at: float | None

    @property
    def customers(self) -> int:
        """How many customers are looked at."""
        return int(self.cells.customers.sum())

    @property
    def warned(self) -> int:
        """How many of them are warned of."""
        return int(self.cells.customers[self.cells.warning.notna()].sum())


def watch(
    purchases: ir.Table,
    *,
    as_of: str | date,
    rules: EarlyWarning,
    fitted: Fit | None = None,
    later_until: str | date | None = None,
) -> Watch:
    """Look at all customers with a rhythm and find those to warn of.

    Two tests, each one-sided: `rhythm.overdue_p` for the silence and `rhythm.falling_p` for the
    purchase days of the last period against those before, at the level of `levels.levels`. Each
    makes the list. The model's own drop stands beside them and does not: the tests need no model,
    hold the false-alarm rate for frequent and for rare buyers, and can be explained.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    rules : EarlyWarning
        False-alarm rate, least days, silent days, period days.
    fitted : Fit, optional
        A purchase model fitted to what was known on that day.
    later_until : str or datetime.date, optional
        If given, `came` tells who bought after `as_of` and up to this day; nothing else looks
        beyond `as_of`.

    Returns
    -------
    Watch

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> days = ("01-01", "01-11", "01-20", "02-01", "02-10")
    >>> purchases = purchases_of([("ann", f"1997-{day}", 10) for day in days])
    >>> watch(purchases, as_of="1997-04-30", rules=EarlyWarning()).cells.warning.tolist()
    ['overdue']
    """
    at = levels(purchases, as_of=as_of, rules=rules)
    cells = by_history(purchases, as_of=as_of, rules=rules, later_until=later_until)
    judged, given_up_at = _judged(cells, rules, at), None
    if fitted is not None and len(judged):
        judged, given_up_at = _with_model(judged, fitted, rules)
    return Watch(judged, rules, as_date(as_of), at, given_up_at)


def watched_customers(purchases: ir.Table, seen: Watch) -> ir.Table:
    """Give each customer looked at the warning of its history; runs in the engine.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        The same as of which `seen` was made.
    seen : Watch

    Returns
    -------
    ibis.expr.types.Table
        One row per customer looked at: customer_id, days_since_last, repeat_days, recency_age, age,
        recent_days, warning (missing: not warned of), is_new.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> days = ("01-01", "01-11", "01-20", "02-01", "02-10")
    >>> purchases = purchases_of([("ann", f"1997-{day}", 10) for day in days])
    >>> seen = watch(purchases, as_of="1997-04-30", rules=EarlyWarning())
    >>> from regulars.measures.engine import fetch
    >>> fetch(watched_customers(purchases, seen))[["customer_id", "warning", "is_new"]]
      customer_id  warning  is_new
    0         ann  overdue    True
    """
    people = looked_at(purchases, as_of=seen.as_of, rules=seen.rules)
    told = seen.cells[[*HISTORY, "warning", "is_new"]].drop_duplicates(HISTORY)
    told = told.astype({"warning": "string", "is_new": "bool"})
    return people.join(table_of(told), HISTORY)


def _judged(cells: pd.DataFrame, rules: EarlyWarning, at: Levels) -> pd.DataFrame:
    overdue, falling = (cells[f"p_{test}"] <= getattr(at, test) for test in TESTS)
    warning = np.select([overdue & falling, overdue, falling], ["both", *TESTS], "")
    had_no_warning = cells.p_overdue_before > at.overdue
    return cells.assign(
        warning=pd.Series(warning, index=cells.index, dtype="string").replace("", pd.NA),
        is_new=(overdue | falling) & had_no_warning,
        is_silent=cells.days_since_last >= rules.silent_days,
    )


def _with_model(
    cells: pd.DataFrame, fitted: Fit, rules: EarlyWarning
) -> tuple[pd.DataFrame, float]:
    """Give up those with the lowest P(alive), for as long as too few living are among them."""
    scored = score(fitted, cells, horizon_days=rules.period_days)
    order = scored.sort_values("p_alive", kind="stable")
    living = (order.p_alive * order.customers).cumsum()
    within = order.p_alive[living <= rules.false_alarm_rate * living.iloc[-1]]
    level = float(within.max()) if len(within) else 0.0
    return scored.assign(is_dropped=scored.p_alive <= level), level
