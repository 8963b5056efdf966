"""Deliveries: the files of a table, each read once and staged as typed and judged rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.data import sources
from regulars.data.contract import Table
from regulars.data.files import fingerprint, kind_of, origins_of
from regulars.data.intake.accounts import day_of, decimal_of
from regulars.data.intake.judged import HELD, IDENTIFIERS, judged
from regulars.data.intake.merging import with_key
from regulars.data.intake.told import Told
from regulars.data.readers.model import Origin
from regulars.errors import DataError
from regulars.parameters import Source

__all__ = ["Delivery", "read_all", "united"]

EXACT_DATES = ("excel", "parquet", "database")
POSITION = "file_row_number"


@dataclass(frozen=True)
class Delivery:
    """One file of a table: what the reader said of it, and its rows, typed and judged."""

    origin: Origin
    source: Source
    sha256: str
    read: sources.Read
    rows: ir.Table
    malformed: ir.Table | None

    def about(self, table: Table) -> dict:
        """Return what the ledger says of the file as it came, before rows of files are united.

        The rows are those the reader counted; the money is that of this file's own rows.
        """
        unread = 0 if self.malformed is None else int(self.malformed.count().execute())
        return {
            "file": self.origin.label,
            "sha256": self.sha256,
            "form": _form(self.read.kind, self.source),
            "newest_day": day_of(self.rows[table.time].max().execute() if table.time else None),
            "rows_in": self.read.rows + unread,
            "money_in": str(
                decimal_of(self.rows[table.money].sum().execute() if table.money else None)
            ),
        }


def read_all(
    engine: ibis.BaseBackend, table: Table, given: Sequence[Source], *, told: Told, folder: Path
) -> tuple[list[Delivery], list[tuple[dict, str]]]:
    """Read the files of a table; one with the content of another is only noted.

    Parameters
    ----------
    engine : ibis backend
        DuckDB.
    table, given, told
        The contract, the sources of the table, and what else was said.
    folder : Path
        A private folder for the staged rows, which the caller removes.

    Returns
    -------
    list of Delivery, list of (about, label)
        What was read; and for each file that came before under another name, what the ledger says
        of it and the label of the first.
    """
    delivered, twins, seen = [], [], {}
    for source, origin in _origins(table, given):
        sha256 = fingerprint(origin, source)
        # The same bytes under another declaration say something else.
        said = (sha256, source.model_dump_json(exclude={"files"}))
        if said in seen:
            about = {"file": origin.label, "sha256": sha256, "form": {}}
            twins.append((about, seen[said]))
            continue
        seen[said] = origin.label
        place = folder / str(len(delivered))
        place.mkdir(mode=0o700)
        read, rows = _read(engine, table, source, origin, told=told, folder=place)
        malformed = engine.read_parquet(str(read.malformed)) if read.malformed else None
        delivered.append(Delivery(origin, source, sha256, read, rows, malformed))
    return delivered, twins


def united(delivered: Sequence[Delivery], table: Table) -> ir.Table:
    """Return the staged rows of all files, each with its file, the file's number and its line."""
    attributes = dict.fromkeys(name for one in delivered for name in one.source.attributes)
    numbered = [_with_origin(one, n, table, list(attributes)) for n, one in enumerate(delivered)]
    return numbered[0] if len(numbered) == 1 else ibis.union(*numbered)


def _origins(table: Table, given: Sequence[Source]) -> list[tuple[Source, Origin]]:
    """Return each file once, in the order of their names: a later name is a later delivery.

    A file may be named by several sources that say different `values`, such as a survey with a
    column for each question.
    """
    found: dict[str, tuple[Source, Origin]] = {}
    for source in given:
        for origin in origins_of(source, table=table.name):
            others = [s for s, o in found.values() if o.path and o.path == origin.path]
            if any(_part(other) == _part(source) for other in others):
                raise DataError(
                    f"sources.{table.name}: {origin.label} is named by two sources, and its rows "
                    "would count twice. Make a pattern narrower, or take one source out."
                )
            same = sum(origin.label == label.split(" (")[0] for label in found)
            label = f"{origin.label} ({same + 1})" if same else origin.label
            found[label] = (source, replace(origin, label=label))
    return [found[label] for label in sorted(found, key=_natural)]


def _part(source: Source) -> tuple:
    return source.values, source.sheet, source.query


def _natural(label: str) -> list:
    """Order names as people do: d-2.csv before d-10.csv."""
    return [int(part) if part.isdigit() else part for part in re.split(r"([0-9]+)", label)]


def _read(
    engine: ibis.BaseBackend,
    table: Table,
    source: Source,
    origin: Origin,
    *,
    told: Told,
    folder: Path,
) -> tuple[sources.Read, ir.Table]:
    place = folder / "typed.parquet"
    exact = kind_of(origin, source) in EXACT_DATES

    def write(lines: ir.Table) -> int:
        typed = with_key(judged(lines, table, source, told=told, exact=exact), table)
        engine.to_parquet(typed, str(place))
        return int(engine.read_parquet(str(place)).count().execute())

    read = sources.read(engine, origin, source, folder=folder, write=write)
    rows = engine.read_parquet(str(place), **({POSITION: True} if read.first_line else {}))
    line = rows[POSITION] + read.first_line if read.first_line else rows[sources.LINE]
    rows = rows.mutate(source_line=line.cast("int64"))
    return read, rows.drop(*({POSITION, sources.LINE} & set(rows.columns)))


def _with_origin(one: Delivery, number: int, table: Table, attributes: list[str]) -> ir.Table:
    rows, there = one.rows, set(one.rows.columns)
    missing = {name: ibis.null().cast("string") for name in attributes if name not in there}
    kinds = [f"{HELD}{kind}" for kind in sorted(IDENTIFIERS)]
    missing |= {kind: ibis.literal(False) for kind in kinds if kind not in there}
    rows = rows.mutate(
        **missing, source_file=ibis.literal(one.origin.label), file_number=ibis.literal(number)
    )
    own = ["reasons", "flags", "raw", "extra", "key_hash"]
    place = ["source_file", "file_number", "source_line"]
    return rows.select(*table.kept_fields(), *attributes, *kinds, *own, *place)


def _form(kind: str, source: Source) -> dict:
    """Return how a file is written, as declared; what goes without saying is left out."""
    names = {"csv": ("encoding", "delimiter", "decimal", "thousands"), "excel": ("sheet",)}
    said = {name: getattr(source, name) for name in names.get(kind, ())}
    said["date_format"] = " or ".join(source.formats_of(""))
    return {"kind": kind, **{name: value for name, value in said.items() if value}}
