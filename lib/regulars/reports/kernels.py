"""Kernels: one notebook in one child process with a private folder and a time budget."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import papermill
import psutil
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from regulars.data.store import write_json
from regulars.paths import RUN_ID_VARIABLE
from regulars.reports.evidence import Job, Outcome, judge, running_cell, too_slow

__all__ = ["Running", "private_kernel", "start"]

GRACE_SECONDS = 5
SECONDS_BETWEEN_LOOKS = 0.5


def private_kernel(folder: str) -> type[AsyncKernelManager]:
    """Return a kernel that talks over sockets in a folder only this user may open, not over TCP.

    The folder's path must be short: the system allows a socket's name about a hundred characters.
    """

    class PrivateKernel(AsyncKernelManager):
        def __init__(self, **options: object) -> None:
            super().__init__(transport="ipc", ip=f"{folder}/kernel", **options)

    return PrivateKernel


@dataclass
class Running:
    """A notebook that is being run by a child process."""

    job: Job
    process: subprocess.Popen
    sockets: tempfile.TemporaryDirectory
    started: float
    overdue: bool = False
    stopped_in: int | None = None

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started

    def finished(self) -> bool:
        """Look whether it has ended; past its budget, interrupt it and then end it."""
        if self.process.poll() is not None:
            return True
        if self.seconds > self.job.budget_seconds + GRACE_SECONDS:
            self.end()
        elif self.seconds > self.job.budget_seconds and not self.overdue:
            self.overdue = True
            self.stopped_in = running_cell(self.job)
            self.process.send_signal(signal.SIGINT)
        return self.process.poll() is not None

    def end(self) -> None:
        """End the child and everything it started."""
        self.overdue = True
        _kill_children_of(self.process.pid)
        self.process.kill()
        self.process.wait()

    def outcome(self) -> Outcome:
        """Judge how it ended, by the executed notebook and the facts it left."""
        self.sockets.cleanup()
        found = too_slow(self.job, self.stopped_in) if self.overdue else judge(self.job)
        if found.state == "done":
            # Pages are made from this copy: whoever works in the store now cannot change them.
            shutil.copyfile(self.job.facts, self.job.kept_facts)
        usage = self.job.folder / "usage.json"
        peak = json.loads(usage.read_text())["peak_mb"] if usage.exists() else 0
        return replace(found, seconds=round(self.seconds, 1), peak_mb=peak)


def start(job: Job) -> Running:
    """Start a notebook in a child process of its own."""
    job.folder.mkdir(parents=True, mode=0o700)
    job.facts.unlink(missing_ok=True)
    sockets = tempfile.TemporaryDirectory(prefix="regulars-", ignore_cleanup_errors=True)
    order = job.folder / "order.json"
    order.write_text(
        json.dumps(
            {
                "source": str(job.source),
                "output": str(job.output),
                "folder": str(job.folder),
                "sockets": sockets.name,
                "runner": os.getpid(),
                "parameters": job.parameters,
            }
        )
    )
    environment = {**os.environ, RUN_ID_VARIABLE: job.run_id, "REGULARS_FIGURES": "svg"}
    with (job.folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "regulars.reports.kernels", str(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    return Running(job, process, sockets, time.monotonic())


def _kill_children_of(pid: int) -> None:
    try:
        family = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()


def _end_with(parent: int) -> None:
    """End this process and its kernel when the runner is gone, even if it was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        _kill_children_of(os.getpid())
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run(order: dict) -> int:
    """Run one notebook in this process; the parent judges the result."""
    _end_with(order["runner"])
    try:
        papermill.execute_notebook(
            order["source"],
            order["output"],
            parameters=order["parameters"],
            cwd=order["folder"],
            kernel_name="python3",
            language="python",
            kernel_manager_class=private_kernel(order["sockets"]),
            progress_bar=False,
            log_output=False,
        )
    except (PapermillExecutionError, DeadKernelError, KeyboardInterrupt) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # bytes there, kilobytes elsewhere
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // unit
        write_json(Path(order["folder"]) / "usage.json", {"peak_mb": peak})
    return 0


if __name__ == "__main__":
    sys.exit(_run(json.loads(Path(sys.argv[1]).read_text())))
