"""The data dictionary in data/raw/README.md says what the contract says."""

from pathlib import Path

import pytest

from regulars.data.contract import TABLES
from regulars.data.dictionary import dictionary

README = Path(__file__).parents[2] / "data" / "raw" / "README.md"


def test_the_file_is_what_the_contract_gives() -> None:
    assert README.read_text(encoding="utf-8") == dictionary(), "run make refresh"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_field_and_every_reason_has_one_line(table) -> None:
    lines = dictionary().splitlines()
    for name in [*table.fields, *(rule.reason for rule in table.rules), "line_malformed"]:
        assert len([line for line in lines if line.startswith(f"| `{name}` |")]) == 1, name


def test_a_required_field_says_so_and_what_can_stand_for_it() -> None:
    lines = {line.split(" | ")[0].strip("|` "): line for line in dictionary().splitlines()}
    assert " | yes | who bought" in lines["customer_id"]
    assert " | yes, or `quantity` × `unit_price` | " in lines["amount"]
    assert "yes" not in lines["category"]


def test_tables_have_as_many_cells_in_each_row() -> None:
    for line in dictionary().splitlines():
        if line.startswith("|"):
            assert line.count("|") in (3, 6), line
