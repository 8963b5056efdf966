"""Rules: plain forecasts that need no purchase model, and that a model has to beat."""

import numpy as np
import pandas as pd

from regulars.measures.contest.plain_nbd import PlainNbd, fit_nbd

__all__ = [
    "FITTED",
    "RULES",
    "hiatus",
    "learnt_hiatus",
    "rule_log_scores",
    "rule_predictions",
    "silent_days",
]

# These say one number, and know no probabilities.
POINT_RULES = ("always_zero", "same_as_before", "past_rate", "last_purchase")
# These have two numbers fitted on the calibration, and say how probable each outcome is.
FITTED = ("all_alike", "nobody_leaves")
RULES = (*POINT_RULES, *FITTED)
GAPS_WITHIN = 0.9
HIATUSES = (7, 14, 30, 60, 90, 120, 180, 270, 365)


def rule_predictions(cells: pd.DataFrame, *, holdout_days: int) -> dict[str, np.ndarray]:
    """Return the purchase days that each plain rule predicts for each row of cells.

    Parameters
    ----------
    cells : pandas.DataFrame
        From `holdout.holdout_cells`; what came later is not looked at. Without `recent`, the last
        purchase is recent within the `hiatus` of these cells.
    holdout_days : int
        Days in the holdout.

    Returns
    -------
    dict of str to numpy.ndarray
        ``always_zero``: nobody buys again. ``same_as_before``: as many purchase days as repeat_days
        in the calibration. ``past_rate``: repeat_days a day of age, times the holdout's days.
        ``last_purchase``: the past rate for whose last purchase is recent, and nothing for the
        others.
        ``all_alike``: the mean of an NBD for everybody, whatever their past. ``nobody_leaves``: the
        same NBD, given the past of each (see `plain_nbd`). The last two are missing if nobody had
        bought again.

    Notes
    -----
    The last-purchase rule is the hiatus heuristic that Wübben & Wangenheim (2008), Journal of
    Marketing 72, 82-93, held against purchase models. They took the hiatus from managers; here it
    is learnt before the days held back, see `learnt_hiatus`.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 2, 2], "recency_age": [0, 20, 38],
    ...                       "age": [40, 40, 40], "customers": [3, 1, 1]})
    >>> found = rule_predictions(cells, holdout_days=40)
    >>> found["past_rate"].tolist(), found["last_purchase"].tolist()
    ([0.0, 2.0, 2.0], [0.0, 0.0, 2.0])
    """
    repeats, age = cells.repeat_days.to_numpy(float), cells.age.to_numpy(float)
    # Whoever came on the last day of the calibration has no rate yet, and no repeat day either.
    rate = repeats / np.maximum(age, 1)
    recent = cells.recent if "recent" in cells else silent_days(cells) <= hiatus(cells)
    found = (
        np.zeros(len(cells)),
        repeats,
        rate * holdout_days,
        np.where(recent, rate * holdout_days, 0.0),
        *_fitted_means(fit_nbd(cells), repeats, age, holdout_days),
    )
    return dict(zip(RULES, found, strict=True))


def rule_log_scores(cells: pd.DataFrame, *, holdout_days: int) -> dict[str, np.ndarray]:
    """Return the log probability of what came later, by the rules that know probabilities.

    Parameters
    ----------
    cells, holdout_days
        As in `rule_predictions`; with `later`.

    Returns
    -------
    dict of str to numpy.ndarray
        For ``all_alike`` and ``nobody_leaves``; missing if nobody had bought again.

    Examples
    --------
    >>> cells = pd.DataFrame({"repeat_days": [0, 2], "recency_age": [0, 20], "age": [40, 40],
    ...                       "later": [0, 1], "customers": [3, 1]})
    >>> list(rule_log_scores(cells, holdout_days=40))
    ['all_alike', 'nobody_leaves']
    """
    nbd, later = fit_nbd(cells), cells.later.to_numpy(float)
    if nbd is None:
        return dict.fromkeys(FITTED, np.full(len(cells), np.nan))
    repeats, age = cells.repeat_days.to_numpy(float), cells.age.to_numpy(float)
    alike = nbd.log_probability(later, time=holdout_days)
    own = nbd.given(repeats, age).log_probability(later, time=holdout_days)
    return dict(zip(FITTED, (alike, own), strict=True))


def hiatus(cells: pd.DataFrame) -> float:
    """Return how many days of silence are usual: nine in ten mean gaps are no longer.

    Parameters
    ----------
    cells : pandas.DataFrame
        repeat_days, recency_age (days), customers.

    Returns
    -------
    float
        The days within which lie nine tenths of the mean gaps of those who bought again, each
        customer counting once; 0 if nobody did.

    Examples
    --------
    >>> hiatus(pd.DataFrame({"repeat_days": [0, 2, 1], "recency_age": [0, 20, 30],
    ...                      "customers": [50, 9, 1]}))
    10.0
    """
    again = cells[cells.repeat_days > 0]
    if again.empty:
        return 0.0
    gaps = (again.recency_age / again.repeat_days).to_numpy(float)
    order = np.argsort(gaps, kind="stable")
    up_to = again.customers.to_numpy()[order].cumsum()
    return float(gaps[order][np.searchsorted(up_to, GAPS_WITHIN * up_to[-1])])


def learnt_hiatus(before: pd.DataFrame, *, days: int) -> int | None:
    """Return the hiatus with which the last-purchase rule would have erred least.

    Parameters
    ----------
    before : pandas.DataFrame
        repeat_days, recency_age, age (days), later, customers: cut again before the days held back.
    days : int
        Days in which `later` came.

    Returns
    -------
    int or None
        Of a week, two, and one, two, three, four, six, nine and twelve months (days), the shortest
        with the least error. None if nobody had bought again.

    Notes
    -----
    The error is the mean square, by which the contest judges rules that say one number. The mean
    absolute error would pick a hiatus near 0 wherever most do not come, and with it a rule that is
    hardly one. A few lengths, such as a manager would name, are tried: the best of all days would
    follow single customers.

    Examples
    --------
    >>> learnt_hiatus(pd.DataFrame({"repeat_days": [2, 2, 2], "recency_age": [38, 30, 10],
    ...     "age": [40, 40, 40], "later": [1, 1, 0], "customers": [3, 1, 5]}), days=20)
    14
    """
    if not (before.customers * before.repeat_days).sum() > 0:
        return None
    said, silent = before.repeat_days / before.age.clip(lower=1) * days, silent_days(before)
    errors = [
        before.customers @ (said.where(silent <= hiatus, 0.0) - before.later) ** 2
        for hiatus in HIATUSES
    ]
    return HIATUSES[int(np.argmin(errors))]


def silent_days(cells: pd.DataFrame) -> np.ndarray:
    """Return the days since the last purchase day."""
    return (cells.age - cells.recency_age).to_numpy(float)


def _fitted_means(
    nbd: PlainNbd | None, repeats: np.ndarray, age: np.ndarray, holdout_days: int
) -> tuple[np.ndarray, np.ndarray]:
    if nbd is None:
        unknown = np.full(len(repeats), np.nan)
        return unknown, unknown
    own = nbd.given(repeats, age).mean(holdout_days)
    return np.full(len(repeats), nbd.mean(holdout_days)), own
