"""Sources: files as they are, read as text, with the line each row stood on.

Nothing is typed here. A column arrives as the text that stood in the file, under our name for it;
what it means is decided by the contract, in the engine, so that what does not parse can be
rejected with its line and its text.
"""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars.data.files import CSV_ENDINGS, header_of, shown
from regulars.errors import DataError
from regulars.parameters import Source

__all__ = ["Lines", "fingerprint", "read_file"]

LONGEST_LINE = 1 << 20
ROW, LINE = "__row", "__line"  # our own columns beside a file's


@dataclass(frozen=True)
class Lines:
    """One file: its rows as text, and the lines that are no rows."""

    file: str
    rows: ir.Table
    malformed: pd.DataFrame


def read_file(engine: ibis.BaseBackend, path: Path, source: Source, *, staging: Path) -> Lines:
    """Read one file as text.

    Parameters
    ----------
    engine : ibis backend
        DuckDB; reading is the one thing not written in Ibis alone.
    path : Path
        The file.
    source : Source
        What its columns are called, and how it is written.
    staging : Path
        Where the rows are put aside as Parquet, so that the file is parsed once.

    Returns
    -------
    Lines
        `rows` has one text column for each mapped column, ``raw`` (the whole row as JSON) and
        ``source_line`` (int64, the header being line 1; for Parquet the row's number).
        `malformed` has ``source_line`` and ``raw`` of lines with too few or too many fields.
    """
    if path.suffix in CSV_ENDINGS:
        return _read_csv(engine, path, source, staging)
    return _read_parquet(engine, path, source)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "empty.csv"
    >>> path.touch()
    >>> fingerprint(path)[:8]
    'e3b0c442'
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_csv(engine: ibis.BaseBackend, path: Path, source: Source, staging: Path) -> Lines:
    header = header_of(path, source)
    scan = f"malformed_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    rows = engine.read_csv(
        str(path),
        auto_detect=False,
        header=True,
        delim=source.delimiter,
        quote='"',
        escape='"',
        columns=dict.fromkeys(header, "VARCHAR"),
        nullstr="",
        ignore_errors=True,
        store_rejects=True,
        rejects_scan=f"scan_of_{scan}",
        rejects_table=scan,
        max_line_size=LONGEST_LINE,
    )
    # One pass writes the rows aside; only then does the engine know which lines were malformed.
    try:
        engine.to_parquet(rows.mutate(**{ROW: ibis.row_number() + 1}), str(staging))
    except duckdb.InvalidInputException:
        raise DataError(
            f"{shown(path)} cannot be read as CSV: its line ends are mixed, or a quote is not "
            "closed. Save it anew with one kind of line end."
        ) from None
    rows = engine.read_parquet(str(staging))
    malformed = engine.raw_sql(
        f"SELECT line AS source_line, any_value(csv_line) AS raw FROM {scan} "  # noqa: S608
        "GROUP BY line ORDER BY line"
    ).df()
    rows, malformed = _number_lines(path, source, rows, malformed)
    return Lines(shown(path), _mapped(rows, source), malformed)


def _number_lines(
    path: Path, source: Source, rows: ir.Table, malformed: pd.DataFrame
) -> tuple[ir.Table, pd.DataFrame]:
    """Give each row the line it began on, and prove that no line of the file was passed over.

    Where the file has exactly one line for each row, the numbers follow from the order. Where it
    has blank lines, line ends inside quotes, or malformed lines, a second reader (Python's csv)
    numbers the records, and must find as many as the engine did.
    """
    found = rows.count().execute() + len(malformed)
    if malformed.empty and _count_lines(path) == found + 1:
        return rows.mutate(**{LINE: rows[ROW] + 1}), malformed
    records = _records(path, source)
    if len(records) != found:
        raise DataError(
            f"{shown(path)}: two readings of the file differ, {found:,} rows and "
            f"{len(records):,}. Look for an unclosed quote, or a wrong delimiter."
        )
    is_malformed = records.engine_line.isin(malformed.source_line)
    good = records.loc[~is_malformed, ["line"]].reset_index(drop=True)
    good = ibis.memtable(good.rename(columns={"line": LINE}).assign(**{ROW: good.index + 1}))
    numbered = rows.join(good, ROW).order_by(ROW)
    malformed = malformed.assign(source_line=records.loc[is_malformed, "line"].to_numpy())
    return numbered, malformed


def _records(path: Path, source: Source) -> pd.DataFrame:
    """Give each record of a file the line it began on, and the engine's own number for it.

    The engine counts blank lines, but not the lines inside a quoted field.
    """
    starts, engine_lines, blank, before = [], [], 0, 0
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=source.delimiter, strict=True)
        try:
            for record in reader:
                if record:
                    starts.append(before + 1)
                    engine_lines.append(len(starts) + blank)
                else:
                    blank += 1
                before = reader.line_num
        except csv.Error:
            raise DataError(
                f"{shown(path)}: a quote in line {before + 1} is not closed, or stands inside a "
                "field. The lines after it would be lost. Close it, or take it out."
            ) from None
    records = pd.DataFrame({"line": starts, "engine_line": engine_lines})
    return records.iloc[1:].reset_index(drop=True)


def _count_lines(path: Path) -> int:
    """Count a file's physical lines without parsing it."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")


def _read_parquet(engine: ibis.BaseBackend, path: Path, source: Source) -> Lines:
    rows = engine.read_parquet(str(path))
    _check_types(path, rows, source)
    rows = rows.mutate(**{LINE: ibis.row_number() + 1})
    nothing = pd.DataFrame({"source_line": pd.Series(dtype="int64"), "raw": pd.Series(dtype="str")})
    return Lines(shown(path), _mapped(rows, source), nothing)


def _check_types(path: Path, rows: ir.Table, source: Source) -> None:
    ids = {theirs for ours, theirs in source.columns.items() if ours.endswith("_id")}
    for name, kind in rows.schema().items():
        if kind.is_timestamp() and kind.timezone:
            raise DataError(
                f"{shown(path)}: the column {name!r} has the time zone {kind.timezone}. "
                "Expected local times without a zone; convert it before."
            )
        if kind.is_floating() and name in ids:
            raise DataError(
                f"{shown(path)}: the ids in the column {name!r} are floating-point numbers, which "
                "spoils them (42 becomes 42.0). Expected text or whole numbers; write it anew."
            )


def _mapped(rows: ir.Table, source: Source) -> ir.Table:
    """Keep the mapped columns under our names, all of them text, and the whole row as JSON."""
    theirs = [name for name in rows.columns if name not in (ROW, LINE)]
    raw = ibis.struct({name: rows[name].cast("string") for name in theirs})
    ours = {ours: rows[name].cast("string") for ours, name in source.columns.items()}
    return rows.select(**ours, raw=raw.cast("json").cast("string"), source_line=rows[LINE])
