"""The value of a contract: its fees to come, each as likely as the contract still runs then.

How much what comes later counts stands in `discounting`.
"""

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.contracts.discounting import Terms, periods_ahead, periods_to_come
from regulars.measures.contracts.endings import gone_by
from regulars.measures.contracts.plan_fits import ALL, Fits, fit_of
from regulars.measures.contracts.shifted_beta_geometric import RenewalFit, draws_of, survival
from regulars.measures.engine import fetch
from regulars.measures.intervals import Estimate

__all__ = [
    "EVERY_PLAN",
    "base_value",
    "new_value",
    "running_fees",
    "survival_ahead",
    "survival_at",
    "survival_estimates",
]

DRAWS = 2000
EVERY_PLAN = "all plans"


def survival_at(fitted: RenewalFit, periods: int, *, seed: int) -> Estimate:
    """Estimate the share of new contracts that come through so many renewals.

    The interval holds how unsure the parameters are.

    Examples
    --------
    >>> fitted = RenewalFit(1.0, 4.0, np.eye(2) / 100, -10.0, 100, 50)
    >>> told = survival_at(fitted, 4, seed=1)
    >>> round(told.value, 2), told.low < .5 < told.high
    (0.5, True)
    """
    drawn = survival(draws_of(fitted, DRAWS, seed=seed), periods)
    return _estimate(float(survival(fitted.params, periods)), drawn.ravel(), fitted.contracts)


def survival_ahead(fits: Fits, horizon: int, *, plans: list[str], seed: int = 1) -> pd.DataFrame:
    """Say for each renewal up to the horizon which share of new contracts comes through it.

    Parameters
    ----------
    fits : mapping
        From `plan_fits.fit_plans`.
    horizon : int
        How many renewals.
    plans : list of str
        Which plans may be shown, where they have fits of their own.
    seed : int
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        One row per plan (``all plans`` where no plan has a fit of its own) and period from 0: plan,
        period, survived, low, high (95 %, of the parameters alone).

    Examples
    --------
    >>> fits = {ALL: RenewalFit(1.0, 4.0, np.eye(2) / 100, -10.0, 100, 50)}
    >>> survival_ahead(fits, 4, plans=["plus"]).survived.round(2).tolist()
    [1.0, 0.8, 0.67, 0.57, 0.5]
    """
    own = {plan: fits[plan] for plan in plans if plan in fits} or {EVERY_PLAN: fits[ALL]}
    return pd.concat(
        [_ahead(fitted, horizon, seed=seed).assign(plan=plan) for plan, fitted in own.items()],
        ignore_index=True,
    )[["plan", "period", "survived", "low", "high"]]


def survival_estimates(
    fits: Fits, periods: int, *, plans: list[str], seed: int = 1
) -> dict[str, Estimate | None]:
    """Estimate `survival_at` as `survival_ahead` does: of all plans, or of each with its own fit.

    Returns
    -------
    dict of str to Estimate or None
        None, under ``all plans``, where there is no fit.

    Examples
    --------
    >>> survival_estimates({}, 4, plans=[])
    {'all plans': None}
    """
    if not fits:
        return {EVERY_PLAN: None}
    own = {plan: fits[plan] for plan in plans if plan in fits} or {EVERY_PLAN: fits[ALL]}
    return {plan: survival_at(fitted, periods, seed=seed) for plan, fitted in own.items()}


def running_fees(lives: ir.Table) -> pd.DataFrame:
    """Sum up the fees of running contracts by plan, age and what they have come through.

    Parameters
    ----------
    lives : ibis.expr.types.Table
        From `lives.contract_lives`.

    Returns
    -------
    pandas.DataFrame
        One row per plan, age and gone: plan, age (whole periods), gone (which share of the endings
        of a period comes before the part of theirs that is over, see `endings.gone_by`), contracts,
        with_fee (whose fee is known), fees (their sum, a month; 0 where none is known).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> lives = table_of(pd.DataFrame({"plan": "a", "age": [2, 2, 2], "fee": [5.0, None, 9.0],
    ...     "part": [.4, .4, 1.0], "running": [True, True, False], "ended": [False, False, True]}))
    >>> running_fees(lives)
      plan  age  gone  contracts  with_fee  fees
    0    a    2   0.0          2         1   5.0
    """
    rows = lives.filter(lives.running)
    sums = rows.group_by(["plan", "age", "part"]).agg(
        contracts=rows.count(), with_fee=rows.fee.count(), fees=rows.fee.sum().fill_null(0.0)
    )
    found = fetch(sums.order_by(["plan", "age", "part"]))
    found = found.assign(gone=gone_by(lives, found.part)).drop(columns="part")
    return found.groupby(["plan", "age", "gone"], as_index=False).sum()


