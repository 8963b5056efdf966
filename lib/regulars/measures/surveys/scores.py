"""Scores: what customers say in numbers, each with its interval and the answers behind it.

NPS is counted in points. CSAT is first the share of answers in the top boxes, with the mean beside
it; CES is first the mean, with the top boxes beside it; any other question is read like CSAT.
"""

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from regulars.measures.engine import beside, fetch
from regulars.measures.intervals import Estimate, wilson_bounds
from regulars.measures.surveys.bounds import POINTS, mean_bounds, nps_bounds

__all__ = [
    "MAIN",
    "estimate_of",
    "first_measure",
    "first_scores",
    "in_groups",
    "scores",
    "scores_of",
    "tallies",
]

MAIN = ("nps", "csat", "ces")
"""The questions that have a score of their own; all others are drivers."""

UNITS = {"nps": "points", "top_box": "share", "mean": "score"}
COUNTED = ("n", "top", "bottom", "total", "squares", "cubes", "lowest", "highest")
ONE, EQUAL = "There is only one answer.", "All answers are equal."
ENOUGH = 25  # answers for a squared skewness of 1
LOPSIDED = "The scores are lopsided; the interval may be too narrow."


def tallies(voices: ir.Table, *, by: str | None = None) -> pd.DataFrame:
    """Count answers, and add up scores, by question and group.

    Parameters
    ----------
    voices : ibis.expr.types.Table
        question, score, lowest, highest, band, as from `answers.newest_answers`, and `by`.
    by : str, optional
        A column by whose values answers are counted apart, such as segment or period. Answers
        without a value there are counted as a group whose name is missing.

    Returns
    -------
    pandas.DataFrame
        One row per question and group, ordered: question, `by` (if any), n, top (promoters, or
        answers in the top boxes), bottom (detractors, or all others), total (sum of scores),
        squares, cubes (sums of their powers), lowest, highest (ends of the scale).

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> voices = table_of(pd.DataFrame({"question": ["csat"] * 3, "score": [5.0, 4.0, 2.0],
    ...     "lowest": 1, "highest": 5, "band": ["top", "top", "rest"]}))
    >>> tallies(voices)[["question", "n", "top", "bottom", "total", "squares"]]
      question  n  top  bottom  total  squares
    0     csat  3    2       1   11.0     45.0
    """
    keys = ["question"] if by is None else ["question", by]
    counted = voices.group_by(keys).agg(
        n=voices.count(),
        top=voices.band.isin(["promoter", "top"]).sum(),
        bottom=voices.band.isin(["detractor", "rest"]).sum(),
        total=voices.score.sum(),
        squares=(voices.score**2).sum(),
        cubes=(voices.score**3).sum(),
        lowest=voices.lowest.min(),
        highest=voices.highest.max(),
    )
    return fetch(counted.order_by(keys))


def in_groups(voices: ir.Table, groups: ir.Table, by: str) -> ir.Table:
    """Put beside each answer the group of its customer; missing where nobody knows it.

    Parameters
    ----------
    voices : ibis.expr.types.Table
        From `answers.newest_answers`.
    groups : ibis.expr.types.Table
        customer_id and `by`, one row per customer. Anonymous answers, and those of customers who
        are not in it, have no group.
    by : str
        The column of `groups`.
    """
    return beside(voices, groups.select("customer_id", by))


def first_measure(question: str) -> str:
    """Return what a question is first read by: nps, mean or top_box.

    Examples
    --------
    >>> [first_measure(question) for question in ("nps", "csat", "ces", "driver:price")]
    ['nps', 'top_box', 'mean', 'top_box']
    """
    return _measures(question)[0]


def scores(voices: ir.Table, *, by: str | None = None) -> pd.DataFrame:
    """Estimate the scores of all questions, by groups if wanted.

    Parameters
    ----------
    voices : ibis.expr.types.Table
        From `answers.newest_answers`, one answer a customer and question; with `by`.
    by : str, optional
        A column of `voices`; see `tallies`.

    Returns
    -------
    pandas.DataFrame
        See `scores_of`; no rows where there are no answers.

    Examples
    --------
    >>> from regulars.measures.engine import table_of
    >>> voices = table_of(pd.DataFrame({"question": ["nps"] * 4, "score": [10.0, 9.0, 8.0, 3.0],
    ...     "lowest": 0, "highest": 10, "band": ["promoter", "promoter", "passive", "detractor"]}))
    >>> scores(voices).round(1)[["question", "measure", "n", "value", "low", "high"]]
      question measure  n  value   low  high
    0      nps     nps  4   25.0 -44.2  72.7
    """
    return scores_of(tallies(voices, by=by))


