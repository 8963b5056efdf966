"""Every page in headless Chromium: quiet, alone, readable by everyone, on paper and on a phone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# The measure of a line is 75 characters; a narrow letter more or less is not a fault.
LONGEST_LINE = 78

LONG_LINES = """longest => [...document.querySelectorAll('article p, article li')].slice(0, 40)
  .filter(element => element.getClientRects().length)
  .map(element => {
    const lines = new Map();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const range = document.createRange();
      for (let i = 0; i < texts.currentNode.length; i++) {
        range.setStart(texts.currentNode, i);
        range.setEnd(texts.currentNode, i + 1);
        const box = range.getBoundingClientRect();
        const line = Math.round(box.bottom / 8);
        lines.set(line, (lines.get(line) || 0) + 1);
      }
    }
    return [Math.max(...lines.values()), element.textContent.slice(0, 60)];
  }).filter(([length]) => length > longest)"""
CUT_FIGURES = """() => [...document.images]
  .filter(image => getComputedStyle(image.closest('figure') || image).breakInside !== 'avoid')
  .map(image => image.alt)"""
FOLDED = """() => [...document.querySelectorAll('details:not(.contents)')]
  .filter(details => details.textContent.trim() && !details.lastElementChild.checkVisibility())
  .map(details => details.textContent)"""
# Axe judges no contrast above a gradient, and the frames of tables have one at their edges.
UNFOLD_AND_FLATTEN = """() => {
  document.querySelectorAll('details').forEach(details => { details.open = true; });
  document.querySelectorAll('.table').forEach(frame => { frame.style.background = 'none'; });
}"""
RAN = "window.hacked !== undefined || parent.hacked !== undefined"
UNNAMED = "[...document.images].filter(image => !image.alt.trim()).map(image => image.src)"
BROKEN = "[...document.images].filter(image => !image.naturalWidth).map(image => image.alt)"
ACTIVE = """() => [...document.querySelectorAll('*')].filter(element =>
    ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'BASE', 'INPUT'].includes(element.tagName)
    || element.namespaceURI !== 'http://www.w3.org/1999/xhtml'
    || [...element.attributes].some(attribute => attribute.name.startsWith('on'))
    || element.protocol && !['file:', 'about:'].includes(element.protocol)
  ).map(element => element.outerHTML.slice(0, 100))"""


@dataclass
class Visit:
    """A page in the browser, and what it said and asked for meanwhile."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Callable:
    """A function that opens a page for a test that changes it, and closes it after the block."""

    @contextmanager
    def opened(file: Path, *, size: dict = DESK, scheme: str = "light") -> Iterator[Visit]:
        context = browser.new_context(viewport=size, color_scheme=scheme)
        visit = Visit(context.new_page())
        visit.page.on("console", lambda message: visit.messages.append(message.text))
        visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        try:
            visit.page.goto(file.as_uri(), wait_until="load")
            yield visit
        finally:
            context.close()

    return opened


@pytest.fixture(scope="module")
def desk(visit: Callable, pages: list[Path]) -> Iterator[dict[Path, Visit]]:
    """Every page, open on a desk, for tests that only look."""
    with ExitStack() as open_pages:
        yield {file: open_pages.enter_context(visit(file)) for file in pages}


@pytest.fixture(scope="module")
def phone(visit: Callable, pages: list[Path]) -> Iterator[dict[Path, Visit]]:
    """Every page, open on a phone, for tests that only look."""
    with ExitStack() as open_pages:
        yield {file: open_pages.enter_context(visit(file, size=PHONE)) for file in pages}


def name(file: Path) -> str:
    """Return what a page is called in a report: the same file name stands in many folders."""
    return f"{file.parent.name}/{file.name}"


def ask(visits: dict[Path, Visit], question: str, *args: object) -> dict[str, object]:
    """Return each page's answer to a question in JavaScript, where there is one."""
    answers = {name(file): visit.page.evaluate(question, *args) for file, visit in visits.items()}
    return {page: answer for page, answer in answers.items() if answer}


def test_there_is_something_to_look_at(pages: list[Path]) -> None:
    assert len(pages) >= 5


