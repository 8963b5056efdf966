"""Order: which of two drivers has the larger share, and whether that is more than chance."""

from collections.abc import Sequence
from itertools import combinations

import pandas as pd
from scipy import stats

from regulars.measures.intervals import normal_quantile
from regulars.measures.segments.chance import holm

__all__ = ["PAIRS", "order"]

PAIRS = ["first", "second", "difference", "low", "high", "p", "p_holm", "decided", "detectable"]
"""What is known of each pair."""

POWER = 0.8


def order(
    names: Sequence[str], numbers: pd.DataFrame, errors: pd.Series, *, level: float = 0.95
) -> pd.DataFrame:
    """Test the order of each pair of drivers, the larger share named first.

    Parameters
    ----------
    names : sequence of str
        The drivers, by number.
    numbers : pandas.DataFrame
        value, low, high of ``0 over 1``, ``0 over 2``, …: how much larger a share is.
    errors : pandas.Series
        Their standard errors.
    level : float
        Of all tests together.

    Returns
    -------
    pandas.DataFrame
        first, second, difference, low, high, p, p_holm, decided (p_holm at most 1 − level),
        detectable (what 80 % of samples as large would tell from none), the largest first.

    Examples
    --------
    >>> numbers = pd.DataFrame({"value": [-0.2], "low": [-0.3], "high": [-0.1]}, ["0 over 1"])
    >>> found = order(["price", "quality"], numbers, pd.Series({"0 over 1": 0.05}))
    >>> found[["first", "second", "low", "high", "decided"]].values.tolist()
    [['quality', 'price', 0.1, 0.3, True]]
    """
    rows = []
    for one, other in combinations(range(len(names)), 2):
        row, error = numbers.loc[f"{one} over {other}"], errors[f"{one} over {other}"]
        turned = -1 if row.value < 0 else 1
        first, second = (one, other)[::turned]
        ends = sorted((turned * row.low, turned * row.high))
        p = 2 * stats.norm.sf(abs(row.value) / error) if error > 0 else float(row.value == 0)
        detectable = (normal_quantile(level) + stats.norm.ppf(POWER)) * error
        rows.append((names[first], names[second], abs(row.value), *ends, p, detectable))
    found = pd.DataFrame(rows, columns=[one for one in PAIRS if one not in ("p_holm", "decided")])
    found["p_holm"] = holm(found.p.to_numpy(float))
    found["decided"] = found.p_holm <= 1 - level
    ordered = found.sort_values(["difference", "first"], ascending=[False, True], ignore_index=True)
    return ordered[PAIRS]