def scores_of(counted: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Estimate scores from what was counted.

    Parameters
    ----------
    counted : pandas.DataFrame
        From `tallies`.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row per row of `counted` and measure of its question, what the question is first read by
        first: question, the group (if any), measure (nps, top_box, mean), n, value, low, high, unit
        (points, share, or score on the scale), note (why there is no interval, or why it may be too
        narrow; else empty).

    Notes
    -----
    NPS: adjusted Wald (Rocks 2016); shares: Wilson (1927); means: Student's t, cut at the ends of
    the scale, and no interval for a single answer or answers that are all equal. Cochran (1977,
    Sampling Techniques, section 2.15) asks of n to be above 25 times the squared skewness; below,
    the t interval of a mean that nearly all pull to one end holds the truth too seldom
    (docs/coverage.md).

    Examples
    --------
    >>> counted = pd.DataFrame({"question": ["ces"], "n": [4], "top": [4], "bottom": [0],
    ...     "total": [24.0], "squares": [144.0], "cubes": [864.0], "lowest": [1], "highest": [7]})
    >>> scores_of(counted).round(3)[["measure", "value", "low", "high"]]
       measure  value   low  high
    0     mean    6.0   NaN   NaN
    1  top_box    1.0  0.51   1.0
    """
    counted = counted.reset_index(drop=True)
    parts = []
    for place, name in [(place, name) for name in UNITS for place in (0, 1)]:
        asked = counted.question.map(_measures).map(lambda all_, at=place: [*all_, ""][at])
        rows = counted[asked == name]
        parts.append(_measured(rows, name, level=level).assign(place=place, row=rows.index))
    found = pd.concat(parts).sort_values(["row", "place"], ignore_index=True)
    groups = [name for name in counted.columns if name not in COUNTED]
    return found[[*groups, "measure", "n", "value", "low", "high", "unit", "note"]]


def first_scores(counted: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Estimate of each row only what its question is first read by; see `scores_of`.

    Parameters
    ----------
    counted : pandas.DataFrame
        From `tallies`.
    level : float
        Coverage asked for, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One row per row of `counted`, in its order and with its index.
    """
    found = scores_of(counted, level=level)
    first = found.measure == found.question.map(first_measure)
    return found[first].set_axis(counted.index)


def estimate_of(found: pd.DataFrame, question: str, measure: str) -> Estimate | None:
    """Return one score of a table without groups as an estimate; None where there is none.

    Examples
    --------
    >>> nothing = pd.DataFrame(columns=["question", "measure", "value"])
    >>> estimate_of(nothing, "nps", "nps") is None
    True
    """
    rows = found[(found.question == question) & (found.measure == measure)].dropna(subset="value")
    if rows.empty:
        return None
    row = rows.iloc[0]
    ends = [None if pd.isna(end) else float(end) for end in (row.low, row.high)]
    return Estimate(float(row.value), *ends, int(row.n))


def _measures(question: str) -> tuple[str, ...]:
    """Return what a question is measured by, what it is first read by first."""
    if question == "nps":
        return ("nps",)
    return ("mean", "top_box") if question == "ces" else ("top_box", "mean")


def _measured(rows: pd.DataFrame, name: str, *, level: float) -> pd.DataFrame:
    value, low, high = {"nps": _nps, "top_box": _top_box, "mean": _mean}[name](rows, level)
    made = {"value": value, "low": low, "high": high}
    numbers = {key: np.asarray(end, dtype=float) for key, end in made.items()}
    none = np.where(rows.n == 1, ONE, EQUAL)
    lopsided = (name == "mean") & _lopsided(rows)
    note = np.where(np.isnan(numbers["low"]), none, np.where(lopsided, LOPSIDED, ""))
    return rows.assign(measure=name, unit=UNITS[name], **numbers, note=note.astype(object))


def _nps(rows: pd.DataFrame, level: float) -> tuple:
    low, high = nps_bounds(rows.top, rows.n - rows.top - rows.bottom, rows.bottom, level=level)
    return POINTS * (rows.top - rows.bottom) / rows.n, low, high


def _top_box(rows: pd.DataFrame, level: float) -> tuple:
    return rows.top / rows.n, *wilson_bounds(rows.top, rows.n, level=level)


def _mean(rows: pd.DataFrame, level: float) -> tuple:
    low, high = mean_bounds(rows.total, rows.squares, rows.n, level=level)
    return rows.total / rows.n, np.maximum(low, rows.lowest), np.minimum(high, rows.highest)


def _lopsided(rows: pd.DataFrame) -> np.ndarray:
    """Tell where n is small for how far scores lean to one end."""
    mean = rows.total / rows.n
    spread = (rows.squares / rows.n - mean**2).clip(lower=0)
    third = rows.cubes / rows.n - 3 * mean * rows.squares / rows.n + 2 * mean**3
    skew = third / (spread**1.5).where(spread > 1e-12)
    return ((skew.abs() > 1) & (rows.n <= ENOUGH * skew**2)).to_numpy(bool)
