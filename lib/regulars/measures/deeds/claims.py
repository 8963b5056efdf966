"""Claims: whether those who spoke well come back more than those who did not, by a stated rule.

A difference is claimed where the curves of coming back differ by more than chance over all the time
watched, all comparisons taken together, and the shares within h days differ to the same side. Of
questions asked after orders it is claimed only if it is found within segments too: who orders often
is asked often, so that how often somebody bought decides who is among the answers.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regulars.measures.deeds.after import bought_within
from regulars.measures.intervals import newcombe, normal_quantile
from regulars.measures.segments.chance import holm
from regulars.measures.suppression import LEAST
from regulars.measures.surveys.detectable import detectable_share
from regulars.measures.survival import log_rank

__all__ = ["AFTER_ORDERS", "COMPARED", "adjusted", "comparisons", "confirmed"]

COMPARED = (
    ("nps", "promoter", "detractor"),
    ("nps", "promoter", "passive"),
    ("csat", "top", "rest"),
)
"""The family of comparisons: question, band, and the band it is compared with."""

AFTER_ORDERS = ("csat",)
"""The questions asked after orders, whose claims have to hold within segments."""

COLUMNS = ["question", "band", "other", "n", "other_n", "share", "other_share", "difference"]
COLUMNS += ["low", "high", "detectable", "p", "p_holm", "claimed"]
ADJUSTED = ["question", "band", "other", "difference", "low", "high", "p", "p_holm", "claimed"]


def comparisons(
    counts: pd.DataFrame,
    *,
    days: int,
    compared: Sequence[tuple[str, str, str]] = COMPARED,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare how soon the bands bought again.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `after.waits`, of answers at least `days` days old.
    days : int
        The h of "within h days".
    compared : sequence of tuple
        Question, band, other band. Pairs with fewer than 10 customers on a side are left out.
    level : float
        Of the intervals, and of all tests together.

    Returns
    -------
    pandas.DataFrame
        One row per pair: question, band, other, n, other_n (customers), share, other_share (who
        bought within `days`), difference (share − other_share), low, high (of this difference
        alone), detectable (the smallest difference of the shares that so many customers show with
        80 % power, after the correction), p (log-rank over the whole time),
        p_holm (over all pairs), claimed (p_holm at most 1 − level, and more bought within `days`
        of the band that came back sooner on the whole).

    Notes
    -----
    Interval: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; see
    `intervals.newcombe`. Power: see `surveys.detectable`.

    Examples
    --------
    >>> counts = pd.DataFrame({"question": "csat", "band": ["top", "top", "rest", "rest"],
    ...                        "days": [9, 90, 9, 90], "observed": [True, False] * 2,
    ...                        "customers": [60, 40, 30, 70]})
    >>> found = comparisons(counts, days=30)
    >>> found[["difference", "low", "high", "detectable", "claimed"]].round(2)
       difference   low  high  detectable  claimed
    0         0.3  0.16  0.42        0.19     True
    """
    shares = bought_within(counts, days=days).set_index(["question", "band"])
    rows, pairs = [], _enough(shares.customers, compared)
    alone = 1 - (1 - level) / max(len(pairs), 1)
    for question, band, other in pairs:
        one, two = shares.loc[question, band], shares.loc[question, other]
        test = log_rank(_of(counts, question, band, other), by="band")
        rows.append(
            {
                "question": question,
                "band": band,
                "other": other,
                **_difference(one, two, level=level, alone=alone),
                "p": test.p,
                "sooner": np.sign(test.excess.get(band, 0.0)),
            }
        )
    return _judged(rows, COLUMNS, level=level)


