"""Speaking: from purchases to the model that may speak of the days to come, or to a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.contest.holdout import contest, holdout_cells
from regulars.measures.contest.verdict import Verdict, verdict
from regulars.measures.engine import as_date
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.fitting import Fit, fit_models
from regulars.measures.purchases import customer_summary

__all__ = ["Forecast", "forecast"]

MODELS = ("bg_nbd", "mbg_nbd")


@dataclass(frozen=True, eq=False)
class Forecast:
    """What came of the days held back, and the models fitted on everything up to `as_of`.

    Parameters
    ----------
    judged : Verdict
        Which model may speak, if any.
    calibration : dict of str to Fit
        The models fitted on what was known before the days held back.
    contested : pandas.DataFrame
        From `holdout.contest`: a row per model and plain rule.
    later : pandas.DataFrame
        From `holdout.holdout_cells`: who came in the days held back.
    cells : pandas.DataFrame
        From `cells.count_cells`, as of `as_of`.
    fits : dict of str to Fit
        The models fitted on `cells`; empty if none may speak.
    withheld : str or None
        Why nothing is predicted, as a sentence.
    doubts : list of str
        A sentence for each model that could not be fitted.
    """

    judged: Verdict
    calibration: dict[str, Fit]
    contested: pd.DataFrame
    later: pd.DataFrame
    cells: pd.DataFrame
    fits: dict[str, Fit]
    withheld: str | None
    doubts: list[str]

    @property
    def final(self) -> Fit | None:
        """The model that speaks, fitted on everything up to `as_of`; None if none may."""
        return None if self.withheld else self.fits[self.judged.model]


def forecast(
    purchases: ir.Table,
    *,
    as_of: str | date,
    holdout_days: int,
    models: Sequence[str] = MODELS,
) -> Forecast:
    """Fit the models on what was known before the days held back, judge them, and fit them anew.

    Parameters
    ----------
    purchases : ibis.expr.types.Table
        Cleaned purchases: customer_id, day, amount, kind, order_id.
    as_of : str or datetime.date
        Last day known, inclusive.
    holdout_days : int
        How many days at the end are held back.
    models : sequence of str
        Which models compete, see `fitting.fit`.

    Returns
    -------
    Forecast

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 5)])
    >>> forecast(purchases, as_of="1997-03-31", holdout_days=30).final is None
    True
    """
    end = as_date(as_of) - timedelta(days=holdout_days)
    known = count_cells(customer_summary(purchases, as_of=end))
    calibration, reasons = fit_models(known, models=models)
    later = holdout_cells(purchases, calibration_end=end, as_of=as_of)
    contested = contest(list(calibration.values()), later, holdout_days=holdout_days)
    judged = verdict(contested)
    cells = count_cells(customer_summary(purchases, as_of=as_of))
    fits, refused = fit_models(cells, models=models) if judged.speaks else ({}, [])
    withheld = _withheld(judged, fits, refused, holdout_days=holdout_days)
    found = (judged, calibration, contested, later, cells)
    return Forecast(*found, fits, withheld, [*reasons, *refused])


def _withheld(
    judged: Verdict, fits: dict[str, Fit], refused: list[str], *, holdout_days: int
) -> str | None:
    if not judged.speaks:
        return (
            "No purchase model did better than plain rules on the "
            f"{holdout_days} days held back, so nothing is predicted."
        )
    return None if judged.model in fits else f"Nothing is predicted. {' '.join(refused)}"
