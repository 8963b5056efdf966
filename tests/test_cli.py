"""The command: each error is one sentence with what to do, and no page is touched by it."""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from regulars import cli, paths
from regulars.data.samples import put_sample
from regulars.errors import DataError
from regulars.reports import batch
from regulars.reports.evidence import Outcome
from regulars.workbook import NOTEBOOKS

REPOSITORY = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("regulars")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file below a folder, with its bytes and when it was written."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def project(root: Path) -> Path:
    """The real notebooks and parameters, the sample, and a page of an earlier run."""
    for folder in ("notebooks", "parameters"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    put_sample("cdnow")
    page = root / "reports" / "cdnow" / "1998-05-31" / "00_overview.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>the last good page</p>")
    (root / "reports" / "index.html").write_text("<p>the index</p>")
    return root


@pytest.fixture
def changed(project: Path) -> Callable[[str, str], Path]:
    """Change one line of the CDNOW parameters; return the file."""

    def change(old: str, new: str) -> Path:
        place = project / "parameters" / "cdnow.yaml"
        text = place.read_text(encoding="utf-8")
        assert text.count(old) == 1
        place.write_text(text.replace(old, new), encoding="utf-8")
        return place

    return change


WRONG = {
    "a wrong column": (
        "amount: dollars",
        "amount: dollar",
        r"regulars: sources\.purchases\.columns: amount is said to be the column 'dollar', which "
        r"data/raw/cdnow/purchases\.csv does not have\. Did you mean dollars\? Its columns are: ",
    ),
    "a missing file": (
        "files: data/raw/cdnow/purchases.csv",
        "files: data/raw/cdnow/purchase.csv",
        r"regulars: sources\.purchases\.files: expected a file at data/raw/cdnow/purchase\.csv, "
        r"found none\. Did you mean purchases\.csv\? Put the file there, or correct the path",
    ),
    "a misspelt parameter": (
        "holdout_days: 273",
        "holdout_day: 273",
        r"regulars: cdnow\.yaml: unknown parameter 'holdout_day'\. Did you mean holdout_days\?",
    ),
    "a wrong kind": (
        "holdout_days: 273",
        "holdout_days: many",
        r"regulars: cdnow\.yaml: holdout_days is 'many'",
    ),
}


def assert_refused(stderr: str, stdout: str, *, code: int, message: str) -> None:
    assert code == 2, stderr
    assert re.match(message, stderr), stderr
    assert "Traceback" not in stdout + stderr
    assert stderr.count("\n") == 1
    assert stderr.rstrip("\n").endswith((".", "?"))


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_in_the_parameters_is_said_before_anything_runs(
    project: Path, changed: Callable, wrong: str
) -> None:
    old, new, message = WRONG[wrong]
    before = everything(project / "reports")
    ran = call("run", changed(old, new))
    assert_refused(ran.stderr, ran.stdout, code=ran.exit_code, message=message)
    assert ran.stdout == ""
    assert everything(project / "reports") == before
    assert not (project / "data" / "work").exists()


def test_a_missing_parameter_file(project: Path) -> None:
    before = everything(project / "reports")
    ran = call("run", project / "parameters" / "cdno.yaml")
    message = r"regulars: Expected a parameter file at .*cdno\.yaml, found none\. Did you mean cdnow\.yaml\?"
    assert_refused(ran.stderr, ran.stdout, code=ran.exit_code, message=message)
    assert everything(project / "reports") == before


def test_a_day_before_the_first_purchase(project: Path, changed: Callable) -> None:
    """This one only intake can see, so the real 01_ingest runs."""
    before = everything(project / "reports")
    ran = call("run", changed("as_of: 1998-06-30", "as_of: 1996-12-31"))
    message = (
        r"regulars: as_of is 1996-12-31, but all 6,919 rows of purchases lie after it; the newest "
        r"is of 1998-06-30\. Set as_of to the last day your files are complete for\."
    )
    assert_refused(ran.stderr, ran.stdout, code=ran.exit_code, message=message)
    assert "01_ingest: failed" in ran.stdout
    assert everything(project / "reports") == before


@pytest.mark.parametrize("wrong", ["a wrong column", "a misspelt parameter"])
def test_the_installed_command_says_the_same(project: Path, changed: Callable, wrong: str) -> None:
    old, new, message = WRONG[wrong]
    before = everything(project / "reports")
    ran = subprocess.run([COMMAND, "run", changed(old, new)], capture_output=True, text=True)
    assert_refused(ran.stderr, ran.stdout, code=ran.returncode, message=message)
    assert everything(project / "reports") == before


def test_the_installed_command_puts_the_sample(root: Path) -> None:
    ran = subprocess.run([COMMAND, "sample", "cdnow"], capture_output=True, text=True, check=True)
    assert ran.stdout == "The sample is in data/raw/cdnow/purchases.csv\n"
    assert ran.stderr == ""
    assert (root / "data/raw/cdnow/purchases.csv").exists()


