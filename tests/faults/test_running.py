"""What can go wrong while notebooks run, and that the last good pages survive it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from regulars import paths
from regulars.errors import ParameterError, RunError
from regulars.reports import batch

Rewrite = Callable[..., None]
Snapshot = Callable[[Path], dict[str, bytes]]


def run(shop: Path) -> batch.Result:
    return batch.run(shop / "shop.yaml")


def test_a_good_run_publishes_pages_and_an_index(shop: Path) -> None:
    result = run(shop)
    assert result.exit_code == 0
    assert sorted(p.name for p in result.place.glob("*.html"))[0] == "00_overview.html"
    assert (shop / "reports" / "index.html").exists()


def test_the_same_input_gives_the_same_bytes(shop: Path, snapshot: Snapshot) -> None:
    place = run(shop).place
    first = snapshot(place)
    assert run(shop).place == place
    second = snapshot(place)
    for pages in (first, second):
        pages.pop("manifest.json")  # it holds the seconds
    assert first == second


def test_a_cell_that_raises(shop: Path, rewrite: Rewrite, snapshot: Snapshot) -> None:
    good = snapshot(run(shop).place)
    rewrite("05_loyalty", "x = 1", "raise KeyError('Planted Name')", "x = 2")
    result = run(shop)
    assert result.exit_code == 1
    assert result.outcomes["05_loyalty"].cell == 4  # title, parameters, x = 1, this
    assert snapshot(shop / "reports" / "shop" / "2024-03-31") == good
    page = (result.place / "05_loyalty.html").read_text()
    assert "cell 4" in page
    assert "KeyError" in page
    assert "Planted Name" not in page
    assert "Traceback" not in page


def test_what_needs_a_failed_notebook_is_not_run(shop: Path, rewrite: Rewrite) -> None:
    rewrite("05_loyalty", "raise ValueError")
    outcomes = run(shop).outcomes
    states = {name: outcome.state for name, outcome in outcomes.items()}
    assert states == {
        "01_ingest": "done",
        "05_loyalty": "failed",
        "00_overview": "waited in vain",
    }


def test_the_next_good_run_takes_the_failed_folder_away(shop: Path, rewrite: Rewrite) -> None:
    rewrite("05_loyalty", "raise ValueError")
    failed = run(shop).place
    assert failed.name == "2024-03-31.failed"
    assert "failed" in (shop / "reports" / "index.html").read_text()
    rewrite("05_loyalty")
    run(shop)
    assert not failed.exists()


def test_an_error_of_ours_in_a_cell_keeps_its_message_and_exit_code(
    shop: Path, rewrite: Rewrite
) -> None:
    rewrite("01_ingest", "from regulars.errors import DataError\nraise DataError('No file x.')")
    result = run(shop)
    assert result.exit_code == 2
    assert result.place is None, "bad data touches no page"
    assert result.outcomes["01_ingest"].reason == "No file x."


@pytest.mark.parametrize(
    ("cell", "error", "reason"),
    [
        ("import os\nos._exit(0)", "DeadKernel", "The kernel died, probably out of memory."),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "DeadKernel", "kernel died"),
        ("import sys\nsys.exit(0)", "SystemExit", "private log"),
    ],
    ids=["exit", "kill", "sys.exit"],
)
def test_what_looks_like_success_and_is_none(
    shop: Path, rewrite: Rewrite, cell: str, error: str, reason: str
) -> None:
    rewrite("05_loyalty", cell, "x = 1")
    outcome = run(shop).outcomes["05_loyalty"]
    assert outcome.state == "failed"
    assert outcome.error == error
    assert reason in outcome.reason
    assert outcome.cell == 3


def test_a_notebook_without_facts_is_not_done(shop: Path, rewrite: Rewrite) -> None:
    run(shop)  # leaves facts of an earlier run behind
    source = shop / "notebooks" / "05_loyalty.ipynb"
    notebook = json.loads(source.read_text())
    notebook["cells"] = notebook["cells"][:-1]
    source.write_text(json.dumps(notebook))
    outcome = run(shop).outcomes["05_loyalty"]
    assert (outcome.state, outcome.error) == ("failed", "NoFacts")


@pytest.mark.parametrize(
    "cell",
    [
        "while True:\n    pass",
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        continue",
    ],
    ids=["never ends", "swallows interrupts"],
)
def test_a_cell_that_never_ends(shop: Path, rewrite: Rewrite, cell: str) -> None:
    text = (shop / "shop.yaml").read_text().replace("seconds: 60", "seconds: 5")
    (shop / "shop.yaml").write_text(text)
    rewrite("01_ingest", cell)
    began = time.monotonic()
    outcome = run(shop).outcomes["01_ingest"]
    assert time.monotonic() - began < 25
    assert outcome.error == "TimeBudget"
    assert outcome.cell == 3
    assert "budget of 5 seconds" in outcome.reason
    assert _our_processes() == []


def _our_processes() -> list[str]:
    time.sleep(0.5)
    children = psutil.Process().children(recursive=True)
    lines = [" ".join(child.cmdline()) for child in children if child.status() != "zombie"]
    return [line for line in lines if "ipykernel" in line or "regulars.reports" in line]


def test_the_same_run_twice_at_once(shop: Path) -> None:
    work = paths.work("shop")
    work.mkdir(parents=True)
    with FileLock(work / ".running"):
        assert run(shop).exit_code == batch.ALREADY_RUNNING


def test_reports_that_cannot_be_written(shop: Path, snapshot: Snapshot) -> None:
    (shop / "reports").mkdir()
    (shop / "reports" / "shop").write_text("a file where a folder should be")
    before = snapshot(shop / "reports")
    with pytest.raises(RunError, match="could not be written .* last good pages are untouched"):
        run(shop)
    assert snapshot(shop / "reports") == before


def test_a_swap_that_fails_halfway(
    shop: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = run(shop).place
    before = snapshot(place)
    replace = os.replace

    def full(source: Path, target: Path) -> None:
        if Path(source).name.endswith(".new"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match="No space left on device"):
        run(shop)
    assert snapshot(place) == before


def test_a_runner_killed_between_two_renames_is_mended_by_the_next(shop: Path) -> None:
    place = run(shop).place
    place.rename(place.with_name(".2024-03-31.old"))
    (shop / "notebooks" / "05_loyalty.ipynb").write_text(
        (shop / "notebooks" / "05_loyalty.ipynb").read_text().replace("It ran.", "It did.")
    )
    text = (shop / "shop.yaml").read_text().replace("seconds: 60", "seconds: 1")
    (shop / "shop.yaml").write_text(text)
    run(shop)
    assert place.exists(), "the last good pages are back although this run failed"


def test_a_killed_runner_leaves_no_lock_and_no_process(shop: Path, rewrite: Rewrite) -> None:
    rewrite("01_ingest", "import time\ntime.sleep(60)")
    script = f"from regulars.reports import batch; batch.NOTEBOOKS = batch.NOTEBOOKS[:1]; batch.run(__import__('pathlib').Path({str(shop / 'shop.yaml')!r}))"
    command = [sys.executable, "-c", script]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    notebook = paths.work("shop") / "run" / "01_ingest"
    while not (notebook / "01_ingest.ipynb").exists():
        time.sleep(0.05)
        assert process.poll() is None
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    rewrite("01_ingest")
    assert run(shop).exit_code == 0


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('workbok: str = "shop"  # name', "declares 'workbok', .* Did you mean workbook?"),
        ('as_of: str = "yesterday"  # day', "the default of as_of does not fit the schema"),
        ('workbook = "shop"  # name', "expected 'name: type = value  # meaning'"),
        ('workbook: str = "shop"', "parameter workbook has no comment"),
        ("holdout_days: int = 7 * 39  # days", "must be a plain literal"),
    ],
)
def test_a_notebook_whose_parameters_do_not_fit(shop: Path, cell: str, message: str) -> None:
    source = shop / "notebooks" / "05_loyalty.ipynb"
    notebook = json.loads(source.read_text())
    notebook["cells"][1]["source"] = cell
    source.write_text(json.dumps(notebook))
    with pytest.raises(ParameterError, match=message):
        run(shop)
    assert not (paths.work("shop") / "run").exists(), "nothing has run"


def test_kernels_talk_over_private_sockets(shop: Path, rewrite: Rewrite) -> None:
    """No channel of the kernel is a TCP port, and nobody else may enter the run's folders.

    One loopback port remains, in which ipykernel collects the output of forked processes; it has
    no setting for it. See docs/decisions/0006.
    """
    rewrite(
        "01_ingest",
        "import json, psutil\n"
        "from ipykernel.connect import get_connection_file\n"
        "from pathlib import Path\n"
        "connection = json.loads(Path(get_connection_file()).read_text())\n"
        "assert connection['transport'] == 'ipc', connection['transport']\n"
        "folder = Path(connection['ip']).parent\n"
        "assert folder.stat().st_mode & 0o777 == 0o700\n"
        "found = psutil.Process().net_connections() + psutil.Process().parent().net_connections()\n"
        "ports = [one for one in found if one.status == 'LISTEN']\n"
        "assert len(ports) <= 1 and all(one.laddr.ip == '127.0.0.1' for one in ports), ports",
    )
    assert run(shop).exit_code == 0
    assert (paths.work("shop") / "run").stat().st_mode & 0o777 == 0o700
    assert (paths.work("shop") / "run" / "01_ingest").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_machine_s_time_zone_changes_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """Day and month of a timestamp near midnight, read and cut in the engine."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    script = (
        "import datetime as dt\n"
        "from regulars.data.store import Store\n"
        "from regulars.data.intake.take_in import take_in\n"
        "from regulars.data.cleaning import clean_tables\n"
        "from regulars.parameters import Cleaning\n"
        "columns = dict(customer_id='who', ordered_at='when', amount='paid')\n"
        "source = dict(files='data/raw/shop/purchases.csv', columns=columns)\n"
        "take_in(Store('shop'), dict(purchases=source), as_of='2024-03-31')\n"
        "clean = clean_tables(Store('shop'), Cleaning(), '2024-03-31').purchases\n"
        "clean = clean.order_by('source_line').execute()\n"
        "print(*clean.day.astype(str))"
    )
    lines = (
        "who,when,paid\n1,2024-01-31 23:59:59,1\n1,2024-02-01 00:00:00,1\n1,2024-03-31 02:30,1\n"
    )
    (shop / "data" / "raw" / "shop" / "purchases.csv").write_text(lines)
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=os.environ, check=True
    )
    assert told.stdout.split() == ["2024-01-31", "2024-02-01", "2024-03-31"]
    monkeypatch.undo()
    time.tzset()


def test_a_notebook_torn_while_it_was_written_counts_as_dead(shop: Path, rewrite: Rewrite) -> None:
    rewrite(
        "05_loyalty",
        "import os, pathlib\n"
        "pathlib.Path('05_loyalty.ipynb').write_text('{\"cells\": [{\"cell')\n"
        "import psutil\n"
        "psutil.Process().parent().kill()\nos._exit(1)",
    )
    outcome = run(shop).outcomes["05_loyalty"]
    assert (outcome.state, outcome.error) == ("failed", "DeadKernel")
