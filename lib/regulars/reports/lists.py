"""Lists: customers as CSV and XLSX for people who act, made only when asked for.

A list says what it is for, as of when, and until when it may be kept. It lies in the folder of the
pages of its day, and goes with them: a new run of that day takes it away.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import ibis.expr.types as ir
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from regulars import paths
from regulars.data.facts import read_facts
from regulars.data.people.behind import write_ids_behind
from regulars.data.people.pseudonyms import key_place
from regulars.data.store import Store, write_json
from regulars.errors import DataError, ParameterError, RunError
from regulars.parameters import Parameters, read_parameters
from regulars.reports.arms import with_arms
from regulars.reports.list_files import EXCEL_ROWS, write_csv, write_xlsx
from regulars.reports.listed import Wanted, customers_of, in_order, wanted

__all__ = ["RECORD", "BusyError", "Listed", "keep_until", "make_list"]

RECORD = "lists.json"
"""Beside the lists: which there are, and until when each may be kept."""

WRITER = "04_segments"
BATCH = 10_000
ENDINGS = {"csv": ("csv",), "xlsx": ("xlsx",), "both": ("csv", "xlsx")}


class BusyError(RunError):
    """The workbook is being run, so its results may be of two days."""

    exit_code = 75


@dataclass(frozen=True)
class Listed:
    """A list that was made: its files, how many customers it has, and what to know of it."""

    files: list[Path]
    customers: int
    notes: list[str] = field(default_factory=list)


def make_list(
    path: Path,
    *,
    changes: Mapping[str, str] | None = None,
    segment: str = "",
    tag: str = "",
    everybody: bool = False,
    ids: Literal["pseudonyms", "real"] = "pseudonyms",
    form: Literal["csv", "xlsx", "both"] = "both",
    hold_out: float = 0.0,
) -> Listed:
    """Write one list of customers from what the last run found.

    Parameters
    ----------
    path : Path
        The parameter file.
    changes : mapping of str to str, optional
        Parameters, as text, in place of those in the file.
    segment, tag, everybody : optional
        Which list; see `regulars.reports.listed.wanted`.
    ids : {"pseudonyms", "real"}
        Real ids are read from the raw files with the key; only the owner can read such files.
    form : {"csv", "xlsx", "both"}
        Which files.
    hold_out : float
        Share of the customers to leave alone (0 to below 1), so that what an action did can be
        told afterwards. A column ``arm`` then says treated or control. The lot is drawn by the
        pseudonym and the list's name: it is the same each time.

    Returns
    -------
    Listed

    Raises
    ------
    ParameterError
        If there is no such list.
    DataError
        If 04_segments has not run for that day, the list is longer than Excel's sheets and only
        XLSX is wanted, or an id is not found behind a pseudonym.
    BusyError
        While the workbook is being run.
    """
    if not 0 <= hold_out < 1:
        raise ParameterError(f"Expected --hold-out from 0 to below 1, found {hold_out}. Say .2.")
    parameters = read_parameters(path, changes=changes)
    _check_has_run(parameters)
    work = paths.work(parameters.workbook)
    try:
        with FileLock(work / ".running", timeout=0):
            store = Store(parameters.workbook, as_of=parameters.as_of)
            customers = customers_of(store)
            found = wanted(customers, parameters, segment=segment, tag=tag, everybody=everybody)
            if hold_out:
                found = with_arms(found, hold_out)
            with tempfile.TemporaryDirectory(prefix="list-", dir=work) as folder:
                made = _Maker(parameters, store, found, Path(folder), ids == "real", hold_out)
                return made.make(form)
    except Timeout:
        raise BusyError("this workbook is being run. Wait for that run to end.") from None


def keep_until(parameters: Parameters) -> dt.date:
    """Return the last day a list may be kept, counted from the day it reports on."""
    return parameters.as_of + dt.timedelta(days=parameters.lists.keep_days)


@dataclass(frozen=True)
class _Maker:
    parameters: Parameters
    store: Store
    found: Wanted
    folder: Path
    is_real: bool
    hold_out: float = 0.0

    def make(self, form: str) -> Listed:
        """Write the files and enter them in the record."""
        rows = self._rows()
        n, notes, endings = pq.read_metadata(rows).num_rows, [], list(ENDINGS[form])
        head = self._head(n)
        if "xlsx" in endings and n + len(head) + 2 > EXCEL_ROWS:
            notes.append(_too_long(n, form))
            endings.remove("xlsx")
        files = [self._write(rows, head, ending) for ending in endings]
        self._enter(files, n)
        return Listed(files, n, [*notes, *self._warnings()])

    def _rows(self) -> Path:
        """Write the list's rows in their order to a folder that only its owner can read."""
        customers, place = (
            in_order(self.found.customers, by=self.found.by),
            self.folder / "rows.parquet",
        )
        if self.is_real:
            customers = in_order(self._with_real_ids(customers), by=self.found.by)
        self.store.engine.to_parquet(customers, str(place))
        return place

    def _with_real_ids(self, customers: ir.Table) -> ir.Table:
        (self.folder / "ids").mkdir(mode=0o700)
        behind = write_ids_behind(self.parameters, self.folder / "ids")
        ids = self.store.engine.read_parquet(str(behind))
        joined = customers.left_join(ids, "customer_id").drop("customer_id_right")
        lost = int(joined.written.isnull().sum().to_pyarrow().as_py() or 0)
        if lost:
            raise DataError(
                f"No customer id was found behind {lost:,} pseudonyms with the key in "
                f"{key_place()}. Expected the key and the raw files of the run; run the workbook "
                "again, or bring them back. Nothing was written."
            )
        rest = [name for name in customers.columns if name != "customer_id"]
        named = joined.rename(pseudonym="customer_id", customer_id="written")
        return named.select("customer_id", "pseudonym", *rest)

    def _head(self, n: int) -> dict[str, str]:
        told = self.parameters
        real = "real customer ids, personal data: hand on to nobody"
        return {
            "List": self.found.title,
            "Purpose": told.lists.purpose,
            "Workbook": f"{told.workbook} ({told.title})",
            "As of": str(told.as_of),
            "Customers": str(n),
            "Keep until": f"{keep_until(told)}, then delete",
            "Ids": real if self.is_real else "pseudonyms",
            "Money": told.currency,
            **self._arms(),
        }

    def _arms(self) -> dict[str, str]:
        if not self.hold_out:
            return {}
        share = f"{100 * self.hold_out:g} %"
        return {"Control group": f"{share} by lot (arm control), to be left alone until it is told"}

    def _write(self, rows: Path, head: dict[str, str], ending: str) -> Path:
        place = self._downloads() / f"{self.found.name}{'-ids' * self.is_real}.{ending}"
        columns, mode = pq.read_schema(rows).names, 0o600 if self.is_real else 0o644
        write = write_csv if ending == "csv" else write_xlsx
        write(place, head, columns, _read(rows), mode=mode)
        return place

    def _downloads(self) -> Path:
        told = self.parameters
        place = paths.reports() / told.workbook / str(told.as_of) / "downloads"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def _enter(self, files: list[Path], n: int) -> None:
        place = self._downloads() / RECORD
        known = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
        until = str(keep_until(self.parameters))
        ids = "real" if self.is_real else "pseudonyms"
        about = {"customers": n, "ids": ids, "keep_until": until}
        about |= {"hold_out": self.hold_out} if self.hold_out else {}
        new = {one.name: about for one in files}
        write_json(place, dict(sorted({**known, **new}.items())))

    def _warnings(self) -> list[str]:
        if not self.is_real:
            return []
        return [
            "The files hold real customer ids, and only you can read them (mode 0600). Delete them "
            f"after {keep_until(self.parameters)}."
        ]


def _check_has_run(parameters: Parameters) -> None:
    place = paths.work(parameters.workbook) / "facts" / f"{WRITER}.json"
    ran = read_facts(place)["as_of"] if place.exists() else ""
    if ran != str(parameters.as_of):
        before = f"it last ran as of {ran}" if ran else "it has not run at all"
        raise DataError(
            f"Expected results of {WRITER} as of {parameters.as_of}; {before}. Do: regulars run "
            f"parameters/{parameters.workbook}.yaml --as-of {parameters.as_of}"
        )


def _too_long(n: int, form: str) -> str:
    sentence = f"Excel's sheets have {EXCEL_ROWS:,} rows, and the list has {n:,} customers"
    if form == "xlsx":
        raise DataError(f"{sentence}. Ask for a smaller list, or with --format csv.")
    return f"{sentence}, so it was written as CSV alone."


def _read(rows: Path) -> Iterator[tuple]:
    for batch in pq.ParquetFile(rows).iter_batches(BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
