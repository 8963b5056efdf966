"""Speaking: from purchases to the model that may speak of the days to come, or to a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from regulars.measures.contest.holdout import contest, holdout_cells
from regulars.measures.contest.season import fit_in_season
from regulars.measures.contest.verdict import Verdict, verdict
from regulars.measures.engine import as_date
from regulars.measures.purchase_models.cells import count_cells
from regulars.measures.purchase_models.clock import Season
from regulars.measures.purchase_models.fitting import Fit, fit_models
from regulars.measures.purchases import customer_summary
from regulars.small_groups import told

__all__ = ["Forecast", "forecast", "too_little"]

MODELS = ("bg_nbd", "mbg_nbd", "pareto_nbd")


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
    holdout_days : int
        How many days were held back.
    season : Season or None
        The season that the time of all these fits runs by, found before the days held back; None
        if none was to be seen.
    """

    judged: Verdict
    calibration: dict[str, Fit]
    contested: pd.DataFrame
    later: pd.DataFrame
    cells: pd.DataFrame
    fits: dict[str, Fit]
    withheld: str | None
    doubts: list[str]
    holdout_days: int
    season: Season | None = None

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
    least_customers: int = 100,
    least_repeaters: int = 30,
    seasonal: bool = True,
) -> Forecast:
    """Fit the models on what was known before the days held back, judge them, and fit them anew.

    If the model that won cannot be fitted to everything up to `as_of`, the next that passed speaks.
    Where what was known before the days held back shows a season, time runs by it (see `season`).

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
    least_customers, least_repeaters : int
        With fewer customers, or fewer who had bought again, before the days held back, nothing is
        predicted.
    seasonal : bool
        False: no season is looked for.

    Returns
    -------
    Forecast

    Examples
    --------
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 5)])
    >>> forecast(purchases, as_of="1997-03-31", holdout_days=30).withheld[:39]
    'A forecast needs at least 100 customers'
    """
    end = as_date(as_of) - timedelta(days=holdout_days)
    known = count_cells(customer_summary(purchases, as_of=end))
    reason, why = too_little(
        known, holdout_days, least_customers=least_customers, least_repeaters=least_repeaters
    )
    cut = {"as_of": end, "models": models, "seasonal": seasonal}
    calibration, refused, season = fit_in_season(known, purchases, **cut)
    later = holdout_cells(purchases, calibration_end=end, as_of=as_of)
    contested = contest(list(calibration.values()), later, holdout_days=holdout_days)
    judged = verdict(contested, reason=reason)
    cells = count_cells(customer_summary(purchases, as_of=as_of))
    anew = {"models": list(calibration), "clock": season and season.clock(as_of)}
    fits, refused_now = fit_models(cells, **anew) if judged.speaks else ({}, [])
    if judged.speaks and judged.model not in fits:
        judged, why = _next_best(contested, judged, fits, refused_now)
    found = (judged, calibration, contested, later, cells, fits)
    withheld = why or _withheld(judged, holdout_days=holdout_days)
    if why is None and len(later) and not later.later.any():
        withheld = (
            f"Nobody bought anything in the {holdout_days} days held back. Are the files complete "
            "up to as_of? Nothing is predicted."
        )
        refused = [withheld, *refused]
    # Both fits may give the same sentence, and it needs to be read once.
    doubts = list(dict.fromkeys([*refused, *refused_now]))
    return Forecast(*found, withheld, doubts, holdout_days, season)


def too_little(
    cells: pd.DataFrame, holdout_days: int, *, least_customers: int, least_repeaters: int
) -> tuple[str, str] | tuple[None, None]:
    """Say whether there is too little to judge a forecast by, whatever it says.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `cells.count_cells`, before the days held back.
    holdout_days : int
        How many they are. A history that is shorter could not show a rhythm of that length.
    least_customers, least_repeaters : int
        As in `forecast`.

    Returns
    -------
    tuple
        A reason of `verdict.Verdict` and a sentence; None and None if there is enough.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 1], "age": [30, 30], "customers": [400, 40]})
    >>> too_little(cells, 60, least_customers=100, least_repeaters=30)[1]
    'A forecast of 60 days needs a history of as many before them, and there are 31.'
    """
    customers = int(cells.customers.sum())
    repeaters = int(cells.customers[cells.repeat_days > 0].sum())
    history = int(cells.age.max()) + 1 if customers else 0
    if customers < least_customers:
        return "too_few_customers", (
            f"A forecast needs at least {least_customers} customers before the days held back, "
            f"and there are {told(customers)}."
        )
    if repeaters < least_repeaters:
        return "too_few_repeaters", (
            f"A forecast needs at least {least_repeaters} customers who had bought again before "
            f"the days held back, and there are {told(repeaters)}."
        )
    if history < holdout_days:
        return "history", (
            f"A forecast of {holdout_days} days needs a history of as many before them, and there "
            f"are {history}."
        )
    return None, None


def _next_best(
    contested: pd.DataFrame, judged: Verdict, fits: dict[str, Fit], refused: list[str]
) -> tuple[Verdict, str | None]:
    """Let the next model speak that passed and could be fitted to everything up to `as_of`."""
    fitted = contested[(contested.kind == "rule") | contested.name.isin(fits)]
    again = verdict(fitted)
    if again.speaks:
        return again, None
    return judged, f"Nothing is predicted. {' '.join(refused)}"


def _withheld(judged: Verdict, *, holdout_days: int) -> str | None:
    if judged.speaks:
        return None
    if judged.reason == "no_model":
        return "No purchase model could be fitted to these customers, so nothing is predicted."
    return (
        f"No purchase model did better than plain rules on the {holdout_days} days held back, so "
        "nothing is predicted."
    )
