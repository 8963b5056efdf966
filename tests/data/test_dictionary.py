"""The data dictionary in data/raw/README.md says what the contract says."""

from pathlib import Path

import pytest
import yaml
from delivered import COLUMNS, take_sources, write

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
    unsaid = [r for r in sentences(table) if r not in said and not r.endswith(endings)]
    assert [r for r in unsaid if not r.endswith(("_not_yet_known", "_rounded"))] == []


def test_the_survey_on_the_page_is_taken_in_a_question_at_a_time(root: Path) -> None:
    shown = next(text for text in dictionary().split("```yaml\n") if "nps" in text[:200])
    sources = yaml.safe_load(shown.split("```")[0])["sources"]
    sheets = "date,customer,recommend,satisfied\n2024-01-05,1,9,4\n2024-01-06,2,,5\n"
    write(root, sheets, "data/raw/shop/answers.csv")
    write(root, "who,when,paid\n1,2024-01-01,1\n")
    sources["purchases"] = {"files": "shop.csv", "columns": COLUMNS}
    taken = take_sources(sources, table="surveys")
    rows = taken.frame()
    answers = rows[["customer_id", "question", "score"]].astype({"score": int}).to_numpy()
    assert answers.tolist() == [["1", "nps", 9], ["1", "csat", 4], ["2", "csat", 5]]
    assert taken.rows == (4, 3, 0, 1)
    assert taken.reasons == {"score_missing": 1}


def test_a_required_field_says_so_and_what_can_stand_for_it() -> None:
    lines = {line.split(" | ")[0].strip("|` "): line for line in section("purchases")}
    assert " | yes | who bought" in lines["customer_id"]
    assert " | yes, or `quantity` × `unit_price` | " in lines["amount"]
    assert "yes" not in lines["category"]
    assert "交易日期" in lines["ordered_at"]
