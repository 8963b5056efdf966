"""Style: each notebook reads the same way, and what is stored in it is the same on every machine.

These look at the files alone and run nothing. Whether the stored numbers are right is for nbval.
"""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from regulars.parameters import Parameters, read_parameters
from regulars.reports.declared import declared_parameters
from regulars.show.glossary import WORDS
from regulars.workbook import NOTEBOOKS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
CDNOW = ROOT / "parameters" / "cdnow.yaml"
CLOSING = ("What we found", "Limits", "What to do next")

every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@cache
def notebook(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path: Path, kind: str = "") -> list[dict]:
    return [cell for cell in notebook(path)["cells"] if kind in ("", cell["cell_type"])]


def text(cell: dict) -> str:
    return "".join(cell["source"])


def tagged(path: Path, tag: str) -> list[int]:
    return [n for n, cell in enumerate(cells(path)) if tag in cell["metadata"].get("tags", [])]


def prose(path: Path) -> str:
    return "\n\n".join(map(text, cells(path, "markdown")))


def code(path: Path) -> list[str]:
    return [text(cell) for cell in cells(path, "code")]


def headings(path: Path) -> list[str]:
    return re.findall(r"^## (.+)$", prose(path), flags=re.MULTILINE)


def shown_texts(path: Path) -> list[str]:
    """Return every text that is stored as output."""
    outputs = [output for cell in cells(path, "code") for output in cell["outputs"]]
    texts = [text for output in outputs for text in output.get("data", {}).values()]
    return ["".join(one) for one in (*texts, *(o["text"] for o in outputs if "text" in o))]


# --- the rules, each as a function of a text, so that each can be seen to fail -----------------


def most_lines(source: str, tags: list[str]) -> int:
    """Return how many lines a cell may have: charts and set-up a few more."""
    return 20 if "charts.show(" in source or "setup" in tags else 15


def long_functions(source: str) -> list[str]:
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    return [one.name for one in functions if one.end_lineno - one.lineno + 1 > 6]


def typed_results(markdown: str) -> list[str]:
    """Return percentages in prose, which other data would turn into lies; 95 % is a convention."""
    found = re.findall(r"\d[\d.,]*[ \u00a0]?(?:%|per ?cent)", markdown)
    return [one for one in found if not re.fullmatch(r"95[ \u00a0]?%", one)]


def against_the_shell(source: str) -> list[str]:
    return re.findall(r"^\s*[!%].*$|;\s*$|get_ipython", source, flags=re.MULTILINE)