def test_nothing_on_the_console_and_nothing_from_outside(desk) -> None:
    said = {name(file): visit.messages for file, visit in desk.items() if visit.messages}
    assert said == {}
    for file, visit in desk.items():
        assert [url for url in visit.requests if not url.startswith("data:")] == [file.as_uri()]


def test_the_policy_stands_on_every_page_and_holds(phone) -> None:
    stands = """document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.content"""
    runs = """() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = 1';
      document.body.append(script);
      script.remove();
      return window.ran;
    }"""
    policies = ask(phone, stands)
    assert len(policies) == len(phone)
    assert all("default-src 'none'" in policy for policy in policies.values())
    assert ask(phone, runs) == {}


def test_nothing_active_stands_on_a_page_and_nothing_ran(desk) -> None:
    assert ask(desk, RAN) == {}
    assert ask(desk, ACTIVE) == {}


def test_every_picture_has_words_and_is_drawn(desk) -> None:
    assert ask(desk, UNNAMED) == {}
    # A picture whose own text is an attack may be no picture any more; it must only do no harm.
    honest = {file: visit for file, visit in desk.items() if "window.hacked" not in source(file)}
    assert len(honest) >= 4
    assert ask(honest, BROKEN) == {}


def source(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def test_one_title_one_main_part_and_a_language(desk) -> None:
    count = "['h1', 'main', 'html[lang=en]'].map(what => document.querySelectorAll(what).length)"
    assert ask(desk, count) == {name(file): [1, 1, 1] for file in desk}


def test_nothing_scrolls_sideways_but_a_table_in_its_frame(desk, phone) -> None:
    too_wide = "document.documentElement.scrollWidth - innerWidth"
    assert ask(desk, too_wide) == {}
    assert ask(phone, too_wide) == {}


def test_lines_can_be_read(desk) -> None:
    assert ask(desk, LONG_LINES, LONGEST_LINE) == {}


def test_contents_stand_beside_on_a_desk_and_folded_above_on_a_phone(desk, phone) -> None:
    shown = (
        "['beside', 'folded'].map(k => document.querySelector('.contents.' + k)?.checkVisibility())"
    )
    full = next(file for file in desk if file.name == "05_loyalty.html")
    assert desk[full].page.evaluate(shown) == [True, False]
    assert phone[full].page.evaluate(shown) == [False, True]


@pytest.fixture(scope="module")
def examined(visit: Callable, pages: list[Path], axe: str) -> Iterator[dict[Path, Visit]]:
    """Every page with axe in it, and with all that is folded open."""
    with ExitStack() as open_pages:
        visits = {file: open_pages.enter_context(visit(file)) for file in pages}
        for opened in visits.values():
            opened.page.evaluate(UNFOLD_AND_FLATTEN)
            opened.page.evaluate(axe)
        yield visits


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(DESK, "light"), (DESK, "dark"), (PHONE, "light")],
    ids=["light", "dark", "phone"],
)
def test_axe_finds_nothing_serious(examined, size, scheme) -> None:
    found = {}
    for file, opened in examined.items():
        opened.page.emulate_media(color_scheme=scheme)
        opened.page.set_viewport_size(size)
        result = opened.page.evaluate("axe.run({resultTypes: ['violations']})")
        assert result["passes"], f"{name(file)}: axe looked at nothing"
        for violation in result["violations"]:
            if violation["impact"] in ("serious", "critical"):
                first = violation["nodes"][0]
                found[name(file), violation["id"]] = (first["html"][:200], first["failureSummary"])
    assert found == {}


def test_the_first_tab_skips_to_the_content(phone) -> None:
    for file, visit in phone.items():
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className") == "skip", name(file)
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.tagName") == "MAIN", name(file)


def test_pages_print_on_a4_with_figures_whole_and_nothing_folded(visit, pages) -> None:
    for file in pages:
        with visit(file, scheme="dark") as opened:
            opened.page.emulate_media(media="print")
            assert opened.page.evaluate(CUT_FIGURES) == [], name(file)
            assert opened.page.evaluate(FOLDED) == [], name(file)
            paper = "getComputedStyle(document.body).backgroundColor"
            assert opened.page.evaluate(paper) == "rgb(255, 255, 255)", name(file)
            printed = opened.page.pdf(prefer_css_page_size=True)
            assert printed.startswith(b"%PDF"), name(file)
