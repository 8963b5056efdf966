"""A project of its own for a test: data, work and reports below a temporary root."""

import shutil
from pathlib import Path

import pytest

from regulars import paths

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project root that the library takes for the real one."""
    monkeypatch.setenv(paths.ROOT_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def project(root: Path) -> Path:
    """A project root with the real notebooks and parameters, and no data."""
    for folder in ("notebooks", "parameters"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    return root
