"""Score tests: whether a group has more of something than expected, from sums over its customers.

The variance is the one there is if the group has just what is expected. A variance by what the
group itself has is too small where few customers make the sums: a random group of 30 then passes
for an unusual one far too often (checked by simulation).
"""

import numpy as np
import pandas as pd
from scipy import stats

__all__ = ["score_tests"]

FEWEST_ALIKE, FEWEST_EXPECTED = 30, 5
LEVEL = 0.95


def score_tests(inside: pd.DataFrame, rest: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Test ratios of found to expected in groups against 1, and give their intervals.

    Parameters
    ----------
    inside, rest : DataFrame of float
        One row per test, for the group and for all others: k (found), e (expected), and the sums
        over customers of their squares and product: kk, ke, ee. Found and expected are the same
        over group and rest together.

    Returns
    -------
    tuple of Series
        p (two-sided), low and high (of the ratio, 95 %; the ratios that are not rejected). Missing
        where fewer than 5 are expected, or group or rest are worth fewer than 30 equal customers.

    Notes
    -----
    Cochran (1977), Sampling Techniques, section 2.11, with the variance under the hypothesis; the
    interval is Fieller's. Customers are worth (sum of e)² / sum of e² equal ones.

    Examples
    --------
    >>> group = pd.DataFrame({"k": [60.], "e": [50.], "kk": [76.], "ke": [60.], "ee": [50.]})
    >>> rest = pd.DataFrame({"k": [40.], "e": [50.], "kk": [52.], "ke": [40.], "ee": [50.]})
    >>> [round(float(found[0]), 3) for found in score_tests(group, rest)]
    [0.0, 1.1, 1.3]
    """
    alike = np.minimum(*(one.e**2 / one.ee.where(one.ee > 0) for one in (inside, rest)))
    tested = (inside.e >= FEWEST_EXPECTED) & (alike >= FEWEST_ALIKE)
    square, linear, constant = _variance(inside, rest)
    variance = (square + linear + constant).where(tested)
    freedom = (alike - 1).where(tested)
    error = np.sqrt(variance.where(variance > 0))
    p = 2 * stats.t.sf((inside.k - inside.e).abs() / error, freedom)
    reach = stats.t.ppf((1 + LEVEL) / 2, freedom) ** 2
    # The ratios r with (k - r e)² = reach × variance(r).
    a = inside.e**2 - reach * square
    b = -2 * inside.k * inside.e - reach * linear
    c = inside.k**2 - reach * constant
    root = np.sqrt((b**2 - 4 * a * c).clip(lower=0)).where(a > 0)
    low, high = ((-b + sign * root) / (2 * a) for sign in (-1, 1))
    return pd.Series(p, index=inside.index), low.clip(lower=0), high


def _variance(inside: pd.DataFrame, rest: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the variance of k - r e, if r is the ratio of the group, as a polynomial in r."""
    total = inside.e + rest.e
    mine, others = (one.e / total.where(total > 0) for one in (inside, rest))
    # The ratio of the rest is then level - slope × r.
    level = 1 / others.where(others > 0)
    slope = mine * level
    square = others**2 * inside.ee + mine**2 * slope**2 * rest.ee
    linear = -2 * others**2 * inside.ke + 2 * mine**2 * slope * (rest.ke - level * rest.ee)
    constant = others**2 * inside.kk + mine**2 * (
        rest.kk - 2 * level * rest.ke + level**2 * rest.ee
    )
    return square, linear, constant
