"""Outlook: from the lives of contracts to the model that may speak of them, or to a reason."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from regulars.errors import ModelError
from regulars.measures.contracts.forecasters import MODELS
from regulars.measures.contracts.lives import count_lives, count_since, lives_at
from regulars.measures.contracts.plan_fits import (
    ALL,
    Difference,
    Fits,
    chances_differ,
    fit_plans,
    plans_differ,
)
from regulars.measures.contracts.renewal_contest import (
    Verdict,
    renewal_contest,
    renewal_verdict,
)
from regulars.measures.engine import as_date

__all__ = ["Outlook", "contract_outlook"]

RENEWALS = ["name", "kind", "log_score", "predicted", "low", "high", "actual", "contracts"]
ALIKE = (
    "That each contract ends with a chance of its own says no more of these than that all end with "
    "the same, plan by plan or not, so the model is withheld and nothing is predicted."
)


@dataclass(frozen=True, eq=False)
class Outlook:
    """What came of the days held back, and the model fitted on everything known.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`, as of `as_of`.
    contested : pandas.DataFrame
        From `renewal_contest.renewal_contest`; no rows where nothing could be held back.
    judged : Verdict or None
        Which model may speak; None where there was no contest.
    fits : mapping of str to RenewalFit
        From `plan_fits.fit_plans`, of all that is known; empty if none may speak.
    differ : Difference or None
        Whether plans need parameters of their own.
    withheld : str or None
        Why nothing is predicted, as a sentence.
    """

    counts: pd.DataFrame
    contested: pd.DataFrame
    judged: Verdict | None
    fits: Fits
    differ: Difference | None
    withheld: str | None


def contract_outlook(
    lives: ir.Table,
    *,
    as_of: str | date,
    holdout_days: int,
    every: str = "month",
    least_contracts: int = 50,
    seed: int = 1,
) -> Outlook:
    """Fit the model on what was known before the days held back, judge it, and fit it anew.

    A curve for each plan takes part only where the plans differ beyond chance before the cut.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `lives.contract_lives`.
    as_of : str or datetime.date
        Last day known, inclusive.
    holdout_days : int
        How many days at the end are held back.
    every : {"month", "quarter", "year"}
        How often a contract is renewed.
    least_contracts : int
        Fewer contracts, before the cut or with a renewal after it: the forecast is withheld.
    seed : int
        Of the draws for intervals.

    Returns
    -------
    Outlook

    Examples
    --------
    >>> from regulars.measures.contracts.lives import contract_lives
    >>> from regulars.measures.engine import table_of
    >>> contracts = table_of(pd.DataFrame({
    ...     "customer_id": ["ann"], "started_at": pd.to_datetime(["2024-01-05"])}))
    >>> lives = contract_lives(contracts, as_of="2024-06-30")
    >>> contract_outlook(lives, as_of="2024-06-30", holdout_days=90).withheld[:52]
    'Before the days held back there were fewer than 50 c'
    """
    cut, counts = as_date(as_of) - timedelta(days=holdout_days), count_lives(lives)
    known = count_lives(lives_at(lives, cut=cut, every=every))
    since = count_since(lives, cut=cut, every=every)
    nothing = (counts, pd.DataFrame(columns=RENEWALS), None, {}, None)
    reason = _too_few(known, since, least_contracts=least_contracts)
    if reason:
        return Outlook(*nothing, reason)
    before, reason = _fits(known, least_contracts=least_contracts)
    contested = renewal_contest(known, since, before, seed=seed)
    judged = renewal_verdict(contested, known, since, before)
    if not judged.speaks:
        return Outlook(counts, contested, judged, {}, None, reason or _beaten(holdout_days))
    fits, reason = _fits(counts, least_contracts=least_contracts, by_plan=judged.model == MODELS[1])
    differ = _difference(counts, least_contracts=least_contracts)
    return Outlook(counts, contested, judged, fits, differ, reason)


def _too_few(known: pd.DataFrame, since: pd.DataFrame, *, least_contracts: int) -> str | None:
    if known.contracts.sum() < least_contracts:
        return (
            f"Before the days held back there were fewer than {least_contracts} contracts, "
            "so nothing is predicted."
        )
    if since.contracts.sum() < least_contracts:
        return (
            f"In the days held back fewer than {least_contracts} contracts came to a renewal, too "
            "few to hold a forecast against, so nothing is predicted."
        )
    return None


def _beaten(holdout_days: int) -> str:
    return (
        "The model did no better than a constant rate on the "
        f"{holdout_days} days held back, so nothing is predicted."
    )


def _fits(
    counts: pd.DataFrame, *, least_contracts: int, by_plan: bool = True
) -> tuple[Fits, str | None]:
    """Return the fit of all, and those by plan where plans differ; or why there is none.

    Contracts that are all alike are told by a constant rate; a model of their differences would
    be one of noise, even where luck favours it after the cut.
    """
    try:
        fits = fit_plans(counts, least_contracts=least_contracts)
        differ = plans_differ(counts, fits)
    except ModelError as error:
        return {}, str(error)
    if chances_differ(counts, fits[ALL]) >= 0.05:
        return {}, ALIKE
    own = by_plan and differ is not None and differ.p < 0.05
    return (fits if own else {ALL: fits[ALL]}), None


def _difference(counts: pd.DataFrame, *, least_contracts: int) -> Difference | None:
    try:
        return plans_differ(counts, fit_plans(counts, least_contracts=least_contracts))
    except ModelError:
        # The reason is given where the fit itself is asked for.
        return None
