"""The words around a chart: required, short, wrapped, and nothing cut off."""

import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from regulars.show.fonts import PLACEHOLDER, drawable, families
from regulars.show.heading import Heading, headed, wrapped
from regulars.show.style import palette, styled

GOOD = {"finding": "Half come back", "subtitle": "Share of customers, n = 2,357", "source": "CDNOW"}


@pytest.mark.parametrize("missing", ["finding", "subtitle", "source"])
@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_each_of_the_three_is_required(missing, nothing):
    with pytest.raises(ValueError, match=f"needs a {missing}"):
        Heading(**{**GOOD, missing: nothing})


def test_ten_words_are_enough():
    ten = "one two three four five six seven eight nine ten"
    assert Heading(**{**GOOD, "finding": ten}).finding == ten
    with pytest.raises(ValueError, match="this one has 11"):
        Heading(**{**GOOD, "finding": f"{ten} eleven"})


def test_a_percent_sign_is_not_a_word():
    finding = "9\u00a0% of customers bring 41 % of revenue every year – again"
    assert Heading(**{**GOOD, "finding": finding})


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("CDNOW", "Source: CDNOW."),
        ("Source: CDNOW.", "Source: CDNOW."),
        ("sources: a and b", "sources: a and b."),
    ],
)
def test_the_last_line_says_that_it_is_the_source(source, line):
    assert Heading(**{**GOOD, "source": source}).lines[2] == line


def test_the_heading_stands_above_and_the_source_below():
    fig = Figure(figsize=(6, 3), layout="constrained")
    ax = fig.subplots()
    with styled(), headed(fig, Heading(**GOOD)):
        fig.draw_without_rendering()
        finding, subtitle, source = (text.get_window_extent() for text in fig.texts)
        drawing = ax.get_tightbbox()
        assert [text.get_text() for text in fig.texts] == list(Heading(**GOOD).lines)
        assert finding.y0 >= subtitle.y1 - 1
        assert subtitle.y0 >= drawing.y1
        assert drawing.y0 >= source.y1
        assert finding.x0 == pytest.approx(subtitle.x0, abs=2)
        assert fig.texts[0].get_fontweight() == "bold"
        assert fig.texts[1].get_color() == palette().grey
        assert fig.texts[2].get_fontsize() < fig.texts[1].get_fontsize()


def test_the_drawing_keeps_its_size_and_the_heading_goes_away():
    fig = Figure(figsize=(6, 3), layout="constrained")
    fig.subplots()
    with styled(), headed(fig, Heading(**{**GOOD, "subtitle": "many words " * 40})):
        assert fig.get_size_inches()[1] > 4
    assert fig.get_size_inches().tolist() == [6, 3]
    assert fig.texts == []


@pytest.mark.parametrize("text", ["word " * 60, "W" * 300, "深圳" * 100])
def test_long_text_wraps_inside_the_picture(text):
    fig = Figure(figsize=(6, 3), layout="constrained")
    fig.subplots()
    with styled(), headed(fig, Heading(finding="Long", subtitle=text, source=text)):
        fig.draw_without_rendering()
        for block in fig.texts:
            box = block.get_window_extent()
            assert box.x1 <= fig.bbox.x1 + 1
            assert box.y0 >= -1


def test_lines_keep_all_words():
    text = "one two three four five"
    lines = wrapped(text, FontProperties(size=10), 0.7)
    assert " ".join(lines) == text
    assert len(lines) > 2


def test_letters_no_font_has_become_boxes_and_are_explained():
    if len(families()) > 1:
        pytest.skip("a Chinese font is installed here, so there is nothing to explain")
    assert drawable("北京 a") == f"{PLACEHOLDER}{PLACEHOLDER} a"
    fig = Figure(layout="constrained")
    fig.subplots().set_title(drawable("北京"))
    with styled(), headed(fig, Heading(**GOOD)):
        assert "a letter that no font on this machine has" in fig.texts[2].get_text()
    heading = Heading(**{**GOOD, "finding": "北京"})
    assert heading.alt.startswith("北京.")


def test_the_ends_of_ones_own_layout_are_kept():
    fig = Figure(figsize=(4, 3))
    fig.subplots()
    with styled(), headed(fig, Heading(**GOOD)):
        fig.draw_without_rendering()
        assert fig.texts[0].get_window_extent().y1 <= fig.bbox.y1


def test_hostile_words_stay_on_their_lines(payload):
    heading = Heading(finding=payload, subtitle=payload, source=payload)
    for line in (*heading.lines, heading.alt):
        assert len(line.splitlines()) == 1
        assert "\x1b" not in line
        assert "\x00" not in line
