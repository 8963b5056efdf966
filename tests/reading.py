"""Reading: a file of purchases read by its reader, with every line it gave or could not use."""

from pathlib import Path

import ibis

from regulars.data.files import origins_of
from regulars.data.sources import LINE, read
from regulars.parameters import Source


def rows_of(
    folder: Path, asked: Source, *, blank: int = 0
) -> tuple[dict[int, dict], dict[int, tuple[str, str]]]:
    """Return the rows by line, and of what was rejected the reason and the text, by line.

    `blank` says how many of the file's lines are empty.
    """
    engine = ibis.duckdb.connect()
    (origin,) = origins_of(asked, table="purchases")
    kept: list[dict] = []

    def write(rows: ibis.Table) -> int:
        kept.extend(rows.to_pyarrow().to_pylist())
        return len(kept)

    told = read(engine, origin, asked, folder=folder, write=write)
    bad = (
        engine.read_parquet(str(told.malformed)).to_pyarrow().to_pylist() if told.malformed else []
    )
    assert told.rows + len(bad) + blank == told.lines
    return (
        {row.pop(LINE): row for row in kept},
        {line["source_line"]: (line["reason"], line["raw"]) for line in bad},
    )
