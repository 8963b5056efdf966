"""No person: after a whole run, 200 planted identifiers are found in no file but rejected rows."""

import csv
import itertools
import shutil
import stat
from pathlib import Path

import pytest
from conftest import KEY, copy_project
from planted import scan

from regulars import paths
from regulars.data.people.pseudonyms import KEY_VARIABLE
from regulars.data.samples import put_sample
from regulars.reports import batch

HERE = "data/raw/shop"
COUNT = 200


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Run the shop workbook on files with identifiers in every column that can hold one."""
    root = tmp_path_factory.mktemp("people")
    copy_project(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.ROOT_VARIABLE, str(root))
        patch.setenv(KEY_VARIABLE, KEY)
        put_sample("shop", customers=300)
        needles = plant(root / HERE)
        result = batch.run(root / "parameters" / "shop.yaml")
    assert result.exit_code == 0, result.outcomes
    return root, needles


def plant(folder: Path) -> list[str]:
    """Take names, addresses and ids as they are, and put numbers and addresses into comments."""
    people = rows_of(folder / "customers.csv")
    needles = [
        person[column]
        for person, column in itertools.product(people, ("name", "email", "phone", "address"))
        if len(person[column]) >= 6
    ][: COUNT - 80]
    needles += [person["customer_id"] for person in people[:40]]
    said = [text for k in range(20) for text in (f"planted{k}@example.org", f"1380013{8000 + k}")]
    surveys = rows_of(folder / "surveys.csv")
    for row, text in zip(surveys, said, strict=False):
        row["comment"] = f"Bitte melden: {text}, danke"
    write(folder / "surveys.csv", surveys)
    purchases = rows_of(folder / "purchases.csv")
    # Rejected rows keep their text, names and all: they may, and only there.
    purchases[5]["amount"] = f"call {needles[0]}"
    write(folder / "purchases.csv", purchases)
    return [*needles, *said]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_200_are_planted_and_the_scanner_finds_them_where_they_are(run: tuple) -> None:
    root, needles = run
    assert len(set(needles)) == COUNT
    found = {needle for _, needle in scan(root / HERE, needles)}
    assert found == set(needles)


def test_none_is_in_the_work_folder_or_the_reports(run: tuple) -> None:
    root, needles = run
    work = root / "data" / "work" / "shop"
    rejected = work / "rejected"
    found = [
        (path, needle)
        for folder in (work, root / "reports")
        for path, needle in scan(folder, needles)
        if rejected not in Path(path).parents
    ]
    assert found == []


def test_rejected_rows_are_for_their_owner_alone(run: tuple) -> None:
    root, needles = run
    rejected = root / "data" / "work" / "shop" / "rejected"
    assert stat.S_IMODE(rejected.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in rejected.iterdir()}
    assert modes == {0o600}
    assert any(needle == needles[0] for _, needle in scan(rejected, needles))


def test_the_key_is_nowhere(run: tuple) -> None:
    root, _ = run
    assert scan(root / "data" / "work", [KEY]) == []
    assert scan(root / "reports", [KEY]) == []
    shutil.rmtree(root)
