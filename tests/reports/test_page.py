"""Whole pages: a report, the page of a failed notebook, and the index above all reports."""

import dataclasses
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from regulars.errors import RunError
from regulars.reports.page import IndexEntry, RunFacts, render, render_failure, render_index

RUN = RunFacts(
    workbook="cdnow",
    title="CDNOW",
    as_of="1998-06-30",
    run_id="3f9a1c",
    inputs=[{"name": "purchases", "rows": 6919, "sha256": "ab" * 32, "newest_day": "1998-06-30"}],
    parameters={"holdout_days": "273"},
    versions={"lifetimes": "0.11.3"},
    ledger={"rows_in": 6919, "money_in": "$244,091.94", "currency": None},
    pages=[
        ("04_segments.html", "Which groups are there?"),
        ("05_loyalty.html", "Do customers come back?"),
        ("06_churn.html", "Who is gone?"),
    ],
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"></svg>'


def notebook(*, metadata: dict | None = None) -> NotebookNode:
    """Return a small executed notebook: a title, a finding, a table, a figure, limits."""
    outputs = [
        output({"text/html": '<p class="finding">1,139 of 2,357 came back.</p>'}),
        output({"text/html": "<table><caption>Months</caption><tr><td>781</td></tr></table>"}),
        output({"image/svg+xml": SVG, "text/plain": "Half come back"}, alt="A curve."),
    ]
    cells = [
        new_markdown_cell("# Do customers come back?\n\n**Needs purchases.**"),
        *(new_code_cell("code", outputs=[one], metadata=metadata or {}) for one in outputs),
        new_markdown_cell("## Limits\n\nOne shop."),
    ]
    return new_notebook(cells=cells)


def output(data: dict, **about: object) -> NotebookNode:
    metadata = dict.fromkeys(data, about) if about else {}
    return new_output("display_data", data={"text/plain": "x"} | data, metadata=metadata)


def metric(**changes: object) -> dict:
    rate = {
        "id": "loyalty.repurchase_rate",
        "label": "Repurchase rate",
        "value": 0.483241,
        "unit": "share",
        "definition": "Two or more purchase days, of all.",
        "low": 0.4631,
        "high": 0.5034,
        "n": 2357,
        "withheld": None,
    }
    return rate | changes


def facts(**changes: object) -> dict:
    found = {
        "run_id": "3f9a1c",
        "notebook": "05_loyalty",
        "question": "",
        "findings": ["Half of the customers come back."],
        "doubts": ["Two cut points are equal."],
        "tiles": ["loyalty.repurchase_rate"],
        "metrics": [metric()],
        "tables": {},
    }
    return found | changes


class Text(HTMLParser):
    """Reads a page as a person does: the text, tag by tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text: list[str] = []
        self.hidden = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.hidden = tag == "style"

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def test_the_first_screen_answers() -> None:
    words = Text(render(notebook(), facts=facts(), run=RUN, previous={})).words
    first, _, _ = words.partition("On this page")
    for part in (
        "CDNOW as of 30 June 1998 6,919 rows of purchases",
        "Do customers come back?",
        "Half of the customers come back.",
        "Repurchase rate 48.3 % 95 % interval 46.3 to 50.3 % n = 2,357",
        "Definition of Repurchase rate Two or more purchase days, of all.",
        "Read with care Two cut points are equal.",
    ):
        assert part in first
    assert "last report" not in first


def test_change_stands_on_the_tile_when_there_was_a_report_before() -> None:
    page = render(notebook(), facts=facts(), run=RUN, previous={"loyalty.repurchase_rate": 0.471})
    assert "+1.2 points since the last report" in Text(page).words


def test_a_withheld_number_shows_why_in_its_place() -> None:
    withheld = metric(value=None, withheld="No model beat the plain rules.")
    words = Text(render(notebook(), facts=facts(metrics=[withheld]), run=RUN)).words
    assert words.count("Withheld: No model beat the plain rules.") == 2
    assert "interval" not in words.replace("Interval and n", "").lower()


def test_numbers_with_one_definition_stand_under_it_once() -> None:
    numbers = [
        metric(id=f"loyalty.retention.{age}", label=f"Month {age}", definition="Who bought then.")
        for age in range(3)
    ]
    page = render(notebook(), facts=facts(metrics=[*numbers, metric()]), run=RUN)
    _, _, listed = page.partition('<section class="metrics">')
    assert listed.count("Who bought then.") == 1
    assert listed.count("Two or more purchase days, of all.") == 1
    assert "4 numbers of this page" in listed
    words = Text(listed).words
    places = [words.index(part) for part in ("Who bought then.", "Month 0", "Month 1", "Month 2")]
    assert places == sorted(places)


def test_the_title_stands_once_and_headings_skip_no_level() -> None:
    page = render(notebook(), facts=facts(), run=RUN)
    levels = [int(tag[1]) for tag, _ in Text(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.count("<h1>Do customers come back?</h1>") == 1
    assert "# Do customers" not in page


def test_the_title_falls_back_on_the_question_then_on_the_workbook() -> None:
    bare = new_notebook()
    assert "<h1>Why?</h1>" in render(bare, facts=facts(question="Why?"), run=RUN)
    assert "<h1>CDNOW</h1>" in render(bare, facts=facts(), run=RUN)


def test_every_link_inside_the_page_has_its_end() -> None:
    text = Text(render(notebook(), facts=facts(), run=RUN))
    ids = [attributes["id"] for _, attributes in text.tags if "id" in attributes]
    inside = {a["href"][1:] for a in text.all("a") if a["href"].startswith("#")}
    assert len(set(ids)) == len(ids)
    assert inside == {"page.content", "Limits", "page.metrics"}
    assert inside <= set(ids)


def test_navigation_knows_where_we_are() -> None:
    text = Text(render(notebook(), facts=facts(), run=RUN))
    current = [a["href"] for a in text.all("a") if a.get("aria-current")]
    assert current == ["05_loyalty.html"]
    assert "Segments Loyalty Churn" in text.words
    assert "Before Which groups are there? Next Who is gone?" in text.words
    assert {"href": "../../index.html", "class": "home"} in text.all("a")


def test_the_foot_tells_the_run() -> None:
    words = Text(render(notebook(), facts=facts(), run=RUN)).words
    _, _, foot = words.partition("About this run")
    for part in (
        "purchases 6,919 rows, newest day 30 June 1998 SHA-256 " + "ab" * 32,
        "Rows in 6,919",
        "Money in $244,091.94",
        "Currency –",
        "holdout_days 273",
        "lifetimes 0.11.3",
        "run 3f9a1c",
    ):
        assert part in foot


def test_the_ledger_may_be_a_list_of_pairs() -> None:
    run = dataclasses.replace(RUN, ledger=[("purchases, in", "6,919 rows")])
    assert "Purchases, in 6,919 rows" in Text(render(notebook(), facts=facts(), run=run)).words


def test_several_inputs_are_summed_on_the_first_screen() -> None:
    run = dataclasses.replace(RUN, inputs=[*RUN.inputs, *RUN.inputs])
    words = Text(render(notebook(), facts=facts(), run=run)).words
    assert "13,838 rows of 2 files" in words


def test_same_input_same_bytes() -> None:
    timed = {"papermill": {"start_time": "2024-01-01T00:00:00", "duration": 3.2}}
    first, second = notebook(), notebook(metadata=timed)
    second.metadata["papermill"] = {"output_path": "/home/someone/out.ipynb"}
    for number, cell in enumerate(second.cells):
        cell["id"] = f"other-{number}"
        if cell.cell_type == "code":
            cell["execution_count"] = number
    assert render(first, facts=facts(), run=RUN) == render(second, facts=facts(), run=RUN)


def test_an_empty_page_is_light() -> None:
    page = render(new_notebook(), facts={"notebook": "05_loyalty"}, run=RUN)
    assert len(page.encode()) <= 40_000


def test_a_tile_without_metric_fails_before_a_page_is_made() -> None:
    with pytest.raises(RunError, match="Expected a metric for every tile"):
        render(notebook(), facts=facts(tiles=["loyalty.gone"]), run=RUN)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_of_text_can_be_read_on_every_ground(scheme: int) -> None:
    page = render(new_notebook(), facts=facts(), run=RUN)
    block = re.findall(r":root \{(.*?)\}", page, flags=re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))
    for text in ("ink", "quiet", "accent"):
        for ground in ("paper", "card", "wash"):
            light, dark = sorted((luminance(colours[text]), luminance(colours[ground])))[::-1]
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"


@pytest.mark.parametrize("cell", [14, None])
def test_the_page_of_a_failure_says_where_and_what_to_do(cell: int | None) -> None:
    page = render_failure(
        notebook="06_churn",
        title="Who is gone?",
        cell=cell,
        error="MemoryError",
        reason="The kernel died, probably out of memory; give it more.",
        run=RUN,
    )
    text = Text(page)
    where = "stopped at cell 14" if cell else "did not run to its end"
    assert f"This page could not be made: 06_churn {where}." in text.words
    assert "The kernel died, probably out of memory; give it more." in text.words
    assert "MemoryError" in text.words
    assert "<title>Failed: Who is gone?" in page
    assert len(text.all("h1")) == 1


ENTRIES = [
    IndexEntry("shop", "Shop", "2024-01-31", [("shop/2024-01-31/a.html", "Old", "")]),
    IndexEntry("cdnow", "CDNOW", "1998-06-30", [("cdnow/1998-06-30/a.html", "Who?", "All.")]),
    IndexEntry("shop", "Shop", "2024-02-29", [("shop/2024-02-29/a.html", "New", "Up.")]),
    IndexEntry("shop", "Shop", "2024-03-31", (), ("Cell 3 failed.", "shop/failed/a.html")),
]


def test_the_index_shows_the_newest_and_folds_the_rest() -> None:
    words = Text(render_index(ENTRIES, title="Reports")).words
    assert words.index("CDNOW") < words.index("Shop")
    open_part, _, folded = words.partition("1 older")
    # The newest run failed, so the newest good one stays in sight below it.
    assert "as of 31 March 2024 Failed. Cell 3 failed. What failed" in open_part
    assert "as of 29 February 2024 New Up." in open_part
    assert folded == " as of 31 January 2024 Old"


def test_the_index_does_not_depend_on_the_order_of_runs() -> None:
    forward = render_index(ENTRIES, title="Reports")
    assert render_index(ENTRIES[::-1], title="Reports") == forward


def test_an_index_of_nothing_says_so() -> None:
    assert "There are no reports yet." in render_index([], title="Reports")


# Where something from data or parameters can stand: each takes the payload and returns a page.
PLACES: dict[str, Callable[[str], str]] = {
    "markdown": lambda bad: render(
        new_notebook(
            cells=[new_markdown_cell(bad), new_markdown_cell(f"- x\n\n{bad}\n\n## {bad}")]
        ),
        facts=facts(),
        run=RUN,
    ),
    "notebook title": lambda bad: render(
        new_notebook(cells=[new_markdown_cell(f"# {bad}\n\n{bad}")]), facts=facts(), run=RUN
    ),
    "table": lambda bad: with_output(
        {"text/html": f"<table><caption>{bad}</caption><tr><th>{bad}<td>{bad}</table>{bad}"}
    ),
    "attribute": lambda bad: with_output(
        {"text/html": f'<div class="{bad}" aria-label="{bad}" title=\'{bad}\'>x</div>'}
    ),
    "plain text": lambda bad: with_output({"text/plain": bad}),
    "markdown output": lambda bad: with_output({"text/markdown": bad}),
    "printed": lambda bad: render(
        new_notebook(cells=[new_code_cell("", outputs=[new_output("stream", text=bad)])]),
        facts=facts(),
        run=RUN,
    ),
    "figure": lambda bad: with_output({"image/svg+xml": bad, "text/plain": bad}, alt=bad + "."),
    "png": lambda bad: with_output(
        {"image/png": "AA==", "text/plain": bad}, alt="x", width=bad, height=bad
    ),
    "facts": lambda bad: render(
        notebook(),
        facts=facts(findings=[bad], doubts=[bad], metrics=[metric(label=bad, definition=bad)]),
        run=RUN,
    ),
    "unit": lambda bad: render(notebook(), facts=facts(metrics=[metric(unit=bad)]), run=RUN),
    "withheld": lambda bad: render(
        notebook(), facts=facts(metrics=[metric(value=None, withheld=bad)]), run=RUN
    ),
    "run": lambda bad: render(notebook(), facts=facts(), run=hostile_run(bad)),
    "failure": lambda bad: render_failure(
        notebook=bad, title=bad, cell=1, error=bad, reason=bad, run=hostile_run(bad)
    ),
    "index": lambda bad: render_index(
        [IndexEntry(bad, bad, bad, [(bad, bad, bad)], (bad, bad))], title=bad
    ),
}


def with_output(data: dict, **about: object) -> str:
    cells = [new_code_cell("", outputs=[output(data, **about)])]
    return render(new_notebook(cells=cells), facts=facts(), run=RUN)


def hostile_run(bad: str) -> RunFacts:
    return RunFacts(
        workbook=bad,
        title=bad,
        as_of=bad,
        run_id=bad,
        inputs=[{"name": bad, "rows": 1, "sha256": bad, "newest_day": bad}],
        parameters={bad: bad},
        versions={bad: bad},
        ledger=[(bad, bad)],
        pages=[(bad, bad), ("05_loyalty.html", bad)],
        index_href=bad,
    )


@pytest.mark.parametrize("place", PLACES)
def test_sixty_payloads_in_every_place_become_text(place: str, payloads, dangers) -> None:
    expected_head = _head(render(notebook(), facts=facts(), run=RUN))
    for bad in payloads:
        page = PLACES[place](bad)
        _, _, body = page.partition("\n<body>\n")
        assert dangers(body) == [], bad
        assert _head(page) == expected_head, bad
        assert body.rstrip().endswith("</body>\n</html>"), bad
        assert page.encode(), bad


@pytest.mark.parametrize("place", ["table", "markdown", "figure", "facts"])
def test_around_a_payload_headings_and_tables_survive(place: str, payloads) -> None:
    for bad in payloads:
        text = Text(PLACES[place](bad))
        assert len(text.all("h1")) == 1, bad
        assert len(text.all("footer")) == 1, bad
        assert len(text.all("main")) == 1, bad
        assert place != "table" or len(text.all("table")) >= 2, bad


def _head(page: str) -> str:
    """Return the head of a page without its title, the one thing in it that comes from outside."""
    head, _, _ = page.partition("\n<body>\n")
    return re.sub(r"<title>[^<]*</title>", "", head)
