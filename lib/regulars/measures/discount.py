"""Discount: what money to come is worth now, at a yearly rate.

There is one place where a yearly rate becomes that of a day or a period: what comes t years ahead
counts ``(1 + d) ** -t`` at a yearly rate d.
"""

import numpy as np

__all__ = ["YEAR", "daily_rate", "worth_now"]

YEAR = 365.0


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


def worth_now(discount_rate: float, *, years: float) -> float:
    """Return what one unit of money is worth now that comes so many years ahead.

    Examples
    --------
    >>> round(worth_now(.10, years=1), 6), worth_now(0, years=5)
    (0.909091, 1.0)
    """
    return float(np.exp(-daily_rate(discount_rate) * YEAR * years))
