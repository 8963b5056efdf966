"""Shown: what of word and deed may stand on a page, with small groups taken out."""

import numpy as np
import pandas as pd

from regulars.measures.deeds.after import bought_within
from regulars.measures.suppression import HIDDEN, LEAST, hidden_with_sums, suppressed
from regulars.measures.survival import kaplan_meier_by

__all__ = ["shown_curves", "shown_pairs", "shown_shares", "shown_spending"]


def shown_shares(counts: pd.DataFrame, *, days: int, k: int = LEAST) -> pd.DataFrame:
    """Estimate the share of each band that bought again, and hide the bands that are too small.

    A band is hidden where fewer than `k` of it bought or did not buy, and so are others that would
    give it away.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `after.waits`.
    days : int
        The h of "within h days".
    k : int
        The smallest count that is shown.

    Returns
    -------
    pandas.DataFrame
        As from `after.bought_within`, all numbers missing where hidden (bool).

    Examples
    --------
    >>> counts = pd.DataFrame({"question": "csat", "band": ["rest", "rest", "top", "top"],
    ...                        "days": 9, "observed": [True, False] * 2,
    ...                        "customers": [60, 40, 30, 70]})
    >>> shown_shares(counts, days=30)[["band", "share", "hidden"]]
       band  share  hidden
    0  rest    0.6   False
    1   top    0.3   False
    """
    found = bought_within(counts, days=days)
    masks = [
        _small(rows.bought, rows.customers - rows.bought, k=k)
        for _, rows in found.groupby("question")
    ]
    others = ["bought", "share", "low", "high"]
    return suppressed(found, others=others, mask=np.concatenate([*masks, []]).astype(bool))


def shown_curves(counts: pd.DataFrame, shares: pd.DataFrame, *, k: int = LEAST) -> pd.DataFrame:
    """Estimate the curve of coming back of each band that is shown, while enough are watched.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `after.waits`.
    shares : pandas.DataFrame
        From `shown_shares`.
    k : int
        A curve ends where fewer customers are still waiting and watched.

    Returns
    -------
    pandas.DataFrame
        question, band, and the columns of `survival.kaplan_meier`.
    """
    parts = [pd.DataFrame(columns=["question", "band", "day", "share", "low", "high", "at_risk"])]
    for question, bands in shares[~shares[HIDDEN]].groupby("question").band:
        of = counts[(counts.question == question) & counts.band.isin(bands)]
        curves = kaplan_meier_by(of, by="band")
        curves.insert(0, "question", question)
        parts.append(curves[curves.at_risk >= k])
    return pd.concat(parts[1:] or parts, ignore_index=True)


def shown_pairs(compared: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Keep the comparisons of bands that are both shown.

    Parameters
    ----------
    compared : pandas.DataFrame
        question, band, other, and whatever else.
    shares : pandas.DataFrame
        question, band, hidden.

    Examples
    --------
    >>> compared = pd.DataFrame({"question": ["nps"], "band": ["promoter"], "other": ["passive"]})
    >>> shares = pd.DataFrame({"question": "nps", "band": ["promoter", "passive"],
    ...                        "hidden": [False, True]})
    >>> len(shown_pairs(compared, shares))
    0
    """
    names = shares.loc[~shares[HIDDEN], ["question", "band"]]
    shown = set(names.itertuples(index=False, name=None))
    pairs = compared[["question", "band", "other"]].itertuples(index=False, name=None)
    keep = [(one[0], one[1]) in shown and (one[0], one[2]) in shown for one in pairs]
    return compared[np.array(keep, dtype=bool)].reset_index(drop=True)


def shown_spending(
    spending: pd.DataFrame, shares: pd.DataFrame, counts: pd.DataFrame, *, k: int = LEAST
) -> pd.DataFrame:
    """Take the bands out of spending whose customers would give away small groups.

    Parameters
    ----------
    spending : pandas.DataFrame
        From `spending.spending_around`.
    shares : pandas.DataFrame
        From `shown_shares`: the numbers of all who answered, beside which those of customers with a
        whole window before would give away how many had none.
    counts : pandas.DataFrame
        From `after.waits`.
    k : int
        The smallest count that is shown.

    Returns
    -------
    pandas.DataFrame
        The rows of `spending` that may be shown.
    """
    everybody = counts.groupby(["question", "band"]).customers.sum()
    names = pd.MultiIndex.from_frame(spending[["question", "band"]])
    others = everybody.reindex(names, fill_value=0).to_numpy() - spending.customers.to_numpy(int)
    masks = [
        _small(rows.customers, pd.Series(others[rows.index], index=rows.index), k=k)
        for _, rows in spending.groupby("question")
    ]
    kept = spending[~np.concatenate([*masks, []]).astype(bool)]
    away = shares.loc[shares[HIDDEN], ["question", "band"]]
    hidden = set(away.itertuples(index=False, name=None))
    pairs = zip(kept.question, kept.band, strict=True)
    return kept[np.array([pair not in hidden for pair in pairs], dtype=bool)].reset_index(drop=True)


def _small(one: pd.Series, other: pd.Series, *, k: int) -> np.ndarray:
    """Tell which rows of two counts would show fewer than `k` customers."""
    table = pd.DataFrame({"one": one.astype(int), "other": other.astype(int)})
    cells, rows, _ = hidden_with_sums(table, k=k)
    return (cells.any(axis=1) | rows).to_numpy()
