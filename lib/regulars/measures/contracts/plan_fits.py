"""Plan fits: the model of renewals for all contracts, and for each plan with enough of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from scipy import stats
from scipy.special import xlogy

from regulars.errors import ModelError
from regulars.measures.contracts.shifted_beta_geometric import (
    RenewalFit,
    fit_renewals,
    log_likelihood,
)

__all__ = ["ALL", "Difference", "Fits", "chances_differ", "fit_of", "fit_plans", "plans_differ"]

ALL = ""  # the key of the fit on contracts of all plans

Fits = Mapping[str, RenewalFit]


@dataclass(frozen=True)
class Difference:
    """Whether plans need a curve of their own: the likelihood ratio test.

    Parameters
    ----------
    statistic : float
        Twice the difference of the log-likelihoods.
    degrees : int
    p : float
        How often chance alone would make plans differ as much.
    plans : tuple of str
        Which plans were compared.
    """

    statistic: float
    degrees: int
    p: float
    plans: tuple[str, ...]


def fit_of(fits: Fits, plan: str) -> RenewalFit:
    """Return the fit that tells of a plan: its own, or that of all.

    Examples
    --------
    >>> fit_of({ALL: "that of all", "plus": "its own"}, "basic")
    'that of all'
    """
    return fits.get(plan, fits[ALL])


def fit_plans(counts: pd.DataFrame, *, least_contracts: int) -> dict[str, RenewalFit]:
    """Fit the model to all contracts, and to each plan with enough of them.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`.
    least_contracts : int
        Plans with fewer contracts have no fit of their own.

    Returns
    -------
    dict of str to RenewalFit
        Under `ALL` that of all contracts, and plan by plan those that could be fitted.

    Raises
    ------
    ModelError
        If the model cannot be fitted to all contracts.

    Examples
    --------
    >>> counts = pd.DataFrame({"plan": "a", "periods": [1, 2, 3, 3], "contracts": [30, 15, 5, 50],
    ...                        "ended": [True, True, True, False]})
    >>> [name or "all" for name in fit_plans(counts, least_contracts=50)]
    ['all', 'a']
    """
    fits = {ALL: fit_renewals(counts)}
    for plan, part in counts.groupby("plan"):
        if part.contracts.sum() >= least_contracts:
            try:
                fits[str(plan)] = fit_renewals(part)
            except ModelError:
                # Its contracts are told by the fit of all.
                continue
    return fits


def chances_differ(counts: pd.DataFrame, fitted: RenewalFit) -> float:
    """Return how often one chance to end, the same for all contracts, would fit as badly (p).

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`.
    fitted : RenewalFit
        Of these counts.

    Notes
    -----
    A likelihood ratio test on the edge of what the parameters may be, so that half of its weight
    lies at zero: Self & Liang (1987), JASA 82, 605-610, case 5.

    Examples
    --------
    >>> counts = pd.DataFrame({"plan": "a", "periods": [1, 2, 3, 9], "contracts": [60, 10, 5, 50],
    ...                        "ended": [True, True, True, False]})
    >>> chances_differ(counts, fit_renewals(counts)) < .001
    True
    """
    gone = float(counts.contracts[counts.ended].sum())
    kept = float((counts.periods * counts.contracts).sum()) - gone
    constant = xlogy(gone, gone / (gone + kept)) + xlogy(kept, kept / (gone + kept))
    return float(stats.chi2.sf(max(2 * (fitted.log_likelihood - constant), 0.0), 1) / 2)


def plans_differ(counts: pd.DataFrame, fits: Fits) -> Difference | None:
    """Test whether the plans need parameters of their own; None where fewer than two have them.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`.
    fits : mapping
        From `fit_plans` of the same counts.

    Examples
    --------
    >>> counts = pd.DataFrame({"plan": ["a"] * 4 + ["b"] * 4, "periods": [1, 2, 3, 3] * 2,
    ...     "contracts": [60, 15, 5, 20, 10, 6, 4, 80], "ended": [True, True, True, False] * 2})
    >>> found = plans_differ(counts, fit_plans(counts, least_contracts=50))
    >>> found.degrees, found.p < .001
    (2, True)
    """
    own = tuple(plan for plan in fits if plan != ALL)
    if len(own) < 2:
        return None
    compared = counts[counts.plan.isin(own)]
    together = fit_renewals(compared).log_likelihood
    apart = sum(log_likelihood(fits[plan].params, compared[compared.plan == plan]) for plan in own)
    statistic, degrees = max(2 * (apart - together), 0.0), 2 * (len(own) - 1)
    return Difference(statistic, degrees, float(stats.chi2.sf(statistic, degrees)), own)
