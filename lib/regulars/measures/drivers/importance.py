"""Importance: what part of recommending goes with each driver, and which order is certain.

Nothing here says what would happen if a driver were improved: customers who like a shop tend to
like everything about it.
"""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.bootstrap import estimate_of, random_groups
from regulars.measures.drivers.estimates import estimates
from regulars.measures.drivers.opinions import Opinions, opinions
from regulars.measures.drivers.order import PAIRS, order
from regulars.measures.drivers.products import covariances, products
from regulars.measures.drivers.shares import vif
from regulars.measures.intervals import Estimate

__all__ = ["Drivers", "drivers"]

LEAST_ANSWERS, LEAST_A_DRIVER = 50, 10
PLACES = 9  # sums of many floats have last digits that depend on the order of rows
ALL = 1e-12  # what is left unexplained where all is, but for rounding

SHARES = ["driver", "share", "low", "high", "place", "place_low", "place_high", "mean_answer"]
SHARES += ["correlation", "coefficient", "coefficient_low", "coefficient_high", "vif"]


@dataclass(frozen=True, eq=False)
class Drivers:
    """What goes with the outcome, and how surely.

    Parameters
    ----------
    shares : pandas.DataFrame
        One row per driver, the largest share first: driver, share (of the outcome's variance), low,
        high; place (mean answer on its scale, 0 to 1), place_low, place_high, mean_answer (in
        points); correlation (with the outcome); coefficient (standardised, beside all others),
        coefficient_low, coefficient_high; vif.
    pairs : pandas.DataFrame
        One row per pair: first, second, difference (of their shares, above zero or 0), low, high,
        p, p_holm (over all pairs), decided (p_holm at most 1 − level), detectable (the smallest
        difference that would be found with 80 % power, at this level and n).
    r2 : Estimate or None
        The explained share of the outcome's variance; None if withheld.
    p : float or None
        Of the F test that the drivers explain nothing.
    outcome : str or None
        The question: nps, csat or ces.
    n, customers : int
        With a complete survey, and with one that has the outcome and a driver.
    left_out : list of str
        Drivers asked too seldom, or beyond the ten most answered.
    equal : list of str
        Drivers left out because everybody gave the same answer.
    withheld : str or None
        Why there is nothing.
    """

    shares: pd.DataFrame
    pairs: pd.DataFrame
    r2: Estimate | None
    p: float | None
    outcome: str | None
    n: int
    customers: int
    left_out: list[str]
    equal: list[str]
    withheld: str | None


def drivers(
    said: ir.Table, *, seed: int = 1, replicates: int = 1000, level: float = 0.95
) -> Drivers:
    """Divide the variance of what customers would recommend among the drivers they judged.

    Each customer counts once, with the newest survey (all answers of one day) that has the outcome
    and every driver. The outcome is nps where it was asked beside drivers, else csat, else ces.
    Only sums and products leave the engine.

    Parameters
    ----------
    said : ibis.expr.types.Table
        From `surveys.answers.answers`: customer_id, question, responded_at, day, score, lowest,
        highest.
    seed : int
        Of the bootstrap.
    replicates : int
        How many draws.
    level : float
        Of the intervals, and of the order of all pairs together.

    Returns
    -------
    Drivers

    Notes
    -----
    Shares by LMG (see `shares.lmg`) with BCa intervals of a bootstrap over customers. The order of
    a pair is tested by the difference of its shares over its jackknife standard error (Efron 1982,
    The Jackknife, the Bootstrap and Other Resampling Plans, ch. 3), corrected over all pairs by
    Holm. Withheld below 50 customers, and below ten for each driver and one more.
    """
    found = opinions(said)
    if found is None:
        return _nothing("No survey asks for drivers beside NPS, CSAT or CES.")
    columns = [*(f"x{at}" for at in range(len(found.drivers))), "y"]
    groups = random_groups(found.table, products(found.table, columns))
    whole = covariances(groups.sum().to_frame().T, columns)[0] if len(groups) else None
    reason = _too_little(found, whole)
    if reason:
        return _nothing(reason, found)
    varies = np.diag(whole)[:-1] > 0
    names = found.drivers.driver[varies].tolist()
    if not names:
        return _nothing("Everybody gives the same answer to every driver.", found)
    kept = [*(f"x{at}" for at in np.flatnonzero(varies)), "y"]
    numbers, errors = estimates(groups, kept, seed=seed, replicates=replicates, level=level)
    r2 = estimate_of(numbers, "r2", n=found.n)
    return Drivers(
        shares=_shares(found, groups, kept, numbers, level=level),
        pairs=order(names, numbers, errors, level=level),
        r2=r2,
        p=_nothing_explained(r2.value, len(names), found.n),
        outcome=found.outcome,
        n=found.n,
        customers=found.customers,
        left_out=found.left_out,
        equal=found.drivers.driver[~varies].tolist(),
        withheld=None,
    )


