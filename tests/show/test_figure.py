"""How a chart is shown: one display, the same bytes, words around it, numbers behind it."""

import base64
import os
import subprocess
import sys

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from regulars.show import charts
from regulars.show.figure import FORMAT_VARIABLE

WORDS = {
    "finding": "The top tenth brings 40 % of spend",
    "subtitle": "Cumulative share of spend in %, all customers, 1997, n = 2,357",
    "source": "CDNOW sample",
}
PLAIN = "\n".join([WORDS["finding"], WORDS["subtitle"], "Source: CDNOW sample."])


@pytest.fixture
def figure(cases):
    return cases["lorenz"].draw(cases["lorenz"].frame)


def test_one_display_has_the_picture_the_words_and_the_alt_text(shown, figure):
    assert charts.show(figure, **WORDS) is None
    (output,) = shown
    assert sorted(output["data"]) == ["image/png", "text/plain"]
    assert output["data"]["text/plain"] == PLAIN
    assert output["metadata"]["image/png"]["alt"] == (
        "The top tenth brings 40 % of spend. Chart: Cumulative share of spend in %, all customers, "
        "1997, n = 2,357. Source: CDNOW sample."
    )


def test_the_png_has_144_dots_an_inch_and_is_shown_at_96(shown, figure):
    charts.show(figure, **WORDS)
    picture = base64.b64decode(shown[0]["data"]["image/png"])
    assert picture.startswith(b"\x89PNG")
    width = int.from_bytes(picture[16:20], "big")
    assert width == 6 * 144
    assert shown[0]["metadata"]["image/png"]["width"] == 6 * 96


def test_for_reports_it_is_an_svg_without_date(shown, figure, monkeypatch):
    monkeypatch.setenv(FORMAT_VARIABLE, "svg")
    charts.show(figure, **WORDS)
    (output,) = shown
    assert sorted(output["data"]) == ["image/svg+xml", "text/plain"]
    svg = output["data"]["image/svg+xml"]
    assert "<dc:date>" not in svg
    assert "<text" not in svg
    assert output["metadata"]["image/svg+xml"]["alt"].startswith("The top tenth")


@pytest.mark.parametrize("mime", ["png", "svg"])
def test_the_same_chart_has_the_same_bytes(shown, cases, monkeypatch, mime):
    monkeypatch.setenv(FORMAT_VARIABLE, mime)
    case = cases["cohort_heatmap"]
    figure = case.draw(case.frame)
    charts.show(figure, **WORDS)
    charts.show(figure, **WORDS)
    charts.show(case.draw(case.frame), **WORDS)
    assert shown[0] == shown[1] == shown[2]


def test_another_process_makes_the_same_svg(shown, monkeypatch):
    monkeypatch.setenv(FORMAT_VARIABLE, "svg")
    program = (
        "import pandas as pd\n"
        "from regulars.show import charts, figure\n"
        "figure.publish = lambda bundle, metadata: print(bundle['image/svg+xml'], end='')\n"
        "curve = pd.DataFrame({'customers_share': [0, .9, 1], 'spend_share': [0, .6, 1]})\n"
        f"charts.show(charts.lorenz(curve), **{WORDS!r})\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    curve = pd.DataFrame({"customers_share": [0, 0.9, 1], "spend_share": [0, 0.6, 1]})
    charts.show(charts.lorenz(curve), **WORDS)
    assert shown[0]["data"]["image/svg+xml"] == other.stdout


def test_a_figure_of_ones_own_is_shown_once_and_closed(shown):
    figure, ax = plt.subplots()
    ax.plot([1, 2])
    charts.show(figure, **WORDS)
    assert len(shown) == 1
    assert not plt.fignum_exists(figure.number)


def test_charts_are_not_left_open_for_the_notebook_to_show_again(figure):
    assert plt.get_fignums() == []


def test_outside_a_notebook_the_words_are_printed(figure, capsys):
    charts.show(figure, **WORDS)
    assert capsys.readouterr().out == PLAIN + "\n"


def test_the_numbers_behind_the_chart_are_folded(shown, figure):
    numbers = pd.DataFrame({"decile": range(1, 16), "spend_share": [0.06] * 15})
    charts.show(figure, **WORDS, numbers=numbers)
    _, folded = shown
    html = folded["data"]["text/html"]
    assert html.startswith('<details class="numbers"><summary>Numbers behind the chart</summary>')
    assert html.count("<tr>") == 16
    plain = folded["data"]["text/plain"].split("\n")
    assert plain[0] == "Numbers behind the chart"
    assert plain[2] == "Tenth of customers  Share of spend"
    assert plain[-1] == "… and 3 more rows. Source: CDNOW sample."
    assert len(plain) == 4 + 12 + 1


def test_folded_numbers_stop_at_sixty_rows(shown, figure):
    numbers = pd.DataFrame({"week": range(1, 79), "actual": range(78)})
    charts.show(figure, **WORDS, numbers=numbers)
    html = shown[1]["data"]["text/html"]
    assert html.count("<tr>") == 61
    assert "… and 18 more rows." in html


def test_formats_reach_the_numbers(shown, figure):
    numbers = pd.DataFrame({"segment": ["champions"], "spend": [1200.0]})
    charts.show(figure, **WORDS, numbers=numbers, formats={"spend": "money:USD"})
    assert "$1,200" in shown[1]["data"]["text/plain"]


def test_too_many_numbers_stop_before_anything_is_shown(shown, figure):
    numbers = pd.DataFrame({f"column {n}": [1] for n in range(8)})
    with pytest.raises(ValueError, match="at most 7 columns"):
        charts.show(figure, **WORDS, numbers=numbers)
    assert shown == []


def test_settings_outside_do_not_reach_the_picture(shown, cases):
    case = cases["lorenz"]
    charts.show(case.draw(case.frame), **WORDS)
    with mpl.rc_context({"figure.figsize": (2, 2), "axes.labelpad": 30, "font.size": 30}):
        charts.show(case.draw(case.frame), **WORDS)
    assert shown[0] == shown[1]


def test_hostile_words_are_drawn_as_they_are(shown):
    hostile = "$x_1$ \\frac{ <b>&amp;</b> 深圳 \x1b[31m"
    charts.show(Figure(figsize=(6, 1)), finding=hostile, subtitle=hostile, source=hostile)
    assert shown[0]["data"]["text/plain"].startswith("$x_1$ \\frac{ <b>&amp;</b> 深圳 [31m\n$x_1$")
