"""Left: which customers have left, by a model or by their own rhythm, and for how long."""

from datetime import date
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.contest.speaking import Forecast
from regulars.measures.engine import fetch
from regulars.measures.forecasts.by_cell import alive_now
from regulars.measures.purchase_models.cells import CELL, count_cells
from regulars.measures.purchase_models.clock import Season
from regulars.measures.purchase_models.fitting import Fit, fit
from regulars.measures.purchase_models.scores import join_scores
from regulars.measures.purchases import customer_summary
from regulars.measures.suppression import HIDDEN, hidden_with_sums
from regulars.parameters.forecasts import WinBack

__all__ = [
    "fitted_at",
    "leaving_model",
    "left_by_silence",
    "left_customers",
    "silence_names",
    "silence_step",
]

STEPS = (1, 2, 4)  # in times of return_days; longer silences are the last class
TIMES = 2  # of their own mean gap
COLUMNS = ("customer_id", *CELL, "days_since_last", "spend")


def fitted_at(
    purchases: ir.Table, *, model: str | None, day: str | date, season: Season | None = None
) -> Fit | None:
    """Fit a model on what was known at the end of a day.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases.
    model : str or None
        Which model; None if none may speak.
    day : str or datetime.date
        Last day known, inclusive.
    season : Season, optional
        That its time is to run by, if it was known on that day.

    Returns
    -------
    Fit or None
        None if no model may speak, or this one could not be fitted then.

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> fitted_at(purchases, model="mbg_nbd", day="1997-12-31") is None
    True
    """
    if model is None:
        return None
    try:
        cells = count_cells(customer_summary(purchases, as_of=day))
        return fit(cells, model=model, clock=season and season.clock(day))
    except ModelError:
        return None


def leaving_model(ahead: Forecast) -> Fit | None:
    """Return the model to tell by who has left: the one that speaks, unless it is BG/NBD.

    BG/NBD cannot lose anybody who bought once, so the next best model that could be fitted stands
    in for it; None if there is none, or none may speak.

    Examples
    --------
    >>> from regulars.measures.contest.speaking import forecast
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 10)])
    >>> leaving_model(forecast(purchases, as_of="1997-12-31", holdout_days=90)) is None
    True
    """
    if ahead.final is None or ahead.final.model != "bg_nbd":
        return ahead.final
    scores = ahead.contested.set_index("name").log_score
    others = {name: one for name, one in ahead.fits.items() if name != "bg_nbd"}
    return others[max(others, key=lambda name: scores[name])] if others else None


def left_customers(
    purchases: ir.Table,
    *,
    as_of: str | date,
    fitted: Fit | None,
    rules: WinBack,
    period_days: int,
) -> ir.Table:
    """Tell of each customer whether they have left.

    By a model, whose P(alive) is below `rules.left_below` has left. Without one, who is silent for
    longer than twice their own mean days between purchases, and for longer than
    `rules.return_days`; who bought on one day only, for longer than `period_days`.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    fitted : Fit or None
        The model that may speak, fitted on what was known then; None for the rule.
    rules : WinBack
    period_days : int
        A period of the workbook (days).

    Returns
    -------
    ibis.expr.types.Table
        One row per customer: customer_id, repeat_days, recency_age, age, days_since_last, spend,
        p_alive (missing without a model), has_left (bool), step (class of silence, 0 to 3).

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-01", 9), ("ann", "1997-01-31", 9)])
    >>> left = left_customers(purchases, as_of="1997-12-31", fitted=None, rules=WinBack(),
    ...                       period_days=365)
    >>> fetch(left)[["days_since_last", "has_left", "step"]].values.tolist()
    [[334, True, 2]]
    """
    customers = customer_summary(purchases, as_of=as_of).select(*COLUMNS)
    silent = customers.days_since_last
    if fitted is None:
        rows = customers.mutate(
            p_alive=ibis.null("float64"),
            has_left=silent > _longest_silence(customers, rules, period_days),
        )
    else:
        cells = count_cells(customers)
        rows = join_scores(customers, cells.assign(p_alive=alive_now(fitted, cells)))
        rows = rows.select(*COLUMNS, "p_alive", has_left=rows.p_alive < rules.left_below)
    return rows.mutate(step=silence_step(rows.days_since_last, rules))


def left_by_silence(left: ir.Table, *, rules: WinBack) -> pd.DataFrame:
    """Count who has left by how long they have been silent.

    Parameters
    ----------
    left : ibis.expr.types.Table
        From `left_customers`.
    rules : WinBack

    Returns
    -------
    pandas.DataFrame
        A row per class of silence, and last one for all: silence (text), customers, left, share
        (of them), spend (money so far of those who left), hidden (bool; then missing).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> left = table_of(pd.DataFrame({"step": [0] * 20 + [3] * 30, "has_left": [False] * 20
    ...                               + [True] * 30, "spend": 1.0}))
    >>> found = left_by_silence(left, rules=WinBack())
    >>> found.share.tolist()[-2:]
    [1.0, 0.6]
    """
    found = _counted(left).assign(silence=silence_names(rules))
    parts, by_class, by_side = hidden_with_sums(found[["left", "stayed"]])
    found[HIDDEN] = parts.any(axis=1) | by_class
    total = found[["left", "stayed", "spend"]].sum().to_dict()
    total |= {"silence": "all", HIDDEN: bool(by_side.any())}
    found = pd.concat([found, pd.DataFrame([total])], ignore_index=True)
    found = found.astype({"left": "Int64", "stayed": "Int64", HIDDEN: bool})
    found["customers"] = found.left + found.stayed
    found["share"] = (found.left / found.customers.where(found.customers > 0)).astype(float)
    shown = ["customers", "left", "share", "spend"]
    found[shown] = found[shown].mask(found[HIDDEN])
    return found[["silence", *shown, HIDDEN]]


def silence_step(days: ir.IntegerValue, rules: WinBack) -> ir.IntegerValue:
    """Return the class of a silence: 0 up to return_days, 1 to twice, 2 to four times, 3 longer."""
    ends = [ibis.literal(times * rules.return_days) for times in STEPS]
    return sum(((days > end).cast("int64") for end in ends), ibis.literal(0))


def silence_names(rules: WinBack) -> list[str]:
    """Return the names of the classes of silence, in their order.

    Examples
    --------
    >>> silence_names(WinBack())
    ['up to 90 days', '91 to 180 days', '181 to 360 days', 'over 360 days']
    """
    ends = [times * rules.return_days for times in STEPS]
    between = [f"{low + 1} to {high} days" for low, high in pairwise(ends)]
    return [f"up to {ends[0]} days", *between, f"over {ends[-1]} days"]


def _counted(left: ir.Table) -> pd.DataFrame:
    counts = left.group_by("step").agg(
        left=left.has_left.sum().cast("int64"),
        stayed=(~left.has_left).sum().cast("int64"),
        spend=left.spend.sum(where=left.has_left).cast("float64"),
    )
    found = fetch(counts).set_index("step").reindex(range(len(STEPS) + 1), fill_value=0)
    return found.fillna({"spend": 0.0}).reset_index(drop=True)


def _longest_silence(customers: ir.Table, rules: WinBack, period_days: int) -> ir.NumericValue:
    gap = customers.recency_age / ibis.greatest(customers.repeat_days, 1)
    own = ibis.greatest(TIMES * gap, ibis.literal(float(rules.return_days)))
    return ibis.ifelse(customers.repeat_days > 0, own, ibis.literal(float(period_days)))
