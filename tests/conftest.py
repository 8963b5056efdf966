"""A project of its own for a test: data, work and reports below a temporary root."""

import shutil
from pathlib import Path

import pytest

from regulars import paths
from regulars.data.people.pseudonyms import KEY_VARIABLE
from regulars.data.samples import put_sample
from regulars.reports import batch

KEY = "a key for tests only"
REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project root that the library takes for the real one."""
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(tmp_path))
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    return tmp_path


@pytest.fixture(scope="session")
def cdnow_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project root in which the whole CDNOW workbook has been run once, as `make reports` does.

    Tests only read it.
    """
    root = tmp_path_factory.mktemp("cdnow")
    copy_project(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.ROOT_VARIABLE, str(root))
        patch.setenv(KEY_VARIABLE, KEY)
        put_sample("cdnow")
        result = batch.run(root / "parameters" / "cdnow.yaml")
    assert result.exit_code == 0, result.outcomes
    return root


def copy_project(root: Path) -> None:
    """Copy the notebooks and parameters of this repository to another root."""
    for folder in ("notebooks", "parameters"):
        shutil.copytree(REPOSITORY / folder, root / folder)
