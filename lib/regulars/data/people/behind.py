"""Behind: the ids of all customers of a workbook, for whoever holds the raw files and the key.

As in `reveal`, nothing is stored that would lead back: the ids of the raw files are read again and
made pseudonyms again. The result lies in a folder of the caller's, who removes it.
"""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.data import sources
from regulars.data.files import origins_of
from regulars.data.people.customer_ids import apply_merges, merged_ids, normal_form
from regulars.data.people.pseudonyms import pseudonym, the_key
from regulars.data.readers.model import Origin
from regulars.parameters import Intake, Parameters, Source

__all__ = ["BETWEEN_IDS", "deliveries_with_ids", "named", "write_ids_behind"]

CUSTOMER = "customer_id"
BETWEEN_IDS = "; "
"""Stands between the ids of one customer, where the files write several."""


def write_ids_behind(parameters: Parameters, folder: Path) -> Path:
    """Write which ids stand behind each pseudonym of a workbook, and return the file.

    Parameters
    ----------
    parameters : Parameters
        The workbook whose raw files are read.
    folder : Path
        An empty folder that only its owner can read; it holds ids of customers afterwards.

    Returns
    -------
    Path
        Parquet, one row per customer: customer_id (the pseudonym), written (the ids as the files
        write them, sorted, joined by `BETWEEN_IDS`).
    """
    engine, key = ibis.duckdb.connect(temp_directory=str(folder)), the_key()
    engine.raw_sql("SET TimeZone = 'UTC'")
    places = [
        _write_ids(engine, origin, source, _private(folder / str(number)))
        for number, (origin, source) in zip(count(), deliveries_with_ids(parameters), strict=False)
    ]
    found = ibis.union(*(engine.read_parquet(str(place)) for place in places), distinct=True)
    pairs = found.mutate(customer_id=named(found.written, key=key, rules=parameters.intake))
    pairs = pairs.filter(pairs.customer_id.notnull())
    pairs = pairs.mutate(written=pairs.written.strip()).distinct()
    ids = pairs.written.group_concat(BETWEEN_IDS, order_by=pairs.written)
    place = folder / "behind.parquet"
    engine.to_parquet(pairs.group_by(CUSTOMER).agg(written=ids), str(place))
    engine.disconnect()
    return place


def deliveries_with_ids(parameters: Parameters) -> Iterator[tuple[Origin, Source]]:
    """Yield the deliveries that have customer ids; a file that tables share comes for each."""
    for table, deliveries in parameters.sources.items():
        for source in deliveries:
            if CUSTOMER in source.columns:
                yield from ((origin, source) for origin in origins_of(source, table=table))


def named(written: ir.StringValue, *, key: bytes, rules: Intake) -> ir.StringValue:
    """Return the pseudonyms of ids as the files write them, made as intake makes them."""
    ids = normal_form(written, rules.customer_ids)
    if rules.same_customers:
        ids = apply_merges(ids, merged_ids(rules.same_customers, how=rules.customer_ids))
    return pseudonym(ids, key)


def _write_ids(engine: ibis.BaseBackend, origin: Origin, source: Source, folder: Path) -> Path:
    place = folder.with_suffix(".parquet")

    def write(rows: ir.Table) -> int:
        ids = rows.select(written=rows[source.columns[CUSTOMER]])
        engine.to_parquet(ids, str(place))
        return engine.read_parquet(str(place)).count().to_pyarrow().as_py()

    sources.read(engine, origin, source, folder=folder, write=write)
    return place


def _private(folder: Path) -> Path:
    os.mkdir(folder, 0o700)  # noqa: PTH102 - the mode holds from the first instant
    return folder
