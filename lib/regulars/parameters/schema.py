"""Parameters: what a run may be told, in one schema, read so that text stays text.

YAML would turn ``NO`` into False, ``012`` into 10 and ``1e3`` into a number. Here every scalar is
read as text, and the schema alone decides what it becomes.
"""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from regulars.data.contract import TABLES
from regulars.data.people.identifiers import name_kind
from regulars.errors import ParameterError
from regulars.parameters.forecasts import (
    Contracts,
    EarlyWarning,
    Forecasts,
    LifetimeValue,
    WinBack,
)
from regulars.parameters.loyalty import Cohorts, LoyaltyIndex, Surveys
from regulars.parameters.parts import PARTS
from regulars.parameters.rules import Cleaning, Intake
from regulars.parameters.segments import (
    NAME,
    Costs,
    CutPoints,
    Importance,
    Lists,
    Segment,
    Strategy,
    Tiers,
)
from regulars.parameters.source import Source, Strict
from regulars.parameters.tag_names import check_names
from regulars.parameters.texts import read_yaml
from regulars.text import nearest

__all__ = [
    "WORKBOOK",
    "Parameters",
    "Segment",
    "Source",
    "read_parameters",
    "read_rules",
    "read_sources",
    "validate",
]


WORKBOOK = "[a-z0-9][a-z0-9_-]{0,40}"
"""What a workbook can be called."""

Rules = TypeVar("Rules", bound=Strict)
ATTRIBUTE = re.compile("(?!held_)[a-z][a-z0-9_]{0,60}")
TAKEN = (
    "extra", "fate", "file_number", "flags", "has_rate", "key_hash", "money", "raw", "reasons",
    "source_file", "source_line", "whole",
)  # fmt: skip
"""What intake calls its own columns."""


def _several(source: Any) -> Any:
    return source if isinstance(source, list | tuple) else [source]


Deliveries = Annotated[list[Source], BeforeValidator(_several), Field(min_length=1)]
"""One source, or a list of them where a table's files differ in form."""


class _Sources(Strict):
    sources: dict[str, Deliveries]

    @field_validator("sources")
    @classmethod
    def _sources_are_tables(cls, sources: dict[str, list[Source]]) -> dict[str, list[Source]]:
        if "purchases" not in sources:
            raise ValueError("the table purchases is required, and it is not there")
        for table, deliveries in sources.items():
            if table not in TABLES:
                raise ValueError(f"there is no table {table!r}{nearest(table, TABLES)}")
            for source in deliveries:
                _check_columns(table, source)
        return sources


class Parameters(_Sources):
    """Everything a run may be told. A notebook declares the ones it uses."""

    workbook: Annotated[str, Field(pattern=rf"^{WORKBOOK}$")]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    as_of: dt.date
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    segments: Annotated[list[Segment], Field(min_length=1)]
    intake: Intake = Intake()
    cleaning: Cleaning = Cleaning()
    period_days: Annotated[int, Field(ge=7, le=3650)] = 365
    cut_points: CutPoints = CutPoints()
    tiers: Tiers = Tiers()
    importance: Importance = Importance()
    costs: Costs = Costs()
    tags: dict[Annotated[str, Field(pattern=NAME)], str] = {}
    strategies: list[Strategy] = []
    lists: Lists = Lists()
    survey_rules: Surveys = Surveys()
    loyalty_index: LoyaltyIndex = LoyaltyIndex()
    cohorts: Cohorts = Cohorts()
    forecasts: Forecasts = Forecasts()
    lifetime_value: LifetimeValue = LifetimeValue()
    early_warning: EarlyWarning = EarlyWarning()
    win_back: WinBack = WinBack()
    contracts: Contracts = Contracts()
    repurchase_days: Annotated[int, Field(ge=1, le=3650)] = 90
    holdout_days: Annotated[int, Field(ge=7, le=3650)] = 182
    notebook_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300

    @field_validator("tags")
    @classmethod
    def _tags_can_be_asked(cls, tags: dict[str, str], others: ValidationInfo) -> dict[str, str]:
        check_names(tags, others.data.get("sources", {}))
        return tags


def _check_columns(table: str, source: Source) -> None:
    fields = TABLES[table].fields
    for column in [*source.gives(), *source.date_formats, *source.translate]:
        if column not in fields:
            raise ValueError(
                f"{table} has no column {column!r}{nearest(column, fields) or '.'} "
                f"Its columns are: {', '.join(fields)}"
            )
    _check_attributes(table, source)
    for missing in TABLES[table].missing(source.gives()):
        raise ValueError(
            f"{table} needs the column {missing}; add it under sources.{table}.columns"
        )


