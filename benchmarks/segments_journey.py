"""How long 03_customer_base and 04_segments of journey take side by side; `segments` prints it."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from regulars import paths
from regulars.parameters import read_parameters
from regulars.reports.declared import parameters_for
from regulars.reports.evidence import Job, Outcome
from regulars.reports.kernels import start
from regulars.workbook import NOTEBOOKS

REPOSITORY = Path(__file__).resolve().parents[1]
LIMIT = 30  # seconds, on two cores


def main() -> None:
    """Run both notebooks on a copy of the workbook, and print their table."""
    work = REPOSITORY / "data" / "work" / "journey"
    if not (work / "clean").exists():
        print("\nThe workbook journey has not been taken in; make journey does it.")
        return
    outcomes, seconds = run_on_copy(work)
    print("\n| notebook of journey | s | peak, MB |\n|---|--:|--:|")
    for name, one in outcomes.items():
        print(f"| {name} ({one.state}) | {one.seconds:.1f} | {one.peak_mb:,} |")
    print(f"| **both, side by side** | **{seconds:.1f}** | |")
    print(f"\n{'Under' if seconds < LIMIT else 'OVER'} the limit of {LIMIT} s.")


def run_on_copy(work: Path) -> tuple[dict[str, Outcome], float]:
    """Start both at once in a root of their own, and wait."""
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as folder:
        root = Path(folder)
        for part in ("notebooks", "parameters"):
            shutil.copytree(REPOSITORY / part, root / part)
        copy = root / "data" / "work" / "journey"
        shutil.copytree(work / "clean", copy / "clean")
        shutil.copy(work / "ledger.json", copy)
        os.environ[paths.ROOT_VARIABLE] = folder
        told, began = read_parameters(root / "parameters" / "journey.yaml"), time.monotonic()
        chosen = [one for one in NOTEBOOKS if one.name[:2] in ("03", "04")]
        running = {one.name: start(job_of(one, root, told)) for one in chosen}
        outcomes: dict[str, Outcome] = {}
        while len(outcomes) < len(running):
            time.sleep(0.05)
            for name, one in running.items():
                if name not in outcomes and one.finished():
                    outcomes[name] = one.outcome()
        return dict(sorted(outcomes.items())), time.monotonic() - began


def job_of(notebook, root: Path, told) -> Job:
    """Describe one notebook to the runner, which reports its seconds and its peak memory."""
    source = root / "notebooks" / f"{notebook.name}.ipynb"
    facts = paths.work("journey") / "facts" / f"{notebook.name}.json"
    declared = parameters_for(source, told)
    return Job(notebook, source, declared, root / notebook.name, facts, "benchmark", 600)


if __name__ == "__main__":
    main()
