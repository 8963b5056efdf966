"""Compared: how frequent each reason is in a group of customers, and among the others."""

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.engine import fetch
from regulars.measures.intervals import newcombe_bounds, wilson_bounds
from regulars.measures.segments.chance import holm
from regulars.measures.suppression import HIDDEN, LEAST
from regulars.measures.warning.reasons import REASONS

__all__ = ["reasons_compared"]

SIDES = ("", "others_")


def reasons_compared(
    told: ir.Table, *, group: str = "is_warned", reasons: Sequence[str] = REASONS
) -> pd.DataFrame:
    """Compare how frequent the reasons are inside and outside of a group.

    Parameters
    ----------
    told : ibis.expr.types.Table
        One row per customer: a bool column `group`, and bool columns of reasons.
    group : str
        Who is compared with all others in the table.
    reasons : sequence of str
        The columns to compare, in this order; those that are not there are left out.

    Returns
    -------
    pandas.DataFrame
        A row per reason that is known of anybody on both sides: reason, customers (of the group, of
        whom it is known), share, low, high (Wilson), others, others_share, others_low, others_high,
        difference (share − others_share), difference_low, difference_high (Newcombe), p_holm
        (Fisher's exact test, two-sided, adjusted for all reasons), hidden (bool: with a reason or
        without, there are 1 to 9 customers on a side; all numbers of the row are then missing).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> told = table_of(pd.DataFrame({"is_warned": [True] * 40 + [False] * 40,
    ...                               "low_score": [True] * 60 + [False] * 20}))
    >>> reasons_compared(told)[["reason", "share", "others_share", "hidden"]]
          reason  share  others_share  hidden
    0  low_score    1.0           0.5   False
    """
    counts = _counts(told, group, reasons)
    known = counts[(counts.customers > 0) & (counts.others > 0)].reset_index(drop=True)
    if known.empty:
        return known.reindex(columns=[*_estimated(_filler()).columns, HIDDEN])
    return _without_small(_estimated(known), _small(known))


def _counts(told: ir.Table, group: str, reasons: Sequence[str]) -> pd.DataFrame:
    inside = told[group].fill_null(False)
    reasons = [name for name in reasons if name in told.columns]
    sums = {
        f"{reason}|{side}": found
        for reason in reasons
        for side, found in {
            "customers": told[reason].count(where=inside),
            "with": (told[reason] & inside).sum(),
            "others": told[reason].count(where=~inside),
            "others_with": (told[reason] & ~inside).sum(),
        }.items()
    }
    columns = ["reason", "customers", "with", "others", "others_with"]
    if not sums:
        return pd.DataFrame(columns=columns)
    row = fetch(told.agg(**sums)).iloc[0].fillna(0).astype("int64")
    return pd.DataFrame(
        [[reason, *(row[f"{reason}|{side}"] for side in columns[1:])] for reason in reasons],
        columns=columns,
    )


def _estimated(counts: pd.DataFrame) -> pd.DataFrame:
    inside, outside = (counts["with"], counts.customers), (counts.others_with, counts.others)
    (low, high), (others_low, others_high) = (wilson_bounds(*pair) for pair in (inside, outside))
    share, others_share = (yes / n for yes, n in (inside, outside))
    difference_low, difference_high = newcombe_bounds(inside, outside)
    return pd.DataFrame(
        {
            "reason": counts.reason,
            "customers": counts.customers,
            "share": share,
            "low": low,
            "high": high,
            "others": counts.others,
            "others_share": others_share,
            "others_low": others_low,
            "others_high": others_high,
            "difference": share - others_share,
            "difference_low": difference_low,
            "difference_high": difference_high,
            "p_holm": holm(_fisher(counts)),
        }
    )


def _fisher(counts: pd.DataFrame) -> np.ndarray:
    tables = zip(counts["with"], counts.customers, counts.others_with, counts.others, strict=True)
    return np.array([stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue for a, n, b, m in tables])


def _small(counts: pd.DataFrame) -> np.ndarray:
    """Say which rows have a count of 1 to 9 customers anywhere."""
    parts = [counts["with"], counts.others_with]
    parts += [counts.customers - counts["with"], counts.others - counts.others_with]
    return np.any([part.between(1, LEAST - 1) for part in parts], axis=0)


def _without_small(rows: pd.DataFrame, small: np.ndarray) -> pd.DataFrame:
    numbers = rows.columns.drop("reason")
    hidden = rows.astype({"customers": "Int64", "others": "Int64"})
    hidden[numbers] = hidden[numbers].mask(pd.Series(small, index=rows.index))
    return hidden.assign(**{HIDDEN: small})


def _filler() -> pd.DataFrame:
    return pd.DataFrame(
        {"reason": [""], "customers": [1], "with": [0], "others": [1], "others_with": [0]}
    )