def test_an_unknown_sample_names_those_there_are(root: Path) -> None:
    ran = call("sample", "cdnoww")
    assert ran.exit_code == 2
    assert "'cdnoww' is not" in ran.stderr
    assert "'cdnow'" in ran.stderr
    assert "Traceback" not in ran.output
    assert not (root / "data").exists()


def test_the_version_is_the_installed_one() -> None:
    ran = call("--version")
    assert ran.exit_code == 0
    assert version("regulars") in ran.stdout


@pytest.mark.parametrize("arguments", [["run"], ["runn", "x"], ["run", "a.yaml", "b.yaml"]])
def test_a_wrong_call_is_a_bad_parameter(arguments: list[str]) -> None:
    ran = call(*arguments)
    assert ran.exit_code == 2
    assert ran.stderr.startswith("Usage:")


@pytest.mark.parametrize("command", [[], ["run"], ["sample"], ["refresh"], ["lists"], ["prune"]])
def test_every_command_has_help(command: list[str]) -> None:
    ran = call(*command, "--help")
    assert ran.exit_code == 0
    assert "Usage:" in ran.stdout


def test_an_error_of_the_package_ends_with_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails() -> None:
        raise DataError("Expected a ledger, found none.")

    monkeypatch.setattr(cli, "refresh_notebooks", fails)
    ran = call("refresh")
    assert (ran.exit_code, ran.stderr) == (2, "regulars: Expected a ledger, found none.\n")


# --- what a run says --------------------------------------------------------------------------


def with_result(monkeypatch: pytest.MonkeyPatch, result: batch.Result) -> None:
    def run(path: Path, *, changes: dict, progress: batch.Progress) -> batch.Result:
        for name, outcome in result.outcomes.items():
            progress(name, "running", 0.0)
            progress(name, outcome.state, outcome.seconds)
        return result

    monkeypatch.setattr(batch, "run", run)


def test_a_good_run_says_where_to_look(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = paths.reports() / "shop" / "2024-03-31"
    outcomes = {"01_ingest": Outcome("done", seconds=1.24), "02_clean": Outcome("done", seconds=2)}
    with_result(monkeypatch, batch.Result(0, place, outcomes))
    ran = call("run", "shop.yaml")
    assert ran.exit_code == 0
    assert ran.stderr == ""
    # Plain lines, since nobody watches a table here.
    assert ran.stdout.splitlines() == [
        "01_ingest: running",
        "01_ingest: done (1.2 s)",
        "02_clean: running",
        "02_clean: done (2.0 s)",
        "Open reports/shop/2024-03-31/00_overview.html (all: reports/index.html)",
    ]


def test_a_failed_run_names_notebook_cell_and_reason(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = paths.reports() / "shop" / "failed"
    outcomes = {
        "01_ingest": Outcome("done"),
        "05_loyalty": Outcome("failed", reason="ValueError in the cell.", cell=3, exit_code=1),
        "00_overview": Outcome("waited in vain", reason="It needs 05_loyalty, which failed."),
    }
    with_result(monkeypatch, batch.Result(1, place, outcomes))
    ran = call("run", "shop.yaml")
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        "regulars: 05_loyalty, cell 3: ValueError in the cell.",
        "The last good pages are untouched. What failed: reports/shop/failed",
    ]


def test_the_second_of_two_runs_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with_result(monkeypatch, batch.Result(batch.ALREADY_RUNNING, None, {}))
    ran = call("run", "shop.yaml")
    assert ran.exit_code == 75
    assert ran.stderr == (
        "regulars: this workbook is already being run. Wait for that run to end.\n"
    )


def test_a_terminal_shows_a_table_of_all_notebooks() -> None:
    screen = io.StringIO()
    with cli._Progress(Console(file=screen, force_terminal=True, width=80)) as progress:
        progress("01_ingest", "running", 0.0)
        progress("01_ingest", "done", 1.24)
    last = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue()).split("notebook ")[-1]
    for notebook in NOTEBOOKS:
        assert notebook.name in last
    assert re.search(r"01_ingest +done +1\.2", last)
    assert re.search(r"06_churn +waiting *\n", last)


def test_without_a_terminal_there_are_no_control_codes(capsys: pytest.CaptureFixture) -> None:
    screen = io.StringIO()
    with cli._Progress(Console(file=screen, force_terminal=False)) as progress:
        progress("01_ingest", "running", 0.0)
        progress("01_ingest", "failed", 0.5)
    assert screen.getvalue() == ""
    assert capsys.readouterr().out == "01_ingest: running\n01_ingest: failed (0.5 s)\n"
