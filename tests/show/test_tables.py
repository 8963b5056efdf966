"""Tables: what a reader sees, and that nothing from the data becomes markup."""

from decimal import Decimal
from html.parser import HTMLParser

import nh3
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.show import tables
from regulars.show.text import columns, one_line

WORDS = {"caption": "Who brings how much", "source": "CDNOW"}
TAGS = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
ATTRIBUTES = {"class", "role", "aria-label", "tabindex", "style", "scope"}


@pytest.fixture
def summary():
    return pd.DataFrame(
        {
            "segment": ["champions", "new", "at_risk"],
            "customers": [1200, 7, 0],
            "spend_share": [0.4832, 0.0004, np.nan],
            "spend": [244_091.94, 12.5, np.nan],
            "Last day": pd.to_datetime(["1998-06-30", "1998-01-01", None]),
            "Gap": [1.0, 54.0, np.nan],
        }
    )


FORMATS = {"spend": "money:USD", "Gap": "days"}


class Reader(HTMLParser):
    """Collects the elements of a page and the text in each."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self.attributes = [], [], set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.texts.append(data)

    def handle_comment(self, data):
        self.elements.append(("comment", {}))


def test_plain_text_is_aligned(summary):
    plain = tables.to_text(summary, **WORDS, formats=FORMATS).replace("\u00a0", " ")
    assert plain.split("\n") == [
        "Who brings how much",
        "Segment    Customers  Share of spend     Spend  Last day            Gap",
        "---------  ---------  --------------  --------  --------------  -------",
        "Champions      1,200          48.3 %  $244,092  30 June 1998      1 day",
        "New                7           0.0 %       $12  1 January 1998  54 days",
        "At risk            0               –         –  –                     –",
        "Source: CDNOW.",
    ]


def test_html_has_scopes_classes_and_a_frame_to_scroll_in(summary):
    html = tables.to_html(summary, **WORDS, formats=FORMATS)
    elements = Reader(html).elements
    assert elements[0] == (
        "div",
        {
            "class": "table",
            "role": "region",
            "aria-label": "Who brings how much",
            "tabindex": "0",
            "style": "overflow-x:auto",
        },
    )
    heads = [attributes for tag, attributes in elements if tag == "th"]
    assert [head["scope"] for head in heads] == ["col"] * 6 + ["row"] * 3
    assert [head.get("class") for head in heads[:6]] == [None, "num", "num", "num", None, "num"]
    assert html.count('<td class="num"') == 4 * 3
    assert "<caption>Who brings how much</caption>" in html
    assert html.endswith('<p class="note">Source: CDNOW.</p></div>')


def test_what_the_page_keeps_is_still_a_table(summary):
    kept = nh3.clean(
        tables.to_html(summary, **WORDS, formats=FORMATS),
        tags=TAGS,
        attributes={"*": {"class", "scope", "role", "aria-label", "tabindex"}},
    )
    assert kept.count('class="num"') == 4 * 4
    assert "style" not in kept
    assert Reader(kept).texts == Reader(tables.to_html(summary, **WORDS, formats=FORMATS)).texts


def test_show_displays_both_once(shown, summary):
    assert tables.show(summary, **WORDS, formats=FORMATS) is None
    (output,) = shown
    assert sorted(output["data"]) == ["text/html", "text/plain"]


def test_nothing_missing_is_ever_written_as_nan():
    frame = pd.DataFrame(
        {
            "number": [np.nan, np.inf, 1.0],
            "text": ["a", None, pd.NA],
            "day": [pd.NaT, None, pd.Timestamp("1998-06-30")],
            "count": pd.array([1, None, 3], dtype="Int64"),
            "money": [Decimal("1.50"), None, Decimal("2.25")],
        }
    )
    for made in (tables.to_text(frame, **WORDS), tables.to_html(frame, **WORDS)):
        assert not [word for word in ("nan", "NaT", "None", "NA", "inf") if word in made]
        assert made.count("–") == 8


def test_twelve_rows_and_then_how_many_more():
    frame = pd.DataFrame({"week": range(1, 21)})
    html, plain = tables.to_html(frame, **WORDS), tables.to_text(frame, **WORDS)
    assert html.count('scope="row"') == 12
    assert "… and 8 more rows. Source: CDNOW." in html
    assert plain.endswith("\n     12\n… and 8 more rows. Source: CDNOW.") or "… and 8 more" in plain
    assert "more" not in tables.to_html(frame.head(12), **WORDS)


def test_an_empty_table_says_so():
    frame = pd.DataFrame({"segment": [], "customers": []})
    assert "No rows. Source: CDNOW." in tables.to_text(frame, **WORDS)
    assert "<tbody></tbody>" in tables.to_html(frame, **WORDS)
    assert tables.to_text(pd.DataFrame(), **WORDS) == "Who brings how much\nNo rows. Source: CDNOW."


def test_eight_columns_are_too_many():
    frame = pd.DataFrame([range(8)], columns=list("abcdefgh"))
    with pytest.raises(ValueError, match="at most 7 columns, so that it can be read; found 8"):
        tables.to_html(frame, **WORDS)


def test_an_index_with_names_counts_as_columns():
    frame = pd.DataFrame({"customers": [3]}, index=pd.Index(["champions"], name="segment"))
    assert "Segment    Customers\n" in tables.to_text(frame, **WORDS)
    assert '<th scope="row" style="text-align:left">Champions</th>' in tables.to_html(
        frame, **WORDS
    )
    wide = pd.DataFrame([range(7)], columns=list("abcdefg"), index=["x"])
    with pytest.raises(ValueError, match="found 8"):
        tables.to_text(wide, **WORDS)


def test_columns_with_equal_names_keep_their_own_cells():
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert tables.to_text(frame, **WORDS).split("\n")[3] == "1  2"


def test_a_format_for_no_column_is_refused():
    with pytest.raises(ValueError, match="Formats are given for spnd, but the table has spend"):
        tables.to_html(pd.DataFrame({"spend": [1]}), **WORDS, formats={"spnd": "count"})


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="Expected a format out of count, share"):
        tables.to_html(pd.DataFrame({"spend": [1]}), **WORDS, formats={"spend": "percent"})


def test_the_frame_is_not_changed(summary):
    before = summary.copy(deep=True)
    tables.to_html(summary, **WORDS, formats=FORMATS)
    assert before.equals(summary)


def hostile_frame(payload):
    index = pd.Index([payload, "row"], name=payload + " ")
    return pd.DataFrame({payload: [payload, "x"]}, index=index)


def test_hostile_text_is_only_text_everywhere(payload):
    html = tables.to_html(hostile_frame(payload), caption=payload, source=payload)
    reader = Reader(html)
    assert {tag for tag, _ in reader.elements} == TAGS
    assert reader.attributes <= ATTRIBUTES
    assert not [values for _, values in reader.elements if set(values.values()) & {"1", "refresh"}]
    text = "".join(reader.texts)
    # Caption, cell and row head, letter for letter as they came, but on one line.
    assert text.count(one_line(payload)) >= 3
    assert "\x1b" not in html
    assert "\x00" not in html


def test_hostile_text_stays_on_its_line(payload):
    plain = tables.to_text(hostile_frame(payload), caption=payload, source=payload)
    assert len(plain.split("\n")) == 6
    assert len(plain.splitlines()) == 6
    plain.encode()


def test_a_huge_cell_is_cut():
    frame = pd.DataFrame({"comment": ["x" * 65_536]})
    assert len(tables.to_html(frame, **WORDS)) < 2_000


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.floats(allow_nan=True, allow_infinity=True)), max_size=8
    )
)
def test_every_line_of_the_table_has_one_width(rows):
    frame = pd.DataFrame(rows, columns=["text", "x"]).astype({"text": object, "x": float})
    frame["last"] = 1
    lines = tables.to_text(frame, **WORDS).split("\n")[1:-1]
    assert len({columns(line) for line in lines}) == 1


def test_a_hidden_cell_reads_otherwise_than_a_missing_one():
    sizes = pd.DataFrame(
        {
            "segment": ["new", "lost", "loyal"],
            "customers": pd.array([None, 0, 50], dtype="Int64"),
            "orders_mean": [None, None, 2.5],
            "hidden": [True, False, False],
        }
    )
    words = {"caption": "Sizes", "source": "CDNOW"}
    first, second, third, note = tables.to_text(sizes, **words).splitlines()[3:]
    assert first.split() == ["New", "hidden", "hidden"]
    assert second.split() == ["Lost", "0", "–"]
    assert third.split() == ["Loyal", "50", "2.5"]
    assert note.startswith("Groups of fewer than 10 customers, and as many others as totals would")
    assert "<th" in tables.to_html(sizes, **words)
    assert tables.to_html(sizes, **words).count(">hidden<") == 2


def test_the_note_stands_only_where_something_is_hidden():
    sizes = pd.DataFrame({"segment": ["new"], "customers": [50], "hidden": [False]})
    said = tables.to_text(sizes, caption="Sizes", source="CDNOW")
    assert "fewer than" not in said
    assert "idden" not in said


def test_a_column_of_texts_may_be_called_hidden():
    said = tables.to_text(pd.DataFrame({"hidden": ["a door"]}), caption="Doors", source="Made up")
    assert "a door" in said
