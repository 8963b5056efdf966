"""Discounting: purchases to come, each worth less the later it comes.

There is one place where a yearly rate becomes that of a day: a purchase t days ahead counts
``(1 + d) ** (-t / 365)`` at a yearly rate d, which is ``exp(-s t)`` with ``s = ln(1 + d) / 365``.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from regulars.measures.purchase_models.fitted import Fit
from regulars.measures.purchase_models.formulas import expected_purchases, expected_since_first

__all__ = [
    "daily_rate",
    "discounted",
    "discounted_purchases",
    "discounted_since_first",
    "lasting_days",
]

YEAR = 365.0
NODES = 8  # of Gauss and Legendre, in each piece of the time ahead
PIECES = (0.0, 1.0, 4.0, 12.0, 36.0, 108.0)  # years; what is near changes faster
LONGEST = 100  # years: no business is told farther ahead
STRIDE = 5  # years
REST = 1e-3

Expected = Callable[[float], np.ndarray]


def daily_rate(discount_rate: float) -> float:
    """Return the continuous rate of a day that makes up a yearly discount rate.

    Parameters
    ----------
    discount_rate : float
        Of a year, as a share: at .10, 110 in a year are worth 100 now.

    Returns
    -------
    float
        ``ln(1 + d) / 365``.

    Examples
    --------
    >>> round(float(np.exp(-365 * daily_rate(.10))), 6)  # 1 / 1.1
    0.909091
    """
    return float(np.log1p(discount_rate) / YEAR)


def discounted(expected: Expected, *, horizon_days: float, discount_rate: float) -> np.ndarray:
    """Discount purchases of which we know how many to expect up to each day.

    Parameters
    ----------
    expected : function
        Takes days ahead and returns the purchases to expect by then (an array or a number).
    horizon_days : float
        How far ahead they count, in days.
    discount_rate : float
        Of a year, as a share.

    Returns
    -------
    numpy.ndarray
        Discounted purchases.

    Notes
    -----
    With E(t) the purchases to expect by t and s the rate of a day, parts give
    ``exp(-s h) E(h) + s ∫ exp(-s t) E(t) dt`` from 0 to the horizon h, so that no derivative of
    E is needed. The integral is that of Gauss and Legendre, eight points in each piece of time.

    Examples
    --------
    >>> ten_a_day = discounted(lambda t: 10 * t, horizon_days=365, discount_rate=.10)
    >>> round(float(ten_a_day), 3), round(10 * (1 - 1 / 1.1) / daily_rate(.10), 3)
    (3481.456, 3481.456)
    """
    rate = daily_rate(discount_rate)
    total = np.exp(-rate * horizon_days) * np.asarray(expected(horizon_days), float)
    if rate == 0:
        return total
    for day, weight in zip(*_nodes(horizon_days), strict=True):
        total = total + rate * weight * np.exp(-rate * day) * expected(day)
    return total


def discounted_purchases(
    fitted: Fit,
    cells: pd.DataFrame,
    *,
    horizon_days: float,
    discount_rate: float,
    params: Sequence[float] | None = None,
) -> np.ndarray:
    """Return the discounted purchase days to expect of each cell.

    Parameters
    ----------
    fitted : Fit
        A purchase model.
    cells : pandas.DataFrame
        repeat_days, recency_age, age (days).
    horizon_days : float
        How far ahead they count, in days.
    discount_rate : float
        Of a year, as a share.
    params : sequence of float, optional
        Other parameters than the fitted ones, in their order.

    Returns
    -------
    numpy.ndarray
        One number per cell, at least 0.

    Notes
    -----
    For Pareto/NBD and no end it is DERT of Fader, Hardie & Lee (2005), Journal of Marketing
    Research 42, 415-430, eq. 2, which it is tested against.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> near, far = (discounted_purchases(fit(few_cells()), few_cells().head(1), horizon_days=365,
    ...                                   discount_rate=rate)[0] for rate in (0, .5))
    >>> bool(near > far > 0)
    True
    """
    params = tuple(fitted.params.values()) if params is None else tuple(params)
    unit = fitted.unit_days
    history = {
        "repeat_days": cells.repeat_days.to_numpy(float),
        "recency_age": cells.recency_age.to_numpy(float) / unit,
        "age": cells.age.to_numpy(float) / unit,
    }

    def expected(day: float) -> np.ndarray:
        return expected_purchases(fitted.model, params, horizon=day / unit, **history)

    return discounted(expected, horizon_days=horizon_days, discount_rate=discount_rate)


def discounted_since_first(
    fitted: Fit,
    *,
    horizon_days: float,
    discount_rate: float,
    params: Sequence[float] | None = None,
) -> float:
    """Return the discounted repeat purchase days to expect of a new customer.

    Parameters
    ----------
    fitted, horizon_days, discount_rate, params
        As in `discounted_purchases`; days are counted from the first purchase, which is not
        among them.

    Returns
    -------
    float

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> discounted_since_first(fit(few_cells()), horizon_days=365, discount_rate=.1) > 0
    True
    """
    params = tuple(fitted.params.values()) if params is None else tuple(params)

    def expected(day: float) -> np.ndarray:
        times = np.array([day / fitted.unit_days])
        return np.asarray(expected_since_first(fitted.model, params, time=times), float)

    found = discounted(expected, horizon_days=horizon_days, discount_rate=discount_rate)
    return float(found[0])


def lasting_days(fitted: Fit, cells: pd.DataFrame, *, discount_rate: float) -> float | None:
    """Return after how many days what is still to come hardly counts.

    Parameters
    ----------
    fitted : Fit
        A purchase model.
    cells : pandas.DataFrame
        repeat_days, recency_age, age (days), customers.
    discount_rate : float
        Of a year, as a share.

    Returns
    -------
    float or None
        Days after which less than a thousandth of the discounted purchases can come; None if that
        takes more than a hundred years.

    Notes
    -----
    Purchases come ever more slowly, so what comes after h is at most at the pace c of the last
    five years before h for ever: ``c · exp(-s h) / s``.

    Examples
    --------
    >>> from regulars.measures.examples import few_cells
    >>> from regulars.measures.purchase_models.fitting import fit
    >>> fitted = fit(few_cells())
    >>> lasting_days(fitted, few_cells(), discount_rate=0) is None
    True
    """
    rate, weight = daily_rate(discount_rate), cells.customers.to_numpy(float)
    if rate == 0:
        return None
    seen = 0.0
    for years in range(STRIDE, LONGEST + 1, STRIDE):
        ahead = years * YEAR
        so_far, plain = (
            float(weight @ discounted_purchases(fitted, cells, horizon_days=ahead, discount_rate=d))
            for d in (discount_rate, 0.0)
        )
        pace, seen = (plain - seen) / (STRIDE * YEAR), plain
        if pace * np.exp(-rate * ahead) / rate <= REST * so_far:
            return ahead
    return None


def _nodes(horizon_days: float) -> tuple[np.ndarray, np.ndarray]:
    """Return days and weights of the integral from now to the horizon."""
    inside = [years * YEAR for years in PIECES if years * YEAR < horizon_days]
    ends = np.array([*inside, horizon_days])
    points, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(ends) / 2
    days = (ends[:-1] + half)[:, None] + half[:, None] * points
    return days.ravel(), (half[:, None] * weights).ravel()
