"""Parameters: what a run may be told, in one schema, read so that text stays text.

YAML would turn ``NO`` into False, ``012`` into 10 and ``1e3`` into a number. Here every scalar is
read as text, and the schema alone decides what it becomes.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from regulars.data.contract import TABLES
from regulars.errors import ParameterError
from regulars.text import nearest

__all__ = [
    "Parameters",
    "Segment",
    "Source",
    "read_parameters",
    "read_sources",
    "validate",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where one table comes from, and what its columns are called there."""

    files: Annotated[str, Field(min_length=1)]
    """A path below the project's root, or a pattern such as ``data/raw/shop/2024-*.csv``."""

    @field_validator("files")
    @classmethod
    def _files_below_root(cls, files: str) -> str:
        if files.startswith(("/", "~")) or ".." in Path(files).parts or Path(files).is_absolute():
            raise ValueError(
                f"files is {files!r}: expected a path below the project's root, such as "
                "data/raw/shop/purchases.csv"
            )
        return files

    columns: dict[str, str]
    """Our column name: the file's column name."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """The one character between two fields of a CSV file."""

    date_format: str = "ISO"
    """How dates are written, in strptime's letters, or ``ISO`` for 2024-12-31 and its kin."""


class Segment(_Strict):
    """A rectangle of the R × F grid with a name, and what to do for the customers in it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    r: Annotated[str, Field(pattern=r"^[1-5](-[1-5])?$")]
    f: Annotated[str, Field(pattern=r"^[1-5](-[1-5])?$")]
    action: str


class _Sources(_Strict):
    sources: dict[str, Source]

    @field_validator("sources")
    @classmethod
    def _sources_are_tables(cls, sources: dict[str, Source]) -> dict[str, Source]:
        if "purchases" not in sources:
            raise ValueError("the table purchases is required, and it is not there")
        for table, source in sources.items():
            if table not in TABLES:
                raise ValueError(f"there is no table {table!r}{nearest(table, TABLES)}")
            _check_columns(table, source)
        return sources


class Parameters(_Sources):
    """Everything a run may be told. A notebook declares the ones it uses."""

    workbook: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    as_of: dt.date
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    segments: Annotated[list[Segment], Field(min_length=1)]
    duplicates: Literal["keep", "merge"] = "merge"
    repurchase_days: Annotated[int, Field(ge=1, le=3650)] = 90
    holdout_days: Annotated[int, Field(ge=7, le=3650)] = 182
    notebook_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300


def _check_columns(table: str, source: Source) -> None:
    fields = TABLES[table].fields
    for column in source.columns:
        if column not in fields:
            raise ValueError(
                f"{table} has no column {column!r}{nearest(column, fields)}. "
                f"Its columns are: {', '.join(fields)}"
            )
    for missing in TABLES[table].missing(source.columns):
        raise ValueError(
            f"{table} needs the column {missing}; add it under sources.{table}.columns"
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


def read_sources(sources: Any) -> dict[str, Source]:
    """Check what a notebook was told about its sources, as `validate` does for a whole file."""
    try:
        return _Sources(sources=sources).sources
    except ValidationError as error:
        raise ParameterError("\n".join(_sentence(e) for e in error.errors())) from None


def read_parameters(path: Path, *, changes: Mapping[str, str] | None = None) -> Parameters:
    """Read a parameter file; see `validate` for what it refuses.

    `changes` are values, as text, that are put in place of those of the file.
    """
    if not path.is_file():
        near = nearest(path.name, [p.name for p in path.parent.glob("*.yaml")])
        raise ParameterError(f"Expected a parameter file at {path}, found none{near or '.'}")
    try:
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506
    except UnicodeDecodeError:
        raise ParameterError(f"{path.name}: not UTF-8 text. Save it as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read as YAML"
        raise ParameterError(
            f"{path.name}: {problem}{line}. Expected 'name: value' lines."
        ) from None
    if isinstance(values, dict):
        values = {**values, **(changes or {})}
    return validate(values, where=path.name)


class _TextLoader(yaml.BaseLoader):
    """Reads every scalar as text, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, "a parameter's name must be plain text", node.start_mark
                )
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands there twice", node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


def _sentence(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"])
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
    model: type[BaseModel] = {"sources": Source, "segments": Segment}.get(location[0], Parameters)
    return list((Parameters if len(location) == 1 else model).model_fields)
