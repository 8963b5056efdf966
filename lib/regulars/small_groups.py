"""Small groups: how few customers are too few to be shown, and the words that stand in their place.

Measures hide the counts and pages write the words; both read them here.
"""

from typing import Protocol

__all__ = ["HIDDEN", "LEAST", "NOTE", "WITHHELD", "few", "told"]

LEAST = 10  # the k of "counts from 1 to k - 1 are hidden"
HIDDEN = "hidden"  # what a table writes into a hidden cell, and the column that marks its row
NOTE = (
    f"Groups of fewer than {LEAST} customers, and as many others as totals would give away, are "
    "not shown."
)
# One reason for all hidden numbers: which of them is small must not be told.
WITHHELD = f"Fewer than {LEAST} customers, or a number that would give away fewer than {LEAST}."


class _Share(Protocol):
    """A share with its n, such as ``measures.intervals.Estimate``."""

    value: float
    n: int


def few(share: _Share | None) -> bool:
    """Tell whether a share says of fewer than LEAST customers that they have it, or have it not.

    Examples
    --------
    >>> from regulars.measures.intervals import Estimate
    >>> few(Estimate(.04, .02, .09, 100)), few(Estimate(.4, .3, .5, 100)), few(None)
    (True, False, False)
    """
    if share is None:
        return False
    having = round(share.value * share.n)
    rest = share.n - having
    # All or nobody says no more than how many there are.
    return min(having, rest) > 0 and min(having, rest) < LEAST


def told(n: int) -> str:
    """Write a count that may be told.

    Examples
    --------
    >>> told(0), told(7), told(1200)
    ('none', 'fewer than 10', '1,200')
    """
    if n == 0:
        return "none"
    return f"{n:,}" if n >= LEAST else f"fewer than {LEAST}"
