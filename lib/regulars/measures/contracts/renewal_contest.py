"""The contest: renewals after a cut, by the models and by the plain rule of a constant rate.

What is predicted is the further life of every contract that was running at the cut, or began after
it, given its age at the cut. Who does better is told by the logarithm of the probability that was
given to what came true.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.measures.contracts.forecasters import MODELS, ending_draws, log_scores
from regulars.measures.contracts.plan_fits import Fits
from regulars.measures.intervals import Estimate, normal_quantile
from regulars.measures.suppression import few

__all__ = ["Verdict", "back_tested", "renewal_contest", "renewal_verdict"]


@dataclass(frozen=True)
class Verdict:
    """Whether a model of renewals may speak.

    Parameters
    ----------
    speaks : bool
        True if the best model gave what came true a higher probability than the best plain rule.
    model : str or None
        The model with the best log score; None if none could be fitted.
    best_rule : str
        The plain rule with the best log score.
    lead : Estimate or None
        By how much the model's log score is higher, a contract; the interval is that of a mean of
        paired differences.
    """

    speaks: bool
    model: str | None
    best_rule: str
    lead: Estimate | None


def renewal_contest(
    known: pd.DataFrame, since: pd.DataFrame, fits: Fits, *, seed: int
) -> pd.DataFrame:
    """Hold models and plain rules against the renewals after the cut.

    Parameters
    ----------
    known : pandas.DataFrame
        From `lives.count_lives`, as of the cut.
    since : pandas.DataFrame
        From `lives.count_since`.
    fits : mapping
        From `plan_fits.fit_plans` of `known`; may be empty. A curve for each plan takes part only
        if two plans have a fit.
    seed : int
        Of the draws for the intervals.

    Returns
    -------
    pandas.DataFrame
        One row per model and rule: name, kind (``model`` or ``rule``), log_score (mean a contract),
        predicted (contracts that end), low, high (95 %, of parameters and chance), actual,
        contracts.

    Examples
    --------
    >>> known = pd.DataFrame({"plan": "a", "periods": [1, 2], "ended": [True, False],
    ...                       "contracts": [20, 80]})
    >>> since = pd.DataFrame({"plan": "a", "before": 2, "due": 3, "periods": 3,
    ...                       "ended": [True, False], "contracts": [5, 75]})
    >>> told = renewal_contest(known, since, {}, seed=1)
    >>> int(told.predicted[0].round()), int(told.actual[0])
    (9, 5)
    """
    keys = ["plan", "before", "due"]
    alike = since.groupby(keys, as_index=False).contracts.sum()
    endings = ending_draws(known, alike, fits, seed=seed)
    scores = log_scores(known, since, fits)
    ended = int(since.contracts[since.ended].sum())
    rows = [
        {
            "name": name,
            "kind": "model" if name in MODELS else "rule",
            "log_score": float(np.average(scores[name], weights=since.contracts)),
            **_counted(chances, alike.contracts.to_numpy(), seed=seed),
            "actual": ended,
            "contracts": int(since.contracts.sum()),
        }
        for name, chances in endings.items()
    ]
    return pd.DataFrame(rows)


def renewal_verdict(
    contested: pd.DataFrame, known: pd.DataFrame, since: pd.DataFrame, fits: Fits
) -> Verdict:
    """Say whether a model may speak: only if it did better than every plain rule.

    Parameters
    ----------
    contested : pandas.DataFrame
        From `renewal_contest`, of the other three.
    known, since, fits
        As there.

    Examples
    --------
    >>> contested = pd.DataFrame({"name": ["constant_rate"], "kind": ["rule"], "log_score": [-1.0]})
    >>> renewal_verdict(contested, None, None, {})
    Verdict(speaks=False, model=None, best_rule='constant_rate', lead=None)
    """
    by_score = contested.sort_values(["log_score", "name"], ascending=[False, False])
    rule = str(by_score.name[by_score.kind == "rule"].iloc[0])
    models = by_score.name[by_score.kind == "model"].tolist()
    if not models:
        return Verdict(speaks=False, model=None, best_rule=rule, lead=None)
    scores = log_scores(known, since, fits)
    lead = _mean(scores[models[0]] - scores[rule], since.contracts.to_numpy(float))
    return Verdict(speaks=lead.value > 0, model=models[0], best_rule=rule, lead=lead)


def back_tested(
    contested: pd.DataFrame, judged: Verdict | None
) -> tuple[Estimate | None, int | None]:
    """Return how many contracts the best model expected to end since the cut, and how many did.

    Parameters
    ----------
    contested : pandas.DataFrame
        From `renewal_contest`.
    judged : Verdict or None

    Returns
    -------
    tuple
        The estimate with its interval of parameters and chance, and the number; both None where
        there is no model, or fewer than ten ended, or fewer than ten did not.

    Examples
    --------
    >>> back_tested(pd.DataFrame({"name": ["constant_rate"]}), None)
    (None, None)
    """
    rows = contested[contested.name == (judged.model if judged else None)].to_dict("records")
    if not rows:
        return None, None
    one = {name: float(rows[0][name]) for name in ("predicted", "low", "high")}
    ended, n = int(rows[0]["actual"]), int(rows[0]["contracts"])
    if few(Estimate(ended / n, None, None, n)):
        return None, None
    return Estimate(one["predicted"], one["low"], one["high"], n), ended


def _counted(chances: np.ndarray, contracts: np.ndarray, *, seed: int) -> dict[str, float]:
    """Return how many contracts are to end, and the interval of parameters and chance together."""
    drawn = np.random.default_rng(seed).binomial(contracts, np.clip(chances, 0, 1)).sum(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    predicted = float(contracts @ chances.mean(axis=0))
    return {"predicted": predicted, "low": float(low), "high": float(high)}


def _mean(values: np.ndarray, weights: np.ndarray) -> Estimate:
    n, mean = weights.sum(), float(np.average(values, weights=weights))
    spread = float(np.sqrt(weights @ (values - mean) ** 2 / max(n - 1, 1) / n))
    reach = normal_quantile(0.95) * spread
    return Estimate(mean, mean - reach, mean + reach, int(n))
