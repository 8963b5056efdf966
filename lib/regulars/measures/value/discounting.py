"""Discounting: purchases to come, each worth less the later it comes.

A purchase t days ahead counts ``exp(-s t)``, with s the rate of a day from `discount.daily_rate`.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from regulars.measures.discount import YEAR, daily_rate
from regulars.measures.purchase_models.cells import CELL
from regulars.measures.purchase_models.fitted import Fit, ahead_in_unit, history, in_unit
from regulars.measures.purchase_models.formulas import (
    expected_since_first,
    laws_of,
    p_alive,
    posterior_if_alive,
)

__all__ = [
    "discounted",
    "discounted_purchases",
    "discounted_since_first",
    "lasting_days",
]

SCALE = 100.0  # days; what is near changes faster, so that places are spread by ln(1 + t / SCALE)
LONGEST = 100  # years: no business is told farther ahead
STRIDE = 5  # years
REST = 1e-3

Expected = Callable[[np.ndarray], np.ndarray]


def discounted(expected: Expected, *, horizon_days: float, discount_rate: float) -> np.ndarray:
    """Discount purchases of which we know how many to expect up to each day.

    Parameters
    ----------
    expected : function
        Takes an array of days ahead and returns the purchases to expect by then, the days along
        the last axis.
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
    E is needed. The integral is that of Gauss and Legendre on a log scale of time: ten places for
    three years, fifteen for sixty.

    Examples
    --------
    >>> ten_a_day = discounted(lambda t: 10 * t, horizon_days=365, discount_rate=.10)
    >>> round(float(ten_a_day), 3), round(10 * (1 - 1 / 1.1) / daily_rate(.10), 3)
    (3481.456, 3481.456)
    """
    rate, last = daily_rate(discount_rate), np.array([float(horizon_days)])
    days, lengths = _places(horizon_days) if rate else (np.zeros(0), np.zeros(0))
    days, weights = np.append(days, last), np.append(rate * lengths, 1.0)
    return np.asarray(expected(days), float) @ (weights * np.exp(-rate * days))


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
    past = history(fitted, cells.astype(dict.fromkeys(CELL, "float64")))
    alive = p_alive(fitted.model, params, **past)[:, None]
    del past["recency_age"]
    told = posterior_if_alive(fitted.model, params, **past)
    told = {name: part[:, None] if np.ndim(part) else part for name, part in told.items()}
    law = laws_of(fitted.model)

    def expected(days: np.ndarray) -> np.ndarray:
        return alive * law.expected_if_alive(ahead_in_unit(fitted, days), **told)

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
        among them and may fall on any day of a year, so that no season is told.

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

    def expected(days: np.ndarray) -> np.ndarray:
        return expected_since_first(fitted.model, params, time=in_unit(fitted, days))

    return float(discounted(expected, horizon_days=horizon_days, discount_rate=discount_rate))


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


def _places(horizon_days: float) -> tuple[np.ndarray, np.ndarray]:
    """Return days and lengths of the integral from now to the horizon."""
    reach = np.log1p(horizon_days / SCALE)
    points, weights = np.polynomial.legendre.leggauss(int(np.ceil(6 + 1.5 * reach)))
    beyond = SCALE * np.exp(reach * (points + 1) / 2)
    return beyond - SCALE, beyond * reach * weights / 2
