"""Where things are: every path hangs from one root, so that a notebook runs from any folder."""

import os
from pathlib import Path

__all__ = ["ROOT_VARIABLE", "RUN_ID_VARIABLE", "notebooks", "reports", "root", "work"]

ROOT_VARIABLE = "REGULARS_ROOT"
RUN_ID_VARIABLE = "REGULARS_RUN_ID"


def root() -> Path:
    """Return the project's root: ``$REGULARS_ROOT`` if set, else the checkout this file is in."""
    given = os.environ.get(ROOT_VARIABLE)
    return Path(given).resolve() if given else Path(__file__).resolve().parents[2]


def notebooks() -> Path:
    """Return the folder of the notebooks."""
    return root() / "notebooks"


def work(workbook: str) -> Path:
    """Return the folder of a workbook's own tables, facts and logs."""
    return root() / "data" / "work" / workbook


def reports() -> Path:
    """Return the folder the pages go to."""
    return root() / "reports"
