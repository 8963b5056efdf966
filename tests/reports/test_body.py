"""An executed notebook as the body of a page."""

import base64
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from regulars.errors import RunError
from regulars.reports.body import HIDDEN_TAGS, make_body

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="460.8pt" height="230.4pt"></svg>'
PIXEL = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (330).to_bytes(4)
).decode()


def shown(cells: list[NotebookNode], **options: object) -> str:
    return make_body(new_notebook(cells=cells), **options).html


def code(*outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    return new_code_cell("hidden_source()", outputs=list(outputs), metadata={"tags": list(tags)})


def html(markup: str) -> NotebookNode:
    return new_output("display_data", data={"text/html": markup, "text/plain": "plain"})


def stream(text: str, *, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def figure(content: str = SVG, *, mime: str = "image/svg+xml", **about: object) -> NotebookNode:
    words = "Half come back\nShare of customers (%), n = 2,357\nSource: CDNOW."
    return new_output(
        "display_data", data={mime: content, "text/plain": words}, metadata={mime: about}
    )


def test_the_title_is_taken_off_and_what_follows_it_stays() -> None:
    body = make_body(
        new_notebook(cells=[new_markdown_cell("# Who *stays*?\n\n**Needs purchases.**\n")])
    )
    assert body.title == "Who stays?"
    assert "Who" not in body.html
    assert '<section class="lead"><p><strong>Needs purchases.</strong></p>' in body.html


def test_a_notebook_without_title_loses_nothing() -> None:
    body = make_body(new_notebook(cells=[new_markdown_cell("Prose.\n\n# Later")]))
    assert body.title is None
    assert "Prose." in body.html
    assert '<h2 id="Later">Later</h2>' in body.html


def test_the_notebook_is_not_changed() -> None:
    notebook = new_notebook(cells=[new_markdown_cell("# T\n\n## A"), code(html("<b>x</b>"))])
    before = str(notebook)
    make_body(notebook)
    assert str(notebook) == before


@pytest.mark.parametrize("tag", sorted(HIDDEN_TAGS))
def test_hidden_cells_leave_no_trace(tag: str) -> None:
    cells = [
        code(stream("secret"), html("secret"), tags=(tag,)),
        new_markdown_cell("## secret", metadata={"tags": [tag]}),
        new_markdown_cell("## kept"),
    ]
    body = make_body(new_notebook(cells=cells))
    assert "secret" not in body.html
    assert body.headings == (("kept", "kept"),)


def test_code_warnings_errors_and_raw_cells_are_not_shown() -> None:
    error = new_output("error", ename="KeyError", evalue="secret", traceback=["secret"])
    page = shown([code(stream("secret", name="stderr"), error), new_raw_cell("secret")])
    assert "secret" not in page
    assert "hidden_source" not in page
    assert "KeyError" not in page


def test_what_was_printed_is_escaped() -> None:
    result = new_output("execute_result", data={"text/plain": "<i>2</i>"}, execution_count=1)
    page = shown([code(stream("<b>1</b>\x1b[31m\n"), result)])
    assert "<pre>&lt;b&gt;1&lt;/b&gt;\n</pre>" in page
    assert "<pre>&lt;i&gt;2&lt;/i&gt;</pre>" in page


def test_html_wins_over_plain_text_and_pictures_over_html() -> None:
    both = new_output(
        "execute_result",
        data={"text/plain": "plain", "text/html": "<p>rich</p>", "text/latex": "tex"},
        execution_count=1,
    )
    assert "<p>rich</p>" in shown([code(both)])
    assert "plain" not in shown([code(both)])
    picture = figure(alt="x")
    picture.data["text/html"] = "<p>rich</p>"
    assert "rich" not in shown([code(picture)])


def test_a_figure_is_an_image_with_alt_size_and_caption() -> None:
    page = shown([code(figure(alt='Curve "rising".'))])
    encoded = base64.b64encode(SVG.encode()).decode()
    for part in (
        'alt="Curve &quot;rising&quot;."',
        f'src="data:image/svg+xml;base64,{encoded}"',
        'width="614"',
        'height="307"',
        '<figcaption><p class="finding">Half come back</p>',
        '<p class="note">Share of customers (%), n = 2,357</p>',
        '<p class="note">Source: CDNOW.</p></figcaption>',
    ):
        assert part in page


def test_a_png_says_its_size_itself_or_is_told() -> None:
    assert 'width="640"' in shown([code(figure(PIXEL, mime="image/png", alt="x"))])
    told = figure(PIXEL, mime="image/png", alt="x", width=320, height=165)
    assert 'height="165"' in shown([code(told)])
    assert "width" not in shown([code(figure("<svg></svg>", alt="x"))])
    assert "width" not in shown([code(figure("bm8=", mime="image/png", alt="x"))])


@pytest.mark.parametrize("about", [{}, {"alt": ""}, {"alt": " \n"}])
def test_a_figure_without_alt_text_is_an_error(about: dict) -> None:
    with pytest.raises(RunError, match="Expected alt text on every figure.*Half come back"):
        shown([code(figure(**about))])


def test_prose_with_money_is_no_formula() -> None:
    page = shown([new_markdown_cell("It costs $5 **each** or $10 *both*, \\$3 off.")])
    assert "<p>It costs $5 <strong>each</strong> or $10 <em>both</em>, $3 off.</p>" in page


def test_tables_in_prose_keep_their_alignment_and_get_a_frame() -> None:
    page = shown([new_markdown_cell("| a | b |\n|:--|--:|\n| x | 1 |")])
    assert '<td class="num">1</td>' in page
    assert "style" not in page
    assert page.count('role="region"') == 1


def test_a_table_with_a_frame_gets_no_second_one() -> None:
    frame = '<div class="table" role="region" aria-label="Months" tabindex="0">'
    framed = f"{frame}<table><tr><td>1</td></tr></table></div>"
    page = shown([code(html(framed), html("<table><caption>Ages</caption></table>"))])
    assert page.count('role="region"') == 2
    assert 'aria-label="Months"' in page
    assert 'aria-label="Ages"' in page


def test_dead_ends_leave_their_words() -> None:
    text = "[out](https://evil.invalid) ![a chart](chart.png) [on](05_loyalty.ipynb)"
    page = shown([new_markdown_cell(text)], pages=["05_loyalty.html"])
    assert '<p>out a chart <a href="05_loyalty.html">on</a></p>' in page


def test_an_open_tag_ends_with_its_cell() -> None:
    cells = [
        new_markdown_cell("<div><details>"),
        code(html("<table><tr><td><!--"), html("<textarea>")),
        new_markdown_cell("## Still here"),
    ]
    body = make_body(new_notebook(cells=cells))
    assert body.html.rstrip().endswith('<section><h2 id="Still-here">Still here</h2>\n</section>')


def test_headings_skip_no_level_and_have_names_of_their_own() -> None:
    source = "# One\n\n#### Deep\n\n## Two\n\n## Two\n\n## Two-2\n\n## 北京 的客户\n\n## ?\n\n##"
    body = make_body(new_notebook(cells=[new_markdown_cell("intro"), new_markdown_cell(source)]))
    assert outline(body.html) == [
        ("h2", "One"),
        ("h3", "Deep"),
        ("h2", "Two"),
        ("h2", "Two-2"),
        ("h2", "Two-2-2"),
        ("h2", "北京-的客户"),
        ("h2", "section"),
    ]
    assert body.headings[-2] == ("北京-的客户", "北京 的客户")


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(["A", "A 2", "A-2", "2", "北", "?", "a.b"])),
        max_size=12,
    )
)
@settings(deadline=None, max_examples=40)
def test_any_headings_give_a_sound_outline(headings: list[tuple[int, str]]) -> None:
    source = "\n\n".join(f"{'#' * level} {text}" for level, text in headings)
    body = make_body(new_notebook(cells=[new_markdown_cell("intro"), new_markdown_cell(source)]))
    found = outline(body.html)
    levels = [1, *(int(tag[1]) for tag, _ in found)]
    names = [name for _, name in found]
    assert len(set(names)) == len(names) == len(headings)
    assert all(b - a <= 1 and b >= 2 for a, b in pairwise(levels))
    assert [name for tag, name in found if tag == "h2"] == [name for name, _ in body.headings]


def outline(page: str) -> list[tuple[str, str]]:
    """Return level and id of every heading."""
    found: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
                found.append((tag, dict(attrs)["id"]))

    Reader().feed(page)
    return found
