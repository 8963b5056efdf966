"""How long the CDNOW workbook takes, notebook by notebook, and beside plain papermill.

Run it as ``.venv/bin/python benchmarks/run.py [rounds]``; it prints the table of the README.

Each round measures two things, one after the other, in temporary folders of their own:

- ``regulars run``: the seven notebooks in child processes, those that wait for nobody side by side,
  and then the pages, the metrics and the manifest. Seconds and peak memory of each notebook are
  those of its manifest: the child process with the kernel it started.
- plain papermill: the same notebooks with the same parameters, one after another, called from this
  process. It makes no pages and judges nothing, so it does less.

The total is wall-clock time, environment and sample already there. Shown is the median of the
rounds. Seconds belong to the machine; the ratio of the two totals is what to compare.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import papermill

from regulars import paths
from regulars.data.samples import put_sample
from regulars.parameters import read_parameters
from regulars.reports import batch
from regulars.reports.declared import parameters_for
from regulars.workbook import NOTEBOOKS

REPOSITORY = Path(__file__).resolve().parents[1]
PARAMETERS = "parameters/cdnow.yaml"


def main(rounds: int) -> None:
    """Measure some rounds and print the table."""
    measured = [(in_new_root(with_regulars), in_new_root(with_papermill)) for _ in range(rounds)]
    ours, papermills = zip(*measured, strict=True)
    print("| notebook | regulars run, s | peak, MB | plain papermill, s |")
    print("|---|--:|--:|--:|")
    for name in sorted(notebook.name for notebook in NOTEBOOKS):
        seconds, peak = median(ours, name, "seconds"), median(ours, name, "peak_mb")
        print(
            f"| {name} | {seconds:.1f} | {peak:.0f} | {median(papermills, name, 'seconds'):.1f} |"
        )
    total, plain = median(ours, "total", "seconds"), median(papermills, "total", "seconds")
    print(f"| **all, wall clock** | **{total:.1f}** | | **{plain:.1f}** |")
    print(f"\n{total / plain:.2f} of plain papermill's time; {os.cpu_count()} cores, ", end="")
    print(f"median of {rounds} rounds.")


def in_new_root(measure) -> dict[str, dict[str, float]]:
    """Measure in a temporary copy of the notebooks, the parameters and the sample."""
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as folder:
        os.environ[paths.ROOT_VARIABLE] = folder
        for part in ("notebooks", "parameters"):
            shutil.copytree(REPOSITORY / part, Path(folder) / part)
        put_sample("cdnow")
        began = time.perf_counter()
        found = measure(Path(folder))
        return {**found, "total": {"seconds": time.perf_counter() - began}}


def with_regulars(root: Path) -> dict[str, dict[str, float]]:
    """Run the workbook as the command does."""
    result = batch.run(root / PARAMETERS)
    if result.exit_code:
        sys.exit(f"The run ended with {result.exit_code}: {result.outcomes}")
    return json.loads((result.place / "manifest.json").read_text())["notebooks"]


def with_papermill(root: Path) -> dict[str, dict[str, float]]:
    """Run the same notebooks one after another with papermill alone."""
    told = read_parameters(root / PARAMETERS)
    found = {}
    for notebook in NOTEBOOKS:
        source = root / "notebooks" / f"{notebook.name}.ipynb"
        began = time.perf_counter()
        papermill.execute_notebook(
            source,
            root / source.name,
            parameters=parameters_for(source, told),
            kernel_name="python3",
            progress_bar=False,
        )
        found[notebook.name] = {"seconds": time.perf_counter() - began}
    return found


def median(rounds: tuple, name: str, what: str) -> float:
    """Return the median over the rounds of one number of one notebook."""
    return statistics.median(one[name][what] for one in rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
