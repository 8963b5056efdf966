"""Source: where one table comes from, and in which form it is written there.

All of it is declared. `regulars init` guesses, shows the evidence and writes it down; at run time
nothing is guessed.
"""

import datetime as dt
from itertools import permutations
from pathlib import Path
from typing import Annotated, Any, Literal

import duckdb
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = ["ENCODINGS", "Source", "Strict"]

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "cp1252", "shift_jis")
"""The encodings a file may be declared to have; a byte order mark is allowed."""

PROBE = dt.datetime(2005, 6, 7, 8, 9, 10)
NAMED_FORMATS = ("ISO", "excel", "excel1904")


def _readable(date_format: str) -> str:
    """Refuse what the engine cannot read, or reads without a year or a month."""
    if date_format in NAMED_FORMATS:
        return date_format
    ask = "SELECT strptime(strftime(?::timestamp, ?), ?)"
    try:
        (read,) = duckdb.execute(ask, [PROBE, date_format, date_format]).fetchone()
    except duckdb.Error:
        read = None
    if read is None or (read.year, read.month) != (PROBE.year, PROBE.month):
        raise ValueError(
            f"expected {', '.join(NAMED_FORMATS)}, or strptime's letters with a year and a month, "
            f"such as %d.%m.%Y; found {date_format!r}"
        )
    return date_format


DateFormat = Annotated[str, Field(min_length=2, max_length=60), AfterValidator(_readable)]


class Strict(BaseModel):
    """A part of the parameters: unknown names are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """One delivery of one table: files of one form, or a query."""

    files: Annotated[str, Field(min_length=1)] = ""
    """A path below the project's root, or a pattern such as ``data/raw/shop/2024-*.csv``."""

    columns: dict[str, str]
    """Our column name: the file's column name."""

    values: dict[str, str] = {}
    """Our column name: a value that every row has, where the file does not say it."""

    translate: dict[str, dict[str, str]] = {}
    """Our column name: the file's word for a value, and ours, such as ``kind: {退货: return}``."""

    attributes: dict[str, str] = {}
    """For customers: further columns to keep, our name: the file's."""

    encoding: Literal[ENCODINGS] = "utf-8"
    """How the text is encoded; UTF-8 where it is not said."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """The one character between two fields of a CSV file."""

    decimal: Literal[".", ","] = "."
    """The mark between whole and part of a number."""

    thousands: Literal["", ",", ".", " ", "'"] = ""
    """The mark between groups of three digits; none where it is not said."""

    currency_sign: Annotated[str, Field(max_length=4)] = ""
    """A sign that stands before or after amounts, such as ``€``."""

    date_format: DateFormat | list[DateFormat] = "ISO"
    """How dates are written: strptime's letters, ``ISO`` (2024-12-31, also with a time), ``excel``
    or ``excel1904`` (day numbers); several are tried in turn."""

    date_formats: dict[str, DateFormat | list[DateFormat]] = {}
    """Our column name: its own date format, where it differs."""

    missing: list[str] = []
    """Texts that mean "no value" here, such as NA; an empty cell always does."""

    skip_lines: Annotated[int, Field(ge=0, le=1000)] = 0
    """Lines above the header, such as a title."""

    last_line: Literal["reject", "keep"] = "reject"
    """What to do with a last line that has no line end, and so may be cut off."""

    sheet: str = ""
    """The sheet of an Excel file; its first where it is not said."""

    database: str = ""
    """A database in place of files: ``sqlite:data/raw/shop/shop.db``, ``duckdb:…``, or an address
    such as ``postgres://host/name``; passwords are taken from the surroundings, never from here."""

    query: str = ""
    """The SELECT that gives the rows of a database."""

    @field_validator("files")
    @classmethod
    def _files_below_root(cls, files: str) -> str:
        if files.startswith(("/", "~")) or ".." in Path(files).parts or Path(files).is_absolute():
            raise ValueError(
                f"files is {files!r}: expected a path below the project's root, such as "
                "data/raw/shop/purchases.csv"
            )
        return files

    @model_validator(mode="after")
    def _one_origin(self) -> "Source":
        if bool(self.files) == bool(self.database):
            raise ValueError("expected files, or database with query, and one of the two")
        if bool(self.database) != bool(self.query):
            raise ValueError("database and query go together; one of them is not there")
        if "://" in self.database and "@" in self.database.split("://")[1].split("/")[0]:
            raise ValueError(
                "database holds a user or a password. Leave them out, and give them as the "
                "database's own environment variables (PGUSER, PGPASSWORD)"
            )
        return self

    @model_validator(mode="after")
    def _marks_differ(self) -> "Source":
        if self.thousands and self.thousands == self.decimal:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}; they must differ")
        return self

    @field_validator("date_format", "date_formats")
    @classmethod
    def _no_two_meanings(cls, given: Any) -> Any:
        for formats in given.values() if isinstance(given, dict) else [given]:
            if not isinstance(formats, str):
                _check_pairs(formats)
        return given

    def formats_of(self, column: str) -> list[str]:
        """Return the date formats of one of our columns, in the order they are tried."""
        found = self.date_formats.get(column, self.date_format)
        return [found] if isinstance(found, str) else list(found)

    def gives(self) -> list[str]:
        """Return our names of all columns this source gives."""
        return [*self.columns, *self.values]


def _check_pairs(formats: list[str]) -> None:
    """Refuse two formats that would read one text as two days, such as 05/06/2024."""
    for one, other in permutations([f for f in formats if "%" in f], 2):
        try:
            read = dt.datetime.strptime(PROBE.strftime(one), other)
        except ValueError:
            continue
        if read.date() != PROBE.date():
            raise ValueError(
                f"the date formats {one!r} and {other!r} read one text as two days; "
                "give the files of each form a source of their own"
            )
