"""Curves: how long contracts last, by plan, and how many are renewed at each renewal."""

import numpy as np
import pandas as pd

from regulars.measures.contracts.shifted_beta_geometric import (
    RenewalFit,
    draws_of,
    retention_rate,
)
from regulars.measures.intervals import Estimate, wilson_bounds
from regulars.measures.suppression import LEAST, few
from regulars.measures.survival import LogRank, kaplan_meier_by, log_rank

__all__ = ["ended_after", "kept_after", "life_curves", "median_lives", "plan_test", "renewal_rates"]

DRAWS = 2000
AS_WAITING = {"periods": "days", "ended": "observed", "contracts": "customers"}
CURVE = ["plan", "period", "survived", "low", "high", "at_risk"]


def life_curves(counts: pd.DataFrame, plans: list[str]) -> pd.DataFrame:
    """Estimate which share of each plan's contracts comes through so many renewals.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`.
    plans : list of str
        Which plans.

    Returns
    -------
    pandas.DataFrame
        One row per plan and period from 0, as long as ten contracts are watched: plan, period,
        survived (Kaplan-Meier), low, high (95 % band, point by point), at_risk (contracts that
        came to this renewal).

    Examples
    --------
    >>> counts = pd.DataFrame({"plan": "a", "periods": [1, 2], "ended": [True, False],
    ...                        "contracts": [10, 30]})
    >>> life_curves(counts, ["a"])[["period", "survived", "at_risk"]].round(2).values.tolist()
    [[0.0, 1.0, 40.0], [1.0, 0.75, 40.0], [2.0, 0.75, 30.0]]
    """
    waited = counts[counts.plan.isin(plans)].rename(columns=AS_WAITING)
    curves = kaplan_meier_by(waited, by="plan")
    turned = curves.assign(
        period=curves.day, survived=1 - curves.share, low=1 - curves.high, high=1 - curves.low
    )
    return turned.loc[turned.at_risk >= LEAST, CURVE].reset_index(drop=True)


def median_lives(curves: pd.DataFrame) -> dict[str, Estimate | None]:
    """Read from each plan's curve after how many periods half of the contracts have ended.

    Parameters
    ----------
    curves : pandas.DataFrame
        From `life_curves`.

    Returns
    -------
    dict of str to Estimate or None
        In periods; None where the curve does not fall to one half. An end of the interval is None
        where the band does not fall so far (Brookmeyer & Crowley 1982, Biometrics 38, 29-41).

    Examples
    --------
    >>> curve = pd.DataFrame({"plan": "a", "period": [0, 1, 2], "survived": [1, .6, .4],
    ...                       "low": [1, .5, .3], "high": [1, .7, .55], "at_risk": [50, 50, 30]})
    >>> median_lives(curve)["a"]
    Estimate(value=2.0, low=1.0, high=None, n=50)
    """
    return {plan: _median(curve) for plan, curve in curves.groupby("plan", sort=False)}


def kept_after(curves: pd.DataFrame, periods: int) -> dict[str, Estimate | None]:
    """Read from each plan's curve which share comes through so many renewals.

    Parameters
    ----------
    curves : pandas.DataFrame
        From `life_curves`.
    periods : int

    Returns
    -------
    dict of str to Estimate or None
        A share; None where the curve ends before.

    Examples
    --------
    >>> curve = pd.DataFrame({"plan": "a", "period": [0, 1], "survived": [1, .6], "low": [1, .5],
    ...                       "high": [1, .7], "at_risk": [50, 50]})
    >>> kept_after(curve, 1)["a"].value, kept_after(curve, 2)["a"]
    (0.6, None)
    """
    found = {}
    for plan, curve in curves.groupby("plan", sort=False):
        row = curve[curve.period == periods].to_dict("records")
        n = int(curve.at_risk.max())
        ends = [(one["survived"], one["low"], one["high"]) for one in row]
        found[plan] = Estimate(*map(float, ends[0]), n) if ends else None
    return found


def ended_after(counts: pd.DataFrame, periods: int) -> Estimate | None:
    """Estimate which share of all contracts ends within so many renewals.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`.
    periods : int

    Returns
    -------
    Estimate or None
        None where fewer than ten contracts were watched so long, or the share tells of fewer.

    Examples
    --------
    >>> counts = pd.DataFrame({"plan": "a", "periods": [1, 2], "ended": [True, False],
    ...                        "contracts": [10, 30]})
    >>> round(ended_after(counts, 1).value, 2), ended_after(counts, 3)
    (0.25, None)
    """
    together = life_curves(counts.assign(plan="all"), ["all"])
    kept = kept_after(together, periods).get("all")
    if kept is None or few(kept):
        return None
    return Estimate(1 - kept.value, 1 - kept.high, 1 - kept.low, kept.n)


