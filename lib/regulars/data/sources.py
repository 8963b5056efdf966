"""Sources: files and databases as they are, read as text, with the line each row stood on.

Nothing is typed here. A column arrives as the text that stood in the file, under the file's own
name for it; what it means is decided by the contract, in the engine, so that what does not parse
can be rejected with its line and its text.
"""

from collections.abc import Callable
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars.data.files import kind_of
from regulars.data.readers.columnar import read_parquet
from regulars.data.readers.database import read_query
from regulars.data.readers.delimited import read_text
from regulars.data.readers.excel import read_sheet
from regulars.data.readers.jsonlines import read_objects
from regulars.data.readers.model import LINE, Job, Origin, Read
from regulars.parameters import Source

__all__ = ["LINE", "Read", "read"]

READERS = {
    "csv": read_text,
    "excel": read_sheet,
    "parquet": read_parquet,
    "json lines": read_objects,
    "database": read_query,
}


def read(
    engine: ibis.BaseBackend,
    origin: Origin,
    source: Source,
    *,
    folder: Path,
    write: Callable[[ir.Table], int],
) -> Read:
    """Read one origin as text.

    Parameters
    ----------
    engine : ibis backend
        DuckDB; reading is the one thing not written in Ibis alone.
    origin : Origin
        The file or query; see `regulars.data.files.origins_of`.
    source : Source
        What its columns are called, and how it is written.
    folder : Path
        An empty folder of the caller's, who removes it afterwards; the result's `malformed` lies
        there.
    write : callable
        Gets the rows, a table of text columns under the names `header_of` gives and possibly the
        int64 column ``__line``; writes them in their order and returns how many. It may be called
        again with rows read more carefully, and the last call counts.

    Returns
    -------
    Read
        How many rows and lines there were, and the lines that were no rows.

    Raises
    ------
    DataError
        If the file is not what the source declares, or its lines do not add up.
    """
    return READERS[kind_of(origin, source)](Job(engine, origin, source, folder, write))