def new_value(
    fits: Fits, fees: pd.DataFrame, terms: Terms, *, plans: list[str], seed: int
) -> pd.DataFrame:
    """Estimate what a new contract of each plan brings within the horizon.

    Parameters
    ----------
    fits : mapping
        From `plan_fits.fit_plans`.
    fees : pandas.DataFrame
        From `running_fees`; a new contract pays the mean fee of the plan's running ones.
    terms : Terms
    plans : list of str
        Which plans are told.
    seed : int
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        One row per plan with a known fee: plan, fee (a month), periods (expected within the
        horizon, not discounted), contract_value (money,
        discounted), low, high (95 %, of the parameters
        alone), contracts (running, with a known fee).

    Examples
    --------
    >>> fits = {ALL: RenewalFit(1.0, 1.0, np.eye(2) / 100, -10.0, 100, 50)}
    >>> fees = pd.DataFrame({"plan": ["a"], "age": [3], "with_fee": [2], "fees": [20.0]})
    >>> told = new_value(fits, fees, Terms(2, "month", 0.0), plans=["a"], seed=1)
    >>> told[["fee", "periods", "contract_value"]].iloc[0].tolist()
    [10.0, 1.5, 15.0]
    """
    rows = []
    for plan in plans:
        part, fitted = fees[fees.plan == plan], fit_of(fits, plan)
        known = int(part.with_fee.sum())
        if known:
            fee = float(part.fees.sum() / known)
            told = _new(fitted, fee * terms.months, terms, seed=seed)
            whole = Terms(terms.horizon, terms.every, 0.0)
            row = {"plan": plan, "fee": fee, "periods": float(periods_ahead(fitted.params, whole))}
            rows.append(
                {
                    **row,
                    "contract_value": told.value,
                    "low": told.low,
                    "high": told.high,
                    "n": known,
                }
            )
    columns = ["plan", "fee", "periods", "contract_value", "low", "high", "n"]
    return pd.DataFrame(rows, columns=columns).rename(columns={"n": "contracts"})


def base_value(fits: Fits, fees: pd.DataFrame, terms: Terms, *, seed: int) -> Estimate | None:
    """Estimate what the running contracts still bring within the horizon, from the next renewal on.

    A contract that runs has come through the endings before this day of its period. The interval
    holds how unsure the parameters are; what comes true scatters more.

    Parameters
    ----------
    fits, fees, terms, seed
        As for `new_value`.

    Returns
    -------
    Estimate or None
        Money, discounted to `as_of`; n is the running contracts whose fee is known. None if there
        are none.

    Examples
    --------
    >>> fits = {ALL: RenewalFit(1.0, 1.0, np.eye(2) / 100, -10.0, 100, 50)}
    >>> fees = pd.DataFrame({"plan": ["a"], "age": [8], "gone": [0.0], "with_fee": [2],
    ...                      "fees": [20.0]})
    >>> round(base_value(fits, fees, Terms(1, "month", 0.0), seed=1).value, 2)
    18.0
    """
    known = fees[fees.with_fee > 0]
    if known.empty:
        return None
    value, drawn = 0.0, np.zeros(DRAWS)
    for name, rows in known.groupby(known.plan.where(known.plan.isin(list(fits)), ALL)):
        alike = rows.groupby(["age", "gone"], as_index=False).fees.sum()
        paid = alike.fees.to_numpy(float) * terms.months
        ages, gone = alike.age.to_numpy(), alike.gone.to_numpy()
        value += float(periods_to_come(fits[name].params, ages, terms, gone=gone) @ paid)
        params = draws_of(fits[name], DRAWS, seed=seed)
        drawn += periods_to_come(params, ages, terms, gone=gone) @ paid
        # Fits of different plans err independently of each other.
        seed += 1
    return _estimate(value, drawn, int(known.with_fee.sum()))


def _ahead(fitted: RenewalFit, horizon: int, *, seed: int) -> pd.DataFrame:
    at = np.arange(horizon + 1)
    drawn = survival(draws_of(fitted, DRAWS, seed=seed), at)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    told = {"survived": survival(fitted.params, at), "low": low, "high": high}
    return pd.DataFrame({"period": at, **told})


def _new(fitted: RenewalFit, fee: float, terms: Terms, *, seed: int) -> Estimate:
    drawn = periods_ahead(draws_of(fitted, DRAWS, seed=seed), terms) * fee
    return _estimate(float(periods_ahead(fitted.params, terms) * fee), drawn, fitted.contracts)


def _estimate(value: float, drawn: np.ndarray, n: int) -> Estimate:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, float(low), float(high), n)