def plan_test(counts: pd.DataFrame, plans: list[str]) -> LogRank:
    """Test whether contracts of all plans last equally long (log-rank).

    Parameters
    ----------
    counts, plans
        As for `life_curves`.

    Examples
    --------
    >>> counts = pd.DataFrame({"plan": ["a", "b"], "periods": [1, 9], "ended": True,
    ...                        "contracts": [10, 10]})
    >>> plan_test(counts, ["a", "b"]).p < .001
    True
    """
    if len(plans) < 2:
        return LogRank(0.0, 0, 1.0, {})
    return log_rank(counts[counts.plan.isin(plans)].rename(columns=AS_WAITING), by="plan")


def renewal_rates(
    counts: pd.DataFrame, fitted: RenewalFit | None, *, seed: int = 1
) -> pd.DataFrame:
    """Count how many contracts were renewed, renewal by renewal, beside what the model says.

    Renewals are put together until at least ten contracts were renewed and ten were not.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `lives.count_lives`.
    fitted : RenewalFit or None
        From `plan_fits.fit_plans`; None where no model speaks.
    seed : int
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        One row per renewal or group of them: period_from, period_to, due (contracts that came to
        it), rate, low, high (Wilson, 95 %), predicted, predicted_low, predicted_high (95 %, of the
        parameters alone; missing without a model).

    Examples
    --------
    >>> counts = pd.DataFrame({"periods": [1, 2, 2], "ended": [True, True, False],
    ...                        "contracts": [20, 20, 60]})
    >>> renewal_rates(counts, None)[["period_from", "due", "rate"]].to_numpy().tolist()
    [[1.0, 100.0, 0.8], [2.0, 80.0, 0.75]]
    """
    by_period = _by_period(counts)
    group = _groups(by_period)
    told = by_period.assign(group=group, period=by_period.index).groupby("group", as_index=False)
    rates = told.agg(
        period_from=("period", "min"),
        period_to=("period", "max"),
        due=("due", "sum"),
        ended=("ended", "sum"),
    )
    enough = (rates.ended >= LEAST) & (rates.due - rates.ended >= LEAST)
    rates, ended = rates[enough].drop(columns="ended"), rates.ended[enough]
    low, high = wilson_bounds(rates.due - ended, rates.due) if len(rates) else ([], [])
    rates = rates.assign(rate=1 - ended / rates.due, low=low, high=high)
    predicted = _predicted(by_period, group, fitted, seed=seed).reindex(rates.group)
    return pd.concat([rates.drop(columns="group"), predicted.set_index(rates.index)], axis=1)


def _median(curve: pd.DataFrame) -> Estimate | None:
    value, low, high = (_first_at_half(curve, name) for name in ("survived", "low", "high"))
    return None if value is None else Estimate(value, low, high, int(curve.at_risk.max()))


def _first_at_half(curve: pd.DataFrame, column: str) -> float | None:
    reached = curve.period[curve[column] <= 0.5]
    return float(reached.iloc[0]) if len(reached) else None


def _by_period(counts: pd.DataFrame) -> pd.DataFrame:
    """Return for each renewal the contracts that came to it, and those that ended at it."""
    periods = pd.RangeIndex(1, int(counts.periods.max()) + 1 if len(counts) else 1)
    total = counts.groupby("periods").contracts.sum().reindex(periods, fill_value=0)
    ended = counts[counts.ended].groupby("periods").contracts.sum()
    due = total[::-1].cumsum()[::-1]
    return pd.DataFrame({"due": due, "ended": ended.reindex(periods, fill_value=0)})


def _groups(by_period: pd.DataFrame) -> np.ndarray:
    """Return which group each renewal is in; what is left over at the end joins the last group."""
    groups, ended, renewed, group = [], 0, 0, 0
    for row in by_period.itertuples():
        groups.append(group)
        ended, renewed = ended + row.ended, renewed + row.due - row.ended
        if ended >= LEAST and renewed >= LEAST:
            group, ended, renewed = group + 1, 0, 0
    return np.minimum(groups, max(group - 1, 0)).astype(int)


def _predicted(
    by_period: pd.DataFrame, group: np.ndarray, fitted: RenewalFit | None, *, seed: int
) -> pd.DataFrame:
    names = ["predicted", "predicted_low", "predicted_high"]
    if fitted is None:
        return pd.DataFrame(np.nan, index=np.unique(group), columns=names)
    due, periods = by_period.due.to_numpy(float), by_period.index.to_numpy()
    places = np.equal.outer(np.unique(group), group) * due
    places = places / places.sum(axis=1, keepdims=True)
    drawn = retention_rate(draws_of(fitted, DRAWS, seed=seed), periods) @ places.T
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    told = [places @ retention_rate(fitted.params, periods), low, high]
    return pd.DataFrame(dict(zip(names, told, strict=True)), index=np.unique(group))
