"""The store: the one place notebooks read from and write to.

Every table is a Parquet file in ``data/work/<workbook>/``; whoever reads gets an Ibis expression,
never rows. A file is written beside its place and then renamed, so that a reader sees the old file
or the new one and never half of either.
"""

import datetime as dt
import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from regulars import paths
from regulars.data.facts import Facts, read_facts
from regulars.errors import DataError
from regulars.workbook import NOTEBOOKS, OVERVIEW

__all__ = ["PREVIOUS", "Store", "replacing", "write_json", "write_text"]

MEMORY_VARIABLE, MEMORY = "REGULARS_MEMORY", "1GB"  # what the engine may take before it spills
PREVIOUS = "previous.json"  # the metrics of the report before, put there before notebooks start
INTAKE = "01_ingest"
WRITTEN_BY = {"accepted": INTAKE, "merged": INTAKE, "rejected": INTAKE, "clean": "02_clean"}


class Store:
    """The tables, facts and ledger of one workbook.

    Parameters
    ----------
    workbook : str
        The workbook's name; its folder is ``data/work/<workbook>``.
    as_of : str or date, optional
        The day a notebook is about to report on.
    folder : Path, optional
        Where its tables lie instead, for work that must not touch the workbook's own.

    Raises
    ------
    DataError
        If `as_of` is later than what intake was told: the days between are not there.
    """

    def __init__(
        self,
        workbook: str,
        *,
        as_of: str | dt.date | None = None,
        folder: Path | None = None,
    ) -> None:
        self.workbook = workbook
        self.folder = folder or paths.work(workbook)
        self.folder.mkdir(parents=True, exist_ok=True)
        # Notebooks run side by side, and two engines must never spill into one folder.
        spill = tempfile.TemporaryDirectory(prefix="spill-", dir=self.folder)
        weakref.finalize(self, spill.cleanup)
        self.engine = ibis.duckdb.connect(
            temp_directory=spill.name, memory_limit=os.environ.get(MEMORY_VARIABLE, MEMORY)
        )
        # Fixed, so that the machine's own zone can never move a day.
        self.engine.raw_sql("SET TimeZone = 'UTC'")
        if as_of is not None and str(as_of) > (taken := self.read_ledger()["as_of"]):
            raise DataError(
                f"as_of is {as_of}, but the files were taken in as of {taken}. "
                f"Run 01_ingest and 02_clean with as_of {as_of} first."
            )

    def read(self, name: str) -> ir.Table:
        """Return a table of the store, such as ``clean/purchases``, as an Ibis expression."""
        path = self.path(name)
        if not path.exists():
            writer = WRITTEN_BY.get(name.split("/")[0])
            first = f"Run notebooks/{writer}.ipynb first." if writer else "Nothing has written it."
            raise DataError(f"Expected the table {name} of {self.workbook}, found none. {first}")
        return self.engine.read_parquet(str(path))

    def read_present(self, part: str, names: Iterable[str]) -> dict[str, ir.Table]:
        """Return those tables of a part, such as ``clean``, that the workbook has, by name."""
        places = {name: self.path(f"{part}/{name}") for name in names}
        return {name: self.read(f"{part}/{name}") for name, at in places.items() if at.exists()}

    def write(self, name: str, table: ir.Table | pd.DataFrame) -> ir.Table:
        """Write a table to the store, in the order of its rows, and return it as read back."""
        path = self.path(name)
        with replacing(path) as beside:
            if isinstance(table, pd.DataFrame):
                table.to_parquet(beside, index=False)
            else:
                self.engine.to_parquet(table, str(beside))
        return self.read(name)

    def drop(self, name: str) -> None:
        """Remove a table that is not needed any more; one that is not there is no error."""
        self.path(name).unlink(missing_ok=True)

    def write_private(self, name: str, table: ir.Table) -> ir.Table:
        """Write a table that may tell who somebody is: only its owner can read it."""
        self.private(name.rsplit("/", 1)[0], keep=True)
        written = self.write(name, table)
        self.path(name).chmod(0o600)
        return written

    def begin_intake(self, tables: Iterable[str]) -> None:
        """Remove the last ledger, rows that a killed intake left, and tables no longer declared."""
        (self.folder / "ledger.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "staged", ignore_errors=True)
        kept = {f"{name}.parquet" for name in tables}
        for part in (part for part, writer in WRITTEN_BY.items() if writer == INTAKE):
            for path in (self.folder / part).glob("*.parquet"):
                if path.name not in kept:
                    path.unlink()

    def private(self, name: str, *, keep: bool = False) -> Path:
        """Return a folder that only its owner can read, emptied unless it is to be kept."""
        folder = self.folder / name
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return folder

    def write_facts(self, facts: Facts) -> None:
        """Write what a notebook found; see `regulars.data.facts`."""
        write_json(self.folder / "facts" / f"{facts.notebook}.json", facts.to_dict())

    def read_facts(self, *, as_of: str) -> dict[str, dict]:
        """Return what the notebooks 01 and on found for a day, by notebook, in their order."""
        names = sorted(notebook.name for notebook in NOTEBOOKS if notebook != OVERVIEW)
        places = {name: self.folder / "facts" / f"{name}.json" for name in names}
        found = {name: read_facts(path) for name, path in places.items() if path.exists()}
        return {name: facts for name, facts in found.items() if facts["as_of"] == as_of}

    def read_previous(self, *, as_of: str) -> dict | None:
        """Return ``metrics.json`` of the report before the one of a day; None where none is known.

        A run puts it into the store. Where notebooks are run one by one, the file may still be
        that of another day: then nothing is known of an earlier report.
        """
        path = self.folder / PREVIOUS
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found["report"] if found.get("for") == as_of else None

    def write_ledger(self, ledger: dict) -> None:
        """Write the ledger; see `regulars.data.ledger`."""
        write_json(self.folder / "ledger.json", ledger)

    def read_ledger(self) -> dict:
        """Return the ledger as intake or cleaning last wrote it."""
        path = self.folder / "ledger.json"
        if not path.exists():
            raise DataError("Expected a ledger, found none. Run notebooks/01_ingest.ipynb first.")
        return json.loads(path.read_text(encoding="utf-8"))

    def path(self, name: str) -> Path:
        """Return where a table of the store lies, making the folder if it is not there."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{name}.parquet"


def write_json(path: Path, value: dict) -> None:
    """Write JSON beside its place, then rename."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, sort_keys=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write text beside its place, flush it to disk, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        replacing(path) as beside,
        beside.open("w", encoding="utf-8", newline="\n") as file,
    ):
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name beside a file to write to; it takes the file's place if all went well.

    The name is this process's own, so that two processes never write to the same one.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
