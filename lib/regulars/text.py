"""Text: a hint at the name somebody probably meant."""

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return the hint at the nearest allowed name, or nothing.

    Examples
    --------
    >>> nearest("holdout_day", ["holdout_days", "as_of"])
    '. Did you mean holdout_days?'
    >>> nearest("xyz", ["as_of"])
    ''
    """
    found = difflib.get_close_matches(str(name), list(allowed), n=1, cutoff=0.6)
    return f". Did you mean {found[0]}?" if found else ""