def _check_attributes(table: str, source: Source) -> None:
    """Refuse attributes that are no plain further columns of a customer."""
    for ours, theirs in source.attributes.items():
        if table != "customers":
            raise ValueError(f"only customers can have attributes, but {table} has {ours!r}")
        if ours in TABLES[table].fields or not ATTRIBUTE.fullmatch(ours) or ours in TAKEN:
            raise ValueError(
                f"{ours!r} cannot be the name of an attribute. Expected small letters, digits and "
                "_, and no name that the table or intake has for something else"
            )
        if name_kind(theirs):
            raise ValueError(
                f"the attribute {ours} is the column {theirs!r}, which tells who somebody is, and "
                "such columns never leave intake. Take the attribute out"
            )


def validate(values: Any, *, where: str) -> Parameters:
    """Turn plain values into parameters, or say in one sentence each what is wrong.

    Parameters
    ----------
    values : mapping
        As read from YAML, with every scalar still text.
    where : str
        The file's name, for the message.

    Raises
    ------
    ParameterError
        With a line for each parameter that is unknown, missing or of the wrong kind.

    Examples
    --------
    >>> validate({"as_off": "1998-06-30"}, where="shop.yaml")
    Traceback (most recent call last):
    regulars.errors.ParameterError: shop.yaml: unknown parameter 'as_off'. Did you mean as_of? ...
    """
    if not isinstance(values, dict):
        raise ParameterError(f"{where}: expected one 'name: value' a line, found none.")
    try:
        return Parameters.model_validate(values)
    except ValidationError as error:
        # Unknown names first: a misspelt name is usually the cause of the missing one.
        found = sorted(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        raise ParameterError("\n".join(f"{where}: {_sentence(e)}" for e in found)) from None


def read_sources(sources: Any) -> dict[str, list[Source]]:
    """Check what a notebook was told about its sources, as `validate` does for a whole file."""
    try:
        return _Sources(sources=sources).sources
    except ValidationError as error:
        raise ParameterError("\n".join(_sentence(e) for e in error.errors())) from None


def read_rules(rules: Rules | Mapping | None, kind: type[Rules]) -> Rules:
    """Check the switches a notebook was told; what is not said has its default.

    `kind` is one of `PARTS`, such as `Intake`.
    """
    if isinstance(rules, kind):
        return rules
    try:
        return kind.model_validate(rules or {})
    except ValidationError as error:
        part = next(name for name, model in PARTS.items() if model is kind)
        found = [{**one, "loc": (part, *one["loc"])} for one in error.errors()]
        raise ParameterError("\n".join(map(_sentence, found))) from None


def read_parameters(path: Path, *, changes: Mapping[str, str] | None = None) -> Parameters:
    """Read a parameter file; see `validate` for what it refuses.

    `changes` are values, as text, that are put in place of those of the file.
    """
    if not path.is_file():
        near = nearest(path.name, [p.name for p in path.parent.glob("*.yaml")])
        raise ParameterError(f"Expected a parameter file at {path}, found none{near or '.'}")
    values = read_yaml(path)
    if isinstance(values, dict):
        values = {**values, **(changes or {})}
    return validate(values, where=path.name)


def _sentence(error: Any) -> str:
    # A single source became a list of one, which nobody wrote; of several the second is number 2.
    place = [part + 1 if isinstance(part, int) else part for part in error["loc"]]
    name = ".".join(str(part) for part in place if part != 1)
    if error["type"] == "extra_forbidden":
        allowed = _allowed_beside(error["loc"])
        return (
            f"unknown parameter {name!r}{nearest(error['loc'][-1], allowed) or '.'} "
            f"Allowed are: {', '.join(allowed)}."
        )
    if error["type"] == "missing":
        return f"the parameter {name} is missing. Add a line '{error['loc'][-1]}: …'."
    expected = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{name}: {expected.rstrip('.?')}{'?' if expected.endswith('?') else '.'}"
    return f"{name} is {str(error['input'])[:60]!r}: {expected[0].lower()}{expected[1:]}."


def _allowed_beside(location: tuple) -> list[str]:
    """Return the names allowed where an unknown one stands: a table's source, a switch, or top."""
    model: type[BaseModel] = PARTS.get(location[0], Parameters)
    return list((Parameters if len(location) == 1 else model).model_fields)
