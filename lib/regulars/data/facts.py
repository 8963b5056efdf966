"""Facts: what a notebook found, as numbers and sentences a machine can read.

Each notebook writes one facts file. The overview, the pages and ``metrics.json`` are made from
these files alone, so a number can never read differently in two places.
"""

import json
import math
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from regulars.errors import DataError
from regulars.paths import RUN_ID_VARIABLE
from regulars.workbook import noun_of

__all__ = ["Facts", "Metric", "read_facts"]


@dataclass(frozen=True)
class Metric:
    """One number with everything needed to read it.

    Parameters
    ----------
    id : str
        ``<notebook noun>.<metric>[.<group>]``, for example ``loyalty.repurchase_rate``.
    label : str
        The name on the page.
    value : float or None
        None when the number is withheld; `withheld` then says why.
    unit : str
        ``share``, ``customers``, ``orders``, ``days``, a currency code, ... Shares are 0 to 1.
    definition : str
        Numerator, denominator and window in a sentence.
    low, high : float, optional
        Ends of the 95 % interval, where one exists.
    n : int, optional
        How many cases stand behind the number.
    withheld : str, optional
        Why there is no value.

    Examples
    --------
    >>> Metric("loyalty.nps", "NPS", None, "points", "Promoters less detractors.",
    ...        withheld="No survey.").withheld
    'No survey.'
    """

    id: str
    label: str
    value: float | None
    unit: str
    definition: str
    low: float | None = None
    high: float | None = None
    n: int | None = None
    withheld: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.withheld is None):
            raise ValueError(f"{self.id}: give either a value or the reason why it is withheld.")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise ValueError(f"{self.id}: {name} is {number}; withhold it and say why.")


@dataclass
class Facts:
    """Collects what one notebook found, and writes it once at the end.

    Parameters
    ----------
    notebook : str
        The notebook's file name without its ending, for example ``05_loyalty``.

    Examples
    --------
    >>> facts = Facts("05_loyalty")
    >>> facts.metric("repurchase_rate", .4832, label="Repurchase rate", unit="share",
    ...              definition="Customers with two or more purchase days, of all.", n=2357)
    >>> facts.metrics[0].id
    'loyalty.repurchase_rate'
    """

    notebook: str
    question: str = ""
    findings: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    tiles: list[str] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)
    tables: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def noun(self) -> str:
        """The noun the metric ids begin with."""
        return noun_of(self.notebook)

    def metric(
        self,
        name: str,
        value: float | None,
        *,
        label: str,
        unit: str,
        definition: str,
        low: float | None = None,
        high: float | None = None,
        n: int | None = None,
        withheld: str | None = None,
        tile: bool = False,
    ) -> None:
        """Add a metric; `tile` puts it on the first screen of the page."""
        made = Metric(
            f"{self.noun}.{name}",
            label,
            _plain(value),
            unit,
            definition,
            _plain(low),
            _plain(high),
            None if n is None else int(n),
            withheld,
        )
        if made.id in {metric.id for metric in self.metrics}:
            raise ValueError(f"{made.id} was given twice; each metric has one place.")
        self.metrics.append(made)
        if tile:
            self.tiles.append(made.id)

    def to_dict(self) -> dict:
        """Return the facts as plain types, ready for JSON."""
        return {"run_id": os.environ.get(RUN_ID_VARIABLE, "interactive"), **asdict(self)}


def read_facts(path: Path) -> dict:
    """Return one facts file as a dict, or say which notebook has to run first."""
    if not path.exists():
        raise DataError(
            f"Expected the facts of {path.stem}, found none. Run notebooks/{path.stem}.ipynb first."
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _plain(number: float | None) -> float | int | None:
    if number is None:
        return None
    number = float(number)
    return int(number) if number.is_integer() and abs(number) < 2**53 else round(number, 6)