def adjusted(
    counts: pd.DataFrame,
    *,
    days: int,
    compared: Sequence[tuple[str, str, str]] = COMPARED,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the bands among customers who were in the same segment before the answer.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `after.waits` with segment.
    days, compared, level
        As in `comparisons`.

    Returns
    -------
    pandas.DataFrame
        One row per pair: question, band, other, difference (of shares, as if both bands were
        spread over the segments alike), low, high, p (log-rank within segments), p_holm, claimed.

    Notes
    -----
    The risk difference of Mantel and Haenszel with the variance of Sato (1989), Biometrics 45,
    1323-1324, which holds for few large strata and for many small ones.

    Examples
    --------
    >>> counts = pd.DataFrame({"question": "csat", "band": ["top", "top", "rest", "rest"],
    ...                        "days": [9, 90, 9, 90], "observed": [True, False] * 2,
    ...                        "customers": [60, 40, 30, 70], "segment": "new"})
    >>> adjusted(counts, days=30)[["difference", "low", "high"]].round(2)
       difference   low  high
    0         0.3  0.17  0.43
    """
    sizes = counts.groupby(["question", "band"]).customers.sum()
    rows = []
    for question, band, other in _enough(sizes, compared):
        pair = _of(counts, question, band, other)
        test = log_rank(pair, by="band", strata="segment")
        found = _within_segments(pair, band, other, days=days, level=level)
        sooner = np.sign(test.excess.get(band, 0.0))
        names = {"question": question, "band": band, "other": other}
        rows.append({**names, **found, "p": test.p, "sooner": sooner})
    return _judged(rows, ADJUSTED, level=level)


def confirmed(compared: pd.DataFrame, within: pd.DataFrame) -> pd.DataFrame:
    """Withdraw the claims on questions asked after orders that do not hold within segments.

    Parameters
    ----------
    compared : pandas.DataFrame
        From `comparisons`.
    within : pandas.DataFrame
        From `adjusted`, of the same answers.

    Returns
    -------
    pandas.DataFrame
        `compared` with withdrawn added (bool), which is True where a claim is taken back because it
        is not made within segments, or made there for the other side.

    Examples
    --------
    >>> names = {"question": ["csat"], "band": ["top"], "other": ["rest"]}
    >>> compared = pd.DataFrame({**names, "difference": [-0.1], "claimed": [True]})
    >>> within = pd.DataFrame({**names, "difference": [-0.01], "claimed": [False]})
    >>> confirmed(compared, within)[["claimed", "withdrawn"]]
       claimed  withdrawn
    0    False       True
    """
    pairs = ["question", "band", "other"]
    held = within[within.claimed.astype(bool)]
    sides = np.sign(held.set_index(pairs).difference.astype(float))
    found = sides.reindex(pd.MultiIndex.from_frame(compared[pairs])).to_numpy()
    same = found == np.sign(compared.difference.astype(float).to_numpy())
    claimed = compared.claimed.astype(bool)
    withdrawn = claimed & compared.question.isin(AFTER_ORDERS) & ~same
    return compared.assign(claimed=claimed & ~withdrawn, withdrawn=withdrawn)


def _enough(
    sizes: pd.Series, compared: Sequence[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    return [
        (question, band, other)
        for question, band, other in compared
        if min(sizes.get((question, band), 0), sizes.get((question, other), 0)) >= LEAST
    ]


def _of(counts: pd.DataFrame, question: str, band: str, other: str) -> pd.DataFrame:
    return counts[(counts.question == question) & counts.band.isin([band, other])]


def _judged(rows: list[dict], columns: list[str], *, level: float) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame(columns=columns)
    found = pd.DataFrame(rows)
    found["p_holm"] = holm(found.p)
    same_side = np.sign(found.difference) == found.sooner
    found["claimed"] = (found.p_holm <= 1 - level) & same_side
    return found[columns]


def _difference(one: pd.Series, two: pd.Series, *, level: float, alone: float) -> dict[str, float]:
    sides = [pd.DataFrame({"n": [side.customers], "top": [side.bought]}) for side in (one, two)]
    found = newcombe((one.bought, one.customers), (two.bought, two.customers), level=level)
    return {
        "n": int(one.customers),
        "other_n": int(two.customers),
        "share": float(one.share),
        "other_share": float(two.share),
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "detectable": float(detectable_share(*sides, level=alone)[0]),
    }


def _within_segments(
    pair: pd.DataFrame, band: str, other: str, *, days: int, level: float
) -> dict[str, float]:
    """Return the difference of Mantel and Haenszel; none where no segment holds both bands."""
    bought = pair.customers.where(pair.observed & (pair.days <= days), 0)
    wide = pair.assign(bought=bought).pivot_table(
        ["customers", "bought"], "segment", "band", "sum", fill_value=0
    )
    n, m = (wide["customers"][name].to_numpy(float) for name in (band, other))
    x, y = (wide["bought"][name].to_numpy(float) for name in (band, other))
    both = n + m
    weight = (n * m / both).sum()
    if not weight:
        return dict.fromkeys(("difference", "low", "high"), np.nan)
    value = ((x * m - y * n) / both).sum() / weight
    p = (n**2 * y - m**2 * x + n * m * (m - n) / 2) / both**2
    q = (x * (m - y) + y * (n - x)) / (2 * both)
    error = np.sqrt(max(value * p.sum() + q.sum(), 0)) / weight
    reach = normal_quantile(level) * error
    return {"difference": value, "low": value - reach, "high": value + reach}
