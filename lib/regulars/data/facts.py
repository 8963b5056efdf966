"""Facts: what a notebook found, as numbers and sentences a machine can read.

Each notebook writes one facts file. The overview, the pages and ``metrics.json`` are made from
these files alone, so a number can never read differently in two places.
"""

import json
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import reduce
from pathlib import Path
from typing import Protocol

import pandas as pd

from regulars.data.catalogue import CATALOGUE
from regulars.errors import DataError
from regulars.paths import RUN_ID_VARIABLE
from regulars.small_groups import WITHHELD
from regulars.text import nearest
from regulars.workbook import noun_of

__all__ = ["Facts", "Metric", "read_facts"]

NAME = "name"


@dataclass(frozen=True)
class Metric:
    """One number, or one name out of a few, with everything needed to read it.

    Parameters
    ----------
    id : str
        ``<notebook noun>.<metric>[.<group>]``, for example ``loyalty.repurchase_rate``.
    label : str
        The name on the page.
    value : float, str or None
        None when the number is withheld; `withheld` then says why. A text where `unit` is
        ``name``, as machines know it: ``mbg_nbd``.
    unit : str
        ``share``, ``customers``, ``orders``, ``days``, a currency code, ... Shares are 0 to 1;
        ``name`` where the value is a text, which has no interval.
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
    value: float | str | None
    unit: str
    definition: str
    low: float | None = None
    high: float | None = None
    n: int | None = None
    withheld: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.withheld is None):
            raise ValueError(f"{self.id}: give either a value or the reason why it is withheld.")
        if self.value is not None and isinstance(self.value, str) != (self.unit == NAME):
            raise ValueError(f"{self.id}: expected a text if its unit is {NAME}, else a number.")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if isinstance(number, float) and not math.isfinite(number):
                raise ValueError(f"{self.id}: {name} is {number}; withhold it and say why.")


class HasInterval(Protocol):
    """A value with the ends of its interval and its n, such as ``measures.intervals.Estimate``."""

    value: float
    low: float | None
    high: float | None
    n: int


@dataclass
class Facts:
    """Collects what one notebook found, and is written once at the end.

    Parameters
    ----------
    notebook : str
        The notebook's file name without its ending, for example ``05_loyalty``.
    as_of : str
        The day it reports on (ISO date).
    currency : str, optional
        Three letters; needed where a metric is money.

    Examples
    --------
    >>> facts = Facts("04_segments", as_of="1998-06-30")
    >>> facts.record("customers.<segment>", 414, n=2357, segment="champions")
    >>> facts.metrics[0].id, facts.metrics[0].label
    ('segments.customers.champions', 'Customers: champions')
    """

    notebook: str
    as_of: str
    currency: str = ""
    findings: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    tiles: list[str] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)

    def record(
        self,
        name: str,
        value: HasInterval | float | str | None,
        *,
        n: int | None = None,
        withheld: str | None = None,
        **groups: object,
    ) -> None:
        """Add a number, or a name, of the catalogue.

        Parameters
        ----------
        name : str
            Its id in the catalogue without the notebook's noun, for example
            ``retention.<cohort>.<age>``.
        value : Estimate, number, str or None
            An estimate brings its own interval and n. A text only where the catalogue's unit is
            ``name``.
        n : int, optional
            How many cases stand behind a plain number or a name.
        withheld : str, optional
            Why `value` is None.
        **groups
            What each part in angle brackets is; ``shown_<group>`` is how the label calls it.

        Raises
        ------
        ValueError
            If the catalogue does not know the id, or the id was recorded before.
        """
        made = self._metric(f"{noun_of(self.notebook)}.{name}", value, n, withheld, groups)
        if made.id in {metric.id for metric in self.metrics}:
            raise ValueError(f"{made.id} was given twice; each metric has one place.")
        self.metrics.append(made)

    def record_sizes(
        self,
        name: str,
        sizes: Mapping[str, int | None],
        *,
        n: int,
        shown: Callable[[str], str] = str,
    ) -> None:
        """Add the size of each group; one that is missing is hidden, and said to be.

        Parameters
        ----------
        name : str
            Its id in the catalogue without the notebook's noun, with one part in angle brackets.
        sizes : mapping
            Group to customers; missing where `measures.suppression` hides it.
        n : int
            All customers.
        shown : function
            Makes of a group's name what readers call it.
        """
        (key,) = re.findall(r"<(\w+)>", name)
        for group, size in sizes.items():
            names = {key: group, f"shown_{key}": shown(group)}
            if pd.isna(size):
                self.record(name, None, n=n, withheld=WITHHELD, **names)
            else:
                self.record(name, size, n=n, **names)

    def on_first_screen(self, *names: str) -> None:
        """Say which metrics the first screen of the page shows; ids without the notebook's noun."""
        self.tiles = [f"{noun_of(self.notebook)}.{name}" for name in names]

    def to_dict(self) -> dict:
        """Return the facts as plain types, ready for JSON."""
        return {"run_id": os.environ.get(RUN_ID_VARIABLE, "interactive"), **asdict(self)}

    def _metric(
        self,
        template: str,
        value: HasInterval | float | str | None,
        n: int | None,
        withheld: str | None,
        groups: dict,
    ) -> Metric:
        if template not in CATALOGUE:
            raise ValueError(f"{template} is not in the catalogue{nearest(template, CATALOGUE)}")
        about = CATALOGUE[template]
        missing = [key for key in re.findall(r"<(\w+)>", template) if key not in groups]
        if missing or (about.unit == "money" and not self.currency):
            needed = ", ".join(missing) or "the currency of these facts"
            raise ValueError(f"{template} needs {needed}, and was not told.")
        names = {key: text for key, text in groups.items() if not key.startswith("shown_")}
        shown = {key: groups.get(f"shown_{key}", text) for key, text in names.items()}
        ends = [None if value is None else getattr(value, end, None) for end in ("low", "high")]
        return Metric(
            reduce(lambda text, key: text.replace(f"<{key}>", str(names[key])), names, template),
            about.label.format(**shown),
            value if about.unit == NAME else _plain(getattr(value, "value", value)),
            self.currency if about.unit == "money" else about.unit,
            about.definition,
            *map(_plain, ends),
            _whole(getattr(value, "n", n)),
            withheld,
        )


def read_facts(path: Path) -> dict:
    """Return one facts file as a dict, or say which notebook has to run first."""
    if not path.exists():
        raise DataError(
            f"Expected the facts of {path.stem}, found none. Run notebooks/{path.stem}.ipynb first."
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _whole(n: int | None) -> int | None:
    return None if n is None else int(n)


def _plain(number: float | None) -> float | int | None:
    if number is None or number != number:  # NaN is how a frame says None
        return None
    number = float(number)
    return int(number) if number.is_integer() and abs(number) < 2**53 else round(number, 6)
