"""nbval compares strictly: one other digit in a stored output is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from regulars import paths

SURE = "29\u00a0% buy again within 90 days"


@pytest.mark.parametrize(("now", "passes"), [(SURE, True), (SURE.replace("29", "28"), False)])
def test_one_other_digit(cdnow_run: Path, tmp_path: Path, now: str, passes: bool) -> None:
    text = (cdnow_run / "notebooks" / "05_loyalty.ipynb").read_text(encoding="utf-8")
    assert SURE in text
    (tmp_path / "05_loyalty.ipynb").write_text(text.replace(SURE, now), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, paths.ROOT_VARIABLE: str(cdnow_run)}
    ended = subprocess.run(
        [*command, "05_loyalty.ipynb"], cwd=tmp_path, env=environment, capture_output=True
    )
    assert (ended.returncode == 0) == passes, ended.stdout.decode()[-2000:]


def test_plain_papermill_works_with_the_parameter_file(cdnow_run: Path, tmp_path: Path) -> None:
    """The notebook is the program: no runner of ours is needed to run it."""
    papermill = Path(sys.executable).with_name("papermill")
    out = tmp_path / "out.ipynb"
    subprocess.run(
        [papermill, cdnow_run / "notebooks" / "05_loyalty.ipynb", out, "-f",
         cdnow_run / "parameters" / "cdnow.yaml", "--no-progress-bar"],
        env={**os.environ, paths.ROOT_VARIABLE: str(cdnow_run)},
        check=True,
        capture_output=True,
    )  # fmt: skip
    assert SURE in out.read_text(encoding="utf-8")