def outside(source: str) -> list[str]:
    """Return texts in code that only one machine has, or only the network."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    machine = r"(/|~/|[A-Za-z]:\\).+|https?://.*"
    return [one for one in texts if isinstance(one, str) and re.match(machine, one)]


def poor_names(source: str) -> list[str]:
    """Return names that say nothing, among those a cell assigns."""
    names = [n.id for n in ast.walk(ast.parse(source))
             if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]  # fmt: skip
    return [name for name in names if re.fullmatch(r"(df|data|tmp|temp|res|x)\d*", name)]


def leftovers(shown: str) -> list[str]:
    """Return what a reader should never see, or what differs between two runs."""
    return re.findall(
        r"<[\w.]+ (?:object )?at 0x\w+|\b0x[0-9a-f]{6,}|\bnan\b|\bNaT\b|<NA>|\bNone\b|Traceback"
        r"|/(?:home|root|tmp|Users)/|\d\d:\d\d:\d\d",
        shown,
    )


def glossary_terms() -> set[str]:
    """Return the words of the glossary as they may stand in a sentence."""
    parts = [part for entry in WORDS for part in re.split(r", | \((?=[A-Z]+\)$)", entry)]
    parts += [part.removesuffix(")") for part in parts]
    letters = [letter for letter in "RFM" if "RFM" in parts]
    return {part.lower() for part in (*parts, *letters)}


def missing_terms(markdown: str) -> list[str]:
    """Return the terms in bold that the glossary does not explain; a longer bold text is stress."""
    bold = [term for term in re.findall(r"\*\*(.+?)\*\*", markdown) if len(term.split()) <= 3]
    known = glossary_terms()
    return [term for term in bold if not _is_known(term.lower().replace("_", " "), known)]


def _is_known(term: str, known: set[str]) -> bool:
    alike = {term, term.removesuffix("s"), term + "s", term.removesuffix(" period")}
    return bool(alike & known) or f"{term} amount" in known


# --- the notebooks -----------------------------------------------------------------------------


def test_these_are_the_notebooks_of_the_workbook() -> None:
    assert [path.stem for path in PATHS] == sorted(one.name for one in NOTEBOOKS)


@every_notebook
def test_the_title_is_a_question_and_one_bold_sentence_answers_what_for(path: Path) -> None:
    title, _, lead = text(cells(path)[0]).partition("\n\n")
    assert re.fullmatch(r"# [A-Z][^\n]*\?", title)
    assert re.match(r"\*\*This notebook [^*\n]+\.\*\* [A-Z][^*]+\.$", lead)
    assert prose(path).count("\n# ") == 0


@every_notebook
def test_parameters_and_setup_come_first_and_teaching_last(path: Path) -> None:
    assert tagged(path, "parameters") == [1]
    assert tagged(path, "setup") == [2]
    assert tagged(path, "teaching") == [len(cells(path)) - 1]
    assert text(cells(path)[-1]).startswith("## Try it\n\n1. ")
    assert all(set(cell["metadata"]) <= {"tags"} for cell in cells(path))


@every_notebook
def test_the_parameters_are_those_of_the_cdnow_workbook(path: Path) -> None:
    """Checked through the schema, so that 1998-06-30 is the same day as text and as a date."""
    declared = declared_parameters(path)
    loose = yaml.safe_load(CDNOW.read_text(encoding="utf-8"))
    assert Parameters.model_validate({**loose, **declared}) == read_parameters(CDNOW)
    written = read_parameters(CDNOW).model_dump(mode="json")
    simple = {name: value for name, value in declared.items() if isinstance(value, str | int)}
    assert simple == {name: written[name] for name in simple}


@every_notebook
def test_imports_stand_in_the_setup_alone(path: Path) -> None:
    for number, cell in enumerate(cells(path)):
        if cell["cell_type"] == "code" and number != 2:
            assert not re.search(r"^\s*(import|from) ", text(cell), flags=re.MULTILINE)


@every_notebook
def test_it_ends_with_findings_limits_and_what_to_do(path: Path) -> None:
    found = headings(path)
    assert [one for one in found if one in CLOSING] == list(CLOSING)
    assert found[-1] == "Try it"
    start = found.index(CLOSING[0])
    assert set(found[start:]) <= {*CLOSING, "Try it", "What this workbook cannot show"}


@every_notebook
def test_what_we_found_is_said_by_code(path: Path) -> None:
    here = next(n for n, cell in enumerate(cells(path)) if "## What we found" in text(cell))
    assert text(cells(path)[here]).rstrip().endswith("## What we found")
    spoken = [text(cell) for cell in cells(path)[here + 1 : here + 3]]
    assert any("findings.say(*facts.findings)" in one for one in spoken)


@every_notebook
def test_the_facts_are_written_by_the_last_code_cell(path: Path) -> None:
    assert code(path)[-1].rstrip().endswith("store.write_facts(facts)")


@every_notebook
def test_cells_are_short(path: Path) -> None:
    for cell in cells(path, "code"):
        tags = cell["metadata"].get("tags", [])
        if "parameters" not in tags:
            assert len(text(cell).splitlines()) <= most_lines(text(cell), tags), text(cell)
        assert long_functions(text(cell)) == []


@every_notebook
def test_prose_stands_between_code(path: Path) -> None:
    """At most two code cells in a row; three where the numbers are recorded at the end."""
    kinds = "".join(cell["cell_type"][0] for cell in cells(path))
    body, recording = kinds[: kinds.rindex("m", 0, -1)], kinds[kinds.rindex("m", 0, -1) :]
    assert "ccc" not in body, text(cells(path)[body.find("ccc") + 2])
    assert "cccc" not in recording


@every_notebook
def test_every_cell_shows_at_most_one_chart_or_table(path: Path) -> None:
    for source in code(path):
        shows = re.findall(r"\b(?:charts|tables|glossary)\.show\(|show_findings\(", source)
        alternatives = 1 + source.count("\nelse:")
        assert len(shows) <= alternatives, source


@every_notebook
def test_no_result_is_typed_into_prose(path: Path) -> None:
    assert typed_results(prose(path)) == []


@every_notebook
def test_it_runs_anywhere_and_offline(path: Path) -> None:
    for source in code(path):
        assert against_the_shell(source) == []
        assert outside(source) == []
        assert poor_names(source) == []
    assert "http" not in prose(path)


@every_notebook
def test_links_lead_to_notebooks_that_are_there(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose(path)):
        assert (FOLDER / target).is_file(), target


@every_notebook
def test_we_speak_as_we(path: Path) -> None:
    assert re.findall(r"\bI(?:'m)?\b(?! )|\bI (?!\d)", prose(path)) == []


@every_notebook
def test_new_terms_stand_in_the_glossary(path: Path) -> None:
    _, _, after_the_title = prose(path).partition("\n\n")
    _, _, after_the_lead = after_the_title.partition(".** ")
    assert missing_terms(after_the_lead) == []


# --- what is stored in them --------------------------------------------------------------------


@every_notebook
def test_cells_are_counted_from_one(path: Path) -> None:
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1)), "run: make refresh"


@every_notebook
def test_ids_of_cells_are_plain_and_differ(path: Path) -> None:
    ids = [cell["id"] for cell in cells(path)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(rf"{path.stem.replace('_', '-')}-\d\d", one) for one in ids)


@every_notebook
def test_nothing_of_the_machine_is_stored(path: Path) -> None:
    assert notebook(path)["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


@every_notebook
def test_outputs_are_text_without_pictures_or_errors(path: Path) -> None:
    outputs = [output for cell in cells(path, "code") for output in cell["outputs"]]
    assert outputs, "run: make refresh"
    for output in outputs:
        assert output["output_type"] in ("display_data", "execute_result")
        assert output["metadata"] == {}
        assert set(output["data"]) <= {"text/plain", "text/html"}
        assert "text/plain" in output["data"]


@every_notebook
def test_outputs_hold_no_leftovers(path: Path) -> None:
    assert [found for shown in shown_texts(path) for found in leftovers(shown)] == []


@every_notebook
def test_every_chart_and_sentence_left_its_words(path: Path) -> None:
    for cell in cells(path, "code"):
        source = text(cell)
        always = re.search(
            r"^(charts|tables|glossary)\.show\(|^findings\.say\(", source, re.MULTILINE
        )
        # What is withheld says nothing where nothing is withheld.
        if always and "withheld(" not in source:
            assert cell["outputs"], source


@every_notebook
def test_the_file_is_written_as_refresh_writes_it(path: Path) -> None:
    raw = path.read_text(encoding="utf-8")
    assert raw == json.dumps(notebook(path), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


# --- the rules themselves can fail -------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (long_functions, "def f():\n" + "    a = 1\n" * 6, "def f():\n" + "    a = 1\n" * 5),
        (typed_results, "we see 48 % of them", "the 95 % interval of k months"),
        (typed_results, "some 12.5% more", "two in five"),
        (against_the_shell, "!pip install x", "a = not b"),
        (against_the_shell, "%matplotlib inline", "a % b"),
        (against_the_shell, "plot();", "plot()  # shown; kept"),
        (outside, 'read("/tmp/x")', 'read("clean/purchases")'),
        (outside, 'read("~/x")', "read('x/y')"),
        (outside, 'read("C:\\\\x")', 'a = "b: c"'),
        (outside, "read('https://example.org')", "read('a')"),
        (poor_names, "df2 = 1", "customers = 1"),
        (leftovers, "<Axes object at 0x7f00>", "<b>at</b>"),
        (leftovers, "the rate is nan", "the finance rate"),
        (leftovers, "written to /home/me/x", "at home / here"),
        (missing_terms, "a **wombat** is", "a **cohort** is, and **cohorts** are"),
        (
            missing_terms,
            "the **churn score**",
            "the **calibration period**, **repeat_days**, **R**",
        ),
    ],
)
def test_each_rule_can_fail(rule: object, bad: str, good: str) -> None:
    assert rule(bad)
    assert not rule(good)
