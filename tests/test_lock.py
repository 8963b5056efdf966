"""The lock: one list of exact versions, which pip and conda both install from."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = [
    line
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
PINNED = [Requirement(line) for line in LINES]
HERE = [pin for pin in PINNED if pin.marker is None or pin.marker.evaluate()]
WANTED = [
    Requirement(text)
    for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"])
]
PYTHONS = ("3.11", "3.12", "3.13")


def name_of(requirement: Requirement) -> str:
    return canonicalize_name(requirement.name)


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def for_python(pins: list[Requirement], python: str) -> list[Requirement]:
    """Return the lines that count for a version of Python, on this machine otherwise."""
    told = {"python_version": python, "python_full_version": f"{python}.0"}
    return [pin for pin in pins if pin.marker is None or pin.marker.evaluate(told)]


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_a_name_and_one_exact_version(line: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[0-9][0-9a-z.!+]*( ; .+)?", line)
    assert "://" not in line
    assert "@" not in line


def test_the_lock_is_sorted() -> None:
    names = [name_of(pin) for pin in PINNED]
    assert names == sorted(names)


@pytest.mark.parametrize("python", PYTHONS)
def test_no_name_stands_twice_for_one_python(python: str) -> None:
    names = [name_of(pin) for pin in for_python(PINNED, python)]
    assert [name for name in set(names) if names.count(name) > 1] == []


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_what_we_depend_on_is_locked_at_a_version_that_fits(
    wanted: Requirement, python: str
) -> None:
    found = [pin for pin in for_python(PINNED, python) if name_of(pin) == name_of(wanted)]
    assert len(found) == 1
    (exact,) = found[0].specifier
    assert exact.operator == "=="
    assert Version(exact.version) in wanted.specifier


def test_extras_that_are_not_locked_name_one_version_and_nothing_of_the_lock() -> None:
    extras = {
        name: list(map(Requirement, wanted))
        for name, wanted in PROJECT["optional-dependencies"].items()
        if name != "test"
    }
    assert set(extras) == {"journey", "spark"}
    for wanted in extras.values():
        assert [one.operator for extra in wanted for one in extra.specifier] == ["=="] * len(wanted)
        assert not set(map(name_of, wanted)) & set(map(name_of, PINNED))


@pytest.mark.parametrize("pin", HERE, ids=str)
def test_what_is_installed_is_what_is_locked(pin: Requirement) -> None:
    (exact,) = pin.specifier
    assert version(pin.name) == exact.version


@pytest.mark.parametrize("name", sorted(set(map(name_of, PINNED)) - set(map(name_of, HERE))))
def test_what_is_for_other_machines_is_not_needed_here(name: str) -> None:
    """Lines whose marker is false here belong to other systems; nothing here may lean on them."""
    with pytest.raises(PackageNotFoundError):
        version(name)


def test_conda_gives_python_and_pip_and_pip_all_the_rest() -> None:
    assert set(environment()) == {"name", "channels", "dependencies"}
    python, *others = environment()["dependencies"]
    assert Requirement(python).name == "python"
    assert others == ["pip", {"pip": ["-r requirements.lock", "-e ."]}]
    assert environment()["name"] == PROJECT["name"]


def test_condas_python_is_one_the_package_allows() -> None:
    allowed = SpecifierSet(PROJECT["requires-python"])
    conda = Requirement(environment()["dependencies"][0]).specifier
    for minor in range(8, 20):
        python = f"3.{minor}.0"
        assert python not in conda or python in allowed, python
    assert [python for python in PYTHONS if f"{python}.0" in conda] == list(PYTHONS)
    lowest = min(one.version for one in allowed)
    assert f"{lowest}.0" in conda
