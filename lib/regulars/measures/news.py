"""News: what changed since the last report, and whether it is more than noise.

Both reports say a number with its interval. The interval of the change follows from the two, so a
report of a year ago can be compared without its data.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from regulars.measures.intervals import mover, normal_quantile
from regulars.measures.segments.chance import holm

__all__ = ["NEWS", "exceeds_noise", "news"]

NEWS = ("yes", "no", "not_judged")
"""Whether a change is news; a number that has no interval is not judged."""

LEVEL = 0.95  # that of all intervals in facts
ENDS = ("value", "low", "high")
COLUMNS = ["metric", "label", "unit", "before", "now", "change", "low", "high", "p", "p_holm"]
COLUMNS += ["news", "reason"]


def news(before: Iterable[Mapping], now: Iterable[Mapping]) -> pd.DataFrame:
    """Compare the metrics of this report with those of the one before.

    A change is news if its interval, corrected for the number of metrics compared, leaves out 0.
    Only metrics with an interval in both reports are judged; a name, such as that of a model, has
    none, and no change that could be counted. Where the same customers stand behind
    both numbers, the change varies less than its interval says, so news is called too rarely
    rather than too often.

    Parameters
    ----------
    before : iterable of mapping
        Metrics of the earlier report, as in ``metrics.json``: id, label, unit, definition, value
        (missing where withheld), low, high.
    now : iterable of mapping
        Metrics of this report, in the order in which they are to be shown.

    Returns
    -------
    pandas.DataFrame
        One row a metric of `now`: metric, label, unit, before, now, change, low and high (ends of
        its 95 % interval), p, p_holm (Holm over all that are judged), news (yes, no, not_judged),
        reason (why it is not judged, else empty: no_interval, not_in_the_last_report,
        defined_anew, withheld_before, withheld_now, name). What was defined anew has no change;
        neither has a name, for which before and now are texts.

    Notes
    -----
    Interval: `intervals.mover`. p is that of the normal distribution whose standard error the
    interval has on the side of 0, so it is at most .05 exactly where the interval leaves out 0.
    Overlap: Var(a − b) = Var a + Var b − 2 Cov(a, b), and Cov is above 0.

    Examples
    --------
    >>> about = {"id": "loyalty.nps", "label": "NPS", "unit": "points", "definition": "As ever."}
    >>> found = news([{**about, "value": 10, "low": 5, "high": 15}],
    ...              [{**about, "value": 30, "low": 24, "high": 36}])
    >>> found[["change", "news"]].values.tolist()
    [[20.0, 'yes']]
    """
    earlier = {metric["id"]: metric for metric in before}
    rows = [_compared(earlier.get(metric["id"]), metric) for metric in now]
    frame = pd.DataFrame(rows, columns=[*COLUMNS[:5], "reason", "ends_before", "ends_now"])
    judged = exceeds_noise(_ends(frame.ends_before), _ends(frame.ends_now))
    moved = _numbers(frame.now) - _numbers(frame.before)
    judged["change"] = moved.mask(frame.reason == "defined_anew")
    if not any(isinstance(value, str) for value in [*frame.before, *frame.now]):
        frame = frame.astype({"before": float, "now": float})
    return frame.assign(**judged)[COLUMNS].reset_index(drop=True)


def exceeds_noise(before: np.ndarray, now: np.ndarray) -> dict[str, np.ndarray]:
    """Judge changes between estimates by their intervals, as one family.

    Parameters
    ----------
    before, now : array, any × 3
        Value, low and high of each estimate; missing where it is not to be judged.

    Returns
    -------
    dict of numpy.ndarray
        low, high, p, p_holm (missing where not judged), news (yes, no, not_judged).

    Examples
    --------
    >>> before = np.array([[.40, .35, .45], [.40, .35, .45]])
    >>> now = np.array([[.42, .37, .47], [.60, .55, .65]])
    >>> exceeds_noise(before, now)["news"].tolist()
    ['no', 'yes']
    """
    low, high = mover(now.T, before.T)
    change = now[:, 0] - before[:, 0]
    # An interval of no width on either side says nothing of noise.
    known = np.isfinite(change) & np.isfinite(low) & np.isfinite(high) & (high > low)
    p = _p_values(change, np.where(change > 0, change - low, high - change))
    p_holm = np.full(len(p), np.nan)
    p_holm[known] = holm(p[known])
    said = np.where(known, np.where(p_holm <= 1 - LEVEL, NEWS[0], NEWS[1]), NEWS[2])
    parts = {"low": low, "high": high, "p": p, "p_holm": p_holm}
    return {name: np.where(known, part, np.nan) for name, part in parts.items()} | {"news": said}


def _p_values(change: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return p from a change and how far its interval reaches towards 0."""
    error = reach / normal_quantile(LEVEL)
    z = np.divide(np.abs(change), error, out=np.full(len(change), np.inf), where=error > 0)
    return np.where(change == 0, 1.0, 2 * stats.norm.sf(z))


def _compared(before: Mapping | None, now: Mapping) -> list:
    """Return the row of one metric, its ends missing where it is not to be judged."""
    reason = _reason(before, now)
    ends = [_three(metric) if not reason else [np.nan] * 3 for metric in (before, now)]
    was = None if before is None else before["value"]
    return [now["id"], now["label"], now["unit"], was, now["value"], reason, *ends]


def _reason(before: Mapping | None, now: Mapping) -> str:
    if now["value"] is None:
        return "withheld_now"
    if before is None:
        return "not_in_the_last_report"
    if any(before[part] != now[part] for part in ("unit", "definition")):
        return "defined_anew"
    if before["value"] is None:
        return "withheld_before"
    if isinstance(now["value"], str):
        return "name"
    low, high = (np.array([_three(metric)[end] for metric in (before, now)]) for end in (1, 2))
    return "" if np.all(high > low) else "no_interval"


def _three(metric: Mapping) -> list[float]:
    return [np.nan if metric.get(end) is None else float(metric[end]) for end in ENDS]


def _numbers(values: pd.Series) -> pd.Series:
    """Return numbers as they are, and a name as missing."""
    return values.map(lambda value: np.nan if isinstance(value, str) else value).astype(float)


def _ends(parts: pd.Series) -> np.ndarray:
    return np.array(parts.tolist(), dtype=float).reshape(len(parts), 3)
