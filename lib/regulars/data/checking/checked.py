"""Check: take everything in, in a folder of its own, and say what became of it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from regulars import paths
from regulars.data.checking.lines import lines_of
from regulars.data.checking.rejects import write_rejected
from regulars.data.files import origins_of
from regulars.data.intake.take_in import take_in
from regulars.data.store import Store
from regulars.errors import ParameterError, RefusedDeliveryError, RunError
from regulars.parameters import Parameters, read_parameters

__all__ = ["Checked", "check"]

REFUSED = 2


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Parameters
    ----------
    exit_code : int
        0, or 2 where the files were read and cannot be used.
    lines : list of str
        At most 30 lines, at most 100 wide: the account of every table, the reasons, the
        identifiers.
    refusal : str
        Why the files cannot be used; empty where they can.
    files : list of Path
        The files that rejected rows were written to.
    """

    exit_code: int
    lines: list[str]
    refusal: str = ""
    files: list[Path] = field(default_factory=list)


def check(
    path: Path, changes: Mapping[str, str] | None = None, *, rejected: Path | None = None
) -> Checked:
    """Take in what a parameter file names and say what became of it; the workbook stays as it is.

    Parameters
    ----------
    path : Path
        The parameter file.
    changes : mapping of str to str, optional
        Parameters, as text, in place of those in the file.
    rejected : Path, optional
        Where to write the rejected rows; see `regulars.data.checking.rejects.write_rejected`.

    Raises
    ------
    ParameterError, DataError
        If the parameters are wrong, or a file cannot be read at all.
    RunError
        If the same workbook is being checked already.
    LedgerError
        If rows or money were lost on the way.
    """
    parameters = read_parameters(path, changes=changes)
    if rejected is not None:
        _check_target(rejected, parameters)
    with _scratch(parameters.workbook) as store:
        ledger, refusal = _taken_in(store, parameters)
        written = [] if rejected is None else write_rejected(store, ledger, rejected)
    lines = lines_of(ledger, parameters.workbook)
    return Checked(REFUSED if refusal else 0, lines, refusal, written)


def _taken_in(store: Store, parameters: Parameters) -> tuple[Mapping, str]:
    told = {"as_of": parameters.as_of, "currency": parameters.currency, "rules": parameters.intake}
    try:
        return take_in(store, parameters.sources, **told), ""
    except RefusedDeliveryError as error:
        return error.ledger, str(error)


@contextmanager
def _scratch(workbook: str) -> Iterator[Store]:
    """Give a private store of its own, and remove it whatever happens.

    A check that was killed leaves its folder behind; the next one empties it first.
    """
    work = paths.work(workbook)
    work.mkdir(parents=True, exist_ok=True)
    folder = work / "check"
    try:
        with FileLock(work / ".checking", timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            store = Store(workbook, folder=folder)
            try:
                yield store
            finally:
                store.engine.disconnect()
                shutil.rmtree(folder, ignore_errors=True)
    except Timeout:
        raise RunError(f"{workbook} is being checked already. Wait for that to end.") from None
    finally:
        _leave_as_it_was(work)


def _leave_as_it_was(work: Path) -> None:
    """Remove the workbook's folder if there is nothing else in it."""
    if {one.name for one in work.iterdir()} <= {".checking"}:
        (work / ".checking").unlink(missing_ok=True)
        with suppress(OSError):  # another check has just begun
            work.rmdir()


def _check_target(rejected: Path, parameters: Parameters) -> None:
    folder = rejected.absolute().parent
    if not folder.is_dir():
        raise ParameterError(f"--rejected: expected a folder for {rejected.name}, found none.")
    inputs = {
        origin.path.resolve()
        for table, deliveries in parameters.sources.items()
        for source in deliveries
        for origin in origins_of(source, table=table)
        if origin.path
    }
    # Every name it may write to begins like this; see write_rejected.
    taken = [one for one in inputs if one.parent == folder.resolve()]
    stem = rejected.name.removesuffix(".csv")
    names = {f"{stem}.csv", *(f"{stem}_{table}.csv" for table in parameters.sources)}
    clash = sorted(one.name for one in taken if one.name in names)
    if clash:
        raise ParameterError(
            f"--rejected: {clash[0]} is one of the files that are taken in; it would be "
            "overwritten. Give another name."
        )
