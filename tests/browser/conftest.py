"""Pages in a real browser: where Chromium and axe are, and the folders of pages to look at."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, sync_playwright

from regulars.reports.page import IndexEntry, RunFacts, render, render_failure, render_index

HERE = Path(__file__).parent
PAYLOADS = HERE.parent / "reports" / "payloads.json"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
# Nothing of its own accord: no updates, no sync, no first-run page, no network of the browser's own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="460.8pt" height="237.6pt" '
    'viewBox="0 0 640 330"><rect width="640" height="330" fill="#fff"/>'
    '<path d="M40 290 Q 150 60 600 50" fill="none" stroke="#0b62ad" stroke-width="3"/></svg>'
)
PROSE = (
    "We look at each customer's **purchase days**: a purchase day is a calendar day on which the "
    "customer bought at least one thing. Buying twice on one day counts once; a return alone "
    "makes no purchase day. What was not observed is missing, never zero."
)


def _without(what: str) -> NoReturn:
    """Skip at a desk, fail in CI: there, a page nobody looked at must not pass."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not found or not Path(found).exists():
        _without("Chromium is missing: install it, or give its path in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which finds what hinders people with a disability."""
    source = HERE / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        _without(
            "axe-core is missing: npm install --prefix tests/browser --no-package-lock "
            "--ignore-scripts"
        )
    return source.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of made-up pages: a full one, a hostile one, an empty one, a failed one, an index."""
    folder = tmp_path_factory.mktemp("pages")
    payloads = json.loads(PAYLOADS.read_text(encoding="utf-8"))
    pages = {
        "05_loyalty.html": render(
            full_notebook(), facts=full_facts(), run=RUN, previous={"loyalty.rate": 0.471}
        ),
        "06_churn.html": hostile_page(payloads),
        "04_segments.html": render(new_notebook(), facts={"notebook": "04_segments"}, run=RUN),
        "03_customer_base.html": render_failure(
            notebook="03_customer_base",
            title="How uneven is the base?",
            cell=7,
            error="MemoryError",
            reason="The kernel died, probably out of memory; give the run more.",
            run=RUN,
        ),
        "index.html": render_index(index_entries(), title="Reports"),
    }
    for name, page in pages.items():
        (folder / name).write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def pages(published: Path, cdnow_run: Path) -> list[Path]:
    """Every page the checks look at. Add a folder here and all of its pages are looked at."""
    folders = [published, cdnow_run / "reports"]
    return sorted(page for folder in folders for page in folder.rglob("*.html"))


RUN = RunFacts(
    workbook="cdnow",
    title="CDNOW",
    as_of="1998-06-30",
    run_id="3f9a1c",
    inputs=[{"name": "purchases", "rows": 6919, "sha256": "ab" * 32, "newest_day": "1998-06-30"}],
    parameters={f"parameter_{number}": str(number) for number in range(20)},
    versions={"Python": "3.11.9", "lifetimes": "0.11.3"},
    ledger={"rows_in": 6919, "rows_accepted": 6919, "rows_rejected": 0},
    pages=[
        ("03_customer_base.html", "Who are our customers, and how uneven is the base?"),
        ("04_segments.html", "Which groups need what?"),
        ("05_loyalty.html", "Do customers come back, and how soon?"),
        ("06_churn.html", "Who is likely gone?"),
    ],
)


def full_notebook() -> NotebookNode:
    """Return a notebook with everything a page can hold, wide and long."""
    head = "".join(f'<th scope="col" class="num">{month}</th>' for month in range(18))
    row = "".join(f'<td class="num">{781 - month}</td>' for month in range(17))
    wide = (
        '<div class="table" role="region" aria-label="Months" tabindex="0"><table>'
        f'<caption>Customers active by month after the first</caption><thead><tr><th scope="col">'
        f'Month</th>{head}</tr></thead><tbody><tr><th scope="row">January 1997</th>{row}'
        '<td class="unobserved"></td></tr></tbody></table><p class="note">Source: made up.</p></div>'
    )
    folded = f'<details class="numbers"><summary>Numbers behind the chart</summary>{wide}</details>'
    return new_notebook(
        cells=[
            new_markdown_cell("# Do customers come back, and how soon?\n\n**Needs purchases.**"),
            new_markdown_cell(f"## How many?\n\n{PROSE}\n\n- {PROSE}\n\n### And when?\n\n{PROSE}"),
            output({"text/html": '<p class="finding">1,139 of 2,357 customers came back.</p>'}),
            output({"image/svg+xml": SVG, "text/plain": "Half\nShare\nSource: x."}, alt="A curve."),
            output({"text/html": folded}),
            output({"text/html": wide.replace("Months", "All months")}),
            output({"text/html": '<p class="doubt">The last month is not over.</p>'}),
            output({"text/html": f"<table class='dataframe'><tr><td>{'x' * 2000}</table>"}),
            output({"text/plain": "y" * 2000}),
            new_markdown_cell(
                f"## 北京的客户\n\n> {PROSE}\n\n```\n{'z' * 500}\n```\n\n{'w' * 500}"
            ),
            new_markdown_cell("## Limits\n\n| a | b |\n|:--|--:|\n| x | 1 |\n\n`as_of` is a day."),
        ]
    )


def output(data: dict, **about: object) -> NotebookNode:
    metadata = dict.fromkeys(data, about) if about else {}
    made = new_output("display_data", data={"text/plain": ""} | data, metadata=metadata)
    return new_code_cell("", outputs=[made])


def metric(name: str, **changes: object) -> dict:
    base = {
        "id": f"loyalty.{name}",
        "label": "Repurchase rate",
        "value": 0.4832,
        "unit": "share",
        "definition": "Customers with two or more purchase days, of all customers.",
        "low": 0.4631,
        "high": 0.5034,
        "n": 2357,
        "withheld": None,
    }
    return base | changes


def full_facts() -> dict:
    return {
        "notebook": "05_loyalty",
        "findings": ["48.3 % of customers came back, and half of them within 60 days."],
        "doubts": ["Two cut points are equal, so fewer than five groups remain."],
        "tiles": ["loyalty.rate", "loyalty.spend", "loyalty.alive", "loyalty.days"],
        "metrics": [
            metric("rate"),
            metric("spend", label="Spend", value=123456789.12, unit="CNY", low=None),
            metric("alive", label="P(alive)", value=None, withheld="No model beat the rules."),
            metric("days", label="Days to return", value=61, unit="days", low=57, high=66),
        ],
    }


def hostile_page(payloads: list[str]) -> str:
    """Return a page with every payload in every place that data or parameters reach."""
    cells = [new_markdown_cell(f"# Who is gone? {' '.join(payloads)}")]
    for bad in payloads:
        table = f"<table><caption>{bad}</caption><tr><th scope='col'>{bad}<tr><td>{bad}</table>"
        cells += [
            new_markdown_cell(f"{bad}\n\n## {bad}\n\n- {bad}"),
            output({"text/html": f"<p class='finding'>{bad}</p>"}),
            output({"text/html": table}),
            output({"text/plain": bad}),
            output(
                {"image/svg+xml": SVG.replace("<path", f"{bad}<path"), "text/plain": bad}, alt=bad
            ),
        ]
    metrics = [
        metric(str(number), label=bad, definition=bad, unit=bad)
        for number, bad in enumerate(payloads)
    ]
    withheld = [metric(f"w{n}", value=None, withheld=bad) for n, bad in enumerate(payloads)]
    run = RunFacts(
        workbook=payloads[0],
        title=payloads[0],
        as_of=payloads[10],
        run_id=payloads[55],
        inputs=[{"name": b, "rows": 1, "sha256": b, "newest_day": b} for b in payloads],
        parameters={bad: bad for bad in payloads},
        versions={bad: bad for bad in payloads},
        ledger=[(bad, bad) for bad in payloads],
        pages=[("06_churn.html", payloads[0]), *((bad, bad) for bad in payloads[42:50])],
    )
    facts = {
        "notebook": "06_churn",
        "findings": [" ".join(payloads)],
        "doubts": payloads,
        "tiles": ["loyalty.0", "loyalty.10", "loyalty.55", "loyalty.w0", "loyalty.59"],
        "metrics": [*metrics, *withheld],
    }
    return render(new_notebook(cells=cells), facts=facts, run=run)


def index_entries() -> list[IndexEntry]:
    pages = [(f"cdnow/1998-06-30/{file}", title, "A finding.") for file, title in RUN.pages]
    failed = ("06_churn stopped at cell 14.", "cdnow/1998-05-31/06_churn.html")
    return [
        IndexEntry("cdnow", "CDNOW", "1998-06-30", pages),
        IndexEntry("cdnow", "CDNOW", "1998-05-31", pages[:2], failed),
        IndexEntry("books", "北京书店", "2024-02-29", (), failed),
    ]
