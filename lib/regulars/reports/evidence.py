"""Evidence: whether a notebook is done, judged by what it left behind.

A notebook counts as done only if every code cell ran without error and its facts file carries this
run's id. An exit code alone proves nothing: a killed kernel, or ``sys.exit(0)`` in a cell, would
look like success.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import nbformat
from nbformat.reader import NotJSONError

from regulars import errors
from regulars.workbook import Notebook

__all__ = ["Job", "Outcome", "judge", "running_cell", "too_slow"]

OURS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.RegularsError)
}


@dataclass(frozen=True)
class Job:
    """One notebook to run: where it is, what it is told, and the folder that is its own."""

    notebook: Notebook
    source: Path
    parameters: dict
    folder: Path
    facts: Path
    run_id: str
    budget_seconds: int

    @property
    def kept_facts(self) -> Path:
        """Where a copy of the facts goes once the notebook is judged done."""
        return self.folder / "facts.json"

    @property
    def output(self) -> Path:
        """Where the executed notebook goes."""
        return self.folder / f"{self.notebook.name}.ipynb"


@dataclass(frozen=True)
class Outcome:
    """How a notebook ended. `reason` is fit for a page: it holds nothing from the data."""

    state: Literal["done", "failed", "waited in vain"]
    seconds: float = 0.0
    peak_mb: int = 0
    cell: int | None = None
    error: str = ""
    reason: str = ""
    exit_code: int = 0


def running_cell(job: Job) -> int | None:
    """Return the number of the cell that is being run, if one is."""
    return next((cell.number for cell in _code_cells(job.output) if cell.running), None)


def too_slow(job: Job, cell: int | None) -> Outcome:
    """Return the outcome of a notebook that was ended for taking too long, in some cell."""
    reason = f"It took longer than its budget of {job.budget_seconds} seconds."
    return _failed(cell, "TimeBudget", reason)


def judge(job: Job) -> Outcome:
    """Judge how a notebook ended by itself."""
    cells = _code_cells(job.output)
    for cell in cells:
        if cell.error:
            return _of_error(cell)
    unfinished = next((cell for cell in cells if not cell.ran), None)
    if unfinished or not cells:
        reason = "The kernel died, probably out of memory."
        return _failed(unfinished.number if unfinished else None, "DeadKernel", reason)
    if not job.facts.exists() or json.loads(job.facts.read_text())["run_id"] != job.run_id:
        return _failed(None, "NoFacts", "It ended without writing its facts for this run.")
    return Outcome("done")


def _failed(cell: int | None, error: str, reason: str, exit_code: int = 1) -> Outcome:
    return Outcome("failed", cell=cell, error=error, reason=reason, exit_code=exit_code)


def _of_error(cell: "_Cell") -> Outcome:
    kind = OURS.get(cell.error)
    if kind is None:
        # A foreign error's message may hold values of the data; only its class may be shown.
        return _failed(cell.number, cell.error, "The full error is in the run's private log.")
    return _failed(cell.number, cell.error, cell.message, kind.exit_code)


@dataclass(frozen=True)
class _Cell:
    number: int
    ran: bool
    running: bool
    error: str
    message: str


def _code_cells(path: Path) -> list[_Cell]:
    """Read the executed notebook's code cells, numbered as in the notebook one edits.

    A notebook that was being written when its writer died cannot be read, and has none.
    """
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (FileNotFoundError, NotJSONError):
        return []
    found, number = [], 0
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if "papermill-error-cell-tag" in tags or "injected-parameters" in tags:
            continue
        number += 1
        if cell.cell_type != "code":
            continue
        error = next((o for o in cell.outputs if o.output_type == "error"), None)
        status = cell.metadata.get("papermill", {}).get("status", "")
        # After a kernel has died, every later cell is saved as completed: only its reply counts.
        replied = "shell.execute_reply" in cell.metadata.get("execution", {})
        ran = status == "completed" and (replied or not cell.source.strip())
        name, message = (error.ename, error.evalue) if error else ("", "")
        found.append(_Cell(number, ran, status == "running", name, message))
    return found
