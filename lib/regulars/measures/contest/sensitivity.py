"""Sensitivity: what the other models would have said in place of the one that speaks."""

import numpy as np
import pandas as pd

from regulars.measures.contest.log_scores import log_score_difference, log_scores
from regulars.measures.contest.speaking import Forecast
from regulars.measures.intervals import Estimate
from regulars.measures.purchase_models.scores import expected_total, p_alive_mean

__all__ = ["sensitivity", "ties"]

UNSURE = 0.05  # of all intervals together


def sensitivity(ahead: Forecast, *, horizon_days: int) -> pd.DataFrame:
    """Tabulate what each model says of the same customers, with how well it did.

    Parameters
    ----------
    ahead : Forecast
    horizon_days : int
        How far ahead purchase days are counted.

    Returns
    -------
    pandas.DataFrame
        One row per model that was fitted up to `as_of`, the best log score first: name, log_score
        (on the days held back), behind (log score less that of the model that speaks; 0 for
        itself), behind_low, behind_high (see `ties`), p_alive (share still customers),
        p_alive_low, p_alive_high, expected_purchases (of all), expected_low, expected_high. The
        last two intervals are of the parameters only. None if nothing is predicted.

    Examples
    --------
    >>> from regulars.measures.contest.speaking import forecast
    >>> from regulars.measures.examples import purchases_of
    >>> purchases = purchases_of([("ann", "1997-01-05", 30), ("ann", "1997-02-01", 5)])
    >>> sensitivity(forecast(purchases, as_of="1997-03-31", holdout_days=30), horizon_days=30).empty
    True
    """
    behind = ties(ahead).set_index("name") if ahead.final else pd.DataFrame()
    rows = [
        {
            "name": name,
            **behind.loc[name].to_dict(),
            **_ends("p_alive", p_alive_mean(one, ahead.cells)),
            **_ends("expected", expected_total(one, ahead.cells, horizon_days=horizon_days)),
        }
        for name, one in ahead.fits.items()
        if ahead.final
    ]
    names = ["name", "log_score", "behind", "behind_low", "behind_high"]
    said = [f"{one}{end}" for one in ("p_alive", "expected") for end in ("", "_low", "_high")]
    frame = pd.DataFrame(rows, columns=[*names, *said]).rename(
        columns={"expected": "expected_purchases"}
    )
    return frame.sort_values(["log_score", "name"], ascending=[False, True], ignore_index=True)


def ties(ahead: Forecast) -> pd.DataFrame:
    """Compare each model's log score with that of the model that speaks, customer by customer.

    Parameters
    ----------
    ahead : Forecast
        In which a model speaks.

    Returns
    -------
    pandas.DataFrame
        One row per model of the contest: name, log_score, behind, behind_low, behind_high. Where 0
        lies within the interval the two are tied: these customers do not tell which is better. With
        k others each interval covers 1 − .05 / k, so that all hold together in 95 % of cases.

    Notes
    -----
    Intervals by Bonferroni. They do not hold that the model that speaks was
    chosen on the same days, which favours it.
    """
    fits, weights = list(ahead.calibration.values()), ahead.later.customers.to_numpy(float)
    # The days held back are as many as the customers have grown older.
    scores = log_scores(fits, ahead.later, holdout_days=ahead.holdout_days)
    level = 1 - UNSURE / max(len(fits) - 1, 1)
    rows = []
    for one in fits:
        pair = (one.model, ahead.judged.model)
        away = log_score_difference(scores, weights, pair=pair, level=level)
        score = float(np.average(scores[one.model], weights=weights))
        rows.append({"name": one.model, "log_score": score, **_ends("behind", away)})
    return pd.DataFrame(rows)


def _ends(name: str, estimate: Estimate) -> dict[str, float | None]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
