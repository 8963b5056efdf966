"""Words under everything shown: one line, known names, formats, labels, ticks."""

import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from regulars.show.axes import from_zero, label_ends
from regulars.show.formats import format_values, guess_format
from regulars.show.labels import wrap, wrap_name
from regulars.show.names import known_format, reader_header, reader_name
from regulars.show.sentences.drivers import shares_table
from regulars.show.tables import to_text
from regulars.show.text import columns, one_line


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=500), st.integers(min_value=2, max_value=80))
def test_one_line_has_no_controls_and_fits(text, width):
    line = one_line(text, width=width)
    assert len(line) <= width
    assert not [sign for sign in line if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs")]
    assert line.splitlines() in ([line], [])
    line.encode()


def test_half_a_sign_can_be_written_to_a_file():
    assert one_line("\ud800 half").encode() == "\ufffd half".encode()


def test_one_line_keeps_what_belongs_to_a_name():
    assert one_line("  Zoë\u00a0& Söhne\t深圳  ") == "Zoë\u00a0& Söhne 深圳"


@settings(deadline=None)
@given(
    st.text(max_size=200),
    st.integers(min_value=3, max_value=40),
    st.integers(min_value=1, max_value=3),
)
def test_wrapped_names_stay_in_their_box(text, width, lines):
    rows = wrap(one_line(text), width=width, lines=lines).split("\n")
    assert len(rows) <= lines
    assert all(columns(row) <= width for row in rows)


def test_a_name_that_fits_is_not_cut():
    assert wrap_name("about_to_sleep") == "About to sleep"
    assert "…" in wrap_name("a_very_long_name " * 8)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mbg_nbd", "MBG/NBD"),
        ("always_zero", "Nobody buys again"),
        ("at_risk", "At risk"),
        ("can't lose them", "Can't lose them"),
        ("VIP_2024", "VIP_2024"),
        ("$x_1$ of y", "$x_1$ of y"),
        ("n", "n"),
        ("", ""),
        ("客户_1", "客户_1"),
    ],
)
def test_names_for_readers(name, words):
    assert reader_name(name) == words


def test_headers_say_what_the_measures_mean():
    assert reader_header("spend_share") == "Share of spend"
    assert reader_header(("a", 1)) == "('a', 1)"
    assert reader_header(7) == "7"
    shares = pd.DataFrame({"driver": ["price"], "vif": 1.5}).assign(
        share=0.1, low=0.05, high=0.15, mean_answer=3.6
    )
    assert [reader_header(name) for name in shares_table(shares)] == [
        "Driver", "Share", "95 % from", "95 % to", "Mean answer", "Variance inflation",
    ]  # fmt: skip


def test_questions_of_surveys_have_their_names_in_a_table():
    asked = pd.DataFrame({"question": ["ces", "nps"], "mean": [5.061, 7.8], "detectable": 0.25})
    written = to_text(asked, caption="Answers", source="Made up").splitlines()
    assert written[1].split("  ") == ["Question", "Mean answer", "Smallest seen"]
    assert [line.split() for line in written[3:5]] == [
        ["CES", "5.06", "0.250"],
        ["NPS", "7.80", "0.250"],
    ]


def test_the_ends_of_an_interval_are_shares_beside_a_rate_only():
    assert known_format(pd.DataFrame({"rate": [], "low": []}), "low") == "share"
    assert known_format(pd.DataFrame({"mean": [], "low": []}), "low") == "number"
    assert known_format(pd.DataFrame({"x": []}), "x") is None


@pytest.mark.parametrize(
    ("values", "spec", "written"),
    [
        ([1200, 3], "count", ["1,200", "3"]),
        ([0.4832, 1], "share", ["48.3 %", "100.0 %"]),
        ([0.4832], "share:0", ["48 %"]),
        ([1200, 35.5], "money:USD", ["$1,200", "$36"]),
        ([12, 35.5], "money:EUR", ["€12.00", "€35.50"]),
        ([12, 35], "money", ["12", "35"]),
        ([1, 54], "days", ["1 day", "54 days"]),
        ([1, 54.25], "days", ["1.0 days", "54.2 days"]),
        ([0.5, 0.1234], "number", ["0.500", "0.123"]),
        ([1500.5], "number", ["1,500"]),
        ([2.0, 3.0], "number", ["2", "3"]),
        ([2.345], "number:1", ["2.3"]),
        (["1998-06-30"], "date", ["30 June 1998"]),
        (["1998-06-01"], "month", ["June 1998"]),
        (["mbg_nbd"], "name", ["MBG/NBD"]),
        ([True, np.False_, "True"], "text", ["yes", "no", "True"]),
        ([-3, -0.0], "count", ["−3", "0"]),
    ],
)
def test_formats(values, spec, written):
    assert [cell.replace("\u00a0", " ") for cell in format_values(values, spec)] == written


@pytest.mark.parametrize("spec", ["count", "share", "money:USD", "days", "number", "text", "name"])
def test_a_column_of_nothing_is_all_dashes(spec):
    assert format_values([None, np.nan, pd.NA, pd.NaT], spec) == ["–"] * 4
    assert format_values([], spec) == []


@pytest.mark.parametrize(
    ("values", "spec"),
    [
        ([True], "text"),
        ([1], "count"),
        ([1.5], "number"),
        (["a"], "text"),
        (pd.to_datetime(["1998-06-30"]), "date"),
        (pd.Categorical(["a"]), "text"),
    ],
)
def test_a_format_is_guessed_from_the_type(values, spec):
    assert guess_format(pd.Series(values)) == spec


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([], (0, 1)),
        ([0, 0], (0, 1)),
        ([10], (0, 10.8)),
        ([-10], (-10.8, 0)),
        ([np.nan, 10], (0, 10.8)),
    ],
)
def test_an_axis_begins_at_zero(values, limits):
    ax = Figure().subplots()
    from_zero(ax, values)
    assert ax.get_ylim() == pytest.approx(limits)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=4))
def test_names_of_lines_stand_apart_and_point_at_their_lines(ends):
    ax = Figure(figsize=(6, 3)).subplots()
    label_ends(ax, 1, [(end, f"line {at}", "black") for at, end in enumerate(ends)])
    assert [text.xy[1] for text in ax.texts] == sorted(ends)
    points = 0.7 * 3 * 72
    places = [text.xy[1] * points + text.xyann[1] for text in ax.texts]
    gaps = np.diff(places)
    assert (gaps >= 12.4).all()
