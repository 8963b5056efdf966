"""What may stand on a page: an allow-list, tried with sixty attacks."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.reports.sanitise import CLASSES, anchor, clean, plain

# By hand: what goes in, what has to come out.
KEPT = [
    ("<h1>Question</h1><h6>Note</h6>", "<h1>Question</h1><h6>Note</h6>"),
    ("<p>one<br>two <strong>three</strong></p>", "<p>one<br>two <strong>three</strong></p>"),
    ("<p class='finding'>Half.</p>", '<p class="finding">Half.</p>'),
    (
        '<table><caption>C</caption><thead><tr><th scope="col">A</th></tr></thead>'
        "<tbody><tr><td>1</td></tr></tbody></table>",
        '<table><caption>C</caption><thead><tr><th scope="col">A</th></tr></thead>'
        "<tbody><tr><td>1</td></tr></tbody></table>",
    ),
    (
        '<div class="table" role="region" aria-label="Months" tabindex="0">x</div>',
        '<div class="table" role="region" aria-label="Months" tabindex="0">x</div>',
    ),
    (
        '<details class="numbers"><summary>More</summary>x</details>',
        '<details class="numbers"><summary>More</summary>x</details>',
    ),
    ('<a href="#limits">x</a>', '<a href="#limits">x</a>'),
    ('<a href="downloads/winback.csv">x</a>', '<a href="downloads/winback.csv">x</a>'),
    (
        '<img alt="x" src="data:image/png;base64,AA==">',
        '<img alt="x" src="data:image/png;base64,AA==">',
    ),
]
CHANGED = [
    ("<p onclick='f()'>x</p>", "<p>x</p>"),
    ("<p style='color:red'>x</p>", "<p>x</p>"),
    ("<p id='page.content'>x</p>", "<p>x</p>"),
    ("<p class='finding skip'>x</p>", '<p class="finding">x</p>'),
    ("<p class='skip'>x</p>", "<p>x</p>"),
    ("a<script>b</script>c", "ac"),
    ("a<style>b</style>c", "ac"),
    ("a<!-- b -->c", "ac"),
    ("<div>never closed", "<div>never closed</div>"),
    ("closed too often</div></section>", "closed too often"),
    ("<div role='banner' tabindex='9'>x</div>", "<div>x</div>"),
    ("<a href='https://evil.invalid/'>words</a>", "<a>words</a>"),
    ("<a href='/etc/x'>words</a>", "<a>words</a>"),
    ("<a href='04_segments.html'>not a page of ours</a>", "<a>not a page of ours</a>"),
    ("<img alt='x' src='data:image/gif;base64,AA'>", '<img alt="x">'),
    ("<img alt='x' src='a.png'>", '<img alt="x">'),
]


@pytest.mark.parametrize(("given_html", "expected"), [*KEPT, *CHANGED])
def test_what_survives_is_known(given_html: str, expected: str) -> None:
    assert _in_order(clean(given_html)) == _in_order(expected)


def test_links_lead_to_pages_of_this_report_and_nowhere_else() -> None:
    pages = ["05_loyalty.html"]

    def linked(address: str) -> str:
        return clean(f'<a href="{address}">x</a>', pages=pages)

    assert linked("05_loyalty.ipynb") == '<a href="05_loyalty.html">x</a>'
    assert linked("./05_loyalty.ipynb#What-now?") == '<a href="05_loyalty.html#What-now">x</a>'
    assert linked("05_loyalty.html") == '<a href="05_loyalty.html">x</a>'
    assert linked("06_churn.ipynb") == "<a>x</a>"
    assert linked("../05_loyalty.html") == "<a>x</a>"
    assert linked("#What-did-we%20find?") == '<a href="#What-did-we-find">x</a>'


def test_only_headings_asked_for_keep_an_id() -> None:
    html = '<h2 id="a">A</h2><p id="b">B</p>'
    assert clean(html) == "<h2>A</h2><p>B</p>"
    assert clean(html, anchored={"h2"}) == '<h2 id="a">A</h2><p>B</p>'


def test_sixty_payloads_leave_nothing_that_runs_or_loads(payloads, dangers) -> None:
    assert len(set(payloads)) == 60
    left = {payload: dangers(clean(payload)) for payload in payloads}
    assert {payload: seen for payload, seen in left.items() if seen} == {}


def test_the_eye_sees_what_it_looks_for(payloads, dangers) -> None:
    """A check that finds nothing anywhere would prove nothing."""
    text_only = {payload for payload in payloads if not dangers(payload)}
    assert len(text_only) <= 10
    assert all(not payload.startswith(("<script", "<img", "<iframe")) for payload in text_only)


PIECES = (
    *("<b>", "</b>", "<table>", "<td>", "<svg>", "<style>", "<math>", "<mi>", "<!--", "-->", "]]>"),
    *("<img src=x onerror=f()>", "<a href='javascript:f()'>", "<p title='", '"', "\x00", "\ud800"),
    *("x", "&lt;script&gt;", "<script>f()</script>", "<form>", "<title>", "<plaintext>"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=300, deadline=None)
def test_no_order_of_broken_pieces_gets_through(dangers, pieces: list[str]) -> None:
    once = clean("".join(pieces))
    assert dangers(once) == []
    assert dangers(clean(once)) == []


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b[31m", "\x1b]0;title\x07", "\x07", "\x9b", "\u202e", "\ud800"]
)
def test_signs_that_no_reader_sees_are_gone(sign: str) -> None:
    assert plain(f"a{sign}b") == "ab"


def test_lines_and_tabs_stay() -> None:
    assert plain("a\r\nb\tc\n") == "a\nb\tc\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What did we find?", "What-did-we-find"),
        ("复购率是多少？", "复购率是多少"),
        ("  §§ ", "section"),
        ("P(alive) & r", "P-alive-r"),
    ],
)
def test_anchors_hold_words_in_any_script(text: str, name: str) -> None:
    assert anchor(text) == name


@given(st.text())
def test_anchors_are_their_own_anchors(text: str) -> None:
    assert anchor(anchor(text)) == anchor(text)


def test_the_page_styles_every_class_that_may_come_through(stylesheet: str) -> None:
    assert [name for name in sorted(CLASSES) if f".{name}" not in stylesheet] == []


@pytest.fixture(scope="module")
def stylesheet() -> str:
    from importlib.resources import files

    return (files("regulars.reports") / "templates" / "page.css").read_text(encoding="utf-8")


def _in_order(html: str) -> list[tuple]:
    """Return tags and texts, with the attributes of each tag in a fixed order."""
    found: list[tuple] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append(("start", tag, tuple(sorted(attrs))))

        def handle_endtag(self, tag):
            found.append(("end", tag))

        def handle_data(self, data):
            found.append(("text", data))

    reader = Reader()
    reader.feed(html)
    reader.close()
    return found