def _too_little(found: Opinions, covariance: np.ndarray | None) -> str | None:
    least = max(LEAST_ANSWERS, LEAST_A_DRIVER * (len(found.drivers) + 1))
    if found.n < least:
        return (
            f"Shares of {len(found.drivers)} drivers need {least:,} customers who answered all of "
            "them in one survey; there are fewer."
        )
    if not covariance[-1, -1] > 0:
        return f"Everybody gives the same answer to {found.outcome.upper()}."
    return None


def _shares(
    found: Opinions,
    groups: pd.DataFrame,
    columns: list[str],
    numbers: pd.DataFrame,
    *,
    level: float,
) -> pd.DataFrame:
    """Put the drivers into a table, the largest share first; of equals in the order of names."""
    covariance = covariances(groups.sum().to_frame().T, columns)[0]
    about = found.drivers.iloc[[int(name[1:]) for name in columns[:-1]]].reset_index(drop=True)
    shares, slopes = (_of(numbers, word, len(about)) for word in ("share", "slope"))
    spread = np.sqrt(np.diag(covariance))
    table = pd.DataFrame(
        {
            "driver": about.driver,
            "share": shares.value,
            "low": shares.low.clip(lower=0),
            "high": shares.high.clip(upper=1),
            **_places(groups[columns[:-1]].sum() / found.n, spread[:-1], n=found.n, level=level),
            "correlation": covariance[-1, :-1] / spread[:-1] / spread[-1],
            "coefficient": slopes.value,
            "coefficient_low": slopes.low,
            "coefficient_high": slopes.high,
            "vif": vif(covariance),
        }
    )
    table["mean_answer"] = about.lowest + table.place * (about.highest - about.lowest)
    ordered = table.sort_values(["share", "driver"], ascending=[False, True], ignore_index=True)
    return ordered[SHARES].round(PLACES)


def _of(numbers: pd.DataFrame, word: str, drivers: int) -> pd.DataFrame:
    return numbers.loc[[f"{word} {one}" for one in range(drivers)]].reset_index(drop=True)


def _places(means: pd.Series, spread: np.ndarray, *, n: int, level: float) -> dict[str, np.ndarray]:
    reach = stats.t.ppf((1 + level) / 2, n - 1) * spread / np.sqrt(n - 1)
    means = means.to_numpy()
    ends = {"place_low": np.maximum(means - reach, 0), "place_high": np.minimum(means + reach, 1)}
    return {"place": means, **ends}


def _nothing_explained(r2: float, drivers: int, n: int) -> float:
    """Return the p-value of the F test of a regression."""
    freedom = n - drivers - 1
    return float(stats.f.sf(r2 / drivers / max(1 - r2, ALL) * freedom, drivers, freedom))


def _nothing(reason: str, found: Opinions | None = None) -> Drivers:
    return Drivers(
        shares=pd.DataFrame(columns=SHARES),
        pairs=pd.DataFrame(columns=PAIRS),
        r2=None,
        p=None,
        outcome=found and found.outcome,
        n=found.n if found else 0,
        customers=found.customers if found else 0,
        left_out=found.left_out if found else [],
        equal=[],
        withheld=reason,
    )
