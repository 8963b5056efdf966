"""The README and the other documents say what is so: commands run, files exist, nothing leaks."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from regulars.parameters import validate

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
# Made at run time, or named as an example of what a reader makes.
NOT_IN_A_CHECKOUT = (
    "data/work/",
    "data/raw/",
    "reports/",
    "parameters/myshop",
    "parameters/messy",
    ".venv/",
    "/var/",
)
OWN_DATA = ("regulars init", "regulars check")
LISTS = ("regulars lists", "regulars prune")
PACKAGE_HOSTS = r"pypi\.org|pythonhosted|anaconda\.(?:org|com)|conda\.io|npmjs|registry\."


def documents() -> list[Path]:
    places = ("*.md", "docs/**/*.md", "data/raw/README.md", "reports/README.md")
    return sorted(path for place in places for path in REPOSITORY.glob(place))


def commands() -> list[str]:
    """Each line of a fenced block of shell in the README."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", README, flags=re.M | re.S)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def paths_in(text: str) -> set[str]:
    """What stands in backticks, or behind a link, and looks like a path of the repository."""
    quoted = re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:md|toml|lock|yml|yaml|py))`", text)
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text)
    return {path for path in [*quoted, *linked] if not path.startswith(NOT_IN_A_CHECKOUT)}


@pytest.fixture
def copy(tmp_path: Path, cdnow_run: Path) -> Path:
    """A copy of the project in which CDNOW has been run, and that a command may change."""
    shutil.copytree(cdnow_run, tmp_path / "project")
    return tmp_path / "project"


def run(command: str, root: Path) -> subprocess.CompletedProcess:
    first, *rest = shlex.split(command)
    environment = {**os.environ, "REGULARS_ROOT": str(root)}
    return subprocess.run(
        [str(BIN / Path(first).name), *rest],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_readme_has_commands() -> None:
    assert {"make reports", "make test", "make lab"} <= set(commands())


@pytest.mark.parametrize("command", [c for c in commands() if c.startswith("make ")])
def test_make_targets_exist(command: str) -> None:
    # Asked of the Makefile as well: make is content with a target that is a folder, such as tests.
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (REPOSITORY / "Makefile").read_text(), flags=re.M)
    assert set(shlex.split(command)[1:]) <= set(phony.split())
    dry = ["make", "-n", *shlex.split(command)[1:]]
    assert subprocess.run(dry, cwd=REPOSITORY, capture_output=True).returncode == 0


@pytest.mark.parametrize("command", [c for c in commands() if "regulars sample" in c])
def test_sample_commands_run(command: str, root: Path) -> None:
    found = run(command, root)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("command", [c for c in commands() if "regulars run" in c])
def test_run_commands_are_the_one_the_fixture_ran(command: str, cdnow_run: Path) -> None:
    """`cdnow_run` has run CDNOW; a reader's own file is the same command with another name."""
    _, verb, parameters = shlex.split(command)
    assert verb == "run"
    assert parameters in {"parameters/cdnow.yaml", "parameters/myshop.yaml"}
    assert (cdnow_run / "reports" / "cdnow" / "1998-06-30" / "00_overview.html").exists()


@pytest.mark.parametrize("verb", LISTS)
def test_commands_for_lists_run(verb: str, copy: Path) -> None:
    told = [command for command in commands() if verb in command]
    assert told
    for command in told:
        found = run(command, copy)
        assert found.returncode == 0, (command, found.stdout, found.stderr)


def test_the_tags_of_the_readme_can_be_read(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", README, flags=re.M | re.S)
    said = "".join(blocks)
    cdnow = yaml.safe_load((REPOSITORY / "parameters" / "cdnow.yaml").read_text(encoding="utf-8"))
    told = validate({**cdnow, **yaml.safe_load(said)}, where="README.md")
    assert set(told.tags) == {"new_mother", "young_and_silent"}
    assert told.importance.weights.contribution == 2
    assert told.survey_rules.weight_by == ["segment", "household"]
    assert told.cohorts.by == "channel"


def test_own_files_get_their_parameters_and_are_checked(root: Path) -> None:
    """The commands for own and for messy files, in their order, as a shell runs them."""
    folder = root / "data" / "raw" / "myshop"
    folder.mkdir(parents=True)
    lines = "".join(f"{n % 30};{n % 28 + 1:02}.03.2024;{n},50\n" for n in range(90))
    (folder / "sales.csv").write_text(f"Kunde;Datum;Betrag\n{lines};01.03.2024;abc\n")
    environment = {**os.environ, "REGULARS_ROOT": str(root)}
    told = [c for c in commands() if any(word in c for word in (*OWN_DATA, "--messy"))]
    assert len(told) == 5
    for command in told:
        shell = command.replace(".venv/bin/regulars", str(BIN / "regulars"))
        found = subprocess.run(
            shell,
            shell=True,
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert found.returncode == 0, (command, found.stdout, found.stderr)
    assert (root / "rejected.csv").read_text(encoding="utf-8-sig").count("abc") == 1


@pytest.mark.parametrize("command", [c for c in commands() if "papermill" in c])
def test_plain_papermill_runs(command: str, copy: Path) -> None:
    found = run(command, copy)
    assert found.returncode == 0, found.stderr
    assert (copy / "out.ipynb").exists()


def test_every_command_is_checked_by_one_of_these() -> None:
    known = ("make ", "regulars sample", "regulars run", "papermill ", "conda ", *OWN_DATA, *LISTS)
    assert [c for c in commands() if not any(word in c for word in known)] == []


def test_conda_activates_the_environment_it_made() -> None:
    """What is in it is held by test_lock.py."""
    environment = yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))
    assert "conda env create -f environment.yml" in commands()
    assert f"conda activate {environment['name']}" in commands()


@pytest.mark.parametrize("document", documents(), ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_what_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    beside = [document.parent, REPOSITORY, REPOSITORY / "lib" / "regulars"]
    missing = [p for p in paths_in(text) if not any((b / p).exists() for b in beside)]
    assert missing == []


@pytest.mark.parametrize("document", documents(), ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_no_document_names_a_machine_or_a_package_host(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])/(?:root|work|home|tmp|Users)\b\S*", text) == []
    assert re.findall(PACKAGE_HOSTS, text) == []


def test_the_tree_names_every_top_level_entry() -> None:
    listed = subprocess.run(
        ["git", "ls-files"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    entries = {line.split("/")[0] for line in listed.stdout.splitlines()}
    tree = README.split("## The tree", 1)[1]
    shown = {
        line.split()[0].split("/")[0] for line in tree.splitlines() if re.match(r"[\w.]", line)
    }
    assert entries - shown == set()


def test_every_line_of_the_tree_has_a_comment() -> None:
    tree = re.search(r"## The tree\n\n```text\n(.*?)```", README, flags=re.S)[1]
    bare = [line for line in tree.splitlines() if len(line.split()) < 2]
    assert bare == ["lib/regulars/"]


def test_the_picture_is_light() -> None:
    assert (REPOSITORY / "docs" / "pictures" / "overview.png").stat().st_size < 200_000


def test_decisions_are_a_page_each() -> None:
    pages = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 45, page.name
        headings = re.findall(r"^## (.*)", text, flags=re.M)
        assert headings == ["Context", "Decision", "Consequences"], page.name
