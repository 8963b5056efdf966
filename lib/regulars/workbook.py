"""The workbook: which notebooks there are, their nouns in metrics, and what each waits for."""

from dataclasses import dataclass

__all__ = ["NOTEBOOKS", "OVERVIEW", "Notebook", "noun_of"]


@dataclass(frozen=True)
class Notebook:
    """One notebook of the workbook.

    `name` is its file name without the ending, `noun` the first word of its metric ids, and
    `after` names the notebooks whose results it reads.
    """

    name: str
    noun: str
    after: tuple[str, ...]


READ = (
    Notebook("01_ingest", "intake", ()),
    Notebook("02_clean", "clean", ("01_ingest",)),
    Notebook("03_customer_base", "base", ("02_clean",)),
    Notebook("04_segments", "segments", ("02_clean",)),
    Notebook("05_loyalty", "loyalty", ("02_clean",)),
    Notebook("06_churn", "churn", ("02_clean",)),
    Notebook("07_lifetime_value", "value", ("02_clean",)),
    Notebook("08_surveys", "loyalty", ("02_clean",)),
    Notebook("09_retention", "loyalty", ("02_clean",)),
    Notebook("10_targets", "targets", ("02_clean",)),
    Notebook("11_warnings", "churn", ("02_clean",)),
    Notebook("12_contracts", "contracts", ("02_clean",)),
)
NOTEBOOKS = (*READ, Notebook("00_overview", "overview", tuple(one.name for one in READ)))

OVERVIEW = NOTEBOOKS[-1]
"""The notebook that reads what the others found, and is run after them."""


def noun_of(name: str) -> str:
    """Return the noun that the metric ids of a notebook begin with.

    Examples
    --------
    >>> noun_of("05_loyalty")
    'loyalty'
    """
    return {notebook.name: notebook.noun for notebook in NOTEBOOKS}[name]
