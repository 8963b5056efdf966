"""Batch: run a workbook's notebooks with one set of parameters, and publish what is done.

Notebooks that wait for nobody run side by side. Pages are made at the end, from notebooks that are
done, and the whole dated folder is put in place at once: a failed run leaves the last good pages.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from regulars import __version__, paths
from regulars.data.files import check_source, fingerprint, origins_of
from regulars.data.people.pseudonyms import the_key
from regulars.errors import RunError
from regulars.parameters import Parameters, read_parameters
from regulars.reports import publish, records
from regulars.reports.declared import parameters_for
from regulars.reports.evidence import Job, Outcome
from regulars.reports.kernels import Running, start
from regulars.reports.records import About
from regulars.workbook import NOTEBOOKS, Notebook

__all__ = ["ALREADY_RUNNING", "Result", "run", "run_id_of"]

ALREADY_RUNNING = 75
PACKAGES = ("ibis-framework", "duckdb", "pandas", "numpy", "lifetimes", "lifelines", "matplotlib")
SECONDS_BETWEEN_LOOKS = 0.05

Progress = Callable[[str, str, float], None]
"""Told a notebook's name, its state and its seconds, whenever a state changes."""


@dataclass(frozen=True)
class Result:
    """How a run ended: the exit code, where to look, and how each notebook ended."""

    exit_code: int
    place: Path | None
    outcomes: dict[str, Outcome]


def run(
    path: Path,
    *,
    changes: Mapping[str, str] | None = None,
    progress: Progress = lambda *_: None,
) -> Result:
    """Run the workbook of a parameter file and publish its pages.

    Parameters
    ----------
    path : Path
        The parameter file.
    changes : mapping of str to str, optional
        Parameters, as text, in place of those in the file.
    progress : callable, optional
        Called with notebook, state and seconds whenever a notebook starts or ends.

    Returns
    -------
    Result
        Exit code 0: every page was made. 1: a notebook failed. 2: its data cannot be read. 75:
        the same workbook is being run already.

    Raises
    ------
    ParameterError, DataError
        Before anything runs, if the parameters or the files cannot be used.
    """
    parameters = read_parameters(path, changes=changes)
    for table, deliveries in parameters.sources.items():
        for source in deliveries:
            check_source(source, table=table)
    if parameters.intake.pseudonymise:
        the_key()  # one that is too short is found out before a kernel starts
    told = {n.name: parameters_for(_source(n), parameters) for n in NOTEBOOKS}
    work = paths.work(parameters.workbook)
    work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(work / ".running", timeout=0):
            return _run_locked(parameters, told, progress)
    except Timeout:
        return Result(ALREADY_RUNNING, None, {})


def run_id_of(parameters: Parameters) -> str:
    """Return the id of a run: a hash of all that decides what its pages say.

    Parameters, input files, notebooks, library and package versions go in; no clock does. So the
    same input gives the same id, and the same bytes.
    """
    library = Path(__file__).parents[1]
    inputs = [
        fingerprint(origin, source)
        for table, deliveries in parameters.sources.items()
        for source in deliveries
        for origin in origins_of(source, table=table)
    ]
    code = [
        *(_source(notebook) for notebook in NOTEBOOKS),
        *sorted(p for p in library.rglob("*") if p.is_file() and "__pycache__" not in p.parts),
    ]
    hashes = [*inputs, *map(_sha256, code)]
    parts = [parameters.model_dump_json(), json.dumps(_versions()), *hashes]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _run_locked(parameters: Parameters, told: dict, progress: Progress) -> Result:
    try:
        return _run_alone(parameters, told, progress)
    except OSError as error:
        raise RunError(
            f"The run could not go on ({error.strerror}). Expected writable folders data/work and "
            "reports with room in them. The last good pages are untouched."
        ) from None


def _run_alone(parameters: Parameters, told: dict, progress: Progress) -> Result:
    run_id = run_id_of(parameters)
    about = About(parameters, run_id, _versions())
    publish.recover(about.place)
    records.put_previous(about)
    folder = paths.work(parameters.workbook) / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    jobs = {n.name: _job(n, told[n.name], folder, run_id, parameters) for n in NOTEBOOKS}
    outcomes = _run_jobs(jobs, progress)
    worst = max((outcome.exit_code for outcome in outcomes.values()), default=0)
    if worst == 2:
        return Result(2, None, outcomes)
    place = publish.publish(about, jobs, outcomes)
    return Result(worst, place, outcomes)


def _job(notebook: Notebook, told: dict, folder: Path, run_id: str, parameters: Parameters) -> Job:
    facts = paths.work(parameters.workbook) / "facts" / f"{notebook.name}.json"
    return Job(
        notebook,
        _source(notebook),
        told,
        folder / notebook.name,
        facts,
        run_id,
        parameters.notebook_seconds,
    )


def _run_jobs(jobs: dict[str, Job], progress: Progress) -> dict[str, Outcome]:
    """Run the jobs as their order allows, as many at once as there are cores."""
    waiting, running, outcomes = dict(jobs), {}, {}
    try:
        while waiting or running:
            _give_up(waiting, outcomes, progress)
            _start_ready(waiting, running, outcomes, progress)
            for name in [name for name, one in running.items() if one.finished()]:
                outcomes[name] = running.pop(name).outcome()
                progress(name, outcomes[name].state, outcomes[name].seconds)
            time.sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        for one in running.values():
            one.end()
    return outcomes


def _give_up(waiting: dict[str, Job], outcomes: dict[str, Outcome], progress: Progress) -> None:
    for name, job in list(waiting.items()):
        failed = [n for n in job.notebook.after if n in outcomes and outcomes[n].state != "done"]
        if failed:
            del waiting[name]
            outcomes[name] = Outcome(
                "waited in vain", reason=f"It needs {failed[0]}, which failed."
            )
            progress(name, outcomes[name].state, 0.0)


def _start_ready(
    waiting: dict[str, Job],
    running: dict[str, Running],
    outcomes: dict[str, Outcome],
    progress: Progress,
) -> None:
    for name, job in list(waiting.items()):
        if len(running) < (os.cpu_count() or 1) and set(job.notebook.after) <= set(outcomes):
            running[name] = start(waiting.pop(name))
            progress(name, "running", 0.0)


def _source(notebook: Notebook) -> Path:
    return paths.notebooks() / f"{notebook.name}.ipynb"


def _versions() -> dict[str, str]:
    python = ".".join(map(str, sys.version_info[:3]))
    return {"regulars": __version__, "python": python, **{p: version(p) for p in PACKAGES}}
