"""Reveal: from a pseudonym back to the id, for whoever holds the raw files and the key.

Nothing is stored that would lead back. The customer ids of the raw files are read again, made
pseudonyms again, and compared.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from regulars.data import sources
from regulars.data.people.behind import CUSTOMER, deliveries_with_ids, named
from regulars.data.people.pseudonyms import FORM, key_place, the_key
from regulars.errors import DataError, ParameterError
from regulars.parameters import Intake, Source, read_parameters

__all__ = ["reveal"]


def reveal(name: str, parameter_files: Iterable[Path]) -> list[str]:
    """Return the ids, as the files write them, that have a pseudonym.

    Parameters
    ----------
    name : str
        The pseudonym, such as ``c-6c5e18b7ba9e92b25a8a``.
    parameter_files : iterable of Path
        The workbooks whose raw files are looked through.

    Returns
    -------
    list of str
        More than one where several ids are one customer; sorted.

    Raises
    ------
    ParameterError
        If `name` is not of a pseudonym's form, or no file is given.
    DataError
        If no id has this pseudonym.
    """
    wanted, files = name.strip().lower(), list(parameter_files)
    if not FORM.fullmatch(wanted):
        raise ParameterError(
            "Expected a pseudonym: c- and 20 of the signs 0-9 and a-f. Found something else; copy "
            "it as a whole."
        )
    found = {one for file in files for one in _in_workbook(wanted, file)}
    if not found:
        raise DataError(
            f"No customer id of {', '.join(file.name for file in files) or 'no workbook'} has this "
            f"pseudonym with the key in {key_place()}. It was made with another key, of another "
            "workbook, or of files that have changed since."
        )
    return sorted(found)


def _in_workbook(wanted: str, file: Path) -> Iterator[str]:
    parameters, key = read_parameters(file), the_key()
    for origin, source in deliveries_with_ids(parameters):
        yield from _in_origin(wanted, origin, source, key=key, rules=parameters.intake)


def _in_origin(
    wanted: str, origin: object, source: Source, *, key: bytes, rules: Intake
) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="regulars-") as folder:
        engine, place = ibis.duckdb.connect(), Path(folder) / "ids.parquet"
        engine.raw_sql("SET TimeZone = 'UTC'")

        def write(rows: ir.Table) -> int:
            engine.to_parquet(rows.select(written=source.columns[CUSTOMER]), str(place))
            return pq.read_metadata(place).num_rows

        sources.read(engine, origin, source, folder=Path(folder), write=write)
        ids = engine.read_parquet(str(place))
        same = ids.filter(named(ids.written, key=key, rules=rules) == wanted)
        found = same.written.strip().name("written").as_table().distinct().to_pyarrow()
        engine.disconnect()
    return found["written"].to_pylist()
