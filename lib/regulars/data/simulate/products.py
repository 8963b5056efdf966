"""Products: eight categories with forty products each, on a ladder of prices.

The ladder is even in the logarithm of the price, so that whatever a customer wants to spend, there
is a product near it; what is paid then differs from what was wanted by up to an eighth, which is
one reason why no model of the workbook is exactly right.
"""

import numpy as np

from regulars.data.simulate.coefficients import coefficient

__all__ = ["CATEGORIES", "COST_SHARES", "LADDER", "preferences", "prices", "product_ids", "rung"]

CATEGORIES = ("home", "kitchen", "garden", "textiles", "toys", "books", "beauty", "food")

COST_SHARES = np.array([0.58, 0.62, 0.55, 0.50, 0.60, 0.65, 0.45, 0.72])
"""What a line costs the shop, as a share of its list price, by category."""

LADDER = 40
"""Products in a category."""

LOWEST, HIGHEST = 2.0, 600.0
STEP = np.log(HIGHEST / LOWEST) / (LADDER - 1)
SHIFTS = np.array([1.00, 1.02, 0.97, 1.05, 0.94, 0.99, 1.03, 0.96])
LIKED = {
    "home": (6, 4, 4, 2, 1, 1, 1, 1),
    "family": (2, 2, 1, 3, 6, 3, 1, 2),
    "style": (2, 1, 1, 6, 1, 1, 6, 1),
    "table": (1, 5, 1, 1, 1, 2, 1, 8),
}


def preferences() -> np.ndarray:
    """Return the log weight of each category (columns) for each taste (rows)."""
    return np.log(np.array(list(LIKED.values()), dtype=float))


def prices(years: int) -> np.ndarray:
    """Return list prices in cents: year x category x rung.

    Examples
    --------
    >>> prices(3)[:, 0, 0].tolist()
    [200, 206, 212]
    """
    first = LOWEST * np.exp(STEP * np.arange(LADDER))[None, :] * SHIFTS[:, None]
    growth = (1 + coefficient("price_growth")) ** np.arange(years)
    return np.rint(100 * first[None] * growth[:, None, None]).astype("int64")


def rung(wanted: np.ndarray) -> np.ndarray:
    """Return the rung of the ladder whose price is nearest to the wanted one, in EUR."""
    steps = np.log(np.maximum(wanted, LOWEST) / LOWEST) / STEP
    return np.clip(np.rint(steps), 0, LADDER - 1).astype("int64")


def product_ids() -> list[str]:
    """Return the id of each product: category after category, rung after rung.

    Examples
    --------
    >>> product_ids()[:2], len(product_ids())
    (['P0001', 'P0002'], 320)
    """
    return [f"P{k:04d}" for k in range(1, len(CATEGORIES) * LADDER + 1)]
