"""The errors a user can meet, and the doubts a measure can raise.

Every message says what was expected, what was found, and what to do. The messages hold names of
files, columns and parameters, never values of a data row, so that they may be shown on a page.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

__all__ = [
    "DataError",
    "LedgerError",
    "ModelError",
    "ParameterError",
    "RefusedDeliveryError",
    "RegularsError",
    "RunError",
    "StatisticalDoubt",
    "collect_doubts",
]


class RegularsError(Exception):
    """What all errors of this package have in common: a sentence for a person, and an exit code."""

    exit_code = 1


class ParameterError(RegularsError):
    """A parameter is unknown, missing or of the wrong kind."""

    exit_code = 2


class DataError(RegularsError):
    """The data cannot be read as the parameters say."""

    exit_code = 2


class RefusedDeliveryError(DataError):
    """The files were read and judged, and cannot be used; `ledger` says what was found."""

    def __init__(self, message: str, ledger: Mapping | None = None) -> None:
        super().__init__(message)
        self.ledger = ledger or {}


class LedgerError(RegularsError):
    """Rows or money went in that did not come out again."""


class ModelError(RegularsError):
    """A purchase model cannot be fitted to these customers, or cannot predict them."""


class RunError(RegularsError):
    """A run could not be started or finished."""


class StatisticalDoubt(UserWarning):
    """A number was computed, but something about it deserves a sentence on the page."""


@contextmanager
def collect_doubts() -> Iterator[list[str]]:
    """Collect the statistical doubts raised inside the block, as sentences.

    Any other warning passes through unchanged.

    Examples
    --------
    >>> with collect_doubts() as doubts:
    ...     warnings.warn("Two cut points are equal.", StatisticalDoubt)
    >>> doubts
    ['Two cut points are equal.']
    """
    doubts: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", StatisticalDoubt)
        yield doubts
    for warning in caught:
        if issubclass(warning.category, StatisticalDoubt):
            doubts.append(str(warning.message))
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
