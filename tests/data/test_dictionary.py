"""The data dictionary in data/raw/README.md says what the contract says."""

from pathlib import Path

import pytest

from regulars.data.contract import TABLES
from regulars.data.contract.reasons import ANY_CELL, sentences
from regulars.data.dictionary import dictionary

README = Path(__file__).parents[2] / "data" / "raw" / "README.md"


def section(name: str) -> list[str]:
    """Return the lines of one table's section."""
    return dictionary().split(f"## {name}\n")[1].split("\n## ")[0].splitlines()


def test_the_file_is_what_the_contract_gives() -> None:
    assert README.read_text(encoding="utf-8") == dictionary(), "run make refresh"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_field_and_every_rule_has_one_line(table) -> None:
    lines = section(table.name)
    for name in [*table.fields, *(rule.reason for rule in table.rules)]:
        assert len([line for line in lines if line.startswith(f"| `{name}` |")]) == 1, name


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_reason_a_row_can_have_is_explained(table) -> None:
    said = {line.split("`")[1] for line in dictionary().splitlines() if line.startswith("| `")}
    endings = tuple(reason.removeprefix("<column>") for reason in ANY_CELL)
    own = ("currency_without_rate",)
    unsaid = [r for r in sentences(table) if r not in said and not r.endswith(endings)]
    assert [
        r for r in unsaid if r not in own and not r.endswith(("_not_yet_known", "_rounded"))
    ] == []


def test_a_required_field_says_so_and_what_can_stand_for_it() -> None:
    lines = {line.split(" | ")[0].strip("|` "): line for line in section("purchases")}
    assert " | yes | who bought" in lines["customer_id"]
    assert " | yes, or `quantity` × `unit_price` | " in lines["amount"]
    assert "yes" not in lines["category"]
    assert "交易日期" in lines["ordered_at"]
